"""Which runs there are: each algorithm under each reward with each seed, and in which order.

The algorithms are those of Table 2 of GAPO (arXiv 2510.21830), GAPO on both bases, Table 5's variants and
other values of tau, MC-GRPO, and GAPO-multi.  What each is compared with, the table says: its base, or GAPO.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from codeedit.registry import Registry

BASELINE = "grpo"
REWARDS = ("exact", "eq5", "gain")


@dataclass(frozen=True, slots=True)
class Arm:
    """One algorithm with its options."""

    about: str
    algorithm: str  # what --algo takes
    options: Mapping[str, Any] = field(default_factory=dict)
    against: tuple[str, ...] = (BASELINE,)


ARMS: Registry[Arm] = Registry(
    "algorithm of the lab",
    {
        "grpo": Arm("GRPO", "grpo", against=()),
        "gapo": Arm("GAPO on GRPO, tau = 0.5", "gapo", {"tau": 0.5}),
        "dapo": Arm("DAPO", "dapo"),
        "gapo-dapo": Arm("GAPO on DAPO, tau = 0.5", "gapo", {"tau": 0.5, "base": "dapo"}, ("dapo",)),
        "gapo-std": Arm(
            "GAPO, divided by the standard deviation", "gapo", {"scale": "std"}, (BASELINE, "gapo")
        ),
        "gapo-mean": Arm("GAPO, mean of the window", "gapo", {"center": "mean"}, (BASELINE, "gapo")),
        "gapo-0.1": Arm("GAPO, tau = 0.1", "gapo", {"tau": 0.1}, (BASELINE, "gapo")),
        "gapo-0.9": Arm("GAPO, tau = 0.9", "gapo", {"tau": 0.9}, (BASELINE, "gapo")),
        "gmpo": Arm("GMPO", "gmpo"),
        "krpo": Arm("KRPO", "krpo"),
        "qae": Arm("QAE on DAPO", "qae", against=("dapo",)),
        "mc-grpo": Arm("MC-GRPO", "mc-grpo"),
        "gapo-multi": Arm("Log-ranks and the widest gap", "gapo-multi", against=(BASELINE, "gapo")),
    },
)
_FIRST = (BASELINE, "gapo")  # the pair that the paper is about


@dataclass(frozen=True, slots=True)
class Cell:
    """One run of the grid."""

    arm: str  # a name of ARMS
    reward: str
    seed: int

    @property
    def name(self) -> str:
        """The run's folder."""
        return f"{self.arm}-{self.reward}-seed{self.seed}"


def cells(arms: Sequence[str], rewards: Sequence[str], seeds: int) -> list[Cell]:
    """Return the runs in the order in which they are made: what tells the most comes first.

    GRPO and GAPO with all seeds, reward by reward; then all others, seed by seed.

    Raises:
        UnknownNameError: there is no such algorithm.
    """
    for name in arms:
        ARMS[name]
    first = [name for name in arms if name in _FIRST]
    pair = [Cell(arm, reward, seed) for reward in rewards for seed in range(1, seeds + 1) for arm in first]
    others = [
        Cell(arm, reward, seed)
        for seed in range(1, seeds + 1)
        for reward in rewards
        for arm in arms
        if arm not in first
    ]
    return [*pair, *others]
