"""Whether a folder holds a whole causal language model, seen in milliseconds, before it is loaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from codeedit.errors import InputError

_CAUSAL = ("CausalLM", "LMHead", "ConditionalGeneration")  # in the names of architectures
_INDEX = ".index.json"  # which weights lie in which of several files
_COPY = "copy the model again"


def check_model_folder(folder: Path) -> None:
    """Raise for what would keep a model from being loaded.

    Args:
        folder: in the layout of the Hugging Face hub.

    Raises:
        InputError: config.json is none or another kind of model's, or weights are missing or cut off.
    """
    config = _read_object(folder / "config.json")
    names = config.get("architectures") or []
    other = names and not any(part in str(name) for name in names for part in _CAUSAL)
    if other or config.get("is_encoder_decoder"):
        found = f", but {names[0]}" if names else ""
        raise InputError(f"no causal language model{found}", where=str(folder), hint="choose another one")
    weights = [path for kind in ("safetensors", "bin") for path in sorted(folder.glob(f"*.{kind}"))]
    if not weights:
        raise InputError("no weights in this folder", where=str(folder), hint=_COPY)
    for index in folder.glob(f"*{_INDEX}"):
        for name in sorted(set(_read_object(index).get("weight_map", {}).values())):
            if not (folder / str(name)).is_file():
                raise InputError(f"the weights' file {name} is missing", where=str(folder), hint=_COPY)
    for path in weights:
        if path.suffix == ".safetensors" and not _is_whole(path):
            raise InputError("this file of weights is cut off", where=str(path), hint=_COPY)


def _read_object(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError("not a file of JSON", where=str(path), hint=_COPY) from error
    if not isinstance(value, dict):
        raise InputError("not a JSON object", where=str(path), hint=_COPY)
    return value


def _is_whole(path: Path) -> bool:
    """Tell whether a file is as long as its header says: 8 bytes of length, JSON, the tensors' bytes."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        if not 0 < length <= size - 8:
            return False
        try:
            header = json.loads(stream.read(length))
        except ValueError:
            return False
    tensors = (entry for name, entry in header.items() if name != "__metadata__")
    return size == 8 + length + max((int(entry["data_offsets"][1]) for entry in tensors), default=0)
