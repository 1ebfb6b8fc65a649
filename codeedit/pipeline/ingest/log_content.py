"""What a log holds, as a hash: the same content, the same tasks.

A file counts with its bytes, a folder with the names and bytes of its files, a git repository with its
references, its settings and the names of its objects, which are hashes themselves.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

from codeedit.pipeline.ingest.logs import LogFile, choose_reader
from codeedit.pipeline.ingest.readers.repository import git_folder, has_git

_SMALL_FILES: Final = (
    *("HEAD", "config", "config.worktree", "shallow", "packed-refs", "commondir"),
    *("info/grafts", "objects/info/alternates"),
)
_OBJECTS: Final = ("objects", "refs")


@runtime_checkable
class ReadsMore(Protocol):
    """A reader that reads other files and folders than the log itself, or fewer than all of it."""

    def reads(self, path: Path) -> Iterable[Path]:
        """Return the files, folders and repositories that it reads for a log."""
        ...


def log_content(file: LogFile, source: str) -> str:
    """Return a hash of all that a log's tasks can come from; empty where it cannot be read.

    Args:
        file: a log.
        source: a reader's name, or ``auto``.
    """
    digest = hashlib.sha256()
    if file.problem or not (file.path.is_file() or file.path.is_dir()):  # a loop of links, a pipe, a device
        return ""
    try:
        reader = choose_reader(file, source)
        digest.update(f"{reader.name if reader else ''}\0".encode())
        for path in reader.reads(file.path) if isinstance(reader, ReadsMore) else [file.path]:
            _add(digest, path)
    except OSError:
        return ""
    return digest.hexdigest()


def _add(digest: hashlib._Hash, path: Path) -> None:
    if path.name == ".git" or git_folder(path) == path:
        for part in _repository(path):
            digest.update(len(part).to_bytes(8, "big") + part)
        return
    for file in _files(path) if path.is_dir() else [path]:
        name = os.fsencode(file.relative_to(path)) if file != path else b""
        digest.update(len(name).to_bytes(8, "big") + name)
        with file.open("rb") as opened:
            digest.update(hashlib.file_digest(opened, "sha256").digest())


def _files(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.rglob("*")):
        if entry.is_file():
            yield entry


def _repository(git: Path) -> Iterator[bytes]:
    """Yield what tells a repository's state."""
    yield b"git" if has_git() else b"no git"
    if git.is_file():  # a work tree's link to its repository
        link = git.read_text("utf-8", "surrogateescape").removeprefix("gitdir: ").strip()
        git = (git.parent / link).resolve()
    common = git / "commondir"
    shared = (git / common.read_text("utf-8").strip()).resolve() if common.is_file() else git
    for place in dict.fromkeys((git, shared)):
        for name in _SMALL_FILES:
            if (place / name).is_file():
                yield name.encode() + b"\0" + (place / name).read_bytes()
        for name in _OBJECTS:
            for folder, folders, files in os.walk(place / name):
                folders.sort()
                for file in sorted(files):
                    path = Path(folder, file)
                    yield os.fsencode(path.relative_to(place))
                    yield path.read_bytes() if name == "refs" else path.stat().st_size.to_bytes(8, "big")
