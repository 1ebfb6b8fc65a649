"""Evaluation sets by name; adding one is a file with a loader and a line here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from codeedit.errors import InputError
from codeedit.eval.sets.base import EvalRow, EvalSet, KeyField, SetPart, Sources
from codeedit.eval.sets.tasks import from_path, in_domain
from codeedit.eval.sets.zeta import zeta_split
from codeedit.registry import Registry

__all__ = ["SETS", "EvalRow", "EvalSet", "KeyField", "SetPart", "Sources", "load_set"]

SETS: Registry[Callable[[Sources], EvalSet]] = Registry(
    "evaluation set",
    {
        "id": in_domain,
        "zeta-dpo": zeta_split("dpo"),
        "zeta-eval": zeta_split("eval"),
        "zeta-train": zeta_split("train"),
    },
)


def load_set(name: str, sources: Sources) -> EvalSet:
    """Return a set by its name or its path.

    Raises:
        InputError: neither is known, it cannot be read, or it is empty.
    """
    if name in SETS:
        found = SETS[name](sources)
    elif Path(name).exists():
        found = from_path(Path(name))
    elif "/" in name or Path(name).suffix:
        raise InputError(
            "no such file or folder", where=f"--set {name}", hint=f"known sets: {', '.join(SETS)}"
        )
    else:
        raise SETS.unknown(name)
    if not found.rows:
        raise InputError("no tasks in this set", where=f"--set {name}")
    return found
