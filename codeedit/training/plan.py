"""What a run will do, resolved before anything starts: algorithm, model, data and verl's configuration."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from codeedit.errors import InputError
from codeedit.models import (
    MODELS,
    Gpu,
    Limits,
    default_model,
    default_template,
    find_gpus,
    limits,
    resolve_model,
)
from codeedit.models.resolve import is_small
from codeedit.pipeline.prompt_builder import find_template
from codeedit.pipeline.rewards import DEFAULT_REWARD, parse_reward
from codeedit.runs import Run, find_run
from codeedit.training import loggers, sft
from codeedit.training import profile as profiles
from codeedit.training.algorithms import Algorithm, configure
from codeedit.training.cluster import Cluster
from codeedit.training.platforms import CPU, CUDA, settings_for
from codeedit.training.profile import Profile
from codeedit.training.settings import Setting, flag, ours
from codeedit.training.sft import SftProfile, Supervised
from codeedit.training.verl_config import compose, lookup
from codeedit.training.verl_install import find_verl

_BYTES_PER_PARAMETER = 20  # fp32 weights, gradients, two moments, and the rollout's copy


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for; None means the default."""

    algorithm: str = "gapo"
    options: Mapping[str, Any] = field(default_factory=dict)
    model: str | None = None  # a name, or a folder
    init: str | None = None  # the run that the model is of
    data: Path = Path("data")
    template: str | None = None
    special_tokens: bool = False  # whether the template's markers become tokens of the vocabulary
    reward: str = DEFAULT_REWARD
    select: Path | None = None  # a selection of tasks; None: all
    steps: int | None = None
    seed: int = 1
    loggers: tuple[str, ...] = ()  # of verl's, besides console and file
    cluster: Cluster | None = None  # None: this machine, with a Ray of the run's own
    overrides: tuple[str, ...] = ()  # verl's, in hydra's grammar

    @property
    def gpus(self) -> tuple[Gpu, ...]:
        """The GPUs of a machine to train on."""
        return self.cluster.gpus if self.cluster else find_gpus()


@dataclass(frozen=True, slots=True)
class Plan:
    """A resolved run."""

    request: Request
    algorithm: Algorithm | Supervised
    model: str  # as the user calls it
    source: str  # folder or hub name
    template: str  # the prompts' text format
    device: str  # "cpu" or "cuda"
    limits: Limits
    profile: Profile | SftProfile
    prompts: int  # to train on
    steps: int  # of the whole run
    settings: tuple[Setting, ...]
    verl: dict[str, Any]  # resolved, nested
    problems: tuple[str, ...] = ()  # each keeps the run from starting
    notes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """A short name of the model; of a run's model, that of the model that the run began with."""
        run = Run(Path(self.source).parent)
        if not run.settings_file.is_file():
            return Path(self.model).name
        return str(run.settings.get("label", run.name))

    @property
    def overrides(self) -> list[str]:
        """All settings as hydra's command line takes them, the user's last."""
        return [setting.as_override() for setting in self.settings] + list(self.request.overrides)

    def with_settings(self, more: Sequence[Setting]) -> Plan:
        """Return the plan with more settings, which the user's still override."""
        changed = replace(self, settings=(*self.settings, *more))
        config = self.algorithm.trainer.config
        return replace(changed, verl=compose(find_verl(), changed.overrides, config))


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
    if request.template:
        find_template(request.template)
    for name in request.loggers:
        loggers.LOGGERS[name]  # raises for one that is not known
    model = request.model or default_model(request.gpus)
    source = resolve_model(model)
    find_verl()
    plan = _plan(request, algorithm, model, source, prompts, limits(model))
    if isinstance(algorithm, Supervised):
        return plan
    data = plan.verl["data"]
    overridden = Limits(data["max_prompt_length"], data["max_response_length"])
    # Other settings follow the limits, which the user's overrides may have changed.
    return (
        plan if overridden == plan.limits else _plan(request, algorithm, model, source, prompts, overridden)
    )


def _plan(
    request: Request,
    algorithm: Algorithm | Supervised,
    model: str,
    source: str,
    prompts: int,
    token_limits: Limits,
) -> Plan:
    small = is_small(model)
    device = CUDA if request.gpus and (request.cluster or importlib.util.find_spec("vllm")) else CPU
    asked, chosen, settings = _settings(request, algorithm, device, source, prompts, token_limits, small)
    make = flag if request.loggers else ours
    settings += [
        make("trainer.logger", [*loggers.OWN, *request.loggers]),
        ours("trainer.project_name", "codeedit"),
    ]
    if request.steps:
        settings.append(flag("trainer.total_training_steps", request.steps))
    template = request.template or default_template(model)
    plan = Plan(
        request,
        algorithm,
        model,
        source,
        template,
        device,
        token_limits,
        chosen,
        prompts,
        0,
        tuple(settings),
        {},
    ).with_settings(())
    return replace(
        plan, steps=_steps(plan), problems=tuple(_problems(plan)), notes=tuple(_notes(plan, asked))
    )


def _settings(
    request: Request,
    algorithm: Algorithm | Supervised,
    device: str,
    source: str,
    prompts: int,
    token_limits: Limits,
    small: bool,
) -> tuple[Profile | SftProfile, Profile | SftProfile, list[Setting]]:
    """Return the profile that is asked for, the one that fits the data, and the trainer's settings."""
    if isinstance(algorithm, Supervised):
        wanted = sft.TINY if small else sft.PAPER_SIZES
        fitting = wanted.fit(prompts)
        own = sft.settings_for(
            request.gpus, token_limits, on_cpu=device == CPU, source=source, seed=request.seed
        )
        return wanted, fitting, [*fitting.settings(token_limits, request.steps or fitting.steps), *own]
    asked = profiles.TINY if small else profiles.PAPER
    chosen = asked.fit(prompts)
    settings = [
        *chosen.settings(token_limits, request.steps or chosen.steps),
        *algorithm.verl_settings(rollouts=chosen.rollouts, response_tokens=token_limits.response),
        *settings_for(device, request.gpus, token_limits, small=small, own_ray=request.cluster is None),
        *(request.cluster.settings() if request.cluster else ()),
        flag("actor_rollout_ref.model.path", source),
        flag("data.seed", request.seed),
        flag("actor_rollout_ref.rollout.seed", request.seed),
    ]
    if str(reward := parse_reward(request.reward)) != DEFAULT_REWARD:
        settings.append(flag("+reward.custom_reward_function.reward_kwargs.reward", str(reward)))
    return asked, chosen, settings


def _steps(plan: Plan) -> int:
    """Return the number of steps as verl counts it."""
    trainer = plan.verl["trainer"]
    per_epoch = plan.prompts // int(plan.verl["data"]["train_batch_size"])
    return int(trainer["total_training_steps"] or trainer["total_epochs"] * per_epoch)


def _problems(plan: Plan) -> list[str]:
    problems = []
    verl = plan.verl
    names = verl["trainer"]["logger"]
    problems += loggers.logger_problems([names] if isinstance(names, str) else names)
    batch = verl["data"]["train_batch_size"]
    mini = lookup(verl, "actor_rollout_ref.actor.ppo_mini_batch_size") or 0
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


def _notes(plan: Plan, asked: Profile | SftProfile) -> list[str]:
    notes = plan.algorithm.warnings(int(lookup(plan.verl, "actor_rollout_ref.rollout.n") or 0))
    low, high = parse_reward(plan.request.reward).range
    if (low, high) != (0.0, 1.0):
        notes.append(f"rewards lie between {low:g} and {high:g}; the paper's lie between 0 and 1")
        if plan.algorithm.name == "krpo":
            notes.append("krpo's filter begins at 0, so that shifted rewards give other advantages")
    if plan.request.special_tokens:
        notes.append("the run begins with a copy of the model that has the template's markers as tokens")
    if plan.profile.batch < asked.batch:
        notes.append(
            f"prompts to train on: {plan.prompts}; a step takes {plan.profile.batch}, not {asked.batch}"
        )
    return notes


def model_of_run(name: str) -> str:
    """Return the folder of a run's best model.

    Raises:
        InputError: there is no such run, or it has no model yet.
    """
    run = find_run(name)
    best = run.best
    if best is None:
        hint = f"go on with it: codeedit train --resume --out {run.path}"
        raise InputError("this run has no model yet", where=str(run.path), hint=hint)
    return str(best.absolute())


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
