"""Engines by name; adding one is a file with its options and a line here."""

from __future__ import annotations

import dataclasses
import importlib.util
from collections.abc import Mapping
from typing import Any

from codeedit.errors import InputError
from codeedit.eval.engines.base import (
    Engine,
    EngineSettings,
    Generation,
    ModelSource,
    Pair,
    Sampling,
    Work,
    answer_seed,
    trial_seed,
)
from codeedit.eval.engines.hf import HuggingFace
from codeedit.eval.engines.openai import OpenAI
from codeedit.eval.engines.vllm import Vllm
from codeedit.models import find_gpus
from codeedit.registry import Registry

__all__ = [
    "ENGINES",
    "Engine",
    "EngineSettings",
    "Generation",
    "ModelSource",
    "Pair",
    "Sampling",
    "Work",
    "answer_seed",
    "default_engine",
    "engine_settings",
    "trial_seed",
]

ENGINES: Registry[type[EngineSettings]] = Registry(
    "engine", {"hf": HuggingFace, "vllm": Vllm, "openai": OpenAI}
)


def default_engine() -> str:
    """Return ``vllm`` where there are a GPU and vllm, else ``hf``."""
    return "vllm" if find_gpus() and importlib.util.find_spec("vllm") else "hf"


def engine_settings(name: str | None, options: Mapping[str, Any] | None = None) -> EngineSettings:
    """Return an engine's settings by what the user gave.

    Args:
        name: a name of ``ENGINES``; None: the default one.
        options: values by field; None where the user gave none.

    Raises:
        UnknownNameError: there is no such engine.
        InputError: an option that this engine does not have.
    """
    chosen = name or default_engine()
    kind: Any = ENGINES[chosen]
    own = [field.name for field in dataclasses.fields(kind)]
    given = {key: value for key, value in (options or {}).items() if value is not None}
    for key in given:
        if key not in own:
            having = [other for other, type_ in ENGINES.items() if key in _fields(type_)]
            hint = f"leave it out, or take --engine {' or '.join(having)}"
            raise InputError(f"the engine {chosen} has no such option", where=_option(key), hint=hint)
    settings: EngineSettings = kind(**given)
    return settings


def _fields(kind: Any) -> list[str]:  # noqa: ANN401 - a dataclass
    return [field.name for field in dataclasses.fields(kind)]


def _option(key: str) -> str:
    return f"--{key.replace('_', '-')}"
