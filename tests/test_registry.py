import pytest

from codeedit.errors import InputError
from codeedit.registry import Registry

FRUIT = Registry("fruit", {"apple": 1, "banana": 2})


def test_an_entry_is_found_by_name() -> None:
    assert FRUIT["banana"] == 2


def test_an_unknown_name_lists_the_known_ones_and_the_nearest() -> None:
    with pytest.raises(InputError) as caught:
        FRUIT["bananna"]
    assert str(caught.value) == "unknown fruit 'bananna'; did you mean banana? known: apple, banana"


def test_names_keep_their_order() -> None:
    assert list(FRUIT) == ["apple", "banana"]


def test_get_falls_back_as_a_mapping_does() -> None:
    assert FRUIT.get("cherry", 0) == 0
    assert "cherry" not in FRUIT
