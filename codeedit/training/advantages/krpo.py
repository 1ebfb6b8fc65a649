"""KRPO: a one-dimensional Kalman filter tracks the baseline through the group.

Source: "Kalman Filter Enhanced GRPO", arXiv 2505.07527.  The rewards of a group are noisy measurements,
in rollout order, of one latent value that drifts slowly.  From x_0 = 0 and P_0 = 1, for each reward r_i:

    P   = P + Q                      predict (process noise Q)
    K   = P / (P + R)                gain (measurement noise R)
    x   = x + K * (r_i - x)          update the estimate
    P   = (1 - K) * P                and its variance
    A_i = (r_i - x) / (sqrt(P) + 1e-8)

So the order of the rollouts matters, and a group of equal rewards has small advantages that are not 0,
since the filter has to come up from 0 first: this is the paper's formula.  The gains depend on no
reward, so all groups are filtered at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from codeedit.training.advantages.base import Estimator, FloatArray, positive, setting

_EPSILON = 1e-8  # the paper's, for sqrt(P)


@dataclass(frozen=True, slots=True)
class KRPO(Estimator):
    """The filter's three constants."""

    process_noise: float = setting(1e-5, "Q: variance that the latent reward gains from rollout to rollout")
    measurement_noise: float = setting(1e-2, "R: variance of a reward around the latent one")
    initial_variance: float = setting(1.0, "P_0: variance of the first estimate, which is 0")

    def __post_init__(self) -> None:
        """Check the settings."""
        positive(self.process_noise, "process_noise")
        positive(self.measurement_noise, "measurement_noise")
        positive(self.initial_variance, "initial_variance")

    def advantages(self, rewards: FloatArray, precision: float) -> FloatArray:  # noqa: ARG002
        """Return advantages; see the module."""
        result = np.empty_like(rewards)
        estimate = np.zeros(rewards.shape[0])  # (groups,)
        variance = float(self.initial_variance)
        for i in range(rewards.shape[1]):
            predicted = variance + self.process_noise
            gain = predicted / (predicted + self.measurement_noise)
            variance = (1 - gain) * predicted
            estimate += gain * (rewards[:, i] - estimate)
            result[:, i] = (rewards[:, i] - estimate) / (math.sqrt(variance) + _EPSILON)
        return result
