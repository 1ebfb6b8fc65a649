"""One VS Code workspace recording in the making: its documents, and the events so far."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from codeedit.pipeline.ingest.document import Document, PositionError, is_text
from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.pipeline.ingest.readers.fields import Unreadable, is_int, typed
from codeedit.pipeline.ingest.readers.owners import owners
from codeedit.pipeline.ingest.readers.recording_entries import (
    check_time,
    identity,
    is_agent,
    is_span,
    normal_path,
    repository,
    to_changes,
    to_events,
    version_of,
)
from codeedit.records import ContentEvent, CursorEvent, EditEvent, Event, Origin, Session


@dataclass(slots=True)
class _Open:
    """A document of the recording."""

    path: str
    document: Document | None = None  # None: no content yet, or its text is in doubt
    version: int | None = None
    last: dict[str, Any] | None = None  # the last change, as it stands in the log
    in_doubt: bool = False


@dataclass(slots=True)
class RecordingSession:
    """Takes entries in the log's order and becomes a ``Session``."""

    source: str
    file: str  # the file's name: part of the id of a recording without a header
    quarantine: Quarantine
    header: dict[str, Any] | None = None
    events: list[Event] = field(default_factory=list)
    following: tuple[EditEvent, ...] = ()
    owners: set[str] = field(default_factory=set)
    _documents: dict[int, _Open] = field(default_factory=dict)
    _owner_of: dict[str, int] = field(default_factory=dict)  # path -> id
    _stored: dict[str, str] = field(default_factory=dict)  # contentId -> text
    _versions: dict[tuple[int, int], slice] = field(default_factory=dict)  # (id, v) -> its events
    _base: int | None = None  # the time of the first event
    _last_edited: int | None = None

    def begins_another(self, entry: object) -> bool:
        """Whether this entry is the header of another recording than the one so far."""
        if not isinstance(entry, dict) or entry.get("kind") not in ("header", "meta"):
            return False
        return self.header is not None and identity(entry) != identity(self.header)

    def take(self, entry: object) -> None:
        """Take one entry.

        Raises:
            Unreadable: it is not understood; documents that it may have changed are in doubt.
        """
        if not isinstance(entry, dict) or not isinstance(entry.get("kind"), str):
            self.doubt_everything()
            raise Unreadable("not an entry of a recording")
        handler = _HANDLERS.get(entry["kind"])
        if handler is None:
            if {"edit", "content", "contentId"} & entry.keys():
                self._doubt(entry.get("id"))
            raise Unreadable("unknown kind of entry")
        handler(self, entry)

    def doubt_everything(self) -> None:
        """A record was lost that may have changed any document."""
        for known in self._documents.values():
            known.document, known.in_doubt = None, True

    def finish(self) -> Iterator[Session]:
        """Yield the session, if anything happened in it."""
        if not self.events:
            return
        root = repository(self.header)
        yield Session(
            id=self._id(),
            source=self.source,
            project=root.rstrip("/").rpartition("/")[2],
            events=tuple(self.events),
            following=self.following,
            identities=tuple(sorted(self.owners)),
        )

    def _id(self) -> str:
        digest = hashlib.sha256(self.source.encode())
        name = identity(self.header) if self.header else ("",)
        if name[0]:
            digest.update(json.dumps(name).encode())
        else:
            digest.update(self.file.encode("utf-8", "replace"))
            for event in self.events[:100]:
                digest.update(repr(event).encode("utf-8", "replace"))
        return digest.hexdigest()[:32]

    # Entries.

    def _header(self, entry: dict[str, Any]) -> None:
        if self.header is not None:
            raise Unreadable("repeated header")
        kind = entry.get("documentType", "workspaceRecording@1.0")
        if not isinstance(kind, str) or not kind.startswith("workspaceRecording@1."):
            raise Unreadable("unknown version of the format")
        check_time(entry)
        self.header = entry
        self.owners.update(owners(repository(entry)))

    def _meta(self, entry: dict[str, Any]) -> None:
        if not isinstance(entry.get("data"), dict):
            raise Unreadable("wrong type of a field")
        if self.header is not None:
            raise Unreadable("repeated header")
        self.header = entry
        self.owners.update(owners(repository(entry)))

    def _nothing(self, entry: dict[str, Any]) -> None:
        check_time(entry)
        if entry["kind"] in ("opened", "closed", "focused"):
            self._known(entry)

    def _encountered(self, entry: dict[str, Any]) -> None:
        time, number, path = self._time(entry), entry.get("id"), entry.get("relativePath")
        if not is_int(number):
            raise Unreadable("wrong type of a field")
        if not is_text(path) or not path or len(path) > 4_096 or "\n" in path or "\0" in path:
            self._doubt(number)
            raise Unreadable("wrong type of a field")
        path = normal_path(path)
        self.owners.update(owners(path))
        other = self._owner_of.get(path)
        if other is not None and other != number:
            self._doubt(other)
        known = self._documents.setdefault(number, _Open(path))
        if known.path != path:
            if known.document is not None:
                text = known.document.text()
                self.events.append(ContentEvent(time, path, text, renamed_from=known.path))
            if self._owner_of.get(known.path) == number:
                del self._owner_of[known.path]
            known.path = path
        self._owner_of[path] = number

    def _set_content(self, entry: dict[str, Any]) -> None:
        known, time = self._known(entry), self._time_or_doubt(entry)
        try:
            content = typed(entry.get("content"))
        except Unreadable:
            self._doubt(entry["id"])
            raise
        self._restate(known, entry, time, content)

    def _store_content(self, entry: dict[str, Any]) -> None:
        check_time(entry)
        known, name = self._known(entry), entry.get("contentId")
        if not isinstance(name, str):
            raise Unreadable("wrong type of a field")
        if known.document is None:
            self._stored.pop(name, None)
            raise Unreadable(_why_unknown(known))
        self._stored[name] = known.document.text()

    def _restore_content(self, entry: dict[str, Any]) -> None:
        known, time = self._known(entry), self._time_or_doubt(entry)
        name = entry.get("contentId")
        if not isinstance(name, str) or name not in self._stored:
            self._doubt(entry["id"])
            raise Unreadable("restored content was never stored")
        self._restate(known, entry, time, self._stored[name])

    def _restate(self, known: _Open, entry: dict[str, Any], time: int, content: str) -> None:
        if self._owner_of.get(known.path) != entry["id"]:
            raise Unreadable("document was replaced by another of the same path")
        version = version_of(entry)
        if known.document is not None:
            same = known.document.text() == content
            self.quarantine.agreed += same
            self.quarantine.disagreed += not same
        known.document, known.version, known.last, known.in_doubt = Document(content), version, None, False
        self.events.append(ContentEvent(time, known.path, content))

    def _changed(self, entry: dict[str, Any]) -> None:
        known = self._known(entry)
        if known.document is None:
            raise Unreadable(_why_unknown(known))
        version, edit = entry.get("v"), entry.get("edit")
        last = known.last or {}
        if entry == last or (is_int(version) and version == known.version and edit == last.get("edit")):
            raise Unreadable("repeated entry")
        if is_int(version) and known.version is not None and version <= known.version:
            self._doubt(entry["id"])
            raise Unreadable("document version goes back")
        try:
            time, version = self._time(entry), version_of(entry)
            changes = to_changes(edit, known.document)
        except Unreadable:
            self._doubt(entry["id"])
            raise
        begin = len(self.events)
        origin = Origin.AGENT if is_agent(entry.get("metadata")) else Origin.HUMAN
        for event in to_events(changes, time, known.path, origin):
            known.document.replace(event.start, event.deleted, event.inserted)
            self.events.append(event)
        known.last = entry
        if version is not None:
            known.version = version
            self._versions[entry["id"], version] = slice(begin, len(self.events))
        if changes:
            self._last_edited = entry["id"]

    def _selection(self, entry: dict[str, Any]) -> None:
        known, time, selection = self._known(entry), self._time(entry), entry.get("selection")
        if known.document is None:
            raise Unreadable(_why_unknown(known))
        if not isinstance(selection, list) or not all(is_span(span) for span in selection):
            raise Unreadable("wrong type of a field")
        if not selection:
            return
        try:
            start, end = (known.document.code_points(offset) for offset in selection[0])
        except PositionError:
            raise Unreadable("selection that is not in the document") from None
        self.events.append(CursorEvent(time, known.path, start, end))

    def _document_event(self, entry: dict[str, Any]) -> None:
        check_time(entry)
        self._known(entry)
        data = entry.get("data")
        if not isinstance(data, dict):
            raise Unreadable("wrong type of a field")
        if data.get("sourceId") != "TextModel.setChangeReason" or not is_agent(data):
            return
        if not is_int(data.get("v")):
            raise Unreadable("wrong type of a field")
        events = self._versions.get((entry["id"], data["v"]), slice(0, 0))
        for index in range(events.start, events.stop):
            event = self.events[index]
            if isinstance(event, EditEvent):
                self.events[index] = dataclasses.replace(event, origin=Origin.AGENT)

    def next_user_edit(self, value: object) -> None:
        """Take the edit that the user made after the log.

        Raises:
            Unreadable: it is not understood, or its document is not known.
        """
        if value is None:
            return
        if not isinstance(value, dict) or not is_text(value.get("relativePath", "")):
            raise Unreadable("wrong type of a field")
        path = normal_path(value.get("relativePath", ""))
        self.owners.update(owners(path))
        number = self._owner_of.get(path, self._last_edited)
        known = self._documents.get(number) if number is not None else None
        if known is None:
            raise Unreadable("next edit of an unknown document")
        if known.document is None:
            raise Unreadable(_why_unknown(known))
        changes = to_changes(value.get("edit"), known.document)
        time = self.events[-1].time_ms if self.events else 0
        self.following = tuple(to_events(changes, time, known.path, Origin.HUMAN))

    # What entries have in common.

    def _known(self, entry: dict[str, Any]) -> _Open:
        number = entry.get("id")
        if not is_int(number):
            raise Unreadable("wrong type of a field")
        known = self._documents.get(number)
        if known is None:
            raise Unreadable("unknown document")
        return known

    def _doubt(self, number: object) -> None:
        known = self._documents.get(number) if isinstance(number, int) else None
        if known is None:
            self.doubt_everything()
        else:
            known.document, known.in_doubt = None, True

    def _time(self, entry: dict[str, Any]) -> int:
        check_time(entry)
        time: int = entry["time"]
        if self._base is None:
            self._base = time
        return time - self._base

    def _time_or_doubt(self, entry: dict[str, Any]) -> int:
        try:
            return self._time(entry)
        except Unreadable:
            self._doubt(entry["id"])
            raise


_HANDLERS: Final[dict[str, Callable[[RecordingSession, dict[str, Any]], None]]] = {
    "header": RecordingSession._header,  # noqa: SLF001 - the table of the class's own methods
    "meta": RecordingSession._meta,  # noqa: SLF001
    "applicationStart": RecordingSession._nothing,  # noqa: SLF001
    "documentEncountered": RecordingSession._encountered,  # noqa: SLF001
    "setContent": RecordingSession._set_content,  # noqa: SLF001
    "storeContent": RecordingSession._store_content,  # noqa: SLF001
    "restoreContent": RecordingSession._restore_content,  # noqa: SLF001
    "opened": RecordingSession._nothing,  # noqa: SLF001
    "closed": RecordingSession._nothing,  # noqa: SLF001
    "focused": RecordingSession._nothing,  # noqa: SLF001
    "changed": RecordingSession._changed,  # noqa: SLF001
    "selectionChanged": RecordingSession._selection,  # noqa: SLF001
    "documentEvent": RecordingSession._document_event,  # noqa: SLF001
    "event": RecordingSession._nothing,  # noqa: SLF001
    "bookmark": RecordingSession._nothing,  # noqa: SLF001
}


def _why_unknown(known: _Open) -> str:
    return "document in doubt" if known.in_doubt else "document without content"
