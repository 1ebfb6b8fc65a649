"""Predictions whose scores are known beforehand get exactly those, through the file that users write."""

import json

import pytest

from codeedit.eval.evaluate import evaluate_predictions
from codeedit.eval.sets import Sources, load_set

START, END = "<|editable_region_start|>", "<|editable_region_end|>"


@pytest.fixture
def target(zeta_folder, monkeypatch, tmp_path):
    """Four rows, two of which need no change; two have a rejected answer."""
    monkeypatch.chdir(tmp_path)
    return load_set("zeta-dpo", Sources(zeta=zeta_folder))


@pytest.fixture
def score(target, tmp_path):
    def score(answer, **fields):
        lines = [{"row": row.key, "answer": answer(row), **fields} for row in target.rows]
        path = tmp_path / "p.jsonl"
        path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
        return evaluate_predictions(target, path, label=None, trials=None, allow_missing=False).report

    return score


def truth(row) -> str:
    return row.task.edit


FORMS = {
    "as it is": truth,
    "CRLF": lambda row: truth(row).replace("\n", "\r\n"),
    "CR": lambda row: truth(row).replace("\n", "\r"),
    "in a fence": lambda row: f"```python\n{truth(row)}\n```",
    "in markers": lambda row: f"{START}\n{truth(row)}\n{END}",
    "after a thought": lambda row: f"<think>\nperhaps x = 9?\n</think>\n\n{truth(row)}",
    "after a thought with a fence": lambda row: f"<think>\n```\nx = 9\n```\n</think>\n```\n{truth(row)}\n```",
    "as no change where none is due": lambda row: "<|no_change|>" if row.task.no_change else truth(row),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_truth_scores_1_in_every_form(score, form) -> None:
    found = score(FORMS[form])
    assert (found["exact_match"], found["unparsable"], found["rejected_match"]) == (1.0, 0.0, 0.0)
    assert found["exact_match_strict"] == found["edit_similarity"] == found["delta_chrf"] == 1.0
    assert found["lines"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}


@pytest.mark.parametrize("pad", ["{}\n", "\n{}", "{}  ", "\t{}"])
def test_white_space_around_counts_in_strict_exact_match_alone(score, pad) -> None:
    found = score(lambda row: f"{START}\n{pad.format(truth(row))}\n{END}")
    assert found["exact_match"] == 1.0
    assert found["exact_match_strict"] == 0.0


def test_white_space_inside_is_wrong(score) -> None:
    assert score(lambda row: truth(row).replace(" = ", "  = "))["exact_match"] == 0.5


def test_copies_are_right_where_no_change_is_due(score) -> None:
    found = score(lambda row: row.task.original)
    assert (found["exact_match"], found["answered_no_change"]) == (0.5, 1.0)
    assert (found["exact_match_change"], found["exact_match_no_change"]) == (0.0, 1.0)
    assert found["lines"]["recall"] == 0.0


def test_rejected_answers_are_known_as_such(score) -> None:
    found = score(lambda row: row.rejected if row.rejected is not None else truth(row))
    assert (found["rejected_match"], found["exact_match"]) == (1.0, 0.5)


def test_one_character_more_is_wrong_everywhere(score) -> None:
    assert score(lambda row: f"{truth(row)}#")["exact_match"] == 0.0


def test_thoughts_without_an_end_are_unparsable(score) -> None:
    found = score(lambda row: f"<think>\n{truth(row)}", truncated=True)
    assert (found["unparsable"], found["truncated"], found["exact_match"]) == (1.0, 1.0, 0.0)


def test_answers_cut_off_are_wrong_unless_all_of_it_is_there(score) -> None:
    found = score(lambda row: truth(row)[:-1] if row.key == 0 else truth(row), truncated=True)
    assert (found["truncated"], found["exact_match"]) == (1.0, 0.75)


def test_empty_answers_empty_the_range(score) -> None:
    assert score(lambda _: "")["exact_match"] == 0.0


def test_real_rejected_answers_match_and_undo_the_users_last_edit_far_more_than_the_truth(
    shared, tmp_path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    target = load_set("zeta-dpo", Sources(zeta=shared / "data/zeta"))
    lines = [{"row": row.key, "answer": f"{START}\n{row.rejected}\n{END}"} for row in target.rows]
    (tmp_path / "p.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    found = evaluate_predictions(
        target, tmp_path / "p.jsonl", label=None, trials=None, allow_missing=False
    ).report
    assert found["rejected_match"] == 1.0
    assert found["exact_match"] == 1 / 132
    assert found["reversal_ratio"] > 5 * found["reversal_ratio_truth"]
