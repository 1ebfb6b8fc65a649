"""What the groups of a step look like: the shape of their rewards, and what their advantages make of it.

Source of the four classes: GAPO (arXiv 2510.21830); see ``codeedit.distribution``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from codeedit.distribution import Shape, shape_counts, skewness
from codeedit.training.advantages import GAPO, Estimator
from codeedit.training.advantages.base import FloatArray
from codeedit.training.reward import TERM

OWN = "codeedit/"  # prefix of the metrics that codeedit adds
GROUPS, ROLLOUTS = f"{OWN}groups/", f"{OWN}rollouts/"

_FACTS = ("exact_match", "unchanged", "unparsable")  # of an answer, as the reward function gives them
_PEAK_GAP = 0.25  # of the group's range: rewards that lie farther apart belong to two peaks
_PEAK_SHARE = 0.25  # of the group's rewards, that the smaller peak has at least


@dataclass(frozen=True, slots=True)
class Group:
    """The rollouts of one prompt."""

    rewards: tuple[float, ...]
    facts: tuple[Mapping[str, float], ...] = ()  # of each answer, by name


def group_metrics(groups: Sequence[Group], estimator: Estimator | None = None) -> dict[str, float]:
    """Return a step's diagnostics; shares are 0 to 1.

    Args:
        groups: of any sizes.
        estimator: gives advantages; None: verl's own, of which nothing is said.

    Returns:
        ``codeedit/groups/``: ``skewness`` (mean), the share of each class, ``no_spread``, ``two_peaks``,
        ``q_above_mean`` (gapo: mean of Q less the group's mean) and ``negative_advantages``;
        ``codeedit/rollouts/``: ``exact_match``, ``unchanged``, ``unparsable`` and each term of the reward,
        where they are known.
    """
    if not groups:
        return {}
    rewards = [group.rewards for group in groups]
    counts = shape_counts(rewards)
    metrics = {
        f"{GROUPS}{shape.value.replace('-', '_')}": count / len(groups) for shape, count in counts.items()
    }
    metrics[f"{GROUPS}no_spread"] = counts[Shape.DEGENERATE] / len(groups)
    metrics[f"{GROUPS}skewness"] = float(np.mean([skewness(values) for values in rewards]))
    metrics[f"{GROUPS}two_peaks"] = sum(has_two_peaks(values) for values in rewards) / len(groups)
    metrics |= _advantage_metrics(rewards, estimator)
    answers = [facts for group in groups for facts in group.facts]
    terms = sorted({name for facts in answers for name in facts if name.startswith(TERM)})
    for name in (*_FACTS, *terms):
        known = [facts[name] for facts in answers if name in facts]
        if known:
            metrics[f"{ROLLOUTS}{name}"] = float(np.mean(known))
    return metrics


def _advantage_metrics(rewards: Sequence[Sequence[float]], estimator: Estimator | None) -> dict[str, float]:
    if estimator is None:
        return {}
    negative, above = 0, []
    for values in rewards:
        row: FloatArray = np.asarray([values])
        # Rewards come from verl as float32.
        precision = float(np.finfo(np.float32).eps)
        negative += int((estimator(row.astype(np.float32)) < 0).sum())
        if isinstance(estimator, GAPO):
            above.append(float(estimator.baseline(row, precision)[0, 0] - row.mean()))
    metrics = {f"{GROUPS}negative_advantages": negative / sum(map(len, rewards))}
    if above:
        metrics[f"{GROUPS}q_above_mean"] = float(np.mean(above))
    return metrics


def has_two_peaks(values: Sequence[float]) -> bool:
    """Tell whether a group's rewards fall into two parts with a gap between them: the paper's limitation.

    The gap is wider than a quarter of the range, and wider than the rewards on either side are spread; each
    side has a quarter of the rewards or more.
    """
    ordered = sorted(values)
    spread = ordered[-1] - ordered[0] if ordered else 0.0
    if spread <= 0:
        return False
    for at in range(1, len(ordered)):
        gap = ordered[at] - ordered[at - 1]
        smaller = min(at, len(ordered) - at)
        widest = max(ordered[at - 1] - ordered[0], ordered[-1] - ordered[at])
        if gap > _PEAK_GAP * spread and gap > widest and smaller >= _PEAK_SHARE * len(ordered):
            return True
    return False
