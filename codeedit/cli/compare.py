"""``codeedit compare``: runs side by side, and whether their differences could be noise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from codeedit.cli.common import Output, common_options
from codeedit.errors import CodeEditError

if TYPE_CHECKING:
    from codeedit.eval.comparison import Compared, Difference

# Of what training logs, the values that tell runs apart at a glance.
_SHOWN = {
    "critic/rewards/mean": "reward",
    "actor/pg_clipfrac": "clip fraction",
    "response_length/mean": "response tokens",
    "actor/entropy": "entropy",
}


@click.command("compare")
@click.argument("runs", nargs=-1, required=True, metavar="RUN...")
@common_options
def command(runs: tuple[str, ...], as_json: bool, debug: bool) -> None:  # noqa: ARG001 - debug: codeedit.cli.app
    """Compare the evaluations of runs: names, run folders, or folders under eval/."""
    from codeedit.eval.comparison import as_dict, differences, load

    output = Output(as_json=as_json)
    compared = [load(name) for name in runs]
    found = differences(compared)
    if not found and not any(run.metrics for run in compared):
        raise CodeEditError("nothing to compare in these runs", hint="run: codeedit eval --set zeta-dpo")
    _show(output, compared, found)
    output.result(as_dict(compared, found))


def _show(output: Output, runs: Sequence[Compared], found: Sequence[Difference]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from codeedit.eval.table import percent, with_interval

    if found:
        table = Table(title="Exact match in %, 95% interval", box=SIMPLE_HEAD)
        for column in ("set", "run"):
            table.add_column(column)
        for column in ("exact match", "difference"):
            table.add_column(column, justify="right", no_wrap=True)
        for entry in found:
            delta = "" if entry.delta is None else f"{100 * entry.delta:+.1f}"
            match = with_interval(entry.exact_match, entry.interval)
            table.add_row(entry.set_name, entry.name, match, delta)
        output.print(table)
        for entry in found:
            if entry.delta is not None or "comparable" in entry.sentence:
                change = "" if entry.delta is None else f" {percent(entry.delta)} points:"
                output.print(f"{entry.set_name}, {entry.name}:{change} {entry.sentence}.")
    trained = [run for run in runs if run.metrics]
    if trained:
        table = Table(title="Last values of training", box=SIMPLE_HEAD)
        table.add_column("run")
        shown = {key: name for key, name in _SHOWN.items() if any(key in run.metrics for run in trained)}
        for name in ("steps", *shown.values()):
            table.add_column(name, justify="right")
        for run in trained:
            values = [f"{run.metrics[key]:.4g}" if key in run.metrics else "-" for key in shown]
            table.add_row(run.name, str(run.steps), *values)
        output.print(table)
