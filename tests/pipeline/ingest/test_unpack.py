from __future__ import annotations

import gzip
import tracemalloc

import pyarrow as pa
import pytest

from codeedit.pipeline.ingest import read_sessions, replay
from codeedit.pipeline.ingest import unpack as unpack_module
from codeedit.pipeline.ingest.quarantine import Quarantine


def zstd(data: bytes) -> bytes:
    return pa.Codec("zstd").compress(data, asbytes=True)


@pytest.mark.parametrize("pack", [gzip.compress, zstd, bytes])
@pytest.mark.parametrize("form", ["document", "lines"])
def test_packed_log_reads_as_it_is(tmp_path, recording, pack, form):
    recording.open(0, "a.py", "x").change(0, [1, 1, "y😀"])
    (tmp_path / "log").write_bytes(pack(getattr(recording, form)().encode()))
    (session,) = read_sessions(tmp_path / "log")
    assert replay(session) == {"a.py": "xy😀"}


@pytest.mark.parametrize("pack", [gzip.compress, zstd])
def test_packed_parts_one_after_the_other_are_one_log(tmp_path, recording, pack):
    recording.open(0, "a.py", "x").change(0, [0, 0, "y"])
    parts = recording.lines().encode().splitlines(keepends=True)
    (tmp_path / "log").write_bytes(b"".join(map(pack, parts)))
    (session,) = read_sessions(tmp_path / "log")
    assert replay(session) == {"a.py": "yx"}


def test_zstd_may_begin_with_a_frame_without_data(tmp_path, recording):
    recording.open(0, "a.py", "x").change(0, [0, 0, "y"])
    skipped = b"\x50\x2a\x4d\x18" + (3).to_bytes(4, "little") + b"abc"
    (tmp_path / "log").write_bytes(skipped + zstd(recording.lines().encode()))
    (session,) = read_sessions(tmp_path / "log")
    assert replay(session) == {"a.py": "yx"}


def test_packed_log_that_is_cut_off_gives_what_came_before(tmp_path, recording):
    recording.open(0, "a.py", "x")
    for number in range(500):
        recording.change(0, [0, 0, f"{number * 7919 % 1_000_003}"])
    packed = gzip.compress(recording.lines().encode())
    (tmp_path / "log").write_bytes(packed[: len(packed) // 2])
    quarantine = Quarantine()
    (session,) = read_sessions(tmp_path / "log", quarantine=quarantine)
    assert 10 < len(session.events) < 500
    assert quarantine.reasons() == {"file ends in the middle": 1}


@pytest.mark.parametrize("pack", [gzip.compress, zstd])
@pytest.mark.parametrize("parts", [1, 50])
def test_bomb_is_put_away(tmp_path, recording, monkeypatch, pack, parts):
    monkeypatch.setattr(unpack_module, "_ALWAYS", 1_000_000)
    recording.open(0, "a.py", "x").write(tmp_path / "log")
    bomb = pack(recording.lines().encode()) + pack(b" " * (50_000_000 // parts)) * parts
    (tmp_path / "bomb").write_bytes(bomb)
    quarantine = Quarantine()
    assert len(list(read_sessions(tmp_path, quarantine=quarantine))) == 1
    assert quarantine.reasons() == {"unpacks to too much": 1}


def test_what_is_packed_twice_is_unpacked_once(tmp_path, recording):
    recording.open(0, "a.py", "x")
    (tmp_path / "log").write_bytes(gzip.compress(gzip.compress(recording.lines().encode())))
    quarantine = Quarantine()
    assert list(read_sessions(tmp_path, quarantine=quarantine)) == []
    assert quarantine.reasons() == {"not a log of a known kind": 1}


def test_giant_line_is_passed_over(tmp_path, recording, monkeypatch):
    monkeypatch.setattr(unpack_module, "LONGEST_LINE", 1_000)
    recording.open(0, "a.py", "x").open(1, "b.py", "x" * 3_000_000).change(0, [0, 0, "lost"])
    recording.add("setContent", id=0, content="good")
    (tmp_path / "log").write_text(recording.lines())
    quarantine = Quarantine()
    (session,) = read_sessions(tmp_path / "log", quarantine=quarantine)
    assert quarantine.reasons() == {"line is too long": 1, "document in doubt": 1}
    assert [record.line for record in quarantine.records] == [5, 6]
    assert replay(session) == {"a.py": "good"}


def test_giant_line_is_never_in_memory_as_a_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(unpack_module, "LONGEST_LINE", 1 << 16)
    (tmp_path / "log").write_bytes(b'{"kind":"header","x":"' + b"x" * (64 << 20))
    tracemalloc.start()
    try:
        assert list(read_sessions(tmp_path / "log")) == []
        assert tracemalloc.get_traced_memory()[1] < 16 << 20
    finally:
        tracemalloc.stop()


def test_document_of_more_than_memory_should_hold_is_put_away(tmp_path, recording, monkeypatch):
    monkeypatch.setattr(unpack_module, "LARGEST_WHOLE", 1_000)
    recording.open(0, "a.py", "x" * 1_000).write(tmp_path / "log")
    quarantine = Quarantine()
    assert list(read_sessions(tmp_path / "log", quarantine=quarantine)) == []
    assert quarantine.reasons() == {"too large to be read as a whole": 1}
