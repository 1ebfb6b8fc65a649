"""The dictionary of found values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeedit.pipeline.ingest.anonymize.dictionary import Dictionary
from codeedit.pipeline.ingest.anonymize.rules import Allow

MANY = [f"w{number:02d}kqzx-{number * 37}" for number in range(40)]


def spans(dictionary, text):
    return [(found.start, found.end) for found in dictionary.occurrences(text)]


@pytest.mark.parametrize("others", [[], MANY])
def test_a_value_is_found_although_another_one_s_beginning_overlaps_its_own(others):
    dictionary = Dictionary(["aqabcd-1", "abcdef-2", *others])
    assert spans(dictionary, "x aqabcdef-2 abcdef-2") == [(13, 21)]
    assert spans(dictionary, "x = aqab abcdef-2") == [(9, 17)]
    assert spans(dictionary, "aq/aqabcdef aqabcd-1") == [(12, 20)]


@pytest.mark.parametrize("others", [[], MANY])
def test_the_longest_value_wins(others):
    dictionary = Dictionary(["nora-kqz", "nora-kqz-blixen", *others])
    assert spans(dictionary, "nora-kqz-blixen nora-kqz") == [(0, 15), (16, 24)]


@given(st.text(alphabet="wkqzx-0123456789 ", max_size=60))
def test_few_and_many_values_are_found_alike(text):
    few, many = Dictionary(MANY[:10]), Dictionary(MANY)
    few_spans = spans(few, text)
    assert [span for span in spans(many, text) if text[slice(*span)] in MANY[:10]] == few_spans


def test_what_is_added_later_is_found_too():
    dictionary = Dictionary(["nora-kqz"])
    assert spans(dictionary, "nora-kqz nblixen-7") == [(0, 8)]
    dictionary.values["nblixen-7"] = ("account", "personal")
    assert spans(dictionary, "nora-kqz nblixen-7") == [(0, 8), (9, 18)]


def test_what_is_allowed_is_not_looked_for():
    assert spans(Dictionary(["nora-kqz"], Allow(frozenset({"nora-kqz"}))), "nora-kqz") == []
