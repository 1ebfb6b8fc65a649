"""Advantage estimators against worked values, their properties, and verl's own call."""

import json
import math
from fractions import Fraction
from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeedit.errors import InputError
from codeedit.training.advantages import ESTIMATORS, GAPO, GRPO, KRPO, MCGRPO, QAE, GAPOMulti
from codeedit.training.advantages.base import rank, share

# Worked by hand. Sorted 0, 0.6, 0.7, 1: with k = 2 the shortest window is [0.6, 0.7], Q = 0.65.
GROUP = np.array([[0.7, 0.0, 1.0, 0.6]])

rewards = st.lists(st.integers(0, 20), min_size=2, max_size=9).map(lambda values: [v / 20 for v in values])
taus = st.integers(1, 100).map(lambda percent: percent / 100)


def test_gapo_divides_by_the_root_mean_square_around_the_window_median():
    deviation = GROUP - 0.65
    rms = math.sqrt((0.05**2 + 0.65**2 + 0.35**2 + 0.05**2) / 4)
    assert GAPO(tau=0.5)(GROUP) == pytest.approx(deviation / (rms + 1e-6))


def test_gapo_with_ddof_divides_by_one_less():
    rms = math.sqrt((0.05**2 + 0.65**2 + 0.35**2 + 0.05**2) / 3)
    assert GAPO(tau=0.5, ddof=1)(GROUP) == pytest.approx((GROUP - 0.65) / (rms + 1e-6))


def test_gapo_with_scale_std_divides_by_the_sample_standard_deviation():
    assert GAPO(scale="std")(GROUP) == pytest.approx((GROUP - 0.65) / (np.std(GROUP, ddof=1) + 1e-6))


def test_gapo_with_center_mean_takes_the_window_mean():
    group = np.array([[0.0, 0.5, 0.6, 0.61]])  # k = 3: [0.5, 0.6, 0.61], mean 0.57
    center = (0.5 + 0.6 + 0.61) / 3
    rms = math.sqrt(((group - center) ** 2).mean())
    assert GAPO(tau=0.75, center="mean")(group) == pytest.approx((group - center) / (rms + 1e-6))


def test_gapo_takes_the_first_of_windows_that_tie():
    assert GAPO(tau=0.5)(np.array([[1.0, 0.0, 1.0, 0.0]]))[0, 1] == 0.0  # Q = 0


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_gapo_takes_the_first_of_windows_that_tie_only_as_decimals(dtype):
    # 0.3 - 0.2 and 0.8 - 0.7 differ in their last binary digit; so do the float32 widths.
    group = np.array([[0.2, 0.3, 0.7, 0.8]], dtype=dtype)
    assert GAPO(tau=0.5).baseline(group.astype(float), float(np.finfo(dtype).eps)) == pytest.approx(0.25)


def test_window_size_is_exact_where_floats_are_not():
    assert math.ceil(100 * 0.55) == 56
    assert GAPO(tau=0.55).window_size(100) == 55
    assert GAPO(tau=0.55).window_size(20) == 11


def test_gapo_with_a_window_of_one_has_no_negative_advantage():
    assert (GAPO(tau=0.1)(GROUP) >= 0).all()


@pytest.mark.parametrize("tau", [0, -0.5, 1.5, "abc", math.nan, math.inf, None, True, "0.5"])
def test_bad_tau_is_an_input_error(tau):
    with pytest.raises(InputError, match="tau"):
        GAPO(tau=tau)


@pytest.mark.parametrize(
    ("estimator", "wrong"),
    [
        (GAPO, {"center": "mode"}),
        (GAPO, {"scale": "mad"}),
        (GAPO, {"ddof": 2}),
        (QAE, {"level": 1.0}),
        (QAE, {"level": 0}),
        (QAE, {"quantile_method": "nearest"}),
        (KRPO, {"measurement_noise": 0.0}),
        (KRPO, {"process_noise": math.nan}),
        (KRPO, {"initial_variance": "abc"}),
    ],
)
def test_bad_settings_are_input_errors(estimator, wrong):
    with pytest.raises(InputError, match=next(iter(wrong))):
        estimator(**wrong)


def test_grpo_standardizes_with_the_sample_standard_deviation():
    assert GRPO()(GROUP) == pytest.approx((GROUP - 0.575) / (np.std(GROUP, ddof=1) + 1e-6))


def test_krpo_follows_the_filter_by_hand():
    # Gain 1.00001/1.01001 first: x = 0.69307, P = 0.0099; then gain 0.00991/0.01991.
    first_gain = 1.00001 / 1.01001
    variance = (1 - first_gain) * 1.00001
    x = first_gain * 0.7
    expected = [(0.7 - x) / (math.sqrt(variance) + 1e-8)]
    gain = (variance + 1e-5) / (variance + 1e-5 + 1e-2)
    variance = (1 - gain) * (variance + 1e-5)
    x += gain * (0.0 - x)
    expected.append((0.0 - x) / (math.sqrt(variance) + 1e-8))
    assert KRPO()(GROUP)[0, :2] == pytest.approx(expected)


def test_krpo_depends_on_the_order_of_rollouts():
    assert not np.allclose(np.sort(KRPO()(GROUP)), np.sort(KRPO()(GROUP[:, ::-1])))


def test_mc_grpo_divides_by_the_median_absolute_deviation():
    group = np.array([[0.7, 0.0, 1.0, 0.6, 0.9]])  # median 0.7; deviations 0, 0.7, 0.3, 0.1, 0.2: MAD 0.2
    assert MCGRPO()(group) == pytest.approx((group - 0.7) / (0.2 + 1e-3))


def test_mc_grpo_takes_the_lower_median_of_an_even_group():
    assert MCGRPO()(np.array([[1.0, 0.0]])) == pytest.approx(np.array([[1000.0, 0.0]]))


def test_qae_takes_a_value_of_the_group():
    group = np.array([[0.9, 0.1, 0.4, 0.6, 0.2]])  # rank ceil(5 * 0.4) = 2: 0.2
    assert QAE(level=0.4)(group) == pytest.approx((group - 0.2) / (np.std(group, ddof=1) + 1e-6))


def test_qae_linear_interpolates_as_numpy_does():
    baseline = np.quantile(GROUP, 0.3)
    result = QAE(level=0.3, quantile_method="linear")(GROUP)
    assert result == pytest.approx((GROUP - baseline) / (np.std(GROUP, ddof=1) + 1e-6))


def standard(values):
    return (values - np.mean(values)) / (np.std(values) + 1e-6)


def test_gapo_multi_adds_up_log_ranks_and_the_sides_of_the_widest_gap():
    # Ranks of 0.7, 0, 1, 0.6: 2, 4, 1, 3; utilities ln 3 less the rank's logarithm, 0 from the third on.
    ranks = standard([math.log(3 / 2), 0, math.log(3), 0])
    sides = standard([1, 0, 1, 1])  # the gap from 0 to 0.6
    assert GAPOMulti()(GROUP)[0] == pytest.approx(0.6 * ranks + 0.4 * sides, abs=1e-5)


def test_gapo_multi_gives_equal_rewards_their_mean_rank():
    ranks = standard([math.log(3 / 1.5), math.log(3 / 1.5), 0, 0])
    sides = standard([1, 1, 0, 0])
    assert GAPOMulti()([[0.9, 0.9, 0.2, 0.1]])[0] == pytest.approx(0.6 * ranks + 0.4 * sides, abs=1e-5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_gapo_multi_takes_the_highest_of_gaps_that_tie_as_decimals(dtype):
    group = np.array([[0.2, 0.3, 0.4, 0.5]], dtype=dtype)  # three gaps of 0.1, but for the last binary digit
    ranks = standard([0, 0, math.log(3 / 2), math.log(3)])
    sides = standard([0, 0, 0, 1])
    assert GAPOMulti()(group)[0] == pytest.approx(0.6 * ranks + 0.4 * sides, abs=1e-5)


@given(hits=st.integers(1, 7))
def test_gapo_multi_of_two_rewards_is_grpo_with_the_whole_groups_deviation(hits):
    group = np.array([[1.0] * hits + [0.0] * (8 - hits)])
    assert GAPOMulti()(group) == pytest.approx(GRPO()(group) * math.sqrt(8 / 7), abs=1e-4)


@given(values=rewards)
def test_gapo_multi_sums_to_0_and_never_ranks_a_worse_answer_higher(values):
    advantages = GAPOMulti()([values])[0]
    assert advantages.sum() == pytest.approx(0, abs=1e-9)
    in_order = advantages[np.argsort(values, kind="stable")]
    assert (np.diff(in_order) >= -1e-9).all()


@pytest.mark.parametrize("name", sorted(set(ESTIMATORS) - {"krpo"}))
@pytest.mark.parametrize("group_size", [1, 2, 3, 8])
def test_equal_rewards_give_zero(name, group_size):
    assert (ESTIMATORS[name]()(np.full((2, group_size), 0.1)) == 0.0).all()


@pytest.mark.parametrize("name", list(ESTIMATORS))
def test_result_is_float64_of_the_same_shape(name):
    result = ESTIMATORS[name]()(np.random.default_rng(0).random((5, 8), dtype=np.float32))
    assert (result.shape, result.dtype) == ((5, 8), np.float64)


@pytest.mark.parametrize("name", list(ESTIMATORS))
def test_groups_do_not_see_each_other(name):
    groups = np.random.default_rng(1).random((4, 6))
    together = ESTIMATORS[name]()(groups)
    assert together == pytest.approx(
        np.concatenate([ESTIMATORS[name]()(groups[i : i + 1]) for i in range(4)])
    )


@pytest.mark.parametrize("name", list(ESTIMATORS))
def test_no_groups_give_no_advantages(name):
    assert ESTIMATORS[name]()(np.empty((0, 8))).shape == (0, 8)


@pytest.mark.parametrize("bad", [[0.5, 1.0], [["a"]], [[math.nan, 1.0]], [[math.inf, 1.0]]])
def test_rewards_that_are_no_finite_groups_are_refused(bad):
    with pytest.raises(InputError):
        GRPO()(bad)


@given(values=rewards, tau=taus)
def test_gapo_equals_algorithm_1_read_literally(values, tau):
    exact = [Fraction(str(value)) for value in values]
    k = math.ceil(len(exact) * Fraction(str(tau)))
    ordered = sorted(exact)
    first = min(range(len(exact) - k + 1), key=lambda i: ordered[i + k - 1] - ordered[i])
    q = median(ordered[first : first + k])
    rms = math.sqrt(sum((value - q) ** 2 for value in exact) / len(exact))
    expected = [float(value - q) / (rms + 1e-6) if len(set(exact)) > 1 else 0.0 for value in exact]
    assert GAPO(tau=tau)(np.array([values]))[0] == pytest.approx(expected, abs=1e-9)


@given(values=rewards)
@settings(max_examples=50)
def test_estimators_but_krpo_follow_a_permutation(values):
    order = np.random.default_rng(len(values)).permutation(len(values))
    group = np.array([values])
    for name in set(ESTIMATORS) - {"krpo"}:
        estimator = ESTIMATORS[name]()
        assert estimator(group[:, order])[0] == pytest.approx(estimator(group)[0][order], abs=1e-9)


@given(size=st.integers(1, 200), percent=st.integers(1, 100))
def test_rank_is_the_smallest_count_that_reaches_the_share(size, percent):
    k = rank(size, share(percent / 100, "tau", closed=True))
    assert 100 * (k - 1) < size * percent <= 100 * k


def test_golden_values(shared):
    golden = json.loads((shared / "golden/advantages.json").read_text())
    for case in golden["cases"]:
        for expected in case["expected"]:
            result = ESTIMATORS[expected["estimator"]](**expected["settings"])([case["rewards"]])[0]
            assert result == pytest.approx(expected["advantages"], rel=1e-4, abs=1e-4), (case, expected)
