from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from codeedit.pipeline.ingest.document import to_lf
from codeedit.pipeline.ingest.moments import MAX_CODE_BYTES, TrackedRange, code_window, moment
from codeedit.records import EditEvent


def tracked(text: str, start: int, end: int, *edits: tuple[int, int, str]) -> TrackedRange:
    area = TrackedRange(start, text[start:end])
    return area.follow(EditEvent(0, "a", *edit) for edit in edits)


def test_edit_inside_changes_the_range():
    assert tracked("aa\nbb\ncc", 3, 5, (4, 0, "x")).text == "bxb"


def test_line_added_at_the_ranges_end_is_inside():
    assert tracked("aa\nbb\ncc", 3, 5, (5, 0, "\nnew")).text == "bb\nnew"


def test_edit_before_the_range_moves_it():
    assert tracked("aa\nbb\ncc", 3, 5, (0, 1, "xyz"), (5, 2, "!")).text == "!"


def test_edit_after_the_range_does_nothing():
    area = tracked("aa\nbb\ncc", 3, 5, (6, 2, ""))
    assert (area.text, area.touched) == ("bb", False)


def test_edit_across_an_end_breaks_the_range():
    assert tracked("aa\nbb\ncc", 3, 5, (4, 3, "")).broken


def test_removing_the_line_end_at_either_end_breaks_the_range():
    assert tracked("aa\nbb\ncc", 3, 5, (2, 1, "")).broken
    assert tracked("aa\nbb\ncc", 3, 5, (5, 1, "")).broken


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 4), st.text("x\n", max_size=3)), max_size=6),
    st.integers(0, 5),
    st.integers(1, 4),
)
def test_range_that_is_not_broken_is_what_the_document_has_there(edits, first, count):
    lines = [f"line {number}" for number in range(10)]
    text = "\n".join(lines)
    start = text.index(lines[first])
    area = TrackedRange(start, "\n".join(lines[first : first + count]))
    for at, deleted, inserted in edits:
        begin = min(at, len(text))
        count = min(deleted, len(text) - begin)
        area.follow([EditEvent(0, "a", begin, count, inserted)])
        text = text[:begin] + inserted + text[begin + count :]
    if not area.broken:
        assert text[area.start : area.start + len(area.text)] == area.text


def test_small_document_is_the_window():
    assert code_window("a\nb", 0) == (0, 3)


def test_byte_order_mark_is_left_out():
    seen = moment("\ufeffa = 1\n", 0, "python", "a.py")
    assert seen is not None
    assert (seen.code, seen.cursor) == ("a = 1\n", 0)


@given(st.integers(0, 400_000), st.sampled_from(["x", "é", "😀"]))
def test_window_of_a_long_document_is_whole_lines_around_the_cursor(cursor: int, char: str):
    text = (char * 39 + "\n") * 5_000
    cursor = min(cursor, len(text))
    window = code_window(text, cursor)
    assert window is not None
    start, end = window
    assert start <= cursor <= end
    assert len(text[start:end].encode()) <= MAX_CODE_BYTES
    assert start == 0 or text[start - 1] == "\n"
    assert end == len(text) or text[end - 1] == "\n"


def test_line_that_does_not_fit_has_no_window():
    assert code_window("x" * 100_000, 50_000) is None


def test_crlf_document_is_seen_with_lf_and_keeps_its_own_offsets():
    text = "def a():\r\n    return 1\r\n\r\n\r\nb = 2\r\n"
    seen = moment(text, text.index("1"), "python", "a.py")
    assert seen is not None
    assert seen.code == to_lf(text)
    assert seen.code[seen.cursor] == "1"
    assert to_lf(text[seen.typed_start : seen.typed_end]) == seen.original
