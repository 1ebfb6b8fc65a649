"""What a run begins with: a model, its tokens, and how prompts reach it."""

import shutil
from pathlib import Path

import pytest

from codeedit.errors import InputError
from codeedit.eval.engines import ModelSource
from codeedit.eval.engines.local import open_tokenizer
from codeedit.models import NO_THINKING, fix_chat_variables, load_tokenizer, make_tiny
from codeedit.pipeline.prompt_builder import TEMPLATES
from codeedit.training.model_start import model_start


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.setenv("CODEEDIT_CACHE", str(tmp_path / "cache"))
    return str(make_tiny())


SWITCH = (
    "{% for m in messages %}{{ m.content }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>' }}"
    "{% if enable_thinking is defined and not enable_thinking %}{{ '<think>\n\n</think>\n\n' }}{% endif %}"
    "{% endif %}"
)
CHAT = [{"role": "user", "content": "q"}]


@pytest.fixture
def thinker(source, tmp_path):
    """The folder of a model whose chat template has Qwen3's switch."""
    folder = tmp_path / "thinker"
    shutil.copytree(source, folder)
    (folder / "chat_template.jinja").write_text(SWITCH)
    return folder


def rendered(tokenizer):
    return tokenizer.apply_chat_template(CHAT, add_generation_prompt=True, tokenize=False)


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


@pytest.mark.parametrize(("chat", "end"), [({}, "<|im_start|>"), (NO_THINKING, "</think>\n\n")])
def test_training_and_evaluation_render_the_same_prompt(thinker, chat, end):
    pytest.importorskip("torch")
    start = model_start(str(thinker), "paper", special_tokens=False, folder=Path(), chat=chat)
    verls = load_tokenizer(str(thinker))
    verls.chat_template = settings(start).get("custom_chat_template", verls.chat_template)
    evals = open_tokenizer(ModelSource("thinker", thinker, thinking=not chat))
    texts = {rendered(start.tokenizer), rendered(verls), rendered(evals)}
    assert len(texts) == 1
    assert texts.pop().endswith(end)


def test_a_checkpoint_trained_without_thinking_is_asked_without_it(thinker):
    pytest.importorskip("torch")
    tokenizer = fix_chat_variables(load_tokenizer(str(thinker)), NO_THINKING)
    tokenizer.save_pretrained(thinker)
    assert rendered(load_tokenizer(str(thinker))).endswith("</think>\n\n")
    assert rendered(fix_chat_variables(load_tokenizer(str(thinker)), NO_THINKING)).count("</think>") == 1


def test_a_model_without_the_switch_is_an_error(source, tmp_path):
    with pytest.raises(InputError, match="no switch for thinking"):
        model_start(source, "paper", special_tokens=False, folder=tmp_path / "m", chat=NO_THINKING)


def test_a_plain_prompt_has_no_thinking_to_switch_off(thinker, tmp_path):
    with pytest.raises(InputError, match="zeta is no chat"):
        model_start(str(thinker), "zeta", special_tokens=False, folder=tmp_path / "m", chat=NO_THINKING)
