import http.server
import json
import threading

import pytest

from codeedit.cli.app import run

REGION = "<|editable_region_start|>\n{}\n<|editable_region_end|>"


def excerpt(region: str) -> str:
    return f"```a.py\nimport os\n{REGION.format(region)}\n```"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def zeta(tmp_path):
    """A folder with three rows; the last needs no change."""
    edits = [("x = 1", "x = 2"), ("", "y"), ("z", "z")]
    rows = [
        {
            "events": "",
            "input": excerpt(f"<|user_cursor_is_here|>{old}"),
            "output": excerpt(new),
            "rejected": "",
        }
        for old, new in edits
    ]
    (tmp_path / "zeta").mkdir()
    (tmp_path / "zeta" / "dpo.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return str(tmp_path / "zeta")


def predictions(path, answers) -> str:
    path.write_text(
        "".join(f"{json.dumps({'row': at, 'answer': text})}\n" for at, text in enumerate(answers))
    )
    return str(path)


def evaluate(capsys, *args: str, code: int = 0):
    assert run(["eval", "--set", "zeta-dpo", *args, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_the_copy_baseline_is_right_where_nothing_changes(zeta, capsys) -> None:
    report = evaluate(capsys, "--zeta", zeta, "--baseline", "copy")
    assert report["exact_match"] == report["copy_baseline"]["exact_match"] == pytest.approx(1 / 3)
    assert report["exact_match_no_change"] == 1.0


def test_json_has_the_agreed_keys(zeta, capsys) -> None:
    keys = {
        "set",
        "model",
        "rows",
        "trials",
        "exact_match",
        "exact_match_ci95",
        "per_trial",
        "exact_match_change",
        "exact_match_no_change",
        "edit_similarity",
        "unparsable",
        "copy_baseline",
    }
    assert keys <= set(evaluate(capsys, "--zeta", zeta, "--baseline", "copy"))


def test_truth_as_predictions_scores_1(zeta, capsys, folder) -> None:
    file = predictions(folder / "p.jsonl", ["x = 2", "y", "<|no_change|>"])
    report = evaluate(capsys, "--zeta", zeta, "--predictions", file)
    assert report["exact_match"] == 1.0
    assert report["model"] == "predictions-p"


def test_the_report_is_written_where_it_is_said(zeta, capsys, folder) -> None:
    file = predictions(folder / "p.jsonl", ["x = 2", "y", "z"])
    report = evaluate(capsys, "--zeta", zeta, "--predictions", file, "--model", "mine")
    stored = json.loads((folder / report["files"]["report"]).read_text())
    assert stored["exact_match"] == 1.0
    assert report["files"]["report"] == "eval/zeta-dpo/mine/report.json"
    assert (folder / report["files"]["page"]).name == "report.html"
    assert (folder / report["files"]["page"]).is_file()


def test_the_table_shows_both_kinds_of_rows_and_the_baseline(zeta, capsys) -> None:
    assert run(["eval", "--set", "zeta-dpo", "--zeta", zeta, "--baseline", "copy"]) == 0
    out = capsys.readouterr().out
    assert all(text in out for text in ("need a change", "need none", "copy", "33.3", "report.json"))


def test_other_content_than_zetas_is_noted_on_stderr(zeta, capsys) -> None:
    assert run(["eval", "--set", "zeta-dpo", "--zeta", zeta, "--baseline", "copy", "--json"]) == 0
    assert "differs from zed-industries/zeta" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--baseline", "copi"], "did you mean copy?"),
        (["--baseline", "copy", "--predictions", "x"], "exclude each other"),
        (["--baseline", "copy", "--model", "x"], "a baseline has no model"),
        (["--allow-missing", "--baseline", "copy"], "only --predictions"),
        (["--predictions", "none.jsonl"], "none.jsonl: cannot be read"),
        (["--engine", "vlm"], "unknown engine"),
        (["--model", "tinny"], "did you mean tiny?"),
        (["--trials", "0"], "--trials"),
        ([], "no run yet"),
    ],
)
def test_bad_usage_is_one_line_and_code_2(zeta, capsys, folder, args, message) -> None:
    assert run(["eval", "--set", "zeta-dpo", "--zeta", zeta, *args]) == 2
    captured = capsys.readouterr()
    lines = [line for line in captured.err.splitlines() if "note:" not in line]
    assert len(lines) == 1
    assert message in lines[0]
    assert not (folder / "eval").exists()


def test_missing_predictions_are_an_error_unless_allowed(zeta, capsys, folder) -> None:
    file = predictions(folder / "p.jsonl", ["x = 2"])
    error = evaluate(capsys, "--zeta", zeta, "--predictions", file, code=2)["error"]
    assert "2 answers are missing" in error["message"]
    report = evaluate(capsys, "--zeta", zeta, "--predictions", file, "--allow-missing")
    assert report["exact_match"] == pytest.approx(1 / 3)


def test_the_number_of_trials_is_checked_against_the_file(zeta, capsys, folder) -> None:
    file = predictions(folder / "p.jsonl", ["x = 2", "y", "z"])
    error = evaluate(capsys, "--zeta", zeta, "--predictions", file, "--trials", "5", code=2)["error"]
    assert "1 trials in this file, but --trials 5" in error["message"]


def test_no_data_yet_says_how_to_make_some(capsys) -> None:
    assert run(["eval", "--set", "id", "--baseline", "copy"]) == 2
    assert "codeedit ingest" in capsys.readouterr().err


def test_an_interrupt_says_that_answers_are_kept(zeta, capsys, monkeypatch) -> None:
    from codeedit.eval import evaluate as module

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "evaluate_model", stop)
    assert run(["eval", "--set", "zeta-dpo", "--zeta", zeta, "--model", "tiny"]) == 130
    assert "answers given so far are kept" in capsys.readouterr().err


def test_rows_in_one_language_have_a_report_of_their_own(zeta, capsys) -> None:
    report = evaluate(capsys, "--zeta", zeta, "--baseline", "copy", "--language", "Python", "--limit", "2")
    assert report["rows"] == 2
    assert report["notes"][-1] == "2 of 3 rows: python, drawn 2"
    assert report["files"]["report"] == "eval/zeta-dpo/baseline-copy-python-drawn-2/report.json"


def test_predictions_for_a_whole_set_can_be_scored_in_part(zeta, capsys, folder) -> None:
    file = predictions(folder / "p.jsonl", ["x = 2", "y", "wrong"])
    assert evaluate(capsys, "--zeta", zeta, "--predictions", file, "--limit", "2")["exact_match"] == 1.0


def test_a_set_without_a_row_in_the_language_is_an_error_that_counts_what_it_has(zeta, capsys) -> None:
    assert run(["eval", "--set", "zeta-dpo", "--zeta", zeta, "--baseline", "copy", "--language", "go"]) == 2
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "note:" not in line]
    assert "--language: no row of the set zeta-dpo is in go; it has: python 3" in line


def test_an_option_that_the_engine_does_not_have_is_an_error(zeta, capsys) -> None:
    assert run(["eval", "--set", "zeta-dpo", "--zeta", zeta, "--engine", "hf", "--url", "http://x"]) == 2
    assert "--url: the engine hf has no such option" in capsys.readouterr().err


def test_a_server_that_dies_keeps_what_it_answered_and_the_same_command_goes_on(
    zeta, capsys, folder, monkeypatch
) -> None:
    from codeedit.eval.engines import openai_client

    monkeypatch.setattr(openai_client, "_FIRST_PAUSE", 0.001)
    monkeypatch.setattr(openai_client, "_LONGEST_PAUSE", 0.001)
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        limit = 4

        def log_message(self, *_: object) -> None:
            """Print nothing."""

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if len(asked) >= Handler.limit:
                self.connection.close()
                return
            asked.append(body["seed"])
            answer = {"choices": [{"finish_reason": "stop", "message": {"content": "x = 2"}}]}
            text = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/v1"
    args = ["--zeta", zeta, "--engine", "openai", "--url", url, "--model", "m", "--trials", "3"]
    try:
        failed = run(["eval", "--set", "zeta-dpo", *args])
        (line,) = [line for line in capsys.readouterr().err.splitlines() if "note:" not in line]
        assert failed == 1
        assert "run the same command again" in line
        Handler.limit = 100
        report = evaluate(capsys, *args)
    finally:
        server.shutdown()
        server.server_close()
    assert report["exact_match"] == pytest.approx(1 / 3)
    assert len(asked) == len(set(asked)) == 9
    assert (report["engine"], report["url"], report["model"]) == ("openai", url, "m")


@pytest.mark.slow
def test_the_tiny_model_is_evaluated_and_goes_on_from_its_answers(zeta, capsys, monkeypatch, folder) -> None:
    monkeypatch.setenv("CODEEDIT_CACHE", str(folder / "cache"))
    first = evaluate(capsys, "--zeta", zeta, "--model", "tiny", "--trials", "1")
    answers = (folder / first["files"]["answers"]).read_text()
    second = evaluate(capsys, "--zeta", zeta, "--model", "tiny", "--trials", "2")
    assert (folder / second["files"]["answers"]).read_text().startswith(answers)
    assert len(second["per_trial"]) == len(second["seeds"]) == 2
    assert second["per_trial"][0] == first["exact_match"]


def test_real_copy_baseline_is_32_of_132(shared, capsys) -> None:
    report = evaluate(capsys, "--zeta", str(shared / "data/zeta"), "--baseline", "copy")
    assert (report["rows"], report["exact_match"]) == (132, 32 / 132)


def test_real_outputs_as_predictions_score_1(shared, capsys, folder) -> None:
    rows = (shared / "data/zeta/dpo.jsonl").read_text().splitlines()
    file = predictions(folder / "p.jsonl", [json.loads(row)["output"] for row in rows])
    report = evaluate(capsys, "--zeta", str(shared / "data/zeta"), "--predictions", file)
    assert (report["exact_match"], report["exact_match_strict"], report["unparsable"]) == (1.0, 1.0, 0.0)
