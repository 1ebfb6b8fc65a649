"""What ``codeedit compare`` shows on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from codeedit.eval.comparison import Compared, Difference
from codeedit.eval.table import percent, with_interval

if TYPE_CHECKING:
    from rich.table import Table

# Of what training logs, the values that tell runs apart at a glance.
_TRAINING = {
    "critic/rewards/mean": "reward",
    "actor/pg_clipfrac": "clip fraction",
    "response_length/mean": "response tokens",
    "actor/entropy": "entropy",
}


def compare_table(runs: Sequence[Compared], found: Sequence[Difference]) -> Table:
    """Return runs by sets, in the way of the paper's Tables 2, 4 and 5."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(title="Exact match in %, 95% interval, difference to the first", box=SIMPLE_HEAD)
    sets = sorted({entry.set_name for entry in found})
    table.add_column("run", overflow="fold")
    for name in sets:
        table.add_column(name, justify="right", no_wrap=True)
        table.add_column("diff.", justify="right", no_wrap=True)
    cells = {(entry.name, entry.set_name): entry for entry in found}
    for run in runs:
        row = [run.label]
        for name in sets:
            entry = cells.get((run.name, name))
            row.append(with_interval(entry.exact_match, entry.interval) if entry else "-")
            row.append("" if entry is None or entry.delta is None else f"{100 * entry.delta:+.1f}")
        table.add_row(*row)
    return table


def kinds_table(runs: Sequence[Compared], found: Sequence[Difference]) -> Table:
    """Return exact match on the rows that need a change and on those that need none.

    The whole rises too where a run only learned to leave more as it is; this tells the two apart.
    """
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(title="Exact match in % by what a row needs", box=SIMPLE_HEAD)
    for name in ("set", "run"):
        table.add_column(name, overflow="fold")
    for name in ("a change", "no change"):
        table.add_column(name, justify="right", no_wrap=True)
    labels = {run.name: run.label for run in runs}
    for entry in found:
        table.add_row(entry.set_name, labels[entry.name], percent(entry.change), percent(entry.no_change))
    return table


def runs_table(runs: Sequence[Compared]) -> Table:
    """Return what was trained, and how."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(title="Runs", box=SIMPLE_HEAD)
    for name in ("run", "model", "algorithm", "variant"):
        table.add_column(name, overflow="fold")
    for run in runs:
        table.add_row(run.label, run.model, run.algorithm, run.variant or "-")
    return table


def training_table(runs: Sequence[Compared]) -> Table:
    """Return the last values that training logged."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(title="Last values of training", box=SIMPLE_HEAD)
    table.add_column("run")
    shown = {key: name for key, name in _TRAINING.items() if any(key in run.metrics for run in runs)}
    for name in ("steps", *shown.values()):
        table.add_column(name, justify="right")
    for run in runs:
        values = [f"{run.metrics[key]:.4g}" if key in run.metrics else "-" for key in shown]
        table.add_row(run.label, str(run.steps), *values)
    return table
