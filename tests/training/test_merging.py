"""An adapter is merged into a model's files as verl leaves them: peft's names, the scale beside them."""

import json

import pytest

from codeedit.models import make_tiny
from codeedit.training.merging import merge_adapter

torch = pytest.importorskip("torch")
peft = pytest.importorskip("peft")
safetensors = pytest.importorskip("safetensors.torch")

RANK, ALPHA = 4, 32


@pytest.fixture(scope="module")
def trained():
    """tiny with an adapter that has learned something."""
    from transformers import AutoModelForCausalLM

    torch.manual_seed(0)
    base = AutoModelForCausalLM.from_pretrained(make_tiny())
    config = peft.LoraConfig(
        r=RANK, lora_alpha=ALPHA, target_modules="all-linear", task_type=peft.TaskType.CAUSAL_LM
    )
    model = peft.get_peft_model(base, config).eval()
    for name, parameter in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=0.02)
    return model


def as_verl_writes(model, folder, shards):
    """Write the files that verl's checkpoint has."""
    folder.mkdir(parents=True)
    state = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    names = sorted(state)
    weights = {}
    for number in range(shards):
        file = "model.safetensors" if shards == 1 else f"model-{number + 1:05}-of-{shards:05}.safetensors"
        part = {name: state[name] for name in names[number::shards]}
        safetensors.save_file(part, folder / file, metadata={"format": "pt"})
        weights |= dict.fromkeys(part, file)
    if shards > 1:
        index = {"metadata": {"total_size": 1}, "weight_map": weights}
        (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    for file in make_tiny().iterdir():
        if file.suffix != ".safetensors":
            (folder / file.name).write_bytes(file.read_bytes())
    (folder.parent / "lora_train_meta.json").write_text(json.dumps({"r": RANK, "lora_alpha": ALPHA}))
    return folder


def logits(model):
    with torch.no_grad():
        return model(torch.arange(40)[None]).logits


@pytest.mark.parametrize("shards", [1, 3])
def test_the_merged_model_computes_what_the_adapted_one_did(trained, tmp_path, shards):
    from transformers import AutoModelForCausalLM

    folder = as_verl_writes(trained, tmp_path / "actor" / "huggingface", shards)
    assert merge_adapter(folder)
    loaded, told = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
    assert not told["missing_keys"]
    assert not told["unexpected_keys"]
    torch.testing.assert_close(logits(loaded.eval()), logits(trained), atol=1e-5, rtol=1e-4)


def test_a_merged_folder_is_left_as_it_is(trained, tmp_path):
    folder = as_verl_writes(trained, tmp_path / "huggingface", 1)
    merge_adapter(folder)
    before = (folder / "model.safetensors").read_bytes()
    assert not merge_adapter(folder)
    assert (folder / "model.safetensors").read_bytes() == before


def test_a_model_without_an_adapter_is_left_as_it_is(tmp_path):
    assert not merge_adapter(make_tiny())


def test_nothing_but_the_folder_is_left_behind(trained, tmp_path):
    folder = as_verl_writes(trained, tmp_path / "huggingface", 1)
    merge_adapter(folder)
    assert {path.name for path in tmp_path.iterdir()} == {"huggingface", "lora_train_meta.json"}
