"""A lab's plots: what the paper's Figures 3 to 7 ask of training, and the differences in exact match."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from codeedit.eval.curves import QUANTITIES, Quantity
from codeedit.eval.plots import Line, draw_lines, looks, moving_average, plot
from codeedit.lab.train.figures import curves
from codeedit.lab.train.results import Result, Results

_SHOWN = (
    "validation_exact_match",
    "rollout_exact_match",
    "reward",
    "unchanged",
    "entropy",
    "kl",
    "clip_fraction",
    "gradient",
    "no_spread",
)
_MEASURED_SELDOM = "validation_exact_match"  # the same tasks each time; all else is of one step's few prompts
_REACH = 3  # steps to each side over which a step's quantities are averaged
_UNCHANGED = Quantity("unchanged", "Unchanged rollouts", ("codeedit/rollouts/unchanged",))


def write_plots(results: Results, report: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write the curves of each reward, and the differences; return the files."""
    rewards = list(dict.fromkeys(run.cell.reward for run in results.runs))
    files = [_plot_curves(results, reward, folder) for reward in rewards]
    tests = [(row, test) for row in report["scores"] for test in row["against"]]
    return [*files, _plot_differences(tests, folder)] if tests else files


def _plot_curves(results: Results, reward: str, folder: Path) -> Path:
    known = {quantity.name: quantity for quantity in (*QUANTITIES, _UNCHANGED)}
    shown = [known[name] for name in _SHOWN]
    found = [curves(results, reward, partial(_values, quantity)) for quantity in shown]
    having = [(quantity, lines) for quantity, lines in zip(shown, found, strict=True) if any(lines.values())]
    file = folder / f"curves-{reward.replace('*', 'x')}.png"
    title = f"Reward {reward}; mean over seeds, all but validation as the mean of {2 * _REACH + 1} steps"
    with plot(file, len(having), title=title) as axes:
        for number, (axis, (quantity, lines)) in enumerate(zip(axes, having, strict=True)):
            reach = 0 if quantity.name == _MEASURED_SELDOM else _REACH
            drawn = [_line(arm, points, reach) for arm, points in lines.items()]
            draw_lines(axis, drawn, x="step", y=quantity.label, legend=number == 0)
            if quantity.name == "gradient":
                axis.set_yscale("log")  # mc-grpo's divisor makes it a hundred times the others'
    return file


def _line(arm: str, points: Sequence[tuple[int, float]], reach: int) -> Line:
    return Line(arm, [step for step, _ in points], moving_average([value for _, value in points], reach))


def _values(quantity: Quantity, run: Result) -> list[tuple[int, float]]:
    return [
        (line["step"], line["metrics"][key])
        for line in run.lines
        if (key := next((key for key in quantity.keys if key in line["metrics"]), None))
    ]


def _plot_differences(tests: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]], folder: Path) -> Path:
    """Draw each difference in exact match with its interval over seeds; where there is none, over tasks."""
    file = folder / "differences.png"
    sets = list(dict.fromkeys(row["set"] for row, _ in tests))
    with plot(file, len(sets), title="Difference in exact match, points, with 95% intervals") as axes:
        for axis, name in zip(axes, sets, strict=True):
            own = [(row, test) for row, test in tests if row["set"] == name]
            for place, (_, test) in enumerate(reversed(own)):
                for key, look, width in zip(("ci95_tasks", "ci95_seeds"), looks(2), (4.0, 1.4), strict=True):
                    if test[key]:
                        low, high = (100 * bound for bound in test[key])
                        axis.plot([low, high], [place, place], "-", color=look.color, linewidth=width)
                axis.plot([100 * test["difference"]], [place], "o", color="black", markersize=4)
            names = [
                f"{row['algorithm']} - {test['algorithm']}, {row['reward']}" for row, test in reversed(own)
            ]
            axis.set_yticks(range(len(names)), names, fontsize=7)
            axis.axvline(0, color="#5d6570", linewidth=0.8)
            axis.set_title(f"{name}: thick over tasks, thin over seeds", loc="left")
    return file
