from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from codeedit.pipeline.ingest.readers.text_edits import edits_between

TEXTS = st.lists(st.sampled_from(["a\n", "b\n", "ab\r\n", "\n", "é😀\n", "a", "\r"]), max_size=12).map(
    "".join
)


@given(TEXTS, TEXTS)
def test_replacements_lead_from_one_text_to_the_other(before, after):
    text, reached = before, len(before)
    for start, end, new in reversed(edits_between(before, after)):
        assert 0 <= start <= end <= reached
        text, reached = text[:start] + new + text[end:], start
    assert text == after


def test_equal_texts_need_no_replacement():
    assert edits_between("a\nb\n", "a\nb\n") == []


def test_only_what_changed_in_a_line_is_replaced():
    assert edits_between("x = 1\n", "x = 12\n") == [(5, 5, "2")]


def test_changes_apart_are_replacements_apart():
    before = "one\ntwo\nthree\nfour\n"
    assert edits_between(before, "One\ntwo\nthree\nfou\n") == [(0, 1, "O"), (17, 18, "")]


def test_lines_that_change_together_are_one_replacement():
    assert edits_between("a\nb\nc\nd\n", "a\nx\ny\nz\nd\n") == [(2, 5, "x\ny\nz")]
