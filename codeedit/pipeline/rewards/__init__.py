"""What an answer earns: reward terms by name, and sums of them with weights."""

from codeedit.pipeline.rewards.case import Case
from codeedit.pipeline.rewards.reward import DEFAULT_REWARD, Part, Reward, parse_reward
from codeedit.pipeline.rewards.terms import TERMS, Term

__all__ = [
    "DEFAULT_REWARD",
    "TERMS",
    "Case",
    "Part",
    "Reward",
    "Term",
    "parse_reward",
]
