"""The records that travel through codeedit, and the units of their fields.

Offsets are Unicode code points, 0-based and half-open, in the document's text *before* the event.
Times are milliseconds since the session's start.  Paths are relative and use ``/``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Origin(StrEnum):
    """Who made an edit, or where a task comes from."""

    HUMAN = "human"
    AGENT = "agent"  # a completion or an agent wrote it
    SYNTHETIC = "synthetic"  # derived from commits


@dataclass(frozen=True, slots=True)
class ContentEvent:
    """The document's whole text from here on: it was opened, reloaded or restored."""

    time_ms: int
    path: str
    text: str  # exactly as stored, line ends included
    renamed_from: str | None = None  # the path that this document had until now


@dataclass(frozen=True, slots=True)
class EditEvent:
    """One replacement in one document.

    The replacements of one editor action (multi-caret, replace all) are consecutive events, last
    position first, so that each offset holds in the text before its own event; all but the first
    have ``joined`` set.
    """

    time_ms: int
    path: str
    start: int  # code points in the text before this edit
    deleted: int  # code points
    inserted: str
    origin: Origin = Origin.HUMAN
    joined: bool = False  # part of the same editor action as the event before
    hint: str | None = None  # what the user had asked for in words when this was written
    # The range that the editor let be edited here, in code points of the text before the whole action.
    region: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class CursorEvent:
    """The primary selection moved; ``start == end`` is a bare cursor."""

    time_ms: int
    path: str
    start: int  # code points
    end: int  # code points


@dataclass(frozen=True, slots=True)
class DiffEvent:
    """An earlier edit that the log states as a diff, of a document whose text it may not hold.

    Part of the history, and of no replay.
    """

    time_ms: int
    path: str
    diff: str  # as a `HistoryEdit` has it


Event = ContentEvent | EditEvent | CursorEvent | DiffEvent


@dataclass(frozen=True, slots=True)
class Session:
    """One person's recording, in the order of the log (times may jump; the order is the truth)."""

    id: str  # hash of where it came from and what it holds; stable between runs
    source: str  # reader's name
    project: str  # name of the repository; a pseudonym once anonymized
    events: tuple[Event, ...]
    # The edit that the log itself states as the user's next one after its last event; part of no replay.
    following: tuple[EditEvent, ...] = ()
    # What the log says of its owner (account and author names, home folders): found wherever it occurs.
    identities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryEdit:
    """One earlier burst of edits, as a unified diff without file header."""

    path: str
    diff: str  # LF line ends, begins with "@@"
    age_ms: int  # before the task's moment


@dataclass(frozen=True, slots=True)
class RelatedFile:
    """An excerpt of another document that was open: whole lines, as they were at the task's moment."""

    path: str
    code: str  # LF line ends, none after the last line


@dataclass(frozen=True, slots=True)
class Redaction:
    """How many values of one kind the anonymizer replaced in a task."""

    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Task:
    """One training or test example: predict the range's new text from what the user saw and did."""

    id: str  # hash of the content
    source: str  # reader's name
    session: str  # pseudonym
    project: str  # pseudonym
    path: str  # anonymized, relative
    language: str  # tree-sitter's name
    origin: Origin
    time_ms: int  # since the session's start
    code: str  # LF line ends; at most 64 KiB around the range
    edit_start: int  # code points in `code`
    edit_end: int  # code points in `code`, exclusive
    cursor: int | None  # code points in `code`
    history: tuple[HistoryEdit, ...]  # oldest first
    hint: str | None  # what the user asked for
    edit: str  # ground truth: the range's new text
    no_change: bool
    redactions: tuple[Redaction, ...] = field(default=())
    related: tuple[RelatedFile, ...] = field(default=())  # other open documents, the one seen last first

    @property
    def original(self) -> str:
        """The range's text before the edit."""
        return self.code[self.edit_start : self.edit_end]
