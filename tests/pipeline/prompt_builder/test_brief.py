"""The template ``brief``: what it shows, and how its answers are read."""

import pytest

from codeedit.pipeline.prompt_builder import Status, build, parse
from codeedit.pipeline.prompt_builder.templates.brief import word_diff
from codeedit.records import HistoryEdit

RANGE = """def load(cart):
    total = 0
    for item in cart:
        total += weigh(item)
    return total

def dump(cart):
    print(len(cart))
    return cart

def heavy(item):
    return weigh(item) > 9"""
RENAMED = HistoryEdit("a.py", "@@ -1 +1 @@\n-    return weigh(best)\n+    return scale(best)\n", 10)
EARLIER = HistoryEdit("a.py", "@@ -1 +1 @@\n-early\n+late\n", 20)


def task(make_task, edit=RANGE, **fields):
    settings = {"code": f"import os\n{RANGE}\n", "marked": "", "edit_start": 10, "edit_end": 10 + len(RANGE)}
    return make_task(**settings, edit=edit, history=(EARLIER, RENAMED), **{"cursor": 10, **fields})


def read(answer, original=RANGE):
    return parse(answer, original=original, template="brief")


def test_the_newest_edit_is_a_word_diff_and_others_are_left_out(make_task):
    prompt = build(task(make_task), template="brief")
    user = prompt.messages[0]["content"]
    assert user.startswith("return [-weigh-]{+scale+}(best)\n")
    assert "late" not in user
    assert prompt.left_out.history_edits == 0


def shown(prompt):
    """Return the numbers of the shown lines, in order."""
    lines = prompt.messages[0]["content"].partition("\n\n")[2].split("\n")
    return [int(line.split(" ")[0]) for line in lines]


def test_the_cursors_line_comes_first_then_those_with_what_was_taken_away(make_task):
    prompt = build(task(make_task), template="brief")
    assert shown(prompt)[:3] == [1, 4, 12]
    assert len(shown(prompt)) == 5
    assert "import os" not in prompt.messages[0]["content"]


def test_above_an_empty_line_with_the_cursor_a_line_is_shown_too(make_task):
    empty = 10 + RANGE.index("\n\n") + 1
    assert shown(build(task(make_task, cursor=empty), template="brief"))[0] == 6
    assert 5 in shown(build(task(make_task, cursor=empty), template="brief"))


def test_the_answer_follows_the_order_of_the_lines(make_task):
    edited = RANGE.replace("weigh", "scale")
    cursor = 10 + RANGE.index("    return weigh")
    prompt = build(task(make_task, edited, cursor=cursor), template="brief")
    assert prompt.answer == "12     return scale(item) > 9\n4         total += scale(item)"
    assert read(prompt.answer).text == edited


def test_the_answer_is_the_changed_lines(make_task):
    edited = RANGE.replace("weigh", "scale")
    prompt = build(task(make_task, edited), template="brief")
    assert prompt.answer == "4         total += scale(item)\n12     return scale(item) > 9"
    assert read(prompt.answer).text == edited


@pytest.mark.parametrize(
    ("answer", "lines"),
    [
        ("2 b", ["one", "b", "three"]),
        ("2-", ["one", "three"]),
        ("2+ b", ["one", "two", "b", "three"]),
        ("0+ b", ["b", "one", "two", "three"]),
        ("2+ b\n2+ c\n3", ["one", "two", "b", "c", ""]),
        ("```\n2 b\n```", ["one", "b", "three"]),
        ("<think>2 or 3</think>\n2 b", ["one", "b", "three"]),
        ("2 b<|user_cursor_is_here|>", ["one", "b", "three"]),
    ],
)
def test_rows_are_applied_to_the_range(answer, lines):
    assert read(answer, "one\ntwo\nthree").text == "\n".join(lines)


@pytest.mark.parametrize(
    "answer", ["two", "4 b", "9-", "4+ b", "2 b\n2 c", "", "2 b\n<|no_change|>", "<think>2 b"]
)
def test_other_rows_are_no_answer(answer):
    assert read(answer, "one\ntwo\nthree").status is Status.UNPARSABLE


@pytest.mark.parametrize("answer", ["<|no_change|>", " <|no_change|>\n", "2 two"])
def test_no_change_is_said_or_repeated(answer):
    assert read(answer, "one\ntwo\nthree").status is Status.NO_CHANGE


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("a.b(c)", "a.d(c)", "a.[-b-]{+d+}(c)"),
        ("f(x)", "f(x, y)", "f(x{+, y+})"),
        ("", "new", "{+new+}"),
        ("old", "", "[-old-]"),
        ("same", "same", "same"),
    ],
)
def test_word_diffs(old, new, shown):
    assert word_diff(old, new) == shown
