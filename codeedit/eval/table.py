"""What ``codeedit eval`` and ``codeedit compare`` show on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table

_MOST_LANGUAGES = 8


def percent(share: float | None) -> str:
    """Return a share as percent; a dash where there is none."""
    return "-" if share is None else f"{100 * share:.1f}"


def with_interval(share: float | None, interval: Sequence[float] | None) -> str:
    """Return a share and its interval as percent."""
    if share is None or interval is None:
        return percent(share)
    return f"{percent(share)} [{percent(interval[0])}, {percent(interval[1])}]"


def report_table(report: Mapping[str, Any]) -> Table:
    """Return all rows, rows that need a change and rows that need none, for the model and for copying."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    trials = f"mean of {report['trials']} trials, " if report["trials"] > 1 else ""
    title = f"{report['model']} on {report['set']}: exact match in %, {trials}95% interval"
    table = Table(title=title, box=SIMPLE_HEAD)
    table.add_column("rows")
    table.add_column("n", justify="right")
    for column in ("model", "copy", "similarity", "Delta-chrF"):
        table.add_column(column, justify="right", no_wrap=True)
    everything = {
        "model": {**report, "rows": report["rows"]},
        "copy": report["copy_baseline"],
    }
    groups = {"all": everything, **report["groups"]}
    names = {"all": "all", "change": "need a change", "no_change": "need none"}
    for name, group in groups.items():
        model, copied = group["model"], group["copy"]
        table.add_row(
            names[name],
            str(model["rows"]),
            with_interval(model["exact_match"], model["exact_match_ci95"]),
            percent(copied["exact_match"]),
            percent(model["edit_similarity"]),
            percent(model["delta_chrf"]),
        )
    table.add_section()
    for name, group in _languages(report["by_language"]):
        table.add_row(
            name,
            str(group["rows"]),
            with_interval(group["exact_match"], group["exact_match_ci95"]),
            percent(group["copy_exact_match"]),
            percent(group["edit_similarity"]),
            percent(group["delta_chrf"]),
        )
    return table


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
    if len(report["per_trial"]) > 1:
        lines.append(f"By trial: {', '.join(map(percent, report['per_trial']))}%.")
    if seeds := report.get("seeds"):
        lines.append(f"Seeds: {', '.join(map(str, seeds))}, temperature {report['temperature']:g}.")
    lines.extend(f"Note: {note}." for note in report["notes"])
    return [line for line in lines if line != "Answers: ."]
