import numpy as np
import pytest

from codeedit.eval.statistics import interval, paired_p_value


def test_intervals_cover_the_true_mean_about_as_often_as_they_say() -> None:
    random = np.random.default_rng(7)
    covered, rounds = 0, 60
    for _ in range(rounds):
        chances = random.beta(0.3, 0.9, 60)  # rows differ in difficulty; mean 0.25
        low, high = interval(random.binomial(5, chances) / 5)
        covered += low <= 0.25 <= high
    assert 0.90 <= covered / rounds <= 0.99


def test_an_interval_holds_its_mean_and_stays_within_0_and_1() -> None:
    low, high = interval([0.0, 0.2, 1.0, 1.0, 0.4])
    assert 0.0 <= low <= 0.52 <= high <= 1.0


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_an_interval_where_all_rows_agree_is_wilsons(value: float) -> None:
    low, high = interval([value] * 20)
    assert (low, high) == pytest.approx((0.0, 0.1611) if value == 0.0 else (0.8389, 1.0), abs=1e-3)


def test_there_is_no_interval_without_rows() -> None:
    assert interval([]) is None


def test_an_interval_is_the_same_each_time() -> None:
    values = np.random.default_rng(1).random(50)
    assert interval(values) == interval(values)


def test_two_samples_of_one_model_differ_significantly_in_about_5_percent_of_cases() -> None:
    random = np.random.default_rng(3)
    called, rounds = 0, 40
    for _ in range(rounds):
        chances = random.beta(0.5, 1.0, 40)
        one, other = random.binomial(3, chances) / 3, random.binomial(3, chances) / 3
        called += paired_p_value(one, other) < 0.05
    assert called / rounds <= 0.125


def test_a_clear_difference_has_a_small_p_value() -> None:
    assert paired_p_value([1.0] * 30, [0.0] * 30) < 0.001


def test_equal_rows_have_p_value_1() -> None:
    assert paired_p_value([0.2, 0.8], [0.2, 0.8]) == 1.0
