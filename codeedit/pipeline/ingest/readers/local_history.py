"""VS Code's Local History: full copies of files as they were saved.

Written from a description of ``User/History`` (2022 to 2024); no real history was at hand.  Each file has a
folder with an ``entries.json`` and its snapshots.  The log is the folder of all of them, so that the saves of
different files stand in order; one file's folder alone will do.

An edit is the difference of two snapshots of one file.  What it was before the first one of a session is not
known, and neither is the order of the places that one save changed: they are one action.  Saves with less
than half an hour between them are a session.  A snapshot whose source is an extension's is not the user's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from codeedit.pipeline.ingest.document import is_text
from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.pipeline.ingest.readers.fields import Unreadable, count, take
from codeedit.pipeline.ingest.readers.log_session import LogSession
from codeedit.pipeline.ingest.readers.places import relative
from codeedit.pipeline.ingest.readers.text_edits import edits_between
from codeedit.records import Origin, Session

ENTRIES: Final = "entries.json"
_SNIFF = re.compile(rb'\A(?:\xef\xbb\xbf)?\s*\{(?=.*?"resource"\s*:\s*")(?=.*?"entries"\s*:\s*\[)', re.DOTALL)
_FOLDER = re.compile(r"-?[0-9a-f]{1,16}")
_SNAPSHOT = re.compile(r"[A-Za-z0-9]{4}(?:\..{1,40})?")
_REST_MS: Final = 1_800_000
_LARGEST: Final = 4 << 20  # bytes of a snapshot or of entries.json; VS Code keeps at most 256 KiB
_NO_EDIT: Final = frozenset(  # the file as it is then, under a new name or read anew
    {"moved.source", "renamed.source", "textFileCreate.source", "textFileEncoding.source"}
)


@dataclass(frozen=True, slots=True)
class _Save:
    time_ms: int  # since 1970
    resource: str
    number: int  # of its entry, 1-based
    snapshot: Path
    source: str


class LocalHistory:
    """Reader of ``User/History``, or of one file's folder in it."""

    name = "local-history"

    def sniff(self, head: bytes) -> bool:
        """Whether the file is an ``entries.json``."""
        return _SNIFF.match(head) is not None

    def claims(self, folder: Path) -> bool:
        """Whether the folder holds one file's snapshots, or nothing but such folders."""
        if self._is_list(folder / ENTRIES):
            return True
        entries = [entry for entry in folder.iterdir() if not entry.name.startswith(".")]
        if not all(_FOLDER.fullmatch(entry.name) and entry.is_dir() for entry in entries):
            return False
        return any(self._is_list(entry / ENTRIES) for entry in entries)

    def _is_list(self, file: Path) -> bool:
        if not file.is_file():
            return False
        with file.open("rb") as opened:
            return self.sniff(opened.read(65_536))

    def reads(self, path: Path) -> Iterator[Path]:
        """Yield the folder of what is listed, and not only the list."""
        yield path if path.is_dir() else path.parent

    def read(self, path: Path, quarantine: Quarantine) -> Iterator[Session]:
        """Yield the sessions of a history.

        Raises:
            OSError: a file cannot be read.
        """
        folder = path if path.is_dir() else path.parent
        folders = [folder] if (folder / ENTRIES).exists() else sorted(folder.iterdir())
        saves = [save for each in folders if each.is_dir() for save in _saves(each, quarantine)]
        saves.sort(key=lambda save: (save.time_ms, save.resource, save.number))
        session = LogSession(self.name, quarantine)
        for before, save in pairwise([None, *saves]):
            if save is None:
                continue
            if before is not None and save.time_ms - before.time_ms > _REST_MS:
                yield from session.finish()
                session = LogSession(self.name, quarantine)
            try:
                _take(session, save)
            except Unreadable as error:
                quarantine.add(save.number, error.reason)
        yield from session.finish()


def _saves(folder: Path, quarantine: Quarantine) -> Iterator[_Save]:
    """Yield the saves of one file, in the order of its entries; those that are not listed come last."""
    snapshots = {
        entry.name: entry
        for entry in sorted(folder.iterdir())
        if _SNAPSHOT.fullmatch(entry.name) and entry.is_file()
    }
    try:
        resource, entries = _list(folder / ENTRIES)
    except Unreadable as error:
        quarantine.add_file(error.reason)
        return
    for number, entry in enumerate(entries, 1):
        quarantine.read += 1
        try:
            snapshot = snapshots.pop(take(entry, "id", str), None)
            time, source = count(entry, "timestamp"), entry.get("source", "")
        except Unreadable as error:
            quarantine.add(number, error.reason)
            continue
        if snapshot is None:
            quarantine.add(number, "snapshot is missing")
        else:
            yield _Save(time, resource, number, snapshot, source if isinstance(source, str) else "?")
    for number, snapshot in enumerate(snapshots.values(), len(entries) + 1):
        quarantine.read += 1
        yield _Save(snapshot.stat().st_mtime_ns // 1_000_000, resource, number, snapshot, "")


def _list(file: Path) -> tuple[str, list[Any]]:
    try:
        data = _bytes(file) if file.is_file() else b""
        value = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Unreadable("not JSON" if file.is_file() else "snapshots without a list") from None
    resource = take(value, "resource", str)
    relative(resource)
    if value.get("version") != 1:
        raise Unreadable("unknown version of the format")
    return resource, take(value, "entries", list)


def _bytes(file: Path) -> bytes:
    if file.stat().st_size > _LARGEST:
        raise Unreadable("too large for a snapshot")
    return file.read_bytes()


def _take(session: LogSession, save: _Save) -> None:
    path = relative(save.resource)
    session.owned(save.resource)
    session.project = session.project or path.partition("/")[0] * ("/" in path)
    try:
        text = _bytes(save.snapshot).decode("utf-8")
    except UnicodeDecodeError:
        session.doubt(path)
        raise Unreadable("not UTF-8") from None
    except Unreadable:
        session.doubt(path)
        raise
    if not is_text(text):
        session.doubt(path)
        raise Unreadable("text is not text")
    if not session.knows(path) or save.source in _NO_EDIT:
        session.state(save.time_ms, path, text)
        return
    before = session.document(path).text()
    own = not save.source or save.source.endswith(".source")
    session.replace(save.time_ms, path, edits_between(before, text), Origin.HUMAN if own else Origin.AGENT)
