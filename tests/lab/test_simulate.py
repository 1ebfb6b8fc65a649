"""The simulation as a whole: pairing, known answers, what it writes."""

import json
from dataclasses import replace

import numpy as np
import pytest

from codeedit.cli.app import run
from codeedit.lab.contestants import CONTESTANTS, Contestant
from codeedit.lab.gradient import Setting
from codeedit.lab.learning import learn
from codeedit.lab.paired import discoveries, estimate
from codeedit.lab.simulate import QUICK, Plan, as_dict, known_answers, simulate
from codeedit.lab.simulate_report import as_markdown, verdicts

SMALL = replace(
    QUICK,
    shapes=("eq5",),
    noises=(0.0,),
    contestants=("grpo", "mean", "gapo"),
    seeds=24,
    tuning_seeds=3,
    prompts=4,
    batches=4,
    steps=8,
)


@pytest.fixture(scope="module")
def rows():
    return simulate(SMALL)


def test_the_known_answers_are_reproduced():
    assert [check.name for check in known_answers(SMALL) if not check.passed] == []


def test_learning_raises_exact_match(rows):
    for row in rows:
        assert row.curve[-1] > row.curve[0]


def test_all_contestants_start_from_the_same_policies(rows):
    assert len({row.curve[0] for row in rows}) == 1


def test_the_baseline_has_no_difference_to_itself(rows):
    assert [row.contestant for row in rows if not row.differences] == ["grpo"]


def test_a_contestant_that_is_the_baseline_under_another_name_has_no_difference():
    twin = CONTESTANTS["grpo"]
    setting = Setting("eq5", 0.1, 4)
    curves = [
        learn(setting, one, seeds=5, prompts=4, steps=5, learning_rate=0.2)
        for one in (CONTESTANTS["grpo"], twin)
    ]
    assert (curves[0] == curves[1]).all()


def test_the_scale_of_advantages_changes_nothing_in_learning():
    doubled = Contestant("twice the mean", lambda rewards: 2 * CONTESTANTS["mean"].advantages(rewards))
    setting = Setting("eq5", 0.0, 4)
    one, other = (
        learn(setting, contestant, seeds=5, prompts=4, steps=10, learning_rate=0.2)
        for contestant in (CONTESTANTS["mean"], doubled)
    )
    assert one == pytest.approx(other, abs=1e-6)


def test_the_same_plan_gives_the_same_rows(rows):
    assert simulate(SMALL) == rows


def test_an_interval_covers_the_mean_in_about_95_of_100_cases():
    rng = np.random.default_rng(0)
    found = [estimate(rng.normal(0.3, 1, 40)) for _ in range(400)]
    covered = sum(one.low <= 0.3 <= one.high for one in found)
    assert 360 <= covered <= 398


def test_hardly_any_discovery_is_made_where_nothing_differs():
    rng = np.random.default_rng(1)
    assert sum(discoveries([estimate(rng.normal(0, 1, 40)) for _ in range(200)])) <= 2


def test_every_difference_in_the_report_has_an_interval(rows):
    report = as_dict(SMALL, rows, [], 0.0)
    for row in report["rows"]:
        for difference in row["difference"].values():
            assert difference is None or len(difference["ci95"]) == 2


def test_the_verdict_counts_every_cell_once(rows):
    report = as_dict(SMALL, rows, [], 0.0)
    assert {sum(counts) for _, *counts in verdicts(report)} == {len(SMALL.settings())}


def test_the_page_has_a_row_for_each_contestant(rows):
    page = as_markdown(as_dict(SMALL, rows, [], 0.0))
    assert all(f"| {name} |" in page for name in SMALL.contestants)


def test_the_whole_grid_has_every_shape_with_every_noise_and_every_size():
    cells = Plan().settings()
    assert len(cells) == len(set(cells))
    assert {(cell.shape, cell.noise) for cell in cells if cell.group_size == 8} == {
        (shape, noise) for shape in Plan().shapes for noise in Plan().noises
    }
    assert {cell.group_size for cell in cells} == set(Plan().group_sizes)


def test_the_command_writes_report_page_and_json(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("codeedit.lab.simulate.QUICK", SMALL)
    monkeypatch.chdir(tmp_path)
    assert run(["lab", "simulate", "--quick", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads((tmp_path / "lab/simulate/report.json").read_text())
    assert (tmp_path / "lab/simulate/report.md").is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--shape", "eq6"], "did you mean eq5?"),
        (["--algo", "gap"], "did you mean gapo?"),
        (["--algo", "grpo"], "nothing to be compared with"),
    ],
)
def test_a_wrong_word_is_one_line(words, said, capsys):
    assert run(["lab", "simulate", *words]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_gapo_multi_is_judged_by_the_rule_for_candidates():
    plan = replace(SMALL, contestants=("grpo", "gapo", "gapo-multi"))
    assert list(as_dict(plan, simulate(plan), [], 0.0)["candidates"]) == ["gapo-multi"]
