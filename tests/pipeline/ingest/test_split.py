from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from codeedit.pipeline.ingest.split import TEST_SHARE, choose_test, place

IDS = st.sets(st.text("abcdef0123456789", min_size=1, max_size=8), min_size=2, max_size=60)


@given(IDS)
def test_neither_split_is_empty_with_two_sessions(ids: set[str]):
    assert 0 < len(choose_test(ids)) < len(ids)


@given(IDS)
def test_order_does_not_matter(ids: set[str]):
    assert choose_test(sorted(ids)) == choose_test(sorted(ids, reverse=True))


@given(IDS, st.text("xyz", min_size=1, max_size=5))
def test_session_of_its_own_right_stays_in_test_when_others_come(ids: set[str], new: str):
    own = {session for session in choose_test(ids) if place(session) < TEST_SHARE}
    if len(own) < len(ids):
        assert own <= choose_test(ids | {new})


def test_one_session_alone_is_trained_on():
    assert choose_test(["only"]) == frozenset()


def test_about_a_tenth_goes_to_test():
    ids = [f"session {number}" for number in range(2_000)]
    assert 0.08 < len(choose_test(ids)) / len(ids) < 0.12
