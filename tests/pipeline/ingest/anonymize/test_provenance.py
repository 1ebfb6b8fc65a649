"""The document that knows where its characters came from."""

from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeedit.pipeline.ingest.anonymize.provenance import END, Provenance, Step


def replay(edits):
    """Return the document, and its text and ids as plain lists know them."""
    document, text, ids, count = Provenance(), "", [], 0
    for start, deleted, inserted in edits:
        fresh = list(range(count, count + len(inserted)))
        count += len(inserted)
        document.apply(Step(start, deleted, array("q", fresh)), inserted)
        text = text[:start] + inserted + text[start + deleted :]
        ids[start : start + deleted] = fresh
    return document, text, ids


@st.composite
def edits(draw):
    made, size = [], 0
    for _ in range(draw(st.integers(1, 25))):
        start = draw(st.integers(0, size))
        deleted = draw(st.integers(0, size - start))
        inserted = draw(st.sampled_from(["", "a", "\n", "ab\ncd\n", "x" * 9000, "\n" * 600, "end"]))
        made.append((start, deleted, inserted))
        size += len(inserted) - deleted
    return made


@given(edits())
@settings(max_examples=80, deadline=None)
def test_text_and_ids_are_those_of_plain_lists(made):
    document, text, ids = replay(made)
    assert document.text() == text
    assert list(document.ids()) == ids


@given(edits(), st.data())
@settings(max_examples=80, deadline=None)
def test_a_cut_is_a_slice(made, data):
    document, text, ids = replay(made)
    start = data.draw(st.integers(0, len(text)))
    size = data.draw(st.integers(0, len(text) - start))
    found, found_ids = document.cut(start, size)
    assert found == text[start : start + size]
    assert list(found_ids) == ids[start : start + size]


def test_a_cut_outside_is_refused():
    document, _, _ = replay([(0, 0, "abc")])
    with pytest.raises(ValueError, match="outside"):
        document.cut(2, 5)


def test_deleted_characters_are_known_beside_what_follows():
    document, _, _ = replay([(0, 0, "abcd"), (1, 2, "")])
    assert document.deleted_before(3) == [1, 2]


def test_characters_typed_after_a_deletion_stand_behind_it():
    document, _, _ = replay([(0, 0, "abc"), (2, 1, ""), (2, 0, "d")])
    assert document.deleted_before(3) == [2]
    assert document.deleted_before(END) == []


def test_regions_hold_the_changed_line_and_its_neighbours():
    document, _, _ = replay([(0, 0, "".join(f"{n}\n" for n in range(10)))])
    list(document.regions(1))
    document.apply(Step(10, 0, array("q", [99])), "x")
    assert [[segment.text for segment in region] for region in document.regions(1)] == [
        ["4\n", "x5\n", "6\n"]
    ]


def test_a_small_edit_of_a_large_document_touches_a_few_lines():
    document, _, _ = replay([(0, 0, "a line of text\n" * 20_000)])
    list(document.regions(0))
    document.apply(Step(150_000, 0, array("q", [10**6])), "x")
    assert len(document.dirty) == 1
