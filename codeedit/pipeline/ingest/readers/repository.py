"""A git repository, read with the ``git`` command line and nothing that a repository could make it run.

Only plumbing that reads: no hooks, no pager, no network, no filters, no file system monitor, no settings but
the repository's own.  Nothing is written.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

from codeedit.pipeline.ingest.readers.fields import Unreadable
from codeedit.pipeline.syntax import language_of

LARGEST: Final = 1 << 20  # bytes of a file that is read
_MOST_CHANGES: Final = 1_000  # of a commit that are kept in mind
_SETTINGS: Final = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.pager=cat",
    "core.untrackedCache=false",
    "gc.auto=0",
    "log.showSignature=false",
    "log.mailmap=false",
    "protocol.allow=never",
)
_ENVIRONMENT: Final = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_RAW: Final = (  # how commits are told
    *("--no-ext-diff", "--no-textconv", "--no-color", "--root", "--raw", "-r", "-z", "-M", "-l200"),
    *("--no-abbrev", "--ignore-submodules=none", "--format=%x01%H%x02%P%x02%at%x02%an%x02%ae"),
)
_NO_COMMIT: Final = "commit is not in the repository"


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file in a commit, against the first parent."""

    status: str  # A, M, D, R (renamed), C (copied), T (another type)
    old_mode: str
    new_mode: str
    old_blob: str
    new_blob: str
    old_path: bytes
    path: bytes


@dataclass(slots=True)
class Commit:
    """A commit and the files that it changes."""

    id: str
    parents: tuple[str, ...]
    time_ms: int  # the author's, since 1970
    author: str
    email: str
    changes: list[FileChange] = field(default_factory=list)  # in path order
    count: int = 0  # of changes, those that are not kept in mind included


@dataclass(frozen=True, slots=True)
class _Object:
    id: str
    kind: bytes  # blob, commit, tree, tag
    data: bytes | None = None  # unless there are more than LARGEST


def git_folder(folder: Path) -> Path | None:
    """Return where a folder's repository lies, ``None`` where it is none."""
    for place in (folder / ".git", folder):
        if (place / "HEAD").is_file() and (place / "objects").is_dir():
            return place
    link = folder / ".git"
    return link if link.is_file() and link.read_bytes()[:8] == b"gitdir: " else None


def has_git() -> bool:
    """Whether the ``git`` command is there."""
    return shutil.which("git") is not None


class Repository:
    """A repository to read from; closes what it started when it is left."""

    def __init__(self, git: Path) -> None:
        self._git = git
        self._objects: subprocess.Popen[bytes] | None = None
        self._changes: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in (self._objects, self._changes):
            if process is not None:
                _end(process)
        self._objects = self._changes = None

    def _start(self, *arguments: str, talk: bool = False) -> subprocess.Popen[bytes]:
        settings = [part for setting in _SETTINGS for part in ("-c", setting)]
        environment = {**_ENVIRONMENT, "PATH": os.environ.get("PATH", os.defpath)}
        return subprocess.Popen(
            ["git", "--no-pager", f"--git-dir={self._git.resolve()}", *settings, *arguments],
            stdin=subprocess.PIPE if talk else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )

    def has_code(self) -> bool:
        """Whether the newest commit has a file in one of the ten languages."""
        listing = self._start("ls-tree", "-r", "-z", "--name-only", "HEAD")
        try:
            return any(
                language_of(name.decode("utf-8", "replace")) is not None for name in _parts(listing.stdout)
            )
        finally:
            _end(listing)

    def commits(self, revision: str) -> Iterator[Commit]:
        """Yield a revision, such as ``HEAD``, and all that came before it, parents first.

        Raises:
            Unreadable: after what could be read, where a commit is missing or damaged.
        """
        log = self._start(
            *("log", "--no-show-signature", "--no-decorate", "--no-notes", "--no-mailmap", "--reverse"),
            *("--topo-order", *_RAW, "--end-of-options", revision, "--"),
        )
        try:
            yield from _commits(_parts(log.stdout))
            if log.wait() != 0:
                raise Unreadable(_NO_COMMIT)
        finally:
            _end(log)

    def commit(self, name: str) -> Commit:
        """Return one commit; one process answers for all of them.

        Args:
            name: the id or its beginning, in hexadecimal.

        Raises:
            Unreadable: the commit is missing or damaged, or its name means several.
        """
        found = self._object(f"{name}^{{commit}}")
        if found is None or not found.id.startswith(name):
            raise Unreadable(_NO_COMMIT)
        self._changes = _alive(self._changes) or self._start(
            "diff-tree", "--stdin", "--always", *_RAW, talk=True
        )
        # What is no id comes back as it is: it marks the answer's end. No path can hold its commit's id.
        mark = f"#{found.id}"
        _ask(self._changes, f"{found.id}\n{mark}")
        try:
            commits = list(_commits(_parts(self._changes.stdout, f"{mark}\n".encode())))
        except Unreadable:
            _end(self._changes)
            self._changes = None
            raise
        if not commits:
            raise Unreadable(_NO_COMMIT)
        return commits[0]

    def blob(self, name: str) -> bytes | None:
        """Return a file's bytes, ``None`` where it is missing or larger than ``LARGEST``."""
        found = self._object(name)
        return None if found is None or found.kind != b"blob" else found.data

    def _object(self, name: str) -> _Object | None:
        self._objects = _alive(self._objects) or self._start("cat-file", "--batch", talk=True)
        answered = self._objects.stdout
        if not _ask(self._objects, name) or answered is None:
            return None
        head = answered.readline().split()
        if len(head) != 3 or not head[2].isdigit():
            return None
        left = int(head[2]) + 1
        found = _Object(head[0].decode(), head[1])
        if left > LARGEST + 1:
            while left > 0 and (passed := answered.read(min(left, 1 << 20))):
                left -= len(passed)
            return found
        data = answered.read(left)
        return _Object(found.id, found.kind, data[:-1]) if len(data) == left else None


def _alive(process: subprocess.Popen[bytes] | None) -> subprocess.Popen[bytes] | None:
    """Return a process if it runs; git ends at a damaged object."""
    if process is not None and process.poll() is not None:
        _end(process)
        return None
    return process


def _ask(process: subprocess.Popen[bytes], line: str) -> bool:
    """Write a line to a process; return whether it took it."""
    if process.stdin is None:
        return False
    try:
        process.stdin.write(f"{line}\n".encode())
        process.stdin.flush()
    except OSError:
        return False
    return True


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:
                continue
    process.wait()


def _parts(stream: IO[bytes] | None, mark: bytes | None = None) -> Iterator[bytes]:
    """Yield what stands between NUL characters, up to the stream's end or to a mark behind one of them.

    Raises:
        Unreadable: the stream ended without its mark.
    """
    rest = b""
    while stream is not None and (data := os.read(stream.fileno(), 1 << 16)):
        *parts, rest = (rest + data).split(b"\0")
        yield from parts
        if rest == mark:
            return
    if mark is not None:
        raise Unreadable(_NO_COMMIT)
    if rest:
        yield rest


def _commits(parts: Iterator[bytes]) -> Iterator[Commit]:
    commit: Commit | None = None
    for part in parts:
        text = part.lstrip(b"\n")
        if text.startswith(b"\x01"):
            if commit is not None:
                yield commit
            commit = _head(text)
        elif text.startswith(b":") and commit is not None:
            fields = text[1:].decode("ascii", "replace").split(" ")
            first = next(parts, b"")
            second = next(parts, b"") if fields[-1][:1] in ("R", "C") else first
            commit.count += 1
            if len(fields) == 5 and len(commit.changes) < _MOST_CHANGES:
                old_mode, new_mode, old_blob, new_blob, status = fields
                change = FileChange(status[:1], old_mode, new_mode, old_blob, new_blob, first, second)
                commit.changes.append(change)
    if commit is not None:
        yield commit


def _head(text: bytes) -> Commit:
    name, parents, time, author, email = text[1:].decode("utf-8", "replace").split("\x02", 4)
    return Commit(name, tuple(parents.split()), int(time or "0") * 1_000, author, email)
