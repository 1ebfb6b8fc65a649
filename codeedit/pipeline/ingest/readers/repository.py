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
_FORMAT: Final = "%x01%H%x02%P%x02%at%x02%an%x02%ae"


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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._objects is not None:
            _end(self._objects)
            self._objects = None

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

    def commits(self, *revisions: str, walk: bool = True) -> Iterator[Commit]:
        """Yield commits, parents first.

        Args:
            revisions: where to begin, such as ``HEAD``.
            walk: with all that came before them.

        Raises:
            Unreadable: after what could be read, where a commit is missing or damaged.
        """
        log = self._start(
            *("log", "--no-show-signature", "--no-ext-diff", "--no-textconv", "--no-color", "--no-decorate"),
            *("--no-notes", "--no-mailmap", "--reverse", "--topo-order", "--root", "--raw", "-r", "-z", "-M"),
            *("-l200", "--no-abbrev", "--ignore-submodules=none", f"--format={_FORMAT}"),
            *(() if walk else ("--no-walk=unsorted",)),
            *("--end-of-options", *revisions, "--"),
        )
        try:
            yield from _commits(_parts(log.stdout))
            if log.wait() != 0:
                raise Unreadable("commit is not in the repository")
        finally:
            _end(log)

    def blob(self, name: str) -> bytes | None:
        """Return a file's bytes, ``None`` where it is missing or larger than ``LARGEST``."""
        if self._objects is not None and self._objects.poll() is not None:  # it met a damaged one
            _end(self._objects)
            self._objects = None
        if self._objects is None:
            self._objects = self._start("cat-file", "--batch", talk=True)
        asked, answered = self._objects.stdin, self._objects.stdout
        if asked is None or answered is None:
            return None
        try:
            asked.write(f"{name}\n".encode())
            asked.flush()
        except OSError:
            return None
        head = answered.readline().split()
        if len(head) != 3 or not head[2].isdigit():
            return None
        left = int(head[2]) + 1
        if left > LARGEST + 1 or head[1] != b"blob":
            while left > 0 and (passed := answered.read(min(left, 1 << 20))):
                left -= len(passed)
            return None
        data = answered.read(left)
        return data[:-1] if len(data) == left else None


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:
                continue
    process.wait()


def _parts(stream: IO[bytes] | None) -> Iterator[bytes]:
    """Yield what stands between NUL characters."""
    rest = b""
    while stream is not None and (data := stream.read(1 << 16)):
        *parts, rest = (rest + data).split(b"\0")
        yield from parts
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
