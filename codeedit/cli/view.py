"""``codeedit view``: page through a data set's tasks in the browser."""

from __future__ import annotations

from pathlib import Path

import click

from codeedit.cli.common import Output, common_options
from codeedit.errors import InputError


@click.command("view")
@click.argument("data", type=click.Path(path_type=Path), default=Path("data"))
@click.option("--port", type=click.IntRange(0, 65_535), default=0, help="Default: a free one.")
@click.option("--export", type=click.Path(path_type=Path), help="Write one HTML file instead of serving.")
@click.option("--limit", type=click.IntRange(min=1), default=200, show_default=True, help="Tasks to export.")
@common_options
def command(
    data: Path,
    port: int,
    export: Path | None,
    limit: int,
    as_json: bool,
    debug: bool,  # noqa: ARG001 - read by codeedit.cli.app
) -> None:
    """Show tasks with code, range, cursor, history, answer and redactions: DATA is a folder or a .parquet."""
    from itertools import islice

    from codeedit.eval.pages.document import write_page
    from codeedit.eval.pages.server import make_server, url_of
    from codeedit.eval.pages.tasks import TaskBrowser

    output = Output(as_json=as_json)
    browser = TaskBrowser(data)
    if export is not None:
        count = min(limit, browser.count)
        write_page(export, browser.page(count), islice(browser.tasks(), count))
        output.print(f"{count} of {browser.count} tasks written to {export}")
        output.result({"file": str(export), "tasks": count})
        return
    try:
        server = make_server(browser, port)
    except OSError as error:
        raise InputError(
            f"port {port} is taken", where="--port", hint="leave it out for a free one"
        ) from error
    with server:
        output.print(f"{browser.count} tasks at {url_of(server)} (Ctrl-C ends)")
        output.result({"url": url_of(server), "tasks": browser.count})
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return
