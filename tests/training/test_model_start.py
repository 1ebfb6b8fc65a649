"""What a run begins with: a model, its tokens, and how prompts reach it."""

import pytest

from codeedit.errors import InputError
from codeedit.models.tiny import make_tiny
from codeedit.pipeline.prompt_builder import TEMPLATES
from codeedit.training.model_start import model_start


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.setenv("CODEEDIT_CACHE", str(tmp_path / "cache"))
    return str(make_tiny())


def settings(start, at="elsewhere"):
    return {
        setting.path.rpartition(".")[2]: setting.value
        for setting in start.settings(at, "actor_rollout_ref.model")
    }


def test_a_chat_goes_through_the_models_own_template(source, tmp_path):
    assert settings(model_start(source, "paper", special_tokens=False, folder=tmp_path / "m")) == {}


def test_a_plain_prompt_reaches_the_model_as_it_is(source, tmp_path):
    start = model_start(source, "zeta", special_tokens=False, folder=tmp_path / "m")
    start.tokenizer.backend_tokenizer  # noqa: B018 - a light one
    template = settings(start)["custom_chat_template"]
    from jinja2 import Environment

    text = Environment().from_string(template).render(messages=[{"role": "user", "content": "### x"}])
    assert text == "### x"


def test_markers_count_as_one_token_each(source, tmp_path):
    pytest.importorskip("torch")
    plain = model_start(source, "zeta2", special_tokens=False, folder=tmp_path / "m")
    more = model_start(source, "zeta2", special_tokens=True, folder=tmp_path / "m")
    text = "".join(TEMPLATES["zeta2"].markers)
    counts = [start.budget(100).count([text])[0] for start in (plain, more)]
    assert counts[1] == len(TEMPLATES["zeta2"].markers) < counts[0]
    assert settings(more, "there")["path"] == "there"


def test_a_tokenizer_without_the_familys_tokens_is_an_error(source, tmp_path):
    with pytest.raises(InputError, match="needs tokens that this model's tokenizer lacks"):
        model_start(source, "fim", special_tokens=False, folder=tmp_path / "m")
