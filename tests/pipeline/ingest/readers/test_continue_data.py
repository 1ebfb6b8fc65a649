"""Development data, made here by the description of its schema."""

from __future__ import annotations

import json

import pytest

from codeedit.pipeline.ingest import read_sessions, replay
from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.pipeline.ingest.tasks import TaskSettings, session_tasks
from codeedit.records import ContentEvent, CursorEvent, DiffEvent, EditEvent, Origin

ROOT = "file:///home/nblixen/shop"
BEFORE = "x = 10\nprint(x)\n"
AFTER = "x = 10\nprint(x + 1)\n"
DIFF = "@@ -1,2 +1,2 @@\n-x = 1\n+x = 10\n print(x)\n"


def record(name, minute=0, **fields):
    time = f"2026-01-10T08:{minute:02d}:00.000Z"
    return {"eventName": name, "schema": "0.2.0", "timestamp": time, "userId": "", **fields}


def group(minute=0, before=BEFORE, after=AFTER, previous=((("a.py"), DIFF),), file="a.py", **fields):
    return record(
        "nextEditWithHistory",
        minute,
        previousEdits=[{"filename": name, "diff": diff} for name, diff in previous],
        fileURI=f"{ROOT}/{file}",
        workspaceDirURI=ROOT,
        beforeContent=before,
        afterContent=after,
        beforeCursorPos={"line": 1, "character": 7},
        afterCursorPos={"line": 1, "character": 11},
        **fields,
    )


def outcome(**fields):
    base = {"prompt": "add one", "completion": "", "previousCode": BEFORE, "newCode": AFTER}
    return record("editOutcome", **{**base, "accepted": True, "filepath": "a.py", **fields})


def proposal(**fields):
    base = {"fileUri": f"{ROOT}/a.py", "workspaceDirUri": ROOT, "userEdits": "", "userExcerpts": BEFORE}
    base |= {"originalEditableRange": "print(x)", "completion": "print(x + 1)", "accepted": True}
    return record("nextEditOutcome", **{**base, "timestamp": 1_768_032_000_000, **fields})


def read(tmp_path, *records):
    (tmp_path / "log").write_text("".join(json.dumps(record) + "\n" for record in records))
    quarantine = Quarantine()
    sessions = list(read_sessions(tmp_path, quarantine=quarantine))
    assert quarantine.read == quarantine.kept + len(quarantine.records) == len(records)
    return sessions, quarantine


def test_group_of_edits_has_its_text_its_cursor_and_the_groups_before_it(tmp_path):
    (session,), quarantine = read(tmp_path, group())
    assert session.events == (
        DiffEvent(0, "a.py", DIFF.rstrip("\n")),
        ContentEvent(0, "a.py", BEFORE),
        CursorEvent(0, "a.py", 14, 14),
        EditEvent(0, "a.py", 14, 0, " + 1"),
    )
    assert (session.project, session.identities, quarantine.records) == ("shop", ("nblixen",), [])


def test_group_becomes_a_task_with_its_history(tmp_path):
    (session,), _ = read(tmp_path, group())
    (task,) = session_tasks(session).tasks
    assert [edit.diff for edit in task.history] == [DIFF.rstrip("\n")]
    assert (task.code, task.cursor, task.edit) == (BEFORE, 14, AFTER)
    assert (task.hint, task.origin) == (None, Origin.HUMAN)


def test_groups_in_a_row_tell_each_edit_once(tmp_path):
    first = "@@ -1,2 +1,2 @@\n x = 10\n-print(x)\n+print(x + 1)\n"
    later = group(1, AFTER, AFTER.replace("10", "11"), [("a.py", first), ("a.py", DIFF)])
    (session,), _ = read(tmp_path, group(), later)
    kinds = [type(event) for event in session.events]
    assert kinds == [DiffEvent, ContentEvent, CursorEvent, EditEvent, CursorEvent, EditEvent]
    assert replay(session) == {"a.py": "x = 11\nprint(x + 1)\n"}
    assert len(session_tasks(session).tasks[1].history) == 2


def test_previous_groups_come_newest_first(tmp_path):
    other = "@@ -1 +1 @@\n-old\n+new\n"
    (session,), _ = read(tmp_path, group(previous=[("a.py", DIFF), ("b.py", other)]))
    assert [event.path for event in session.events[:2]] == ["b.py", "a.py"]


def test_rest_of_ten_minutes_and_another_workspace_end_a_session(tmp_path):
    elsewhere = group(21) | {"workspaceDirURI": "file:///home/nblixen/other"}
    sessions, _ = read(tmp_path, group(0), group(11), group(20), elsewhere)
    assert [session.project for session in sessions] == ["shop", "shop", "other"]


def test_prompt_of_an_accepted_edit_is_the_hint(tmp_path):
    (session,), _ = read(tmp_path, outcome())
    (task,) = session_tasks(session).tasks
    assert (task.hint, task.origin, task.code) == ("add one", Origin.HUMAN, BEFORE)


def test_what_the_user_chose_to_be_edited_is_the_recorded_range(tmp_path):
    (session,), _ = read(tmp_path, outcome())
    (task,) = session_tasks(session, TaskSettings(range="log")).tasks
    assert task.original == BEFORE.removesuffix("\n")


def test_edit_that_nobody_asked_for_is_the_agents(tmp_path):
    (session,), _ = read(tmp_path, outcome(prompt="Unknown prompt"))
    assert session_tasks(session).unfit == {"agent": 1}


def test_accepted_completion_is_the_agents(tmp_path):
    (session,), _ = read(tmp_path, proposal())
    assert replay(session) == {"a.py": AFTER}
    assert session_tasks(session).unfit == {"agent": 1}


def test_region_that_is_not_found_once_stands_alone(tmp_path):
    (session,), _ = read(tmp_path, proposal(userExcerpts="print(x)\nprint(x)\n"))
    assert replay(session) == {"a.py": "print(x + 1)"}


@pytest.mark.parametrize("made", [outcome(accepted=False), proposal(accepted=False), proposal(accepted=None)])
def test_proposal_that_was_not_accepted_is_counted(tmp_path, made):
    sessions, quarantine = read(tmp_path, made)
    assert (sessions, quarantine.reasons()) == ([], {"proposal that was not accepted": 1})


def test_record_without_code_is_counted(tmp_path):
    _, quarantine = read(tmp_path, record("editOutcome", accepted=True))
    assert quarantine.reasons() == {"recorded without code": 1}


def test_other_events_are_passed_over(tmp_path):
    sessions, quarantine = read(tmp_path, record("tokensGenerated"), record("autocomplete"))
    assert (sessions, quarantine.records) == ([], [])


def test_repeated_record_counts_once(tmp_path):
    (session,), quarantine = read(tmp_path, group(), group())
    assert sum(isinstance(event, EditEvent) for event in session.events) == 1
    assert quarantine.reasons() == {"repeated entry": 1}


def test_either_spelling_of_the_files_uri_is_read(tmp_path):
    written = group()
    written["fileUri"] = written.pop("fileURI")
    (session,), _ = read(tmp_path, written)
    assert replay(session) == {"a.py": AFTER}


def test_raw_records_without_base_fields_are_told_by_what_they_hold(tmp_path):
    raw = {key: value for key, value in group().items() if key not in ("eventName", "schema", "timestamp")}
    assert replay(read(tmp_path, raw)[0][0]) == {"a.py": AFTER}


def test_cursor_counts_utf16_units(tmp_path):
    made = group(before="😀\n😀😀😀😀\n", after="x\n", previous=[])
    made["beforeCursorPos"] = {"line": 1, "character": 4}
    assert read(tmp_path, made)[0][0].events[1] == CursorEvent(0, "a.py", 4, 4)


@pytest.mark.parametrize(
    "change",
    [
        {"beforeContent": 3},
        {"afterContent": "\ud800"},
        {"beforeCursorPos": {"line": 9, "character": 0}},
        {"beforeCursorPos": [1, 2]},
        {"previousEdits": [{"filename": "a.py", "diff": "@@ -1,9 +1 @@\n"}]},
        {"previousEdits": {}},
        {"timestamp": "soon"},
        {"timestamp": 10**40},
        {"fileURI": ""},
        {"eventName": "unheardOf"},
    ],
)
def test_record_that_is_not_understood_leaves_nothing_behind(tmp_path, change):
    sessions, quarantine = read(tmp_path, record("autocomplete"), group() | change)
    assert (sessions, len(quarantine.records)) == ([], 1)


def test_damaged_data_raises_nothing(endure):
    records = [group(), outcome(minute=1), proposal(), group(3, AFTER, "é😀\n", []), outcome(prompt="😀")]
    endure("".join(json.dumps(record) + "\n" for record in records).encode(), cases=900)
