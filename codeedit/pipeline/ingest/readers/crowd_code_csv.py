"""crowd-code version 1: one CSV per session.

Written from a description of the extension's release 1.1.3; no recording of it was at hand.  Offsets are
UTF-16 code units, times milliseconds since the recording began.  Only edits of the active document are
recorded, so the texts that later rows state are compared with the replay; where one differs, the rest of its
document is put away until a row states its whole text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from codeedit.pipeline.ingest.document import PositionError, is_text
from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.pipeline.ingest.readers.crowd_code_text import (
    escape,
    unescape_document,
    unescape_fragment,
)
from codeedit.pipeline.ingest.readers.fields import Unreadable
from codeedit.pipeline.ingest.readers.json_entries import CUT_OFF
from codeedit.pipeline.ingest.readers.log_session import LogSession
from codeedit.pipeline.ingest.readers.places import relative
from codeedit.pipeline.ingest.unpack import TOO_LONG, lines_of, open_log
from codeedit.records import Session

HEADER: Final = b"Sequence,Time,File,RangeOffset,RangeLength,Text,Language,Type"
_ROW = re.compile(
    r'(?P<sequence>\d{1,15}),(?P<time>\d{1,15}),(?:"(?P<file>.*?)"|(?P<plain_file>[^",]*)),'
    r'(?P<offset>\d{1,15}),(?P<length>\d{1,15}),(?:"(?P<text>(?:[^"]|"")*+)"|(?P<plain_text>[^",]*)),'
    r"[^\",]*,(?P<type>[a-z_]{1,40})",
    re.DOTALL,
)
_SELECTIONS: Final = frozenset({"selection_keyboard", "selection_mouse", "selection_command"})
_TERMINAL: Final = frozenset({"terminal_focus", "terminal_command", "terminal_output"})
_SAME_MS: Final = 2  # rows of one editor action lie no farther apart


def read_csv(path: Path, source: str, quarantine: Quarantine) -> Iterator[Session]:
    """Yield the session of a CSV, if anything happened in it.

    Raises:
        OSError: the file cannot be read.
    """
    rows = _Rows(LogSession(source, quarantine))
    with open_log(path) as file:
        for number, raw in enumerate(lines_of(file), 1):
            if raw is None:
                quarantine.read += 1
                quarantine.add(number, TOO_LONG)
                rows.session.doubt()
                continue
            line = raw.decode("utf-8", "surrogateescape").lstrip("\ufeff").rstrip("\r\n")
            if not line or line.encode("utf-8", "replace") == HEADER:
                continue
            quarantine.read += 1
            row = _ROW.fullmatch(line)
            if row is None:
                quarantine.add(number, "not a row of a recording" if raw.endswith(b"\n") else CUT_OFF)
                rows.session.doubt()
                continue
            try:
                rows.take(row)
            except Unreadable as error:
                quarantine.add(number, error.reason)
    yield from rows.session.finish()


class _Rows:
    def __init__(self, session: LogSession) -> None:
        self.session = session
        self._sequence: int | None = None
        self._seen: set[str] = set()  # documents that were shown since the last checkout
        self._last: tuple[str, int, int] | None = None  # the edit before: document, time, start

    def take(self, row: re.Match[str]) -> None:
        """Take one row.

        Raises:
            Unreadable: it is not understood; documents that it may have changed are in doubt.
        """
        self._follow(int(row["sequence"]))
        kind = row["type"]
        last, self._last = self._last, None
        if kind in _TERMINAL:
            return
        if kind == "git_branch_checkout":
            for path in self._seen:
                self.session.forget(path)
            self._seen.clear()
            return
        path = self._path(row["file"] if row["file"] is not None else row["plain_file"])
        text = row["text"].replace('""', '"') if row["text"] is not None else row["plain_text"]
        if not is_text(text):
            self.session.doubt(path)
            raise Unreadable("text is not text")
        time, offset, length = (int(row[name]) for name in ("time", "offset", "length"))
        if kind == "tab":
            self._tab(time, path, text)
        elif kind == "content":
            self._content(time, path, (offset, length), text, last)
        elif kind in _SELECTIONS:
            self._selection(time, path, (offset, length), text)
        else:
            self.session.doubt(path)
            raise Unreadable("unknown kind of entry")

    def _follow(self, sequence: int) -> None:
        before, self._sequence = self._sequence, sequence
        if before is None or sequence == before + 1:
            return
        if sequence == before:
            raise Unreadable("repeated entry")
        self.session.doubt()  # rows were deleted or lost
        if sequence < before:
            raise Unreadable("sequence goes back")

    def _path(self, place: str) -> str:
        try:
            path = relative(place)
        except Unreadable:
            self.session.doubt()
            raise
        self.session.owned(place)
        return path

    def _tab(self, time: int, path: str, text: str) -> None:
        first = path not in self._seen
        self._seen.add(path)
        if text and self.session.knows(path):
            same = escape(self.session.document(path).text()) == text
            self.session.quarantine.agreed += same
            self.session.quarantine.disagreed += not same
            if same:
                return
        elif not text and not first:
            return
        try:
            self.session.state(time, path, unescape_document(text, path))
        except Unreadable:
            self.session.doubt(path)
            raise

    def _content(
        self, time: int, path: str, span: tuple[int, int], text: str, last: tuple[str, int, int] | None
    ) -> None:
        document = self.session.document(path)
        start, end = self._span(path, span)
        try:
            inserted = unescape_fragment(text, path, document, start, end)
        except Unreadable:
            self.session.doubt(path)
            raise
        # Rows of one action come last position first, each offset in the text before all of them.
        joined = last is not None and last[0] == path and time - last[1] <= _SAME_MS and end <= last[2]
        self.session.replace(time, path, [(start, end, inserted)], joined=joined)
        self._last = path, time, start

    def _selection(self, time: int, path: str, span: tuple[int, int], text: str) -> None:
        document = self.session.document(path)
        start, end = self._span(path, span)
        if text and escape(document.slice(start, end)) != text:
            self.session.doubt(path)
            raise Unreadable("selected text is another than the replay has")
        self.session.caret(time, path, start, end)

    def _span(self, path: str, span: tuple[int, int]) -> tuple[int, int]:
        document = self.session.document(path)
        try:
            return document.code_points(span[0]), document.code_points(span[0] + span[1])
        except PositionError as error:
            self.session.doubt(path)
            raise Unreadable(str(error)) from None
