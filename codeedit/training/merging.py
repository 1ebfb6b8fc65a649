"""A LoRA run's model as a usable Hugging Face folder: the adapter is added to the weights.

With LoRA verl writes a checkpoint's model under peft's names (``….q_proj.base_layer.weight``,
``….q_proj.lora_A.default.weight``), which transformers would load as a model with random weights.  Here each
W becomes W + alpha / rank * B A, under its own name.  Resuming reads verl's other files, so that the folder
is changed in place.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

_PREFIX = "base_model.model."
_BASE, _DOWN, _UP = ".base_layer.", ".lora_A.default.weight", ".lora_B.default.weight"
_META = "lora_train_meta.json"  # verl's, beside the folder
_INDEX = "model.safetensors.index.json"


def merge_adapter(folder: Path) -> bool:
    """Merge the adapter in a checkpoint's Hugging Face folder, where there is one.

    Args:
        folder: with safetensors files; replaced when the merged one is whole.

    Returns:
        Whether there was one.
    """
    places = {name: file for file in sorted(folder.glob("*.safetensors")) for name in _names(file)}
    if not any(name.endswith(_DOWN) for name in places):
        return False
    meta = json.loads((folder.parent / _META).read_text(encoding="utf-8"))
    part, old = folder.with_name(f".{folder.name}.merged"), folder.with_name(f".{folder.name}.adapter")
    for leftover in (part, old):
        shutil.rmtree(leftover, ignore_errors=True)
    part.mkdir()
    tied = bool(json.loads((folder / "config.json").read_text(encoding="utf-8")).get("tie_word_embeddings"))
    merged = _write(places, part, meta["lora_alpha"] / meta["r"], tied=tied)
    for file in folder.iterdir():
        if file.name == _INDEX:
            _write_index(file, part / file.name, merged)
        elif file.is_file() and file.suffix != ".safetensors":
            shutil.copy2(file, part / file.name)
    folder.rename(old)
    part.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    return True


def _names(file: Path) -> list[str]:
    """Return the tensors' names, from the file's header."""
    with file.open("rb") as stream:
        header = json.loads(stream.read(int.from_bytes(stream.read(8), "little")))
    return [name for name in header if name != "__metadata__"]


def _write(places: dict[str, Path], target: Path, scale: float, *, tied: bool) -> dict[str, str]:
    """Write each file anew; return the file of each tensor."""
    from safetensors import safe_open
    from safetensors.torch import save_file

    opened: dict[Path, Any] = {file: safe_open(file, framework="pt") for file in set(places.values())}

    def tensor(name: str) -> Any:  # noqa: ANN401 - torch's
        return opened[places[name]].get_tensor(name)

    merged: dict[str, str] = {}
    for file in opened:
        tensors = {}
        for name in (name for name, place in places.items() if place == file):
            own = name.removeprefix(_PREFIX).replace(_BASE, ".")
            if name.endswith((_DOWN, _UP)) or (tied and own == "lm_head.weight"):
                continue
            tensors[own] = _merged(name, places, tensor, scale)
            merged[own] = file.name
        if tensors:
            save_file(tensors, target / file.name, metadata={"format": "pt"})
    return merged


def _merged(name: str, places: dict[str, Path], tensor: Callable[[str], Any], scale: float) -> Any:  # noqa: ANN401
    weight = tensor(name)
    module = name.removesuffix(f"{_BASE}weight")
    if module == name or module + _DOWN not in places:
        return weight
    update = tensor(module + _UP).float() @ tensor(module + _DOWN).float()  # (out, rank) (rank, in)
    return (weight.float() + scale * update).to(weight.dtype)


def _write_index(source: Path, target: Path, merged: dict[str, str]) -> None:
    index = json.loads(source.read_text(encoding="utf-8"))
    target.write_text(json.dumps({**index, "weight_map": merged}, indent=2) + "\n", encoding="utf-8")
