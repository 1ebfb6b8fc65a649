"""The linear engine."""

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from codeedit.pipeline.ingest.anonymize.engine import LinearPattern, apart, latin, searching

PATTERN = LinearPattern(r"ab|\bc{1,3}|é")
TEXTS = st.text(alphabet="abcé \n😀", max_size=40)


@given(TEXTS)
def test_positions_are_code_points(text):
    for start, end in PATTERN.spans(latin(text), 0, len(text)):
        assert text[start:end] in ("ab", "c", "cc", "ccc", "é")


@given(TEXTS, st.integers(0, 45), st.integers(0, 45))
def test_the_wrapper_s_search_gives_the_same(text, start, end):
    class Wrapped:
        """A compiled pattern whose engine cannot be reached."""

        def search(self, raw, at, to):
            return compiled.search(raw, at, to)

    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    compiled = re2.compile(rb"ab|\bc{1,3}|\xe9", options)
    raw = latin(text)
    at, to = min(start, len(raw)), min(end, len(raw))
    if at <= to:
        assert tuple(searching(compiled)(raw, at, to)) == searching(Wrapped())(raw, at, to)


@pytest.mark.parametrize(
    ("position", "end", "found"),
    [(0, None, 1), (2, None, 4), (5, None, -1), (7, None, -1), (0, 2, -1), (9, 3, -1)],
)
def test_a_search_stays_within_its_bounds(position, end, found):
    assert LinearPattern("ab").start(b" ab ab", position, end) == found


def test_the_ends_of_patterns_are_parted_where_nothing_else_is_near():
    assert list(apart([[], []])) == []
    assert list(apart([[], [3, 9]])) == [(1, [3, 9])]
    assert list(apart([[3], [9_000, 9_100]])) == [(0, [3]), (1, [9_000, 9_100])]
    assert list(apart([[3, 9_000], [9]])) == [(None, [3, 9]), (0, [9_000])]
