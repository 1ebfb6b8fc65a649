"""The files of a crowd-code session, version 2: chunks and snapshots, loose or packed."""

from __future__ import annotations

import json
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, cast

from codeedit.pipeline.ingest.readers.json_entries import NOT_JSON
from codeedit.pipeline.ingest.unpack import LARGEST_WHOLE, TooLargeError, open_log, whole

_CHUNK = re.compile(r"(?:\A|/)chunk_(\d{1,9})\.json\Z")
_PART = re.compile(r"\Asource_part_(\d{1,9})\.tar\.gz\Z")
_SNAPSHOT = re.compile(r"(?:\A|/)(snapshot_\w{1,40})\.json\Z")
_BEGIN: Final = re.compile(rb'\A(?:\xef\xbb\xbf)?\s*\{[^{\[]*?"version"\s*:\s*"2[.\d]*"')


def is_chunk(head: bytes) -> bool:
    """Whether a file that begins like this is a chunk."""
    return _BEGIN.match(head) is not None and b'"chunkIndex"' in head


def is_session_folder(folder: Path) -> bool:
    """Whether a folder holds chunks, loose or packed."""
    for entry in folder.iterdir():
        if _PART.match(entry.name) and entry.is_file():
            return True
        if _CHUNK.search(entry.name) and entry.is_file():
            with open_log(entry) as file:
                if is_chunk(file.read(4_096)):
                    return True
    return False


class SessionFiles:
    """Chunks in order, and snapshots by their id."""

    def __init__(self, path: Path) -> None:
        self.foreign: list[str] = []  # files of the folder that are no part of the session
        self._chunks: dict[int, Path | bytes] = {}
        self._snapshots: dict[str, Path | bytes] = {}
        if not path.is_dir():
            match = _CHUNK.search(path.name)
            self._chunks[int(match[1]) if match else 0] = path
            folder = path.parent / "snapshots"
            for entry in sorted(folder.iterdir()) if folder.is_dir() else ():
                self._add(entry.name, entry)
            return
        for entry in sorted(path.rglob("*")):
            if not entry.is_file() or entry.name.startswith("."):
                continue
            if _PART.match(entry.name):
                self._unpack(entry)
            elif not self._add(entry.relative_to(path).as_posix(), entry):
                self.foreign.append(entry.name)

    def _add(self, name: str, data: Path | bytes) -> bool:
        if chunk := _CHUNK.search(name):
            self._chunks[int(chunk[1])] = data
        elif snapshot := _SNAPSHOT.search(name):
            self._snapshots[snapshot[1]] = data
        return bool(chunk or snapshot)

    def _unpack(self, part: Path) -> None:
        with open_log(part) as file:
            try:
                with tarfile.open(fileobj=file, mode="r|") as packed:
                    for member in packed:
                        # A sparse file says its size and holds next to nothing: no recorder writes one.
                        plain = member.isfile() and not member.issparse() and member.size <= LARGEST_WHOLE
                        if plain and (held := packed.extractfile(member)) is not None:
                            self._add(member.name, held.read())
            except (tarfile.TarError, EOFError, ValueError):
                self.foreign.append(part.name)

    def events(self) -> Iterator[tuple[int, object, str]]:
        """Yield each event with its chunk's number (1-based), and why it could not be read, if so."""
        for number, data in sorted(self._chunks.items()):
            chunk = _load(data)
            events = chunk.get("events") if isinstance(chunk, dict) else None
            if not isinstance(events, list):
                yield number + 1, None, NOT_JSON if chunk is None else "not a chunk of a recording"
                continue
            for event in events:
                yield number + 1, event, ""

    def session(self) -> str:
        """Return the id of the session that the first chunk states."""
        for _, data in sorted(self._chunks.items()):
            chunk = _load(data)
            name = chunk.get("sessionId") if isinstance(chunk, dict) else None
            if isinstance(name, str):
                return name
        return ""

    def snapshot(self, name: str) -> dict[str, str] | None:
        """Return a snapshot's texts by absolute path; ``None`` where it is missing or damaged."""
        data = self._snapshots.get(name)
        texts = _load(data) if data is not None else None
        if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
            return None
        return texts


def _load(data: Path | bytes) -> object:
    try:
        if isinstance(data, bytes):
            return cast("object", json.loads(data))
        with open_log(data) as file:
            value: object = json.loads(whole(file))
    except (ValueError, RecursionError, TooLargeError):
        return None
    return value
