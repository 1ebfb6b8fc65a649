"""Sizes of models and what follows from them."""

import json

import pytest

from codeedit.errors import InputError
from codeedit.models import MODELS, make_tiny, model_sizes, parse_machine
from codeedit.models.sizes import read_sizes, sizes_of
from codeedit.models.table import TINY_SIZES, SystemRole, Thinking

# What the models' cards and file lists state.
PUBLISHED = {
    "qwen2.5-coder-3b": 3_085_938_688,
    "qwen2.5-coder-7b": 7_615_616_512,
    "qwen2.5-coder-14b": 14_770_033_664,
    "qwen2.5-3b": 3_085_938_688,
    "qwen2.5-7b": 7_615_616_512,
    "qwen3-4b": 4_022_468_096,
    "qwen3-8b": 8_190_735_360,
    "mistral-7b-v0.3": 7_248_023_552,
    "deepseek-coder-6.7b": 6_740_512_768,
}
MISTRAL = {
    "model_type": "mistral",
    "hidden_size": 4096,
    "intermediate_size": 14336,
    "max_position_embeddings": 32768,
    "num_attention_heads": 32,
    "num_hidden_layers": 32,
    "num_key_value_heads": 8,
    "tie_word_embeddings": False,
    "vocab_size": 32768,
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_parameters_follow_from_the_sizes(name):
    assert MODELS[name].parameters == PUBLISHED[name]


def test_sizes_are_read_from_a_published_config():
    assert sizes_of(MISTRAL) == MODELS["mistral-7b-v0.3"].sizes


def test_tinys_row_is_what_its_folder_says():
    assert read_sizes(str(make_tiny())) == TINY_SIZES


@pytest.mark.parametrize(
    "change", [{"num_local_experts": 8}, {"is_encoder_decoder": True}, {"vocab_size": None}]
)
def test_other_kinds_of_models_have_no_sizes(change):
    assert sizes_of(MISTRAL | change) is None


def test_a_folder_of_ones_own_has_its_own_sizes(tmp_path):
    (tmp_path / "config.json").write_text(json.dumps(MISTRAL | {"num_hidden_layers": 2}))
    found = model_sizes(str(tmp_path))
    assert found is not None
    assert found.layers == 2


def test_a_config_that_is_damaged_gives_no_sizes(tmp_path):
    (tmp_path / "config.json").write_text("{")
    assert read_sizes(str(tmp_path)) is None


def test_a_token_of_qwen2_7b_takes_56_kib_of_cache():
    assert MODELS["qwen2.5-7b"].sizes.kv_bytes(1) == 56 * 1024


def test_lora_matrices_are_counted_as_peft_makes_them():
    sizes = TINY_SIZES
    attention = 4 * 8 * (128 + 128)  # four maps of 128 to 128, rank 8
    mlp = 3 * 8 * (128 + 512)
    assert sizes.lora_parameters(8) == sizes.layers * (attention + mlp)


def test_the_models_that_reason_are_qwen3():
    assert [name for name, model in MODELS.items() if model.reasoning] == ["qwen3-4b", "qwen3-8b"]
    assert MODELS["qwen3-8b"].chat.thinking is Thinking.SWITCH


def test_mistral_has_no_turn_of_the_systems_own():
    assert MODELS["mistral-7b-v0.3"].chat.system is SystemRole.USER


@pytest.mark.parametrize(("text", "count"), [("8x80", 8), ("24", 1), ("2x24GB", 2)])
def test_a_machine_to_plan_for(text, count):
    machine = parse_machine(text)
    assert len(machine) == count
    assert machine[0].memory % (1 << 30) == 0


@pytest.mark.parametrize("text", ["", "8x", "x80", "0x80", "eight", "8x0"])
def test_a_machine_that_cannot_be_read(text):
    with pytest.raises(InputError, match="write it as 8x80"):
        parse_machine(text)
