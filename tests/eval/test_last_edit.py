import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeedit.eval.last_edit import repeat_last_edit, reversal_ratio
from codeedit.pipeline.edits import replacements
from codeedit.records import HistoryEdit, Origin, Task

CODE = "import os\n\ndef total(values):\n    return sum(values)\n\nprint(total([1]))\n"
RANGE = "def total(values):\n    return sum(values)"
TYPED = "@@ -3,2 +3,2 @@\n-def total(x):\n+def total(values):\n     return sum(values)\n"  # "x" to "values"


def task(*diffs: str, code: str = CODE, text: str = RANGE, path: str = "a.py") -> Task:
    start = code.index(text)
    history = tuple(HistoryEdit(path, diff, 0) for diff in diffs)
    place = (code, start, start + len(text), start)
    return Task("t", "s", "s", "p", "a.py", "python", Origin.HUMAN, 0, *place, history, None, text, True)


def test_an_answer_that_changes_nothing_undoes_nothing() -> None:
    assert reversal_ratio(task(TYPED), RANGE) == 0.0


def test_an_answer_that_takes_the_last_edit_back_undoes_all_of_it() -> None:
    assert reversal_ratio(task(TYPED), RANGE.replace("total(values)", "total(x)")) == 1.0


def test_an_answer_that_goes_on_undoes_nothing() -> None:
    assert reversal_ratio(task(TYPED), RANGE.replace("sum(values)", "sum(values) or 0")) == 0.0


def test_what_is_erased_without_the_old_text_is_undone_in_part() -> None:
    # Six characters were typed for one: the answer erases the six and brings the one not back.
    assert reversal_ratio(task(TYPED), RANGE.replace("total(values)", "total()")) == pytest.approx(6 / 7)


def test_a_deleted_line_that_comes_back_is_undone() -> None:
    deleted = "@@ -3,3 +3,2 @@\n def total(values):\n-    check(values)\n     return sum(values)\n"
    back = RANGE.replace("\n", "\n    check(values)\n")
    assert reversal_ratio(task(deleted), back) == 1.0


def test_a_change_beside_the_reversal_does_not_hide_it() -> None:
    answer = RANGE.replace("total(values)", "total(x)").replace("sum(values)", "sum(values, start=100_000)")
    assert reversal_ratio(task(TYPED), answer) == 1.0


@pytest.mark.parametrize(
    "told",
    [
        task(),
        task(TYPED, path="other.py"),
        task("@@ -1,1 +1,1 @@\n-import sys\n+import os\n"),  # outside the range
        task("@@ -1,1 +1,1 @@\n-gone\n+away\n"),  # not in this text
    ],
    ids=["no history", "another file", "outside", "not found"],
)
def test_without_a_last_edit_in_the_range_there_is_no_ratio(told: Task) -> None:
    assert reversal_ratio(told, "anything") is None


def test_the_last_edit_counts_and_not_the_one_before() -> None:
    earlier = "@@ -4,1 +4,1 @@\n-    return 0\n+    return sum(values)\n"
    assert reversal_ratio(task(earlier, TYPED), RANGE.replace("sum(values)", "0")) == 0.0


def test_a_path_may_have_a_folder_more_in_the_history() -> None:
    assert reversal_ratio(task(TYPED, path="project/a.py"), RANGE) == 0.0


@given(st.text("ab\n ", max_size=20), st.text("ab\n ", max_size=20))
def test_replacements_lead_from_one_text_to_the_other(text: str, changed: str) -> None:
    made = text
    for part in reversed(replacements(text, changed)):
        made = made[: part.start] + part.text + made[part.end :]
    assert made == changed


@given(st.text("ab ", min_size=1, max_size=12), st.text("ab ", min_size=1, max_size=12))
def test_the_ratio_is_a_share_and_1_for_the_text_before(old: str, new: str) -> None:
    code = f"#1\n{new}\n#2"
    told = task(f"@@ -1,3 +1,3 @@\n #1\n-{old}\n+{new}\n #2\n", code=code, text=new)
    ratio = reversal_ratio(told, old)
    assert ratio is None if old == new else ratio == 1.0
    assert ratio is None or 0.0 <= reversal_ratio(told, "bab a") <= 1.0


def repeated(diff: str, text: str) -> str:
    return repeat_last_edit(task(diff, code=f"top\n{text}\nend", text=text))


def test_a_rename_is_repeated_on_whole_words() -> None:
    assert repeated("@@ -1,1 +1,1 @@\n-old = 1\n+new = 1\n", "f(old)\nfolder = old") == "f(new)\nfolder = new"


def test_a_change_of_whole_lines_is_repeated_with_the_indentation_of_the_place() -> None:
    diff = "@@ -1,1 +1,2 @@\n-  log(x)\n+  if x:\n+    log(x)\n"
    assert repeated(diff, "a\n    log(x)\nb") == "a\n    if x:\n      log(x)\nb"


def test_an_argument_that_was_added_is_added_to_like_calls() -> None:
    diff = "@@ -1,1 +1,1 @@\n-one(value)\n+one(value, key)\n"
    assert repeated(diff, "two(value)\nthree(other)") == "two(value, key)\nthree(other)"


def test_a_place_that_is_changed_already_is_left_alone() -> None:
    diff = "@@ -1,1 +1,1 @@\n-one(value)\n+one(value, key)\n"
    assert repeated(diff, "one(value, key)\ntwo(value)") == "one(value, key)\ntwo(value, key)"


def test_a_line_that_was_deleted_is_deleted_once_more() -> None:
    assert repeated("@@ -1,2 +1,1 @@\n x\n-debug()\n", "a\n  debug()\nb") == "a\nb"


@pytest.mark.parametrize(
    "diff",
    [
        "@@ -1,1 +1,2 @@\n x\n+typed anew\n",
        "@@ -1,1 +1,1 @@\n-gone\n+away\n",
        "@@ -1,1 +1,1 @@\n-\n+    \n",
        "@@ -1,1 +1,1 @@\n-(\n+[\n",
        "",
    ],
    ids=["an insertion", "nowhere else", "white space", "signs alone", "empty"],
)
def test_what_has_no_like_in_the_range_changes_nothing(diff: str) -> None:
    assert repeated(diff, "a = b\nc = (d)") == "a = b\nc = (d)"


def test_without_history_nothing_is_repeated() -> None:
    told = dataclasses.replace(task(TYPED), history=())
    assert repeat_last_edit(told) == RANGE
