from __future__ import annotations

import gzip

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


def test_bomb_is_put_away(tmp_path, recording, monkeypatch):
    monkeypatch.setattr(unpack_module, "_ALWAYS", 1_000_000)
    recording.open(0, "a.py", "x").write(tmp_path / "log")
    (tmp_path / "bomb").write_bytes(gzip.compress(recording.lines().encode() + b" " * 50_000_000))
    quarantine = Quarantine()
    assert len(list(read_sessions(tmp_path, quarantine=quarantine))) == 1
    assert quarantine.reasons() == {"unpacks to too much": 1}
