from __future__ import annotations

import gzip
import json

import pytest

from codeedit.pipeline.ingest import read_sessions, replay
from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.records import ContentEvent, EditEvent

START = "pub fn main() -> Option<&'static str> {\n    let mut x = 1..=2;\n    x.next()?;\n    None\n}\n"


def trace(tmp_path, *transactions, end=None, name="box.json", **fields):
    txns = [{"time": time, "patches": [list(patch) for patch in patches]} for time, *patches in transactions]
    value = {"startContent": "", "endContent": end, "txns": txns, **fields}
    if end is None:
        del value["endContent"]
    (tmp_path / name).write_text(json.dumps(value))
    quarantine = Quarantine()
    sessions = list(read_sessions(tmp_path / name, quarantine=quarantine))
    assert quarantine.read == quarantine.kept + len(quarantine.records)
    return sessions, quarantine


def test_patches_apply_one_after_the_other(tmp_path):
    (session,), quarantine = trace(
        tmp_path,
        ("2020-09-10T10:00:00.000Z", (0, 0, "abc")),
        ("2020-09-10T10:00:02.000Z", (2, 1, ""), (0, 1, "xy")),
        end="xyb",
    )
    assert list(replay(session).values()) == ["xyb"]
    assert [event.time_ms for event in session.events if isinstance(event, EditEvent)] == [0, 2_000, 2_000]
    assert quarantine.agreed == 1


def test_transactions_without_times_happen_at_the_time_before(tmp_path):
    (session,), quarantine = trace(
        tmp_path,
        ("2020-09-10T10:00:00Z", (0, 0, "a")),
        ("2020-09-10T10:00:02Z", (0, 0, "b")),
        (None, (0, 0, "c")),
        ("", (0, 0, "d")),
    )
    assert [event.time_ms for event in session.events if isinstance(event, EditEvent)] == [0, 2_000] + [
        2_000
    ] * 2
    assert quarantine.records == []


def test_trace_is_known_whatever_the_order_of_its_keys(tmp_path):
    value = {"about": {"by": ["nobody"]}, "txns": [{"patches": [[0, 0, "x"]], "note": 1}], "endContent": "x"}
    (tmp_path / "log").write_text(json.dumps(value, indent=1), "utf-8-sig")
    (session,) = read_sessions(tmp_path / "log")
    assert (session.source, *replay(session).values()) == ("editing-trace", "x")


def test_trace_of_several_people_at_once_is_put_away(tmp_path):
    sessions, quarantine = trace(tmp_path, ("", (0, 0, "a")), end="a", kind="concurrent")
    assert sessions == []
    assert quarantine.reasons() == {"trace of several people at once": 1}


def test_first_transaction_of_1970_is_the_start_text(tmp_path):
    (session,), _ = trace(
        tmp_path,
        ("1970-01-01T00:00:00.000Z", (0, 0, START)),
        ("2020-09-10T10:00:00.000Z", (0, 0, "// x\n")),
    )
    assert session.events[0] == ContentEvent(0, "box.rs", START)
    assert [event.time_ms for event in session.events] == [0, 0]


def test_stated_end_that_the_replay_does_not_give_puts_the_whole_trace_away(tmp_path):
    sessions, quarantine = trace(tmp_path, ("2020-09-10T10:00:00Z", (0, 0, "abc")), end="abd")
    assert sessions == []
    assert quarantine.reasons() == {"replay does not give the stated end": 1}


def test_transaction_that_does_not_fit_ends_the_trace(tmp_path):
    (session,), quarantine = trace(
        tmp_path,
        ("2020-09-10T10:00:00Z", (0, 0, "abc")),
        ("2020-09-10T10:00:00Z", (9, 1, "")),
        ("2020-09-10T10:00:00Z", (0, 0, "x")),
    )
    assert list(replay(session).values()) == ["abc"]
    assert quarantine.reasons() == {"transaction that does not fit its document": 1, "document in doubt": 1}


@pytest.mark.parametrize(
    "transaction",
    [3, {}, {"patches": None}, {"time": [3], "patches": [[0, 0, "x"]]}, {"time": "", "patches": [[0, 1]]}],
)
def test_wrong_types_are_put_away(tmp_path, transaction):
    sessions, quarantine = trace(tmp_path, txns=[transaction])
    assert sessions == []
    assert len(quarantine.records) == 1


def test_real_trace_ends_in_its_known_content(shared):
    file = shared / "data" / "editing-traces" / "rustcode.json.gz"
    (session,) = read_sessions(file)
    assert replay(session) == {"rustcode.rs": json.loads(gzip.decompress(file.read_bytes()))["endContent"]}
