"""Continue's development data: finished edits, with the edits before them or the user's words.

Written from a description of the schema 0.2.0; no data was at hand.  Three events are read:

- ``nextEditWithHistory``: a file before and after one group of edits, with up to five groups before it as
  diffs.  The user's own edits.
- ``nextEditOutcome``: a completion's proposal for a region.  An accepted one is the completion's edit.
- ``editOutcome``: a proposal that the user asked for in words.  One that the user accepted is what the user
  wanted done, and so the user's edit; the words are its hint.

Records that follow each other within ten minutes, in one workspace, are a session: Continue itself forgets
the groups of edits before a longer rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from codeedit.pipeline.ingest.document import Document, is_text
from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.pipeline.ingest.readers.diffs import changed_lines, diff_between, read_diffs
from codeedit.pipeline.ingest.readers.fields import Unreadable, iso_ms, take
from codeedit.pipeline.ingest.readers.json_entries import read_records
from codeedit.pipeline.ingest.readers.log_session import LogSession
from codeedit.pipeline.ingest.readers.places import plain, relative
from codeedit.pipeline.ingest.readers.positions import offset_at
from codeedit.pipeline.ingest.readers.text_edits import edits_between
from codeedit.records import Origin, Session

_REST_MS: Final = 600_000
_STEP_MS: Final = 60_000
_EVENTS: Final = (
    "autocomplete|chatFeedback|tokensGenerated|chatInteraction|editInteraction|editOutcome|nextEditOutcome"
    "|nextEditWithHistory|toolUsage|quickEdit"
)
_SNIFF = re.compile(
    rb'\A(?:\xef\xbb\xbf)?\s*\{[^\n]*?"(?:eventName"\s*:\s*"(?:' + _EVENTS.encode() + rb')"'
    rb'|previousEdits"\s*:\s*\[|originalEditableRange"\s*:\s*"|previousCodeLines"\s*:\s*\d)'
)
# Fields that tell the events apart where a record has no name, as in a `file://` destination.
_TELLING: Final = {
    "nextEditWithHistory": "beforeContent",
    "nextEditOutcome": "originalEditableRange",
    "editOutcome": "previousCode",
}
_NO_RECORD: Final = "not a record of development data"
_NOT_ACCEPTED: Final = "proposal that was not accepted"


class ContinueData:
    """Reader of ``dev_data/<version>/<eventName>.jsonl``."""

    name = "continue"

    def sniff(self, head: bytes) -> bool:
        """Whether the first line is one of Continue's events."""
        return _SNIFF.match(head) is not None

    def read(self, path: Path, quarantine: Quarantine) -> Iterator[Session]:
        """Yield the file's sessions.

        Raises:
            OSError: the file cannot be read.
        """
        events = _Events(LogSession(self.name, quarantine))
        for record in read_records(path):
            quarantine.read += 1
            if record.broken:
                quarantine.add(record.line, record.broken)
                continue
            try:
                value, handler, workspace, time = _understand(record.value)
            except Unreadable as error:
                quarantine.add(record.line, error.reason)
                continue
            if handler is None:
                continue
            if events.ended(workspace, time):
                yield from events.session.finish()
                events = _Events(LogSession(self.name, quarantine))
            try:
                events.take(handler, value, workspace, time)
            except Unreadable as error:
                quarantine.add(record.line, error.reason)
        yield from events.session.finish()


Handler = Callable[["_Events", dict[str, Any], int], None]


def _understand(value: object) -> tuple[dict[str, Any], Handler | None, str, int | None]:
    """Return a record's fields, what reads it, its workspace and its time."""
    if not isinstance(value, dict):
        raise Unreadable(_NO_RECORD)
    name: object = value.get("eventName", value.get("name"))
    fields: dict[str, Any] = value
    if isinstance(value.get("data"), dict):  # as it is sent to an address
        fields = value["data"]
    if name is None:
        name = next((event for event, field in _TELLING.items() if field in fields), None)
    if not isinstance(name, str) or name not in _EVENTS.split("|"):
        raise Unreadable(_NO_RECORD)
    if name not in _TELLING:
        return fields, None, "", None
    if _TELLING[name] not in fields:
        raise Unreadable("recorded without code")
    workspace = fields.get("workspaceDirURI", fields.get("workspaceDirUri", ""))
    time = fields.get("timestamp")
    return (
        fields,
        _HANDLERS[name],
        workspace if isinstance(workspace, str) and is_text(workspace) else "",
        None if time is None else iso_ms(time),
    )


class _Events:
    """The records of one session."""

    def __init__(self, session: LogSession) -> None:
        self.session = session
        self._workspace = ""
        self._time: int | None = None
        self._last: dict[str, Any] = {}  # record
        self._told: set[tuple[str, tuple[str, ...]]] = set()  # documents and the changed lines of their edits

    def ended(self, workspace: str, time: int | None) -> bool:
        """Whether a record belongs to another session."""
        if self._time is None:
            return False
        rested = time is not None and not 0 <= time - self._time <= _REST_MS
        return rested or workspace != self._workspace

    def take(self, handler: Handler, value: dict[str, Any], workspace: str, time: int | None) -> None:
        """Take one record; one without a time is taken to be a minute after the last.

        Raises:
            Unreadable: it is not understood.
        """
        if value == self._last:
            raise Unreadable("repeated entry")
        self._last = value
        self._workspace = workspace
        self._time = time if time is not None else (self._time or 0) + _STEP_MS
        self.session.owned(workspace)
        self.session.project = plain(workspace).rstrip("/").rpartition("/")[2]
        handler(self, value, self._time)

    def _path(self, place: object) -> str:
        path = relative(place, [plain(self._workspace)] if self._workspace else [])
        self.session.owned(place)
        return path

    def _with_history(self, value: dict[str, Any], time: int) -> None:
        path = self._path(value.get("fileURI", value.get("fileUri")))
        before, after = take(value, "beforeContent", str), take(value, "afterContent", str)
        caret = offset_at(Document(before), value.get("beforeCursorPos"))
        earlier = [
            (relative(take(edit, "filename", str)), read_diffs(take(edit, "diff", str)))
            for edit in reversed(take(value, "previousEdits", list))
        ]
        for edited, files in earlier:
            diff = "\n".join(file.as_history() for file in files)
            if self._is_news(edited, diff):
                self.session.tell(time, edited, diff)
        self._edit(time, path, (before, after), Origin.HUMAN, caret=caret)

    def _outcome(self, value: dict[str, Any], time: int) -> None:
        path = self._path(value.get("fileUri", value.get("fileURI")))
        before, after = take(value, "originalEditableRange", str), take(value, "completion", str)
        if value.get("accepted") is not True:
            raise Unreadable(_NOT_ACCEPTED)
        shown = value.get("userExcerpts")
        if (
            isinstance(shown, str)
            and is_text(shown)
            and before
            and shown.count(before) == 1
            and "<|" not in shown
        ):
            before, after = shown, shown.replace(before, after)
        self._edit(time, path, (before, after), Origin.AGENT)

    def _asked(self, value: dict[str, Any], time: int) -> None:
        path = self._path(value.get("filepath"))
        before, after = take(value, "previousCode", str), take(value, "newCode", str)
        prompt = take(value, "prompt", str).strip()
        if value.get("accepted") is not True:
            raise Unreadable(_NOT_ACCEPTED)
        asked = bool(prompt) and prompt != "Unknown prompt"
        origin = Origin.HUMAN if asked else Origin.AGENT
        whole = 0, len(before)  # what the user had chosen, or in agent mode a file
        self._edit(time, path, (before, after), origin, hint=prompt if asked else None, region=whole)

    def _edit(
        self,
        time: int,
        path: str,
        texts: tuple[str, str],
        origin: Origin,
        *,
        caret: int | None = None,
        hint: str | None = None,
        region: tuple[int, int] | None = None,
    ) -> None:
        before, after = texts
        session = self.session
        if not session.knows(path) or session.document(path).text() != before:
            session.state(time, path, before)
        if caret is not None:
            session.caret(time, path, caret, caret)
        session.replace(time, path, edits_between(before, after), origin, hint, region=region)
        self._is_news(path, diff_between(before, after))

    def _is_news(self, path: str, diff: str) -> bool:
        """Whether an edit has not been told before; from now on it has."""
        known = path, changed_lines(diff)
        news = known not in self._told
        self._told.add(known)
        return news


_HANDLERS: Final[dict[str, Handler]] = {
    "nextEditWithHistory": _Events._with_history,  # noqa: SLF001 - the table of the class's own methods
    "nextEditOutcome": _Events._outcome,  # noqa: SLF001
    "editOutcome": _Events._asked,  # noqa: SLF001
}
