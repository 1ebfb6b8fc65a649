from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeedit.pipeline.ingest.document import Document
from codeedit.pipeline.ingest.readers.fields import Unreadable
from codeedit.pipeline.ingest.readers.utf16 import from_units

GRIN, GRIN_HALVES = "\U0001f600", ("\ud83d", "\ude00")
BEAM = "\U0001f601"  # its second unit alone is another


def units_of(text: str) -> list[bytes]:
    data = text.encode("utf-16-le", "surrogatepass")
    return [data[at : at + 2] for at in range(0, len(data), 2)]


def joined(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def applied(text: str, replacements: list[tuple[int, int, str]]) -> str:
    document = Document(text)
    for start, end, inserted in reversed(from_units(document, replacements)):
        document.replace(start, end - start, inserted)
    return document.text()


def test_half_of_a_pair_may_be_replaced():
    assert applied(f"a{GRIN}b", [(2, 3, "\ude01")]) == f"a{BEAM}b"


def test_replacements_may_meet_inside_a_pair():
    assert applied(GRIN, [(0, 1, "x"), (1, 2, "y")]) == "xy"


def test_replacement_may_bring_the_half_that_its_neighbour_lacks():
    assert applied(f"x{GRIN}", [(0, 2, GRIN_HALVES[0])]) == GRIN


@pytest.mark.parametrize(
    ("replacement", "text"),
    [
        ((1, 1, "x"), "\ud83dx\ude00"),
        ((0, 1, ""), "\ude00"),
        ((0, 2, GRIN_HALVES[0]), "\ud83d"),
        ((2, 2, GRIN_HALVES[1]), f"{GRIN}\ude00"),
    ],
)
def test_half_of_a_pair_may_stay(replacement, text):
    assert applied(GRIN, [replacement]) == text


def test_halves_that_come_one_after_the_other_are_one_character():
    document = Document("ab")
    for replacement in ((1, 1, GRIN_HALVES[0]), (2, 2, GRIN_HALVES[1])):
        ((start, end, text),) = from_units(document, [replacement])
        document.replace(start, end - start, text)
    assert document.text() == f"a{GRIN}b"


def test_offset_past_the_end_is_refused():
    with pytest.raises(Unreadable, match="past the end"):
        applied(GRIN, [(0, 3, "")])


def test_two_replacements_that_meet_may_leave_the_halves_of_one_character():
    assert applied(f"{GRIN}ab{BEAM}", [(1, 3, ""), (3, 5, "")]) == BEAM


@given(st.text([*f"ab{GRIN}{BEAM}e\u0301\r\n", *GRIN_HALVES], max_size=12).map(joined), st.data())
def test_replacements_give_what_they_give_on_code_units(text, data):
    units = units_of(text)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(units)), max_size=6)))
    pieces = st.text([*"xy\n", GRIN, *GRIN_HALVES, "\ude01"], max_size=3)
    replacements = [
        (start, end, data.draw(pieces)) for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    expected = list(units)
    for start, end, inserted in reversed(replacements):
        expected[start:end] = units_of(inserted)
    assert applied(text, replacements) == b"".join(expected).decode("utf-16-le", "surrogatepass")
