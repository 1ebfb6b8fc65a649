"""The pages and the command line agree: what one shows, the other has."""

import re
import shlex
from pathlib import Path

import click
import pytest

from codeedit.cli.app import COMMANDS, app

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
_SHOWN = re.compile(r"^ {4,}(?:\$ )?(?:\.venv/bin/)?codeedit (.+?)(?: +#.*)?$", re.MULTILINE)
_LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")

SHOWN = [(page, line) for page in PAGES for line in _SHOWN.findall(page.read_text())]


def commands(name: str) -> dict[str, click.Command]:
    """The command under "", or those of a group by name."""
    found = app.get_command(click.Context(app), name)
    assert found is not None, f"no command {name}"
    return dict(found.commands) if isinstance(found, click.Group) else {"": found}


@pytest.mark.parametrize(("page", "line"), SHOWN, ids=[f"{page.name}: {line}" for page, line in SHOWN])
def test_a_command_that_a_page_shows_has_these_options(page: Path, line: str) -> None:
    name, *words = shlex.split(line.split(" -- ", maxsplit=1)[0])
    if name.startswith("-"):
        return
    found = commands(name)
    chosen = found[""] if "" in found else found[words[0]]
    options = {option for parameter in chosen.params for option in parameter.opts} | {"--help"}
    assert {word.split("=")[0] for word in words if word.startswith("--")} <= options


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_shown_on_a_page(name: str) -> None:
    assert any(re.search(rf"codeedit {name}\b", page.read_text()) for page in PAGES)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name: str) -> None:
    for parameter in (parameter for found in commands(name).values() for parameter in found.params):
        if isinstance(parameter, click.Option):
            assert parameter.help or parameter.default is not None, parameter.opts


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in _LINK.findall(page.read_text()):
        assert (page.parent / target).exists(), target
