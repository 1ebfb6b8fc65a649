"""The four classes of a group's rewards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeedit.distribution import Shape, shape, shape_counts, skewness

REWARDS = st.lists(st.floats(0, 1), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 1.0], Shape.RIGHT),
        ([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.1], Shape.LEFT),
        ([0.0, 0.0, 1.0, 1.0], Shape.SYMMETRIC),
        ([0.4, 0.4, 0.4], Shape.DEGENERATE),
        ([], Shape.DEGENERATE),
    ],
)
def test_shapes(values, expected):
    assert shape(values) is expected


def test_skewness_is_the_third_standardized_moment():
    # mean 0.25, m2 = 0.1875, m3 = 0.09375
    assert skewness([0.0, 0.0, 0.0, 1.0]) == pytest.approx(0.09375 / 0.1875**1.5)


def test_rounding_makes_no_spread():
    assert shape([0.3, 0.1 + 0.2, 0.3000001]) is Shape.DEGENERATE


@given(REWARDS)
def test_the_mirror_image_has_the_opposite_skewness(values):
    assert skewness([-value for value in values]) == pytest.approx(-skewness(values), abs=1e-9)


def test_counts_name_every_class():
    counts = shape_counts([[0.0, 0.0], [0.0, 1.0]])
    assert counts == {Shape.LEFT: 0, Shape.RIGHT: 0, Shape.SYMMETRIC: 1, Shape.DEGENERATE: 1}
