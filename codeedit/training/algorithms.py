"""The table of algorithms: base x estimator x policy loss, each a row that gives verl's settings.

A base is what surrounds the advantage: clipping, KL, sampling and length penalty.  The options of an
algorithm are the fields of its estimator, and ``base`` where it has more than one.  ``verl:NAME`` is any
estimator that verl registers itself, on the GRPO base.
"""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codeedit.errors import InputError
from codeedit.registry import Registry
from codeedit.training.advantages import ESTIMATORS, GAPO, Estimator
from codeedit.training.settings import Setting, flag, ours, paper
from codeedit.training.sft import NAME as SFT_NAME
from codeedit.training.sft import Supervised
from codeedit.training.trainers import RL, Trainer
from codeedit.training.verl_install import find_verl

VERL_PREFIX = "verl:"
_ACTOR = "actor_rollout_ref.actor"
# Estimators of verl that need a model or rollouts which this trainer does not set up.
_UNSUITABLE = ("gae", "remax", "gdpo", "optimal_token_baseline", "tir_optimal_token_baseline")
# DAPO's share of the response limit in which longer answers lose reward (4,096 of 20,480 there).
_OVERLONG_SHARE = 5


@dataclass(frozen=True, slots=True)
class Base:
    """What surrounds the advantage."""

    about: str
    settings: tuple[Setting, ...]
    overlong_penalty: bool = False


BASES: Registry[Base] = Registry(
    "base",
    {
        "grpo": Base(
            "symmetric clip 0.2, KL loss 0.01 against the initial model",
            (
                paper(f"{_ACTOR}.clip_ratio", 0.2),
                paper(f"{_ACTOR}.clip_ratio_low", 0.2),
                paper(f"{_ACTOR}.clip_ratio_high", 0.2),
                paper(f"{_ACTOR}.loss_agg_mode", "token-mean"),
                paper(f"{_ACTOR}.use_kl_loss", value=True),
                paper(f"{_ACTOR}.kl_loss_coef", 0.01),
                paper(f"{_ACTOR}.kl_loss_type", "low_var_kl"),
                paper("algorithm.use_kl_in_reward", value=False),
            ),
        ),
        "dapo": Base(
            "clip-higher 0.2/0.28, dual clip 10, dynamic sampling, overlong penalty, no KL",
            (
                paper(f"{_ACTOR}.clip_ratio", 0.2),
                paper(f"{_ACTOR}.clip_ratio_low", 0.2),
                paper(f"{_ACTOR}.clip_ratio_high", 0.28),
                paper(f"{_ACTOR}.clip_ratio_c", 10.0),
                paper(f"{_ACTOR}.loss_agg_mode", "token-mean"),
                paper(f"{_ACTOR}.use_kl_loss", value=False),
                paper("algorithm.use_kl_in_reward", value=False),
                paper("algorithm.filter_groups.enable", value=True),
                paper("algorithm.filter_groups.metric", "score"),
            ),
            overlong_penalty=True,
        ),
    },
)


@dataclass(frozen=True, slots=True)
class PolicyLoss:
    """A loss of verl's, with its clip range in the loss's own terms."""

    mode: str  # verl's name
    clip: float


@dataclass(frozen=True, slots=True)
class Row:
    """One algorithm of the table."""

    about: str
    bases: tuple[str, ...]  # the first is the default
    estimator: str  # a name of ESTIMATORS
    loss: PolicyLoss | None = None  # None: the base's
    extra_rollouts: int = 0  # beyond G
    verl_estimator: str = ""  # verl's own, where it is not codeedit's

    @property
    def options(self) -> tuple[str, ...]:
        """The names of the options that this algorithm has."""
        own = (
            ()
            if self.verl_estimator
            else tuple(f.name for f in dataclasses.fields(ESTIMATORS[self.estimator]))
        )
        return own + (("base",) if len(self.bases) > 1 else ())


ALGORITHMS: Registry[Row] = Registry(
    "algorithm",
    {
        "gapo": Row("GAPO: median of the densest window of rewards", ("grpo", "dapo"), "gapo"),
        "grpo": Row("GRPO: mean and standard deviation of the group", ("grpo",), "grpo"),
        "dapo": Row("DAPO: GRPO's advantage, asymmetric clip, dynamic sampling", ("dapo",), "grpo"),
        "gmpo": Row(
            "GMPO: geometric mean of the token ratios", ("grpo",), "grpo", PolicyLoss("geo_mean", 0.4)
        ),
        "krpo": Row("KRPO: a Kalman filter's baseline", ("grpo", "dapo"), "krpo"),
        "qae": Row("QAE: a quantile of the group as baseline", ("dapo", "grpo"), "qae"),
        "mc-grpo": Row(
            "MC-GRPO: median and median absolute deviation, one more rollout",
            ("grpo", "dapo"),
            "mc-grpo",
            extra_rollouts=1,
        ),
        "gapo-multi": Row(
            "Log-ranks and the widest gap, for rewards of several peaks", ("grpo", "dapo"), "gapo-multi"
        ),
    },
)


@dataclass(frozen=True, slots=True)
class Algorithm:
    """A row with its options chosen."""

    name: str
    row: Row
    base: str
    estimator: Estimator | None  # None: verl's own
    chosen: frozenset[str] = field(default_factory=frozenset)  # options that the user gave
    trainer: Trainer = RL

    @property
    def about(self) -> str:
        """What it is, in a few words."""
        return self.row.about

    def settings(self) -> dict[str, Any]:
        """Return the algorithm by name, for run.json and ``--json``."""
        own = self.estimator.settings() if self.estimator else {}
        estimator = self.row.verl_estimator or self.row.estimator
        loss = self.row.loss.mode if self.row.loss else "vanilla"
        return {"name": self.name, "base": self.base, "estimator": estimator, "policy_loss": loss} | own

    def warnings(self, group_size: int) -> list[str]:
        """Return what is allowed but hardly meant, for groups of this size."""
        if isinstance(self.estimator, GAPO) and self.estimator.window_size(group_size) == 1:
            window = f"with {group_size} rollouts, tau {self.estimator.tau} gives a window of one reward"
            return [f"{window}: Q is the smallest reward and no advantage is ever negative"]
        return []

    def verl_settings(self, *, rollouts: int, response_tokens: int) -> list[Setting]:
        """Return verl's settings.

        Args:
            rollouts: G.
            response_tokens: the response limit.
        """
        settings = list(BASES[self.base].settings)
        # verl's own grpo is grpo; all others are registered by codeedit.training.verl_plugin.
        settings.append(flag("algorithm.adv_estimator", self.row.verl_estimator or self.row.estimator))
        for name, value in (self.estimator.settings() if self.estimator else {}).items():
            make = flag if name in self.chosen else paper
            settings.append(make(f"+algorithm.{name}", value))
        if self.row.loss:
            settings += [
                paper(f"{_ACTOR}.policy_loss.loss_mode", self.row.loss.mode),
                paper(f"{_ACTOR}.clip_ratio", self.row.loss.clip),
                paper(f"{_ACTOR}.clip_ratio_low", self.row.loss.clip),
                paper(f"{_ACTOR}.clip_ratio_high", self.row.loss.clip),
            ]
        settings.append(paper("actor_rollout_ref.rollout.n", rollouts + self.row.extra_rollouts))
        if BASES[self.base].overlong_penalty:
            settings += _overlong_penalty(response_tokens)
        return settings


def _overlong_penalty(response_tokens: int) -> list[Setting]:
    """Penalize answers in the last part of the response limit; the buffer must be smaller than the limit."""
    buffer = "+reward.reward_kwargs.overlong_buffer_cfg"
    return [
        paper("reward.reward_manager.name", "dapo"),
        paper(f"{buffer}.enable", value=True),
        paper(f"{buffer}.len", max(1, response_tokens // _OVERLONG_SHARE)),
        paper(f"{buffer}.penalty_factor", 1.0),
        ours(f"{buffer}.log", value=False),
        paper("+reward.reward_kwargs.max_resp_len", response_tokens),
    ]


def configure(name: str, options: Mapping[str, Any] | None = None) -> Algorithm | Supervised:
    """Choose an algorithm and its options.

    Args:
        name: a name of ``ALGORITHMS``, ``sft``, or ``verl:NAME``.
        options: by option name; those that are None were not given.

    Raises:
        UnknownNameError: there is no such algorithm or base.
        InputError: the algorithm does not have an option, or the option's value is bad.
    """
    given = {key: value for key, value in (options or {}).items() if value is not None}
    if name == SFT_NAME:
        _check_options(name, given, ())
        return Supervised()
    if name not in ALGORITHMS and not name.startswith(VERL_PREFIX):
        raise Registry("algorithm", {**dict.fromkeys(ALGORITHMS), SFT_NAME: None}).unknown(name)
    row = _verl_row(name) if name.startswith(VERL_PREFIX) else ALGORITHMS[name]
    _check_options(name, given, row.options)
    base = given.pop("base", row.bases[0])
    if base not in row.bases:
        raise InputError(f"{name} has no base {base!r}", hint=f"it has: {', '.join(row.bases)}")
    estimator = None if row.verl_estimator else ESTIMATORS[row.estimator](**given)
    return Algorithm(name, row, base, estimator, frozenset(given))


def _check_options(name: str, given: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for option in given:
        if option not in known:
            flags = ", ".join(map(option_flag, known)) or "none"
            raise InputError(f"{name} has no option {option_flag(option)}", hint=f"it has: {flags}")


def option_flag(name: str) -> str:
    """Return an option's name on the command line."""
    return "--" + name.replace("_", "-")


def option_fields() -> dict[str, dataclasses.Field[Any]]:
    """Return the options of all estimators by name: the fields that the command line is made from."""
    return {f.name: f for estimator in ESTIMATORS.values() for f in dataclasses.fields(estimator)}


def _verl_row(name: str) -> Row:
    names = verl_estimators(find_verl())
    registry = Registry("estimator of verl's", {estimator: estimator for estimator in names})
    estimator = registry[name.removeprefix(VERL_PREFIX)]
    return Row(f"verl's own {estimator}", ("grpo",), "grpo", verl_estimator=estimator)


def verl_estimators(verl: Path) -> list[str]:
    """Return the estimators that verl registers itself and that need no critic or other extra model.

    Read from the source, as importing verl takes seconds.
    """
    tree = ast.parse((verl / "trainer/ppo/core_algos.py").read_text(encoding="utf-8"))
    enum = next(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == "AdvantageEstimator")
    values = [
        n.value.value for n in enum.body if isinstance(n, ast.Assign) and isinstance(n.value, ast.Constant)
    ]
    return sorted(str(value) for value in values if value not in _UNSUITABLE)
