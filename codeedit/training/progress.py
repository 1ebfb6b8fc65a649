"""How a run looks while it trains: a live view on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

from codeedit.training.groups import GROUPS, OWN, ROLLOUTS
from codeedit.training.keeper import StepReport

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

# Column, the metric it shows, and its format.
COLUMNS = (
    ("reward", "critic/score/mean", "{:.3f}"),
    ("exact match", f"{ROLLOUTS}exact_match", "{:.3f}"),
    ("unchanged", f"{ROLLOUTS}unchanged", "{:.2f}"),
    ("length", "response_length/mean", "{:.0f}"),
    ("clipped", "actor/pg_clipfrac", "{:.4f}"),
    ("KL", "actor/kl_loss", "{:.4f}"),
    ("entropy", "actor/entropy", "{:.3f}"),
    ("no spread", f"{GROUPS}no_spread", "{:.2f}"),
    ("loss", "train/loss", "{:.4f}"),
    ("gradient", "train/grad_norm", "{:.2f}"),
    ("tokens/s", "perf/throughput", "{:.0f}"),
    ("s/step", "timing_s/step", "{:.1f}"),
)
_SHOWN_STEPS = 12
_SHOWN_VALIDATIONS = 4  # below the table, which fits 80 columns without them
_SHOWN_ALARMS = 4
_RECENT = 5  # steps whose duration tells the time left


@dataclass(slots=True)
class Pace:
    """How long the rest will take."""

    total: int
    step: int = 0
    seconds: list[float] = field(default_factory=list)

    def add(self, report: StepReport) -> None:
        """Count a step."""
        self.step = report.step
        took = report.metrics.get("timing_s/step", 0.0) + report.metrics.get("timing_s/testing", 0.0)
        if report.step > 0 and took:
            self.seconds.append(took)

    @property
    def left(self) -> float | None:
        """Seconds to the last step, by the latest ones; None before the first."""
        if not self.seconds:
            return None
        return (self.total - self.step) * median(self.seconds[-_RECENT:])


def clock(seconds: float | None) -> str:
    """Return a time as 1:02:03 or 2:03."""
    if seconds is None:
        return "?"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def plain_line(report: StepReport, pace: Pace) -> str:
    """Return a step as one line."""
    parts = [f"step {report.step}/{pace.total}"]
    for name, metric, form in COLUMNS:
        if metric in report.metrics:
            parts.append(f"{name} {form.format(report.metrics[metric])}")
    validation = _validation(report)
    if validation:
        parts.append(validation)
    if report.step:
        parts.append(f"left {clock(pace.left)}")
    return "  ".join(parts)


def _validation(report: StepReport) -> str:
    exact = report.metrics.get(f"{OWN}val/exact_match")
    if "val/loss" in report.metrics:
        return f"validation: loss {report.metrics['val/loss']:.4f}"
    if exact is None:
        return ""
    changed = report.metrics.get(f"{OWN}val/exact_match_change")
    of_changes = "" if changed is None else f" ({changed:.3f} where a change is needed)"
    reward = report.metrics.get(f"{OWN}val/reward", 0.0)
    return f"validation: exact match {exact:.3f}{of_changes}, reward {reward:.3f}"


def show(reports: Iterable[StepReport | None], console: Console, total: int, done: int) -> list[StepReport]:
    """Show reports as they come, and return them.

    Args:
        reports: each step's; None whenever nothing is new.
        console: where to show.
        total: steps of the whole run.
        done: steps before this start.
    """
    pace = Pace(total, done)
    seen: list[StepReport] = []
    with _display(console, pace, seen) as refresh:
        for report in reports:
            if report is not None:
                pace.add(report)
                seen.append(report)
            refresh(report)
    return seen


@contextmanager
def _display(
    console: Console, pace: Pace, seen: list[StepReport]
) -> Iterator[Callable[[StepReport | None], None]]:
    if not console.is_terminal:

        def print_line(report: StepReport | None) -> None:
            if report is not None:
                for line in (plain_line(report, pace), *(f"alarm: {alarm}" for alarm in report.alarms)):
                    console.print(line, markup=False, soft_wrap=True)

        yield print_line
        return
    from rich.live import Live

    began = time.monotonic()
    with Live(console=console, auto_refresh=False) as live:

        def update(_: StepReport | None) -> None:
            live.update(_table(pace, seen, time.monotonic() - began), refresh=True)

        yield update


def _table(pace: Pace, seen: list[StepReport], elapsed: float) -> RenderableType:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    state = f"step {pace.step}/{pace.total}" if seen else "starting verl and Ray"
    reports = _merged(seen)
    columns = [column for column in COLUMNS if any(column[1] in report.metrics for report in reports)]
    title = f"{state}   elapsed {clock(elapsed)}   left {clock(pace.left)}"
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    for name in ("step", *(name for name, _, _ in columns)):
        table.add_column(name.replace(" ", "\n"), justify="right", vertical="bottom", no_wrap=True)
    for report in reports[-_SHOWN_STEPS:]:
        cells = [
            form.format(report.metrics[metric]) if metric in report.metrics else ""
            for _, metric, form in columns
        ]
        if any(cells):
            table.add_row(str(report.step), *cells)
    validations = [f"step {report.step}  {text}" for report in reports if (text := _validation(report))]
    alarms = [alarm for report in seen for alarm in report.alarms]
    return Group(
        Text(title, style="italic"),
        table,
        *(Text(text) for text in validations[-_SHOWN_VALIDATIONS:]),
        *(Text(f"alarm: {alarm}", style="bold red") for alarm in alarms[-_SHOWN_ALARMS:]),
    )


def _merged(seen: list[StepReport]) -> list[StepReport]:
    """Return one report a step: verl's SFT trainer reports a step's validation by itself."""
    steps: dict[int, StepReport] = {}
    for report in seen:
        before = steps.get(report.step)
        metrics = {**before.metrics, **report.metrics} if before else report.metrics
        steps[report.step] = StepReport(report.step, metrics)
    return list(steps.values())
