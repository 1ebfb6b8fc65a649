"""Which rows of the Hugging Face engine share a batch."""

import random

import pytest

from codeedit.eval.engines.hf import batches


def cut(lengths: list[int], *, trials: int = 2, answer: int = 100, limit: int = 2000) -> list[list[int]]:
    rows = range(len(lengths))
    order = sorted(rows, key=lambda row: lengths[row])
    sizes = {row: lengths[row] + trials * answer for row in rows}
    return list(batches(order, dict(enumerate(lengths)), sizes, dict.fromkeys(rows, trials), limit))


def test_rows_of_like_length_share_a_batch() -> None:
    assert cut([95, 100, 1000, 1100], limit=10_000) == [[0, 1], [2, 3]]


def test_a_batch_fits_the_cache() -> None:
    assert cut([300, 300, 300, 300, 300], limit=1000) == [[0, 1], [2, 3], [4]]


def test_a_row_too_large_is_a_batch_of_its_own() -> None:
    assert cut([3000, 3000], limit=1000) == [[0], [1]]


def test_a_batch_has_a_bounded_number_of_answers() -> None:
    assert cut([1] * 6, trials=100, answer=0) == [[0, 1], [2, 3], [4, 5]]


@pytest.mark.parametrize("seed", range(5))
def test_padding_stays_below_a_fifth_whatever_the_lengths(seed: int) -> None:
    chance = random.Random(seed)
    lengths = [int(chance.lognormvariate(6, 1)) + 1 for _ in range(300)]
    found = cut(lengths, limit=100_000)
    assert sorted(row for batch in found for row in batch) == list(range(300))
    read = sum(len(batch) * max(lengths[row] for row in batch) for batch in found)
    assert 1 - sum(lengths) / read < 0.2
