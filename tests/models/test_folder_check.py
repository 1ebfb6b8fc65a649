"""A folder that holds no whole model is told before anything is started."""

import json
import shutil

import pytest

from codeedit.errors import InputError
from codeedit.models import check_model_folder, make_tiny


@pytest.fixture
def folder(tmp_path):
    """A copy of tiny."""
    return shutil.copytree(make_tiny(), tmp_path / "model")


def change(file, **values):
    file.write_text(json.dumps(json.loads(file.read_text()) | values))


def test_a_whole_model_is_fine(folder):
    check_model_folder(folder)


def test_a_configuration_that_is_no_json(folder):
    (folder / "config.json").write_text("{oops")
    with pytest.raises(InputError, match=r"config.json: not a file of JSON"):
        check_model_folder(folder)


def test_a_model_of_another_kind(folder):
    change(folder / "config.json", architectures=["BertModel"])
    with pytest.raises(InputError, match="no causal language model, but BertModel"):
        check_model_folder(folder)


def test_a_folder_without_weights(folder):
    (folder / "model.safetensors").unlink()
    with pytest.raises(InputError, match="no weights"):
        check_model_folder(folder)


@pytest.mark.parametrize("size", [0, 5, 100, -1])
def test_weights_that_are_cut_off(folder, size):
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:size])
    with pytest.raises(InputError, match="cut off"):
        check_model_folder(folder)


def test_a_part_of_the_weights_that_is_missing(folder):
    index = {"weight_map": {"a": "model.safetensors", "b": "model-00002-of-00002.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    with pytest.raises(InputError, match=r"model-00002-of-00002\.safetensors is missing"):
        check_model_folder(folder)
