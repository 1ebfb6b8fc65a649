"""Which tasks are chosen, and that it is the same choice every time."""

import random
from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeedit.errors import InputError
from codeedit.eval.choosing import Band, Choice, choose, parse_band, shares


@dataclass(frozen=True)
class Sampled:
    id: str
    language: str = "go"
    mean_reward: float = 0.5
    spread: float = 0.5


TASKS = [Sampled(f"t{n}", "go" if n < 8 else "lua", n / 10, (n % 3) / 2) for n in range(10)]


def test_tasks_without_spread_are_not_chosen():
    assert choose(TASKS, Choice()) == {"t1", "t2", "t4", "t5", "t7", "t8"}


def test_a_band_holds_its_ends():
    assert choose(TASKS, Choice(band=Band(0.2, 0.5))) == {"t2", "t4", "t5"}


def test_the_widest_spread_goes_first():
    assert choose(TASKS, Choice(most=3)) == {"t2", "t5", "t8"}


def test_languages_share_evenly_as_far_as_they_have_tasks():
    chosen = choose(TASKS, Choice(most=4, balance=True))
    assert len(chosen) == 4
    assert "t8" in chosen  # the only Lua task with spread


def test_the_choice_depends_on_the_seed_and_not_on_the_order():
    tasks = [Sampled(f"t{n}") for n in range(100)]
    shuffled = random.Random(1).sample(tasks, 100)
    first = choose(tasks, Choice(most=10, seed=3))
    assert first == choose(shuffled, Choice(most=10, seed=3))
    assert first != choose(tasks, Choice(most=10, seed=4))


@given(
    counts=st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 20), min_size=1),
    total=st.integers(1, 60),
)
def test_shares_are_as_even_as_can_be(counts, total):
    found = shares(Counter(counts), total)
    assert sum(found.values()) == min(total, sum(counts.values()))
    assert all(found[name] <= count for name, count in counts.items())
    short = [found[name] for name, count in counts.items() if found[name] < count]
    assert not short or max(found.values()) - min(short) <= 1


@pytest.mark.parametrize("text", ["0.5", "a:b", "0.9:0.1", ":", "nan:1"])
def test_what_is_no_band_is_one_line(text):
    with pytest.raises(InputError, match="not a band"):
        parse_band(text)


def test_balance_needs_a_number_to_share():
    with pytest.raises(InputError, match="--most"):
        Choice(balance=True)
