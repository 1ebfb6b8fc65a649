"""Aider: chat history with its git repository.

The user's message is the hint, and the commit that followed is the edit; it is typed as ``commits`` does, and
marked ``synthetic``.  The history alone holds no file's text: the SEARCH blocks of a reply are what the model
believed, so without the repository nothing is replayed.  Commits that the user took back are left out.

The form of the history is tested with real files; no public history has its repository beside it, so the
replay is tested with one made for the purpose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from codeedit.pipeline.ingest.document import is_text
from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.pipeline.ingest.readers.aider_history import Request, chats
from codeedit.pipeline.ingest.readers.commits import Author, type_commit
from codeedit.pipeline.ingest.readers.fields import Unreadable
from codeedit.pipeline.ingest.readers.log_session import LogSession
from codeedit.pipeline.ingest.readers.repository import Repository, git_folder, has_git
from codeedit.pipeline.ingest.unpack import lines_of, open_log
from codeedit.records import Session

HISTORY: Final = ".aider.chat.history.md"
_START = re.compile(rb"^# aider chat started at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.MULTILINE)
_ASKS = re.compile(rb"^#### \S", re.MULTILINE)
_OUTPUT = re.compile(rb"^> (?:Applied edit to \S|Commit [0-9a-f]{7,40} )", re.MULTILINE)


class Aider:
    """Reader of ``.aider.chat.history.md``, and of a repository with one in it."""

    name = "aider"

    def sniff(self, head: bytes) -> bool:
        """Whether a chat begins near the beginning, or a message and its outcome stand there."""
        return _START.search(head) is not None or (
            _ASKS.search(head) is not None and _OUTPUT.search(head) is not None
        )

    def claims(self, folder: Path) -> bool:
        """Whether the folder is a repository with a chat history."""
        return (folder / HISTORY).is_file() and git_folder(folder) is not None

    def reads(self, path: Path) -> Iterator[Path]:
        """Yield the history, and the repository that its commits are in."""
        history = path / HISTORY if path.is_dir() else path
        yield history
        git = git_folder(history.parent)
        if git is not None:
            yield git

    def read(self, path: Path, quarantine: Quarantine) -> Iterator[Session]:
        """Yield each chat with commits as a session; a record is a message of the user.

        Raises:
            OSError: the file cannot be read, or git cannot be started.
        """
        history = path / HISTORY if path.is_dir() else path
        git = git_folder(history.parent) if has_git() else None
        with open_log(history) as file:
            lines = ((raw or b"").decode("utf-8", "replace") for raw in lines_of(file))
            if git is None:
                for requests in chats(lines):
                    for request in requests:
                        quarantine.read += 1
                        if request.commits or request.undone:
                            quarantine.add(request.line, "commit without its repository")
                return
            with Repository(git) as repository:
                for requests in chats(lines):
                    session = LogSession(self.name, quarantine, project=history.resolve().parent.name)
                    author = Author(session, repository)
                    for request in requests:
                        quarantine.read += 1
                        try:
                            _replay(author, request)
                        except Unreadable as error:
                            quarantine.add(request.line, error.reason)
                    yield from session.finish()


def _replay(author: Author, request: Request) -> None:
    """Type the commits that a request led to.

    Raises:
        Unreadable: nothing of them can be typed.
    """
    if request.undone:
        raise Unreadable("commit was undone")
    hint = request.hint
    if hint is not None and not is_text(hint):
        raise Unreadable("text is not text")
    reasons: list[str] = []
    for name in request.commits:
        try:
            reasons += type_commit(author, author.repository.commit(name), hint)
        except Unreadable as error:
            reasons.append(error.reason)
    if reasons and all(reasons):
        raise Unreadable(reasons[0])
