"""Examples made here by the formats' description."""

from __future__ import annotations

import json

import pytest

from codeedit.pipeline.ingest import read_sessions, replay
from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.pipeline.ingest.readers.fields import Unreadable
from codeedit.pipeline.ingest.readers.zed_markdown import without_mark
from codeedit.pipeline.ingest.tasks import TaskSettings, session_tasks
from codeedit.records import ContentEvent, CursorEvent, DiffEvent, EditEvent

TEXT = "def grand_total(x):\n    return sum(x)\n\nprint(total([1]))\n"
AFTER = TEXT.replace("print(total", "print(grand_total")
HISTORY = """--- a/src/a.py
+++ b/src/a.py
@@ -1,2 +1,2 @@
-def total(x):
+def grand_total(x):
     return sum(x)
"""
PATCH = """--- a/src/a.py
+++ b/src/a.py
@@ -2,3 +2,3 @@
     return sum(x)
{blank}
-print(total([1]))
+print(grand_total([1]))
""".replace("{blank}", " ")
MARKED = TEXT.replace(":\n", ":\n#   ^[CURSOR_POSITION]\n", 1)


def markdown(marked=MARKED, history=HISTORY, patches=(PATCH,)):
    parts = ['+++\nrepository_url = "https://example.com/r/shop.git"\nrevision = "0123abcd"\n+++\n']
    parts.append(
        "# rename total\n\nSome words.\n\n## Reasoning\n\n```\n## Expected Patch\n```\n\n## Edit History\n"
    )
    parts.append(f"```diff\n{history}```\n" if history else "(No edit history)\n")
    parts.append(f"## Cursor position\n\n````src/a.py\n{marked}````\n\n## Expected Patch\n")
    parts += [f"```diff\n{patch}```\n" for patch in patches]
    return "\n".join(parts)


def row(**fields):
    base = {"name": "n", "repository_url": "https://example.com/r", "revision": "0", "uncommitted_diff": ""}
    base |= {"cursor_path": "src/a.py", "cursor_position": MARKED, "edit_history": HISTORY}
    return {**base, "expected_patches": [PATCH], **fields}


def read(tmp_path, *texts):
    (tmp_path / "log").write_text("".join(texts), "utf-8")
    quarantine = Quarantine()
    sessions = list(read_sessions(tmp_path, quarantine=quarantine))
    assert quarantine.read == quarantine.kept + len(quarantine.records)
    return sessions, quarantine


@pytest.mark.parametrize("text", [markdown(), json.dumps(row()) + "\n"])
def test_example_has_its_history_its_cursor_and_the_expected_edit(tmp_path, text):
    (session,), quarantine = read(tmp_path, text)
    diff = "@@ -1,2 +1,2 @@\n-def total(x):\n+def grand_total(x):\n     return sum(x)"
    assert session.events == (
        DiffEvent(0, "src/a.py", diff),
        ContentEvent(0, "src/a.py", TEXT),
        CursorEvent(0, "src/a.py", 4, 4),
        EditEvent(0, "src/a.py", TEXT.index("total([1"), 0, "grand_"),
    )
    assert quarantine.records == []


def test_example_becomes_a_task(tmp_path):
    (session,), _ = read(tmp_path, markdown())
    (task,) = session_tasks(session).tasks
    assert task.code[: task.edit_start] + task.edit + task.code[task.edit_end :] == AFTER
    assert (session.project, len(task.history)) == ("shop", 1)


def test_example_without_history(tmp_path):
    (session,), _ = read(tmp_path, markdown(history=""))
    assert replay(session) == {"src/a.py": AFTER}


def test_whole_file_is_taken_where_it_is_held(tmp_path):
    whole = "# é\n" + TEXT
    held = {"cursor_file_content": whole, "cursor_offset": 9}
    (session,), _ = read(tmp_path, json.dumps(row(captured_prompt_input=held)))
    assert replay(session) == {"src/a.py": "# é\n" + AFTER}
    assert session.events[2] == CursorEvent(0, "src/a.py", 8, 8)


@pytest.mark.parametrize("form", ["excerpt_ranges", "editable_range_in_excerpt"])
def test_the_range_that_the_editor_named_is_kept(tmp_path, form):
    excerpt = "# é\n" + TEXT
    span = {"start": len("# é\n".encode()), "end": len(excerpt.encode())}
    held = {
        "cursor_excerpt": excerpt,
        "cursor_offset_in_excerpt": 9,
        form: {"editable_150": {"start": 0, "end": 1}, "editable_350": span}
        if form == "excerpt_ranges"
        else span,
    }
    (session,), _ = read(tmp_path, json.dumps(row(captured_prompt_input=held)))
    assert session.events[-1].region == (4, len(excerpt))
    (task,) = session_tasks(session, TaskSettings(range="log")).tasks
    assert task.original == TEXT.removesuffix("\n")


def test_first_patch_that_fits_is_the_answer(tmp_path):
    other = PATCH.replace("print(total", "print(sum")
    (session,), _ = read(tmp_path, markdown(patches=[other, PATCH]))
    assert replay(session) == {"src/a.py": AFTER}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (markdown(patches=[]), "no expected patch"),
        (markdown(patches=[PATCH.replace("total", "sum")]), "expected patch that does not fit its document"),
        (markdown(patches=[PATCH.replace("a.py", "b.py")]), "expected patch that does not fit its document"),
        (markdown(marked=TEXT), "not exactly one cursor"),
        (markdown(history="@@ -1,9 +1 @@\n"), "not a diff"),
        (markdown() + "```\n", "block without an end"),
        (json.dumps(row(expected_patches=[3])), "wrong type of a field"),
        (json.dumps(row(cursor_path="")), "wrong type of a field"),
        (
            json.dumps(row(captured_prompt_input={"cursor_file_content": "é", "cursor_offset": 1})),
            "offset inside a character",
        ),
    ],
)
def test_example_that_is_not_understood_is_counted(tmp_path, text, reason):
    sessions, quarantine = read(tmp_path, text)
    assert (sessions, quarantine.reasons()) == ([], {reason: 1})


@pytest.mark.parametrize(
    ("marked", "text", "cursor"),
    [
        ("a<|user_cursor|>b\n", "ab\n", 1),
        ("éé = 1\n#  ^[CURSOR_POSITION]\nx\n", "éé = 1\nx\n", 1),
        ("    x\n    # <[CURSOR_POSITION]\n", "    x\n", 4),
        ("x\n//          ^[CURSOR_POSITION]\n", "x\n", 1),
        ("plain\n  ^[CURSOR_POSITION]", "plain\n", 2),
    ],
)
def test_cursor_marks(marked, text, cursor):
    assert without_mark(marked) == (text, cursor)


def test_mark_above_all_lines_is_refused():
    with pytest.raises(Unreadable):
        without_mark("# ^[CURSOR_POSITION]\nx\n")


def test_data_of_the_public_zeta_set_is_no_log(tmp_path, shared):
    quarantine = Quarantine()
    assert list(read_sessions(shared / "data" / "zeta", quarantine=quarantine)) == []
    assert set(quarantine.reasons()) == {"not a log of a known kind"}


@pytest.mark.parametrize("form", ["markdown", "json"])
def test_damaged_examples_raise_nothing(endure, form):
    held = {"cursor_file_content": "# é\n" + TEXT, "cursor_offset": 9}
    lines = [row(), row(captured_prompt_input=held), row(edit_history="")]
    text = markdown() if form == "markdown" else "".join(json.dumps(line) + "\n" for line in lines)
    endure(text.encode(), cases=600)
