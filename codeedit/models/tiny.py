"""``tiny``: a Qwen2 of about a million parameters and its own tokenizer, made on the spot.

Its weights are random, but for two layers' attention, which begins with copying (see ``copying.py``).

It lets the real path (verl, FSDP2, Ray) run on a laptop's CPU.  The byte-level BPE is trained on
codeedit's own sources and the prompt's scaffolding, never on the user's data, so that the same version
of codeedit makes the same model everywhere.  Written without torch, in about a second.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import codeedit
from codeedit.cache import cache_folder
from codeedit.models.copying import can_copy
from codeedit.models.words import WORDS
from codeedit.pipeline.prompt_builder.markers import MARKERS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

PAD, START, END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '" + START + "' + message['role'] + '\\n' + message['content'] + '" + END + "\\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '" + START + "assistant\\n' }}{% endif %}"
)
_RECIPE = 3  # raise when anything below changes what is made
_SEED = 0
_VOCABULARY = 2048
_WORD_WEIGHT = 1000  # times that the words are read, so that each becomes one token
# No token reaches over the border of a word: a name is the same tokens wherever it stands.
_LEARNED = r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]|\n| ?[^\sA-Za-z0-9]+|[^\S\n]+|\s"
_QWEN2 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_DIFF_MARKS = ("[-", "-]", "{+", "+}")  # of word diffs
_HIDDEN, _LAYERS, _HEADS = 128, 4, 4  # head dimension 32
_INTERMEDIATE = 4 * _HIDDEN
_POSITIONS = 8192
_INITIAL_RANGE = 0.02  # standard deviation of the weights
_ROPE_THETA = 1e6


def make_tiny() -> Path:
    """Return the folder of the tiny model, made now if it is not in the cache."""
    texts = _texts()
    digest = hashlib.sha256(json.dumps([_RECIPE, texts]).encode()).hexdigest()[:12]
    folder = cache_folder() / "models" / f"tiny-{digest}"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _write(part, texts)
        part.chmod(0o755)
        part.rename(folder)
    except OSError:
        if not folder.is_dir():  # else another process was first
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder


@cache
def _texts() -> tuple[str, ...]:
    """Return what the tokenizer learns from: the package's sources, in a fixed order."""
    package = Path(codeedit.__file__).parent
    sources = (path.read_text(encoding="utf-8") for path in sorted(package.rglob("*.py")))
    return ("system\nuser\nassistant\n", *sources)


def _write(folder: Path, texts: tuple[str, ...]) -> None:
    from safetensors.numpy import save_file

    tokenizer = _train_tokenizer(texts)
    tokenizer.save(str(folder / "tokenizer.json"))
    _dump(folder / "tokenizer_config.json", _tokenizer_config())
    vocabulary = tokenizer.get_vocab_size()
    pad, end = tokenizer.token_to_id(PAD), tokenizer.token_to_id(END)
    _dump(folder / "config.json", _model_config(vocabulary, pad, end))
    _dump(folder / "generation_config.json", {"eos_token_id": end, "pad_token_id": pad})
    save_file(_weights(vocabulary), folder / "model.safetensors", metadata={"format": "pt"})


def _dump(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def _train_tokenizer(texts: tuple[str, ...]) -> Tokenizer:
    from tokenizers import (
        AddedToken,
        Regex,
        Tokenizer,
        decoders,
        models,
        normalizers,
        pre_tokenizers,
        trainers,
    )

    def pieces(pattern: str) -> pre_tokenizers.Sequence:
        return pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(Regex(pattern), behavior="isolated"),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        )

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pieces(_LEARNED)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=_VOCABULARY - len(MARKERS) - len(_DIFF_MARKS),
        special_tokens=[PAD, START, END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([*texts, *[" ".join(WORDS)] * _WORD_WEIGHT], trainer)
    # What transformers puts in their place for Qwen2, whatever the file says.
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pieces(_QWEN2)
    # One token each, and not special: decoding an answer must keep them.
    tokenizer.add_tokens([AddedToken(text, normalized=False) for text in (*MARKERS, *_DIFF_MARKS)])
    return tokenizer


def _tokenizer_config() -> dict[str, Any]:
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "pad_token": PAD,
        "eos_token": END,
        "model_max_length": _POSITIONS,
        "clean_up_tokenization_spaces": False,
        "chat_template": CHAT_TEMPLATE,
    }


def _model_config(vocabulary: int, pad: int, end: int) -> dict[str, Any]:
    return {
        "architectures": ["Qwen2ForCausalLM"],
        "model_type": "qwen2",
        "vocab_size": vocabulary,
        "hidden_size": _HIDDEN,
        "intermediate_size": _INTERMEDIATE,
        "num_hidden_layers": _LAYERS,
        "num_attention_heads": _HEADS,
        "num_key_value_heads": _HEADS,
        "hidden_act": "silu",
        "initializer_range": _INITIAL_RANGE,
        "max_position_embeddings": _POSITIONS,
        "rms_norm_eps": 1e-6,
        "rope_theta": _ROPE_THETA,
        "tie_word_embeddings": True,
        "use_cache": True,
        "bos_token_id": None,
        "eos_token_id": end,
        "pad_token_id": pad,
        "dtype": "float32",
    }


def _weights(vocabulary: int) -> dict[str, NDArray[np.float32]]:
    """Return weights by Qwen2's names; the output layer is the embedding."""
    import numpy as np

    random = np.random.default_rng(_SEED)

    def matrix(rows: int, columns: int) -> NDArray[np.float32]:
        return random.standard_normal((rows, columns), dtype=np.float32) * np.float32(_INITIAL_RANGE)

    ones = np.ones(_HIDDEN, dtype=np.float32)
    weights = {"model.embed_tokens.weight": matrix(vocabulary, _HIDDEN), "model.norm.weight": ones}
    for number in range(_LAYERS):
        layer = f"model.layers.{number}"
        for name in "qkv":
            weights[f"{layer}.self_attn.{name}_proj.weight"] = matrix(_HIDDEN, _HIDDEN)
            weights[f"{layer}.self_attn.{name}_proj.bias"] = np.zeros(_HIDDEN, dtype=np.float32)
        weights[f"{layer}.self_attn.o_proj.weight"] = matrix(_HIDDEN, _HIDDEN)
        weights[f"{layer}.mlp.gate_proj.weight"] = matrix(_INTERMEDIATE, _HIDDEN)
        weights[f"{layer}.mlp.up_proj.weight"] = matrix(_INTERMEDIATE, _HIDDEN)
        weights[f"{layer}.mlp.down_proj.weight"] = matrix(_HIDDEN, _INTERMEDIATE)
        weights[f"{layer}.input_layernorm.weight"] = ones.copy()
        weights[f"{layer}.post_attention_layernorm.weight"] = ones.copy()
    can_copy(weights, heads=_HEADS, theta=_ROPE_THETA, scale=_INITIAL_RANGE)
    return weights
