"""A moment: what the user saw when an edit began, and what became of the edit range.

Everything but the answer comes from the text before the moment; see ``history`` for what came earlier.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from codeedit.pipeline.ingest.document import lf_offset, to_lf, typed_offset
from codeedit.pipeline.ingest.edit_range import Parse
from codeedit.pipeline.ingest.ranges import Place, RangeStrategy, SyntaxRange
from codeedit.pipeline.syntax import parse
from codeedit.records import EditEvent

if TYPE_CHECKING:
    from codeedit.pipeline.ingest.bursts import Burst

MAX_CODE_BYTES: Final = 65_536  # UTF-8
_SYNTAX: Final = SyntaxRange()


@dataclass(frozen=True, slots=True)
class Moment:
    """A document as the user saw it, with the range that a model may rewrite."""

    code: str  # LF line ends
    cursor: int  # code points in `code`
    start: int  # the range, code points in `code`
    end: int
    typed_start: int  # the same range in the text as typed, code points
    typed_end: int
    chosen_by: str = "syntax"  # which strategy the range comes from

    @property
    def original(self) -> str:
        """The range's text."""
        return self.code[self.start : self.end]


def moment(
    text: str,
    cursor: int,
    language: str,
    path: str,
    *,
    parse: Parse = parse,
    strategy: RangeStrategy = _SYNTAX,
    recorded: tuple[int, int] | None = None,
) -> Moment | None:
    """Return the moment at a cursor; ``None`` where the cursor's line is too long for any code window.

    Args:
        text: the document as typed.
        cursor: code points in ``text``.
        language: one of the ten.
        path: tells apart the grammars of one language.
        parse: makes the syntax tree.
        strategy: chooses the range.
        recorded: the range that the editor recorded, in code points of ``text``.
    """
    window = code_window(text, cursor)
    if window is None:
        return None
    base, typed = window[0], text[window[0] : window[1]]
    code = to_lf(typed)
    at = lf_offset(typed, max(0, cursor - base))
    if recorded is not None:
        inside = window[0] <= recorded[0] <= recorded[1] <= window[1]
        recorded = (
            (lf_offset(typed, recorded[0] - base), lf_offset(typed, recorded[1] - base)) if inside else None
        )
    chosen, chosen_by = strategy.choose(Place(code, at, language, path, parse, recorded))
    return Moment(
        code=code,
        cursor=at,
        start=chosen.start,
        end=chosen.end,
        typed_start=base + typed_offset(typed, chosen.start),
        typed_end=base + typed_offset(typed, chosen.end),
        chosen_by=chosen_by,
    )


def code_window(text: str, cursor: int) -> tuple[int, int] | None:
    """Return whole lines around a cursor, at most 64 KiB in UTF-8: start and end in code points.

    The whole text where it fits.  A byte order mark is left out.  ``None`` where a line does not fit.
    """
    first = 1 if text.startswith("\ufeff") else 0
    if len(text) <= MAX_CODE_BYTES and (text.isascii() or len(text.encode()) <= MAX_CODE_BYTES):
        return first, len(text)
    half = MAX_CODE_BYTES // 2
    above = text[max(0, cursor - half) : cursor].encode()[-half:].decode(errors="ignore")
    below = text[cursor : cursor + half].encode()[:half].decode(errors="ignore")
    start, end = max(first, cursor - len(above)), cursor + len(below)
    if start > first and text[start - 1] != "\n":
        start = text.find("\n", start, cursor) + 1
        if start == 0:
            return None
    if end < len(text):
        end = text.rfind("\n", cursor, end) + 1
        if end == 0:
            return None
    return start, end


@dataclass(slots=True)
class TrackedRange:
    """A range of a document that follows the edits around and inside of it.

    An edit counts as inside if it lies between the range's ends; one that touches an end from outside
    by removing the line end there breaks the range.
    """

    start: int  # code points in the document as typed, as it is now
    text: str  # as typed
    touched: bool = False
    broken: bool = False

    def follow(self, edits: Iterable[EditEvent]) -> TrackedRange:
        """Apply edits of the document in order; return the range itself."""
        for edit in edits:
            self._apply(edit)
        return self

    def follow_burst(self, burst: Burst) -> TrackedRange:
        """Apply the edits of a burst that begins in the document as it is now; return the range itself."""
        if burst.prefix > self.start + len(self.text):  # all below
            return self
        if burst.suffix > len(burst.before) - self.start:  # all above
            self.start += len(burst.after) - len(burst.before)
            return self
        end = len(burst.before) - burst.suffix  # of what the burst touches
        if self.start <= burst.prefix and end <= self.start + len(self.text) and burst.edits:  # all inside
            head, tail = self.text[: burst.prefix - self.start], self.text[end - self.start :]
            self.text = head + burst.after[burst.prefix : len(burst.after) - burst.suffix] + tail
            self.touched = True
            return self
        return self.follow(burst.edits)

    def _apply(self, edit: EditEvent) -> None:
        edit_end = edit.start + edit.deleted
        end = self.start + len(self.text)
        if edit.start >= self.start and edit_end <= end:
            at = edit.start - self.start
            self.text = self.text[:at] + edit.inserted + self.text[at + edit.deleted :]
            self.touched = True
        elif edit_end < self.start:
            self.start += len(edit.inserted) - edit.deleted
        elif edit.start <= end:
            self.broken = self.touched = True
