"""docs/eval.md against the commands that it explains."""

import importlib
import re
import shlex
from pathlib import Path

import click
import pytest

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "eval.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^ {4}codeedit (.+)$", TEXT, re.MULTILINE)


def command_of(name: str) -> click.Command:
    return importlib.import_module(f"codeedit.cli.{name}").command


def options_of(name: str) -> list[str]:
    options = [option for option in command_of(name).params if isinstance(option, click.Option)]
    return [option.opts[0] for option in options if option.name not in ("as_json", "debug")]


@pytest.mark.parametrize("line", COMMANDS)
def test_commands_in_the_page_are_understood(line: str) -> None:
    name, *args = shlex.split(line)
    assert command_of(name).make_context(name, args).params


@pytest.mark.parametrize("name", ["eval", "compare", "view", "select"])
def test_the_page_names_every_option(name: str) -> None:
    assert [option for option in options_of(name) if f"`{option}" not in TEXT] == []


@pytest.mark.parametrize("name", ["eval", "compare", "view", "select"])
def test_the_page_shows_every_command(name: str) -> None:
    assert any(line.startswith(f"{name} ") for line in COMMANDS)
