"""Plots as PNG in one style, whose series can be told apart without seeing colours.

The colours are Okabe and Ito's ("Color Universal Design", 2008), less yellow, which white paper swallows.
matplotlib is an optional dependency; what can do without plots asks ``can_plot`` first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeedit.errors import CodeEditError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000")
DASHES = ("-", "--", "-.", ":")
INSTALL_HINT = "install it with: pip install matplotlib"
_DPI = 150
_LONG = 60  # points from which a series is smoothed
_PANEL = (4.6, 3.2)  # inches
_MOST_COLUMNS = 3
_MOST_WITHIN = 5  # names of series within the axes
_MOST_BESIDE = 7  # names of series in a line below all axes
_STYLE: dict[Any, Any] = {
    "axes.formatter.useoffset": False,
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 11,
    "axes.labelsize": 10,
    "axes.edgecolor": "#5d6570",
    "font.size": 10,
    "grid.color": "#e3e6ea",
    "legend.frameon": False,
    "lines.linewidth": 1.6,
}


@dataclass(frozen=True, slots=True)
class Look:
    """How one series is drawn."""

    color: str
    dash: str  # matplotlib's line style


@dataclass(frozen=True, slots=True)
class Line:
    """One series of points."""

    name: str
    x: Sequence[float]
    y: Sequence[float]  # same length as ``x``


def looks(count: int) -> list[Look]:
    """Return how to draw ``count`` series: no two alike up to 28, neighbours differing in colour and dash."""
    return [Look(COLORS[at % len(COLORS)], DASHES[at % len(DASHES)]) for at in range(count)]


def moving_average(values: Sequence[float], reach: int | None = None) -> list[float]:
    """Return the mean around each value, over ``reach`` to each side; at the ends over fewer.

    Args:
        values: what is averaged.
        reach: a thirtieth of all if it is not given.
    """
    import numpy as np

    if reach is None:
        reach = len(values) // 30
    sums = np.concatenate([[0.0], np.cumsum(np.asarray(values, dtype=np.float64))])
    at = np.arange(len(values))
    low = np.maximum(at - reach, 0)
    high = np.minimum(at + reach + 1, len(values))
    means: list[float] = ((sums[high] - sums[low]) / (high - low)).tolist()
    return means


def can_plot() -> bool:
    """Return whether matplotlib is installed."""
    return find_spec("matplotlib") is not None


@contextmanager
def plot(path: Path, panels: int = 1, *, title: str = "") -> Iterator[list[Axes]]:
    """Yield the axes of a new figure, and write it as PNG at the end.

    Args:
        path: of the PNG; its folder is made where it is missing.
        panels: how many axes, side by side in rows of at most three.
        title: over all of them.

    Raises:
        CodeEditError: matplotlib is missing, or the file cannot be written.
    """
    if not can_plot():
        raise CodeEditError("plots need matplotlib", hint=INSTALL_HINT)
    import matplotlib as mpl
    from matplotlib.figure import Figure  # not pyplot: no window system, no global state

    columns = min(panels, _MOST_COLUMNS)
    rows = -(-panels // columns)
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(_PANEL[0] * columns, _PANEL[1] * rows), layout="constrained")
        axes = [figure.add_subplot(rows, columns, at + 1) for at in range(panels)]
        yield axes
        if title:
            figure.suptitle(title)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            figure.savefig(path, dpi=_DPI, metadata={"Software": None})
        except OSError as error:
            raise CodeEditError(f"cannot be written: {error.strerror}", where=str(path)) from error


def draw_lines(
    axes: Axes, lines: Sequence[Line], *, x: str, y: str, legend: bool = True, smooth: bool = False
) -> None:
    """Draw series into axes, each in a look of its own.

    Args:
        axes: of ``plot``.
        lines: what to draw; a series of one point is drawn as that point.
        x: label of the horizontal axis, with unit.
        y: the axes' title, with unit.
        legend: whether to name the series: in the axes, or below all axes where they are many.
        smooth: draw a long series as its moving average over a faint line.
    """
    for line, look in zip(lines, looks(len(lines)), strict=True):
        values = line.y
        if smooth and len(values) >= _LONG:
            axes.plot(line.x, values, color=look.color, alpha=0.25, linewidth=0.7)
            values = moving_average(values)
        marker: dict[str, Any] = {"marker": "o", "markersize": 4} if len(values) == 1 else {}
        axes.plot(line.x, values, look.dash, color=look.color, label=line.name, **marker)
    axes.set_title(y, loc="left")
    axes.set_xlabel(x)
    if legend and len(lines) > _MOST_WITHIN:
        axes.figure.legend(loc="outside lower center", ncols=_MOST_BESIDE)
    elif legend and len(lines) > 1:
        axes.legend()
