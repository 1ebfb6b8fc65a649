"""A causal language model opened with transformers, on the CPU or one GPU.

Prompts of like length share a batch, padded on the left; a prompt is read once and its trials go on
from copies of its key-value cache; a row that has ended leaves its batch.  Each row and trial draws from
its own stream of random numbers by inverting the cumulative distribution, so that an answer does not
depend on the batch it was drawn in.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from codeedit.errors import InputError, MissingDependencyError
from codeedit.eval.engines.base import Generation, ModelSource, Pair, Sampling
from codeedit.pipeline.prompt_builder import Budget, Message, plain_chat_template

_CPU_CACHE = 256 * 1024 * 1024  # bytes of a batch's key-value cache
_GPU_SHARE = 0.4  # of the free memory, for the same
_MOST_ANSWERS = 256  # of a batch


class HuggingFaceEngine:
    """Answers with ``transformers``; float32 on the CPU, bfloat16 on a GPU.

    Args:
        source: the model's folder or hub name.

    Raises:
        MissingDependencyError: torch is not installed, or the hub cannot be reached.
        InputError: it is no causal language model with a chat template.
    """

    def __init__(self, source: ModelSource) -> None:
        self.source = source
        self.tokenizer, self.model, self.device = _open(source)

    @property
    def context(self) -> int | None:
        """The model's positions."""
        positions = getattr(self.model.config, "max_position_embeddings", None)
        return positions if isinstance(positions, int) else None

    def budget(self, max_tokens: int) -> Budget:
        """Return a prompt budget by the model's tokenizer."""
        return Budget.for_tokenizer(self.tokenizer, max_tokens, plain=self.source.plain)

    def describe(self) -> dict[str, Any]:
        """Return device and precision."""
        return {"engine": "hf", "device": self.device, "dtype": str(self.model.dtype).removeprefix("torch.")}

    def generate(
        self, prompts: Mapping[int, Sequence[Message]], pairs: Sequence[Pair], sampling: Sampling
    ) -> Iterator[Generation]:
        """Yield the answers, batch by batch, short prompts first."""
        from codeedit.eval.engines.decoding import decode

        trials: dict[int, list[int]] = defaultdict(list)
        for row, trial in pairs:
            trials[row].append(trial)
        ids = {row: self._encode(prompts[row]) for row in trials}
        sizes = {row: len(ids[row]) + sampling.max_tokens * len(trials[row]) for row in trials}
        counts = {row: len(trials[row]) for row in trials}
        order = sorted(trials, key=lambda row: (sizes[row], row))
        stops = self._stop_ids()
        for batch in batches(order, sizes, counts, self._cache_tokens()):
            wanted = [(row, trial) for row in batch for trial in trials[row]]
            answers = decode(self.model, [ids[row] for row in batch], batch, wanted, stops, sampling)
            for (row, trial), tokens in answers:
                text = self.tokenizer.decode(tokens.ids, clean_up_tokenization_spaces=False)
                yield Generation(row, trial, text, tokens.truncated)

    def _encode(self, messages: Sequence[Message]) -> list[int]:
        text = self.tokenizer.apply_chat_template(list(messages), add_generation_prompt=True, tokenize=False)
        ids: list[int] = self.tokenizer(text, add_special_tokens=False)["input_ids"]
        return ids

    def _cache_tokens(self) -> int:
        """Return how many tokens the key-value cache of a batch may hold."""
        import torch

        config = self.model.config.get_text_config()
        head = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
        heads = getattr(config, "num_key_value_heads", None) or config.num_attention_heads
        token = 2 * config.num_hidden_layers * heads * head * self.model.dtype.itemsize  # bytes
        if self.device == "cpu":
            return int(_CPU_CACHE // token)
        free, _ = torch.cuda.mem_get_info()
        return int(_GPU_SHARE * free // token)

    def _stop_ids(self) -> frozenset[int]:
        """Return the tokens that end an answer: the tokenizer's and the model's own."""
        found = {self.tokenizer.eos_token_id, self.tokenizer.pad_token_id}
        declared = self.model.generation_config.eos_token_id
        found.update(declared if isinstance(declared, list) else [declared])
        return frozenset(token for token in found if token is not None)


def batches(
    order: Sequence[int], sizes: Mapping[int, int], trials: Mapping[int, int], limit: int
) -> Iterator[list[int]]:
    """Cut rows into batches; a row that is too large on its own is a batch.

    Args:
        order: rows, by rising size.
        sizes: tokens of each row's prompt and all its answers.
        trials: how many answers each row gets.
        limit: tokens of a batch, the padding to its largest row included.
    """
    batch: list[int] = []
    answers = 0
    for row in order:
        answers += trials[row]
        if batch and (answers > _MOST_ANSWERS or (len(batch) + 1) * sizes[row] > limit):
            yield batch
            batch, answers = [], trials[row]
        batch.append(row)
    if batch:
        yield batch


def _open(source: ModelSource) -> tuple[Any, Any, str]:
    # Read when torch is loaded: threads that spin while they wait fight over a small machine's cores.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        import torch
    except ModuleNotFoundError as error:
        hint = 'pip install "codeedit[cpu]" or "codeedit[gpu]", or score answers with --predictions FILE'
        raise MissingDependencyError("torch is not installed", hint=hint) from error
    import transformers

    device = "cuda" if torch.cuda.is_available() else "cpu"
    dtype = torch.bfloat16 if device == "cuda" else torch.float32
    transformers.utils.logging.disable_progress_bar()
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(source.location)
        model = transformers.AutoModelForCausalLM.from_pretrained(source.location, dtype=dtype)
    except (OSError, ValueError, KeyError) as error:  # what transformers raises for a bad folder or name
        hint = "give a run, a folder with a causal language model, or a Hugging Face name"
        raise InputError(
            "cannot be opened as a causal language model", where=source.name, hint=hint
        ) from error
    if source.plain:
        tokenizer.chat_template = plain_chat_template(tokenizer)
    if not tokenizer.chat_template:
        raise InputError("the model's tokenizer has no chat template", where=source.name)
    return tokenizer, model.to(device).eval(), device
