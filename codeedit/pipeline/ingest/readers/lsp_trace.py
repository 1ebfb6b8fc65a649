"""Language server traces: what an editor tells a language server about its documents.

Source: the Language Server Protocol 3.17, text synchronization (``didOpen``, ``didChange``, ``didSave``,
``didClose``), in the forms of ``lsp_messages`` and ``lsp_wire``.  Only messages from the editor count.

In full synchronization a change holds the whole new text, and what was edited is found by comparing.  In
incremental synchronization its replacements apply one after the other; lines are 0-based, and ``character``
counts UTF-16 code units unless the answer to ``initialize`` agreed on another encoding.  No public trace of
that kind was found: this part is written from the protocol's description.

A trace has times of day and no date: a large jump back is midnight.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from codeedit.pipeline.ingest.document import is_text
from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.pipeline.ingest.readers.fields import WRONG_TYPE, Unreadable, is_int, take, typed
from codeedit.pipeline.ingest.readers.log_session import LogSession
from codeedit.pipeline.ingest.readers.lsp_messages import Message, read_messages
from codeedit.pipeline.ingest.readers.lsp_wire import BEGIN, messages_of_lines
from codeedit.pipeline.ingest.readers.places import plain, relative
from codeedit.pipeline.ingest.readers.positions import ENCODINGS, length_in, offset_at, units_at
from codeedit.pipeline.ingest.readers.text_edits import edits_between
from codeedit.pipeline.ingest.readers.utf16 import from_units
from codeedit.pipeline.ingest.unpack import open_log
from codeedit.records import Session

_SNIFF = re.compile(
    rb"^\[Trace - [^\]\n]{1,40}\] (?:Sending|Received) (?:notification|request|response) '"
    rb'|"msgKind"\s*:\s*"(?:send|recv)-(?:notification|request|response)"',
    re.MULTILINE,
)
_HALF_DAY_MS: Final = 43_200_000
_REPEATED: Final = "repeated entry"


class LspTrace:
    """Reader of language server traces."""

    name = "lsp-trace"

    def sniff(self, head: bytes) -> bool:
        """Whether a message of a trace stands near the beginning."""
        return _SNIFF.search(head) is not None or BEGIN.search(head) is not None

    def read(self, path: Path, quarantine: Quarantine) -> Iterator[Session]:
        """Yield the trace's sessions: a new one where the server is initialized anew.

        Raises:
            OSError: the file cannot be read.
        """
        trace = _Trace(quarantine)
        with open_log(path) as file:
            in_lines = BEGIN.search(file.read(65_536)) is not None
        for message in messages_of_lines(path) if in_lines else read_messages(path):
            quarantine.read += 1
            if message.broken:
                quarantine.add(message.line, message.broken)
                if not message.last:
                    trace.session.doubt()
                continue
            if message.method == "initialize" and message.sent and message.kind == "request":
                yield from trace.session.finish()
                trace = _Trace(quarantine)
            try:
                trace.take(message)
            except Unreadable as error:
                quarantine.add(message.line, error.reason)
        yield from trace.session.finish()


class _Trace:
    """One run of a server: its documents, and how positions are counted."""

    def __init__(self, quarantine: Quarantine) -> None:
        self.session = LogSession(LspTrace.name, quarantine)
        self._roots: list[str] = []
        self._encoding = "utf-16"
        self._versions: dict[str, tuple[int | None, Any]] = {}  # path -> version, and the change to it
        self._day = self._last = 0

    def take(self, message: Message) -> None:
        """Take one message.

        Raises:
            Unreadable: it is not understood; documents that it may have changed are in doubt.
        """
        if message.method == "initialize":
            self._initialize(message)
            return
        if not message.sent or message.kind != "notification":
            return
        handler = _HANDLERS.get(message.method)
        if handler is None:
            return
        uri = take(take(message.arg, "textDocument", dict), "uri", str) if self._named(message) else None
        if uri is None:
            self.session.doubt()
            raise Unreadable(WRONG_TYPE)
        path = relative(uri, self._roots)
        self.session.owned(uri)
        try:
            handler(self, self._time(message), path, message.arg)
        except Unreadable as error:
            if error.reason != _REPEATED and message.method in (
                "textDocument/didOpen",
                "textDocument/didChange",
            ):
                self.session.doubt(path)
            raise

    @staticmethod
    def _named(message: Message) -> bool:
        document = message.arg.get("textDocument") if isinstance(message.arg, dict) else None
        return isinstance(document, dict) and is_text(document.get("uri"))

    def _time(self, message: Message) -> int:
        time_of_day = message.time_ms
        if time_of_day is None:  # no time, or in a form of another country
            time_of_day = self._last
        if self._last - time_of_day > _HALF_DAY_MS:
            self._day += 1
        self._last = time_of_day
        return self._day * 2 * _HALF_DAY_MS + time_of_day

    def _initialize(self, message: Message) -> None:
        arg = message.arg
        if not isinstance(arg, dict):
            raise Unreadable(WRONG_TYPE)
        if message.kind == "request":
            folders = arg.get("workspaceFolders")
            places = [arg.get("rootUri") or arg.get("rootPath")]
            if isinstance(folders, list):
                places += [folder.get("uri") for folder in folders if isinstance(folder, dict)]
            for place in places:
                if isinstance(place, str) and is_text(place):
                    self.session.owned(place)
                    self._roots.append(plain(place))
            if self._roots:
                self.session.project = self._roots[0].rstrip("/").rpartition("/")[2]
        elif message.kind == "response":
            capabilities = arg.get("capabilities")
            agreed = capabilities.get("positionEncoding") if isinstance(capabilities, dict) else None
            agreed = agreed or arg.get("offsetEncoding") or "utf-16"
            if agreed not in ENCODINGS:
                self._encoding = ""
                raise Unreadable("unknown encoding of positions")
            self._encoding = agreed

    # Notifications.

    def _open(self, time: int, path: str, arg: dict[str, Any]) -> None:
        document = arg["textDocument"]
        text = typed(document.get("text"))
        self.session.restate(time, path, text)
        self._versions[path] = (_version(document), None)

    def _close(self, _time: int, path: str, _arg: dict[str, Any]) -> None:
        self.session.forget(path)

    def _save(self, time: int, path: str, arg: dict[str, Any]) -> None:
        if arg.get("text") is not None:
            self.session.restate(time, path, typed(arg.get("text")))

    def _change(self, time: int, path: str, arg: dict[str, Any]) -> None:
        changes = arg.get("contentChanges")
        if not isinstance(changes, list):
            raise Unreadable(WRONG_TYPE)
        version = _version(arg["textDocument"])
        if self.session.knows(path) and path in self._versions:
            before, last = self._versions[path]
            if version is not None and version == before and last == changes:
                raise Unreadable(_REPEATED)
            if version is not None and before is not None and version <= before:
                raise Unreadable("document version goes back")
        for change in changes:
            if isinstance(change, dict) and change.get("range") is not None:
                self._replace(time, path, change)
                continue
            text = typed(change.get("text") if isinstance(change, dict) else None)
            if self.session.knows(path):
                known = self.session.document(path).text()
                self.session.replace(time, path, edits_between(known, text))
            else:
                self.session.state(time, path, text)
        self._versions[path] = (version, changes)

    def _replace(self, time: int, path: str, change: dict[str, Any]) -> None:
        document = self.session.document(path)
        span, text = take(change, "range", dict), typed(change.get("text"))
        in_units = self._encoding == "utf-16"
        start, end = (
            units_at(document, span.get(which))
            if in_units
            else offset_at(document, span.get(which), self._encoding)
            for which in ("start", "end")
        )
        if end < start:
            raise Unreadable("range that ends before it begins")
        length = change.get("rangeLength")
        stated = end - start if in_units else length_in(document.slice(start, end), self._encoding)
        if is_int(length) and length != stated:
            raise Unreadable("length of a range is not the stated one")
        changes = from_units(document, [(start, end, text)]) if in_units else [(start, end, text)]
        self.session.replace(time, path, changes)


def _version(document: dict[str, Any]) -> int | None:
    """Return the version that a message states; older clients may send ``null``."""
    version = document.get("version")
    if version is not None and not is_int(version):
        raise Unreadable(WRONG_TYPE)
    return version


_HANDLERS: Final = {
    "textDocument/didOpen": _Trace._open,  # noqa: SLF001 - the table of the class's own methods
    "textDocument/didChange": _Trace._change,  # noqa: SLF001
    "textDocument/didSave": _Trace._save,  # noqa: SLF001
    "textDocument/didClose": _Trace._close,  # noqa: SLF001
}
