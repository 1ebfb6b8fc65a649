from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeedit.eval.metrics import (
    delta_chrf,
    edit_reward,
    edit_similarity,
    exact_match,
    exact_match_strict,
    line_counts,
)

ORIGINAL = "def total(x):\n    return x"
TRUTH = "def total(x):\n    return sum(x)"
TEXT = st.text(alphabet="ab \nxß", max_size=30)


def line_f1(original: str, prediction: str, truth: str) -> float:
    return line_counts(original, prediction, truth).f1


@pytest.mark.parametrize("score", [exact_match, exact_match_strict, edit_similarity, edit_reward])
def test_truth_scores_1_and_truth_plus_one_character_does_not(score) -> None:
    assert score(TRUTH, TRUTH) == 1.0
    assert score(f"{TRUTH}x", TRUTH) < 1.0


@pytest.mark.parametrize("score", [delta_chrf, line_f1])
@pytest.mark.parametrize("extra", ["x", " "])
def test_truth_scores_1_against_the_original_and_truth_plus_one_character_does_not(score, extra) -> None:
    assert score(ORIGINAL, TRUTH, TRUTH) == 1.0
    assert score(ORIGINAL, TRUTH + extra, TRUTH) < 1.0


def test_exact_match_strips_and_takes_any_line_ends() -> None:
    assert exact_match("\n  a\r\nb \n", "a\nb") == 1.0
    assert exact_match("a\n b", "a\nb") == 0.0


def test_strict_exact_match_takes_any_line_ends_but_no_other_white_space() -> None:
    assert exact_match_strict("a\r\nb", "a\nb") == 1.0
    assert exact_match_strict("a\nb\n", "a\nb") == 0.0


def test_edit_similarity_of_two_empty_texts_is_1() -> None:
    assert edit_similarity("", "") == 1.0


def test_edit_similarity_divides_by_the_longer_text() -> None:
    assert edit_similarity("abc", "abcdef") == 0.5
    assert edit_similarity("", "abc") == 0.0


def test_edit_reward_of_an_unequal_text_is_half_its_similarity() -> None:
    assert edit_reward("abc", "abcdef") == 0.25


def test_delta_chrf_of_no_edit_where_one_was_due_is_0() -> None:
    assert delta_chrf(ORIGINAL, ORIGINAL, TRUTH) == 0.0


def test_delta_chrf_of_an_edit_where_none_was_due_is_0() -> None:
    assert delta_chrf(ORIGINAL, TRUTH, ORIGINAL) == 0.0


def test_delta_chrf_ignores_what_neither_edit_touches() -> None:
    short = delta_chrf("a = 1", "a = 2", "a = 3")
    padding = "some code that nobody edits\n" * 3
    assert delta_chrf(f"{padding}a = 1", f"{padding}a = 2", f"{padding}a = 3") <= short < 1.0
    assert delta_chrf(f"{padding}a = 1", f"{padding}a = 3", f"{padding}a = 3") == 1.0


@given(TEXT, TEXT)
def test_delta_chrf_from_nothing_is_sacrebleus_chrf(prediction: str, truth: str) -> None:
    from sacrebleu.metrics import CHRF

    expected = CHRF(char_order=6, word_order=0, beta=2, whitespace=True).sentence_score(prediction, [truth])
    if prediction != truth:
        assert delta_chrf("", prediction, truth) == pytest.approx(expected.score / 100)


def reference_delta_chrf(original: str, prediction: str, truth: str) -> float:
    """The definition, over whole texts."""

    def delta(text: str, order: int) -> Counter:
        counts = Counter(text[at : at + order] for at in range(len(text) - order + 1))
        counts.subtract(original[at : at + order] for at in range(len(original) - order + 1))
        return Counter({(count > 0, gram): abs(count) for gram, count in counts.items() if count})

    shares = []
    for order in range(1, 7):
        predicted, expected = delta(prediction, order), delta(truth, order)
        if predicted and expected:
            shared = (predicted & expected).total()
            shares.append((shared / predicted.total(), shared / expected.total()))
    precision = sum(share for share, _ in shares) / len(shares) if shares else 0.0
    recall = sum(share for _, share in shares) / len(shares) if shares else 0.0
    if prediction == truth:
        return 1.0
    return 5 * precision * recall / (4 * precision + recall) if precision and recall else 0.0


@given(TEXT, TEXT, TEXT)
def test_delta_chrf_is_its_definition(original: str, prediction: str, truth: str) -> None:
    expected = reference_delta_chrf(original, prediction, truth)
    assert delta_chrf(original, prediction, truth) == pytest.approx(expected)


@given(TEXT, TEXT, TEXT)
def test_all_scores_are_shares(original: str, prediction: str, truth: str) -> None:
    counts = line_counts(original, prediction, truth)
    scores = [
        exact_match(prediction, truth),
        edit_similarity(prediction, truth),
        delta_chrf(original, prediction, truth),
        counts.precision,
        counts.recall,
        counts.f1,
    ]
    assert all(0.0 <= score <= 1.0 for score in scores)


def test_line_counts_tell_right_wrong_and_missed_lines() -> None:
    counts = line_counts("a\nb\nc", "a\nB\nc\nd", "a\nB\nC")
    assert (counts.matched, counts.wrong, counts.missed) == (2, 1, 2)
    assert counts.precision == pytest.approx(2 / 3)
    assert counts.recall == 0.5


def test_line_counts_see_a_moved_line() -> None:
    assert line_counts("a\nb", "b\na", "a\nb").precision == 0.0


def test_no_edit_where_none_was_due_has_line_f1_1() -> None:
    assert line_counts("a", "a", "a").f1 == 1.0
