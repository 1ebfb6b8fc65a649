"""Engines: where units of work are worked through.  All call the same function and give the same files."""

from __future__ import annotations

from typing import Final

from codeedit.pipeline.ingest.engines.base import Engine
from codeedit.pipeline.ingest.engines.local import Local
from codeedit.pipeline.ingest.engines.ray import Ray
from codeedit.registry import Registry

ENGINES: Final[Registry[Engine]] = Registry("engine", {engine.name: engine for engine in (Local(), Ray())})

__all__ = ["ENGINES", "Engine"]
