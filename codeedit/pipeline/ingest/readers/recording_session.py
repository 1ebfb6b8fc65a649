"""One VS Code workspace recording in the making: its documents, and the events so far."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, TypeGuard
from urllib.parse import unquote

from codeedit.pipeline.ingest.document import Document, PositionError, is_text
from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.pipeline.ingest.readers.owners import owners
from codeedit.records import ContentEvent, CursorEvent, EditEvent, Event, Origin, Session

_MAX_TIME: Final = 1 << 53  # milliseconds; JSON numbers beyond it are not exact
# Who proposed the text, by the editor's name for the cause.  Snippets (a completion list's entry that
# the user chose), formatting and renames are the user's own commands, so they stay human; what came
# from disk is nobody's edit in the editor.
_AGENT = re.compile(
    r"inline_?(?:suggest|completion|edit|chat)|chat|copilot|agent|reloadFromDisk", re.IGNORECASE
)

Change = tuple[int, int, str]  # start, end, text; offsets in code points


class Unreadable(Exception):  # noqa: N818 - not an error for people
    """An entry that is not understood; ``reason`` never quotes it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class _Open:
    """A document of the recording."""

    path: str
    document: Document | None = None  # None: no content yet, or its text is in doubt
    version: int | None = None
    last: Any = None  # the last change, as it stood in the log
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
        return self.header is not None and _identity(entry) != _identity(self.header)

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
        root = _repository(self.header)
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
        identity = _identity(self.header) if self.header else None
        if identity is not None and identity[0]:
            digest.update(json.dumps(identity).encode())
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
        _check_time(entry)
        self.header = entry
        self.owners.update(owners(_repository(entry)))

    def _meta(self, entry: dict[str, Any]) -> None:
        if not isinstance(entry.get("data"), dict):
            raise Unreadable("wrong type of a field")
        if self.header is not None:
            raise Unreadable("repeated header")
        self.header = entry
        self.owners.update(owners(_repository(entry)))

    def _nothing(self, entry: dict[str, Any]) -> None:
        _check_time(entry)
        if entry["kind"] in ("opened", "closed", "focused"):
            self._known(entry)

    def _encountered(self, entry: dict[str, Any]) -> None:
        time, number, path = self._time(entry), entry.get("id"), entry.get("relativePath")
        if not _is_int(number):
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
        content = entry.get("content")
        if not isinstance(content, str) or not is_text(content):
            self._doubt(entry["id"])
            raise Unreadable("content is not text")
        self._restate(known, entry, time, content)

    def _store_content(self, entry: dict[str, Any]) -> None:
        _check_time(entry)
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
        version = _version(entry)
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
        if _is_int(version) and known.version is not None and version <= known.version:
            if version == known.version and edit == known.last:
                raise Unreadable("repeated entry")
            self._doubt(entry["id"])
            raise Unreadable("document version goes back")
        try:
            time, version = self._time(entry), _version(entry)
            changes = to_changes(edit, known.document)
        except Unreadable:
            self._doubt(entry["id"])
            raise
        begin = len(self.events)
        origin = Origin.AGENT if _is_agent(entry.get("metadata")) else Origin.HUMAN
        for event in to_events(changes, time, known.path, origin):
            known.document.replace(event.start, event.deleted, event.inserted)
            self.events.append(event)
        known.last = edit
        if version is not None:
            known.version = version
            self._versions[entry["id"], version] = slice(begin, len(self.events))
        if changes:
            self._last_edited = entry["id"]

    def _selection(self, entry: dict[str, Any]) -> None:
        known, time, selection = self._known(entry), self._time(entry), entry.get("selection")
        if known.document is None:
            raise Unreadable(_why_unknown(known))
        if not isinstance(selection, list) or not all(_is_span(span) for span in selection):
            raise Unreadable("wrong type of a field")
        if not selection:
            return
        try:
            start, end = (known.document.code_points(offset) for offset in selection[0])
        except PositionError:
            raise Unreadable("selection past the end of the document") from None
        self.events.append(CursorEvent(time, known.path, start, end))

    def _document_event(self, entry: dict[str, Any]) -> None:
        _check_time(entry)
        self._known(entry)
        data = entry.get("data")
        if not isinstance(data, dict):
            raise Unreadable("wrong type of a field")
        if data.get("sourceId") != "TextModel.setChangeReason" or not _is_agent(data):
            return
        if not _is_int(data.get("v")):
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
        if not _is_int(number):
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
        _check_time(entry)
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


def to_changes(edit: object, document: Document) -> list[Change]:
    """Check one entry's ``edit`` against the text before it and convert it to code points.

    Raises:
        Unreadable: wrong types, overlapping or unordered replacements, or an offset that is not there.
    """
    if not isinstance(edit, list):
        raise Unreadable("wrong type of a field")
    changes: list[Change] = []
    reached = 0  # UTF-16 code units
    for replacement in edit:
        if not isinstance(replacement, list) or len(replacement) != 3 or not _is_span(replacement[:2]):
            raise Unreadable("wrong type of a field")
        start, end, text = replacement
        if not is_text(text):
            raise Unreadable("inserted text is not text")
        if start < reached:
            raise Unreadable("overlapping replacements")
        try:
            changes.append((document.code_points(start), document.code_points(end), text))
        except PositionError as error:
            raise Unreadable(str(error)) from None
        reached = end
    return changes


def to_events(changes: list[Change], time: int, path: str, origin: Origin) -> Iterator[EditEvent]:
    """Yield one entry's replacements as events, last position first."""
    for place, (start, end, text) in enumerate(reversed(changes)):
        yield EditEvent(time, path, start, end - start, text, origin, joined=place > 0)


def normal_path(path: str) -> str:
    r"""Return a path with ``/`` for ``\``."""
    return path.replace("\\", "/")


def _repository(header: dict[str, Any] | None) -> str:
    if header is None:
        return ""
    data = header.get("data") if header.get("kind") == "meta" else header
    uri = data.get("repoRootUri") if isinstance(data, dict) else None
    return normal_path(unquote(uri)) if isinstance(uri, str) and is_text(uri) else ""


def _identity(header: dict[str, Any]) -> tuple[str, ...]:
    """Return what tells one recording from another: its uuid and, of a cut, its place in the longer log."""
    data = header.get("data") if header.get("kind") == "meta" else header
    fields = data if isinstance(data, dict) else {}
    names = ("uuid", "repoRootUri", "time", "opStart", "opEndEx")
    return tuple(json.dumps(fields[name]) if name in fields else "" for name in names)


def _is_int(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_span(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_int, value)) and 0 <= value[0] <= value[1]


def _check_time(entry: dict[str, Any]) -> None:
    time = entry.get("time")
    if not isinstance(time, int) or isinstance(time, bool) or abs(time) > _MAX_TIME:
        raise Unreadable("wrong type of a field" if time is not None else "no time")


def _version(entry: dict[str, Any]) -> int | None:
    version = entry.get("v")
    if version is not None and not _is_int(version):
        raise Unreadable("wrong type of a field")
    return version


def _is_agent(cause: object) -> bool:
    source = cause.get("source") if isinstance(cause, dict) else None
    return isinstance(source, str) and _AGENT.search(source) is not None


def _why_unknown(known: _Open) -> str:
    return "document in doubt" if known.in_doubt else "document without content"
