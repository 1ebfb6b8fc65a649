"""Eq. 5 and verl's reward function."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeedit.training.reward import compute_score, edit_reward


def test_truth_scores_one():
    assert edit_reward("x = 1\n", "x = 1\n") == 1.0


def test_truth_plus_one_character_does_not_score_one():
    assert edit_reward("x = 1", "x = 12") == pytest.approx(0.5 * (1 - 1 / 6))


def test_two_empty_texts_are_a_perfect_match():
    assert edit_reward("", "") == 1.0


def test_empty_against_text_scores_zero():
    assert edit_reward("", "abc") == 0.0


def test_distance_counts_characters_not_bytes():
    assert edit_reward("größe", "größt") == pytest.approx(0.5 * (1 - 1 / 5))


@given(prediction=st.text(max_size=30), truth=st.text(max_size=30))
def test_reward_is_symmetric_and_within_bounds(prediction, truth):
    reward = edit_reward(prediction, truth)
    assert 0.0 <= reward <= 1.0
    assert reward == edit_reward(truth, prediction)


def test_score_of_a_fenced_answer_is_that_of_its_text():
    scores = compute_score("id", "```python\nx = 2\n```", "x = 2", {"original": "x = 1"})
    assert (scores["score"], scores["exact_match"], scores["unparsable"]) == (1.0, 1.0, 0.0)


def test_score_ignores_white_space_around_the_text():
    assert compute_score("id", "\n  x = 2\n", "x = 2", {"original": "x = 1"})["acc"] == 1.0


def test_no_change_is_scored_as_the_original_text():
    scores = compute_score("id", "<|no_change|>", "x = 1", {"original": "x = 1"})
    assert (scores["score"], scores["unchanged"]) == (1.0, 1.0)


def test_a_copy_of_the_range_is_marked_unchanged():
    scores = compute_score("id", "x = 1", "x = 2", {"original": "x = 1"})
    assert (scores["unchanged"], scores["acc"]) == (1.0, 0.0)
    assert scores["score"] == pytest.approx(0.5 * 0.8)


def test_an_exact_match_counts_as_a_change_only_where_one_is_needed():
    extra = {"original": "x = 1"}
    changed, left = compute_score("id", "x = 2", "x = 2", extra), compute_score("id", "x = 1", "x = 1", extra)
    assert [(scores["needs_change"], scores["exact_match_change"]) for scores in (changed, left)] == [
        (1.0, 1.0),
        (0.0, 0.0),
    ]


def test_an_answer_that_cannot_be_read_scores_zero():
    scores = compute_score("id", "<think>never ends", "x = 2", {"original": "x = 1"})
    assert (scores["score"], scores["unparsable"]) == (0.0, 1.0)


def test_score_needs_no_extra_info():
    assert compute_score("id", "x", "x")["score"] == 1.0


def test_reward_loads_no_heavy_library():
    heavy = "torch transformers pyarrow tree_sitter ray verl numpy"
    code = f"import sys, codeedit.training.reward; print([m for m in '{heavy}'.split() if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_other_terms_are_summed_and_each_is_given():
    scores = compute_score("id", "x = 2", "x = 2", {"original": "x = 1"}, reward="exact+0.2*format")
    assert (scores["score"], scores["reward_exact"], scores["reward_format"]) == (1.2, 1.0, 1.0)


def test_an_answer_that_cannot_be_read_gains_as_little_as_the_worst():
    scores = compute_score("id", "<think>never ends", "x = 2", {"original": "x = 1"}, reward="gain")
    assert scores["score"] == -1.0


def test_the_document_comes_with_the_row():
    row = {"original": "1", "language": "python", "path": "a.py", "code_above": "x = (", "code_below": ")\n"}
    scores = [compute_score("id", text, "2", row, reward="parse")["score"] for text in ("3", ")")]
    assert scores == [1.0, 0.0]
