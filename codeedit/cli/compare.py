"""``codeedit compare``: runs side by side, and whether their differences could be noise."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from codeedit.cli.common import Output, common_options
from codeedit.errors import CodeEditError

if TYPE_CHECKING:
    from codeedit.eval.comparison import Compared, Difference


@click.command("compare")
@click.argument("runs", nargs=-1, required=True, metavar="RUN...")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder of page and plots; default: compare/RUN-RUN."
)
@common_options
def command(
    runs: tuple[str, ...],
    out: Path | None,
    as_json: bool,
    debug: bool,  # noqa: ARG001 - read by codeedit.cli.app
) -> None:
    """Compare evaluations and training of runs: names, run folders, or folders under eval/."""
    from codeedit.eval.comparison import as_dict, differences, load_all
    from codeedit.eval.curves import panels, write_plots
    from codeedit.eval.pages.compare import write_compare_page
    from codeedit.eval.plots import INSTALL_HINT, can_plot
    from codeedit.eval.store import slug

    output = Output(as_json=as_json)
    compared = load_all(runs)
    found = differences(compared)
    curves = panels([run.lines for run in compared])
    if not found and not any(run.metrics for run in compared):
        raise CodeEditError("nothing to compare in these runs", hint="run: codeedit eval --set zeta-dpo")
    folder = out or Path("compare") / slug("-".join(run.label for run in compared))[:100]
    page = write_compare_page(folder, compared, found, curves)
    plots = write_plots(folder, [run.label for run in compared], curves) if curves and can_plot() else []
    _show(output, compared, found)
    output.print(f"Page: {page}", *(f"Plot: {plot}" for plot in plots), sep="\n")
    if curves and not plots:
        output.print(f"No PNG of the curves: matplotlib is missing; {INSTALL_HINT}")
    files = {"page": str(page), "plots": [str(plot) for plot in plots]}
    output.result(as_dict(compared, found) | {"files": files})


def _show(output: Output, runs: Sequence[Compared], found: Sequence[Difference]) -> None:
    from codeedit.eval.compare_table import compare_table, kinds_table, runs_table, training_table
    from codeedit.eval.table import percent

    if found:
        output.print(compare_table(runs, found))
        labels = {run.name: run.label for run in runs}
        for entry in found:
            if entry.delta is not None or "comparable" in entry.sentence:
                change = "" if entry.delta is None else f" {percent(entry.delta)} points:"
                output.print(f"{entry.set_name}, {labels[entry.name]}:{change} {entry.sentence}.")
        if any(entry.no_change is not None for entry in found):
            output.print(kinds_table(runs, found))
    if described := [run for run in runs if run.settings.get("algorithm")]:
        output.print(runs_table(described))
    trained = [run for run in runs if run.metrics]
    if trained:
        output.print(training_table(trained))
