"""``codeedit lab train``: real runs of a very small model by all algorithms, resumable, with a report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codeedit.cli.common import Output, common_options
from codeedit.errors import CodeEditError, InputError

if TYPE_CHECKING:
    from codeedit.lab.train.driver import Watcher
    from codeedit.lab.train.grid import Cell
    from codeedit.lab.train.lab_folder import Lab
    from codeedit.training.starts import Start

_DEFAULT_SEEDS = 3
_NAMES = ("steps", "target", "model", "trials")


@click.command("train")
@click.option("--algo", "algos", multiple=True, metavar="NAME", help="Only this algorithm; may be repeated.")
@click.option(
    "--reward", "rewards", multiple=True, metavar="TERMS", help="Only this reward; may be repeated."
)
@click.option(
    "--seeds", type=click.IntRange(min=1), default=_DEFAULT_SEEDS, show_default=True, help="Of each."
)
@click.option("--steps", type=click.IntRange(min=1), help="Of each run; default: 50.")
@click.option(
    "--target",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="Exact match at which the warm start ends; default: 0.78.",
)
@click.option("--trials", type=click.IntRange(min=1), help="Answers to each task of the report; default: 5.")
@click.option("--model", help="A very small model; default: tiny.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("lab/train"), show_default=True)
@click.option(
    "--report", "only_report", is_flag=True, help="Write the report of what is there; train nothing."
)
@click.option("--dry-run", is_flag=True, help="List the runs, and which of them are done.")
@common_options
def train_command(
    algos: tuple[str, ...],
    rewards: tuple[str, ...],
    seeds: int,
    out: Path,
    only_report: bool,
    dry_run: bool,
    as_json: bool,
    debug: bool,  # noqa: ARG001 - read by codeedit.cli.app
    **given: Any,  # noqa: ANN401 - the settings of a lab
) -> None:
    """Real runs on made-up tasks, one folder each: stop at any time, and go on with the same command.

    In several terminals the same command shares the runs out.

    \b
    Examples:
      codeedit lab train --algo grpo --algo gapo --reward exact --seeds 2
      codeedit lab train --report
    """
    from codeedit.lab.train.lab_folder import open_lab

    output = Output(as_json=as_json)
    chosen = _chosen(algos, rewards, seeds)
    settings = {name: given[name] for name in _NAMES if given[name] is not None}
    if only_report:
        _report(output, open_lab(out))
        return
    if dry_run:
        _list(output, out, chosen)
        return
    from codeedit.lab.train.driver import make_runs

    lab = open_lab(out, settings)
    failed = make_runs(lab, chosen, _watcher(output))
    _report(output, lab)
    if failed:
        raise CodeEditError(
            f"{len(failed)} of {len(chosen)} runs failed: {', '.join(failed)}", where=str(out)
        )


def _chosen(algos: tuple[str, ...], rewards: tuple[str, ...], seeds: int) -> list[Cell]:
    from codeedit.lab.train.grid import ARMS, REWARDS, cells
    from codeedit.pipeline.rewards import parse_reward

    terms = tuple(dict.fromkeys(str(parse_reward(reward)) for reward in rewards)) or REWARDS
    return cells(tuple(dict.fromkeys(algos)) or tuple(ARMS), terms, seeds)


def _watcher(output: Output) -> Watcher:
    from codeedit.lab.train.driver import Reports, Watcher
    from codeedit.training.progress import show

    def follow(reports: Reports, start: Start) -> object:
        return show(reports, output.console, start.steps, start.done)

    return Watcher(output.progress, output.print, follow)


def _list(output: Output, out: Path, chosen: list[Cell]) -> None:
    from codeedit.lab.train.driver import is_done
    from codeedit.lab.train.grid import ARMS
    from codeedit.lab.train.lab_folder import LAB, open_lab

    lab = open_lab(out) if (out / LAB).is_file() else None
    states = {cell.name: "done" if lab and is_done(lab, cell) else "to do" for cell in chosen}
    for cell in chosen:
        output.print(f"{states[cell.name]:5}  {cell.name:28} {ARMS[cell.arm].about}")
    output.result({"runs": [{"name": name, "state": state} for name, state in states.items()]})


def _report(output: Output, lab: Lab) -> None:
    from codeedit.lab.train.report import make_report, table_rows

    report, files = make_report(lab)
    if not report["scores"]:
        raise InputError("no run of this lab is finished", where=str(lab.path))
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    heads, rows = table_rows(report)
    table = Table(title="Exact match in %, [95% over tasks], (95% over seeds)", box=SIMPLE_HEAD)
    for at, head in enumerate(heads):
        table.add_column(head, justify="right" if at > 1 else "left")
    for row in rows:
        table.add_row(*row)
    output.print(table)
    output.print("written: " + ", ".join(map(str, files)))
    output.result(report)
