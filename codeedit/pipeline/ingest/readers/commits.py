"""Commits, replayed as if someone had typed them: file by file, place by place, with made-up times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from codeedit.pipeline.ingest.readers.fields import Unreadable
from codeedit.pipeline.ingest.readers.log_session import LogSession
from codeedit.pipeline.ingest.readers.places import relative
from codeedit.pipeline.ingest.readers.repository import Commit, FileChange, Repository
from codeedit.pipeline.ingest.readers.text_edits import edits_between
from codeedit.records import Origin

MOST_FILES: Final = 50  # of a commit
_MOST_PLACES: Final = 100  # of a file in a commit
_STEP_MS: Final = 12_000  # between two places; longer than the break that ends a burst
_PAUSE_MS: Final = 60_000  # between two commits
_FILE_MODES: Final = frozenset({"100644", "100755", "000000"})
_NOBODY: Final = frozenset({"root", "user", "admin", "unknown", "noreply", "github", "runner", "developer"})


@dataclass(slots=True)
class Author:
    """Types commits into a session."""

    session: LogSession
    repository: Repository
    now: int = 0  # milliseconds since the session's start

    def begin(self, commit: Commit) -> None:
        """Begin with a commit: some time after the last."""
        self.now += _PAUSE_MS
        named = {commit.author, commit.email}
        self.session.identities |= {name for name in named if len(name) > 3 and name.lower() not in _NOBODY}

    def type(self, change: FileChange, hint: str | None = None) -> None:
        """Type one file's changes.

        Raises:
            Unreadable: it is no text, too large, or not to be typed at all.
        """
        if not {change.old_mode, change.new_mode} <= _FILE_MODES:
            raise Unreadable("link or submodule")
        path, old_path = _path(change.path), _path(change.old_path)
        if change.status == "D":
            self.session.forget(path)
            return
        after = self._text(change.new_blob)
        if change.status == "A":
            self.session.state(self.now, path, after)
            return
        before = self._text(change.old_blob)
        changes = edits_between(before, after)
        if len(changes) > _MOST_PLACES:
            raise Unreadable("file that changes in too many places")
        session = self.session
        if change.status == "R" and session.knows(old_path):
            session.state(self.now, path, before, renamed_from=old_path)
        elif not session.knows(path) or session.document(path).text() != before:
            session.state(self.now, path, before)
        shift = 0
        for start, end, text in changes:
            session.replace(self.now, path, [(start + shift, end + shift, text)], Origin.SYNTHETIC, hint)
            shift += len(text) - (end - start)
            self.now += _STEP_MS

    def _text(self, blob: str) -> str:
        data = self.repository.blob(blob)
        if data is None:
            raise Unreadable("file that is too large or missing")
        if b"\0" in data:
            raise Unreadable("binary file")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            raise Unreadable("not UTF-8") from None


def _path(path: bytes) -> str:
    try:
        return relative(path.decode("utf-8"))
    except UnicodeDecodeError:
        raise Unreadable("path is not UTF-8") from None


def type_commit(author: Author, commit: Commit, hint: str | None = None) -> Iterator[str]:
    """Type a commit; yield for each of its files, or of a merge once, why it was not typed, or ``""``."""
    if len(commit.parents) > 1:
        yield "merge commit"
        return
    if commit.count > MOST_FILES:
        for _ in range(commit.count):
            yield "commit that changes too many files"
        return
    author.begin(commit)
    for change in commit.changes:
        try:
            author.type(change, hint)
        except Unreadable as error:
            yield error.reason
        else:
            yield ""
