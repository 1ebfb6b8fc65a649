"""Documents that hold half a surrogate pair for a while, from the log to the data set."""

from __future__ import annotations

import pytest

from codeedit.pipeline.ingest import ingest
from codeedit.pipeline.ingest.halves import STAND_IN, without_halves
from codeedit.pipeline.task_table import read_tasks
from codeedit.records import ContentEvent, EditEvent, Session

HIGH, LOW = "\ud83d", "\ude00"


def tasks_of(folder):
    return list(read_tasks(folder, "train"))


@pytest.fixture
def typing(recording, function):
    """A recording with an edit that is followed by others far away in time."""
    recording.open(0, "src/box.py", function)
    at = function.index("width * height")
    return recording.caret(0, at).change(0, [at, at + 5, "w"], after=20_000)


def test_character_typed_in_halves_within_one_burst_makes_its_task(typing, tmp_path):
    typing.change(0, [0, 0, f"# {HIGH}"], after=60_000).change(0, [3, 3, f"{LOW}\nx = 1\n"])
    ingest([typing.write(tmp_path / "log")], tmp_path / "data")
    assert any("# \U0001f600\nx = 1" in task.edit for task in tasks_of(tmp_path / "data"))


def test_what_shows_half_a_character_is_no_task(typing, tmp_path):
    typing.change(0, [0, 0, f"# {HIGH}"], after=60_000)
    typing.change(0, [3, 3, f"{LOW}\n"], after=60_000)
    report = ingest([typing.write(tmp_path / "log")], tmp_path / "data").as_dict()
    assert report["dropped"]["half_character"] == 2
    assert report["quarantined"] == {}
    assert STAND_IN not in str(tasks_of(tmp_path / "data"))


def test_each_half_is_stood_in_for_by_one_character():
    events = (
        ContentEvent(0, "a.py", f"a{LOW}b"),
        EditEvent(1, "a.py", 0, 0, f"{HIGH}x"),
        EditEvent(2, "a.py", 0, 1, "\U0001f600"),
    )
    clean = without_halves(Session("s", "made", "p", events)).events
    assert [clean[0].text, clean[1].inserted, clean[2]] == [f"a{STAND_IN}b", f"{STAND_IN}x", events[2]]


def test_a_session_without_halves_stays_itself():
    session = Session("s", "made", "p", (ContentEvent(0, "a.py", "é \U0001f600"),))
    assert without_halves(session) is session
