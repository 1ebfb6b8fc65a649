"""A plan for people, in groups of settings with where each comes from; and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from codeedit.training.memory import Estimate
from codeedit.training.plan import Plan
from codeedit.training.problems import disk_size
from codeedit.training.settings import Origin
from codeedit.training.verl_config import defaults, flat, lookup, override_key
from codeedit.training.verl_install import find_verl

if TYPE_CHECKING:
    from codeedit.training.survey import Survey

_GROUPS = {
    "algorithm": "Algorithm",
    "actor_rollout_ref.actor": "Policy",
    "actor_rollout_ref.ref": "Reference model",
    "actor_rollout_ref.rollout": "Rollouts",
    "actor_rollout_ref.model": "Model",
    "reward": "Reward",
    "model": "Model",
    "engine": "Policy",
    "optim": "Policy",
    "checkpoint": "Trainer",
    "data": "Data",
    "trainer": "Trainer",
    "transfer_queue": "Ray",
    "ray_kwargs": "Ray",
}
_GIB = 1 << 30
_NEW = object()  # the default of a key that verl does not have


@dataclass(frozen=True, slots=True)
class Line:
    """One setting of verl's complete configuration."""

    key: str  # dotted
    value: Any
    origin: str  # a value of Origin
    default: Any  # verl's own, a reference as its files have it

    @property
    def differs(self) -> bool:
        """Whether the setting is another than verl's own."""
        return self.origin != Origin.VERL and self.value != self.default


def lines_of(plan: Plan) -> Iterator[Line]:
    """Yield verl's complete configuration, setting by setting, in its order."""
    by_key = dict(origins(plan))
    before = defaults(find_verl(), plan.algorithm.trainer.config)
    own = flat(before)
    parts = {key for key in by_key if isinstance(lookup(plan.verl, key), dict)}  # set as a whole
    given = {setting.path: setting.value for setting in plan.settings}
    for key in parts:
        value = given.get(key)
        reference = isinstance(value, str)  # such as ${algorithm}
        yield Line(key, value if reference else lookup(plan.verl, key), by_key[key], own.get(key, _NEW))
    for key, value in flat(plan.verl).items():
        if not any(key == part or key.startswith(f"{part}.") for part in parts):
            yield Line(key, value, by_key.get(key, Origin.VERL.value), own.get(key, _NEW))


def origins(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield the settings that are set here, by dotted key, with where each comes from; the last wins."""
    for setting in plan.settings:
        yield setting.path, setting.origin.value
    for override in plan.request.overrides:
        yield override_key(override), Origin.OVERRIDE.value


def plan_json(plan: Plan, survey: Survey | None = None) -> dict[str, Any]:
    """Return what ``--dry-run --json`` prints; ``origins`` has every setting of ``verl``."""
    return {
        "algorithm": plan.algorithm.settings(),
        "model": plan.model,
        "device": plan.device,
        "steps": plan.steps,
        "prompts": plan.prompts,
        "verl": plan.verl,
        "origins": {line.key: line.origin for line in lines_of(plan)},
        "memory": _memory_json(plan.memory),
        "disk": plan.disk,
        "sample": _sample_json(survey),
        "notes": list(plan.notes),
        "problems": list(plan.problems),
    }


def _memory_json(found: Estimate | None) -> dict[str, Any] | None:
    """Return the estimate in bytes of one GPU."""
    if found is None:
        return None
    return {
        "gpu": found.memory,
        "phases": {phase.name: dict(phase.parts) for phase in found.phases},
        "sequences": found.sequences,
        "main_memory_per_gpu": found.host,
        "fits": found.fits,
    }


def _sample_json(survey: Survey | None) -> dict[str, int] | None:
    if survey is None:
        return None
    counts = survey.counts
    return {
        "tasks": survey.looked_at,
        "shortened": counts.shortened,
        "too_long": counts.too_long,
        "answer_too_long": counts.cannot_fit,
    }


def plan_lines(plan: Plan, survey: Survey | None = None, *, full: bool = False) -> Iterator[str]:
    """Yield the plan as lines.

    Args:
        plan: the plan.
        survey: what became of a sample of its prompts.
        full: whether to show verl's own settings too.
    """
    chosen = plan.algorithm.settings()
    name = chosen.pop("name")
    yield f"{name}: {plan.algorithm.about}"
    if chosen:
        yield "  " + ", ".join(f"{key} {value}" for key, value in chosen.items())
    yield f"model {plan.model} ({plan.source}) on {plan.device}"
    yield f"{plan.prompts} prompts, {plan.steps} steps"
    yield from (f"  {line}" for line in (survey.lines(plan.limits) if survey else ()))
    yield from _memory_lines(plan)
    lines = sorted(lines_of(plan), key=lambda line: _order(line.key))
    yield from _grouped("other than verl's", [line for line in lines if line.differs])
    same = [line for line in lines if line.origin != Origin.VERL and not line.differs]
    yield from _grouped("set, as verl has it", same)
    rest = [line for line in lines if line.origin == Origin.VERL]
    if full:
        yield from _grouped("verl's own", rest)
    yield ""
    if not full:
        yield f"{len(rest)} more settings are verl's own: --full shows them, --json has all."
    yield from (f"note: {note}" for note in plan.notes)
    yield from (f"problem: {problem}" for problem in plan.problems)


def _memory_lines(plan: Plan) -> Iterator[str]:
    if found := plan.memory:
        yield f"memory of each GPU, of {found.memory / _GIB:.0f} GiB (estimated):"
        for phase in found.phases:
            parts = sorted(phase.parts.items(), key=lambda part: -part[1])
            shown = ", ".join(f"{name} {size / _GIB:.1f}" for name, size in parts if size >= _GIB / 20)
            yield f"  {phase.name:9} {phase.total / _GIB:5.1f} GiB: {shown}"
        if found.sequences is not None:
            yield f"  the KV cache holds {found.sequences} prompts with answers at one time"
        if found.host:
            yield f"  main memory for what leaves it: {found.host / _GIB:.0f} GiB for each GPU"
    if plan.disk:
        yield f"checkpoints: {disk_size(plan.disk)} on disk"


def _grouped(title: str, lines: list[Line]) -> Iterator[str]:
    group = ""
    for line in lines:
        if _group(line.key) != group:
            group = _group(line.key)
            yield ""
            yield f"{group} ({title})"
        before = line.default is not _NEW and line.differs
        was = f"  (verl: {_short(line.default)})" if before else ""
        yield f"  {line.origin:9} {line.key} = {_short(line.value)}{was}"


def _prefix(key: str) -> str:
    return next((prefix for prefix in _GROUPS if key.startswith(f"{prefix}.")), key)


def _group(key: str) -> str:
    return _GROUPS.get(_prefix(key), "Other")


def _order(key: str) -> tuple[int, str]:
    prefixes = list(_GROUPS)
    prefix = _prefix(key)
    return (prefixes.index(prefix) if prefix in prefixes else len(prefixes), key)


def _short(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, dict) and len(value) > 3:
        return f"{{{len(value)} settings}}"
    return str(value) if value is not None else "null"
