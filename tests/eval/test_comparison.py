import json

import numpy as np
import pytest
from scipy.stats import binomtest

from codeedit.errors import InputError
from codeedit.eval.comparison import differences, load, load_all, verdict


def write_report(folder, rows, name="id", digest="d") -> None:
    folder.mkdir(parents=True)
    mean = sum(rows) / len(rows)
    report = {
        "set": name,
        "set_digest": digest,
        "exact_match": mean,
        "exact_match_ci95": [0, 1],
        "row_exact_match": rows,
    }
    (folder / "report.json").write_text(json.dumps(report))


def make_run(root, name, rows, **changes):
    write_report(root / "runs" / name / "eval" / "id", rows, **changes)
    (root / "runs" / name / "run.json").write_text("{}")
    lines = [{"step": step, "time": step, "metrics": {"actor/entropy": step / 2}} for step in (1, 2)]
    (root / "runs" / name / "metrics.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_clear_difference_is_called_no_noise(root) -> None:
    make_run(root, "a", [0.0] * 40)
    make_run(root, "b", [1.0] * 40)
    first, second = differences([load("a"), load("b")])
    assert first.delta is None
    assert second.delta == 1.0
    assert second.sentence.startswith("hardly noise")


def test_rows_that_need_a_change_are_told_apart_from_those_that_need_none(root) -> None:
    make_run(root, "a", [0.0, 1.0])
    file = root / "runs" / "a" / "eval" / "id" / "report.json"
    kinds = {"exact_match_change": 0.0, "exact_match_no_change": 1.0}
    file.write_text(json.dumps(json.loads(file.read_text()) | kinds))
    (found,) = differences([load("a")])
    assert (found.change, found.no_change) == (0.0, 1.0)


def test_a_small_difference_could_be_noise(root) -> None:
    make_run(root, "a", [0.0, 1.0] * 20)
    make_run(root, "b", [1.0, 0.0] * 19 + [1.0, 1.0])
    (_, second) = differences([load("a"), load("b")])
    assert second.sentence.startswith("could be noise")
    assert second.p_value > 0.05


def test_reports_on_other_rows_are_not_compared(root) -> None:
    make_run(root, "a", [0.0] * 4)
    make_run(root, "b", [1.0] * 4, digest="other")
    (_, second) = differences([load("a"), load("b")])
    assert second.delta is None
    assert "not comparable" in second.sentence


def test_training_values_are_the_last_ones(root) -> None:
    make_run(root, "a", [0.0])
    assert load("a").metrics == {"actor/entropy": 1.0}
    assert load("a").steps == 2


def test_a_folder_of_a_report_can_be_compared(root) -> None:
    write_report(root / "eval" / "id" / "baseline-copy", [1.0])
    assert load("eval/id/baseline-copy").reports["id"]["exact_match"] == 1.0


def test_a_folder_with_several_reports_on_one_set_is_an_error(root) -> None:
    write_report(root / "eval" / "id" / "a", [1.0])
    write_report(root / "eval" / "id" / "b", [1.0])
    with pytest.raises(InputError, match="several reports"):
        load("eval/id")


def test_an_unknown_run_is_an_error(root) -> None:
    with pytest.raises(InputError, match="no run nope"):
        load("nope")


def test_equal_runs_have_no_difference() -> None:
    assert verdict(0.0, 1.0) == "no difference"


def test_folders_of_one_name_are_told_apart_by_their_paths(root) -> None:
    write_report(root / "eval" / "id" / "copy", [1.0])
    write_report(root / "eval" / "other" / "copy", [1.0], name="other")
    assert [run.label for run in load_all(["eval/id/copy"])] == ["copy"]
    names = ["eval/id/copy", "eval/other/copy"]
    assert [run.label for run in load_all(names)] == names


def test_a_run_is_described_as_in_the_papers_tables(root) -> None:
    make_run(root, "a", [1.0])
    algorithm = {"name": "gapo", "base": "dapo", "estimator": "gapo", "policy_loss": "vanilla", "tau": 0.5}
    (root / "runs" / "a" / "run.json").write_text(json.dumps({"model": "tiny", "algorithm": algorithm}))
    run = load("a")
    assert (run.model, run.algorithm, run.variant) == ("tiny", "gapo (dapo)", "tau=0.5")


def test_what_was_not_trained_has_no_algorithm(root) -> None:
    write_report(root / "eval" / "id" / "copy", [1.0])
    run = load("eval/id/copy")
    assert (run.model, run.algorithm, run.variant, run.steps) == ("-", "-", "", None)


def test_two_halves_of_one_models_trials_are_seldom_told_apart(root) -> None:
    """Rows differ in difficulty; the halves of one model's trials are compared as two runs."""
    random = np.random.default_rng(11)
    called = 0
    for number in range(40):
        chances = random.beta(0.5, 1.0, 60)
        for half in "ab":
            make_run(root, f"{half}{number}", list(random.binomial(2, chances) / 2))
        (_, second) = differences([load(f"a{number}"), load(f"b{number}")])
        called += second.sentence.startswith("hardly noise")
    assert binomtest(called, 40, 0.05, "greater").pvalue > 0.01
