"""Makes recordings and sessions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from codeedit.records import ContentEvent, CursorEvent, EditEvent, Event, Origin, Session

Entry = dict[str, Any]
FUNCTION = '''def area(width, height):
    """Return the area."""
    return width * height


def volume(width, height, depth):
    """Return the volume."""
    return area(width, height) * depth
'''


class Recording:
    """A VS Code recording in the making."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.time = 1_700_000_000_000
        self.header()

    def add(self, kind: str, **fields: Any) -> Recording:
        self.time += fields.pop("after", 100)
        self.entries.append({"kind": kind, "time": self.time, **fields})
        return self

    def header(self, uuid: str = "u-1", root: str = "file:///home/ada/shop") -> Recording:
        return self.add("header", documentType="workspaceRecording@1.0", repoRootUri=root, uuid=uuid)

    def open(self, number: int, path: str, content: str) -> Recording:
        self.add("documentEncountered", id=number, relativePath=path)
        return self.add("setContent", id=number, content=content, v=1)

    def change(self, number: int, *edit: list[Any], after: int = 100, **fields: Any) -> Recording:
        return self.add("changed", id=number, edit=list(edit), after=after, **fields)

    def caret(self, number: int, start: int, end: int | None = None, after: int = 100) -> Recording:
        span = [start, start if end is None else end]
        return self.add("selectionChanged", id=number, selection=[span], after=after)

    def document(self, **beside: Any) -> str:
        return json.dumps({"log": self.entries, **beside})

    def lines(self) -> str:
        return "".join(json.dumps(entry) + "\n" for entry in self.entries)

    def write(self, path: Path, **beside: Any) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.document(**beside), "utf-8")
        return path


class Typing:
    """A session in the making; the clock moves 100 ms per event unless told."""

    def __init__(self, path: str = "shop/box.py", text: str = FUNCTION) -> None:
        self.path, self.texts, self.time = path, {path: text}, 0
        self.events: list[Event] = [ContentEvent(0, path, text)]

    def open(self, path: str, text: str) -> Typing:
        self.texts[path] = text
        self.events.append(ContentEvent(self.time, path, text))
        return self

    def edit(
        self,
        start: int,
        deleted: int,
        inserted: str,
        *,
        after: int = 100,
        path: str | None = None,
        origin: Origin = Origin.HUMAN,
        joined: bool = False,
    ) -> Typing:
        self.time += after
        path = path or self.path
        text = self.texts[path]
        self.texts[path] = text[:start] + inserted + text[start + deleted :]
        self.events.append(EditEvent(self.time, path, start, deleted, inserted, origin, joined))
        return self

    def swap(self, old: str, new: str, **options: Any) -> Typing:
        return self.edit(self.texts[options.get("path") or self.path].index(old), len(old), new, **options)

    def caret(self, at: int, *, after: int = 100, path: str | None = None) -> Typing:
        self.time += after
        self.events.append(CursorEvent(self.time, path or self.path, at, at))
        return self

    def session(self, following: Iterable[EditEvent] = ()) -> Session:
        return Session("s1", "test", "shop", tuple(self.events), tuple(following))


@pytest.fixture
def recording() -> Recording:
    """A recording with its header."""
    return Recording()


@pytest.fixture
def typing() -> Callable[..., Typing]:
    """The class of sessions in the making."""
    return Typing


@pytest.fixture
def function() -> str:
    """Two small Python functions."""
    return FUNCTION
