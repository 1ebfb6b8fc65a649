import dataclasses

import pytest

from codeedit.eval.answers import GivenAnswer
from codeedit.eval.baselines import copy_answers
from codeedit.eval.contamination import Overlap
from codeedit.eval.report import Subject, make_report
from codeedit.eval.sets import Sources, load_set
from codeedit.eval.sets.base import set_from_tasks
from codeedit.records import HistoryEdit


def report(target, answers, trials=(0,)):
    return make_report(target, answers, Subject("m", trials, {}))


def truth(target):
    return {(at, 0): GivenAnswer(row.task.edit) for at, row in enumerate(target.rows)}


@pytest.fixture
def target(zeta_folder):
    return load_set("zeta-dpo", Sources(zeta=zeta_folder))


def test_truth_scores_everything_1(target) -> None:
    found = report(target, truth(target))
    names = ("exact_match", "exact_match_strict", "exact_match_change", "exact_match_no_change")
    assert [found[name] for name in (*names, "edit_similarity", "delta_chrf")] == [1.0] * 6
    assert found["unparsable"] == 0.0
    assert found["rejected_match"] == 0.0


def test_copying_is_right_exactly_where_nothing_changes(target) -> None:
    found = report(target, copy_answers(target))
    assert found["exact_match"] == found["copy_baseline"]["exact_match"] == 0.5
    assert (found["exact_match_change"], found["exact_match_no_change"]) == (0.0, 1.0)
    assert found["answered_no_change"] == 1.0


def test_the_rejected_answer_is_recognized(target) -> None:
    answers = {(at, 0): GivenAnswer(row.rejected or "") for at, row in enumerate(target.rows)}
    assert report(target, answers)["rejected_match"] == 1.0


def test_trials_are_averaged_and_listed(tasks) -> None:
    target = set_from_tasks("id", tasks)
    answers = truth(target) | {(at, 1): GivenAnswer("wrong") for at in range(4)}
    found = report(target, answers, (0, 1))
    assert found["per_trial"] == [1.0, 0.0]
    assert found["exact_match"] == 0.5
    assert found["row_exact_match"] == [0.5] * 4
    assert found["trials"] == 2


def test_rows_without_answer_are_wrong_and_counted(tasks) -> None:
    target = set_from_tasks("id", tasks)
    answers = truth(target)
    del answers[0, 0]
    answers[1, 0] = GivenAnswer("", prompt_too_long=True)
    found = report(target, answers)
    assert found["exact_match"] == 0.5
    assert found["unanswered"] == found["prompt_too_long"] == 0.25


def test_unparsable_and_truncated_answers_are_counted(tasks) -> None:
    target = set_from_tasks("id", tasks)
    answers = truth(target) | {(0, 0): GivenAnswer("<think>so", truncated=True)}
    found = report(target, answers)
    assert (found["unparsable"], found["truncated"], found["exact_match"]) == (0.25, 0.25, 0.75)


def test_languages_are_reported_the_most_frequent_first(tasks) -> None:
    found = report(set_from_tasks("id", tasks), {})["by_language"]
    assert {name: group["rows"] for name, group in found.items()} == {"python": 3, "go": 1}
    assert list(found) == ["python", "go"]
    assert found["go"]["copy_exact_match"] == 1.0


def test_the_repeat_baseline_stands_beside_copy(target) -> None:
    found = report(target, {})
    names = ("copy_baseline", "repeat_baseline")
    assert [found[name]["rows"] for name in names] == [4, 4]
    assert set(found["groups"]["change"]) == {"model", "copy", "repeat"}


def test_repeating_is_right_where_the_truth_goes_on_as_the_last_edit_did(tasks) -> None:
    renamed = HistoryEdit("a.py", "@@ -1,1 +1,1 @@\n-    return x\n+    return y\n", 0)
    going_on = [dataclasses.replace(task, history=(renamed,), edit="    return y") for task in tasks[:2]]
    found = report(set_from_tasks("id", [*going_on, tasks[3]]), {})
    assert found["repeat_baseline"]["exact_match"] == 1.0
    assert found["groups"]["change"]["repeat"]["exact_match"] == 1.0
    assert found["copy_baseline"]["exact_match"] == pytest.approx(1 / 3)


def test_sizes_go_by_the_lines_that_the_true_edit_adds_and_removes(tasks) -> None:
    long = dataclasses.replace(tasks[0], id="long", edit="\n".join(f"    line_{at}" for at in range(30)))
    found = report(set_from_tasks("id", [*tasks, long]), {})["by_size"]
    assert {name: group["rows"] for name, group in found.items()} == {
        "no change": 1,
        "1-2 lines": 3,
        "over 10 lines": 1,
    }
    assert found["no change"]["copy_exact_match"] == 1.0


def test_reversal_is_reported_over_the_rows_that_have_a_last_edit_in_the_range(tasks) -> None:
    typed = HistoryEdit(tasks[0].path, "@@ -3,2 +3,2 @@\n def f0(x):\n-    pass\n+    return x\n", 0)
    target = set_from_tasks("id", [dataclasses.replace(tasks[0], history=(typed,)), tasks[1]])
    found = report(target, {(0, 0): GivenAnswer("    pass"), (1, 0): GivenAnswer("    pass")})
    assert (found["reversal_ratio"], found["reversal_ratio_truth"], found["reversal_rows"]) == (1.0, 0.0, 1)


def test_rows_seen_in_training_are_named_and_left_out_beside(tasks) -> None:
    target = set_from_tasks("id", tasks)
    overlap = Overlap("train.parquet", 9, 3, ("task0",))
    found = make_report(target, truth(target), Subject("m", (0,), {}, overlap=overlap))
    assert found["contamination"]["rows"] == ["task0"]
    assert found["contamination"]["unseen"]["model"]["rows"] == 3
    assert "1 of 3 answers" in found["notes"][-1]


def test_a_report_that_knows_no_training_data_says_so(tasks) -> None:
    assert report(set_from_tasks("id", tasks), {})["contamination"] is None


def test_a_set_whose_rows_all_change_has_no_share_of_the_others(tasks) -> None:
    found = report(set_from_tasks("id", tasks[:2]), {})
    assert found["exact_match_no_change"] is None
    assert found["groups"]["no_change"]["model"]["exact_match_ci95"] is None


def variants(text: str) -> list[str]:
    region = f"<|editable_region_start|>\n{text}\n<|editable_region_end|>"
    return [
        text,
        text.replace("\n", "\r\n"),
        f"\n{text}\n\n",
        region,
        f"<think>\nit may change\n</think>\n\n{region}",
    ]


@pytest.mark.parametrize("number", range(5))
def test_real_truth_scores_1_in_every_form(shared, number) -> None:
    target = load_set("zeta-dpo", Sources(zeta=shared / "data/zeta"))
    answers = {(at, 0): GivenAnswer(variants(row.task.edit)[number]) for at, row in enumerate(target.rows)}
    assert report(target, answers)["exact_match"] == 1.0


def test_real_copy_baseline_is_32_of_132(shared) -> None:
    target = load_set("zeta-dpo", Sources(zeta=shared / "data/zeta"))
    found = report(target, copy_answers(target))
    assert found["exact_match"] == 32 / 132
    assert found["copy_baseline"]["exact_match"] == 32 / 132
    assert found["exact_match_change"] == 0.0


def test_real_truth_plus_one_character_scores_0(shared) -> None:
    target = load_set("zeta-dpo", Sources(zeta=shared / "data/zeta"))
    answers = {(at, 0): GivenAnswer(f"{row.task.edit}x") for at, row in enumerate(target.rows)}
    assert report(target, answers)["exact_match"] == 0.0
