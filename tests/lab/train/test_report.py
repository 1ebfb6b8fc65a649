"""The report: its numbers follow from the folders, and no difference stands without an interval."""

import json

import numpy as np
import pytest

from codeedit.cli.app import run as command
from codeedit.eval.plots import can_plot
from codeedit.lab.tasks.kinds import kind_of
from codeedit.lab.train.report import as_dict, as_markdown, make_report
from codeedit.lab.train.results import read_results
from codeedit.pipeline.task_table import read_tasks


@pytest.fixture
def filled(lab, make_run):
    """GRPO and GAPO with two seeds, DAPO with one, and a run that has not ended."""
    for seed, (grpo, gapo) in enumerate([(0.5, 0.6), (0.55, 0.7)], 1):
        make_run("grpo", "exact", seed, grpo)
        make_run("gapo", "exact", seed, gapo, validation=((0, 0.5), (5, 0.7), (10, 0.8)))
    make_run("dapo", "exact", 1, 0.4)
    make_run("krpo", "exact", 1, 0.4, steps=4)
    return lab


def row(report, arm, name="id-test"):
    return next(one for one in report["scores"] if (one["algorithm"], one["set"]) == (arm, name))


def test_exact_match_is_the_mean_of_the_seeds_in_the_folders(filled):
    report = as_dict(filled, read_results(filled))
    assert row(report, "gapo")["exact_match"] == pytest.approx((0.6 + 0.7) / 2)
    assert row(report, "gapo")["seeds"] == [1, 2]


def test_a_changed_folder_changes_the_report(filled, make_reports):
    make_reports(filled.run("gapo-exact-seed1"), 0.9)
    report = as_dict(filled, read_results(filled))
    assert row(report, "gapo")["exact_match"] == pytest.approx((0.9 + 0.7) / 2)


def test_a_run_that_has_not_ended_is_counted_and_not_scored(filled):
    report = as_dict(filled, read_results(filled))
    assert report["unfinished"] == ["krpo-exact-seed1"]
    assert "krpo" not in {one["algorithm"] for one in report["scores"]}


def test_differences_are_taken_seed_by_seed(filled):
    (test,) = row(as_dict(filled, read_results(filled)), "gapo")["against"]
    assert test["algorithm"] == "grpo"
    assert test["difference"] == pytest.approx((0.1 + 0.15) / 2)
    low, high = test["ci95_seeds"]
    # Student's t with one degree of freedom.
    assert (high - low) / 2 == pytest.approx(12.706 * np.std([0.1, 0.15], ddof=1) / np.sqrt(2), rel=1e-3)


def test_no_interval_of_a_share_leaves_0_to_1(lab, make_run):
    for seed, score in enumerate((0.75, 1.0), 1):
        make_run("grpo", "exact", seed, score)
    report = as_dict(lab, read_results(lab))
    low, high = row(report, "grpo")["ci95_seeds"]
    assert (low, high) == (0.0, 1.0)
    assert report["rollouts"][0]["exact match of rollouts"]["ci95_seeds"] == [0.0, 1.0]


def test_each_kind_of_task_has_its_exact_match(filled):
    report = as_dict(filled, read_results(filled))
    found = row(report, "grpo")["kinds"]
    kinds = [kind_of(task) for task in read_tasks(filled.tasks / "id-test", "test")]
    assert sum(found[kind] * kinds.count(kind) for kind in found) / len(kinds) == pytest.approx(0.525)
    assert "### Exact match by kind of task" in as_markdown(report)


def test_with_one_seed_nothing_is_said_of_the_algorithm(filled):
    report = as_dict(filled, read_results(filled))
    (test,) = row(report, "dapo")["against"]
    assert test["ci95_seeds"] is None
    assert test["p_value_seeds"] is None
    assert not test["differs"]
    assert test["ci95_tasks"][0] < test["difference"] < test["ci95_tasks"][1]
    assert "one seed: nothing is said of the algorithm" in as_markdown(report)


def test_a_steady_gain_over_many_seeds_is_found(lab, make_run):
    for seed in range(1, 7):
        make_run("grpo", "exact", seed, 0.4 + 0.025 * (seed % 2))
        make_run("gapo", "exact", seed, 0.6 + 0.025 * (seed % 3))
    (test,) = row(as_dict(lab, read_results(lab)), "gapo")["against"]
    assert test["differs"]


def test_every_difference_in_the_report_has_an_interval(filled):
    for one in as_dict(filled, read_results(filled))["scores"]:
        assert one["ci95_tasks"]
        assert all(test["ci95_tasks"] for test in one["against"])


def test_the_step_delta_is_how_much_earlier_the_baselines_best_is_reached(filled):
    deltas = {one["algorithm"]: one for one in as_dict(filled, read_results(filled))["step_deltas"]}
    assert deltas["gapo"]["steps_earlier"] == 5  # at step 5 it has what GRPO has at step 10
    assert deltas["gapo"]["reached"] == 2


def test_a_run_that_never_reaches_the_baselines_best_has_no_delta(lab, make_run):
    make_run("grpo", "exact", 1, 0.5, validation=((0, 0.5), (10, 0.9)))
    make_run("gapo", "exact", 1, 0.5, validation=((0, 0.5), (10, 0.8)))
    (delta,) = as_dict(lab, read_results(lab))["step_deltas"]
    assert (delta["reached"], delta["steps_earlier"], delta["ci95_seeds"]) == (0, None, None)


def test_rollouts_are_compared_with_the_baselines_seed_by_seed(filled):
    report = as_dict(filled, read_results(filled))
    gapo = next(one for one in report["rollouts"] if one["algorithm"] == "gapo")
    assert gapo["exact match of rollouts"]["difference"] == pytest.approx(0.125)
    assert gapo["unchanged rollouts"]["difference"] == pytest.approx(0.0)


def test_rewards_are_kept_apart(lab, make_run):
    make_run("grpo", "exact", 1, 0.5)
    make_run("gapo", "eq5", 1, 0.5)
    report = as_dict(lab, read_results(lab))
    assert [one["against"] for one in report["scores"]] == [[], [], [], []]
    assert "## Reward eq5" in as_markdown(report)


def test_the_report_is_written_with_plots_and_can_be_made_again(filled):
    report, files = make_report(filled)
    again, _ = make_report(filled)
    assert json.loads((filled.path / "report.json").read_text()) == json.loads(json.dumps(again))
    names = {file.name for file in files}
    assert {"report.json", "report.md"} <= names
    if can_plot():
        assert {"curves-exact.png", "differences.png"} <= names
        assert all(file.stat().st_size > 0 for file in files)
    assert report["hours"] == pytest.approx(5 * 0.1)


def test_the_command_prints_what_it_writes(filled, capsys):
    assert command(["lab", "train", "--report", "--out", str(filled.path), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads((filled.path / "report.json").read_text())


def test_a_lab_without_a_finished_run_says_so(lab, capsys):
    assert command(["lab", "train", "--report", "--out", str(lab.path)]) == 2
    assert "no run of this lab is finished" in capsys.readouterr().err


def test_no_lab_is_one_line(tmp_path, capsys):
    assert command(["lab", "train", "--report", "--out", str(tmp_path / "none")]) == 2
    error = capsys.readouterr().err
    assert "no lab here" in error
    assert error.count("\n") == 1


def test_the_list_of_runs_says_which_are_done(filled, capsys):
    words = ["lab", "train", "--dry-run", "--out", str(filled.path), "--algo", "gapo", "--reward", "exact"]
    assert command([*words, "--json"]) == 0
    runs = json.loads(capsys.readouterr().out)["runs"]
    assert [(run["name"], run["state"]) for run in runs] == [
        ("gapo-exact-seed1", "done"),
        ("gapo-exact-seed2", "done"),
        ("gapo-exact-seed3", "to do"),
    ]


def test_a_setting_that_contradicts_the_lab_is_one_line(filled, capsys):
    assert command(["lab", "train", "--out", str(filled.path), "--steps", "20"]) == 2
    assert "this lab has steps 10, not 20" in capsys.readouterr().err
