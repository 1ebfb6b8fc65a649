"""GRPO: rewards standardized within their group.

Source: arXiv 2402.03300, section 4.1.2; A_i = (r_i - mean(r)) / (std(r) + 1e-6), std with 1/(G-1) as in
verl.  Training with ``--algo grpo`` uses verl's own implementation; this one is the same formula on
arrays, and 0 (not the bare reward) in a group of one.
"""

from __future__ import annotations

from dataclasses import dataclass

from codeedit.training.advantages.base import EPSILON, Estimator, FloatArray, sample_std, scaled


@dataclass(frozen=True, slots=True)
class GRPO(Estimator):
    """Mean and standard deviation of the group; no settings."""

    def advantages(self, rewards: FloatArray, precision: float) -> FloatArray:  # noqa: ARG002
        """Return advantages; see the module."""
        deviation = rewards - rewards.mean(axis=1, keepdims=True)
        return scaled(deviation, sample_std(rewards), rewards, EPSILON)
