"""Whether the flags of a resumed run agree with what it began with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from codeedit.errors import InputError
from codeedit.pipeline.rewards import DEFAULT_REWARD, parse_reward
from codeedit.runs import Run
from codeedit.training.algorithms import option_flag

# Option of the command line -> key of run.json
_KEYS = {"model": "model", "data": "data", "template": "template", "seed": "seed", "init": "init"}


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
    if option in ("select", "special_tokens"):
        return settings.get(option)
    if option == "logger":
        return ", ".join(settings.get("loggers", ()))
    if option in _KEYS:
        return settings.get(_KEYS[option])
    return settings["algorithm"].get(option)
