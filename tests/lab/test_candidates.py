"""What holds for every candidate of an estimator."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeedit.lab.candidates import CANDIDATES

groups = st.integers(2, 9).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 10).map(lambda value: value / 10), min_size=size, max_size=size),
        min_size=1,
        max_size=4,
    )
)


@pytest.mark.parametrize("name", CANDIDATES)
@given(rewards=groups)
@settings(max_examples=60, deadline=None)
def test_advantages_are_finite_and_rise_with_the_reward(name, rewards):
    rewards = np.array([rewards])
    advantages = CANDIDATES[name][1](rewards)
    assert advantages.shape == rewards.shape
    assert np.isfinite(advantages).all()
    order = np.argsort(rewards, axis=-1)
    assert (np.diff(np.take_along_axis(advantages, order, axis=-1), axis=-1) >= -1e-9).all()


@pytest.mark.parametrize("name", CANDIDATES)
def test_a_group_without_spread_has_no_advantages(name):
    assert not CANDIDATES[name][1](np.full((2, 3, 8), 0.7)).any()


def test_two_peaks_puts_q_between_the_peaks():
    rewards = np.array([[[0.1, 0.1, 0.1, 0.1, 0.9, 0.9]]])
    advantages = CANDIDATES["two-peaks"][1](rewards)
    q = (4 * 0.1 + 2 * 0.9) / 6
    rms = np.sqrt(((rewards - q) ** 2).mean())
    assert advantages == pytest.approx((rewards - q) / rms, rel=1e-4)
