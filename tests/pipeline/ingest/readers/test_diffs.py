from __future__ import annotations

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeedit.pipeline.ingest.readers.diffs import apply_diff, read_diffs
from codeedit.pipeline.ingest.readers.fields import Unreadable

LINES = st.lists(st.sampled_from(["a", "b", "", "--- x", "+++ y", "@@", "-", "+"]), max_size=14)


def unified(before, after):
    """A diff as `diff -u` writes it, missing line end at the end included."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    lines = difflib.unified_diff(old, new, "a/x.py", "b/x.py")
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


@given(LINES, LINES, st.sampled_from(["", "\n"]), st.sampled_from(["", "\n"]))
def test_diff_leads_from_one_text_to_the_other(old, new, old_end, new_end):
    before, after = "\n".join(old) + old_end, "\n".join(new) + new_end
    if before != after:
        (diff,) = read_diffs(unified(before, after))
        assert apply_diff(before, diff.hunks) == after
        assert (diff.old_path, diff.new_path) == ("x.py", "x.py")


def test_several_files_are_told_apart():
    diffs = read_diffs(unified("a\n", "b\n") + unified("c\n", "d\n").replace("x.py", "y.py"))
    assert [diff.new_path for diff in diffs] == ["x.py", "y.py"]


def test_history_has_three_lines_around_a_change():
    lines = [f"line {number}" for number in range(40)]
    wide = "\n".join(difflib.unified_diff(lines, [*lines[:20], "new", *lines[20:]], n=25, lineterm=""))
    diff = read_diffs(wide)[0].as_history().split("\n")
    assert diff[0] == "@@ -18,6 +18,7 @@"
    assert diff[4] == "+new"
    assert len(diff) == 8


def test_part_of_a_file_is_searched():
    (diff,) = read_diffs("@@ -90,2 +90,2 @@\n b\n-c\n+d\n")
    assert apply_diff("a\nb\nc\n", diff.hunks, search=True) == "a\nb\nd\n"


@pytest.mark.parametrize("text", ["a\nx\n", "b\nc\nb\nc\n"])
def test_place_that_is_not_found_once_is_refused(text):
    (diff,) = read_diffs("@@ -90,2 +90,2 @@\n b\n-c\n+d\n")
    with pytest.raises(Unreadable):
        apply_diff(text, diff.hunks, search=True)


@pytest.mark.parametrize("text", ["", "no diff", "@@ -1,3 +1,3 @@\n a\n", "@@ -1 +1 @@\n-a\nx\n"])
def test_what_is_no_diff_is_refused(text):
    with pytest.raises(Unreadable):
        read_diffs(text)
