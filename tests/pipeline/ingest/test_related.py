"""Excerpts of other open documents: which, from where, and as they were when."""

import pytest

from codeedit.pipeline.ingest.document import Document
from codeedit.pipeline.ingest.redactions import texts
from codeedit.pipeline.ingest.related import MOST_CHARS, MOST_FILES, excerpt
from codeedit.pipeline.ingest.tasks import session_tasks
from codeedit.records import ContentEvent, CursorEvent, EditEvent, RelatedFile, Session

CODE = "def f(a):\n    return a\n"


def tasks(*events):
    return session_tasks(Session("s", "made", "p", events)).tasks


def edit(time_ms, path, at, text):
    return EditEvent(time_ms, path, at, 0, text)


def test_other_documents_come_as_they_were_when_the_edit_began():
    (task, _) = tasks(
        ContentEvent(0, "a.py", CODE),
        ContentEvent(0, "b.py", "b = 1\n"),
        edit(1_000, "a.py", len(CODE) - 1, " + 1"),
        edit(20_000, "b.py", 5, "2"),
    )
    assert task.related == (RelatedFile("b.py", "b = 1"),)


def test_the_document_seen_last_comes_first_and_no_more_than_a_few():
    names = [f"m{n}.py" for n in range(5)]
    opened = [ContentEvent(0, name, f"{name[:2]} = 1\n") for name in names]
    seen = CursorEvent(10, "m1.py", 0, 0)
    (task,) = tasks(ContentEvent(0, "a.py", CODE), *opened, seen, edit(1_000, "a.py", len(CODE) - 1, " + 1"))
    assert [file.path for file in task.related] == ["m1.py", "m4.py", "m3.py"]
    assert len(task.related) == MOST_FILES


@pytest.mark.parametrize(("path", "text"), [("notes.txt", "x\n"), ("b.py", "\0\n"), ("b_pb2.py", "x = 1\n")])
def test_what_no_task_is_made_of_is_no_related_file_either(path, text):
    (task,) = tasks(
        ContentEvent(0, "a.py", CODE), ContentEvent(0, path, text), edit(9, "a.py", len(CODE) - 1, " + 1")
    )
    assert task.related == ()


def test_a_renamed_document_comes_by_its_new_name():
    (task,) = tasks(
        ContentEvent(0, "a.py", CODE),
        ContentEvent(0, "b.py", "b = 1\n"),
        ContentEvent(1, "c.py", "b = 1\n", renamed_from="b.py"),
        edit(9, "a.py", len(CODE) - 1, " + 1"),
    )
    assert [file.path for file in task.related] == ["c.py"]


def test_an_excerpt_is_whole_lines_around_the_place():
    lines = [f"value{n} = {n}\r\n" for n in range(1_000)]
    document = Document("".join(lines))
    text = excerpt(document, sum(map(len, lines[:500])))
    assert "value500 = 500" in text.split("\n")
    assert {f"{line}\r\n" for line in text.split("\n")} <= set(lines)
    assert len(text) <= MOST_CHARS


@pytest.mark.parametrize("offset", [0, 10_000_000])
def test_an_excerpt_at_either_end_is_as_long(offset):
    assert len(excerpt(Document("x = 1\n" * 1_000), offset)) > MOST_CHARS - 10


def test_a_line_longer_than_an_excerpt_gives_none():
    assert excerpt(Document("x" * 10_000), 5_000) == ""


def test_the_second_look_sees_related_files():
    (task,) = tasks(
        ContentEvent(0, "a.py", CODE),
        ContentEvent(0, "b.py", "b = 1\n"),
        edit(9, "a.py", len(CODE) - 1, " + 1"),
    )
    assert {"b.py", "b = 1"} <= set(texts(task))
    assert "b = 1" not in set(texts(task, frozenset({"b.py"})))
