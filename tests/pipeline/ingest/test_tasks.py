from __future__ import annotations

import dataclasses
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeedit.errors import InputError
from codeedit.pipeline.ingest.bursts import IDLE_MS, PAUSE_MS
from codeedit.pipeline.ingest.document import to_lf
from codeedit.pipeline.ingest.tasks import UNTOUCHED_MS, SessionTasks, TaskSettings, session_tasks, task_id
from codeedit.records import ContentEvent, CursorEvent, DiffEvent, EditEvent, Event, Origin, Session

SOURCE = "".join(
    f"def part{number}(value):\n    first = value + {number}\n    second = first * 2\n    return second\n\n\n"
    for number in range(12)
)


def adds_up(result: SessionTasks) -> bool:
    return (
        result.moments == result.drafts + result.unfit.total()
        and result.drafts == len(result.tasks) + result.faults.total()
    )


def test_burst_becomes_a_task(typing):
    made = typing().swap("width * height", "height * width")
    result = session_tasks(made.session())
    (task,) = result.tasks
    assert task.code == made.events[0].text
    assert task.code[: task.edit_start] + task.edit + task.code[task.edit_end :] == made.texts[made.path]
    assert task.cursor == task.code.index("width * height")
    assert (task.language, task.origin, task.no_change, task.history) == ("python", Origin.HUMAN, False, ())


def test_task_has_what_came_before_as_history(typing):
    made = typing().swap("area(width, height):", "area(w, height):").swap("width *", "w *", after=IDLE_MS)
    task = session_tasks(made.session()).tasks[1]
    (edit,) = task.history
    assert "+def area(w, height):" in edit.diff.split("\n")
    assert edit.age_ms == IDLE_MS
    assert "w, height" in task.code


def test_other_documents_are_in_the_history(typing):
    made = typing().open("notes.txt", "one").swap("one", "two", path="notes.txt").swap("width *", "w *")
    (task,) = session_tasks(made.session()).tasks
    assert [edit.path for edit in task.history] == ["notes.txt"]


def test_crlf_document_gives_a_task_with_lf(typing):
    made = typing(text="def a():\r\n    x = 1\r\n    return x\r\n").swap(
        "    x = 1\r\n", "    x = 2\r\n    y = 3\r\n"
    )
    (task,) = session_tasks(made.session()).tasks
    assert "\r" not in task.code + task.edit
    result = task.code[: task.edit_start] + task.edit + task.code[task.edit_end :]
    assert result == to_lf(made.texts[made.path])


def test_accepted_suggestion_is_no_task_but_history(typing):
    made = typing().swap("width *", "w *", origin=Origin.AGENT).swap("* depth", "* d", after=IDLE_MS)
    result = session_tasks(made.session())
    assert result.unfit == {"agent": 1}
    assert "+    return w * height" in result.tasks[0].history[0].diff


def test_text_typed_and_undone_is_no_task(typing):
    result = session_tasks(typing().edit(0, 0, "abc").edit(0, 3, "").session())
    assert (result.tasks, result.unfit) == ([], {"undone": 1})


def test_burst_taken_back_later_is_no_task(typing):
    made = typing().swap("width *", "w *").swap("w *", "width *", after=IDLE_MS)
    result = session_tasks(made.session())
    assert (result.tasks, result.faults) == ([], {"reverted": 2})


def test_range_taken_back_after_edits_elsewhere_is_no_task(typing):
    made = (
        typing(text=SOURCE)
        .swap("value + 1\n", "value - 1\n")
        .swap("value + 9\n", "value - 9\n", after=IDLE_MS)
    )
    made.swap("value - 1\n", "value + 1\n", after=IDLE_MS)
    result = session_tasks(made.session())
    assert result.faults == {"reverted": 2}
    assert ["value - 9" in task.edit for task in result.tasks] == [True]


def test_range_of_a_document_that_was_loaded_anew_is_not_followed(typing):
    made = typing(text=SOURCE).swap("value + 1\n", "value - 1\n")
    made.open(made.path, f"# new\n{SOURCE}").swap("value + 2\n", "value - 2\n", after=IDLE_MS)
    made.swap("value + 3\n", "value - 3\n", after=IDLE_MS)
    assert session_tasks(made.session()).faults == {}


@pytest.mark.parametrize(("share", "most"), [(0.0, 0), (0.1, 1), (0.5, 11)])
def test_share_of_no_change_tasks_may_be_set(typing, share, most):
    made = typing(text=SOURCE)
    for number in range(11):
        made.swap(f"value + {number}\n", f"value - {number}\n", after=IDLE_MS)
        made.caret(30).caret(31 + number, after=UNTOUCHED_MS)
    tasks = session_tasks(made.session(), TaskSettings(no_change=share)).tasks
    assert len(tasks) > 0
    assert sum(task.no_change for task in tasks) <= most
    assert (sum(task.no_change for task in tasks) > 1) == (share > 0.1)


def test_share_of_no_change_tasks_has_to_be_one():
    with pytest.raises(InputError, match="--no-change: not a share below 1"):
        TaskSettings(no_change=1.0)


def test_edit_across_the_ranges_border_is_no_task(typing):
    made = typing(text=SOURCE).caret(SOURCE.index("first = value + 5"))
    start = SOURCE.index("second = first", SOURCE.index("part5"))
    result = session_tasks(made.edit(start, 200, "x").session())
    assert result.unfit == {"outside_range": 1}


def test_unknown_language_is_counted(typing):
    result = session_tasks(typing(path="notes.txt").edit(0, 0, "a").session())
    assert result.unfit == {"unsupported_language": 1}


def test_generated_file_is_counted(typing):
    text = "# Code generated by protoc. DO NOT EDIT.\nx = 1\n"
    assert session_tasks(typing(text=text).swap("1", "2").session()).unfit == {"generated_file": 1}


def test_answer_that_breaks_whole_code_is_half_typed(typing):
    made = typing().swap("return width * height", "return (width *")
    made.swap("return (width *", "return (width * 2)", after=IDLE_MS)
    result = session_tasks(made.session())
    assert result.unfit == {"half_typed": 1}
    assert [task.edit.count("(width * 2)") for task in result.tasks] == [1]


def test_burst_that_pastes_a_whole_file_is_counted(typing, function):
    made = typing(text="").edit(0, 0, function * 2)
    assert session_tasks(made.session()).unfit == {"pasted_file": 1}


def test_function_pasted_into_a_file_is_a_task(typing, function):
    made = typing(text=SOURCE).edit(len(SOURCE), 0, f"\n\n{function}")
    assert session_tasks(made.session()).unfit["pasted_file"] == 0


def test_file_that_was_asked_for_is_not_pasted(typing, function):
    made = typing(text="").edit(0, 0, function * 2)
    asked = tuple(
        dataclasses.replace(event, hint="write it") if isinstance(event, EditEvent) else event
        for event in made.events
    )
    assert len(session_tasks(dataclasses.replace(made.session(), events=asked)).tasks) == 1


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("web/package-lock.json", "lock_file"),
        ("web/vendor/box.py", "vendored_file"),
        ("web/box.min.js", "minified_file"),
        ("web/box_pb2.py", "generated_file"),
        ("notes.md", "unsupported_language"),
    ],
)
def test_file_that_nobody_wrote_is_counted(typing, path, reason):
    assert session_tasks(typing(path).swap("width", "w").session()).unfit == {reason: 1}


def test_binary_document_is_counted(typing):
    assert session_tasks(typing(text="x = 1\0\n").swap("1", "2").session()).unfit == {"binary": 1}


def test_agents_edits_become_tasks_of_their_own_origin_where_asked_for(typing):
    made = typing().swap("width * height", "height * width", origin=Origin.AGENT)
    made.swap("depth", "d", after=IDLE_MS)
    assert [task.origin for task in session_tasks(made.session()).tasks] == [Origin.HUMAN]
    tasks = session_tasks(made.session(), TaskSettings(agent_edits=True)).tasks
    assert [task.origin for task in tasks] == [Origin.AGENT, Origin.HUMAN]


def test_change_of_white_space_alone_is_counted(typing):
    assert session_tasks(typing().swap("    return width", "\treturn width").session()).faults == {
        "whitespace_only": 1
    }


def test_long_edit_is_counted(typing):
    result = session_tasks(typing(text=SOURCE * 2).edit(0, 0, "abcde = 1\n" * 410).session())
    assert result.faults == {"too_long": 1}


def test_stated_next_edit_becomes_a_task(typing):
    made = typing().swap("width *", "w *")
    following = EditEvent(made.time, made.path, made.texts[made.path].index("depth"), 5, "d")
    assert len(session_tasks(made.session((following,))).tasks) == 2


def paused(typing, *, afterwards: int) -> SessionTasks:
    """Ten edits, then a rest at the first function, then an edit there."""
    made = typing(text=SOURCE)
    for number in range(10):
        made.swap(f"value + {number}\n", f"value - {number}\n", after=IDLE_MS)
    return session_tasks(
        made.caret(30).caret(31, after=PAUSE_MS).edit(31, 0, "x", after=afterwards).session()
    )


def test_pause_with_an_untouched_range_is_a_no_change_task(typing):
    result = paused(typing, afterwards=UNTOUCHED_MS)
    assert [task.edit == task.original for task in result.tasks if task.no_change] == [True]
    assert adds_up(result)


def test_pause_before_an_edit_of_the_range_is_none(typing):
    result = paused(typing, afterwards=5_000)
    assert result.unfit["pause_before_edit"] == 1


def test_no_change_tasks_are_a_tenth_at_most(typing):
    made = typing(text=SOURCE)
    for number in range(11):
        made.swap(f"value + {number}\n", f"value - {number}\n", after=IDLE_MS)
        made.caret(30).caret(31 + number, after=UNTOUCHED_MS)
    result = session_tasks(made.session())
    assert sum(task.no_change for task in result.tasks) == 1
    assert result.faults["pause_over_share"] > 5


def random_session(seed: int, path: str = "a.py") -> Session:
    """A person who edits, moves and rests in two documents."""
    chance = random.Random(seed)
    texts = {path: SOURCE, "b.py": SOURCE.replace("\n", "\r\n")}
    events: list[Event] = [ContentEvent(0, name, text) for name, text in texts.items()]
    time, name, at = 0, path, 0
    for _ in range(chance.randrange(5, 60)):
        time += chance.choice([80, 120, 900, 4_000, 11_000, 45_000])
        if chance.random() < 0.15:
            name = chance.choice(list(texts))
        if chance.random() < 0.3:
            at = chance.randrange(len(texts[name]))
            events.append(CursorEvent(time, name, at, at))
        at = min(at, len(texts[name]))
        deleted = min(chance.choice([0, 0, 0, 1, 8]), len(texts[name]) - at)
        inserted = chance.choice(["a", "b = 1", "\n    c", "", "\n"])
        origin = chance.choice([Origin.HUMAN] * 9 + [Origin.AGENT])
        events.append(EditEvent(time, name, at, deleted, inserted, origin))
        texts[name] = texts[name][:at] + inserted + texts[name][at + deleted :]
        at += len(inserted)
    return Session("s", "test", "p", tuple(events))


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_counts_add_up_and_ranges_are_whole_lines(seed: int):
    result = session_tasks(random_session(seed))
    assert adds_up(result)
    for task in result.tasks:
        assert task.edit_start == 0 or task.code[task.edit_start - 1] == "\n"
        assert task.edit_end == len(task.code) or task.code[task.edit_end] == "\n"
        assert task.id == task_id(task)
        assert task.no_change == (task.edit == task.original)


def test_same_session_gives_the_same_tasks():
    assert session_tasks(random_session(7)) == session_tasks(random_session(7))


def test_words_of_the_user_are_the_hint_and_part_a_burst_from_the_next(typing):
    made = typing().swap("width * height", "height * width").swap("depth", "d")
    asked = [
        dataclasses.replace(event, hint="swap them") if number == 1 else event
        for number, event in enumerate(made.events)
    ]
    result = session_tasks(dataclasses.replace(made.session(), events=tuple(asked)))
    assert [task.hint for task in result.tasks] == ["swap them", None]
    assert adds_up(result)


def test_edit_from_a_commit_gives_a_synthetic_task(typing):
    made = typing().swap("width * height", "height * width", origin=Origin.SYNTHETIC)
    (task,) = session_tasks(made.session()).tasks
    assert task.origin is Origin.SYNTHETIC


def test_stated_diff_is_in_the_history(typing):
    made = typing().swap("width * height", "height * width")
    events = (DiffEvent(0, "other.py", "@@ -1 +1 @@\n-a\n+b"), *made.events)
    (task,) = session_tasks(dataclasses.replace(made.session(), events=events)).tasks
    assert [(edit.path, edit.diff) for edit in task.history] == [("other.py", "@@ -1 +1 @@\n-a\n+b")]
