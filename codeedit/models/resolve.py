"""What a user calls a model, to a folder or hub name that transformers loads, and its token limits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeedit.errors import CodeEditError, InputError
from codeedit.models.gpu import Gpu, find_gpus
from codeedit.models.hub import hub_answers, is_cached
from codeedit.models.light_tokenizer import light_tokenizer
from codeedit.models.sizes import Sizes, read_sizes
from codeedit.models.table import MODELS, TINY
from codeedit.models.tiny import make_tiny
from codeedit.runs import Run

_SMALL_WEIGHTS = 200 * 1024 * 1024  # bytes; a folder with less is trained as tiny is


@dataclass(frozen=True, slots=True)
class Limits:
    """Tokens of a prompt and of a response."""

    prompt: int
    response: int


_TEMPLATE = "paper"  # the prompts' text format of models without a row
PAPER_LIMITS = Limits(prompt=4096, response=1024)
TINY_LIMITS = Limits(prompt=256, response=96)  # what two cores can roll out in seconds


def default_model(gpus: tuple[Gpu, ...] | None = None) -> str:
    """Return the model to take where none is named: ``qwen2.5-coder-3b`` with a GPU, else ``tiny``.

    Args:
        gpus: what there is to train on; None: this machine's.
    """
    return "qwen2.5-coder-3b" if (find_gpus() if gpus is None else gpus) else TINY


def resolve_model(name: str) -> str:
    """Return what transformers can load: an absolute folder or a hub name.

    Args:
        name: a name of ``MODELS``, a model's folder, a run's (its best model), or a hub name.

    Raises:
        UnknownNameError: none of them.
        InputError: the folder holds no model.
    """
    if name in MODELS:
        return MODELS[name].hub or str(make_tiny())
    folder = _folder(name)
    if folder.is_dir():
        if not (folder / "config.json").is_file():
            raise InputError("no model in this folder", where=name, hint="it needs a config.json")
        return str(folder.absolute())
    if name.startswith((".", "/", "~")) or name.count("/") > 1:
        raise InputError("no such model folder", where=name)
    if "/" not in name:
        raise MODELS.unknown(name)
    return name


def _folder(name: str) -> Path:
    """Return the folder that a name may mean; of a run, its best model's."""
    folder = Path(name).expanduser()
    return Run(folder).best or folder if (folder / "run.json").is_file() else folder


def limits(name: str) -> Limits:
    """Return how long prompts and responses may be for a model, where the user does not say."""
    return TINY_LIMITS if is_small(name) else PAPER_LIMITS


def is_small(name: str) -> bool:
    """Tell whether this is ``tiny`` or a folder with as little in it, such as a checkpoint of it."""
    if name == TINY:
        return True
    if name in MODELS:
        return False
    weights = [path.stat().st_size for path in _folder(name).glob("*.safetensors")]
    return bool(weights) and sum(weights) < _SMALL_WEIGHTS


def default_template(name: str) -> str:
    """Return the prompts' text format for a model, where the user does not say: its row's, a run's own."""
    if name in MODELS:
        return MODELS[name].template
    folder = _folder(name)
    for run in (Run(folder), Run(folder.parent)):  # a run, or its best or last
        if run.settings_file.is_file():
            return str(run.settings.get("template", _TEMPLATE))
    return MODELS[TINY].template if is_small(name) else _TEMPLATE


def model_sizes(name: str) -> Sizes | None:
    """Return a model's sizes: its row's, else those in its config.json; None where that cannot be had."""
    if name in MODELS:
        return MODELS[name].sizes
    return read_sizes(resolve_model(name))


def prompt_limit(name: str) -> int:
    """Return how many tokens a prompt may have for a model."""
    return limits(name).prompt


def load_prompt_tokenizer(name: str) -> Any:  # noqa: ANN401 - transformers' own, or a part of it
    """Return a tokenizer that counts tokens and renders chats, in the quickest way; errors as below."""
    return light_tokenizer(Path(resolve_model(name))) or load_tokenizer(name)


def load_tokenizer(name: str) -> Any:  # noqa: ANN401 - transformers' own
    """Return the tokenizer of a model.

    Raises:
        UnknownNameError: there is no such model.
        CodeEditError: the tokenizer cannot be loaded, say for want of network.
    """
    source = resolve_model(name)
    hint = "check the name and the network, or give a folder that holds the model"
    if not (Path(source).is_dir() or is_cached(source, "tokenizer_config.json") or hub_answers()):
        raise CodeEditError(f"{source} is not on this machine, and the hub does not answer", hint=hint)
    from transformers import AutoTokenizer

    try:
        return AutoTokenizer.from_pretrained(source)
    except (OSError, ValueError) as error:
        raise CodeEditError(f"cannot load the tokenizer of {source}", hint=hint) from error
