"""Makes recordings and sessions, and damages logs."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from codeedit.pipeline.ingest import read_sessions, replay
from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.pipeline.ingest.tasks import session_tasks
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


NUMBERS = (b"-1", b"1e9", b"3.5", b"99999999999999999999999", b"null", b'"7"', b"[]", b"true", b"{}")


def cut_off(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def cut_out(data: bytes, chance: random.Random) -> bytes:
    at, to = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    return data[:at] + data[to:]


def flipped(data: bytes, chance: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(3):
        made[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(made)


def filled(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + chance.choice([chance.randbytes(9), b"[" * 3_000, b"\n", b'"']) + data[at:]


def shuffled(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    chance.shuffle(lines)
    return b"\n".join(lines)


def repeated(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    lines.insert(chance.randrange(len(lines)), chance.choice(lines))
    return b"\n".join(lines)


def retyped(data: bytes, chance: random.Random) -> bytes:
    at = data.find(chance.choice([b"1", b"0", b"4"]), chance.randrange(len(data)))
    return data if at < 0 else data[:at] + chance.choice(NUMBERS) + data[at + 1 :]


KINDS = (cut_off, cut_out, flipped, filled, shuffled, repeated, retyped)


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Damage a file in one or several ways."""
    for _ in range(chance.choice([1, 1, 2, 5])):
        data = chance.choice(KINDS)(data, chance) or b"{"
    return data


def check(path: Path) -> None:
    quarantine = Quarantine()
    for session in read_sessions(path, quarantine=quarantine):
        replay(session)
        made = session_tasks(session)
        assert made.moments == made.drafts + made.unfit.total()
        assert made.drafts == len(made.tasks) + made.faults.total()
    assert quarantine.read == quarantine.kept + len(quarantine.records)
    assert quarantine.kept >= 0


@pytest.fixture
def endure(tmp_path):
    """Damage a log many times; nothing may be raised, and every record must have its place."""

    def damage(data: bytes, *, cases: int = 100, seed: float = 0, name: str = "log") -> None:
        chance = random.Random(seed)
        for _ in range(cases):
            (tmp_path / name).write_bytes(damaged(data, chance))
            check(tmp_path)

    return damage
