"""Whole shapes, and the rule that a candidate has to pass."""

import numpy as np
import pytest

from codeedit.lab.pooled import SeedScores, passes, pool

REFERENCES = ("grpo", "gapo")


def scores(gain, shape="multi-peak", seed=0):
    """Three contestants whose exact match differs by so much, over 40 seeds of two cells."""
    rng = np.random.default_rng(seed)
    base = rng.random((2, 40))
    return [
        SeedScores(shape, name, tuple(base[cell] + rng.normal(added, 0.01, 40)))
        for cell in range(2)
        for name, added in (("grpo", 0.0), ("gapo", 0.0), ("new", gain))
    ]


def test_a_seeds_value_is_its_mean_over_the_cells():
    cells = [
        SeedScores("eq5", "grpo", (0.0, 0.0, 0.0)),
        SeedScores("eq5", "grpo", (0.0, 0.0, 0.0)),
        SeedScores("eq5", "gapo", (0.1, 0.2, 0.3)),
        SeedScores("eq5", "gapo", (0.3, 0.4, 0.8)),
    ]
    (row,) = pool(cells, REFERENCES)
    assert (row["contestant"], row["against"], row["cells"]) == ("gapo", "grpo", 2)
    assert row["mean"] == pytest.approx((0.2 + 0.3 + 0.55) / 3)
    assert row["ci95"][0] < row["mean"] < row["ci95"][1]


def test_nobody_is_compared_with_itself_and_no_pair_is_looked_at_twice():
    pairs = [(row["contestant"], row["against"]) for row in pool(scores(0.0), REFERENCES)]
    assert sorted(pairs) == [("gapo", "grpo"), ("new", "gapo"), ("new", "grpo")]


def test_a_candidate_that_is_better_where_rewards_have_several_peaks_passes():
    assert passes(pool([*scores(0.1), *scores(0.0, "eq5", 1)], REFERENCES), "new")


def test_a_candidate_that_is_not_told_apart_does_not_pass():
    assert not passes(pool(scores(0.0), REFERENCES), "new")


def test_a_candidate_that_is_worse_on_another_shape_does_not_pass():
    assert not passes(pool([*scores(0.1), *scores(-0.1, "eq5", 1)], REFERENCES), "new")


def test_a_candidate_that_was_not_tried_on_several_peaks_does_not_pass():
    assert not passes(pool(scores(0.1, "eq5"), REFERENCES), "new")
