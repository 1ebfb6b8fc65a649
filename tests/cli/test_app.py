import json
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest

from codeedit.cli.app import COMMANDS, app, run
from codeedit.pipeline.ingest.readers import READERS


def commands() -> Iterator[list[str]]:
    """Every command as it is typed, those of a group one by one."""
    for name in COMMANDS:
        found = app.get_command(click.Context(app), name)
        yield from [[name, own] for own in found.commands] if isinstance(found, click.Group) else [[name]]


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_every_command_has_help_and_json(words: list[str], capsys) -> None:
    assert run([*words, "--help"]) == 0
    assert "--json" in capsys.readouterr().out


def test_ingest_names_every_kind_of_log(capsys) -> None:
    run(["ingest", "--help"])
    out = capsys.readouterr().out
    assert all(name in out for name in READERS)
    assert "\\b" not in out


def test_help_lists_all_commands(capsys) -> None:
    assert run(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in COMMANDS)


def test_an_unknown_command_is_wrong_usage(capsys) -> None:
    assert run(["ingset"]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "ingset" in err


def test_an_error_with_json_is_one_object_on_stdout(tmp_path, capsys) -> None:
    assert run(["prompts", "--data", str(tmp_path / "none"), "--json"]) == 2
    error = json.loads(capsys.readouterr().out)["error"]
    assert set(error) == {"message", "where", "hint", "exit_code"}
    assert error["exit_code"] == 2


def test_an_unexpected_error_does_not_quote_its_text(monkeypatch, capsys) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise ValueError("a private line of code")

    monkeypatch.setattr(app, "main", fail)
    assert run(["ingest", "x"]) == 1
    err = capsys.readouterr().err
    assert "private" not in err
    assert "ValueError" in err


def test_an_interrupt_gives_130(monkeypatch) -> None:
    def stop(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(app, "main", stop)
    assert run(["ingest", "x"]) == 130


INTERRUPTED_BY = {
    "an import": """
class Finder:
    def find_spec(self, name, path, target=None):
        if name == "click":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Finder())
""",
    "an exec": """
from codeedit.cli.app import app
app.main = lambda *given, **named: exec("raise KeyboardInterrupt")
""",
    "the making of a class": """
from codeedit.cli.app import app
class Field:
    def __set_name__(self, owner, name):
        raise KeyboardInterrupt
app.main = lambda *given, **named: type("Made", (), {"field": Field()})
""",
}


@pytest.mark.parametrize("moment", INTERRUPTED_BY)
def test_an_interrupt_at_any_moment_is_quiet_and_gives_130(moment) -> None:
    script = f"import sys\n{INTERRUPTED_BY[moment]}\nfrom codeedit.cli import main\nmain()"
    done = subprocess.run(
        [sys.executable, "-c", script, "doctor"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (130, "codeedit: interrupted\n")


def test_the_installed_command_says_its_version() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "codeedit", "--version"], capture_output=True, text=True, check=True
    )
    assert "codeedit" in done.stdout
