"""Whether a run can go on: its flags and its checkpoint agree with what it began with."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from codeedit.errors import InputError
from codeedit.models import THINKING
from codeedit.pipeline.rewards import DEFAULT_REWARD, parse_reward
from codeedit.runs import Checkpoint, Run
from codeedit.training.algorithms import option_flag

# Of a model's config.json
_SHAPE = (
    "model_type",
    "hidden_size",
    "intermediate_size",
    "num_hidden_layers",
    "num_attention_heads",
    "num_key_value_heads",
    "vocab_size",
)
# Option of the command line -> key of run.json
_KEYS = {
    "model": "model",
    "data": "data",
    "template": "template",
    "seed": "seed",
    "init": "init",
    "lora": "lora",
}


def check_same(run: Run, given: Mapping[str, Any], overrides: Sequence[str]) -> None:
    """Refuse flags that contradict a run.

    Args:
        run: what is resumed.
        given: options by name; None: not given.
        overrides: of verl's settings.

    Raises:
        InputError: a flag says something else than the run's settings.
    """
    settings = run.settings
    for option, value in given.items():
        if value is None or value == ():
            continue
        before = _before(settings, option)
        now = _as_stored(option, value)
        if now != before:
            raise InputError(
                f"{option_flag(option)} {now} contradicts this run, which has {before or 'none'}",
                where=str(run.path),
                hint="leave it out, or start a new run with --out",
            )
    unknown = [override for override in overrides if override not in settings["overrides"]]
    if unknown:
        raise InputError(
            f"{unknown[0]} is not among this run's overrides",
            where=str(run.path),
            hint="a resumed run keeps its settings; leave it out, or start a new run with --out",
        )


def require_same_model(point: Checkpoint, source: Path, workers: int) -> None:
    """Refuse a checkpoint that this run cannot have written; verl would find out minutes later.

    Args:
        point: to go on from.
        source: the model that the run began with; looked at where it is a folder.
        workers: of the run, on all its nodes.

    Raises:
        InputError: the checkpoint is of a model of another shape, or divided among other workers.
    """
    hint = "delete it to go on from an earlier one, or start a new run with --out"
    ours, theirs = _shape(source), _shape(point.model)
    for key in ours.keys() & theirs.keys():
        if ours[key] != theirs[key]:
            raise InputError(
                f"this checkpoint is another model's: {key} {theirs[key]}, not {ours[key]}",
                where=str(point.path),
                hint=hint,
            )
    for folder in (point.path, point.path / "actor"):
        sizes = {int(file.name.split("_")[3]) for file in folder.glob("model_world_size_*_rank_*.pt")}
        if sizes and workers not in sizes:
            raise InputError(
                f"this checkpoint is divided among {sizes.pop()} workers, not {workers}",
                where=str(point.path),
                hint=hint,
            )


def _shape(model: Path) -> dict[str, Any]:
    """Return what a model's weights' shapes follow from; empty where there is no configuration."""
    try:
        config = json.loads((model / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {key: config[key] for key in _SHAPE if key in config}


def _as_stored(option: str, value: Any) -> Any:  # noqa: ANN401
    if option == "reward":
        return str(parse_reward(value))
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value.absolute()) if isinstance(value, Path) else value


def _before(settings: Mapping[str, Any], option: str) -> Any:  # noqa: ANN401
    if option == "algo":
        return settings["algorithm"]["name"]
    if option == "reward":
        return settings.get("reward", DEFAULT_REWARD)
    if option == "no_thinking":
        return settings.get("chat_variables", {}).get(THINKING) is False
    if option in ("select", "special_tokens"):
        return settings.get(option)
    if option == "logger":
        return ", ".join(settings.get("loggers", ()))
    if option in _KEYS:
        return settings.get(_KEYS[option])
    return settings["algorithm"].get(option)
