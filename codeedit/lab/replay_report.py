"""What a replay leaves for people: a table, and Figures 1 and 8 of the paper for the run's own groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from codeedit.distribution import Shape
from codeedit.lab.replay import SKEWED, Group
from codeedit.runs import write_json

_BINS = np.linspace(0, 1, 21)


def write_report(report: Mapping[str, Any], groups: Sequence[Group], folder: Path) -> list[Path]:
    """Write report.json and, where matplotlib is installed, the plots; return the files."""
    from codeedit.eval.plots import can_plot

    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "report.json", report)
    plots = [_plot_rewards(groups, folder), _plot_skewness(report, folder)] if can_plot() else []
    return [folder / "report.json", *plots]


def _plot_rewards(groups: Sequence[Group], folder: Path) -> Path:
    """Figure 1: how the rewards of each class of groups lie."""
    from codeedit.eval.plots import COLORS, plot

    file = folder / "rewards.png"
    by_class = {
        kind: [reward for group in groups if group.shape == kind for reward in group.rewards]
        for kind in Shape
    }
    with plot(file, len(by_class), title="Rewards by class of group") as axes:
        for axis, color, (kind, rewards) in zip(axes, COLORS, by_class.items(), strict=False):
            axis.hist(np.clip(rewards, 0, 1), bins=list(_BINS), color=color)
            axis.set_title(f"{kind.value}, {len(rewards):,} rollouts", loc="left")
            axis.set_xlabel("reward")
    return file


def _plot_skewness(report: Mapping[str, Any], folder: Path) -> Path:
    """Figure 8: how the skewness of groups lies, and how many are of each class."""
    from codeedit.eval.plots import COLORS, plot

    file = folder / "skewness.png"
    with plot(file, 2, title=f"{report['groups']:,} groups") as (left, right):
        left.hist(report["skewness"], bins=30, color=COLORS[0])
        left.set_title("groups", loc="left")
        left.set_xlabel("skewness")
        names = list(report["classes"])
        right.bar(names, [report["classes"][name] for name in names], color=COLORS[: len(names)])
        right.set_title("groups by class", loc="left")
        right.tick_params(axis="x", labelrotation=20)
    return file


def share(value: Mapping[str, Any] | None, *, signed: bool = False) -> str:
    """Return a share in percent with its interval, and ``-`` where there is none."""
    if value is None:
        return "-"
    sign = "+" if signed else ""
    low, high = value["ci95"]
    return f"{100 * value['mean']:{sign}.1f} [{100 * low:{sign}.1f}, {100 * high:{sign}.1f}]"


def claim(report: Mapping[str, Any], algorithm: str = "gapo") -> str:
    """Return in a sentence what these groups say of the paper's appendix A.2."""
    found = report["negative"][algorithm]["left_less_right"]
    if found is None:
        return "too few skewed groups to test whether left-skewed ones have more negative advantages"
    low, high = found["ci95"]
    said = f"{share(found, signed=True)} points"
    if low > 0:
        return (
            f"left-skewed groups have more negative advantages under {algorithm}, as the paper says: {said}"
        )
    if high < 0:
        return (
            f"left-skewed groups have fewer negative advantages under {algorithm}, unlike the paper: {said}"
        )
    return (
        f"left- and right-skewed groups are not told apart by negative advantages under {algorithm}: {said}"
    )


def classes(report: Mapping[str, Any]) -> str:
    """Return the classes with their counts, in a line."""
    total = report["groups"]
    return ", ".join(
        f"{name} {count:,} ({100 * count / total:.0f}%)" for name, count in report["classes"].items()
    )


COLUMNS = tuple(kind.value for kind in SKEWED)
