"""A comparison as a page: runs by sets, the curves of their training, and the rows on which they differ."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeedit.eval.comparison import Compared, Difference
from codeedit.eval.curves import Panel
from codeedit.eval.pages.document import Entry, Facet, Page, read_details, write_page

PAGE = "compare.html"
FACETS = (
    Facet("set", "Set"),
    Facet("best", "Best"),
    Facet("needs", "Row needs", ("a change", "no change")),
    Facet("language", "Language"),
)


@dataclass(frozen=True, slots=True)
class Rows:
    """One set on which several runs have pages of the same rows."""

    set_name: str
    runs: tuple[Compared, ...]

    @property
    def differing(self) -> list[int]:
        """The places of the rows whose exact match is not the same in all runs."""
        columns = [run.reports[self.set_name]["row_exact_match"] for run in self.runs]
        return [at for at, values in enumerate(zip(*columns, strict=True)) if len(set(values)) > 1]


def comparable_rows(runs: Sequence[Compared]) -> list[Rows]:
    """Return the sets whose rows can be laid side by side, each with its runs."""
    found = []
    for set_name in sorted({name for run in runs for name in run.reports}):
        having = [run for run in runs if set_name in run.reports]
        digest = having[0].reports[set_name]["set_digest"]
        same = [
            run
            for run in having
            if run.reports[set_name]["set_digest"] == digest and run.pages[set_name].is_file()
        ]
        if len(same) > 1:
            found.append(Rows(set_name, tuple(same)))
    return found


def write_compare_page(
    folder: Path, runs: Sequence[Compared], found: Sequence[Difference], curves: Sequence[Panel]
) -> Path:
    """Write the page; return its path.

    Args:
        folder: where to.
        runs: what is compared, the first being what the others are compared with.
        found: their differences.
        curves: of their training.

    Raises:
        InputError: the page of a run's report cannot be read.
    """
    sets = comparable_rows(runs)
    entries = [_entry(detail) for detail in _details(sets)]
    content = {
        "runs": [_run(run) for run in runs],
        "sets": sorted({entry.set_name for entry in found}),
        "cells": [_cell(entry, runs) for entry in found],
        "curves": [dataclasses.asdict(panel) for panel in curves],
    }
    title = " vs ".join(run.label for run in runs)
    page = Page("compare", title, "row", entries, FACETS, content)
    path = folder / PAGE
    write_page(path, page, _details(sets))
    return path


def _run(run: Compared) -> dict[str, Any]:
    return {
        "name": run.label,
        "model": run.model,
        "algorithm": run.algorithm,
        "variant": run.variant,
        "steps": run.steps,
        "metrics": run.metrics,
    }


def _cell(entry: Difference, runs: Sequence[Compared]) -> dict[str, Any]:
    number = next(at for at, run in enumerate(runs) if run.name == entry.name)
    report = runs[number].reports[entry.set_name]
    first = next(run for run in runs if entry.set_name in run.reports).reports[entry.set_name]
    pairs: list[tuple[float, float]] = []
    if entry.delta is not None:
        pairs = list(zip(report["row_exact_match"], first["row_exact_match"], strict=True))
    return {
        **dataclasses.asdict(entry),
        "run": number,
        "rows": report.get("rows"),
        "trials": report.get("trials"),
        "change": report.get("exact_match_change"),
        "no_change": report.get("exact_match_no_change"),
        "copy": (report.get("copy_baseline") or {}).get("exact_match"),
        "won": sum(own > other for own, other in pairs),
        "lost": sum(own < other for own, other in pairs),
    }


def _details(sets: Sequence[Rows]) -> Iterator[dict[str, Any]]:
    """Yield the rows that differ, read from the pages of the runs' reports."""
    for rows in sets:
        wanted = set(rows.differing)
        pages = [read_details(run.pages[rows.set_name]) for run in rows.runs]
        for at, details in enumerate(zip(*pages, strict=False)):
            if at in wanted:
                yield {
                    "set": rows.set_name,
                    "at": at,
                    "task": details[0]["task"],
                    "rejected": details[0]["rejected"],
                    "sides": [
                        {"run": run.label, "trials": detail["trials"]}
                        for run, detail in zip(rows.runs, details, strict=True)
                    ],
                }


def _entry(detail: dict[str, Any]) -> Entry:
    task, sides = detail["task"], detail["sides"]
    rights = [sum(trial["kind"] == "right" for trial in side["trials"]) for side in sides]
    shares = [right / len(side["trials"]) for right, side in zip(rights, sides, strict=True)]
    best = tuple(side["run"] for side, share in zip(sides, shares, strict=True) if share == max(shares))
    facets = {
        "set": (detail["set"],),
        "best": best,
        "needs": ("no change" if task["no_change"] else "a change",),
        "language": (task["language"],),
    }
    return Entry(f"{detail['set']}:{detail['at']}", task["path"], " : ".join(map(str, rights)), facets)
