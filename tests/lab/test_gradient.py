"""The simulated gradient against its exact value."""

from itertools import product

import numpy as np
import pytest

from codeedit.lab.contestants import CONTESTANTS
from codeedit.lab.gradient import Setting, measure_gradients
from codeedit.lab.worlds import (
    SHAPES,
    estimated_gradient,
    make_world,
    observed,
    policy,
    sample,
    true_gradient,
)


def expected_gradient(rewards, probabilities, contestant, size):
    """The expectation over all groups of answers, one by one."""
    total = np.zeros_like(probabilities)
    for answers in product(range(rewards.shape[1]), repeat=size):
        chosen = np.array([answers])
        chance = probabilities[0, chosen[0]].prod()
        advantages = CONTESTANTS[contestant].advantages(rewards[0, chosen][None])[0]
        total += chance * estimated_gradient(probabilities, chosen, advantages)
    return total


@pytest.mark.parametrize("size", [2, 3, 4])
def test_the_mean_without_division_is_unbiased_but_for_its_scale(size):
    rng = np.random.default_rng(0)
    rewards = rng.random((1, 3))
    probabilities = policy(rng.normal(size=(1, 3)))
    expected = expected_gradient(rewards, probabilities, "mean", size)
    assert expected == pytest.approx(true_gradient(rewards, probabilities) * (size - 1) / size, abs=1e-12)


def test_grpo_is_biased():
    rng = np.random.default_rng(1)
    rewards, probabilities = rng.random((1, 3)), policy(rng.normal(size=(1, 3)))
    expected = expected_gradient(rewards, probabilities, "grpo", 4)
    truth = true_gradient(rewards, probabilities)
    cosine = (expected * truth).sum() / np.sqrt((expected**2).sum() * (truth**2).sum())
    assert cosine < 1 - 1e-4


def test_the_true_gradient_is_the_derivative_of_the_expected_reward():
    rng = np.random.default_rng(2)
    rewards, logits = rng.random((1, 4)), rng.normal(size=(1, 4))

    def value(at):
        return float((policy(at) * rewards).sum())

    step = 1e-6
    numeric = [(value(logits + step * unit) - value(logits - step * unit)) / (2 * step) for unit in np.eye(4)]
    assert true_gradient(rewards, policy(logits))[0] == pytest.approx(numeric, abs=1e-8)


def test_measured_moments_agree_with_the_exact_ones():
    setting = Setting("eq5", 0.0, 4)
    found = measure_gradients(
        setting, {"mean": CONTESTANTS["mean"]}, seeds=100, prompts=8, batches=40, seed=5
    )["mean"]
    assert found["slope"].mean() == pytest.approx(3 / 4, abs=0.02)
    assert found["direction"].mean() == pytest.approx(1, abs=0.02)


def test_a_contestant_without_a_signal_has_a_slope_of_zero():
    noise = np.random.default_rng(0)
    blind = type(CONTESTANTS["mean"])("noise", lambda rewards: noise.normal(size=rewards.shape))
    found = measure_gradients(Setting("eq5", 0.0, 8), {"blind": blind}, seeds=100, prompts=8, batches=40)
    assert found["blind"]["slope"].mean() == pytest.approx(0, abs=0.05)
    assert found["blind"]["cosine"].mean() == pytest.approx(0, abs=0.05)


def test_sampling_follows_the_policy():
    probabilities = np.tile([[0.1, 0.6, 0.3]], (4000, 1))
    counts = np.bincount(sample(probabilities, 8, np.random.default_rng(0)).ravel(), minlength=3)
    assert counts / counts.sum() == pytest.approx([0.1, 0.6, 0.3], abs=0.01)


def test_outliers_are_zero_or_one_and_as_many_as_asked_for():
    rewards = np.full((500, 20), 0.5)
    seen = observed(rewards, 0.3, np.random.default_rng(0))
    assert set(np.unique(seen)) == {0.0, 0.5, 1.0}
    assert (seen != 0.5).mean() == pytest.approx(0.3, abs=0.02)


@pytest.mark.parametrize("shape", SHAPES)
def test_rewards_lie_between_zero_and_one_and_some_answer_is_best(shape):
    world = make_world(shape, 50, np.random.default_rng(0))
    assert world.rewards.min() >= 0
    assert world.rewards.max() <= 1
    assert world.best.any(axis=1).all()


def test_in_eq5_only_exact_answers_earn_more_than_half():
    world = make_world("eq5", 50, np.random.default_rng(0))
    assert (world.rewards[world.best] == 1).all()
    assert (world.rewards[~world.best] <= 0.5).all()
