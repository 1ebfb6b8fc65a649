"""What the algorithms make of the same prompts by policy gradient: exact match, step by step.

The optimizer is a momentum of 0.9 over the gradient divided by the root of its running mean square, one
number for all of a policy's logits: as with Adam, an estimator's scale alone changes nothing, while the
weights that it gives to different prompts do.  "Exact match" is the chance of the best answers under the
policy, mean over the prompts: nothing is sampled to measure it.
"""

from __future__ import annotations

import numpy as np

from codeedit.lab.contestants import Contestant
from codeedit.lab.gradient import Setting
from codeedit.lab.worlds import estimated_gradient, make_world, observed, policy, sample
from codeedit.training.advantages.base import FloatArray

LEARNING_RATES = (0.1, 0.2, 0.4, 0.8, 1.6)
_MOMENTUM = 0.9
_SQUARES = 0.99
_TINY = 1e-12
_TUNING_SEED = 1_000_003


def learn(
    setting: Setting,
    contestant: Contestant,
    *,
    seeds: int,
    prompts: int,
    steps: int,
    learning_rate: float,
    seed: int = 0,
) -> FloatArray:
    """Return exact match before the first and after each step, (seeds, steps + 1).

    Worlds, and the random numbers that pick answers and outliers, are the same for all contestants of one
    ``seed``, so that their results are paired.

    Args:
        setting: shape, noise and group size.
        contestant: who learns.
        seeds: worlds.
        prompts: in each world; all are asked in each step.
        steps: updates.
        learning_rate: logits move by about this much in a step, on average.
        seed: of all random numbers.
    """
    rng = np.random.default_rng(seed)
    world = make_world(setting.shape, seeds * prompts, rng)
    size = setting.group_size + contestant.extra_rollouts
    logits = world.logits.copy()
    momentum, square = np.zeros_like(logits), np.zeros((seeds, 1))
    curve = np.empty((seeds, steps + 1))
    for step in range(steps + 1):
        probabilities = policy(logits)
        hit = (probabilities * world.best).sum(axis=1)
        curve[:, step] = hit.reshape(seeds, prompts).mean(axis=1)
        if step == steps:
            break
        draws = np.random.default_rng((seed, step))
        answers = sample(probabilities, size, draws)
        rewards = observed(np.take_along_axis(world.rewards, answers, axis=1), setting.noise, draws)
        advantages = contestant.advantages(rewards.reshape(seeds, prompts, size)).reshape(-1, size)
        gradient = estimated_gradient(probabilities, answers, advantages)
        mean_square = (gradient.reshape(seeds, -1) ** 2).mean(axis=1, keepdims=True)
        square = mean_square if step == 0 else _SQUARES * square + (1 - _SQUARES) * mean_square
        momentum = _MOMENTUM * momentum + (1 - _MOMENTUM) * gradient
        move = momentum.reshape(seeds, -1) / np.sqrt(square + _TINY)
        logits += learning_rate * move.reshape(logits.shape)
    return curve


def tune(setting: Setting, contestant: Contestant, *, seeds: int, prompts: int, steps: int) -> float:
    """Return the learning rate with the highest mean exact match over all steps.

    Chosen on worlds that are not measured afterwards, so that no algorithm wins by another's rate.
    """

    def score(rate: float) -> float:
        curve = learn(
            setting,
            contestant,
            seeds=seeds,
            prompts=prompts,
            steps=steps,
            learning_rate=rate,
            seed=_TUNING_SEED,
        )
        return float(curve.mean())

    return max(LEARNING_RATES, key=score)
