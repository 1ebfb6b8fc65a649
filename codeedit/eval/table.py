"""What ``codeedit eval`` and ``codeedit compare`` show on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table

_MOST_LANGUAGES = 8
_LINE_SHARES = {"precision": "precision", "recall": "recall", "f1": "F1"}


def percent(share: float | None) -> str:
    """Return a share as percent; a dash where there is none."""
    return "-" if share is None else f"{100 * share:.1f}"


def with_interval(share: float | None, interval: Sequence[float] | None) -> str:
    """Return a share and its interval as percent."""
    if share is None or interval is None:
        return percent(share)
    return f"{percent(share)} [{percent(interval[0])}, {percent(interval[1])}]"


def report_table(report: Mapping[str, Any]) -> Table:
    """Return all rows, then by need of a change, size and language, for the model and the baselines."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    trials = f"mean of {report['trials']} trials, " if report["trials"] > 1 else ""
    title = f"{report['model']} on {report['set']}: exact match in %, {trials}95% interval"
    table = Table(title=title, box=SIMPLE_HEAD)
    table.add_column("rows", no_wrap=True)
    table.add_column("n", justify="right")
    for column in ("model", "copy", "repeat", "similar", "ΔchrF"):
        table.add_column(column, justify="right", no_wrap=True)
    baselines = {name: report[f"{name}_baseline"] for name in ("copy", "repeat")}
    groups = {"all": {"model": report, **baselines}, **report["groups"]}
    names = {"all": "all", "change": "need a change", "no_change": "need none"}
    for name, group in groups.items():
        model = group["model"]
        beside = {f"{other}_exact_match": group[other]["exact_match"] for other in baselines}
        table.add_row(*_cells(names[name], {**model, **beside}))
    table.add_section()
    for name, group in report["by_size"].items():
        if name != "no change":
            table.add_row(*_cells(name, group))
    table.add_section()
    for name, group in _languages(report["by_language"]):
        table.add_row(*_cells(name, group))
    return table


def _cells(name: str, group: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        name,
        str(group["rows"]),
        with_interval(group["exact_match"], group["exact_match_ci95"]),
        percent(group["copy_exact_match"]),
        percent(group["repeat_exact_match"]),
        percent(group["edit_similarity"]),
        percent(group["delta_chrf"]),
    )


def _languages(groups: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return list(groups.items())[:_MOST_LANGUAGES]


def report_lines(report: Mapping[str, Any]) -> list[str]:
    """Return what the table does not say, a sentence a line."""
    lines = []
    hidden = len(report["by_language"]) - _MOST_LANGUAGES
    if hidden > 0:
        lines.append(f"{hidden} more languages are in the report.")
    shares = {
        "answered no change": report["answered_no_change"],
        "unparsable": report["unparsable"],
        "cut off at the response limit": report["truncated"],
        "prompt too long": report["prompt_too_long"],
        "not answered": report["unanswered"],
    }
    lines.append(
        f"Answers: {', '.join(f'{percent(share)}% {name}' for name, share in shares.items() if share)}."
    )
    lines.append(f"Strict exact match, white space included: {percent(report['exact_match_strict'])}%.")
    lines += _edit_lines(report)
    if len(report["per_trial"]) > 1:
        lines.append(f"By trial: {', '.join(map(percent, report['per_trial']))}%.")
    if seeds := report.get("seeds"):
        lines.append(f"Seeds: {', '.join(map(str, seeds))}, temperature {report['temperature']:g}.")
    if paper := report.get("paper"):
        found = ", ".join(f"{name} {100 * share:.2f}" for name, share in paper["exact_match"].items())
        lines.append(f"The paper's {paper['model']}, in % on {paper['rows']}: {found}.")
    lines.extend(f"Note: {note}." for note in report["notes"])
    return [line for line in lines if line != "Answers: ."]


def _edit_lines(report: Mapping[str, Any]) -> list[str]:
    """Return what the answers do to lines and to the user's last edit, and how many are rejected ones."""
    counts = report["lines"]
    shares = ", ".join(f"{name} {percent(counts[key])}%" for key, name in _LINE_SHARES.items())
    found = [f"Changed lines: {shares}."]
    if report["reversal_ratio"] is not None:
        found.append(
            f"Of the user's last edit undone: {percent(report['reversal_ratio'])}% "
            f"(by the true edits: {percent(report['reversal_ratio_truth'])}%)."
        )
    if report["rejected_match"] is not None:
        found.append(f"Equal to the set's rejected answer: {percent(report['rejected_match'])}%.")
    return found
