"""Prompts whose answers' rewards are all known, so that the true policy gradient is known too.

A prompt has K possible answers; a policy is a softmax over one logit per prompt and answer.  The shapes
are those of the paper (GAPO, arXiv 2510.21830): Eq. 5's own, where an exact answer earns 1 and every
other one half its similarity, the four classes of Figure 8, and rewards with several peaks, which the
paper names as its limitation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from codeedit.registry import Registry
from codeedit.training.advantages.base import FloatArray

ANSWERS = 12  # K, to each prompt
_START_SPREAD = 1.0  # standard deviation of the first policy's logits

Draw = Callable[[np.random.Generator, int], FloatArray]


@dataclass(frozen=True, slots=True)
class World:
    """Prompts with the reward of each answer and the first policy's logits; both (prompts, K)."""

    rewards: FloatArray  # in [0, 1]
    logits: FloatArray

    @property
    def best(self) -> np.ndarray:
        """Which answers earn the most on their prompt, (prompts, K): exact match, here."""
        top = self.rewards.max(axis=1, keepdims=True)
        return np.asarray(self.rewards >= top - 1e-9)


def _eq5(rng: np.random.Generator, prompts: int) -> FloatArray:
    rewards = 0.5 * rng.beta(6, 2, (prompts, ANSWERS))  # similar texts score 0.25 to 0.5
    rewards[:, 0] = 1.0
    return rewards


def _left(rng: np.random.Generator, prompts: int) -> FloatArray:
    return np.asarray(rng.beta(6, 1.5, (prompts, ANSWERS)))


def _right(rng: np.random.Generator, prompts: int) -> FloatArray:
    return np.asarray(rng.beta(1.5, 6, (prompts, ANSWERS)))


def _symmetric(rng: np.random.Generator, prompts: int) -> FloatArray:
    return np.clip(rng.normal(0.5, 0.12, (prompts, ANSWERS)), 0.0, 1.0)


def _degenerate(rng: np.random.Generator, prompts: int) -> FloatArray:
    """Most groups are of one reward only; a rare answer differs, up or down."""
    rewards = np.repeat(rng.uniform(0.3, 0.7, (prompts, 1)), ANSWERS, axis=1)
    rewards[:, 0] += rng.choice([-0.25, 0.25], prompts)
    return rewards


def _multi_peak(rng: np.random.Generator, prompts: int) -> FloatArray:
    peaks = rng.choice([0.15, 0.5, 0.9], (prompts, ANSWERS), p=[0.4, 0.35, 0.25])
    return np.clip(peaks + rng.normal(0, 0.04, peaks.shape), 0.0, 1.0)


SHAPES: Registry[Draw] = Registry(
    "reward shape",
    {
        "eq5": _eq5,
        "left-skewed": _left,
        "right-skewed": _right,
        "symmetric": _symmetric,
        "degenerate": _degenerate,
        "multi-peak": _multi_peak,
    },
)


def make_world(shape: str, prompts: int, rng: np.random.Generator) -> World:
    """Draw a world.

    Args:
        shape: a name of ``SHAPES``.
        prompts: how many.
        rng: where its numbers come from.
    """
    rewards = SHAPES[shape](rng, prompts)
    return World(rewards, rng.normal(0.0, _START_SPREAD, rewards.shape))


def policy(logits: FloatArray) -> FloatArray:
    """Return the probabilities of the answers, (prompts, K)."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def sample(probabilities: FloatArray, group_size: int, rng: np.random.Generator) -> np.ndarray:
    """Return which answers a policy gives, (prompts, G)."""
    edges = probabilities.cumsum(axis=1)[:, None, :-1]  # (prompts, 1, K-1)
    draws = rng.random((probabilities.shape[0], group_size, 1))
    return np.asarray((draws > edges).sum(axis=2))


def observed(rewards: FloatArray, noise: float, rng: np.random.Generator) -> FloatArray:
    """Return rewards (prompts, G) as they are measured: a share ``noise`` of them are outliers.

    An outlier is 0 or 1 with equal chance, whatever the answer.  So noise shrinks the gradient of the
    expected reward, and does not turn it.
    """
    hit = rng.random(rewards.shape) < noise
    return np.where(hit, rng.integers(0, 2, rewards.shape), rewards)


def true_gradient(rewards: FloatArray, probabilities: FloatArray) -> FloatArray:
    """Return the gradient of each prompt's expected reward by its logits, (prompts, K)."""
    value = (probabilities * rewards).sum(axis=1, keepdims=True)
    return np.asarray(probabilities * (rewards - value))


def estimated_gradient(probabilities: FloatArray, answers: np.ndarray, advantages: FloatArray) -> FloatArray:
    """Return the policy gradient from sampled answers, (prompts, K).

        1/G * sum_i A_i * grad log pi(a_i),   grad log pi(a) = onehot(a) - pi

    Args:
        probabilities: the policy, (prompts, K).
        answers: the group's answers, (prompts, G).
        advantages: theirs, (prompts, G).
    """
    prompts, choices = probabilities.shape
    cells = answers + choices * np.arange(prompts)[:, None]
    pulls = np.bincount(cells.ravel(), advantages.ravel(), prompts * choices).reshape(prompts, choices)
    total = advantages.sum(axis=1, keepdims=True)
    return np.asarray((pulls - total * probabilities) / advantages.shape[1])
