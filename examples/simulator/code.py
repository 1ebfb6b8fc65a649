"""Where things stand in code, found by text alone: blocks, words, calls, rows of like lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from simulator.editor import Span

_BLANK = re.compile(r"\n(?:[ \t]*\r?\n)+")
_HEAD = re.compile(r"(?:^|\s)(?!return\b|in\b)[\w:]+ $")  # what stands before the name in a definition
_CLOSERS = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line's place and text, without its line break."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """The offset behind the line's last character."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Call:
    """A function's call, or its head."""

    start: int  # of the name
    end: int  # of the closing parenthesis
    is_head: bool


def blocks(text: str) -> list[Span]:
    """Return the stretches between blank lines, each without its last line break."""
    spans = []
    start = 0
    for blank in _BLANK.finditer(text):
        spans.append((start, blank.start()))
        start = blank.end()
    if text[start:].strip():
        spans.append((start, len(text.rstrip())))
    return [(start, end - (text[end - 1] == "\r")) for start, end in spans]


def words(text: str, word: str, span: Span | None = None) -> list[Span]:
    """Return where a word stands as a whole identifier."""
    start, end = span or (0, len(text))
    found = re.finditer(rf"(?<![A-Za-z0-9_]){re.escape(word)}(?![A-Za-z0-9_])", text[start:end])
    return [(start + match.start(), start + match.end()) for match in found]


def replace_word(text: str, old: str, new: str) -> str:
    """Replace a whole identifier everywhere."""
    return re.sub(rf"(?<![A-Za-z0-9_]){re.escape(old)}(?![A-Za-z0-9_])", new, text)


def lines(text: str, span: Span) -> list[Line]:
    """Return a block's lines."""
    result = []
    start = span[0]
    for line in text[span[0] : span[1]].split("\n"):
        result.append(Line(start, line.removesuffix("\r")))
        start += len(line) + 1
    return result


def calls(text: str, name: str, span: Span) -> list[Call]:
    """Return the places where a function's name is followed by parentheses."""
    found = []
    for start, opened in words(text, name, span):
        if text[opened : opened + 1] != "(":
            continue
        depth = 0
        for offset in range(opened, span[1]):
            depth += text[offset] in _CLOSERS
            depth -= text[offset] in _CLOSERS.values()
            if depth == 0:
                before = text[text.rfind("\n", 0, start) + 1 : start]
                found.append(Call(start, offset, bool(_HEAD.search(before))))
                break
    return found


def row_lines(text: str, span: Span, word: str, following: str) -> list[Line]:
    """Return lines about `word` whose next line says the same of `following`."""
    found = lines(text, span)
    return [
        line
        for line, after in pairwise(found)
        if words(line.text, word) and _bare(replace_word(line.text, word, following)) == _bare(after.text)
    ]


def balanced(text: str) -> bool:
    """Say whether a block's brackets close each other."""
    return all(text.count(opener) == text.count(closer) for opener, closer in _CLOSERS.items())


def _bare(line: str) -> str:
    return line.strip().rstrip(" ,;&")
