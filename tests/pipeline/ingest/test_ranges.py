"""How edit ranges are chosen, and what is said of strategies that there are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeedit.errors import InputError
from codeedit.pipeline.ingest.moments import moment
from codeedit.pipeline.ingest.ranges import Place, range_strategy
from codeedit.pipeline.ingest.tasks import TaskSettings, session_tasks
from codeedit.pipeline.syntax import parse
from codeedit.records import ContentEvent, CursorEvent, EditEvent, Session

CODE = "".join(f"x{n} = {n}\n" for n in range(50))


def chosen(strategy, code=CODE, cursor=0, recorded=None):
    found, by = range_strategy(strategy).choose(Place(code, cursor, "python", "a.py", parse, recorded))
    return code[found.start : found.end], by


@pytest.mark.parametrize(("row", "first", "last"), [(25, 23, 27), (0, 0, 4), (49, 46, None)])
def test_lines_are_a_window_around_the_cursor_that_moves_at_the_ends(row, first, last):
    text, by = chosen("lines:5", cursor=CODE.index(f"x{row} "))
    lines = text.split("\n")
    assert (len(lines), by) == (5, "lines")
    assert lines[0] == f"x{first} = {first}"
    assert lines[-1] == ("" if last is None else f"x{last} = {last}")


@given(code=st.text("ab\n", max_size=40), data=st.data(), lines=st.integers(1, 9))
def test_lines_are_whole_and_hold_the_cursor(code, data, lines):
    cursor = data.draw(st.integers(0, len(code)))
    found, _ = range_strategy(f"lines:{lines}").choose(Place(code, cursor, "python", "a.py", parse, None))
    assert found.start <= cursor <= found.end
    assert found.start == 0 or code[found.start - 1] == "\n"
    assert found.end == len(code) or code[found.end] == "\n"
    assert code[found.start : found.end].count("\n") + 1 == min(lines, code.count("\n") + 1)


def test_the_recorded_range_is_taken_in_whole_lines():
    start = CODE.index("= 7")
    assert chosen("log", recorded=(start, start + 9)) == ("x7 = 7\nx8 = 8", "log")
    assert chosen("log", recorded=(start - 3, start + 4)) == ("x7 = 7", "log")


@pytest.mark.parametrize("recorded", [None, (0, 4_001)])
def test_without_a_recorded_range_of_a_sensible_size_syntax_chooses(recorded):
    code = "x = 1\n" * 1_000
    assert chosen("log", code, recorded=recorded) == chosen("syntax", code)


def test_a_recorded_range_is_found_in_the_text_as_typed():
    text = "\ufeffa = 1\r\nb = 2\r\nc = 3\r\n"
    seen = moment(
        text, 9, "python", "a.py", strategy=range_strategy("log"), recorded=(text.index("b"), text.index("c"))
    )
    assert (seen.original, text[seen.typed_start : seen.typed_end]) == ("b = 2", "b = 2")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("syntx", "did you mean syntax"),
        ("lines", "needs a number"),
        ("lines:0", "needs a number"),
        ("lines:1000", "needs a number"),
        ("lines:x", "needs a number"),
        ("log:3", "takes no size"),
    ],
)
def test_a_strategy_that_there_is_not_is_one_line(text, message):
    with pytest.raises(InputError, match=message) as caught:
        range_strategy(text)
    assert "--range" in str(caught.value)
    assert "\n" not in str(caught.value)


def session(region):
    at = CODE.index("= 7") + 2
    events = (
        ContentEvent(0, "a.py", CODE),
        CursorEvent(0, "a.py", at, at),
        EditEvent(5, "a.py", at, 1, "70", region=region),
    )
    return Session("s", "made", "p", events)


def test_what_chose_the_ranges_is_counted():
    whole = CODE.index("x7"), CODE.index("x9")
    made = session_tasks(session(whole), TaskSettings(range="log"))
    assert (made.tasks[0].original, dict(made.ranges)) == ("x7 = 7\nx8 = 8", {"log": 1})
    assert dict(session_tasks(session(None), TaskSettings(range="log")).ranges) == {"syntax": 1}
    assert dict(session_tasks(session(whole)).ranges) == {"syntax": 1}
