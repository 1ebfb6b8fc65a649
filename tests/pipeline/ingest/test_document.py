from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeedit.pipeline.ingest.document import (
    Document,
    PositionError,
    is_text,
    lf_offset,
    to_lf,
    typed_offset,
    utf16_length,
)

TEXT = st.text(alphabet="ab\n\r😀é", max_size=60)
EDITS = st.lists(st.tuples(st.integers(0, 80), st.integers(0, 20), TEXT), max_size=12)


@given(TEXT, EDITS)
def test_edits_equal_those_of_a_string(text: str, edits: list[tuple[int, int, str]]):
    document = Document(text)
    for start, deleted, inserted in edits:
        begin = min(start, len(text))
        count = min(deleted, len(text) - begin)
        document.replace(begin, count, inserted)
        text = text[:begin] + inserted + text[begin + count :]
        assert (document.text(), len(document), document.utf16_length) == (
            text,
            len(text),
            utf16_length(text),
        )


def test_edits_across_chunks_equal_those_of_a_string():
    text = "".join(f"line {number} 😀\n" for number in range(5_000))
    document = Document(text)
    for start, deleted, inserted in [(30_000, 20_000, "x"), (10, 3, "y" * 9_000), (0, 30_000, "")]:
        document.replace(start, deleted, inserted)
        text = text[:start] + inserted + text[start + deleted :]
    assert document.text() == text
    assert document.slice(5_000, 12_000) == text[5_000:12_000]


@given(st.text(alphabet="a😀", max_size=40), st.integers(0, 40))
def test_utf16_offset_becomes_code_points(text: str, points: int):
    points = min(points, len(text))
    assert Document(text).code_points(utf16_length(text[:points])) == points


def test_offset_inside_a_surrogate_pair_is_an_error():
    with pytest.raises(PositionError):
        Document("a😀b").code_points(2)


@pytest.mark.parametrize("offset", [-1, 5])
def test_offset_outside_the_document_is_an_error(offset: int):
    with pytest.raises(PositionError):
        Document("a😀b").code_points(offset)


def test_edit_past_the_end_is_an_error_and_changes_nothing():
    document = Document("abc")
    with pytest.raises(PositionError):
        document.replace(2, 2, "x")
    assert document.text() == "abc"


def test_deleting_everything_leaves_a_document_that_takes_text():
    document = Document("x" * 10_000)
    document.replace(0, 10_000, "")
    document.replace(0, 0, "again")
    assert document.text() == "again"


@given(TEXT)
def test_lf_text_has_no_carriage_return(text: str):
    assert "\r" not in to_lf(text)


@given(TEXT, st.integers(0, 60))
def test_lf_offset_counts_the_lf_text_before_it(text: str, offset: int):
    offset = min(offset, len(text))
    if text[offset - 1 : offset + 1] == "\r\n" and offset:
        offset -= 1
    assert lf_offset(text, offset) == len(to_lf(text[:offset]))


@given(TEXT, st.integers(0, 60))
def test_typed_offset_is_the_way_back(text: str, offset: int):
    offset = min(offset, len(to_lf(text)))
    assert lf_offset(text, typed_offset(text, offset)) == offset


def test_typed_offset_of_a_line_end_lies_before_the_carriage_return():
    assert typed_offset("ab\r\ncd\r\n", 5) == 6


def test_half_a_surrogate_pair_is_no_text():
    assert not is_text("a\ud83d")
    assert is_text("a😀")
    assert not is_text(3)


@given(st.lists(st.sampled_from(["a", "\n", "\r\n", "😀b\n", "x" * 3_000]), max_size=12), st.data())
def test_lines_are_those_of_the_text_after_edits(parts, data):
    text = "".join(parts)
    document = Document(text)
    at = data.draw(st.integers(0, len(text)))
    document.replace(at, min(2, len(text) - at), "n\nm")
    text = document.text()
    lines = text.split("\n")
    row = data.draw(st.integers(0, len(lines) - 1))
    start, line = document.line(row)
    assert start == sum(len(each) + 1 for each in lines[:row])
    assert line == (lines[row].removesuffix("\r") if row < len(lines) - 1 else lines[row])


def test_line_past_the_end_is_refused():
    with pytest.raises(PositionError):
        Document("a\n").line(2)
