"""Alarms on streams of metrics made for each of them."""

import math

import pytest

from codeedit.training.alarms import Watch


def stream(**series):
    """Feed series of equal length to a watch; return the alarms in order."""
    names = {
        "flat": "codeedit/groups/no_spread",
        "reward": "critic/score/mean",
        "exact": "codeedit/rollouts/exact_match",
        "copies": "codeedit/rollouts/unchanged",
        "eq5": "codeedit/rollouts/reward_eq5",
        "unreadable": "codeedit/rollouts/unparsable",
        "cut": "response_length/clip_ratio",
        "clipped": "actor/pg_clipfrac",
        "gradient": "actor/grad_norm",
        "loss": "train/loss",
    }
    watch, found = Watch(), []
    for step, values in enumerate(zip(*series.values(), strict=True), 1):
        found += watch.add(step, {names[name]: value for name, value in zip(series, values, strict=True)})
    return found


def begun(**series):
    return [(alarm.name, alarm.step) for alarm in stream(**series)]


def test_groups_without_spread_for_three_steps():
    assert begun(flat=[1.0, 1.0, 1.0, 1.0]) == [("no_spread", 3)]


def test_an_alarm_comes_again_after_it_was_gone():
    assert begun(flat=[1.0] * 3 + [0.9] + [1.0] * 3) == [("no_spread", 3), ("no_spread", 7)]


def test_reward_that_rises_while_exact_match_falls():
    assert begun(reward=[0.4] * 5 + [0.45] * 5, exact=[0.3] * 5 + [0.2] * 5) == [
        ("reward_without_exact_match", 10)
    ]


@pytest.mark.parametrize("exact", [0.3, 0.4])
def test_reward_that_rises_with_exact_match_is_well(exact):
    assert begun(reward=[0.4] * 5 + [0.6] * 5, exact=[0.3] * 5 + [exact] * 5) == []


def test_most_answers_are_copies():
    assert begun(copies=[0.6, 0.6, 0.6]) == [("copies", 3)]


def test_copies_become_more_than_at_the_start():
    assert begun(copies=[0.05, 0.05, 0.05, 0.1, 0.4, 0.4, 0.4]) == [("copies", 7)]


@pytest.mark.parametrize(
    ("series", "advice"), [({"eq5": [0.5] * 3}, "--reward exact"), ({}, "exact_match_change")]
)
def test_the_advice_on_copies_goes_by_the_reward(series, advice):
    (alarm,) = stream(copies=[0.6] * 3, **series)
    assert advice in alarm.advice


def test_as_many_copies_as_ever_are_well():
    assert begun(copies=[0.2] * 9) == []


def test_answers_at_the_limit():
    assert begun(cut=[0.0, 0.3, 0.4]) == [("at_the_limit", 3)]


def test_answers_that_cannot_be_read():
    assert begun(unreadable=[0.6, 0.7, 0.8]) == [("unreadable", 3)]


@pytest.mark.parametrize("value", [math.nan, math.inf])
@pytest.mark.parametrize("name", ["gradient", "loss"])
def test_what_is_not_finite_is_told_at_once(name, value):
    assert begun(**{name: [1.0, value]}) == [("not_finite", 2)]


def test_clip_fraction_out_of_range():
    assert begun(clipped=[0.01, 0.02, 0.5, 0.5, 0.5]) == [("clipping", 5)]


def test_ordinary_steps_give_no_alarm():
    ordinary = {"flat": 0.4, "reward": 0.5, "exact": 0.2, "copies": 0.1, "cut": 0.0, "clipped": 0.01}
    assert begun(**{name: [value] * 20 for name, value in ordinary.items()}) == []


def test_every_alarm_says_what_to_do():
    everything = {
        "flat": [1.0] * 10,
        "reward": [0.4] * 5 + [0.6] * 5,
        "exact": [0.4] * 5 + [0.2] * 5,
        "copies": [0.9] * 10,
        "unreadable": [0.9] * 10,
        "cut": [0.9] * 10,
        "clipped": [0.9] * 10,
        "gradient": [math.nan] * 10,
    }
    alarms = stream(**everything)
    assert len({alarm.name for alarm in alarms}) == 7
    for alarm in alarms:
        assert alarm.advice
        assert str(alarm) == f"step {alarm.step}: {alarm.message}; {alarm.advice}"
