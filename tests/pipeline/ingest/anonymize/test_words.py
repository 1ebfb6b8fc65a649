"""Words before a position."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeedit.pipeline.ingest.anonymize.words import takes_a_blank, word_start


@given(st.text("aZ9_.-é日 \n", max_size=30), st.data())
def test_a_word_is_followed_back_over_letters_digits_and_marks(text: str, data: st.DataObject) -> None:
    end = data.draw(st.integers(0, len(text)))
    low = data.draw(st.integers(0, end))
    expected = end
    while expected > low and (text[expected - 1].isalnum() or text[expected - 1] in "_."):
        expected -= 1
    assert word_start(text, end, low, "_.") == expected


@pytest.mark.parametrize(
    "head", ["-", "--", "run --", "RUN -", "ENV ", "x; define  ", "machine m login me ", "setenv\t"]
)
def test_a_flag_a_directive_and_a_login_take_their_value_behind_a_blank(head: str) -> None:
    assert takes_a_blank(head)


@pytest.mark.parametrize(
    "head", ["", " ", "x-", "---", "ENV", "MYENV ", "login ", "relogin me ", "login me you "]
)
def test_nothing_else_takes_a_value_behind_a_blank(head: str) -> None:
    assert not takes_a_blank(head)
