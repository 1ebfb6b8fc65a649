"""Engines by name; adding one is a file with a class and a line here."""

from __future__ import annotations

from collections.abc import Callable

from codeedit.eval.engines.base import (
    Engine,
    Generation,
    ModelSource,
    Pair,
    Sampling,
    trial_seed,
)
from codeedit.eval.engines.hf import HuggingFaceEngine
from codeedit.registry import Registry

__all__ = ["ENGINES", "Engine", "Generation", "ModelSource", "Pair", "Sampling", "trial_seed"]

ENGINES: Registry[Callable[[ModelSource], Engine]] = Registry("engine", {"hf": HuggingFaceEngine})
