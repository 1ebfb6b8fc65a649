"""Without the hub a model that is not here is said to be missing, at once."""

import pytest
from huggingface_hub import constants

from codeedit.errors import CodeEditError
from codeedit.models import load_tokenizer, model_sizes
from codeedit.models.hub import hub_answers


@pytest.fixture(autouse=True)
def no_hub(tmp_path, monkeypatch):
    """Nothing listens at the hub's address, and nothing is in the cache."""
    for name in ("https_proxy", "http_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    hub_answers.cache_clear()
    yield
    hub_answers.cache_clear()


def test_a_hub_that_does_not_answer_is_known():
    assert not hub_answers()


def test_a_tokenizer_that_is_nowhere_is_one_line():
    with pytest.raises(CodeEditError, match="not on this machine, and the hub does not answer"):
        load_tokenizer("someone/some-model")


def test_sizes_of_a_model_that_is_nowhere_are_not_known():
    assert model_sizes("someone/some-model") is None


def test_offline_is_no_hub(monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert not hub_answers()


def test_through_a_proxy_the_hub_is_taken_to_answer(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert hub_answers()
