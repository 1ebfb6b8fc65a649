"""Where a word begins."""

from hypothesis import given
from hypothesis import strategies as st

from codeedit.pipeline.ingest.anonymize.words import word_start


@given(st.text("aZ9_.-é日 \n", max_size=30), st.data())
def test_a_word_is_followed_back_over_letters_digits_and_marks(text: str, data: st.DataObject) -> None:
    end = data.draw(st.integers(0, len(text)))
    low = data.draw(st.integers(0, end))
    expected = end
    while expected > low and (text[expected - 1].isalnum() or text[expected - 1] in "_."):
        expected -= 1
    assert word_start(text, end, low, "_.") == expected
