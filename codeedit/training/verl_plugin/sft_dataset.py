"""verl's SFT data set of our prompts: the very tokens that a rollout would see and should answer.

verl's own renders each chat message by itself, which many chat templates do not allow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch.utils.data import Dataset


class AnsweredPrompts(Dataset[dict[str, torch.Tensor]]):
    """Prompts with a perfect model's answers; only the answers are learned, unless ``learn_prompts`` is set.

    Args:
        parquet_files: with the columns ``prompt`` (chat messages) and ``answer``.
        tokenizer: of the model.
        config: verl's ``data`` node; its ``max_length`` is the limit in tokens, and with ``learn_prompts``
            the prompts that are trained on are learned too.  Validation is on the answers alone.
        processor: not used.
        max_samples: most rows; -1: all.
    """

    def __init__(
        self,
        parquet_files: str | Sequence[str],
        tokenizer: Any,  # noqa: ANN401 - transformers' own
        config: Mapping[str, Any],
        processor: Any = None,  # noqa: ANN401, ARG002 - verl's signature
        max_samples: int = -1,
    ) -> None:
        import pyarrow.parquet as pq

        files = [parquet_files] if isinstance(parquet_files, str) else list(parquet_files)
        rows = [
            row for file in files for row in pq.read_table(file, columns=["prompt", "answer"]).to_pylist()
        ]
        self._rows = rows[:max_samples] if max_samples > 0 else rows
        self._tokenizer = tokenizer
        self._most = int(config["max_length"])
        self._prompts = bool(config.get("learn_prompts")) and parquet_files != config.get("val_files")

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: int) -> dict[str, torch.Tensor]:
        """Return token ids, positions and the mask of what is learned, each (tokens,)."""
        row, tokenizer = self._rows[index], self._tokenizer
        text = tokenizer.apply_chat_template(row["prompt"], add_generation_prompt=True, tokenize=False)
        prompt = tokenizer(text, add_special_tokens=False)["input_ids"]
        answer = tokenizer(row["answer"], add_special_tokens=False)["input_ids"] + [tokenizer.eos_token_id]
        ids = torch.tensor((prompt + answer)[: self._most])
        learned = torch.ones_like(ids)
        learned[: 1 if self._prompts else len(prompt)] = 0  # nothing comes before the first token
        return {"input_ids": ids, "position_ids": torch.arange(len(ids)), "loss_mask": learned}
