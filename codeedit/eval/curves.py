"""How runs went: what training logged, as curves over steps and over hours.

They answer what the paper's Figures 3 to 7 ask: does exact match rise and how fast, is the policy clipped,
does it drift or collapse, and what does a step cost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeedit.eval.plots import Line, draw_lines, plot

Lines = Sequence[Mapping[str, Any]]  # of metrics.jsonl, in order: step, time, metrics

_OWN = "codeedit/"  # prefix of the metrics that codeedit itself adds
_STEP_SECONDS = "timing_s/step"  # without validation


@dataclass(frozen=True, slots=True)
class Quantity:
    """One thing that is plotted."""

    name: str
    label: str  # with its unit
    keys: tuple[str, ...]  # of metrics; the first that a run has


QUANTITIES = (
    Quantity("validation_exact_match", "Exact match in validation", (f"{_OWN}val/exact_match",)),
    Quantity("validation_reward", "Reward in validation", (f"{_OWN}val/reward",)),
    Quantity("rollout_exact_match", "Exact match of rollouts", (f"{_OWN}rollouts/exact_match",)),
    Quantity("reward", "Reward of rollouts", ("critic/score/mean", "critic/rewards/mean")),
    Quantity("loss", "Loss of training", ("train/loss",)),
    Quantity("validation_loss", "Loss in validation", ("val/loss",)),
    Quantity(
        "no_spread", "Groups of equal rewards", (f"{_OWN}groups/no_spread", f"{_OWN}rollouts/no_spread")
    ),
    Quantity("two_peaks", "Groups with two peaks", (f"{_OWN}groups/two_peaks",)),
    Quantity("clip_fraction", "Clip fraction", ("actor/pg_clipfrac",)),
    Quantity("kl", "KL from the initial model", ("actor/kl_loss",)),
    Quantity("update_kl", "KL of an update", ("actor/ppo_kl",)),
    Quantity("entropy", "Entropy, nats", ("actor/entropy",)),
    Quantity("gradient", "Gradient norm", ("actor/grad_norm",)),
    Quantity("length", "Response length, tokens", ("response_length/mean",)),
    Quantity("throughput", "Throughput, tokens/s per device", ("perf/throughput",)),
    Quantity("step_time", "Time of a step, s", ("perf/time_per_step", _STEP_SECONDS)),
)


@dataclass(frozen=True, slots=True)
class Curve:
    """One quantity of one run."""

    run: int  # its number among the runs
    steps: list[int]
    hours: list[float]  # of training up to there, validation and pauses not counted
    values: list[float]


@dataclass(frozen=True, slots=True)
class Panel:
    """One quantity of all runs that logged it."""

    name: str
    label: str
    curves: list[Curve]


def panels(runs: Sequence[Lines]) -> list[Panel]:
    """Return what the runs logged: the quantities above, then all others that codeedit itself adds."""
    hours = [training_hours(lines) for lines in runs]
    found = []
    for quantity in (*QUANTITIES, *_others(runs)):
        curves = [
            curve
            for number, lines in enumerate(runs)
            if (curve := _curve(quantity, number, lines, hours[number]))
        ]
        if curves:
            found.append(Panel(quantity.name, quantity.label, curves))
    return found


def _others(runs: Sequence[Lines]) -> list[Quantity]:
    known = {key for quantity in QUANTITIES for key in quantity.keys}
    keys = {key for lines in runs for line in lines for key in line["metrics"] if key.startswith(_OWN)}
    return [Quantity(key, _label(key), (key,)) for key in sorted(keys - known)]


def _label(key: str) -> str:
    """Return "Groups: negative advantages" for "codeedit/groups/negative_advantages"."""
    *place, name = key.removeprefix(_OWN).split("/")
    return ": ".join([" ".join(place).capitalize(), name.replace("_", " ")] if place else [name])


def training_hours(lines: Lines) -> list[float]:
    """Return the hours of training at each line: the sum of its steps' times.

    Where steps are not timed it is the time since the first line, pauses included.
    """
    if not any(_STEP_SECONDS in line["metrics"] for line in lines):
        return [(line["time"] - lines[0]["time"]) / 3600 for line in lines]
    hours, total = [], 0.0
    for line in lines:
        total += line["metrics"].get(_STEP_SECONDS, 0.0) / 3600
        hours.append(total)
    return hours


def _curve(quantity: Quantity, run: int, lines: Lines, hours: Sequence[float]) -> Curve | None:
    points = [
        (line["step"], hour, line["metrics"][key])
        for line, hour in zip(lines, hours, strict=True)
        if (key := next((key for key in quantity.keys if key in line["metrics"]), None))
    ]
    if not points:
        return None
    steps, at, values = zip(*points, strict=True)
    return Curve(run, list(steps), list(at), list(values))


def write_plots(folder: Path, names: Sequence[str], found: Sequence[Panel]) -> list[Path]:
    """Write all panels as PNG, once over steps and once over hours; return the files.

    Args:
        folder: where to.
        names: of the runs.
        found: the panels.

    Raises:
        CodeEditError: matplotlib is missing, or a file cannot be written.
    """
    files = []
    for axis, label in (("steps", "step"), ("hours", "hours of training")):
        path = folder / f"curves-by-{axis.removesuffix('s')}.png"
        with plot(path, len(found)) as axes:
            for at, (panel, own) in enumerate(zip(found, axes, strict=True)):
                lines = _lines(panel, names, axis)
                draw_lines(own, lines, x=label, y=panel.label, legend=at == 0, smooth=True)
        files.append(path)
    return files


def _lines(panel: Panel, names: Sequence[str], axis: str) -> list[Line]:
    """Return a line for each run, empty where it has none: looks stay the same in all panels."""
    lines = [Line(name, [], []) for name in names]
    for curve in panel.curves:
        lines[curve.run] = Line(names[curve.run], getattr(curve, axis), curve.values)
    return lines
