"""Makes recordings and sessions, and damages logs."""

from __future__ import annotations

import functools
import gzip
import json
import random
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from codeedit.pipeline import ingest
from codeedit.pipeline.ingest import read_sessions, replay
from codeedit.pipeline.ingest.anonymize import Anonymizer
from codeedit.pipeline.ingest.anonymize.session import anonymize_session
from codeedit.pipeline.ingest.halves import without_halves
from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.pipeline.ingest.tasks import TaskSettings, session_tasks
from codeedit.pipeline.task_table import write_tasks
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


# What a value of a record may be instead: wrong types, huge numbers, deep nesting, no UTF-8, halves of pairs.
VALUES = (
    *(
        b"-1",
        b"0",
        b"1e9",
        b"3.5",
        b"1e999",
        b"NaN",
        b"99999999999999999999999",
        b"9" * 5_000,
        b"9007199254740993",
    ),
    *(b"null", b"true", b'"7"', b'""', b"[]", b"{}", b'{"line":0}', b"[[0,0]]", b'[[0,1,"x"],[0,1,"y"]]'),
    *(b"[" * 3_000 + b"]" * 3_000, b'{"a":' * 2_000 + b"1" + b"}" * 2_000, b'"\xff\xfe"', b'"\xed\xa0\x80"'),
    *(
        rb'"\ud83d"',
        rb'"\ude00"',
        rb'"\u0000"',
        b'"' + b"x" * 70_000 + b'"',
        b'"../../../etc/passwd"',
        b'"\r\n"',
    ),
)
TOKEN = re.compile(rb'"(?:[^"\\\n]|\\.){0,400}"|-?\d+')
NOISE = (b"[" * 3_000, b"{" * 3_000, b"\n", b'"', b"\xff", b"\xf0\x9f", b"\r", b"\0", b"\xef\xbb\xbf", b",")


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
    return data[:at] + chance.choice([chance.randbytes(9), *NOISE]) + data[at:]


def shuffled(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    first, second = (chance.randrange(len(lines)) for _ in range(2))
    lines[first], lines[second] = lines[second], lines[first]
    return b"\n".join(lines)


def repeated(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    lines.insert(chance.randrange(len(lines)), chance.choice(lines))
    return b"\n".join(lines)


def lost(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    del lines[chance.randrange(len(lines))]
    return b"\n".join(lines)


def retyped(data: bytes, chance: random.Random) -> bytes:
    """Put another value in the place of one."""
    match = TOKEN.search(data, chance.randrange(len(data))) or TOKEN.search(data)
    return data if match is None else data[: match.start()] + chance.choice(VALUES) + data[match.end() :]


def exchanged(data: bytes, chance: random.Random) -> bytes:
    """Put one of the log's own values in the place of another."""
    first, second = (TOKEN.search(data, chance.randrange(len(data))) for _ in range(2))
    if first is None or second is None:
        return data
    return data[: first.start()] + second[0] + data[first.end() :]


KINDS = (cut_off, cut_out, flipped, filled, shuffled, repeated, lost, retyped, retyped, exchanged)


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Damage a file in one or several ways, before or after it is packed."""
    pack = chance.choice([bytes] * 8 + [gzip.compress, zstd])
    early = pack is bytes or chance.random() < 0.5
    for _ in range(chance.choice([1, 1, 2, 5])):
        data = chance.choice(KINDS)(data, chance) or b"{"
    return pack(data) if early else flipped(pack(data), chance)


def zstd(data: bytes) -> bytes:
    import pyarrow as pa

    return pa.Codec("zstd").compress(data, asbytes=True)


@functools.cache
def own_words() -> str:
    """Return codeedit's own sources of ingest: all reasons stand in them, and nothing of a log does."""
    folder = Path(ingest.__file__).parent
    return "".join(file.read_text("utf-8") for file in sorted(folder.rglob("*.py")))


@functools.cache
def anonymizer() -> Anonymizer:
    return Anonymizer(b"k" * 32)


def check(path: Path, *, whole: bool) -> None:
    """Ingest what lies in a folder; with all stages or up to the tasks."""
    quarantine = Quarantine()
    for session in read_sessions(path, quarantine=quarantine):
        replay(session)
        clean = anonymize_session(without_halves(session), anonymizer()).session if whole else session
        made = session_tasks(clean, TaskSettings(agent_edits=True))
        assert made.moments == made.drafts + made.unfit.total()
        assert made.drafts == len(made.tasks) + made.faults.total()
        if whole:
            write_tasks(made.tasks, path.with_name(f"{path.name}.parquet"))
    assert quarantine.read == quarantine.kept + len(quarantine.records)
    assert quarantine.kept >= 0
    for reason in quarantine.reasons():
        assert f'"{reason}"' in own_words(), "a reason that is not the program's own"


@pytest.fixture
def damages(request):
    """Makes endless damaged versions of a log; other ones with another ``--fuzz-seed``."""
    asked = request.config.getoption("--fuzz-seed")

    def versions(data: bytes, seed: float) -> Iterator[bytes]:
        chance = random.Random(f"{asked} {seed}" if asked else seed)
        while True:
            yield damaged(data, chance)

    return versions


@pytest.fixture
def endure(tmp_path, request, damages):
    """Damage a log many times; nothing may be raised, and every record must have its place."""
    asked, times = (request.config.getoption(name) for name in ("--fuzz-seed", "--fuzz"))

    def damage(data: bytes, *, cases: int = 100, seed: float = 0, name: str = "log") -> None:
        for case, made in zip(range(round(cases * times)), damages(data, seed), strict=False):
            (tmp_path / name).write_bytes(made)
            try:
                check(tmp_path, whole=case % 10 == 0)
            except BaseException as error:
                kept = tmp_path.with_name(f"{tmp_path.name}-failed")
                kept.write_bytes(made)
                error.add_note(f"case {case} of seed {seed} ({asked}): {name} was as in {kept}")
                raise

    return damage
