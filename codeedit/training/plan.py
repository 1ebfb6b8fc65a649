"""What a run will do, resolved before anything starts: algorithm, model, data and verl's configuration."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from codeedit.errors import InputError
from codeedit.models import (
    NO_THINKING,
    Limits,
    Sizes,
    default_model,
    default_template,
    limits,
    model_sizes,
    resolve_model,
)
from codeedit.models.resolve import is_small
from codeedit.pipeline.prompt_builder import find_template
from codeedit.pipeline.rewards import parse_reward
from codeedit.runs import Run, find_run
from codeedit.training import loggers
from codeedit.training.algorithms import Algorithm, configure
from codeedit.training.memory import Estimate, Load, checkpoint_bytes, estimate, load_of
from codeedit.training.plan_settings import choose_settings
from codeedit.training.platforms import CPU, CUDA
from codeedit.training.problems import (
    config_problems,
    cpu_problems,
    filled_up,
    gpu_problems,
    main_memory,
)
from codeedit.training.profile import Profile
from codeedit.training.request import Request
from codeedit.training.settings import Setting, flag, ours
from codeedit.training.sft import SftProfile, Supervised
from codeedit.training.verl_config import compose, lookup
from codeedit.training.verl_install import find_verl

_CHAT = "data.apply_chat_template_kwargs"  # where verl has the variables of chat templates


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
    disk: int | None = None  # bytes of the checkpoints that are kept; None where sizes are not known
    memory: Estimate | None = None  # of a GPU; None on a CPU, and where the model's sizes are not known

    @property
    def label(self) -> str:
        """A short name of the model; of a run's model, that of the model that the run began with."""
        run = Run(Path(self.source).parent)
        if not run.settings_file.is_file():
            return Path(self.model).name
        return str(run.settings.get("label", run.name))

    @property
    def chat(self) -> dict[str, Any]:
        """The variables of the chat template that are set."""
        return dict(lookup(self.verl, _CHAT) or {})

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
    elsewhere = request.machine or request.cluster
    device = CUDA if request.gpus and (elsewhere or importlib.util.find_spec("vllm")) else CPU
    sizes = model_sizes(model)
    asked, chosen, settings = choose_settings(
        request, algorithm, device, model, source, prompts, token_limits, sizes
    )
    make = flag if request.loggers else ours
    settings += [
        make("trainer.logger", [*loggers.OWN, *request.loggers]),
        ours("trainer.project_name", "codeedit"),
    ]
    if not request.thinking:
        settings += [flag(f"+{_CHAT}.{name}", value) for name, value in NO_THINKING.items()]
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
    load = load_of(plan.verl)
    memory = None
    if device == CUDA and sizes:
        memory = estimate(sizes, load, min(gpu.memory for gpu in request.gpus))
    return replace(
        plan,
        steps=_steps(plan),
        problems=tuple(_problems(plan, sizes, load, memory)),
        notes=tuple(_notes(plan, asked)),
        disk=_disk(plan, sizes, load, chosen.checkpoints),
        memory=memory,
    )


def _disk(plan: Plan, sizes: Sizes | None, load: Load, kept: int) -> int | None:
    """Return what a run's folder grows to: the kept checkpoints, one being written, and the best model."""
    if sizes is None:
        return None
    every = int(plan.verl["trainer"]["save_freq"])
    written = math.ceil(_steps(plan) / every) if every > 0 else 0
    contents = lookup(plan.verl, "checkpoint.save_contents")  # of the SFT trainer
    contents = contents or lookup(plan.verl, "actor_rollout_ref.actor.checkpoint.save_contents")
    checkpoint, model = checkpoint_bytes(sizes, load, contents)
    return min(kept + 1, written) * checkpoint + (model if written > kept + 1 else 0)


def _steps(plan: Plan) -> int:
    """Return the number of steps as verl counts it."""
    trainer = plan.verl["trainer"]
    per_epoch = plan.prompts // int(plan.verl["data"]["train_batch_size"])
    return int(trainer["total_training_steps"] or trainer["total_epochs"] * per_epoch)


def _problems(plan: Plan, sizes: Sizes | None, load: Load, memory: Estimate | None) -> Iterator[str]:
    yield from config_problems(plan.verl, plan.prompts, sizes)
    gpus = plan.request.gpus
    if memory:
        elsewhere = plan.request.machine or plan.request.cluster
        host = None if elsewhere else main_memory()
        yield from gpu_problems(memory, load, host, len(gpus))
    if plan.device == CPU and gpus and not is_small(plan.model):
        yield "vllm is not installed: pip install 'codeedit[gpu]'"
    elif plan.device == CPU and sizes:
        yield from cpu_problems(sizes, load, rollouts=not isinstance(plan.algorithm, Supervised))


def _notes(plan: Plan, asked: Profile | SftProfile) -> list[str]:
    notes = plan.algorithm.warnings(int(lookup(plan.verl, "actor_rollout_ref.rollout.n") or 0))
    low, high = parse_reward(plan.request.reward).range
    if (low, high) != (0.0, 1.0):
        notes.append(f"rewards lie between {low:g} and {high:g}; the paper's lie between 0 and 1")
        if plan.algorithm.name == "krpo":
            notes.append("krpo's filter begins at 0, so that shifted rewards give other advantages")
    if plan.request.special_tokens:
        notes.append("the run begins with a copy of the model that has the template's markers as tokens")
        if plan.request.lora:
            notes.append("LoRA does not train the rows of the new tokens")
    if empty := filled_up(plan.verl):
        notes.append(empty)
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
