"""The terms of a reward, and how they are written and added up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeedit.errors import InputError
from codeedit.pipeline.prompt_builder.context import Context, Need, context_of
from codeedit.pipeline.rewards import TERMS, Case, parse_reward
from codeedit.records import HistoryEdit, Origin, Task

TEXTS = st.text("ab \n", max_size=12)


def score(name, text, truth="x = 2", original="x = 1", **context):
    return TERMS[name].score(Case(text, truth, original, "python", Context("a.py", **context)))


@given(text=TEXTS, truth=TEXTS, original=TEXTS, earlier=st.none() | TEXTS)
@pytest.mark.parametrize("name", TERMS)
def test_the_truth_scores_highest_and_nothing_is_out_of_bounds(name, text, truth, original, earlier):
    term, context = TERMS[name], Context("a.py", above="", below="", earlier=earlier)
    best = term.score(Case(truth, truth, original, "python", context))
    assert best == term.greatest
    assert term.least <= term.score(Case(text, truth, original, "python", context)) <= best
    assert term.least <= term.unreadable <= best


def test_truth_plus_one_character_is_not_exact():
    assert [score("exact", text) for text in ("x = 2", "x = 22")] == [1.0, 0.0]


def test_a_copy_gains_nothing_where_a_change_is_due():
    assert score("gain", "x = 1") == 0.0


def test_gain_is_measured_from_the_copy():
    # the copy is wrong in 2 of 4 characters, the answer in 1
    assert score("gain", "abcX", truth="abcd", original="abXX") == pytest.approx(0.5)


def test_worse_than_the_copy_is_below_0_down_to_minus_1_where_nothing_agrees():
    worse = [score("gain", text, truth="abcd", original="abcX") for text in ("abXX", "aXXX", "XXXX")]
    assert worse == pytest.approx([-1 / 3, -2 / 3, -1.0])


def test_where_nothing_is_to_change_the_copy_gains_all_and_a_change_costs():
    assert score("gain", "x = 2", original="x = 2") == 1.0
    assert score("gain", "x = 3", original="x = 2") == pytest.approx(-0.2)


def test_a_new_syntax_error_is_seen_in_the_document():
    around = {"above": "def f(\n    a,\n", "below": "\n):\n    pass\n"}
    assert score("parse", "    b,", truth="    c,", original="    d,", **around) == 1.0
    assert score("parse", "    b = (,", truth="    c,", original="    d,", **around) == 0.0


def test_errors_that_were_there_are_no_new_ones():
    assert score("parse", "x = (3", truth="x = (2", original="x = (1", above="", below="") == 1.0


def test_bringing_back_what_the_user_changed_is_a_reversal():
    assert score("reversal", "foo(a)", truth="bar(b)", original="bar(a)", earlier="foo(a)") == -1.0


def test_going_on_with_what_the_user_types_is_none():
    assert score("reversal", "x = bar", truth="x = bars", original="x = ba", earlier="x = ") == 0.0


def test_a_reversal_that_the_user_wanted_costs_nothing():
    assert score("reversal", "foo(a)", truth="foo(a)", original="bar(a)", earlier="foo(a)") == 0.0


def test_terms_are_added_with_their_weights():
    reward = parse_reward("exact + 0.2*parse")
    assert reward.total({"exact": 1.0, "parse": 1.0}) == pytest.approx(1.2)
    assert (str(reward), reward.needs) == ("exact+0.2*parse", {Need.DOCUMENT})


def test_the_range_of_a_sum_is_known():
    assert parse_reward("gain+0.5*reversal").range == (-1.5, 1.0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("exakt", "did you mean exact"),
        ("", "not a reward"),
        ("exact+", "not a reward"),
        ("exact+exact", "twice"),
        ("much*exact", "not a weight"),
        ("-1*reversal", "above 0"),
        ("nan*exact", "above 0"),
    ],
)
def test_what_is_no_reward_is_one_line(text, message):
    with pytest.raises(InputError, match=message) as caught:
        parse_reward(text)
    assert "\n" not in str(caught.value)


def task(diff, path="a.py"):
    code = "a = 1\nx = 2\nb = 3\n"
    history = (HistoryEdit(path, diff, 0),)
    place = (code, 6, 11, 6)
    return Task("t", "s", "s", "p", "a.py", "python", Origin.HUMAN, 0, *place, history, None, "y", False)


def test_a_row_carries_only_what_is_needed():
    assert context_of(task("@@ -2 +2 @@\n-x = 1\n+x = 2"), ()) is None
    context = context_of(task("@@ -2 +2 @@\n-x = 1\n+x = 2"), {Need.EARLIER})
    assert (context.above, context.earlier) == (None, "x = 1")
    assert context_of(task(""), {Need.DOCUMENT}).below == "\nb = 3\n"


@pytest.mark.parametrize(
    ("diff", "path"), [("@@ -2 +2 @@\n-x = 1\n+x = 2", "other.py"), ("@@ -1 +1 @@\n-a = 0\n+a = 1", "a.py")]
)
def test_an_edit_outside_the_range_cannot_be_undone_in_it(diff, path):
    assert context_of(task(diff, path), {Need.EARLIER}).earlier is None
