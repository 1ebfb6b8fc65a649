"""Where words of names stand: the same with hyperscan and without it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeedit.pipeline.ingest.anonymize import gate, nearby, persons
from codeedit.pipeline.ingest.anonymize.engine import latin

NAMES = st.sampled_from(sorted(persons.GIVEN | persons.SURNAMES))
FORMS = st.sampled_from(
    ["{0}{1}", "{0[0]}{1}", "{0}{1[0]}", "{1}{0[0]}", "{1:.5}{0:.2}", "{0}-{1}", "{0}", "{1}"]
)
CASES = st.sampled_from([str.lower, str.title, str.upper])
WORDS = st.builds(lambda form, one, other, case: case(form.format(one, other)), FORMS, NAMES, NAMES, CASES)
MARKS = st.sampled_from([" ", "_", "'", '"', "\n", "9", ".", "é", "ł", "", "a" * 30])
TEXTS = st.lists(WORDS | MARKS, max_size=12).map("".join)


@pytest.fixture(scope="module")
def gates(tmp_path_factory):
    """The gate of names, made now, and one that is never there."""
    pytest.importorskip("hyperscan")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CODEEDIT_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setattr(gate, "_COMPILE_AFTER", 0)
        made = gate.Gate(nearby.ANCHORS)
        assert made.ends(b"x") is not None
    without = gate.Gate([])
    without._tried = without._failed = True
    return made, without


@given(TEXTS)
def test_the_places_are_the_same_with_and_without_hyperscan(gates, text):
    with pytest.MonkeyPatch.context() as patch:
        places = []
        for one in gates:
            patch.setattr(nearby, "_GATE", one)
            places.append(nearby.names_in(text, latin(text)))
    assert places[0] == places[1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ask mdvorak or dvorama", ["mdvorak", "dvorama"]),
        ("Jean-Luc", ["-L", "Luc"]),
        ("const value = check(range)", []),
        ("x" * 30 + "dvorak", []),
    ],
)
def test_words_that_an_account_or_a_name_is_made_of_are_found(text, words):
    assert [text[start:end] for start, end in nearby.names_in(text, latin(text))] == words
