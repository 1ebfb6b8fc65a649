"""The table of algorithms, its options and the settings it gives verl."""

import importlib.util

import pytest

from codeedit.errors import InputError
from codeedit.training.algorithms import ALGORITHMS, configure

ACTOR = "actor_rollout_ref.actor"


def needs_verl():
    if importlib.util.find_spec("verl") is None:
        pytest.skip("verl is not installed")


def verl_settings(name, options=None, *, rollouts=8, response_tokens=1024):
    algorithm = configure(name, options)
    settings = algorithm.verl_settings(rollouts=rollouts, response_tokens=response_tokens)
    return {setting.path: setting.value for setting in settings}  # later ones win, as in verl


def test_table_has_all_algorithms():
    assert set(ALGORITHMS) == {"grpo", "dapo", "gapo", "gmpo", "krpo", "qae", "mc-grpo", "gapo-multi"}


@pytest.mark.parametrize("name", ["grpo", "dapo", "gmpo"])
def test_these_use_verls_own_grpo(name):
    assert verl_settings(name)["algorithm.adv_estimator"] == "grpo"


def test_gapo_on_grpo_has_a_kl_loss_and_a_symmetric_clip():
    settings = verl_settings("gapo")
    assert settings["algorithm.adv_estimator"] == "gapo"
    assert settings[f"{ACTOR}.use_kl_loss"] is True
    assert settings[f"{ACTOR}.clip_ratio_high"] == 0.2


def test_gapo_on_dapo_has_clip_higher_and_no_kl():
    settings = verl_settings("gapo", {"base": "dapo"})
    assert settings[f"{ACTOR}.use_kl_loss"] is False
    assert (settings[f"{ACTOR}.clip_ratio_low"], settings[f"{ACTOR}.clip_ratio_high"]) == (0.2, 0.28)
    assert settings["algorithm.filter_groups.metric"] == "score"


@pytest.mark.parametrize("response_tokens", [8, 256, 1024])
def test_overlong_buffer_is_smaller_than_the_response_limit(response_tokens):
    settings = verl_settings("dapo", response_tokens=response_tokens)
    assert 0 < settings["reward.reward_kwargs.overlong_buffer_cfg.len"] < response_tokens
    assert settings["reward.reward_kwargs.max_resp_len"] == response_tokens


def test_gmpo_uses_the_geometric_mean_with_its_own_clip():
    settings = verl_settings("gmpo")
    assert settings[f"{ACTOR}.policy_loss.loss_mode"] == "geo_mean"
    assert settings[f"{ACTOR}.clip_ratio_low"] == settings[f"{ACTOR}.clip_ratio_high"] == 0.4


def test_mc_grpo_adds_a_rollout():
    assert verl_settings("mc-grpo", rollouts=8)["actor_rollout_ref.rollout.n"] == 9


def test_estimator_settings_are_handed_to_verl_by_name():
    settings = verl_settings("gapo", {"tau": 0.25, "center": "mean"})
    assert settings["algorithm.tau"] == 0.25
    assert settings["algorithm.center"] == "mean"


def test_options_that_were_not_given_keep_their_defaults():
    assert configure("gapo", {"tau": None}).estimator.tau == 0.5


def test_an_option_that_the_algorithm_lacks_names_those_it_has():
    with pytest.raises(
        InputError, match=r"qae has no option --tau; it has: --level, --quantile-method, --base"
    ):
        configure("qae", {"tau": 0.5})


def test_an_algorithm_without_options_says_so():
    with pytest.raises(InputError, match=r"grpo has no option --base; it has: none"):
        configure("grpo", {"base": "dapo"})


def test_unknown_algorithm_lists_the_nearest():
    with pytest.raises(InputError, match="did you mean gapo"):
        configure("gappo")


def test_unknown_base_lists_the_known():
    with pytest.raises(InputError, match="it has: grpo, dapo"):
        configure("gapo", {"base": "ppo"})


def test_a_window_of_one_reward_is_warned_of():
    assert "no advantage is ever negative" in configure("gapo", {"tau": 0.1}).warnings(8)[0]
    assert configure("gapo", {"tau": 0.5}).warnings(8) == []


def test_any_estimator_of_verl_can_be_used():
    needs_verl()
    assert verl_settings("verl:rloo")["algorithm.adv_estimator"] == "rloo"


def test_unknown_estimator_of_verl_lists_the_known():
    needs_verl()
    with pytest.raises(InputError, match="did you mean rloo"):
        configure("verl:rlo")
