"""Two or more runs side by side: their reports on the same sets, and whether a difference could be noise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from codeedit.errors import InputError
from codeedit.eval.report import Report
from codeedit.eval.statistics import paired_p_value
from codeedit.eval.store import REPORT, read_report
from codeedit.runs import find_run

SIGNIFICANT = 0.05  # p-values below it are called no noise


@dataclass(frozen=True, slots=True)
class Compared:
    """What is known of one run."""

    name: str
    reports: dict[str, Report]  # by set
    metrics: dict[str, float]  # training's last values; empty where the reports belong to no run
    steps: int | None  # of the training
    label: str = ""  # what tables call it
    settings: dict[str, Any] = field(default_factory=dict)  # run.json; empty where there is no run
    lines: list[dict[str, Any]] = field(default_factory=list)  # metrics.jsonl, in order
    pages: dict[str, Path] = field(default_factory=dict)  # by set: where the page of its report has to lie

    @property
    def model(self) -> str:
        """What was trained, or what was evaluated."""
        return str(
            self.settings.get("model")
            or next((r["model"] for r in self.reports.values() if "model" in r), "-")
        )

    @property
    def algorithm(self) -> str:
        """The algorithm's name and its base, as in the paper; a dash where nothing was trained."""
        chosen = self._chosen
        base = chosen.get("base")
        named = chosen.get("name", "-")
        return f"{named} ({base})" if base and base != named else str(named)

    @property
    def variant(self) -> str:
        """The algorithm's other options."""
        known = ("name", "base", "estimator", "policy_loss")
        return ", ".join(f"{key}={value}" for key, value in self._chosen.items() if key not in known)

    @property
    def _chosen(self) -> dict[str, Any]:
        chosen = self.settings.get("algorithm")
        return chosen if isinstance(chosen, dict) else {}


@dataclass(frozen=True, slots=True)
class Difference:
    """One run against the first, on one set."""

    set_name: str
    name: str
    exact_match: float
    interval: tuple[float, float] | None
    delta: float | None  # exact match less the first run's; None where the two cannot be compared
    p_value: float | None
    sentence: str
    change: float | None = None  # exact match on the rows that need a change; None where there are none
    no_change: float | None = None  # ... and on those that need none


def load_all(names: Sequence[str]) -> list[Compared]:
    """Return several runs, with labels that tell them apart; errors as in ``load``, and for doubles."""
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise InputError(f"{twice[0]} is named twice", hint="name each run once")
    runs = [load(name) for name in names]
    labels = Counter(run.label for run in runs)
    return [run if labels[run.label] == 1 else replace(run, label=run.name) for run in runs]


def load(name: str) -> Compared:
    """Return a run's reports and what its training logged.

    Args:
        name: a run's name or folder, or a folder with reports (``eval/<set>/<name>``).

    Raises:
        InputError: neither, or a report that cannot be read.
    """
    folder = Path(name)
    try:
        run = find_run(name)
    except InputError:
        files = _report_files(folder) if folder.is_dir() else [folder] if folder.is_file() else []
        if not files:
            raise
        reports, pages = _by_set(files)
        return Compared(name, reports, {}, None, label=_short(name), pages=pages)
    lines = run.metrics()
    last: dict[str, float] = {}
    for line in lines:
        last.update(line["metrics"])
    reports, pages = _by_set(_report_files(run.path / "eval"))
    steps = max((line["step"] for line in lines), default=0)
    return Compared(run.name, reports, last, steps, run.name, run.settings, lines, pages)


def _report_files(folder: Path) -> list[Path]:
    return sorted(folder.rglob(REPORT))


def _short(name: str) -> str:
    """Return a folder's last part, which names what was evaluated."""
    path = Path(name)
    return (path.parent if path.is_file() else path).resolve().name


def _by_set(files: Sequence[Path]) -> tuple[dict[str, Report], dict[str, Path]]:
    reports: dict[str, Report] = {}
    pages: dict[str, Path] = {}
    for file in files:
        report = read_report(file)
        if report["set"] in reports:
            problem = f"several reports on {report['set']} in one folder"
            raise InputError(problem, where=str(file.parent.parent), hint="name the folder of one of them")
        reports[report["set"]] = report
        pages[report["set"]] = file.with_suffix(".html")
    return reports, pages


def differences(runs: Sequence[Compared]) -> list[Difference]:
    """Return each run on each set against the first run that has it; sets in the order of their names."""
    found = []
    for set_name in sorted({name for run in runs for name in run.reports}):
        having = [run for run in runs if set_name in run.reports]
        first = having[0].reports[set_name]
        for run in having:
            report = run.reports[set_name]
            found.append(_difference(set_name, run.name, report, None if run is having[0] else first))
    return found


def _difference(set_name: str, name: str, report: Report, first: Report | None) -> Difference:
    exact_match, interval = report["exact_match"], report["exact_match_ci95"]
    kinds = report.get("exact_match_change"), report.get("exact_match_no_change")
    if first is None:
        sentence = "the others are compared with it"
        return Difference(set_name, name, exact_match, interval, None, None, sentence, *kinds)
    if report["set_digest"] != first["set_digest"]:
        sentence = "not comparable: other rows"
        return Difference(set_name, name, exact_match, interval, None, None, sentence, *kinds)
    delta = exact_match - first["exact_match"]
    p_value = paired_p_value(report["row_exact_match"], first["row_exact_match"])
    return Difference(set_name, name, exact_match, interval, delta, p_value, verdict(delta, p_value), *kinds)


def verdict(delta: float, p_value: float) -> str:
    """Return in words whether a difference could be noise."""
    if abs(delta) < 1e-12:
        return "no difference"
    chance = f"p = {p_value:.3f}" if p_value >= 0.001 else "p < 0.001"
    if p_value < SIGNIFICANT:
        return f"hardly noise: rows swapped at random differ as much in few cases ({chance})"
    return (
        f"could be noise: rows swapped at random differ as much in {100 * p_value:.0f}% of cases ({chance})"
    )


def as_dict(runs: Sequence[Compared], found: Sequence[Difference]) -> dict[str, Any]:
    """Return what ``codeedit compare --json`` prints."""
    return {
        "runs": [
            {
                "run": run.name,
                "model": run.model,
                "algorithm": run.algorithm,
                "variant": run.variant,
                "steps": run.steps,
                "metrics": run.metrics,
                "sets": sorted(run.reports),
            }
            for run in runs
        ],
        "sets": [
            {
                "set": entry.set_name,
                "run": entry.name,
                "exact_match": entry.exact_match,
                "exact_match_ci95": entry.interval,
                "delta": entry.delta,
                "p_value": entry.p_value,
                "verdict": entry.sentence,
                "exact_match_change": entry.change,
                "exact_match_no_change": entry.no_change,
            }
            for entry in found
        ],
    }
