"""``codeedit train``: reinforcement learning on a data set, through verl."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from codeedit.cli.common import Output, common_options
from codeedit.errors import InputError
from codeedit.runs import RUNS

_ALGORITHMS = "gapo, grpo, dapo, gmpo, krpo, qae, mc-grpo, gapo-multi, verl:NAME, or sft"
F = Callable[..., Any]


class _TrainCommand(click.Command):
    """Keeps what stands after ``--`` apart: verl's overrides."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own, overrides = args, []
        if "--" in args:
            at = args.index("--")
            own, overrides = args[:at], args[at + 1 :]
        ctx.meta["overrides"] = tuple(overrides)
        return super().parse_args(ctx, own)


def _algorithm_options(function: F) -> F:
    """Add the options of all algorithms; which of them one has, its row says."""
    options = (
        click.option("--quantile-method", help="qae: how a quantile is read off (inverse_cdf or linear)."),
        click.option("--level", type=float, help="qae: the baseline's quantile, between 0 and 1."),
        click.option("--process-noise", type=float, help="krpo: variance that the latent reward gains."),
        click.option("--measurement-noise", type=float, help="krpo: variance of a reward around it."),
        click.option("--initial-variance", type=float, help="krpo: variance of the first estimate."),
        click.option("--ddof", type=int, help="gapo: 1 divides by G-1, as the authors' code does."),
        click.option("--scale", help="gapo: div (around Q) or std (the group's standard deviation)."),
        click.option("--center", help="gapo: Q is the median or the mean of the densest window."),
        click.option("--base", help="grpo or dapo: what surrounds the advantage."),
        click.option(
            "--tau", type=float, help="gapo: share of the group in the densest window, 0 < tau <= 1."
        ),
    )
    for option in options:
        function = option(function)
    return function


@click.command(
    "train", cls=_TrainCommand, epilog="Overrides of verl's settings follow after --, as key=value."
)
@click.option("--algo", default=None, help=f"The algorithm: {_ALGORITHMS}; default: gapo.")
@_algorithm_options
@click.option(
    "--model", help="Short name, hub name or folder; default: qwen2.5-coder-3b with a GPU, else tiny."
)
@click.option("--init", help="Begin with the best model of this run, in its prompts' format.")
@click.option("--data", type=click.Path(path_type=Path), help="The data set; default: data.")
@click.option("--out", type=click.Path(path_type=Path), help="The run's folder; default: runs/ALGO-MODEL.")
@click.option("--template", help="The prompts' text format; default: paper; of tiny: brief.")
@click.option(
    "--special-tokens",
    is_flag=True,
    default=None,
    help="Make the template's markers single tokens of the model's vocabulary.",
)
@click.option(
    "--no-thinking",
    is_flag=True,
    default=None,
    help="Switch off that the model thinks before it answers, as Qwen3 does.",
)
@click.option(
    "--reward",
    metavar="TERMS",
    help="What answers earn: eq5, exact, gain, parse, reversal, format, or a sum such as exact+0.2*parse; "
    "default: eq5.",
)
@click.option(
    "--select", type=click.Path(path_type=Path), help="Only the tasks that this file of select selects."
)
@click.option(
    "--lora",
    type=click.IntRange(min=1, max=512),
    metavar="RANK",
    help="Train LoRA matrices of this rank, not all weights.",
)
@click.option("--steps", type=click.IntRange(min=1), help="Steps of the whole run.")
@click.option("--seed", type=click.IntRange(min=0), help="Seed of data order and sampling; default: 1.")
@click.option(
    "--logger", multiple=True, help="Report to tensorboard, wandb, mlflow, ... too; may be repeated."
)
@click.option(
    "--nodes",
    type=click.IntRange(min=1),
    help="Machines of a Ray cluster to train on; default: all with GPUs.",
)
@click.option(
    "--ray-address",
    envvar="RAY_ADDRESS",
    metavar="HOST:PORT",
    help="Train on this Ray cluster, or auto; default: RAY_ADDRESS, else a Ray of the run's own (local).",
)
@click.option(
    "--gpus", metavar="NxGB", help="With --dry-run: plan for such a machine, as 8x80, instead of this one."
)
@click.option("--dry-run", is_flag=True, help="Check everything, print the resolved plan and start nothing.")
@click.option("--full", is_flag=True, help="With --dry-run: print verl's own settings too.")
@click.option(
    "--resume", is_flag=True, help="Go on with --out, or the latest run, from its newest checkpoint."
)
@common_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    out: Path | None,
    steps: int | None,
    *,
    nodes: int | None,
    ray_address: str | None,
    dry_run: bool,
    full: bool,
    resume: bool,
    as_json: bool,
    debug: bool,  # noqa: ARG001 - read by codeedit.cli.app
    **given: Any,  # noqa: ANN401
) -> int:
    """Train a model with GAPO or another algorithm, through verl's own trainer.

    \b
    codeedit train --algo gapo --tau 0.5
    codeedit train --algo gapo --base dapo --model qwen2.5-coder-7b -- data.train_batch_size=256
    codeedit train --algo sft && codeedit train --algo gapo --init latest
    codeedit train --resume
    """
    output = Output(as_json=as_json)
    overrides: tuple[str, ...] = ctx.meta["overrides"]
    gpus = given.pop("gpus")
    if gpus and not dry_run:
        raise InputError(
            "--gpus is for --dry-run", hint="a run takes the GPUs that CUDA_VISIBLE_DEVICES shows"
        )
    if resume:
        if dry_run:
            raise InputError("--resume and --dry-run exclude each other")
        _resume(output, out, steps, given, overrides, (ray_address, nodes))
        return 0
    from codeedit.models import parse_machine
    from codeedit.training.cluster import cluster_for
    from codeedit.training.plan import check_request, model_of_run
    from codeedit.training.request import Request

    model, init = given.pop("model"), given.pop("init")
    if model and init:
        raise InputError(
            "--model and --init exclude each other", hint="--init RUN takes the run's best model"
        )
    request = Request(
        algorithm=given.pop("algo") or "gapo",
        model=model_of_run(init) if init else model,
        init=init,
        data=given.pop("data") or Path("data"),
        template=given.pop("template"),
        special_tokens=bool(given.pop("special_tokens")),
        thinking=not given.pop("no_thinking"),
        reward=given.pop("reward") or "eq5",
        select=given.pop("select"),
        lora=given.pop("lora") or 0,
        seed=1 if (seed := given.pop("seed")) is None else seed,
        loggers=given.pop("logger"),
        options=given,
        steps=steps,
        overrides=overrides,
    )
    if not dry_run or ray_address:
        check_request(request)  # a wrong flag is told before a cluster is asked, and before missing data
    if gpus:
        request = dataclasses.replace(request, machine=parse_machine(gpus), machines=nodes or 1)
    else:
        cluster = cluster_for(ray_address, nodes, request.algorithm, [out or RUNS])
        request = dataclasses.replace(request, cluster=cluster)
    if dry_run:
        return _dry_run(output, request, out or RUNS, full=full)
    _train(output, request, out)
    return 0


def _dry_run(output: Output, request: Any, out: Path, *, full: bool) -> int:  # noqa: ANN401
    """Print the plan; return 2 where something keeps it from starting."""
    from codeedit.training.plan_view import plan_json, plan_lines
    from codeedit.training.preflight import dry_plan

    plan, survey = dry_plan(request, out)
    for line in plan_lines(plan, survey, full=full):
        output.print(line)
    output.result(plan_json(plan, survey))
    return InputError.exit_code if plan.problems else 0


def _train(output: Output, request: Any, out: Path | None) -> None:  # noqa: ANN401
    from codeedit.runs import free_name
    from codeedit.training.plan import require_startable
    from codeedit.training.preflight import checked_plan
    from codeedit.training.starts import new_run

    plan = checked_plan(request, out or RUNS)
    require_startable(plan)
    folder = out or free_name(RUNS, f"{request.algorithm}-{plan.label}".replace(":", "-"))
    with output.progress() as progress:
        start = new_run(plan, folder, progress, lambda note: output.print(f"note: {note}"))
    output.print(
        f"{request.algorithm} on {plan.model}: {start.steps} steps; run {folder}, log {folder}/train.log"
    )
    _follow(output, start)


def _resume(
    output: Output,
    out: Path | None,
    steps: int | None,
    given: dict[str, Any],
    overrides: tuple[str, ...],
    where: tuple[str | None, int | None],
) -> None:
    from codeedit.runs import LATEST, find_run
    from codeedit.training.cluster import cluster_of_run
    from codeedit.training.resume import check_same
    from codeedit.training.starts import resumed_run

    run = find_run(out or LATEST)
    check_same(run, given, overrides)
    start = resumed_run(run, steps, cluster_of_run(run, *where), lambda note: output.print(f"note: {note}"))
    output.print(f"{run.path}: going on after step {start.done} of {start.steps}; log {run.log}")
    _follow(output, start)


def _follow(output: Output, start: Any) -> None:  # noqa: ANN401
    from codeedit.training.launch import follow, summary
    from codeedit.training.progress import show

    console = output.console  # one for the live view and what is said beside it
    reports = follow(start, lambda text: console.print(text, markup=False))
    show(reports, console, start.steps, start.done)
    result = summary(start.run)
    for name in ("best", "last"):
        model = result[name]
        if model:
            output.print(f"{name:4} step {model['step']}  {model['checkpoint']}")
    output.print(f"Next: codeedit eval --set id --model {start.run.path}")
    output.result(result)
