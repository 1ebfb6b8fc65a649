"""Where a text has words of which an account or a person's name may be made: rules of names look near these.

Two words with capitals, or a word in quotes, stand everywhere in code, and nearly never is one a person's.
So hyperscan looks for all known names at once, and only words that one of them lies in are looked up; where
there is no hyperscan, every word is looked up once and remembered.

It reads small letters with a blank for all else: plain words, of which it reads several times as much in a
second as of patterns that take both cases of letters and look at what stands on their sides.
"""

# ruff: noqa: RUF001 - letters of names

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator
from functools import lru_cache

from codeedit.pipeline.ingest.anonymize.gate import Gate
from codeedit.pipeline.ingest.anonymize.names import around_beyond_ascii, beyond_ascii
from codeedit.pipeline.ingest.anonymize.persons import is_of_account, name_marks

Place = tuple[int, int]  # code points, half-open

_LONGEST = 24  # letters of a word that may be an account
_LETTERS = string.ascii_letters.encode()
_FOLDED = bytes(ord(chr(code).lower()) if code in _LETTERS else 32 for code in range(256))
_LETTERS_ALONE = bytes(code if code in _LETTERS else 32 for code in range(256))
_WORD = re.compile(rb"[A-Za-z]+")
_RUN = re.compile(r"[^\W\d_]+")
# Where parts of a name are joined, which are looked up without what joins them: Jean-Luc, O'Brien (RE2).
JOINT = r"[A-Za-z][-'][A-Z]"
_JOINED = re.compile(rb"[A-Za-z][-'][A-Z]")
_JOINED_BEYOND = re.compile(r"[^\W\d_a-z][^\W\d_]{0,24}[-'’](?=[^\W\d_a-z])")
_LIMIT = 200_000
no_names: set[bytes] = set()  # words that are in no account and no name; as many as that


ANCHORS = [name_marks()]
_GATE = Gate(ANCHORS)


def names_in(text: str, raw: bytes, joints: Iterable[int] | None = None) -> list[Place]:
    """Return where a text has words that may be an account, or part of a person's name; by position.

    Args:
        text: code points.
        raw: the same, as `latin` bytes.
        joints: where `JOINT` ends in it; ``None`` where that is not known.
    """
    folded = b" %b " % raw.translate(_FOLDED)
    ends = _GATE.ends(folded)
    places = [*(_all_words(raw) if ends is None else _words_at(raw, folded, ends[0]))]
    if joints is None:
        joints = (match.end() for match in _JOINED.finditer(raw))
    places += ((end - 2, end) for end in joints)
    if not text.isascii():
        places += _names_beyond_ascii(text)
    return sorted(set(places)) if places else []


def _words_at(raw: bytes, folded: bytes, ends: list[int]) -> Iterator[Place]:
    """Yield the words that a name was seen in, those that may be one; `ends` are ascending."""
    done = 0
    for end in ends:
        if end <= done:
            continue
        first = folded.rfind(b" ", 0, end - 1)
        done = folded.find(b" ", end - 1)
        if done - first <= _LONGEST + 1 and _may_be_name(raw[first : done - 1]):
            yield first, done - 1


def _all_words(raw: bytes) -> Iterator[Place]:
    """Yield the words of a text that may be in a name; remember the others."""
    names = set()
    for word in set(raw.translate(_LETTERS_ALONE).split()) - no_names:
        if len(word) <= _LONGEST and _may_be_name(word):
            names.add(word)
        elif len(no_names) < _LIMIT and len(word) <= _LONGEST:
            no_names.add(word)
    if names:
        yield from (match.span() for match in _WORD.finditer(raw) if match[0] in names)


@lru_cache(maxsize=1 << 16)
def _may_be_name(word: bytes) -> bool:
    return is_of_account(word.decode("ascii"))


def _names_beyond_ascii(text: str) -> Iterator[Place]:
    """Yield where words that have a letter or a mark beyond ASCII may be names."""
    beyond = set(beyond_ascii(text))
    if "\u2019" not in beyond and not any(map(str.isalnum, beyond)):
        return  # dashes, arrows, signs
    for start, end in around_beyond_ascii(text, _LONGEST):
        for run in _RUN.finditer(text, start, end):
            if not run[0].isascii() and is_of_account(run[0]):
                yield run.span()
        for joined in _JOINED_BEYOND.finditer(text, start, end):
            yield joined.span()
