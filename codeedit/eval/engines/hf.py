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
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codeedit.eval.engines.base import Generation, ModelSource, Pair, Sampling, Work, trial_seed
from codeedit.eval.engines.local import (
    check_causal,
    decode_text,
    encode,
    need,
    open_tokenizer,
    opening,
    stop_ids,
)
from codeedit.pipeline.prompt_builder import Budget, Message

_CPU_CACHE = 256 * 1024 * 1024  # bytes of a batch's key-value cache
_GPU_SHARE = 0.4  # of the free memory, for the same
_MOST_ANSWERS = 256  # of a batch
_MOST_PADDING = 0.15  # of the tokens that a batch reads
INSTALL = 'pip install "codeedit[cpu]" or "codeedit[gpu]", or score answers with --predictions FILE'


@dataclass(frozen=True, slots=True)
class HuggingFace:
    """The engine's options: none."""

    def served(self, name: str | None) -> None:
        """The model is a folder or on the hub."""

    def open(self, source: ModelSource) -> HuggingFaceEngine:
        """Load the model."""
        return HuggingFaceEngine(source)


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
        self.work = Work()
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
        from codeedit.models.decoding import Drawing, decode

        trials: dict[int, list[int]] = defaultdict(list)
        for row, trial in pairs:
            trials[row].append(trial)
        ids = {row: encode(self.tokenizer, prompts[row]) for row in trials}
        sizes = {row: len(ids[row]) + sampling.max_tokens * len(trials[row]) for row in trials}
        counts = {row: len(trials[row]) for row in trials}
        lengths = {row: len(ids[row]) for row in trials}
        order = sorted(trials, key=lambda row: (lengths[row], sizes[row], row))
        stops = self._stop_ids(sampling.stops)
        for batch in batches(order, lengths, sizes, counts, self._cache_tokens()):
            read = sum(lengths[row] for row in batch)
            padded = len(batch) * lengths[batch[-1]] - read
            self.work = Work(self.work.prompt_tokens + read, self.work.padding_tokens + padded)
            wanted = [(row, trial) for row in batch for trial in trials[row]]
            place = {row: at for at, row in enumerate(batch)}
            answers = decode(
                self.model,
                [ids[row] for row in batch],
                [place[row] for row, _ in wanted],
                _draws(wanted, sampling.max_tokens),
                stops,
                Drawing(sampling.temperature, sampling.top_p),
            )
            for at, answer in answers:
                text = decode_text(self.tokenizer, answer.content)
                yield Generation(*wanted[at], text, truncated=not answer.ended)

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

    def _stop_ids(self, stops: Sequence[str] = ()) -> frozenset[int]:
        """Return the tokens that end an answer: the tokenizer's, the model's own and the template's."""
        return stop_ids(self.tokenizer, self.model.generation_config.eos_token_id, stops)


def _draws(pairs: Sequence[Pair], count: int) -> NDArray[np.float64]:
    """Return uniform numbers (pairs, count): a stream per trial's seed and row."""
    return np.stack([np.random.default_rng([trial_seed(trial), row]).random(count) for row, trial in pairs])


def batches(
    order: Sequence[int],
    lengths: Mapping[int, int],
    sizes: Mapping[int, int],
    trials: Mapping[int, int],
    limit: int,
) -> Iterator[list[int]]:
    """Cut rows into batches, none of which is padding by more than 15%; a row too large is a batch.

    Args:
        order: rows, by rising length.
        lengths: tokens of each row's prompt.
        sizes: tokens of each row's prompt and all its answers.
        trials: how many answers each row gets.
        limit: tokens of a batch, the padding to its largest row included.
    """
    batch: list[int] = []
    answers = read = largest = 0
    for row in order:
        answers, read, largest = answers + trials[row], read + lengths[row], max(largest, sizes[row])
        held = (len(batch) + 1) * lengths[row]
        padding = held - read > _MOST_PADDING * held
        if batch and (padding or answers > _MOST_ANSWERS or (len(batch) + 1) * largest > limit):
            yield batch
            batch, answers, read, largest = [], trials[row], lengths[row], sizes[row]
        batch.append(row)
    if batch:
        yield batch


def _open(source: ModelSource) -> tuple[Any, Any, str]:
    # Read when torch is loaded: threads that spin while they wait fight over a small machine's cores.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    need("torch", INSTALL)
    import torch
    import transformers

    device = "cuda" if torch.cuda.is_available() else "cpu"
    dtype = torch.bfloat16 if device == "cuda" else torch.float32
    transformers.utils.logging.disable_progress_bar()
    check_causal(source)
    tokenizer = open_tokenizer(source)
    with opening(source):
        model = transformers.AutoModelForCausalLM.from_pretrained(source.location, dtype=dtype).to(device)
    return tokenizer, model.eval(), device
