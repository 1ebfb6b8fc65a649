"""What all commands share: ``--json`` and ``--debug``, where output goes, and progress.

With ``--json``, stdout carries one machine-readable object and everything else goes to stderr.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

F = TypeVar("F", bound=Callable[..., Any])

# Called by long work with (stage, done, total); total is None where it is not known.
ProgressCallback = Callable[[str, int, int | None], None]

_PIPED_WIDTH = 120  # columns of a table in a file or a pipe, which have no width of their own


def common_options(function: F) -> F:
    """Add ``--json`` and ``--debug``."""
    function = click.option("--debug", is_flag=True, help="Show tracebacks.")(function)
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")(function)


class Output:
    """Where a command writes.

    Args:
        as_json: whether stdout belongs to the JSON object.
    """

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    @property
    def console(self) -> Console:
        """The console for people: stdout, or stderr beside ``--json``."""
        from rich.console import Console

        piped = not sys.stdout.isatty()
        width = _PIPED_WIDTH if piped and "COLUMNS" not in os.environ else None
        return Console(stderr=self.as_json, highlight=False, soft_wrap=piped, width=width)

    def print(self, *renderables: RenderableType, sep: str = " ") -> None:
        """Print for people; strings are printed as they are, without markup."""
        self.console.print(*renderables, sep=sep, markup=False)

    def result(self, value: Mapping[str, Any]) -> None:
        """Print the machine-readable object, where it was asked for."""
        if self.as_json:
            click.echo(json.dumps(value, ensure_ascii=False, default=str))

    @contextmanager
    def progress(self) -> Iterator[ProgressCallback]:
        """Show progress bars on a terminal; elsewhere nothing."""
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TaskID,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        console = Console(stderr=True)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bars:
            tasks: dict[str, TaskID] = {}

            def advance(stage: str, done: int, total: int | None) -> None:
                if stage not in tasks:
                    tasks[stage] = bars.add_task(stage, total=total)
                bars.update(tasks[stage], completed=done, total=total)

            yield advance
