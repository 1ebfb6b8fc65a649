"""How a model's rewards lie, as one picture: the shapes of the groups, what they look like, their spread."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from codeedit.distribution import Shape
from codeedit.eval.plots import looks, plot
from codeedit.eval.selection import TaskRewards

_BINS = 20


def draw_selection(found: Sequence[TaskRewards], path: Path) -> None:
    """Write a PNG of three panels: how many tasks have which shape; the rewards in each; the spreads.

    Raises:
        CodeEditError: matplotlib is missing, or the file cannot be written.
    """
    low = min(0.0, *(min(task.rewards) for task in found))
    high = max(1.0, *(max(task.rewards) for task in found))
    edges = [low + (high - low) * at / _BINS for at in range(_BINS + 1)]
    groups = {shape: [task for task in found if task.shape == shape.value] for shape in Shape}
    colors = {shape: look.color for shape, look in zip(Shape, looks(len(Shape)), strict=True)}
    samples = found[0].samples
    with plot(path, 3, title=f"Rewards of {samples} answers to each of {len(found):,} tasks") as axes:
        shares, rewards, spreads = axes
        for panel in axes:
            panel.set_axisbelow(True)
        bars = shares.bar(
            [shape.value for shape in Shape],
            [100 * len(groups[shape]) / len(found) for shape in Shape],
            color=[colors[shape] for shape in Shape],
        )
        shares.bar_label(bars, fmt="%.0f")
        shares.set_title("tasks by shape, %", loc="left")
        shares.tick_params(axis="x", labelrotation=15)
        shown = [shape for shape in Shape if groups[shape]]
        rewards.hist(
            [[reward for task in groups[shape] for reward in task.rewards] for shape in shown],
            bins=edges,
            stacked=True,
            color=[colors[shape] for shape in shown],
            label=[shape.value for shape in shown],
        )
        rewards.set_title("answers", loc="left")
        rewards.set_xlabel("reward")
        rewards.legend()
        chosen = [[task.spread for task in found if task.selected is wanted] for wanted in (True, False)]
        spreads.hist(chosen, bins=_BINS, stacked=True, label=["selected", "not selected"], color=_TWO)
        spreads.set_title("tasks", loc="left")
        spreads.set_xlabel("spread: best less worst reward")
        spreads.legend()


_TWO = ["#0072b2", "#b7bec8"]
