"""What a run will do, resolved before anything starts: algorithm, model, data and verl's configuration."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from codeedit.errors import InputError
from codeedit.models import MODELS, Limits, default_model, find_gpus, limits, resolve_model
from codeedit.models.resolve import is_small
from codeedit.pipeline.prompt_builder import find_template
from codeedit.pipeline.rewards import DEFAULT_REWARD, parse_reward
from codeedit.training import profile as profiles
from codeedit.training.algorithms import Algorithm, configure
from codeedit.training.platforms import CPU, CUDA, settings_for
from codeedit.training.profile import Profile
from codeedit.training.settings import Setting, flag, ours
from codeedit.training.verl_config import compose, lookup
from codeedit.training.verl_install import find_verl

_BYTES_PER_PARAMETER = 20  # fp32 weights, gradients, two moments, and the rollout's copy


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for; None means the default."""

    algorithm: str = "gapo"
    options: Mapping[str, Any] = field(default_factory=dict)
    model: str | None = None
    data: Path = Path("data")
    template: str = "paper"
    special_tokens: bool = False  # whether the template's markers become tokens of the vocabulary
    reward: str = DEFAULT_REWARD
    select: Path | None = None  # a selection of tasks; None: all
    steps: int | None = None
    seed: int = 1
    overrides: tuple[str, ...] = ()  # verl's, in hydra's grammar


@dataclass(frozen=True, slots=True)
class Plan:
    """A resolved run."""

    request: Request
    algorithm: Algorithm
    model: str  # as the user calls it
    source: str  # folder or hub name
    device: str  # "cpu" or "cuda"
    limits: Limits
    profile: Profile
    prompts: int  # to train on
    steps: int  # of the whole run
    settings: tuple[Setting, ...]
    verl: dict[str, Any]  # resolved, nested
    problems: tuple[str, ...] = ()  # each keeps the run from starting
    notes: tuple[str, ...] = ()

    @property
    def overrides(self) -> list[str]:
        """All settings as hydra's command line takes them, the user's last."""
        return [setting.as_override() for setting in self.settings] + list(self.request.overrides)

    def with_settings(self, more: Sequence[Setting]) -> Plan:
        """Return the plan with more settings, which the user's still override."""
        changed = replace(self, settings=(*self.settings, *more))
        return replace(changed, verl=compose(find_verl(), changed.overrides))


def make_plan(request: Request, prompts: int) -> Plan:
    """Resolve a request; starts and writes nothing.

    Args:
        request: what the user asked for.
        prompts: how many there are to train on.

    Raises:
        InputError: something in the request is wrong.
        MissingDependencyError: verl is missing, or another version of it.
    """
    algorithm = configure(request.algorithm, request.options)
    find_template(request.template)
    model = request.model or default_model()
    source = resolve_model(model)
    find_verl()
    plan = _plan(request, algorithm, model, source, prompts, limits(model))
    data = plan.verl["data"]
    overridden = Limits(data["max_prompt_length"], data["max_response_length"])
    # Other settings follow the limits, which the user's overrides may have changed.
    return (
        plan if overridden == plan.limits else _plan(request, algorithm, model, source, prompts, overridden)
    )


def _plan(
    request: Request, algorithm: Algorithm, model: str, source: str, prompts: int, token_limits: Limits
) -> Plan:
    small = is_small(model)
    device = CUDA if find_gpus() and importlib.util.find_spec("vllm") else CPU
    asked = profiles.TINY if small else profiles.PAPER
    chosen = asked.fit(prompts)
    settings = [
        *chosen.settings(token_limits, request.steps or chosen.steps),
        *algorithm.verl_settings(rollouts=chosen.rollouts, response_tokens=token_limits.response),
        *settings_for(device, find_gpus(), token_limits, small=small),
        flag("actor_rollout_ref.model.path", source),
        flag("data.seed", request.seed),
        flag("actor_rollout_ref.rollout.seed", request.seed),
        ours("trainer.logger", ["console", "file"]),
        ours("trainer.project_name", "codeedit"),
    ]
    if str(reward := parse_reward(request.reward)) != DEFAULT_REWARD:
        settings.append(flag("+reward.custom_reward_function.reward_kwargs.reward", str(reward)))
    if request.steps:
        settings.append(flag("trainer.total_training_steps", request.steps))
    plan = Plan(
        request, algorithm, model, source, device, token_limits, chosen, prompts, 0, tuple(settings), {}
    )
    plan = plan.with_settings(())
    return replace(
        plan, steps=_steps(plan), problems=tuple(_problems(plan)), notes=tuple(_notes(plan, asked))
    )


def _steps(plan: Plan) -> int:
    """Return the number of steps as verl counts it."""
    trainer = plan.verl["trainer"]
    per_epoch = plan.prompts // int(plan.verl["data"]["train_batch_size"])
    return int(trainer["total_training_steps"] or trainer["total_epochs"] * per_epoch)


def _problems(plan: Plan) -> list[str]:
    problems = []
    verl = plan.verl
    loggers = verl["trainer"]["logger"]
    if "file" not in ([loggers] if isinstance(loggers, str) else loggers):
        problems.append("trainer.logger lacks file, from which codeedit reads the metrics")
    batch, mini = (
        verl["data"]["train_batch_size"],
        lookup(verl, "actor_rollout_ref.actor.ppo_mini_batch_size"),
    )
    if batch > plan.prompts:
        problems.append(f"data.train_batch_size is {batch}, but there are {plan.prompts} prompts")
    if mini > batch:
        problems.append(f"ppo_mini_batch_size is {mini}, more than data.train_batch_size, {batch}")
    buffer = lookup(verl, "reward.reward_kwargs.overlong_buffer_cfg")
    if buffer and buffer["enable"] and buffer["len"] >= plan.limits.response:
        problems.append(
            f"the overlong buffer of {buffer['len']} tokens must be smaller than the response limit, "
            f"{plan.limits.response}: every answer would be penalized"
        )
    known = MODELS.get(plan.model) if plan.model in MODELS else None
    if plan.device == CPU and known and known.parameters * _BYTES_PER_PARAMETER > _memory():
        need, have = known.parameters * _BYTES_PER_PARAMETER / 1e9, _memory() / 1e9
        what = "no GPU is in use here, and" if not find_gpus() else "vllm is not installed, and"
        problems.append(f"{what} {plan.model} needs about {need:.0f} GB of memory on a CPU, of {have:.0f} GB")
    if find_gpus() and plan.device == CPU and not is_small(plan.model):
        problems.append("vllm is not installed: pip install 'codeedit[gpu]'")
    return problems


def _memory() -> int:
    """Return the machine's memory in bytes."""
    import os

    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _notes(plan: Plan, asked: Profile) -> list[str]:
    notes = plan.algorithm.warnings(int(lookup(plan.verl, "actor_rollout_ref.rollout.n")))
    low, high = parse_reward(plan.request.reward).range
    if (low, high) != (0.0, 1.0):
        notes.append(f"rewards lie between {low:g} and {high:g}; the paper's lie between 0 and 1")
        if plan.algorithm.row.estimator == "krpo":
            notes.append("krpo's filter begins at 0, so that shifted rewards give other advantages")
    if plan.request.special_tokens:
        notes.append("the run begins with a copy of the model that has the template's markers as tokens")
    if plan.profile.batch < asked.batch:
        notes.append(
            f"prompts to train on: {plan.prompts}; a step takes {plan.profile.batch}, not {asked.batch}"
        )
    return notes


def check_request(request: Request) -> None:
    """Raise for what is wrong with a request apart from its data; see ``make_plan``."""
    make_plan(request, 1_000_000)


def require_startable(plan: Plan) -> None:
    """Raise for the first problem.

    Raises:
        InputError: the plan has a problem.
    """
    if plan.problems:
        raise InputError(plan.problems[0], hint="see the whole plan with --dry-run")
