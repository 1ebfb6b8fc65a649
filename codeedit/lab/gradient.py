"""How good an estimate of the true policy gradient each algorithm gives, from one batch of rollouts.

For each seed a world of prompts is drawn; many batches are drawn from its first policy, and all
algorithms see the same ones.  With g the true gradient over all prompts and h an estimate:

    cosine       mean of cos(h, g): how well one batch points where the reward rises
    direction    cos(E h, g): what remains with endless batches; below 1 is bias
    slope        <E h, g> / <g, g>: the scale; (G-1)/G for the mean without division, which is unbiased
    variance     E |h - E h|^2 / |E h|^2
    flips        share of rollouts whose advantage has another sign than their answer's true one

Estimates of squares use two independent halves of the batches, so that their own noise adds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from codeedit.lab.contestants import Contestant
from codeedit.lab.worlds import estimated_gradient, make_world, observed, policy, sample, true_gradient
from codeedit.training.advantages.base import FloatArray

MEASURES = ("cosine", "direction", "slope", "variance", "flips")


@dataclass(frozen=True, slots=True)
class Setting:
    """One cell of the simulation's grid."""

    shape: str  # of the rewards: a name of SHAPES
    noise: float  # share of rewards that are outliers
    group_size: int  # G


@dataclass(slots=True)
class _Sums:
    halves: list[FloatArray]  # sums of the estimates of even and of odd batches, (seeds, prompts * K)
    squares: FloatArray  # sum of |h|^2, (seeds,)
    cosines: FloatArray
    flips: FloatArray
    batches: int = 0


def measure_gradients(
    setting: Setting,
    contestants: Mapping[str, Contestant],
    *,
    seeds: int,
    prompts: int,
    batches: int,
    seed: int = 0,
) -> dict[str, dict[str, FloatArray]]:
    """Return each contestant's measures by name, each of shape (seeds,).

    Args:
        setting: shape, noise and group size.
        contestants: who takes part; all see the same rollouts.
        seeds: worlds.
        prompts: in each world.
        batches: drawn from each world's policy; at least 2.
        seed: of all random numbers.
    """
    rng = np.random.default_rng(seed)
    world = make_world(setting.shape, seeds * prompts, rng)
    probabilities = policy(world.logits)
    truth = true_gradient(world.rewards, probabilities).reshape(seeds, -1)
    value = (probabilities * world.rewards).sum(axis=1, keepdims=True)
    largest = setting.group_size + max(one.extra_rollouts for one in contestants.values())
    sums = {
        name: _Sums(
            [np.zeros_like(truth), np.zeros_like(truth)], np.zeros(seeds), np.zeros(seeds), np.zeros(seeds)
        )
        for name in contestants
    }
    for batch in range(batches):
        answers = sample(probabilities, largest, rng)  # (seeds * prompts, G)
        clean = np.take_along_axis(world.rewards, answers, axis=1)
        rewards = observed(clean, setting.noise, rng)
        for name, contestant in contestants.items():
            size = setting.group_size + contestant.extra_rollouts
            group = rewards[:, :size].reshape(seeds, prompts, size)
            advantages = contestant.advantages(group).reshape(-1, size)
            estimate = estimated_gradient(probabilities, answers[:, :size], advantages).reshape(seeds, -1)
            flipped = _flipped(advantages, clean[:, :size] - value).reshape(seeds, -1)
            _add(sums[name], batch, estimate, truth, flipped.mean(axis=1))
    return {name: _finish(one, truth) for name, one in sums.items()}


def _flipped(advantages: FloatArray, true_advantages: FloatArray) -> np.ndarray:
    return np.sign(advantages) * np.sign(true_advantages) < 0


def _add(sums: _Sums, batch: int, estimate: FloatArray, truth: FloatArray, flips: FloatArray) -> None:
    squares = (estimate**2).sum(axis=1)
    sums.halves[batch % 2] += estimate
    sums.squares += squares
    sums.cosines += _ratio((estimate * truth).sum(axis=1), np.sqrt(squares * (truth**2).sum(axis=1)))
    sums.flips += flips
    sums.batches += 1


def _finish(sums: _Sums, truth: FloatArray) -> dict[str, FloatArray]:
    odd = sums.batches // 2
    means = [sums.halves[0] / (sums.batches - odd), sums.halves[1] / odd]
    mean = (sums.halves[0] + sums.halves[1]) / sums.batches
    along = (mean * truth).sum(axis=1)
    length = (truth**2).sum(axis=1)
    square = (means[0] * means[1]).sum(axis=1)  # |E h|^2 without the noise of the mean
    return {
        "cosine": sums.cosines / sums.batches,
        "direction": _ratio(along, np.sqrt(np.maximum(square, 0) * length)),
        "slope": _ratio(along, length),
        "variance": _ratio(sums.squares / sums.batches - square, square),
        "flips": sums.flips / sums.batches,
    }


def _ratio(over: FloatArray, under: FloatArray) -> FloatArray:
    """Return the quotient, and nan where there is nothing to divide by."""
    return np.divide(over, under, out=np.full_like(over, np.nan), where=under > 0)
