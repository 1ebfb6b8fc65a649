"""crowd-code version 2: a session's folder of JSON chunks and snapshots.

Written from a description of the extension as of January 2026; no recording of it was at hand.  Offsets are
UTF-16 code units, times milliseconds since 1970.  No text is stated when a document is opened: a document is
known from a snapshot on, and only there.  The visible lines that each observation holds are compared with the
replay; where they differ, the rest of the document is put away until the next snapshot.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from codeedit.pipeline.ingest.document import is_text, to_lf
from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.pipeline.ingest.readers.crowd_code_files import SessionFiles
from codeedit.pipeline.ingest.readers.diffs import apply_diff, read_diffs
from codeedit.pipeline.ingest.readers.fields import WRONG_TYPE, Unreadable, count, take, typed
from codeedit.pipeline.ingest.readers.log_session import LogSession
from codeedit.pipeline.ingest.readers.places import plain, relative
from codeedit.pipeline.ingest.readers.positions import offset_at
from codeedit.pipeline.ingest.readers.text_edits import edits_between
from codeedit.pipeline.ingest.readers.utf16 import from_units
from codeedit.records import Origin, Session

_IGNORED: Final = frozenset({"tab_switch", "terminal_focus", "terminal_command"})


def read_chunks(path: Path, source: str, quarantine: Quarantine) -> Iterator[Session]:
    """Yield the session of a folder of chunks, or of one chunk, if a document was known in it.

    Raises:
        OSError: a file cannot be read.
    """
    files = SessionFiles(path)
    for _ in files.foreign:
        quarantine.add_file("not a part of the recording")
    events = _Events(LogSession(source, quarantine), files)
    for chunk, event, broken in files.events():
        quarantine.read += 1
        if broken:
            quarantine.add(chunk, broken)
            events.doubt()
            continue
        try:
            events.take(event)
        except Unreadable as error:
            quarantine.add(chunk, error.reason)
    yield from events.session.finish(files.session())


class _Events:
    def __init__(self, session: LogSession, files: SessionFiles) -> None:
        self.session = session
        self._files = files
        self._snapshot: dict[str, str] = {}  # decoded absolute path -> text; untouched since it was taken
        self._sequence: int | None = None

    def doubt(self, path: str | None = None) -> None:
        """Something is unknown about a document, or about which one."""
        self.session.doubt(path)
        if path is None:
            self._snapshot.clear()

    def take(self, event: object) -> None:
        """Take one event.

        Raises:
            Unreadable: it is not understood; documents that it may have changed are in doubt.
        """
        try:
            sequence, time, kind = (
                count(event, "sequence"),
                count(event, "timestamp"),
                take(event, "type", str),
            )
        except Unreadable:
            self.doubt()
            raise
        self._follow(sequence)
        if kind == "observation":
            self._observe(take(event, "observation", dict))
        elif kind == "action":
            try:
                action = take(event, "action", dict)
                name = take(action, "kind", str)
            except Unreadable:
                self.doubt()
                raise
            self._act(time, name, action)
        elif kind == "workspace_snapshot":
            self._take_snapshot(event)
        else:
            raise Unreadable("unknown kind of entry")

    def _follow(self, sequence: int) -> None:
        before, self._sequence = self._sequence, sequence
        if before is None or sequence == before + 1:
            return
        if sequence == before:
            raise Unreadable("repeated entry")
        self.doubt()
        if sequence < before:
            raise Unreadable("sequence goes back")

    def _take_snapshot(self, event: object) -> None:
        texts = self._files.snapshot(take(event, "snapshotId", str))
        if texts is None:
            raise Unreadable("snapshot is missing or damaged")
        self._snapshot = {plain(place): text for place, text in texts.items() if is_text(text)}
        for place in texts:
            self.session.owned(place)

    def _known(self, time: int, place: object) -> str:
        """Return a document's path; where the last snapshot holds it, state its text first."""
        try:
            path = relative(place)
        except Unreadable:
            self.doubt()
            raise
        named = plain(str(place)).strip("/")
        fitting = [key for key in self._snapshot if key.strip("/") == named or key.endswith(f"/{named}")]
        if len(fitting) == 1:
            self.session.restate(time, path, self._snapshot.pop(fitting[0]))
        return path

    def _observe(self, observation: dict[str, Any]) -> None:
        viewport = observation.get("viewport")
        if viewport is None:
            return
        content, first = take(viewport, "content", str), count(viewport, "startLine")
        path = relative(take(viewport, "file", str))
        if not self.session.knows(path) or first == 0:
            return
        lines = to_lf(self.session.document(path).text()).split("\n")
        seen = to_lf(content).split("\n")
        if seen[-1] == "" and first - 1 + len(seen) <= len(lines):
            seen.pop()  # the last visible line with its line end
        same = lines[first - 1 : first - 1 + len(seen)] == seen
        self.session.quarantine.agreed += same
        if not same:
            self.session.quarantine.disagreed += 1
            self.session.doubt(path)
            raise Unreadable("visible lines are other than the replay has")

    def _act(self, time: int, name: str, action: dict[str, Any]) -> None:
        if name in _IGNORED:
            return
        path = self._known(time, action.get("file"))
        if name == "selection":
            document = self.session.document(path)
            start, end = (offset_at(document, action.get(f"selection{which}")) for which in ("Start", "End"))
            text = take(action, "selectedText", str)
            if text and to_lf(document.slice(*sorted((start, end)))) != to_lf(text):
                self.session.doubt(path)
                raise Unreadable("selected text is another than the replay has")
            self.session.caret(time, path, *sorted((start, end)))
            return
        if name not in ("edit", "file_change"):
            self.session.doubt(path)
            raise Unreadable("unknown kind of entry")
        try:
            (self._edit if name == "edit" else self._change)(time, path, action)
        except Unreadable:
            self.session.doubt(path)
            raise

    def _edit(self, time: int, path: str, action: dict[str, Any]) -> None:
        document, diff = self.session.document(path), take(action, "diff", dict)
        at, length, text = count(diff, "rangeOffset"), count(diff, "rangeLength"), typed(diff.get("text"))
        changes = from_units(document, [(at, at + length, text)])
        origin = Origin.HUMAN if action.get("source", "user") == "user" else Origin.AGENT
        self.session.replace(time, path, changes, origin)

    def _change(self, time: int, path: str, action: dict[str, Any]) -> None:
        kind, diff = take(action, "changeType", str), action.get("diff")
        if kind == "delete":
            self.session.forget(path)
            return
        if diff is None:
            raise Unreadable("change without a diff")
        (changed, *others) = read_diffs(take(action, "diff", str))
        if others or kind not in ("create", "change"):
            raise Unreadable(WRONG_TYPE)
        if kind == "create":
            self.session.state(time, path, apply_diff("", changed.hunks))
            return
        before = self.session.document(path).text()
        after = apply_diff(before, changed.hunks)
        if action.get("source") in ("agent", "unknown"):
            self.session.replace(time, path, edits_between(before, after), Origin.AGENT)
        else:  # git, on disk
            self.session.state(time, path, after)
