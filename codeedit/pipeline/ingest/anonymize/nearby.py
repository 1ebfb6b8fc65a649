"""Which of many anchors have a name nearby: all words beside a text's anchors are looked up at once.

Two words with capitals, or a word in quotes, stand everywhere in code, and nearly never is one a person's.
To look the words around all of a text's anchors up costs about as much as to read three of them.
"""

# ruff: noqa: RUF001 - letters of names

from __future__ import annotations

import re
from collections.abc import Sequence

from codeedit.pipeline.ingest.anonymize.persons import is_of_account

_RUN = re.compile(r"[^\W\d_]+")
_LETTERS_ALONE = bytes(code if chr(code).isalpha() else 32 for code in range(128)).ljust(256)
# Parts of a name that is looked up without what joins them: Jean-Luc, O'Brien.
_JOINED = re.compile(r"[^\W\d_a-z][^\W\d_]*[-'’][^\W\d_a-z]")
_BEFORE_WORD, _BEFORE_PERSON, _BEHIND = 36, 70, 44  # characters around an anchor's end in which its words lie
_CLOSING = frozenset("\"'`)")  # an anchor that ends so holds its word
_LIMIT = 200_000
no_names: set[bytes] = set()  # runs of letters that are in no account and no name, in UTF-8; as many as that


def words_near_names(text: str, ends: Sequence[int] | None) -> list[int]:
    """Return those ends of anchors that have a word nearby of which an account may be made.

    Args:
        text: code points.
        ends: where anchors end, ascending; without them, all places of such words are returned.
    """
    around = text if ends is None else _around(text, ends, _BEFORE_WORD)
    return _near(text, ends, _names_among(around), _BEFORE_WORD)


def persons_near_names(text: str, ends: Sequence[int] | None) -> list[int]:
    """Return those ends of anchors that have a given name or surname nearby, or one that is made of parts.

    Args:
        text: code points.
        ends: as `words_near_names` takes them.
    """
    around = text if ends is None else _around(text, ends, _BEFORE_PERSON)
    return _near(text, ends, [*_names_among(around), *set(_JOINED.findall(around))], _BEFORE_PERSON)


def _around(text: str, ends: Sequence[int], before: int) -> str:
    """Return the stretches around some places, each once, parted by line ends."""
    parts = []
    done = 0
    for end in ends:
        stop = end if text[end - 1] in _CLOSING else end + _BEHIND
        if stop > done:
            if end - before > done:
                parts.append("\n")
                done = end - before
            parts.append(text[done:stop])
            done = stop
    return "".join(parts)


def _near(text: str, ends: Sequence[int] | None, names: Sequence[str], before: int) -> list[int]:
    """Return the places that have one of some names nearby; the names' own without places."""
    if not names:
        return []
    if ends is None:
        any_name = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))
        return [
            match.end()
            for match in any_name.finditer(text)
            if not text[match.end() : match.end() + 1].isalpha()
        ]
    return [
        end
        for end in ends
        if any(text.find(name, max(0, end - before), end + _BEHIND) >= 0 for name in names)
    ]


def _names_among(text: str) -> list[str]:
    """Return the runs of letters that may be an account or part of a name; remember the others."""
    if text.isascii():
        runs = set(text.encode("ascii").translate(_LETTERS_ALONE).split())
    else:
        runs = {run.encode("utf-8", "surrogatepass") for run in _RUN.findall(text)}
    names = []
    for encoded in runs - no_names:
        run = encoded.decode("utf-8", "surrogatepass")
        if is_of_account(run):
            names.append(run)
        elif len(no_names) < _LIMIT:
            no_names.add(encoded)
    return names
