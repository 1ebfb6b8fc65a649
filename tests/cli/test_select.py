import json

import pytest

from codeedit.cli.app import run
from codeedit.eval import engines
from codeedit.eval.engines import Generation, Work
from codeedit.pipeline.prompt_builder import Budget
from codeedit.pipeline.task_table import write_tasks
from codeedit.records import Origin, Task


class Guesser:
    """Answers the first task right in its first sample, all else wrong."""

    context = None
    tokenizer = None
    work = Work()

    def served(self, _name):
        return None

    def open(self, _source):
        return self

    def budget(self, max_tokens):
        return Budget(max_tokens, lambda texts: [1 for _ in texts], lambda _: 1)

    def describe(self):
        return {"engine": "guesser"}

    def generate(self, prompts, pairs, sampling):
        assert len(prompts) == 2
        assert sampling.temperature == 1.0
        for at, trial in pairs:
            yield Generation(at, trial, "1 y" if (at, trial) == (0, 0) else "1 #####", truncated=False)


@pytest.fixture
def data(tmp_path, monkeypatch):
    """Two training tasks, and an engine that makes guesses."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CODEEDIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(engines, "engine_settings", lambda *_: Guesser())
    tasks = [
        Task(f"t{at}", "s", "s", "p", "a.py", "python", Origin.HUMAN, 0, "x\n", 0, 1, 0, (), None, "y", False)
        for at in range(2)
    ]
    (tmp_path / "data").mkdir()
    write_tasks(tasks, tmp_path / "data" / "train-00000.parquet")
    return tmp_path


def test_tasks_with_unequal_rewards_are_selected(data, capsys) -> None:
    args = ["select", "--model", "tiny", "--samples", "2", "--out", "s.jsonl", "--json"]
    assert run(args) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["tasks"], shown["selected"]) == (2, 1)
    rows = [json.loads(line) for line in (data / "s.jsonl").read_text().splitlines()]
    assert [(row["id"], row["selected"]) for row in rows] == [("t0", True), ("t1", False)]
    assert shown["selected_by_language"] == {"python": 1}
    assert shown["shapes"]["degenerate"] == 1


def test_the_same_command_with_other_wishes_takes_the_answers_that_are_there(
    data, capsys, monkeypatch
) -> None:
    args = ["select", "--model", "tiny", "--samples", "2", "--out", "s.jsonl", "--json"]
    assert run(args) == 0
    monkeypatch.setattr(Guesser, "generate", lambda *_: pytest.fail("asked again"))
    assert run([*args, "--band", "0.9:1"]) == 1
    assert run([*args, "--reward", "exact", "--most", "1", "--balance"]) == 0


@pytest.mark.parametrize(
    "wrong", [["--band", "3"], ["--balance"], ["--reward", "good"], ["--template", "none"]]
)
def test_wrong_wishes_are_code_2_before_anything_is_sampled(data, wrong) -> None:
    assert run(["select", "--model", "tiny", *wrong]) == 2
    assert not (data / "eval").exists()


def test_nothing_selected_is_code_1(data, capsys) -> None:
    args = ["select", "--model", "tiny", "--samples", "2", "--min-spread", "1", "--json"]
    assert run(args) == 1
    assert "error" in json.loads(capsys.readouterr().out)


def test_another_suffix_is_code_2_before_anything_is_sampled(data, capsys) -> None:
    assert run(["select", "--model", "tiny", "--out", "s.csv"]) == 2
    assert not (data / "eval").exists()


def test_no_data_is_one_line_and_code_2(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["select", "--model", "tiny"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
