"""A mutable text whose edits cost the same in a small document and in a large one.

The text is a list of chunks of a few KiB.  An edit rewrites the chunks that it touches; finding them
starts from where the last edit was, since people edit where they have just edited.  A longer document has
longer chunks, so that an edit far away costs as much as the square root of the length.
"""

from __future__ import annotations

import re
from math import isqrt
from typing import Final

_CHUNK: Final = 4_096  # code points, at least
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class PositionError(ValueError):
    """An offset that the document does not have; the message never quotes the text."""


def is_text(value: object) -> bool:
    """Whether the value is a string that UTF-8 can hold: no half of a surrogate pair."""
    return isinstance(value, str) and (value.isascii() or _SURROGATE.search(value) is None)


def utf16_length(text: str) -> int:
    """Return the number of UTF-16 code units of a text."""
    return len(text) + _astral(text)


def to_lf(text: str) -> str:
    """Return the text with LF line ends, whatever it had before (CRLF, lone CR, or a mixture)."""
    if "\r" not in text:
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n")


def lf_offset(text: str, offset: int) -> int:
    """Return where an offset of the text (code points) lies once its line ends are LF.

    An offset between the two halves of a CRLF lies before the LF.
    """
    inside = 0 < offset < len(text) and text[offset - 1] == "\r" and text[offset] == "\n"
    offset -= inside
    return offset - (text.count("\r\n", 0, offset) if "\r" in text else 0)


def typed_offset(text: str, offset: int) -> int:
    """Return where an offset of the LF text lies in the text as typed; one at a line end lies before it."""
    if "\r" not in text:
        return offset
    line = 0  # offsets of the line's beginning, in the LF text and as typed
    typed = 0
    while (end := text.find("\r\n", typed)) >= 0 and line + end - typed < offset:
        line += end - typed + 1
        typed = end + 2
    return typed + offset - line


def _astral(text: str) -> int:
    return 0 if text.isascii() else len(_ASTRAL.findall(text))


class Document:
    """A text under edit.

    Args:
        text: the text at the start.
    """

    __slots__ = (
        "_astral",
        "_chunks",
        "_ends",
        "_index",
        "_length",
        "_pairs",
        "_start",
        "_text",
        "has_halves",
    )

    def __init__(self, text: str = "") -> None:
        self._chunks = _split(text, _chunk_size(len(text))) or [""]
        self._pairs = [_astral(chunk) for chunk in self._chunks]  # characters of two UTF-16 units, per chunk
        self._ends = [chunk.count("\n") for chunk in self._chunks]  # line ends per chunk
        self._length = len(text)
        self._astral = sum(self._pairs)
        self._index, self._start = 0, 0  # a chunk and the offset at which it begins
        self.has_halves = not is_text(text)  # whether it ever had half a surrogate pair
        self._text: str | None = text

    def __len__(self) -> int:
        """Return the number of code points."""
        return self._length

    @property
    def utf16_length(self) -> int:
        """The number of UTF-16 code units."""
        return self._length + self._astral

    def text(self) -> str:
        """Return the whole text; made again only after an edit."""
        if self._text is None:
            self._text = "".join(self._chunks)
        return self._text

    def slice(self, start: int, end: int) -> str:
        """Return the text between two offsets (code points), each cut to the document."""
        start, end = max(0, start), min(end, self._length)
        if start >= end:
            return ""
        index, base = self._find(start)
        parts = []
        while base < end:
            chunk = self._chunks[index]
            parts.append(chunk[max(0, start - base) : end - base])
            base += len(chunk)
            index += 1
        return "".join(parts)

    def replace(self, start: int, deleted: int, inserted: str) -> None:
        """Replace ``deleted`` code points at ``start`` by ``inserted``.

        Raises:
            PositionError: the span is not inside the document.
        """
        end = start + deleted
        if start < 0 or deleted < 0 or end > self._length:
            raise PositionError("edit past the end of the document")
        if not is_text(inserted):
            self.has_halves = True
        first, base = self._find(start)
        chunk = self._chunks[first]
        if end <= base + len(chunk) and 0 < len(chunk) + len(inserted) - deleted <= 2 * _chunk_size(
            self._length + len(inserted) - deleted
        ):
            self._replace_within(first, start - base, end - base, inserted)
            return
        last, last_base = first, base
        while end > last_base + len(self._chunks[last]):
            last_base += len(self._chunks[last])
            last += 1
        new = self._chunks[first][: start - base] + inserted + self._chunks[last][end - last_base :]
        self._length += len(inserted) - deleted
        self._store(first, last + 1, new)
        self._text = None

    def _replace_within(self, index: int, start: int, end: int, inserted: str) -> None:
        """Replace a part of one chunk, which stays one."""
        chunk = self._chunks[index]
        ends = inserted.count("\n")
        if end > start:
            ends -= chunk.count("\n", start, end)
        new = self._chunks[index] = chunk[:start] + inserted + chunk[end:]
        self._ends[index] += ends
        self._length += len(new) - len(chunk)
        if self._pairs[index] or not inserted.isascii():
            pairs = _astral(new)
            self._astral += pairs - self._pairs[index]
            self._pairs[index] = pairs
        self._text = None

    def _store(self, first: int, stop: int, new: str) -> None:
        removed = sum(self._pairs[first:stop])
        size = _chunk_size(self._length)
        chunks = _split(new, size)
        if not chunks and stop - first == len(self._chunks):
            chunks = [""]
        self._chunks[first:stop] = chunks
        self._pairs[first:stop] = [_astral(chunk) for chunk in chunks]
        self._ends[first:stop] = [chunk.count("\n") for chunk in chunks]
        self._astral += sum(self._pairs[first : first + len(chunks)]) - removed
        if self._index >= len(self._chunks):
            self._index, self._start = 0, 0

    def _find(self, offset: int) -> tuple[int, int]:
        """Return the chunk that holds an offset and where it begins; remember it for the next time."""
        index, base, chunks = self._index, self._start, self._chunks
        while offset < base:
            index -= 1
            base -= len(chunks[index])
        while offset > base + len(chunks[index]) and index + 1 < len(chunks):
            base += len(chunks[index])
            index += 1
        self._index, self._start = index, base
        return index, base

    def line(self, row: int) -> tuple[int, str]:
        """Return where a line (0-based) begins, in code points, and its text without the line end.

        Lines end in LF or CRLF.

        Raises:
            PositionError: the document has fewer lines.
        """
        if row < 0:
            raise PositionError("line past the end of the document")
        index = base = 0
        for ends in self._ends:
            if row <= ends:
                break
            row -= ends
            base += len(self._chunks[index])
            index += 1
        else:
            raise PositionError("line past the end of the document")
        at = -1
        for _ in range(row):
            at = self._chunks[index].index("\n", at + 1)
        start, end = base + at + 1, self._chunks[index].find("\n", at + 1)
        while end < 0 and index + 1 < len(self._chunks):
            base += len(self._chunks[index])
            index += 1
            end = self._chunks[index].find("\n")
        if end < 0:
            return start, self.slice(start, self._length)
        return start, self.slice(start, base + end).removesuffix("\r")

    def units(self, offset: int) -> int:
        """Return the UTF-16 offset of a code point offset inside the document."""
        if not self._astral:
            return offset
        index, base = self._find(offset)
        return offset + sum(self._pairs[:index]) + _astral(self._chunks[index][: offset - base])

    def code_points(self, utf16_offset: int) -> int:
        """Return the code point offset of a UTF-16 offset.

        Raises:
            PositionError: the offset is outside the document or inside a surrogate pair.
        """
        if not 0 <= utf16_offset <= self._length + self._astral:
            raise PositionError("edit past the end of the document")
        if not self._astral:
            return utf16_offset
        units = points = index = 0
        while index + 1 < len(self._chunks):
            size = len(self._chunks[index])
            if units + size + self._pairs[index] > utf16_offset:
                break
            units += size + self._pairs[index]
            points += size
            index += 1
        if not self._pairs[index]:
            return points + utf16_offset - units
        return points + _points_within(self._chunks[index], utf16_offset - units)


def _points_within(chunk: str, units: int) -> int:
    passed = 0  # astral characters wholly before the offset
    for match in _ASTRAL.finditer(chunk):
        begin = match.start() + passed
        if begin >= units:
            break
        if begin + 1 == units:
            raise PositionError("offset inside a surrogate pair")
        passed += 1
    return units - passed


def _chunk_size(length: int) -> int:
    """Return how many code points the chunks of a document have: 64 times as many as there are chunks."""
    return max(_CHUNK, 8 * isqrt(length))


def _split(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]
