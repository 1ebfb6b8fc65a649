import json

import pytest

from codeedit.cli.app import run


@pytest.fixture
def runs(tmp_path, monkeypatch):
    """Two evaluated runs, a and b, and one that was only trained."""
    monkeypatch.chdir(tmp_path)
    for name, value in (("a", 0.0), ("b", 1.0)):
        folder = tmp_path / "runs" / name / "eval" / "id"
        folder.mkdir(parents=True)
        report = {
            "set": "id",
            "set_digest": "d",
            "exact_match": value,
            "exact_match_ci95": [value, value],
            "row_exact_match": [value] * 20,
        }
        (folder / "report.json").write_text(json.dumps(report))
    (tmp_path / "runs" / "trained").mkdir()
    for name in ("a", "b", "trained"):
        (tmp_path / "runs" / name / "run.json").write_text("{}")
    line = {"step": 1, "time": 0.0, "metrics": {"actor/pg_clipfrac": 0.25}}
    (tmp_path / "runs" / "trained" / "metrics.jsonl").write_text(json.dumps(line) + "\n")
    return tmp_path


def test_runs_are_compared_with_the_first(runs, capsys) -> None:
    assert run(["compare", "a", "b", "--json"]) == 0
    first, second = json.loads(capsys.readouterr().out)["sets"]
    assert (first["run"], first["delta"]) == ("a", None)
    assert second["delta"] == 1.0
    assert second["p_value"] < 0.001


def test_the_table_says_whether_it_could_be_noise(runs, capsys) -> None:
    assert run(["compare", "a", "b"]) == 0
    out = capsys.readouterr().out
    assert "+100.0" in out
    assert "hardly noise" in out


def test_training_values_are_shown(runs, capsys) -> None:
    assert run(["compare", "trained"]) == 0
    out = capsys.readouterr().out
    assert "clip fraction" in out
    assert "0.25" in out


def test_an_unknown_run_is_one_line_and_code_2(runs, capsys) -> None:
    assert run(["compare", "nope"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_runs_with_nothing_to_compare_are_code_1(runs, capsys) -> None:
    (runs / "runs" / "trained" / "metrics.jsonl").unlink()
    assert run(["compare", "trained", "--json"]) == 1
    assert "codeedit eval" in json.loads(capsys.readouterr().out)["error"]["hint"]
