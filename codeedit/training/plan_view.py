"""A plan for people: its settings in groups, each with where it comes from; and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from codeedit.training.plan import Plan
from codeedit.training.settings import Origin
from codeedit.training.verl_config import lookup, override_key

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


def plan_json(plan: Plan) -> dict[str, Any]:
    """Return what ``--dry-run --json`` prints."""
    return {
        "algorithm": plan.algorithm.settings(),
        "model": plan.model,
        "device": plan.device,
        "steps": plan.steps,
        "prompts": plan.prompts,
        "verl": plan.verl,
        "origins": dict(origins(plan)),
        "notes": list(plan.notes),
        "problems": list(plan.problems),
    }


def origins(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield the settings that we set, by dotted key, with where each comes from; the last wins."""
    for setting in plan.settings:
        yield setting.path, setting.origin.value
    for override in plan.request.overrides:
        yield override_key(override), Origin.OVERRIDE.value


def plan_lines(plan: Plan) -> Iterator[str]:
    """Yield the plan as lines."""
    chosen = plan.algorithm.settings()
    name = chosen.pop("name")
    yield f"{name}: {plan.algorithm.about}"
    if chosen:
        yield "  " + ", ".join(f"{key} {value}" for key, value in chosen.items())
    yield f"model {plan.model} ({plan.source}) on {plan.device}"
    yield f"{plan.prompts} prompts, {plan.steps} steps"
    by_key = dict(origins(plan))
    group = ""
    for key in sorted(by_key, key=_order):
        if _group(key) != group:
            group = _group(key)
            yield ""
            yield group
        yield f"  {by_key[key]:9} {key} = {_short(lookup(plan.verl, key))}"
    yield ""
    yield "All other settings are verl's defaults; --json has them all."
    for note in plan.notes:
        yield f"note: {note}"
    for problem in plan.problems:
        yield f"problem: {problem}"


def _prefix(key: str) -> str:
    return next((prefix for prefix in _GROUPS if key.startswith(f"{prefix}.")), key)


def _group(key: str) -> str:
    return _GROUPS.get(_prefix(key), "Other")


def _order(key: str) -> tuple[int, str]:
    prefixes = list(_GROUPS)
    prefix = _prefix(key)
    return (prefixes.index(prefix) if prefix in prefixes else len(prefixes), key)


def _short(value: Any) -> str:  # noqa: ANN401
    return str(value) if value is not None else "null"
