"""What a simulation leaves for people: tables in Markdown, and plots."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from codeedit.lab.contestants import BASELINE, CONTESTANTS
from codeedit.runs import write_json

REPORT = "report.json"
PAGE = "report.md"
_SHOWN = {
    "cosine": "cosine of one batch",
    "direction": "direction of the mean",
    "variance": "variance",
    "flips": "sign flips",
    "area": "exact match, mean of all steps",
    "final": "exact match, last step",
}


def write_report(report: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write report.json, report.md and, where matplotlib is installed, the plots; return the files.

    Args:
        report: ``simulate.as_dict``.
        folder: made where it is missing.
    """
    from codeedit.eval.plots import can_plot

    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / REPORT, report)
    (folder / PAGE).write_text(as_markdown(report), encoding="utf-8")
    plots = [_plot_learning(report, folder), _plot_noise(report, folder)] if can_plot() else []
    return [folder / REPORT, folder / PAGE, *plots]


def as_markdown(report: Mapping[str, Any]) -> str:
    """Return the tables: one for each reward shape, noise and group size."""
    plan = report["plan"]
    parts = [
        "# Simulation",
        (
            f"{plan['seeds']} seeds of {plan['prompts']} prompts. Differences to {report['baseline']} are "
            "paired by seed, with 95% intervals; bold: real at a false discovery rate of 5% over this page."
        ),
        *(
            f"- {'passed' if one['passed'] else 'FAILED'}: {one['name']} ({one['detail']})"
            for one in report["checks"]
        ),
    ]
    parts += ["## Whole shapes: exact match over all steps", _shapes_table(report["shapes"])]
    parts += [
        f"{name}: {'better' if passed else 'not better'} than grpo and gapo by the rule for candidates"
        for name, passed in report["candidates"].items()
    ]
    for cell, rows in cells(report):
        shape, noise, size = cell
        parts += [f"## {shape}, {100 * noise:.0f}% outliers, G = {size}", _table(rows)]
    return "\n\n".join(parts) + "\n"


def cells(report: Mapping[str, Any]) -> list[tuple[tuple[str, float, int], list[dict[str, Any]]]]:
    """Return the rows of each cell, in the order of the simulation."""
    found: dict[tuple[str, float, int], list[dict[str, Any]]] = {}
    for row in report["rows"]:
        found.setdefault((row["shape"], row["noise"], row["group_size"]), []).append(row)
    return list(found.items())


def _shapes_table(pooled: Sequence[Mapping[str, Any]]) -> str:
    shapes = list(dict.fromkeys(row["shape"] for row in pooled))
    cell = {(row["contestant"], row["against"], row["shape"]): row for row in pooled}
    pairs = dict.fromkeys((row["contestant"], row["against"]) for row in pooled)
    lines = [f"| algorithm | against | {' | '.join(shapes)} |", "| --- | --- |" + " ---: |" * len(shapes)]
    lines += [
        f"| {name} | {against} | "
        + " | ".join(_difference(cell.get((name, against, shape))) for shape in shapes)
        + " |"
        for name, against in pairs
    ]
    return "\n".join(lines)


def _difference(value: Mapping[str, Any] | None) -> str:
    if value is None or "mean" not in value:
        return "-"
    text = f"{value['mean']:+.3f} [{value['ci95'][0]:+.3f}, {value['ci95'][1]:+.3f}]"
    return f"**{text}**" if value["differs"] else text


def _table(rows: Iterable[Mapping[str, Any]]) -> str:
    lines = [f"| algorithm | {' | '.join(_SHOWN.values())} |", "| --- |" + " ---: |" * len(_SHOWN)]
    lines += [
        f"| {row['contestant']} | " + " | ".join(_value(row, name) for name in _SHOWN) + " |" for row in rows
    ]
    return "\n".join(lines)


def _value(row: Mapping[str, Any], measure: str) -> str:
    value, difference = row[measure], row["difference"].get(measure)
    if value is None:
        return "-"
    return f"{value['mean']:.3f}" if difference is None else _difference(difference)


def verdicts(report: Mapping[str, Any], measure: str = "area") -> list[tuple[str, int, int, int]]:
    """Return each contestant, and in how many cells it is better, worse, and not told apart."""
    counts: dict[str, list[int]] = {}
    for row in report["rows"]:
        difference = row["difference"].get(measure)
        if row["contestant"] == BASELINE:
            continue
        count = counts.setdefault(row["contestant"], [0, 0, 0])
        differs = difference is not None and difference["differs"]
        count[2 if not differs else 0 if difference["mean"] > 0 else 1] += 1
    return [(name, *count) for name, count in counts.items()]  # type: ignore[misc]


def about(contestant: str) -> str:
    """Return what a contestant is, in words."""
    return CONTESTANTS[contestant].about


def _plot_learning(report: Mapping[str, Any], folder: Path) -> Path:
    """Draw exact match by step, one panel for each shape, without noise."""
    from codeedit.eval.plots import Line, draw_lines, plot

    file = folder / "learning.png"
    size = _main_size(report)
    chosen = [
        (cell, rows)
        for cell, rows in cells(report)
        if cell[1] == report["plan"]["noises"][0] and cell[2] == size
    ]
    with plot(file, len(chosen), title=f"Exact match by step, no outliers, G = {size}") as axes:
        for number, (axis, (cell, rows)) in enumerate(zip(axes, chosen, strict=True)):
            lines = [Line(row["contestant"], range(len(row["curve"])), row["curve"]) for row in rows]
            draw_lines(axis, lines, x="step", y=cell[0], legend=number == 0)
    return file


def _plot_noise(report: Mapping[str, Any], folder: Path) -> Path:
    """Draw the difference to the baseline by the share of outliers, one panel for each shape."""
    from codeedit.eval.plots import Line, draw_lines, plot

    file, size = folder / "noise.png", _main_size(report)
    shapes = report["plan"]["shapes"]
    with plot(
        file, len(shapes), title=f"Exact match over all steps, difference to {BASELINE}, G = {size}"
    ) as axes:
        for number, (axis, shape) in enumerate(zip(axes, shapes, strict=True)):
            rows = [row for row in report["rows"] if row["shape"] == shape and row["group_size"] == size]
            draw_lines(axis, _by_noise(rows, Line), x="share of outliers", y=shape, legend=number == 0)
    return file


def _by_noise(rows: Sequence[Mapping[str, Any]], line: Any) -> list[Any]:  # noqa: ANN401 - a plot's line
    series: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        difference = row["difference"].get("area")
        if difference:
            series.setdefault(row["contestant"], []).append((row["noise"], difference["mean"]))
    return [line(name, *zip(*sorted(points), strict=True)) for name, points in series.items()]


def _main_size(report: Mapping[str, Any]) -> int:
    sizes = report["plan"]["group_sizes"]
    return int(sizes[len(sizes) // 2])
