"""Unified diffs as pairs of texts: what the lines were, and what they became."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hunk:
    """One hunk's two sides, with its context lines in both; no line end at the end."""

    original: str
    updated: str


def hunks(diff: str) -> tuple[Hunk, ...]:
    """Return a diff's hunks in order.

    Hunk headers are not trusted, as logs have wrong ones: every line that begins with ``@@`` starts a
    hunk, an empty line is an empty context line, and so is any line without a sign.
    """
    found: list[tuple[list[str], list[str]]] = []
    for line in diff.removesuffix("\n").split("\n"):
        if line.startswith("@@"):
            found.append(([], []))
            continue
        if not found:
            found.append(([], []))
        original, updated = found[-1]
        sign, text = (line[:1], line[1:]) if line[:1] in {" ", "+", "-", "\\"} else (" ", line)
        if sign in {" ", "-"}:
            original.append(text)
        if sign in {" ", "+"}:
            updated.append(text)
    return tuple(Hunk("\n".join(original), "\n".join(updated)) for original, updated in found)


def before(text: str, diff: str) -> str:
    """Return the text as it was before a diff, where its hunks can be found in it just once each.

    Args:
        text: whole lines.
        diff: the newest edit of the same document.
    """
    padded = f"\n{text}\n"
    for hunk in reversed(hunks(diff)):
        updated = f"\n{hunk.updated}\n"
        if hunk.updated and padded.count(updated) == 1:
            padded = padded.replace(updated, f"\n{hunk.original}\n")
    return padded[1:-1]
