"""Stored rollouts, and what other algorithms would have made of them."""

import json
from pathlib import Path

import numpy as np
import pytest

from codeedit.cli.app import run
from codeedit.errors import InputError
from codeedit.lab.replay import Group, advantages_of, replay, stored_groups
from codeedit.lab.replay_report import claim
from codeedit.runs import Run
from codeedit.training.advantages import GAPO, GRPO

LEFT = (0.1, 0.9, 0.9, 0.9, 0.95, 0.9, 0.9, 0.92)
RIGHT = tuple(1 - reward for reward in LEFT)


@pytest.fixture
def stored(tmp_path, monkeypatch):
    """A run with two steps of two groups each; the groups' rollouts are mixed."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "runs" / "one" / "rollouts"
    folder.mkdir(parents=True)
    (folder.parent / "run.json").write_text("{}")
    for step in (1, 2):
        lines = [
            {"input": prompt, "output": "", "gts": "", "score": rewards[i], "step": step}
            for i in range(8)
            for prompt, rewards in (("p", LEFT), ("q", RIGHT))
        ]
        (folder / f"{step}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return Run(folder.parent)


def test_a_group_is_one_prompt_of_one_step_in_rollout_order(stored):
    assert stored_groups(stored) == [Group(1, LEFT), Group(1, RIGHT), Group(2, LEFT), Group(2, RIGHT)]


def test_what_else_a_rollout_or_the_folder_has_changes_nothing(stored):
    before = stored_groups(stored)
    file = stored.rollouts / "1.jsonl"
    rows = [{**json.loads(line), "uid": "a_0_0", "advantage": 0.5} for line in file.read_text().splitlines()]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    (stored.rollouts / ".scores-3.jsonl").write_text(
        '{"uid": "a_0_0", "advantage": 0.5}\n'
    )  # of a step given up
    assert stored_groups(stored) == before


def test_advantages_are_the_estimators_own_for_groups_of_unequal_size():
    groups = [Group(1, LEFT), Group(1, (0.0, 1.0, 0.5)), Group(1, RIGHT)]
    found = advantages_of(groups, "gapo")
    for group, advantages in zip(groups, found, strict=True):
        assert advantages == pytest.approx(GAPO(tau=0.5)(np.array([group.rewards]))[0])


def test_the_share_of_negative_advantages_is_counted_by_class(stored):
    report = replay(stored_groups(stored))
    expected = float((GRPO()(np.array([LEFT])) < 0).mean())
    assert report["negative"]["grpo"]["left-skewed"]["mean"] == pytest.approx(expected)
    assert report["classes"] == {"left-skewed": 2, "right-skewed": 2, "symmetric": 0, "degenerate": 0}


def test_opposite_signs_are_counted(stored):
    report = replay(stored_groups(stored))
    row = next(row for row in report["disagreements"] if row["algorithms"] == ["grpo", "gapo"])
    one, other = (advantages_of([Group(1, LEFT)], name)[0] for name in ("grpo", "gapo"))
    assert row["left-skewed"]["mean"] == pytest.approx(float((one * other < 0).mean()))


def test_the_claim_of_the_paper_is_tested_with_an_interval():
    rng = np.random.default_rng(0)
    left = [Group(i, tuple(1 - rng.beta(1, 8, 8))) for i in range(40)]
    right = [Group(i, tuple(rng.beta(1, 8, 8))) for i in range(40)]
    assert "[" in claim(replay(left + right))


def test_the_claim_says_where_groups_are_too_few():
    assert "too few" in claim(replay([Group(1, LEFT)]))


def test_a_line_that_is_no_rollout_is_an_error_with_its_place(stored):
    with (stored.rollouts / "2.jsonl").open("a") as file:
        file.write('{"score": "high"}\n')
    with pytest.raises(InputError, match=r"2\.jsonl:17: no rollout"):
        stored_groups(stored)


def test_the_command_shows_and_writes(stored, capsys):
    assert run(["lab", "replay", "one", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["groups"] == 4
    assert json.loads(Path("lab/replay/one/report.json").read_text()) == printed


def test_a_run_without_rollouts_is_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs" / "bare").mkdir(parents=True)
    (tmp_path / "runs" / "bare" / "run.json").write_text("{}")
    assert run(["lab", "replay", "bare"]) == 2
    assert "no stored rollouts" in capsys.readouterr().err
