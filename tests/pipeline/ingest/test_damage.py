"""Damaged logs: whatever was done to a file, nothing is raised, and every record has its place."""

from __future__ import annotations

import json
import random

import pytest

from codeedit.pipeline.ingest import read_sessions, replay
from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.pipeline.ingest.tasks import session_tasks

CASES = 300
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


def sample(recording, function) -> list[bytes]:
    """A recording of every kind of entry, in both shapes, and an editing trace."""
    recording.open(0, "src\\a.py", function).open(1, "b.ts", "const s = '😀';\r\n")
    recording.add("focused", id=0).caret(0, 30).change(0, [30, 31, "x"], [40, 44, "yy"], v=2)
    recording.add(
        "documentEvent", id=0, data={"sourceId": "TextModel.setChangeReason", "source": "snippet", "v": 2}
    )
    recording.add("storeContent", id=0, contentId="c").change(1, [11, 13, "é"], v=2, after=20_000)
    recording.change(0, [0, 0, "import os\n"], v=3, after=20_000).add(
        "restoreContent", id=0, contentId="c", v=4
    )
    recording.add("event", data={"sourceId": "InlineCompletions.fetch", "kind": "end", "result": []})
    for number in range(5):
        recording.change(0, [number * 7, number * 7 + 1, "z"], v=5 + number, after=3_000)
    trace = {
        "startContent": "",
        "endContent": "fn main() {}\n",
        "txns": [
            {"time": "1970-01-01T00:00:00.000Z", "patches": [[0, 0, "fn main() {\n"]]},
            {"time": "2020-09-10T10:00:00.000Z", "patches": [[11, 0, "}"], [11, 0, ""]]},
        ],
    }
    edit = {"edit": [[1, 2, "w"]], "relativePath": "src\\a.py"}
    indented = json.dumps({"log": recording.entries, "nextUserEdit": edit}, indent=1)
    return [recording.lines().encode(), indented.encode(), json.dumps(trace, indent=1).encode()]


def check(path, data: bytes) -> None:
    path.write_bytes(data)
    quarantine = Quarantine()
    for session in read_sessions(path.parent, quarantine=quarantine):
        replay(session)
        made = session_tasks(session)
        assert made.moments == made.drafts + made.unfit.total()
        assert made.drafts == len(made.tasks) + made.faults.total()
    assert quarantine.read == quarantine.kept + len(quarantine.records)
    assert quarantine.kept >= 0


@pytest.mark.parametrize("kind", range(3))
def test_damaged_log_raises_nothing_and_counts_add_up(tmp_path, recording, function, kind):
    chance = random.Random(kind)
    data = sample(recording, function)[kind]
    for _ in range(CASES):
        check(tmp_path / "log", damaged(data, chance))


def test_damaged_real_recordings_raise_nothing(tmp_path, shared):
    chance = random.Random(1)
    files = sorted((shared / "data" / "recordings").rglob("*.json"))
    small = [file.read_bytes() for file in files if file.stat().st_size < 20_000]
    for _ in range(CASES):
        check(tmp_path / "log", damaged(chance.choice(small), chance))
