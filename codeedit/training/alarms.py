"""Alarms: what the metrics of the latest steps say is going wrong, and what to do about it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from codeedit.training.groups import GROUPS, ROLLOUTS

Metrics = Mapping[str, float]

_FEW, _MANY = 3, 5  # steps that a mean is taken over
_COPIES, _MORE_COPIES = 0.5, 0.25  # share of unchanged answers: at all, and more than at the start
_CUT = 0.2  # share of answers that end at the limit
_UNREADABLE = 0.5
_CLIPPED = 0.3  # share of tokens
_REWARD_UP, _EXACT_DOWN = 0.02, 0.04
_FINITE = ("actor/pg_loss", "actor/grad_norm", "actor/kl_loss", "train/loss", "train/grad_norm", "val/loss")


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that goes wrong."""

    name: str
    step: int
    message: str
    advice: str

    def __str__(self) -> str:
        return f"step {self.step}: {self.message}; {self.advice}"


@dataclass(slots=True)
class Watch:
    """Looks at each step's metrics; an alarm is given when it begins, and again after it was gone."""

    _seen: list[Metrics] = field(default_factory=list)
    _active: set[str] = field(default_factory=set)

    def add(self, step: int, metrics: Metrics) -> list[Alarm]:
        """Return the alarms that begin with this step."""
        self._seen.append(metrics)
        begun = []
        for name, check in _CHECKS.items():
            found = check(self._seen)
            if found is None:
                self._active.discard(name)
            elif name not in self._active:
                self._active.add(name)
                begun.append(Alarm(name, step, *found))
        return begun


Finding = tuple[str, str]  # what is wrong, and what to do


def _values(seen: Sequence[Metrics], key: str) -> list[float]:
    return [metrics[key] for metrics in seen if key in metrics]


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _not_finite(seen: Sequence[Metrics]) -> Finding | None:
    bad = next((key for key in _FINITE if not math.isfinite(seen[-1].get(key, 0.0))), None)
    if bad is None:
        return None
    return (
        f"{bad} is not finite",
        "end the run, and go on from its best checkpoint with a lower learning rate",
    )


def _no_spread(seen: Sequence[Metrics]) -> Finding | None:
    latest = _values(seen, f"{GROUPS}no_spread")[-_FEW:]
    if len(latest) < _FEW or min(latest) < 1.0:
        return None
    return (
        f"all rewards of each group were equal for {_FEW} steps: nothing is learned",
        "begin with a model that succeeds sometimes (train --algo sft, then --init), or draw more rollouts",
    )


def _hacking(seen: Sequence[Metrics]) -> Finding | None:
    reward, exact = _values(seen, "critic/score/mean"), _values(seen, f"{ROLLOUTS}exact_match")
    if min(len(reward), len(exact)) < 2 * _MANY:
        return None
    up = _mean(reward[-_MANY:]) - _mean(reward[-2 * _MANY : -_MANY])
    down = _mean(exact[-2 * _MANY : -_MANY]) - _mean(exact[-_MANY:])
    if up < _REWARD_UP or down < _EXACT_DOWN:
        return None
    return (
        f"the reward rose by {up:.2f} while exact match fell by {down:.2f} within {2 * _MANY} steps",
        "the model learns the reward and not the edit: try --reward exact, or a lower learning rate",
    )


def _copies(seen: Sequence[Metrics]) -> Finding | None:
    shares = _values(seen, f"{ROLLOUTS}unchanged")
    if len(shares) < _FEW:
        return None
    now, first = _mean(shares[-_FEW:]), _mean(shares[:_FEW])
    if now < _COPIES and now - first < _MORE_COPIES:
        return None
    by_similarity = f"{ROLLOUTS}reward_eq5" in seen[-1]
    return (
        f"{now:.0%} of the answers leave the range unchanged ({first:.0%} at the start)",
        "a copy scores well by similarity: try --reward exact, or a better start (train --algo sft)"
        if by_similarity
        else "that is right only where nothing has to change: see exact_match_change in the validation",
    )


def _at_the_limit(seen: Sequence[Metrics]) -> Finding | None:
    shares = _values(seen, "response_length/clip_ratio")[-_FEW:]
    if len(shares) < _FEW or _mean(shares) < _CUT:
        return None
    return (
        f"{_mean(shares):.0%} of the answers are cut at the response limit",
        "raise data.max_response_length, or begin with a model that ends its answers (train --algo sft)",
    )


def _unreadable(seen: Sequence[Metrics]) -> Finding | None:
    shares = _values(seen, f"{ROLLOUTS}unparsable")[-_FEW:]
    if len(shares) < _FEW or _mean(shares) < _UNREADABLE:
        return None
    return (
        f"{_mean(shares):.0%} of the answers cannot be read as an edit",
        "look at the run's rollouts; begin with a model that knows the format (train --algo sft)",
    )


def _clipping(seen: Sequence[Metrics]) -> Finding | None:
    shares = _values(seen, "actor/pg_clipfrac")[-_MANY:]
    if len(shares) < _MANY or _mean(shares) < _CLIPPED:
        return None
    return (
        f"{_mean(shares):.0%} of the tokens are clipped: the policy moves too far within a step",
        "lower actor_rollout_ref.actor.optim.lr, or raise ppo_mini_batch_size",
    )


_CHECKS: dict[str, Callable[[Sequence[Metrics]], Finding | None]] = {
    "not_finite": _not_finite,
    "no_spread": _no_spread,
    "reward_without_exact_match": _hacking,
    "copies": _copies,
    "at_the_limit": _at_the_limit,
    "unreadable": _unreadable,
    "clipping": _clipping,
}
