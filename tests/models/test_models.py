"""Model names, the tiny model, GPUs and limits."""

import json
import os

import pytest

from codeedit.errors import InputError
from codeedit.models import (
    MODELS,
    default_model,
    limits,
    load_prompt_tokenizer,
    load_tokenizer,
    make_tiny,
    resolve_model,
)
from codeedit.models.gpu import parse_listing
from codeedit.models.light_tokenizer import light_tokenizer
from codeedit.models.resolve import PAPER_LIMITS, TINY_LIMITS
from codeedit.pipeline.prompt_builder.markers import MARKERS, NO_CHANGE

LISTING = "0, GPU-aa, NVIDIA H100, 81559\n1, GPU-bb, NVIDIA H100, 81559\n"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A freshly made tiny model."""
    cache = tmp_path_factory.mktemp("cache")
    before = os.environ.get("CODEEDIT_CACHE")
    os.environ["CODEEDIT_CACHE"] = str(cache)
    yield make_tiny()
    if before is None:
        del os.environ["CODEEDIT_CACHE"]
    else:
        os.environ["CODEEDIT_CACHE"] = before


@pytest.fixture(scope="module")
def tokenizer(tiny):
    return load_tokenizer("tiny")


def test_table_has_the_papers_nine_models_and_tiny():
    assert len(MODELS) == 10
    assert {model.hub.split("/")[0] for model in MODELS.values() if model.hub} == {
        "Qwen",
        "mistralai",
        "deepseek-ai",
    }


def test_short_name_resolves_to_its_hub_name():
    assert resolve_model("qwen2.5-coder-7b") == "Qwen/Qwen2.5-Coder-7B-Instruct"


def test_any_hub_name_is_taken_as_it_is():
    assert resolve_model("someone/some-model") == "someone/some-model"


def test_unknown_short_name_lists_the_nearest():
    with pytest.raises(InputError, match=r"did you mean qwen2\.5-coder-3b"):
        resolve_model("qwen2.5-coder-3")


def test_missing_folder_is_said_to_be_missing(tmp_path):
    with pytest.raises(InputError, match="no such model folder"):
        resolve_model(str(tmp_path / "nothing"))


def test_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(InputError, match="no model in this folder"):
        resolve_model(str(tmp_path))


def test_a_runs_folder_means_its_best_model(tiny, tmp_path):
    (tmp_path / "best").symlink_to(tiny)
    (tmp_path / "run.json").write_text("{}")
    assert resolve_model(str(tmp_path)) == str(tmp_path / "best")
    assert limits(str(tmp_path)) == TINY_LIMITS


def test_default_model_is_tiny_without_a_gpu(monkeypatch):
    monkeypatch.setattr("codeedit.models.resolve.find_gpus", tuple)
    assert default_model() == "tiny"


def test_default_model_with_a_gpu(monkeypatch):
    monkeypatch.setattr("codeedit.models.resolve.find_gpus", lambda: parse_listing(LISTING, None))
    assert default_model() == "qwen2.5-coder-3b"


def test_all_listed_gpus_are_visible_by_default():
    assert [gpu.memory for gpu in parse_listing(LISTING, None)] == [81559 << 20] * 2


@pytest.mark.parametrize(("visible", "count"), [("", 0), ("1", 1), ("GPU-aa,GPU-bb", 2), ("-1", 0)])
def test_cuda_visible_devices_chooses_gpus(visible, count):
    assert len(parse_listing(LISTING, visible)) == count


def test_listing_of_a_driver_without_gpus_is_empty():
    assert parse_listing("No devices were found\n", None) == ()


def test_tiny_is_made_once(tiny):
    assert make_tiny() == tiny


def test_tiny_is_the_same_wherever_it_is_made(tiny, tmp_path, monkeypatch):
    monkeypatch.setenv("CODEEDIT_CACHE", str(tmp_path))
    again = make_tiny()
    for name in ("model.safetensors", "tokenizer.json", "config.json"):
        assert (again / name).read_bytes() == (tiny / name).read_bytes()


def test_making_tiny_leaves_nothing_else_behind(tiny):
    assert [path.name for path in tiny.parent.iterdir()] == [tiny.name]


def test_tiny_has_as_many_parameters_as_its_row_says(tiny):
    with (tiny / "model.safetensors").open("rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    header.pop("__metadata__")
    sizes = [tensor["data_offsets"][1] - tensor["data_offsets"][0] for tensor in header.values()]
    assert sum(sizes) // 4 == MODELS["tiny"].parameters


def test_markers_are_one_token_each(tokenizer):
    assert all(len(tokenizer(marker)["input_ids"]) == 1 for marker in MARKERS)


def test_decoding_keeps_markers_and_drops_special_tokens(tokenizer):
    ids = tokenizer(f"{NO_CHANGE}<|im_end|>")["input_ids"]
    assert tokenizer.decode(ids, skip_special_tokens=True) == NO_CHANGE


@pytest.mark.parametrize("text", ["def f(x):\n\treturn x\n", "größe = '日本語' 😀", "  a  b \r\n"])
def test_tokenizer_loses_nothing(tokenizer, text):
    assert tokenizer.decode(tokenizer(text)["input_ids"]) == text


def test_chat_template_marks_roles_and_opens_the_answer(tokenizer):
    messages = [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}]
    text = tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
    assert text == ("<|im_start|>system\ns<|im_end|>\n<|im_start|>user\nu<|im_end|>\n<|im_start|>assistant\n")


@pytest.mark.parametrize(
    "text", ["def f(x):\n\treturn x\n", "größe 日本語 😀", f"{NO_CHANGE}x<|im_end|>", ""]
)
def test_prompt_tokenizer_counts_as_transformers_does(tiny, tokenizer, text):
    light = load_prompt_tokenizer("tiny")
    expected = tokenizer([text], add_special_tokens=False)["input_ids"]
    assert light([text], add_special_tokens=False)["input_ids"] == expected
    assert light(text, add_special_tokens=False)["input_ids"] == expected[0]
    assert light.decode(expected[0]) == text


@pytest.mark.parametrize("more", [True, False])
def test_prompt_tokenizer_renders_as_transformers_does(tiny, tokenizer, more):
    messages = [{"role": "system", "content": "s\n"}, {"role": "user", "content": "{{ u }} <b>"}]
    rendered = [
        each.apply_chat_template(messages, add_generation_prompt=more, tokenize=False)
        for each in (tokenizer, load_prompt_tokenizer("tiny"))
    ]
    assert rendered[0] == rendered[1]


def test_prompt_tokenizer_of_another_kind_is_transformers_own(tmp_path):
    (tmp_path / "tokenizer_config.json").write_text('{"tokenizer_class": "LlamaTokenizer"}')
    (tmp_path / "tokenizer.json").write_text("{}")
    assert light_tokenizer(tmp_path) is None


def test_limits_are_small_for_tiny_and_its_checkpoints(tiny):
    assert limits("tiny") == limits(str(tiny)) == TINY_LIMITS


def test_limits_of_real_models_are_the_papers():
    assert limits("qwen3-8b") == limits("someone/some-model") == PAPER_LIMITS
