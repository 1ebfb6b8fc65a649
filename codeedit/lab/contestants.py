"""Who takes part in a simulation: each algorithm as its advantages and its number of rollouts.

DAPO, GMPO and GSPO have GRPO's advantages and differ in the policy loss, which is the same for all where
each batch of rollouts is used for one update, as here; so they are not told apart from ``grpo``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from codeedit.lab.candidates import CANDIDATES
from codeedit.registry import Registry
from codeedit.training.advantages import ESTIMATORS
from codeedit.training.advantages.base import FloatArray

BASELINE = "grpo"  # what the others are compared with
MULTI = "gapo-multi"  # judged by the rule for candidates, which it passed

# Rewards (batches, groups, G) to advantages of that shape.
Advantages = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True, slots=True)
class Contestant:
    """One algorithm in the simulation."""

    about: str
    advantages: Advantages
    extra_rollouts: int = 0  # beyond G


def _mean(rewards: FloatArray) -> FloatArray:
    return np.asarray(rewards - rewards.mean(axis=-1, keepdims=True))


def _estimator(about: str, name: str, extra_rollouts: int = 0, **settings: object) -> Contestant:
    estimator = ESTIMATORS[name](**settings)

    def advantages(rewards: FloatArray) -> FloatArray:
        return estimator(rewards.reshape(-1, rewards.shape[-1])).reshape(rewards.shape)

    return Contestant(about, advantages, extra_rollouts)


CONTESTANTS: Registry[Contestant] = Registry(
    "contestant",
    {
        "grpo": _estimator("mean and standard deviation", "grpo"),
        "mean": Contestant("mean, not divided by anything (Dr. GRPO)", _mean),
        "gapo": _estimator("GAPO, tau = 0.5", "gapo", tau=0.5),
        "gapo-0.9": _estimator("GAPO, tau = 0.9", "gapo", tau=0.9),
        "gapo-0.1": _estimator("GAPO, tau = 0.1", "gapo", tau=0.1),
        "gapo-std": _estimator("GAPO, divided by the standard deviation", "gapo", scale="std"),
        "gapo-mean": _estimator("GAPO, mean of the window", "gapo", center="mean"),
        "median": _estimator("plain median: GAPO, tau = 1", "gapo", tau=1.0),
        "krpo": _estimator("Kalman filter", "krpo"),
        "qae": _estimator("quantile 0.4", "qae"),
        "mc-grpo": _estimator("median and its absolute deviation, one more rollout", "mc-grpo", 1),
        MULTI: _estimator("log-ranks and the widest gap", "gapo-multi"),
        **{name: Contestant(about, advantages) for name, (about, advantages) in CANDIDATES.items()},
    },
)
