"""Aider's chat history as Markdown: what the user asked for, and which commits came of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

START = re.compile(r"# aider chat started at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_COMMIT = re.compile(r"> Commit ([0-9a-f]{7,40}) ")
_REMOVED = re.compile(r"> Removed: ([0-9a-f]{7,40}) ")
_APPLIED: Final = "> Applied edit to "
# Commands whose rest is a request like any other.
_ASKING: Final = ("/code ", "/architect ")
_AUTOMATIC: Final = ("# Fix any errors",)  # what aider itself asks for after a linter's or a test's run


@dataclass(slots=True)
class Request:
    """One message of the user and what became of it."""

    line: int  # 1-based, where it begins
    words: list[str] = field(default_factory=list)
    commits: list[str] = field(default_factory=list)  # abbreviated; made after an edit was applied
    applied: bool = False  # an edit to a file
    undone: bool = False

    @property
    def hint(self) -> str | None:
        """What the user asked for; ``None`` for a command, and for what aider asks for by itself."""
        text = "\n".join(self.words).strip()
        command = next((name for name in _ASKING if text.startswith(name)), "")
        text = text[len(command) :].strip()
        if not text or text.startswith(("/", "!", *_AUTOMATIC)):
            return None
        return text


def chats(lines: Iterable[str]) -> Iterator[list[Request]]:
    """Yield each chat's requests; what stands before the first chat's beginning is a chat too.

    Args:
        lines: of the history, with or without line ends.
    """
    requests: list[Request] = []
    talking = False  # whether the line before was the user's
    for number, raw in enumerate(lines, 1):
        line = raw.rstrip()
        if START.fullmatch(line):
            if requests:
                yield requests
            requests, talking = [], False
            continue
        asks = line == "####" or line.startswith("#### ")
        if asks:
            if not talking:
                requests.append(Request(number))
            requests[-1].words.append(line[5:])
        elif requests and line.startswith("> "):
            _note(line, requests)
        talking = asks
    if requests:
        yield requests


def _note(line: str, requests: list[Request]) -> None:
    """Note a line of aider's own output."""
    request = requests[-1]
    if line.startswith(_APPLIED):
        request.applied = True
    elif (commit := _COMMIT.match(f"{line} ")) is not None:
        # What is committed before an edit was applied is the user's own work that had not been committed.
        if request.applied:
            request.commits.append(commit[1])
    elif (removed := _REMOVED.match(f"{line} ")) is not None:
        for earlier in reversed(requests):
            if removed[1] in earlier.commits:
                earlier.commits.remove(removed[1])
                earlier.undone = not earlier.commits
                break
