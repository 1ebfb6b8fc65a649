"""``codeedit lab``: which algorithm to take, by simulation, by real runs, and by your own runs' rollouts."""

from __future__ import annotations

import os
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from codeedit.cli.common import Output, common_options
from codeedit.cli.lab_train import train_command
from codeedit.errors import CodeEditError, InputError

if TYPE_CHECKING:
    from codeedit.lab.simulate import Plan


@click.group("lab")
def command() -> None:
    """Compare the algorithms: by simulation, on the rollouts of a run, and by real runs."""


command.add_command(train_command)


@command.command("simulate")
@click.option("--quick", is_flag=True, help="A small grid that ends in under two minutes.")
@click.option(
    "--shape", "shapes", multiple=True, metavar="NAME", help="Only this shape of rewards; may be repeated."
)
@click.option(
    "--algo", "algos", multiple=True, metavar="NAME", help="Only this one beside grpo; may be repeated."
)
@click.option("--seeds", type=click.IntRange(min=2), help="Worlds in each cell.")
@click.option("--seed", type=click.IntRange(min=0), help="Of all that is drawn; default: 1.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes; default: one per core.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("lab/simulate"), show_default=True)
@common_options
def simulate_command(
    quick: bool,
    shapes: tuple[str, ...],
    algos: tuple[str, ...],
    seeds: int | None,
    seed: int | None,
    jobs: int | None,
    out: Path,
    as_json: bool,
    debug: bool,  # noqa: ARG001 - read by codeedit.cli.app
) -> None:
    """Policy gradient on made-up prompts: bias, variance, sign flips, and what is learned.

    \b
    Example:
      codeedit lab simulate --quick
    """
    from codeedit.lab.simulate import as_dict, known_answers, simulate
    from codeedit.lab.simulate_report import write_report

    output = Output(as_json=as_json)
    plan = _plan(quick, shapes, algos, seeds, seed)
    began = perf_counter()
    with output.progress() as progress:
        checks = known_answers(plan)
        rows = simulate(plan, progress, jobs or (1 if quick else os.cpu_count() or 1))
    report = as_dict(plan, rows, checks, perf_counter() - began)
    files = write_report(report, out)
    _show(output, report)
    output.print("written: " + ", ".join(map(str, files)))
    output.result(report)
    failed = [check.name for check in checks if not check.passed]
    if failed:
        raise CodeEditError(f"a known answer was not reproduced: {failed[0]}")


@command.command("replay")
@click.argument("run", default="latest")
@click.option("--out", type=click.Path(path_type=Path), help="Default: lab/replay/RUN.")
@common_options
def replay_command(run: str, out: Path | None, as_json: bool, debug: bool) -> None:  # noqa: ARG001 - see above
    """Advantages that each algorithm would have given to the stored rollouts of RUN.

    \b
    Example:
      codeedit lab replay gapo
    """
    from codeedit.lab.replay import replay, stored_groups
    from codeedit.lab.replay_report import write_report
    from codeedit.runs import find_run

    output = Output(as_json=as_json)
    found = find_run(run)
    groups = stored_groups(found)
    report = {"run": found.name, **replay(groups)}
    files = write_report(report, groups, out or Path("lab/replay") / found.name)
    _show_replay(output, report)
    output.print("written: " + ", ".join(map(str, files)))
    output.result(report)


def _show_replay(output: Output, report: dict[str, Any]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from codeedit.lab.replay_report import COLUMNS, claim, classes, share

    output.print(f"{report['groups']:,} groups of {report['steps']:,} steps: {classes(report)}")
    table = Table(title="Negative advantages in %, 95% interval", box=SIMPLE_HEAD)
    table.add_column("algorithm")
    for name in (*COLUMNS, "left less right"):
        table.add_column(name, justify="right")
    for name, row in report["negative"].items():
        shares = (share(row[kind]) for kind in COLUMNS)
        table.add_row(name, *shares, share(row["left_less_right"], signed=True))
    output.print(table)
    table = Table(title="Rollouts with opposite signs in %, 95% interval", box=SIMPLE_HEAD)
    for name in ("algorithms", "all", *COLUMNS):
        table.add_column(name, justify="left" if name == "algorithms" else "right")
    for row in report["disagreements"]:
        if "gapo" in row["algorithms"]:
            values = (share(row[kind]) for kind in ("all", *COLUMNS))
            table.add_row(" / ".join(row["algorithms"]), *values)
    output.print(table)
    output.print(f"{claim(report)}.")


def _plan(
    quick: bool, shapes: tuple[str, ...], algos: tuple[str, ...], seeds: int | None, seed: int | None
) -> Plan:
    from dataclasses import replace

    from codeedit.lab.contestants import BASELINE, CONTESTANTS
    from codeedit.lab.simulate import QUICK, Plan
    from codeedit.lab.worlds import SHAPES

    plan = QUICK if quick else Plan()
    if shapes:
        for name in shapes:
            SHAPES[name]
        plan = replace(plan, shapes=tuple(dict.fromkeys(shapes)))
    if algos:
        for name in algos:
            CONTESTANTS[name]
        plan = replace(plan, contestants=tuple(dict.fromkeys((BASELINE, *algos))))
    if len(plan.contestants) < 2:
        raise InputError("grpo alone has nothing to be compared with", where="--algo")
    return replace(plan, seeds=seeds or plan.seeds, seed=plan.seed if seed is None else seed)


def _show(output: Output, report: dict[str, Any]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from codeedit.lab.simulate_report import about, verdicts

    for check in report["checks"]:
        output.print(f"{'passed' if check['passed'] else 'FAILED'}: {check['name']} ({check['detail']})")
    table = Table(
        title=f"Exact match over all steps, against {report['baseline']}: cells in which it is",
        box=SIMPLE_HEAD,
    )
    table.add_column("algorithm")
    for name in ("better", "worse", "not told apart"):
        table.add_column(name, justify="right")
    table.add_column("what it is")
    for name, better, worse, same in verdicts(report):
        table.add_row(name, str(better), str(worse), str(same), about(name))
    output.print(table)
