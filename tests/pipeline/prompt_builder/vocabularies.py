"""Real vocabularies as transformers tokenizers, from packages that carry them: nothing is downloaded."""

import base64
import importlib.util
import json
import os
from pathlib import Path
from typing import Any

import pytest

QWEN_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN_TOKENS = (
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|fim_prefix|>",
    "<|fim_middle|>",
    "<|fim_suffix|>",
    "<|fim_pad|>",
    "<|repo_name|>",
    "<|file_sep|>",
)
QWEN_CHAT = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] "
    "+ '<|im_end|>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
MISTRAL_TOKENS = ("<unk>", "<s>", "</s>", "[INST]", "[/INST]")
# Mistral's own templates know no system role.
MISTRAL_CHAT = (
    "<s>{% for message in messages %}{% if message['role'] == 'system' %}"
    "{{ raise_exception('no system role') }}{% endif %}[INST]{{ message['content'] }}[/INST]{% endfor %}"
)


def load(name: str, cache: Path) -> Any:
    """Return the tokenizer ``qwen`` or ``mistral``; skip where its package is not installed."""
    from transformers import PreTrainedTokenizerFast

    stored = cache / f"{name}.json"
    if not stored.is_file():
        ranks, pattern, tokens = _qwen() if name == "qwen" else _mistral()
        part = stored.with_suffix(f".{os.getpid()}.part")  # another worker may make it too
        _tokenizer(ranks, pattern, tokens).save(str(part))
        part.replace(stored)
    chat = QWEN_CHAT if name == "qwen" else MISTRAL_CHAT
    return PreTrainedTokenizerFast(tokenizer_file=str(stored), chat_template=chat)


def _file(package: str, path: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        pytest.skip(f"{package} is not installed")
    file = Path(spec.submodule_search_locations[0]) / path
    if not file.is_file():
        pytest.skip(f"{package} has no {path}")
    return file


def _qwen() -> tuple[dict[bytes, int], str, tuple[str, ...]]:
    ranks = {}
    for line in _file("dashscope", "resources/qwen.tiktoken").read_bytes().splitlines():
        token, rank = line.split()
        ranks[base64.b64decode(token)] = int(rank)
    return ranks, QWEN_PATTERN, QWEN_TOKENS


def _mistral() -> tuple[dict[bytes, int], str, tuple[str, ...]]:
    tekken = json.loads(_file("mistral_common", "data/tekken_240911.json").read_text())
    size = tekken["config"]["default_vocab_size"] - tekken["config"]["default_num_special_tokens"]
    ranks = {base64.b64decode(entry["token_bytes"]): entry["rank"] for entry in tekken["vocab"][:size]}
    return ranks, tekken["config"]["pattern"], MISTRAL_TOKENS


def _tokenizer(ranks: dict[bytes, int], pattern: str, tokens: tuple[str, ...]) -> Any:
    """Turn the ranks of byte sequences into a byte-level BPE with merges."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers

    letters = _letters()
    spelled = {"".join(letters[byte] for byte in token): rank for token, rank in ranks.items()}
    merges = []
    for token, rank in ranks.items():
        for at in range(1, len(token)):
            left, right = token[:at], token[at:]
            if left in ranks and right in ranks:
                merges.append((rank, ranks[left], ranks[right], left, right))
    merges.sort()
    text = {token: "".join(letters[byte] for byte in token) for token in ranks}
    tokenizer = Tokenizer(
        models.BPE(vocab=spelled, merges=[(text[left], text[right]) for *_, left, right in merges])
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(pattern), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in tokens])
    return tokenizer


def _letters() -> dict[int, str]:
    """Return the printable letter that byte-level BPE writes for each byte."""
    kept = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in kept]
    return {byte: chr(byte) for byte in kept} | {byte: chr(256 + n) for n, byte in enumerate(others)}
