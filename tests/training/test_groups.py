"""What a step's groups look like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeedit.training.advantages import ESTIMATORS
from codeedit.training.groups import Group, group_metrics, has_two_peaks

CLASSES = ("left_skewed", "right_skewed", "symmetric", "degenerate")
rewards = st.lists(st.floats(0, 1, width=32), min_size=1, max_size=9).map(tuple)


def metrics(*groups, estimator="gapo", facts=()):
    return group_metrics([Group(values, facts) for values in groups], ESTIMATORS[estimator]())


@given(st.lists(rewards, min_size=1, max_size=6))
def test_the_four_classes_are_all_groups(groups):
    found = metrics(*groups)
    assert sum(found[f"codeedit/groups/{name}"] for name in CLASSES) == pytest.approx(1.0)
    assert found["codeedit/groups/no_spread"] == found["codeedit/groups/degenerate"]


@given(st.lists(rewards, min_size=1, max_size=6))
def test_all_shares_are_shares(groups):
    for name, value in metrics(*groups).items():
        if "skewness" not in name and "above" not in name:
            assert 0.0 <= value <= 1.0, name


def test_classes_of_known_groups():
    few_high, few_low = (0.1, 0.1, 0.1, 0.1, 0.1, 1.0), (0.9, 0.9, 0.9, 0.9, 0.9, 0.0)
    found = metrics(few_high, few_low, (0.0, 0.5, 1.0), (0.5, 0.5))
    assert [found[f"codeedit/groups/{name}"] for name in CLASSES] == [0.25] * 4
    assert found["codeedit/groups/skewness"] == pytest.approx(0.0, abs=0.02)


def test_q_lies_below_the_mean_of_a_group_with_few_high_rewards():
    group = (0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.9)
    assert metrics(group)["codeedit/groups/q_above_mean"] == pytest.approx(-0.1)


def test_with_q_at_the_smallest_reward_no_advantage_is_negative():
    found = group_metrics([Group((0.1, 0.2, 0.4, 0.8))], ESTIMATORS["gapo"](tau=0.1))
    assert found["codeedit/groups/negative_advantages"] == 0.0


def test_of_verls_own_estimators_no_advantages_are_told():
    assert not [name for name in group_metrics([Group((0.1, 0.2))], None) if "advantages" in name]


def test_facts_of_answers_become_shares():
    facts = ({"exact_match": 1.0, "unchanged": 0.0}, {"exact_match": 0.0, "unchanged": 1.0})
    found = metrics((1.0, 0.4), facts=facts)
    assert found["codeedit/rollouts/exact_match"] == found["codeedit/rollouts/unchanged"] == 0.5
    assert "codeedit/rollouts/unparsable" not in found


def test_terms_of_the_reward_become_means():
    found = metrics((0.7, 0.3), facts=({"reward_exact": 1.0}, {"reward_exact": 0.5}))
    assert found["codeedit/rollouts/reward_exact"] == 0.75


def test_without_groups_nothing_is_told():
    assert group_metrics([], None) == {}


@pytest.mark.parametrize(
    ("values", "two"),
    [
        ((0.1, 0.12, 0.11, 0.9, 0.92, 0.91), True),
        ((0.45, 0.45, 1.0, 1.0), True),
        ((0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 1.0), False),  # one that stands apart is no peak
        ((0.0, 0.2, 0.4, 0.6, 0.8, 1.0), False),
        ((0.5, 0.5), False),
        ((), False),
    ],
)
def test_two_peaks(values, two):
    assert has_two_peaks(values) is two
