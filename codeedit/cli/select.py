"""``codeedit select``: find the training tasks on which a model's answers differ in reward."""

from __future__ import annotations

from pathlib import Path

import click

from codeedit.cli.common import Output, common_options
from codeedit.errors import CodeEditError, InterruptedRunError


@click.command("select")
@click.option("--model", metavar="RUN|PATH|NAME", help="Who answers; default: the one that train takes.")
@click.option("--samples", type=click.IntRange(min=2), default=8, show_default=True, help="Answers per task.")
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
@click.option("--out", type=click.Path(path_type=Path), default=Path("selection.parquet"), show_default=True)
@click.option("--min-spread", type=click.FloatRange(0, 1), default=0.0, show_default=True)
@click.option("--engine", default="hf", show_default=True, help="What runs the model.")
@click.option("--limit", type=click.IntRange(min=1), help="The first N tasks only.")
@common_options
def command(
    model: str | None,
    samples: int,
    data: Path,
    out: Path,
    min_spread: float,
    engine: str,
    limit: int | None,
    as_json: bool,
    debug: bool,  # noqa: ARG001 - read by codeedit.cli.app
) -> None:
    """Sample answers to the training tasks; select tasks whose best and worst reward differ.

    A task whose answers all earn the same teaches nothing: its advantages are 0.
    """
    from codeedit.eval.engines import ENGINES
    from codeedit.eval.evaluate import GenerationOptions
    from codeedit.eval.selection import check_suffix, sample_rewards, summary, training_tasks, write_selection
    from codeedit.eval.subject import find_model
    from codeedit.models import default_model

    output = Output(as_json=as_json)
    check_suffix(out)
    ENGINES[engine]
    target = training_tasks(data)
    chosen = find_model(model or default_model())
    options = GenerationOptions(engine, samples, 1.0, limit)
    try:
        with output.progress() as progress:
            found = sample_rewards(target, chosen, options, min_spread=min_spread, progress=progress)
    except KeyboardInterrupt as error:
        hint = "run the same command again: answers given so far are kept"
        raise InterruptedRunError("interrupted", hint=hint) from error
    write_selection(found, out)
    counts = summary(found)
    output.print(
        f"{counts['selected']} of {counts['tasks']} tasks selected, mean reward {counts['mean_reward']:.3f}; "
        f"{counts['always_right']} always right, {counts['never_right']} never. Written to {out}"
    )
    if not counts["selected"]:
        raise CodeEditError("no task has answers of different reward", hint="try more --samples")
    output.result({"model": chosen.source.name, "samples": samples, "file": str(out), **counts})
