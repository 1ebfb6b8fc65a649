"""``codeedit eval``: score a model, predictions or a baseline on an evaluation set."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codeedit.cli.common import Output, common_options
from codeedit.cli.engine_options import chosen_engine, engine_options
from codeedit.errors import InputError, InterruptedRunError

if TYPE_CHECKING:
    from codeedit.eval.evaluate import Evaluation

_NEXT = "codeedit compare RUN RUN for two runs' difference"
_SET_HELP = "id, zeta-dpo, zeta-eval, zeta-train, a data folder, a .parquet or a zeta-like .jsonl file."


@click.command("eval")
@click.option("--set", "set_name", required=True, metavar="NAME|PATH", help=_SET_HELP)
@click.option("--model", metavar="RUN|PATH|NAME", help="Default: the latest run's best checkpoint.")
@click.option("--trials", type=click.IntRange(min=1), help="Answers to each row; default: 5.")
@click.option("--predictions", type=click.Path(path_type=Path), help="Score answers made elsewhere.")
@click.option("--allow-missing", is_flag=True, help="Rows without a prediction are wrong, not an error.")
@click.option("--baseline", metavar="NAME", help="Score a baseline instead: copy or repeat.")
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
@click.option("--zeta", type=click.Path(path_type=Path), help="Folder of zeta's files; else CODEEDIT_ZETA.")
@click.option(
    "--template", metavar="NAME|FILE", help="Text format of prompts; default: the run's, or the model's."
)
@click.option("--no-thinking", is_flag=True, help="Switch thinking off, as Qwen3 can; a run's own is kept.")
@engine_options
@click.option(
    "--temperature", type=click.FloatRange(min=0), default=1.0, show_default=True, help="0: greedy."
)
@click.option("--language", multiple=True, metavar="NAME", help="Rows in this language only; repeatable.")
@click.option("--limit", type=click.IntRange(min=1), help="N rows from all over the set.")
@common_options
def command(
    set_name: str,
    model: str | None,
    trials: int | None,
    predictions: Path | None,
    allow_missing: bool,
    baseline: str | None,
    data: Path,
    zeta: Path | None,
    template: str | None,
    no_thinking: bool,
    engine: str | None,
    temperature: float,
    language: tuple[str, ...],
    limit: int | None,
    as_json: bool,
    debug: bool,  # noqa: ARG001 - read by codeedit.cli.app
    **given: Any,  # noqa: ANN401 - the engines' options
) -> None:
    """Print exact match on a set of tasks, beside the baseline that changes nothing."""
    from codeedit.eval.evaluate import (
        GenerationOptions,
        evaluate_baseline,
        evaluate_model,
        evaluate_predictions,
    )
    from codeedit.eval.sets import Sources, load_set
    from codeedit.eval.subject import find_model

    if predictions and baseline:
        raise InputError("--predictions and --baseline exclude each other", hint="leave one of them out")
    if baseline and model:
        raise InputError("a baseline has no model", where="--model", hint="leave --baseline or --model out")
    if allow_missing and not predictions:
        raise InputError("only --predictions can have missing rows", where="--allow-missing")
    settings = chosen_engine(engine, given)
    output = Output(as_json=as_json)
    target = load_set(set_name, Sources(data, zeta))
    for note in target.notes:
        click.echo(f"codeedit: note: {note}", err=True)
    part = target.part(language, limit)
    if baseline:
        done = evaluate_baseline(target, baseline, part)
    elif predictions:
        done = evaluate_predictions(
            target, predictions, label=model, trials=trials, allow_missing=allow_missing, part=part
        )
    else:
        options = GenerationOptions(settings, trials, temperature, limit, language)
        chosen = find_model(model, template, settings, thinking=not no_thinking)
        try:
            with output.progress() as progress:
                done = evaluate_model(target, chosen, options, progress)
        except KeyboardInterrupt as error:
            hint = "run the same command again: answers given so far are kept"
            raise InterruptedRunError("interrupted", hint=hint) from error
    _show(output, done)


def _show(output: Output, done: Evaluation) -> None:
    from codeedit.eval.table import report_lines, report_table

    output.print(report_table(done.report))
    output.print(*report_lines(done.report), sep="\n")
    output.print(f"Report: {done.report_file}", f"Answers: {done.answers_file}", sep="\n")
    output.print(f"Page of all rows: {done.page_file}", f"Next: {_NEXT}", sep="\n")
    files = {"report": done.report_file, "answers": done.answers_file, "page": done.page_file}
    output.result(
        {key: value for key, value in done.report.items() if key != "row_exact_match"}
        | {"files": {name: str(file) for name, file in files.items()}}
    )
