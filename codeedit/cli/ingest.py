"""``codeedit ingest``: editor logs become an anonymized data set."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from codeedit.cli.common import Output, common_options

if TYPE_CHECKING:
    from rich.table import Table

    from codeedit.pipeline.ingest.report import LogCounts, Report


@click.command("ingest")
@click.argument("logs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    default="data",
    show_default=True,
    type=click.Path(path_type=Path),
    help="The data set's folder.",
)
@click.option(
    "--source",
    default="auto",
    show_default=True,
    help="The logs' kind: vscode-recording, crowd-code, continue, zed-example, lsp-trace, "
    "local-history, editing-trace, aider or git.",
)
@click.option("--jobs", type=int, help="Processes; by default one per core where there is enough to do.")
@click.option(
    "--key-file",
    type=click.Path(path_type=Path),
    help="The pseudonyms' key, made if missing; by default OUT.key beside the data.",
)
@click.option(
    "--rules",
    type=click.Path(path_type=Path),
    help="TOML file with rules of your own, and values and files to leave alone.",
)
@click.option(
    "--range",
    "edit_range",
    default="syntax",
    show_default=True,
    metavar="STRATEGY",
    help="The part that a model may rewrite: syntax, lines:N around the cursor, or log, what the "
    "editor recorded.",
)
@click.option(
    "--no-change",
    default=0.1,
    show_default=True,
    metavar="SHARE",
    help="How much of a session's tasks may be pauses, in which the range stays as it is.",
)
@click.option("--agent-edits", is_flag=True, help="Make tasks also of what completions and agents wrote.")
@click.option(
    "--overwrite",
    is_flag=True,
    help="Replace a data set of other logs. One whose logs are all given again needs no leave.",
)
@click.option(
    "--engine",
    default="local",
    show_default=True,
    help="Where the work is done: local, or ray for a cluster with shared storage.",
)
@common_options
def command(
    logs: tuple[Path, ...],
    out: Path,
    source: str,
    jobs: int | None,
    key_file: Path | None,
    rules: Path | None,
    edit_range: str,
    no_change: float,
    agent_edits: bool,
    overwrite: bool,
    engine: str,
    as_json: bool,
    debug: bool,  # noqa: ARG001 - the entry point reads it
) -> None:
    """Turn editor logs into an anonymized data set.

    LOGS are files, folders or git repositories; hidden files are passed over. Their kind is
    told from their content: VS Code workspace recordings, crowd-code, Continue's development
    data, Zed's examples, language server traces, VS Code's Local History, editing traces,
    Aider's chats with their repository, commits. Secrets and personal data are replaced before
    anything is written. What was worked through is kept in a hidden folder beside the data
    set: run the same command again to go on after an interruption, or to add new logs.

    \b
    Example:
      codeedit ingest logs/
    """
    from codeedit.pipeline.ingest.run import ingest

    output = Output(as_json=as_json)
    with output.progress() as progress:
        report = ingest(
            logs,
            out,
            source=source,
            jobs=jobs,
            key_file=key_file,
            rules=rules,
            edit_range=edit_range,
            no_change=no_change,
            agent_edits=agent_edits,
            overwrite=overwrite,
            engine=engine,
            progress=progress,
        )
    _show(report, output)
    output.result(report.as_dict())


def _show(report: Report, output: Output) -> None:
    from codeedit.pipeline.ingest.card import shown_counts

    total = report.train + report.test
    sessions = "1 session" if report.sessions == 1 else f"{report.sessions:,} sessions"
    output.print(
        f"{total:,} tasks in {report.out}/ from {sessions} with {report.events:,} events: "
        f"{report.train:,} train, {report.test:,} test, {report.no_change:,} of them no change"
    )
    output.print(_languages(report))
    output.print(_stages(report))
    if len(report.ranges) > 1:
        output.print(f"ranges, where the log has none by syntax: {shown_counts(report.ranges)}")
    if report.dropped:
        output.print(f"not made into tasks: {shown_counts(report.dropped)}")
    if report.redactions:
        output.print(f"replaced: {shown_counts(report.redactions)}")
    if report.quarantined:
        output.print(
            f"not read: {shown_counts(report.quarantined)}; listed in {report.out / 'quarantine.jsonl'}"
        )
    if not report.test:
        output.print(f"{_bound(report)}, so there is no test split; add logs to get one")
    for line in _logs(report.logs):
        output.print(line)
    output.print(f"pseudonyms' key: {report.key_file} (keep it to yourself; not part of the data)")
    output.print("try next: codeedit train --algo gapo --tau 0.5")


def _languages(report: Report) -> Table:
    from rich.box import SIMPLE
    from rich.table import Table

    from codeedit.pipeline.ingest.card import shown_language

    table = Table(box=SIMPLE)
    table.add_column("language")
    for column in ("tasks", "percent", "input chars", "output chars"):
        table.add_column(column, justify="right")
    for name, row in report.languages.items():
        spans = ("{:,} to {:,}".format(*row[key]) for key in ("input_chars", "output_chars"))
        table.add_row(shown_language(name), f"{row['count']:,}", f"{row['percent']:.2f}", *spans)
    return table


def _stages(report: Report) -> Table:
    from rich.box import SIMPLE
    from rich.table import Table

    table = Table(box=SIMPLE)
    table.add_column("stage")
    table.add_column("counts")
    for column in ("in", "out", "seconds"):
        table.add_column(column, justify="right")
    for stage in report.stages:
        seconds = f"{stage.seconds:,.1f}"
        table.add_row(stage.name, stage.unit, f"{stage.into:,}", f"{stage.out:,}", seconds)
    return table


def _bound(report: Report) -> str:
    """Return why no session could be put aside."""
    if report.sessions_with_tasks == 1:
        return "all tasks come from one session"
    return "all sessions are bound together by tasks that are nearly the same"


def _logs(logs: LogCounts) -> Iterator[str]:
    """Yield what is new against an earlier run."""
    given = "1 log" if logs.given == 1 else f"{logs.given:,} logs"
    if logs.reused:
        yield f"{given}, of which {logs.reused:,} had been worked through before"
    changes = [
        f"{count:,} {what}"
        for count, what in (
            (logs.new, "new"),
            (logs.changed, "changed"),
            (logs.gone, "gone, with their tasks"),
        )
        if count
    ]
    if changes:
        yield f"since the last data set: {', '.join(changes)}"
