"""Runs a command: finds the command, and turns every kind of end into an exit code.

Exit codes: 0 done; 1 failed or nothing to do; 2 wrong usage or bad input; 130 interrupted.
"""

from __future__ import annotations

import importlib
import json
import sys
import traceback

import click

from codeedit import __version__
from codeedit.errors import CodeEditError, InputError, InterruptedRunError

COMMANDS = ("ingest", "prompts", "train", "eval", "compare", "view", "select", "lab", "anonymize", "doctor")


class _LazyGroup(click.Group):
    """Imports a command's module when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"codeedit.cli.{cmd_name}").command
        return command


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="codeedit")
def app() -> None:
    """Editor logs to data set, GAPO training through verl, exact-match evaluation.

    \b
    The whole job, in one folder:
      codeedit ingest logs/
      codeedit train --algo gapo --tau 0.5
      codeedit eval --set zeta-dpo
    """


def run(args: list[str]) -> int:
    """Run the command line; return the exit code."""
    own = args[: args.index("--")] if "--" in args else args
    try:
        result = app.main(args, prog_name="codeedit", standalone_mode=False)
    except CodeEditError as error:
        return _fail(error, own)
    except click.UsageError as error:
        return _fail(_usage_error(error), own)
    except click.ClickException as error:
        return _fail(InputError(error.format_message()), own)
    except (KeyboardInterrupt, click.Abort):
        return _fail(InterruptedRunError("interrupted"), own)
    except BrokenPipeError:  # the reader of our output has gone
        sys.stderr.close()
        return 1
    except OSError as error:  # a full disk, a missing permission
        reason = error.strerror or type(error).__name__
        return _fail(CodeEditError(reason, where=str(error.filename or "")), own)
    except Exception as error:  # noqa: BLE001 - the boundary: nothing may leave a traceback
        return _fail(_internal_error(error), own)
    return result if isinstance(result, int) else 0


def _usage_error(error: click.UsageError) -> InputError:
    command = error.ctx.command_path if error.ctx else "codeedit"
    return InputError(error.format_message().rstrip("."), hint=f"see {command} --help")


def _internal_error(error: Exception) -> CodeEditError:
    """Name the type and the place only: the text of a foreign exception may quote what it read."""
    if isinstance(error.__cause__, KeyboardInterrupt):  # Ctrl-C while a class was made is a RuntimeError
        return InterruptedRunError("interrupted")
    last = traceback.extract_tb(error.__traceback__)[-1]
    return CodeEditError(
        f"internal error: {type(error).__name__}",
        where=f"{last.filename}:{last.lineno}",
        hint="run again with --debug for the traceback, which may quote your data",
    )


def _fail(error: CodeEditError, args: list[str]) -> int:
    if "--debug" in args:
        traceback.print_exc()
    if "--json" in args:
        click.echo(json.dumps({"error": error.as_dict()}))
    click.echo(f"codeedit: {error}", err=True)
    if isinstance(error, InterruptedRunError):
        # Where Ctrl-C came in the last exec(), as dataclasses make them, Python would end by SIGINT instead.
        exec("")  # noqa: S102
    return error.exit_code
