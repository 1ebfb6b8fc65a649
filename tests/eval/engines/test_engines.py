import pytest

from codeedit.errors import InputError, MissingDependencyError
from codeedit.eval import engines
from codeedit.eval.engines import ModelSource, answer_seed, default_engine, engine_settings, local
from codeedit.registry import UnknownNameError


def test_an_option_of_another_engine_is_an_error_that_names_it() -> None:
    with pytest.raises(InputError, match=r"--url: the engine hf has no such option; .*--engine openai"):
        engine_settings("hf", {"url": "http://x", "timeout": None})


def test_options_that_are_not_given_keep_their_defaults() -> None:
    assert engine_settings("openai", {"concurrency": 3, "timeout": None}) == engines.OpenAI(concurrency=3)


def test_an_unknown_engine_names_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="known: hf, vllm, openai"):
        engine_settings("vlmm")


@pytest.mark.parametrize(("gpus", "spec", "name"), [((), 1, "hf"), ((1,), 1, "vllm"), ((1,), None, "hf")])
def test_vllm_is_the_default_where_it_and_a_gpu_are(monkeypatch, gpus, spec, name) -> None:
    monkeypatch.setattr(engines, "find_gpus", lambda: gpus)
    monkeypatch.setattr(engines.importlib.util, "find_spec", lambda _: spec)
    assert default_engine() == name


def test_seeds_of_answers_differ_and_fit_31_bits() -> None:
    seeds = {answer_seed(row, trial) for row in range(200) for trial in range(5)}
    assert len(seeds) == 1000
    assert max(seeds) < 2**31


def test_vllm_that_is_not_installed_says_what_to_do(monkeypatch) -> None:
    monkeypatch.setattr(local.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(MissingDependencyError, match=r"vllm is not installed; .*--engine hf"):
        engine_settings("vllm").open(ModelSource("m", "m"))
