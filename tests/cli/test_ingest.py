from __future__ import annotations

import gzip
import json
import os

import pytest

from codeedit.cli.app import run


@pytest.fixture
def logs(tmp_path):
    """One recording of three edits in a function."""
    text = "def area(width, height):\n    return width * height\n"
    entries = [
        {
            "kind": "header",
            "documentType": "workspaceRecording@1.0",
            "uuid": "u",
            "time": 0,
            "repoRootUri": "",
        },
        {"kind": "documentEncountered", "id": 0, "time": 0, "relativePath": "box.py"},
        {"kind": "setContent", "id": 0, "time": 0, "content": text},
        *(
            {"kind": "changed", "id": 0, "time": 30_000 * number, "edit": [[0, 0, f"N{number} = 1\n"]]}
            for number in range(3)
        ),
    ]
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "log.json").write_text(json.dumps({"log": entries}))
    return tmp_path / "logs"


def test_json_is_the_report(logs, tmp_path, capsys):
    assert run(["ingest", str(logs), "--out", str(tmp_path / "data"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads((tmp_path / "data" / "report.json").read_text())


def test_last_screen_says_what_was_made_and_what_to_try_next(logs, tmp_path, capsys):
    assert run(["ingest", str(logs), "--out", str(tmp_path / "data")]) == 0
    screen = capsys.readouterr().out
    assert "3 tasks" in screen
    assert "Python" in screen
    assert "data.key" in screen
    assert "codeedit train --algo gapo --tau 0.5" in screen


def test_last_screen_and_card_have_every_stage_with_what_went_in_and_came_out(logs, tmp_path, capsys):
    run(["ingest", str(logs), "--out", str(tmp_path / "data")])
    screen = [line.split() for line in capsys.readouterr().out.splitlines()]
    card = [line.split("|") for line in (tmp_path / "data" / "README.md").read_text().splitlines()]
    stages = json.loads((tmp_path / "data" / "report.json").read_text())["stages"]
    assert len(stages) == 8
    for stage in stages:
        shown = [stage["name"], stage["unit"], str(stage["in"]), str(stage["out"])]
        assert [*shown, f"{stage['seconds']:.1f}"] in screen
        assert shown in [[cell.strip() for cell in line[1:5]] for line in card]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["missing"], 2, "no such file or folder"),
        (["empty"], 2, "no logs here"),
        (["notes.txt"], 2, "not a log of a known kind"),
        (["logs", "--source", "vscode"], 2, "did you mean vscode-recording?"),
        (["logs", "--out", "foreign"], 2, "holds other files"),
        (["logs", "--key-file", "data/key"], 2, "may not lie inside"),
        (["logs", "--jobs", "many"], 2, "--jobs"),
        ([], 2, "LOGS"),
    ],
)
def test_mistake_is_one_clear_line_and_leaves_nothing(
    logs, tmp_path, monkeypatch, capsys, arguments, code, message
):
    monkeypatch.chdir(tmp_path)
    for folder in ("empty", "foreign"):
        (tmp_path / folder).mkdir()
    (tmp_path / "foreign" / "mine.txt").write_text("mine")
    (tmp_path / "notes.txt").write_text("no log")
    before = sorted(tmp_path.rglob("*"))
    assert run(["ingest", *arguments]) == code
    output = capsys.readouterr()
    assert (output.out, output.err.count("\n")) == ("", 1)
    assert message in output.err
    assert sorted(tmp_path.rglob("*")) == before


def test_occupied_folder_is_replaced_on_demand_only(logs, tmp_path, capsys):
    arguments = ["ingest", str(logs), "--out", str(tmp_path / "data")]
    assert run(arguments) == 0
    (logs / "other.json").write_text((logs / "log.json").read_text().replace("area", "space"))
    (logs / "log.json").unlink()
    assert run(arguments) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert run([*arguments, "--overwrite"]) == 0


def test_the_last_screen_says_how_many_logs_were_done_before(logs, tmp_path, capsys):
    arguments = ["ingest", str(logs), "--out", str(tmp_path / "data")]
    assert run(arguments) == 0
    assert "before" not in capsys.readouterr().out
    assert run(arguments) == 0
    assert "had been worked through before" in capsys.readouterr().out


def test_an_unknown_engine_is_told(logs, tmp_path, capsys):
    assert run(["ingest", str(logs), "--out", str(tmp_path / "data"), "--engine", "rai"]) == 2
    assert "did you mean ray?" in capsys.readouterr().err


def test_links_in_a_loop_and_pipes_are_counted_and_the_logs_are_read(logs, tmp_path, capsys):
    (logs / "up").symlink_to(logs)
    (logs / "self").symlink_to(logs / "self")
    os.mkfifo(logs / "pipe")
    assert run(["ingest", str(logs), "--out", str(tmp_path / "data"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["quarantined"] == {
        "link that leads nowhere": 1,
        "link to a folder that it lies in": 1,
        "not a log of a known kind": 1,
    }


def test_bomb_given_by_itself_ends_in_one_line(tmp_path, capsys):
    bomb = b'{"kind":"header","time":1}\n' + b" " * (80 << 20)
    (tmp_path / "bomb").write_bytes(gzip.compress(bomb))
    assert run(["ingest", str(tmp_path / "bomb"), "--out", str(tmp_path / "data")]) == 2
    error = capsys.readouterr().err
    assert "unpacks to too much" in error
    assert len(error.strip().splitlines()) == 1
