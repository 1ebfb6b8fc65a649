"""Zed's captured examples as Markdown: sections with fenced blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from codeedit.pipeline.ingest.readers.fields import Unreadable

_URL = re.compile(r'^repository_url\s*=\s*"([^"\n]*)"', re.MULTILINE)
_HEADING = re.compile(r"##(?!#)\s+(.+?)\s*#*\s*\Z")
_FENCE = re.compile(r"(`{3,}|~{3,})\s*(.*?)\s*\Z")
_INLINE: Final = "<|user_cursor|>"
_MARK: Final = "[CURSOR_POSITION]"


@dataclass(slots=True)
class Example:
    """An example as either form has it."""

    repository: str = ""
    path: str = ""
    excerpt: str = ""  # with the cursor marked
    history: str = ""  # diffs
    expected: list[str] = field(default_factory=list)  # diffs, each an answer


def read_markdown(text: str) -> Example:
    """Return the example of a Markdown file; unknown sections are passed over.

    Raises:
        Unreadable: it has no cursor position.
    """
    lines = text.split("\n")
    example, at = Example(), 0
    if lines[0].strip() == "+++":
        end = next((row for row in range(1, len(lines)) if lines[row].strip() == "+++"), None)
        if end is not None:
            url = _URL.search("\n".join(lines[1:end]))
            example.repository = url[1] if url else ""
            at = end + 1
    section = ""
    while at < len(lines):
        heading, fence = _HEADING.match(lines[at]), _FENCE.match(lines[at])
        at += 1
        if heading is not None:
            section = heading[1].casefold()
        if fence is None:
            continue
        end = next((row for row in range(at, len(lines)) if _closes(lines[row], fence[1])), None)
        if end is None:
            raise Unreadable("block without an end")
        _add(example, section, fence[2], "\n".join([*lines[at:end], ""]))
        at = end + 1
    if not example.path:
        raise Unreadable("no cursor position")
    return example


def _closes(line: str, fence: str) -> bool:
    return line.rstrip().strip(fence[0]) == "" and line.startswith(fence)


def _add(example: Example, section: str, info: str, block: str) -> None:
    if section == "cursor position":
        example.path, example.excerpt = info, block
    elif section == "edit history":
        example.history += block
    elif section == "expected patch":
        example.expected.append(block)


def without_mark(excerpt: str) -> tuple[str, int]:
    """Return an excerpt without its cursor mark, and where the cursor is, in code points.

    The mark stands in the text at the cursor, or in a comment line below the cursor's line.

    Raises:
        Unreadable: there is not exactly one mark, or none fits.
    """
    if excerpt.count(_INLINE) + excerpt.count(_MARK) != 1:
        raise Unreadable("not exactly one cursor")
    at = excerpt.find(_INLINE)
    if at >= 0:
        return excerpt.replace(_INLINE, ""), at
    start = excerpt.rfind("\n", 0, excerpt.index(_MARK)) + 1
    end = excerpt.find("\n", start)
    end = len(excerpt) if end < 0 else end + 1
    mark = excerpt[start:end]
    before = mark[: mark.index(_MARK)]
    if before.endswith("^"):
        column = len(before[:-1].encode())
    elif before.endswith("<"):
        column = len(mark) - len(mark.lstrip())
    else:
        raise Unreadable("cursor mark without a column")
    if start == 0:
        raise Unreadable("cursor mark without a line above")
    above = excerpt.rfind("\n", 0, start - 1) + 1
    line = excerpt[above : start - 1].encode()[:column].decode("utf-8", "ignore")
    return excerpt[:start] + excerpt[end:], above + len(line)
