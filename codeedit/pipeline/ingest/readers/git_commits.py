"""Git repositories: commits become plausible sessions, for volume where there are no logs.

A run of commits by one author, each the parent of the next and at most eight hours apart, is a session.  Its
edits are typed in path order, place by place from the top, with made-up times; they and their tasks are
marked ``synthetic``.  A file that a commit adds is a new text and no edit.  Merges are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.pipeline.ingest.readers.commits import Author, type_commit
from codeedit.pipeline.ingest.readers.fields import Unreadable
from codeedit.pipeline.ingest.readers.log_session import LogSession
from codeedit.pipeline.ingest.readers.repository import Commit, Repository, git_folder, has_git
from codeedit.records import Session

_REST_MS: Final = 8 * 3_600_000
_MOST_COMMITS: Final = 50  # of a session


class GitCommits:
    """Reader of repositories: a folder with ``.git``, or a bare one."""

    name = "git"

    def sniff(self, head: bytes) -> bool:  # noqa: ARG002 - no file is a repository
        """Return ``False``: a repository is a folder."""
        return False

    def claims(self, folder: Path) -> bool:
        """Whether the folder is a repository of code; one that holds nothing but logs is read as logs."""
        git = git_folder(folder)
        if git is None:
            return False
        if not has_git():
            return True
        with Repository(git) as repository:
            return repository.has_code()

    def reads(self, path: Path) -> Iterator[Path]:
        """Yield the repository without its work tree."""
        git = git_folder(path)
        if git is not None:
            yield git

    def read(self, path: Path, quarantine: Quarantine) -> Iterator[Session]:
        """Yield the sessions of all commits that the current branch has.

        The quarantine's lines are numbers of commits, the oldest first.

        Raises:
            OSError: git cannot be started.
        """
        git = git_folder(path)
        if git is None or not has_git():
            quarantine.add_file("git is not installed" if git is not None else "not a repository")
            return
        project = path.resolve().name
        with Repository(git) as repository:
            run = _Run(Author(LogSession(self.name, quarantine, project), repository))
            number = 0
            try:
                for number, commit in enumerate(repository.commits("HEAD"), 1):
                    if run.ended(commit):
                        yield from run.author.session.finish(run.first)
                        run = _Run(Author(LogSession(self.name, quarantine, project), repository))
                    for reason in run.take(commit):
                        quarantine.read += 1
                        if reason:
                            quarantine.add(number, reason)
            except Unreadable as error:
                quarantine.read += 1
                quarantine.add(number + 1, error.reason)
            yield from run.author.session.finish(run.first)


@dataclass(slots=True)
class _Run:
    """Commits that are one session."""

    author: Author
    first: str = ""  # commit's id
    _last: Commit | None = None
    _count: int = 0

    def ended(self, commit: Commit) -> bool:
        """Whether a commit does not belong here."""
        last = self._last
        return last is not None and (
            commit.parents[:1] != (last.id,)
            or commit.email != last.email
            or not 0 <= commit.time_ms - last.time_ms <= _REST_MS
            or self._count >= _MOST_COMMITS
        )

    def take(self, commit: Commit) -> Iterator[str]:
        """Type a commit; yield what ``type_commit`` does."""
        self.first = self.first or commit.id
        self._last = commit
        self._count += 1
        yield from type_commit(self.author, commit)
