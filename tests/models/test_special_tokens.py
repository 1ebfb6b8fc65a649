"""A small Qwen2 of our own whose vocabulary gets a format's markers."""

import pytest

from codeedit.models.special_tokens import extend_model
from codeedit.models.tiny import make_tiny
from codeedit.pipeline.prompt_builder import TEMPLATES, build
from codeedit.pipeline.prompt_builder.probe import probe_task

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
MARKER = "<|file_sep|>"


@pytest.fixture(params=[True, False], ids=["tied", "untied"])
def base(request, tmp_path, monkeypatch):
    """The folder of a model whose output layer is its embedding, or has weights of its own."""
    monkeypatch.setenv("CODEEDIT_CACHE", str(tmp_path / "cache"))
    tiny = make_tiny()
    config = transformers.AutoConfig.from_pretrained(tiny, tie_word_embeddings=request.param)
    torch.manual_seed(0)
    folder = tmp_path / "base"
    transformers.AutoModelForCausalLM.from_config(config).save_pretrained(folder)
    transformers.AutoTokenizer.from_pretrained(tiny).save_pretrained(folder)
    return folder


def load(folder):
    model = transformers.AutoModelForCausalLM.from_pretrained(folder)
    return transformers.AutoTokenizer.from_pretrained(folder), model


def layers(model):
    return model.get_input_embeddings().weight, model.get_output_embeddings().weight


def test_a_marker_becomes_one_token_whose_rows_are_the_mean_of_its_pieces(base, tmp_path) -> None:
    tokenizer, before = load(base)
    pieces = tokenizer(MARKER, add_special_tokens=False)["input_ids"]
    assert extend_model(str(base), TEMPLATES["blocks"].markers, tmp_path / "more") == (MARKER, "<|cursor|>")
    tokenizer, after = load(tmp_path / "more")
    (new,) = tokenizer(MARKER, add_special_tokens=False)["input_ids"]
    for old_rows, rows in zip(layers(before), layers(after), strict=True):
        assert rows.shape[0] == len(tokenizer)
        assert torch.equal(rows[: old_rows.shape[0]], old_rows)
        assert torch.allclose(rows[new], old_rows[pieces].mean(dim=0))


def test_decoding_an_answer_keeps_the_marker(base, tmp_path) -> None:
    extend_model(str(base), [MARKER], tmp_path / "more")
    tokenizer = transformers.AutoTokenizer.from_pretrained(tmp_path / "more")
    ids = tokenizer(f"a{MARKER}\nb", add_special_tokens=False)["input_ids"]
    assert tokenizer.decode(ids, skip_special_tokens=True) == f"a{MARKER}\nb"


def test_a_vocabulary_that_has_all_markers_is_left_as_it_is(base, tmp_path) -> None:
    assert extend_model(str(base), TEMPLATES["paper"].markers, tmp_path / "more") == ()
    assert not (tmp_path / "more").exists()


def test_rows_to_spare_are_used(base, tmp_path) -> None:
    tokenizer, model = load(base)
    model.resize_token_embeddings(len(tokenizer) + 100, mean_resizing=False)
    model.save_pretrained(base)
    extend_model(str(base), [MARKER], tmp_path / "more")
    assert load(tmp_path / "more")[1].get_input_embeddings().weight.shape[0] == len(tokenizer) + 100


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_names_the_markers_that_it_writes(name) -> None:
    task = probe_task()
    prompt = build(task, template=name)
    text = "".join(message["content"] for message in prompt.messages) + prompt.answer
    assert [marker for marker in TEMPLATES[name].markers if marker in text]
