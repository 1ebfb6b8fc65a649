import pytest

from codeedit.eval.answers import GivenAnswer
from codeedit.eval.baselines import copy_answers
from codeedit.eval.report import Subject, make_report
from codeedit.eval.sets import Sources, load_set
from codeedit.eval.sets.base import set_from_tasks


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
