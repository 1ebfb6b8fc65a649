"""``codeedit prompts``: build the prompts of a data set, show some, and say how long they are."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codeedit.cli.common import Output, ProgressCallback, common_options
from codeedit.errors import CodeEditError

if TYPE_CHECKING:
    from codeedit.pipeline.prompt_builder import Budget, Template
    from codeedit.records import Task


@click.command("prompts")
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
@click.option("--model", help="Whose tokenizer and chat template count; default: the one that train takes.")
@click.option("--max-prompt", type=click.IntRange(min=1), help="Tokens a prompt may have.")
@click.option(
    "--template",
    "templates",
    multiple=True,
    help="The prompts' text format: paper, blocks, brief, zeta, zeta2, fim, or your own .toml file; default: "
    "the one that train takes. Several are compared.",
)
@click.option("--special-tokens", is_flag=True, help="Count the format's markers as one token each.")
@click.option("--show", type=click.IntRange(min=0), default=0, help="Print the first N training prompts.")
@click.option("--jobs", type=click.IntRange(min=1), help="Threads; default: one per core.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("prompts"), show_default=True)
@common_options
def command(
    data: Path,
    model: str | None,
    max_prompt: int | None,
    templates: tuple[str, ...],
    special_tokens: bool,
    show: int,
    jobs: int | None,
    out: Path,
    as_json: bool,
    debug: bool,  # noqa: ARG001 - read by codeedit.cli.app
) -> None:
    """Write a data set's prompts as parquet, and show how they read and how long they are.

    \b
    Examples:
      codeedit prompts --show 1
      codeedit prompts --template blocks --template zeta2
    """
    from codeedit.models import default_model, default_template, load_tokenizer, prompt_limit
    from codeedit.pipeline.prompt_builder import Budget, find_template
    from codeedit.pipeline.task_table import SPLITS, read_tasks, task_files

    output = Output(as_json=as_json)
    for template in templates:
        find_template(template)  # a wrong name is said before anything is loaded
    files = [split for split in SPLITS if any(data.glob(f"{split}-*.parquet"))]
    if not files:
        task_files(data, SPLITS[0])  # raises, and says what is missing
    name = model or default_model()
    limit = max_prompt or prompt_limit(name)
    wanted = tuple(dict.fromkeys(templates)) or (default_template(name),)
    results: dict[str, dict[str, Any]] = {}
    for template in wanted:
        tokenizer = load_tokenizer(name)
        chosen = find_template(template, tokenizer)
        if special_tokens:
            from codeedit.models.special_tokens import add_tokens, new_tokens

            add_tokens(tokenizer, new_tokens(tokenizer, chosen.markers))
        budget = Budget.for_tokenizer(tokenizer, limit, plain=chosen.plain)
        for task in islice(read_tasks(data, files[0]), show):
            _show(output, task, budget, chosen)
        folder = out if len(wanted) == 1 else out / Path(template).stem
        with output.progress() as progress:
            results[chosen.name] = {
                split: _write(data, split, folder / f"{split}.parquet", budget, chosen, jobs, progress)
                for split in files
            }
    _print_lengths(output, results, f"Prompts for {name}, tokens of at most {limit}")
    options = f" --template {wanted[0] if len(wanted) == 1 else 'EACH'}" if templates else ""
    options += " --special-tokens" if special_tokens else ""
    output.print(f"Written to {out}/. Next: codeedit train --algo gapo --tau 0.5{options}")
    shared = {"model": name, "max_prompt": limit, "out": str(out)}
    if len(results) == 1:
        output.result({**shared, "template": next(iter(results)), "splits": next(iter(results.values()))})
    else:
        output.result({**shared, "templates": results})


def _show(output: Output, task: Task, budget: Budget, template: Template) -> None:
    from codeedit.pipeline.prompt_builder import PromptTooLongError, build

    try:
        prompt = build(task, template=template, budget=budget)
    except PromptTooLongError as error:
        output.print(str(error))
        return
    output.print(f"──── task {task.id}, {task.language}, {prompt.tokens} tokens")
    for message in prompt.messages:
        title = "one text" if prompt.plain else message["role"]
        output.print(f"──── {title}", message["content"], sep="\n")
    output.print("──── answer", prompt.answer, "", sep="\n")


def _write(
    data: Path,
    split: str,
    path: Path,
    budget: Budget,
    template: Template,
    jobs: int | None,
    progress: ProgressCallback,
) -> dict[str, Any]:
    from codeedit.pipeline.prompt_builder import Lengths, build_prompts, write_prompts
    from codeedit.pipeline.task_table import count_tasks, read_tasks

    lengths = Lengths()
    total = count_tasks(data, split)

    def counted() -> Any:  # noqa: ANN401
        for done, prompt in enumerate(
            build_prompts(read_tasks(data, split), lengths, budget=budget, template=template, jobs=jobs), 1
        ):
            progress(f"{split} prompts", done, total)
            yield prompt
        if lengths.too_long and not lengths.prompts:
            raise CodeEditError(
                f"no {split} task fits into {budget.max_tokens} tokens", hint="raise --max-prompt"
            )

    write_prompts(counted(), path)
    return lengths.summary()


def _print_lengths(output: Output, results: dict[str, dict[str, Any]], title: str) -> None:
    from rich.box import SIMPLE
    from rich.table import Table

    table = Table(title=title, box=SIMPLE)
    for column in ("format", "split"):
        table.add_column(column)
    for column in ("prompts", "median", "90%", "99%", "most", "shortened", "too long"):
        table.add_column(column, justify="right", no_wrap=True)
    for name, splits in results.items():
        for split, summary in splits.items():
            tokens = summary["tokens"]
            lengths = [tokens.get(share, "") for share in ("p50", "p90", "p99", "max")]
            shortened = f"{summary['shortened_share']:.0%}"
            counts = [summary["prompts"], *lengths, shortened, summary["too_long"]]
            table.add_row(Path(name).stem, split, *map(str, counts))
    output.print(table)
    for name, splits in results.items():
        worst = max(summary["most_left_out"] for summary in splits.values())
        if worst:
            output.print(f"worst case of {Path(name).stem}: {worst} lines of code were left out of a prompt")
