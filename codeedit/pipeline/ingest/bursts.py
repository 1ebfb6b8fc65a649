"""Bursts: what a person would call one edit, and pauses in which nothing was edited.

A burst is a run of edits in one document, near each other and without a long break.  It ends when the
user rests, goes to another document or moves far away.  Text that a completion or an agent wrote joins
the burst that it finishes and makes it an agent's; what the user types after it is a new burst.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from codeedit.pipeline.ingest.document import Document
from codeedit.pipeline.ingest.related import OpenDocuments
from codeedit.pipeline.ingest.replay import Replay
from codeedit.records import (
    ContentEvent,
    CursorEvent,
    DiffEvent,
    EditEvent,
    Event,
    Origin,
    RelatedFile,
    Session,
)

IDLE_MS: Final = 10_000  # a break this long between two edits ends the burst
NEAR_LINES: Final = 10  # an edit or a cursor farther from the burst's place ends it
_NEAR_CHARS: Final = 4_000  # farther apart than this, lines are not counted
PAUSE_MS: Final = 10_000  # a cursor that rests this long is a pause


@dataclass(frozen=True, slots=True)
class Burst:
    """One run of edits; offsets are code points of the texts as typed."""

    path: str
    origin: Origin
    before: str  # the document's text before the first edit
    after: str  # ... and after the last
    edits: tuple[EditEvent, ...]
    cursor: int  # in `before`: where the user was when the burst began
    began_ms: int  # by the session's clock
    ended_ms: int
    prefix: int  # unchanged code points at the document's beginning
    suffix: int  # ... and at its end
    stated: bool = False  # the edit that the log states as the next one
    hint: str | None = None  # what the user had asked for in words
    region: tuple[int, int] | None = None  # what the editor let be edited, in code points of `before`
    related: tuple[RelatedFile, ...] = ()  # other open documents when the burst began


@dataclass(frozen=True, slots=True)
class Pause:
    """The user placed the cursor and rested, without an edit."""

    path: str
    text: str
    cursor: int  # code points
    time_ms: int  # by the session's clock
    related: tuple[RelatedFile, ...] = ()  # other open documents


class Clock:
    """A session's time without jumps back: the sum of all steps forward, over edits and cursors."""

    __slots__ = ("_last", "now")

    def __init__(self) -> None:
        self.now = 0
        self._last: int | None = None

    def tick(self, time_ms: int) -> int:
        """Move to an event's time; return the step in milliseconds."""
        step = 0 if self._last is None else max(0, time_ms - self._last)
        self._last = time_ms
        self.now += step
        return step


@dataclass(slots=True)
class _Open:
    """A burst that may still go on."""

    path: str
    before: str
    cursor: int
    began_ms: int
    low: int  # the place that it has touched, in the document as it is now
    high: int
    ended_ms: int = 0
    prefix: int = 1 << 60
    suffix: int = 1 << 60
    agent: bool = False
    synthetic: bool = False
    hint: str | None = None
    region: tuple[int, int] | None = None
    related: tuple[RelatedFile, ...] = ()
    left: bool = False  # the user has gone elsewhere
    edits: list[EditEvent] = field(default_factory=list)

    def take(self, event: EditEvent, length: int, now: int) -> None:
        """Add an edit; ``length`` is the document's before it."""
        end = event.start + event.deleted
        grown = len(event.inserted) - event.deleted
        self.low = self.low + grown if end <= self.low and self.edits else min(self.low, event.start)
        self.high = self.high + grown if self.high >= end else event.start + len(event.inserted)
        self.prefix = min(self.prefix, event.start)
        self.suffix = min(self.suffix, length - end)
        self.agent |= event.origin is Origin.AGENT
        self.synthetic |= event.origin is Origin.SYNTHETIC
        self.ended_ms = now
        self.edits.append(event)

    def close(self, after: str) -> Burst:
        made = Origin.SYNTHETIC if self.synthetic else Origin.HUMAN
        origin = Origin.AGENT if self.agent else made
        return Burst(
            path=self.path,
            origin=origin,
            before=self.before,
            after=after,
            edits=tuple(self.edits),
            cursor=self.cursor,
            began_ms=self.began_ms,
            ended_ms=self.ended_ms,
            prefix=self.prefix,
            suffix=self.suffix,
            hint=self.hint,
            region=self.region,
            related=self.related,
        )


def bursts(session: Session, *, idle_ms: int = IDLE_MS) -> Iterator[Burst | Pause | DiffEvent]:
    """Yield a session's bursts and pauses in order; the edit that the log states as next comes last.

    Earlier edits that the log states as diffs come where it states them.

    Args:
        session: one that replays.
        idle_ms: the break between two edits that ends a burst.
    """
    segmenter = _Segmenter(idle_ms)
    groups = _groups(session.events)
    for group in groups:
        yield from segmenter.take(group)
    yield from segmenter.close()
    if session.following:
        yield from segmenter.state_next(session.following)


Group = ContentEvent | CursorEvent | DiffEvent | tuple[EditEvent, ...]


def _groups(events: tuple[Event, ...]) -> Iterator[Group]:
    """Yield the events, with the replacements of one editor action together."""
    joined: list[EditEvent] = []
    for event in events:
        if isinstance(event, EditEvent) and event.joined and joined:
            joined.append(event)
            continue
        if joined:
            yield tuple(joined)
            joined = []
        if isinstance(event, EditEvent):
            joined = [event]
        else:
            yield event
    if joined:
        yield tuple(joined)


class _Segmenter:
    def __init__(self, idle_ms: int) -> None:
        self._idle_ms = idle_ms
        self._replay = Replay()
        self._clock = Clock()
        self._seen = OpenDocuments()
        self._open: _Open | None = None
        self._carets: dict[str, tuple[int, int]] = {}  # path -> the last selection that is known
        self._resting: CursorEvent | None = None  # the event before, where it was a cursor

    def take(self, group: Group) -> Iterator[Burst | Pause | DiffEvent]:
        if isinstance(group, DiffEvent):
            yield from self.close()
            yield dataclasses.replace(group, time_ms=self._clock.now)
            return
        if isinstance(group, ContentEvent):
            if self._open is not None and self._open.path in (group.path, group.renamed_from):
                yield from self.close()
            if group.renamed_from is None:
                self._carets.pop(group.path, None)
            elif group.renamed_from in self._carets:
                self._carets[group.path] = self._carets.pop(group.renamed_from)
            self._replay.apply(group)
            self._seen.open(group.path, group.renamed_from)
            self._resting = None
            return
        time_ms = group.time_ms if isinstance(group, CursorEvent) else group[0].time_ms
        rested_from = self._clock.now
        step = self._clock.tick(time_ms)
        if self._open is not None and self._clock.now - self._open.ended_ms >= self._idle_ms:
            yield from self.close()
        if self._resting is not None and step >= PAUSE_MS:
            resting = self._resting
            text = self._replay.documents[resting.path].text()
            yield Pause(resting.path, text, resting.end, rested_from, self._related(resting.path))
        if isinstance(group, CursorEvent):
            self._move(group)
        else:
            yield from self._edit(group)

    def _move(self, event: CursorEvent) -> None:
        self._resting = event
        self._seen.see(event.path, event.end)
        self._carets[event.path] = event.start, event.end
        current = self._open
        if current is not None:
            document = self._replay.documents[current.path]
            current.left |= event.path != current.path or not _near(document, current, event.start, event.end)

    def _edit(self, group: tuple[EditEvent, ...]) -> Iterator[Burst]:
        self._resting = None
        path = group[0].path
        document = self._replay.documents[path]
        place = _nearest(group, self._carets.get(path))
        current = self._open
        if current is not None and (
            current.path != path
            or current.left
            or (current.agent and place.origin is not Origin.AGENT)
            or current.hint != place.hint
            or not _near(document, current, place.start, place.start + place.deleted)
        ):
            yield from self.close()
            current = None
        if current is None:
            cursor = _cursor(document, place, self._carets.get(path))
            current = _Open(path, document.text(), cursor, self._clock.now, place.start, place.start)
            current.hint, current.related = place.hint, self._related(path)
            current.region = next((event.region for event in group if event.region is not None), None)
            self._open = current
        for event in group:
            current.take(event, len(document), self._clock.now)
            self._replay.apply(event)
        if len(group) > 1:  # many carets: the burst stays where the user is
            at = place.start + sum(len(e.inserted) - e.deleted for e in group if e.start < place.start)
            current.low, current.high = at, at + len(place.inserted)
        self._carets[path] = current.high, current.high
        self._seen.see(path, current.high)

    def _related(self, path: str) -> tuple[RelatedFile, ...]:
        return self._seen.excerpts(path, self._replay.documents)

    def close(self) -> Iterator[Burst]:
        """Yield the open burst, if any."""
        current, self._open = self._open, None
        if current is not None:
            yield current.close(self._replay.documents[current.path].text())

    def state_next(self, following: tuple[EditEvent, ...]) -> Iterator[Burst]:
        """Yield the edit that the log states as the next one, as a burst of its own."""
        self._clock.tick(following[0].time_ms)
        for burst in (*self._edit(following), *self.close()):
            yield dataclasses.replace(burst, stated=True)


def _nearest(group: tuple[EditEvent, ...], caret: tuple[int, int] | None) -> EditEvent:
    """Return the replacement at the caret; the first in the document where no caret is known."""
    if caret is None or len(group) == 1:
        return group[-1]
    return min(reversed(group), key=lambda event: max(event.start - caret[1], caret[0] - event.start, 0))


def _near(document: Document, burst: _Open, start: int, end: int) -> bool:
    """Whether a span lies within a few lines of the burst's place."""
    if end < burst.low:
        low, high = end, burst.low
    elif start > burst.high:
        low, high = burst.high, start
    else:
        return True
    return high - low <= _NEAR_CHARS and document.slice(low, high).count("\n") <= NEAR_LINES


def _cursor(document: Document, place: EditEvent, caret: tuple[int, int] | None) -> int:
    """Return where the user was: the last caret if it lies at the edit or a line from it, else the edit."""
    if caret is None or caret[1] > len(document):
        return place.start
    low, high = sorted((caret[1], max(place.start, min(caret[1], place.start + place.deleted))))
    if high - low > _NEAR_CHARS or document.slice(low, high).count("\n") > 1:
        return place.start
    return caret[1]
