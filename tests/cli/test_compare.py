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


def test_a_page_and_plots_are_written(runs, capsys) -> None:
    assert run(["compare", "a", "trained", "--json"]) == 0
    files = json.loads(capsys.readouterr().out)["files"]
    assert files["page"] == "compare/a-trained/compare.html"
    assert all((runs / file).is_file() for file in (files["page"], *files["plots"]))
    assert len(files["plots"]) in (0, 2)  # without and with matplotlib


def test_the_page_goes_where_it_is_wanted(runs, capsys) -> None:
    assert run(["compare", "a", "b", "--out", "here"]) == 0
    assert (runs / "here" / "compare.html").is_file()
    assert "Page: here/compare.html" in capsys.readouterr().out


def test_missing_matplotlib_costs_the_plots_only(runs, capsys, monkeypatch) -> None:
    monkeypatch.setattr("codeedit.eval.plots.can_plot", lambda: False)
    assert run(["compare", "trained"]) == 0
    out = capsys.readouterr().out
    assert "pip install matplotlib" in out
    assert (runs / "compare" / "trained" / "compare.html").is_file()


def test_a_run_named_twice_is_one_line_and_code_2(runs, capsys) -> None:
    assert run(["compare", "a", "a"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_table_says_how_runs_were_trained(runs, capsys) -> None:
    for name, tau in (("a", 0.5), ("b", 0.75)):
        algorithm = {"name": "gapo", "base": "grpo", "estimator": "gapo", "tau": tau}
        settings = {"model": "tiny", "algorithm": algorithm}
        (runs / "runs" / name / "run.json").write_text(json.dumps(settings))
    assert run(["compare", "a", "b"]) == 0
    out = capsys.readouterr().out
    assert "tau=0.5" in out
    assert "tau=0.75" in out
    assert out.count("gapo (grpo)") == 2
