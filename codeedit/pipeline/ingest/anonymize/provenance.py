"""A document that knows of each character which insertion it came from, and what was deleted beside it.

The text is kept as lines in blocks, so that an edit costs as much as the lines it touches; long lines are
cut into segments.  Character ids are numbers from 0 on, in the order of insertion.  An edit that replaces a
text by one with the same beginning or end keeps the ids of those parts: a reloaded file is not a new one.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from math import isqrt

_SEGMENT = 4096  # characters; a longer line lies in several segments
_BLOCK = 64  # segments, at least; a longer document has longer blocks, about as many as a block has segments
_SHORT = 32  # characters of a segment, roughly
_TOMBSTONES = 4096  # deleted characters beside one place that are looked back on
END = -1  # the id that stands behind the last character

_LINES = re.compile(r"[^\n]*\n|[^\n]+")


class Segment:
    """A line with its line end, or a part of a long line."""

    __slots__ = ("block", "ids", "text")

    def __init__(self, text: str, ids: array[int]) -> None:
        self.text = text
        self.ids = ids
        self.block: Block | None = None  # None once it is replaced


class Block:
    """Some consecutive segments and how many characters they hold."""

    __slots__ = ("segments", "size")

    def __init__(self, segments: list[Segment]) -> None:
        self.segments = segments
        self.size = sum(len(segment.text) for segment in segments)
        for segment in segments:
            segment.block = self


@dataclass(frozen=True, slots=True)
class Step:
    """An edit without what it leaves as it is."""

    start: int  # code points
    deleted: int  # code points
    ids: array[int]  # of the inserted characters


class Provenance:
    """One document, moved forward step by step."""

    def __init__(self) -> None:
        self.blocks: list[Block] = [Block([])]
        self.size = 0
        self.dirty: set[Segment] = set()  # segments changed since the last `regions`
        self._near = (0, 0)  # the block where the last position lay, and where it begins
        self._line = (0, 0)  # in that block: the segment of the last edit, and where it begins
        self._before: dict[int, array[int]] = {}  # visible character: those deleted before it

    def text(self) -> str:
        """Return the whole text."""
        return "".join(segment.text for block in self.blocks for segment in block.segments)

    def ids(self) -> array[int]:
        """Return the ids of the whole text."""
        return _joined(segment.ids for block in self.blocks for segment in block.segments)

    def cut(self, start: int, deleted: int) -> tuple[str, array[int]]:
        """Return the text and the ids of a stretch.

        Raises:
            ValueError: it lies outside the text.
        """
        if start < 0 or deleted < 0 or start + deleted > self.size:
            raise ValueError("an edit outside its text")
        if not deleted:
            return "", array("q")
        texts, ids = [], []
        block, index, offset = self._locate(start)
        left = deleted
        while left > 0:
            segment = self.blocks[block].segments[index]
            texts.append(segment.text[offset : offset + left])
            ids.append(segment.ids[offset : offset + left])
            left -= len(texts[-1])
            offset = 0
            block, index = self._after(block, index)
        return "".join(texts), _joined(ids)

    def apply(self, step: Step, inserted: str) -> None:
        """Move one step forward.

        Args:
            step: where, how much, and the ids of what comes.
            inserted: what comes, as long as the ids.
        """
        block, index, offset = self._locate(step.start)
        last_block, last_index, last_offset = block, index, offset + step.deleted
        inside = self.blocks[block].segments[index].text if index < len(self.blocks[block].segments) else ""
        if step.deleted and last_offset >= len(inside):
            near = self._near, self._line
            last_block, last_index, last_offset = self._locate(step.start + step.deleted)
            self._near, self._line = near  # what lies behind is about to change
        segments = self._between(block, index, last_block, last_index)
        first, last = (
            (segments[0], segments[-1]) if segments else (Segment("", array("q")), Segment("", array("q")))
        )
        if first is last:
            gone = first.ids[offset:last_offset]
        else:
            gone = _joined([first.ids[offset:], *(s.ids for s in segments[1:-1]), last.ids[:last_offset]])
        self._bury(gone, step.ids, last, last_offset, last_block, last_index)
        text = first.text[:offset] + inserted + last.text[last_offset:]
        ids = first.ids[:offset] + step.ids + last.ids[last_offset:]
        grown = len(inserted) - step.deleted
        self.size += grown
        if len(segments) == 1 and 0 < len(text) <= _SEGMENT and text.find("\n") in (-1, len(text) - 1):
            first.text, first.ids = text, ids  # most edits: within one line
            self.blocks[block].size += grown
            self.dirty.add(first)
            return
        fresh = []
        for match in _LINES.finditer(text):
            for start in range(match.start(), match.end(), _SEGMENT):
                end = min(start + _SEGMENT, match.end())
                fresh.append(Segment(text[start:end], ids[start:end]))
        self._splice(block, index, last_block, last_index, segments, fresh, grown)

    def deleted_before(self, char: int) -> list[int]:
        """Return the ids of the characters deleted before a visible one, in their order; the nearest only."""
        return list(self._before.get(char, ()))

    def segment_at(self, position: int) -> tuple[Segment, int] | None:
        """Return the segment that holds the character at a position, and the offset in it."""
        block, index, offset = self._locate(position)
        segments = self.blocks[block].segments
        return (segments[index], offset) if index < len(segments) else None

    def regions(self, context: int) -> Iterator[list[Segment]]:
        """Yield the stretches of segments that changed since the last call, with lines of context around.

        Args:
            context: how many segments before and after a changed one belong to its stretch.
        """
        dirty = [segment for segment in self.dirty if segment.block is not None]
        self.dirty.clear()
        if not dirty:
            return
        if len(dirty) > 400:
            yield [segment for block in self.blocks for segment in block.segments]
            return
        places: list[tuple[int, int]] = []
        for segment in dirty:
            block = segment.block
            insort(places, (self.blocks.index(block), block.segments.index(segment)))  # type: ignore[arg-type, union-attr]
        done: set[tuple[int, int]] = set()
        region: list[tuple[int, int]] = []
        for place in places:
            around = self._around(place, context)
            if region and around[0] > region[-1] and self._after(*region[-1]) != around[0]:
                yield self._segments(region)
                region = []
            region.extend(p for p in around if p not in done)
            done.update(around)
        if region:
            yield self._segments(region)

    def _segments(self, places: list[tuple[int, int]]) -> list[Segment]:
        return [self.blocks[block].segments[index] for block, index in places]

    def _around(self, place: tuple[int, int], context: int) -> list[tuple[int, int]]:
        before: list[tuple[int, int]] = []
        at = place
        wanted = context
        while wanted > 0 and (previous := self._previous(*at)) is not None:
            text = self.blocks[previous[0]].segments[previous[1]].text
            before.append(previous)
            at = previous
            wanted -= not _looks_encoded(text) or len(before) > 200
        after: list[tuple[int, int]] = []
        at = self._after(*place)
        wanted = context
        while wanted > 0 and at[0] < len(self.blocks) and at[1] < len(self.blocks[at[0]].segments):
            after.append(at)
            text = self.blocks[at[0]].segments[at[1]].text
            wanted -= not _looks_encoded(text) or len(after) > 200
            at = self._after(*at)
        return [*reversed(before), place, *after]

    def _locate(self, position: int) -> tuple[int, int, int]:
        """Return block, segment and offset of a position, in the segment with the character behind it."""
        block, start = self._near
        if not start <= position < start + self.blocks[block].size:
            sizes = [0, *accumulate([part.size for part in self.blocks])]
            block = min(bisect_right(sizes, position) - 1, len(self.blocks) - 1)
            start = sizes[block]
            self._near = (block, start)
            self._line = (0, 0)
        segments = self.blocks[block].segments
        index, before = self._line
        offset = position - start - before
        if offset < 0:
            while offset < 0:
                index -= 1
                offset += len(segments[index].text)
        else:
            last = len(segments) - 1
            while index < last and offset >= len(segments[index].text):
                offset -= len(segments[index].text)
                index += 1
        self._line = (index, position - start - offset)
        return block, index, offset

    def _after(self, block: int, index: int) -> tuple[int, int]:
        index += 1
        while index >= len(self.blocks[block].segments) and block + 1 < len(self.blocks):
            block, index = block + 1, 0
        return block, index

    def _previous(self, block: int, index: int) -> tuple[int, int] | None:
        while index == 0:
            if block == 0:
                return None
            block -= 1
            index = len(self.blocks[block].segments)
        return block, index - 1

    def _between(self, block: int, index: int, last_block: int, last_index: int) -> list[Segment]:
        if block == last_block:
            return self.blocks[block].segments[index : last_index + 1]
        found = self.blocks[block].segments[index:]
        for number in range(block + 1, last_block):
            found.extend(self.blocks[number].segments)
        return [*found, *self.blocks[last_block].segments[: last_index + 1]]

    def _bury(
        self, gone: array[int], come: array[int], last: Segment, offset: int, block: int, index: int
    ) -> None:
        """Keep what was deleted beside what stands after it; what comes now stands after all of it."""
        if offset < len(last.ids):
            right = last.ids[offset]
        else:
            block, index = self._after(block, index)
            segments = self.blocks[block].segments if block < len(self.blocks) else []
            right = segments[index].ids[0] if index < len(segments) else END
        if not gone:
            if beside := self._before.pop(right, None):
                self._before[come[0] if come else right] = beside
            return
        run = array("q")
        for char in gone:
            run.extend(self._before.pop(char, ()))
            run.append(char)
        run.extend(self._before.pop(right, ()))
        if run:
            self._before[come[0] if come else right] = run[-_TOMBSTONES:]

    def _splice(
        self,
        block: int,
        index: int,
        last_block: int,
        last_index: int,
        old: list[Segment],
        fresh: list[Segment],
        grown: int,
    ) -> None:
        for segment in old:
            segment.block = None
        self.dirty.difference_update(old)
        head = self.blocks[block]
        if block == last_block:
            head.segments[index : last_index + 1] = fresh
            head.size += grown
        else:
            fresh_tail = [*fresh, *self.blocks[last_block].segments[last_index + 1 :]]
            self.blocks[block : last_block + 1] = [Block([*head.segments[:index], *fresh_tail])]
            self._near = self._line = (0, 0)
            head = self.blocks[block]
        for segment in fresh:
            segment.block = head
        self.dirty.update(fresh)
        if not fresh and head.segments:  # a line went: its neighbours are new ones to each other
            self.dirty.add(head.segments[min(index, len(head.segments) - 1)])
        longest = max(_BLOCK, isqrt(self.size // _SHORT))
        if len(head.segments) > 2 * longest:
            self._near = self._line = (0, 0)
            self.blocks[block : block + 1] = [
                Block(head.segments[start : start + longest])
                for start in range(0, len(head.segments), longest)
            ]
        elif not head.segments and len(self.blocks) > 1:
            self._near = self._line = (0, 0)
            del self.blocks[block]


def _joined(parts: Iterator[array[int]] | list[array[int]]) -> array[int]:
    joined = array("q")
    for part in parts:
        joined.extend(part)
    return joined


_ENCODED = re.compile(r"[\s\"'`+.,#*/>|-]*[A-Za-z0-9+/=]{24,76}(?:\\[nr])*[\s\"'`+.,;\\)]*\Z")


def _looks_encoded(text: str) -> bool:
    """Say whether a line is one of a key block's."""
    return len(text) < 200 and ("PRIVATE KEY" in text or _ENCODED.match(text) is not None)


def common_prefix(one: str, other: str) -> int:
    """Return how many leading characters two texts share."""
    limit = min(len(one), len(other))
    if one[:limit] == other[:limit]:
        return limit
    low, high = 0, limit
    while high - low > 1:
        middle = (low + high) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle
    return low
