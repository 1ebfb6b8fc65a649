"""``codeedit select``: find the training tasks on which a model's answers differ in reward."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codeedit.cli.common import Output, common_options
from codeedit.cli.engine_options import chosen_engine, engine_options
from codeedit.errors import CodeEditError, InterruptedRunError

if TYPE_CHECKING:
    from codeedit.eval.selection import TaskRewards


@click.command("select")
@click.option("--model", metavar="RUN|PATH|NAME", help="Who answers; default: the one that train takes.")
@click.option("--samples", type=click.IntRange(min=2), default=8, show_default=True, help="Answers per task.")
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
@click.option("--out", type=click.Path(path_type=Path), default=Path("selection.parquet"), show_default=True)
@click.option("--reward", metavar="TERMS", default="eq5", show_default=True, help="As train has it.")
@click.option(
    "--min-spread",
    type=click.FloatRange(min=0),
    default=0.0,
    show_default=True,
    help="Only tasks whose best and worst reward differ by more.",
)
@click.option("--band", metavar="LOW:HIGH", help="Only tasks of this difficulty, as mean reward: 0.2:0.8.")
@click.option("--most", type=click.IntRange(min=1), metavar="N", help="At most N, of the widest spread.")
@click.option("--balance", is_flag=True, help="Share --most evenly among the languages.")
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Of the order among tasks of equal spread."
)
@click.option(
    "--template", metavar="NAME|FILE", help="Text format of prompts; default: the one that train takes."
)
@click.option("--no-thinking", is_flag=True, help="Switch thinking off, as Qwen3 can; a run's own is kept.")
@engine_options
@click.option("--limit", type=click.IntRange(min=1), help="N tasks from all over the split.")
@common_options
def command(
    model: str | None,
    samples: int,
    data: Path,
    out: Path,
    reward: str,
    min_spread: float,
    band: str | None,
    most: int | None,
    balance: bool,
    seed: int,
    template: str | None,
    no_thinking: bool,
    engine: str | None,
    limit: int | None,
    as_json: bool,
    debug: bool,  # noqa: ARG001 - read by codeedit.cli.app
    **given: Any,  # noqa: ANN401 - the engines' options
) -> None:
    """Sample answers to the training tasks; select those that a model can learn from.

    A task whose answers all earn the same teaches nothing: its advantages are 0. Answers are
    kept, so that the same command with other wishes needs no model any more.

    \b
    Examples:
      codeedit select --band 0.1:0.9
      codeedit select --most 5000 --balance
      codeedit train --select selection.parquet
    """
    from codeedit.eval.choosing import Choice, parse_band
    from codeedit.eval.evaluate import GenerationOptions
    from codeedit.eval.selection import sample_rewards, summary, training_tasks, write_selection
    from codeedit.eval.subject import find_model
    from codeedit.models import default_model, default_template
    from codeedit.pipeline.rewards import parse_reward
    from codeedit.pipeline.selection import check_suffix

    output = Output(as_json=as_json)
    check_suffix(out, "--out")
    terms = parse_reward(reward)
    choice = Choice(min_spread, parse_band(band) if band else None, most, balance, seed)
    settings = chosen_engine(engine, given)
    target = training_tasks(data)
    wanted = template or default_template(model or default_model())
    chosen = find_model(model, wanted, settings, default_model(), thinking=not no_thinking)
    options = GenerationOptions(settings, samples, 1.0, limit)
    try:
        with output.progress() as progress:
            found = sample_rewards(target, chosen, options, reward=terms, choice=choice, progress=progress)
    except KeyboardInterrupt as error:
        hint = "run the same command again: answers given so far are kept"
        raise InterruptedRunError("interrupted", hint=hint) from error
    counts = summary(found)
    write_selection(found, out)
    plot = _draw(output, found, out.with_suffix(".png"))
    _show(output, counts, out)
    if not counts["selected"]:
        raise CodeEditError(
            "no task was selected", where=str(out), hint="try more --samples, or wish for less"
        )
    output.print(f"Next: codeedit train --select {out}")
    output.result(
        {
            "model": chosen.source.name,
            "samples": samples,
            "reward": str(terms),
            "seed": seed,
            "file": str(out),
            "plot": str(plot) if plot else None,
            **counts,
        }
    )


def _draw(output: Output, found: Sequence[TaskRewards], path: Path) -> Path | None:
    from codeedit.eval.plots import INSTALL_HINT, can_plot
    from codeedit.eval.selection_plot import draw_selection

    if not can_plot():
        output.print(f"no plot: matplotlib is missing; {INSTALL_HINT}")
        return None
    draw_selection(found, path)
    return path


def _show(output: Output, counts: Mapping[str, Any], out: Path) -> None:
    output.print(
        f"{counts['selected']:,} of {counts['tasks']:,} tasks selected, mean reward "
        f"{counts['mean_reward']:.3f}; {counts['always_right']:,} always right, "
        f"{counts['never_right']:,} never. Written to {out}"
    )
    output.print("rewards: " + ", ".join(f"{name} {count:,}" for name, count in counts["shapes"].items()))
    if counts["selected_by_language"]:
        languages = (f"{name} {count:,}" for name, count in counts["selected_by_language"].items())
        output.print("selected: " + ", ".join(languages))
