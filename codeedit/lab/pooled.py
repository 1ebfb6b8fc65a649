"""Whole shapes of rewards instead of single cells: what an algorithm gains over all noises and group sizes.

The cells of one shape share their worlds, so a seed's value is its mean over them, and the seeds give the
interval.  The rule for candidates was written before they were judged by it:

    A candidate becomes an algorithm if its exact match over all steps is better than GRPO's and better than
    GAPO's where rewards have several peaks, and worse than neither on any other shape; "better" and "worse"
    are differences that remain at a false discovery rate of 5% over all shapes and all contestants.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from codeedit.lab.paired import Estimate, discoveries, estimate

SEVERAL_PEAKS = "multi-peak"  # the shape that a candidate has to be better on


@dataclass(frozen=True, slots=True)
class SeedScores:
    """Exact match over all steps of one contestant in one cell."""

    shape: str
    contestant: str
    scores: Sequence[float]  # by seed


def pool(cells: Iterable[SeedScores], references: Sequence[str]) -> list[dict[str, Any]]:
    """Return each contestant's difference to each reference on each shape, with its interval.

    Args:
        cells: of all contestants; each has the same number of seeds.
        references: who they are compared with.
    """
    found: dict[tuple[str, str], list[Sequence[float]]] = {}
    for cell in cells:
        found.setdefault((cell.shape, cell.contestant), []).append(cell.scores)
    means = {key: np.mean(scores, axis=0) for key, scores in found.items()}  # (seeds,) each
    pairs = [
        (shape, name, reference)
        for shape, name in means
        for reference in references
        if name not in references[: references.index(reference) + 1]
    ]
    estimates: list[Estimate | None] = [
        estimate(means[shape, name] - means[shape, reference]) for shape, name, reference in pairs
    ]
    return [
        {"shape": shape, "contestant": name, "against": reference, "cells": len(found[shape, name])}
        | ({} if one is None else one.as_dict() | {"differs": differs})
        for (shape, name, reference), one, differs in zip(
            pairs, estimates, discoveries(estimates), strict=True
        )
    ]


def passes(pooled: Sequence[Mapping[str, Any]], contestant: str) -> bool:
    """Tell whether a candidate may become an algorithm, by the rule above."""
    rows = [row for row in pooled if row["contestant"] == contestant]
    there = [row for row in rows if row["shape"] == SEVERAL_PEAKS]
    better = len(there) == 2 and all(row.get("differs") and row["mean"] > 0 for row in there)
    return better and not any(row.get("differs") and row["mean"] < 0 for row in rows)
