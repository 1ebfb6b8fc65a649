"""What an engine is: something that answers chat prompts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from codeedit.pipeline.prompt_builder import Budget, Message

BASE_SEED = 2510_21830  # of trial 0; trial t has BASE_SEED + t

Pair = tuple[int, int]  # (row, trial)


def trial_seed(trial: int) -> int:
    """Return the sampling seed of a trial."""
    return BASE_SEED + trial


@dataclass(frozen=True, slots=True)
class Sampling:
    """How answers are drawn."""

    temperature: float = 1.0  # 0: always the likeliest token
    top_p: float = 1.0
    max_tokens: int = 1024  # of an answer


@dataclass(frozen=True, slots=True)
class ModelSource:
    """What an engine opens."""

    name: str  # as a person knows it
    location: str | Path  # a Hugging Face folder, or a name on the hub
    plain: bool = False  # whether prompts are one text instead of a chat


@dataclass(frozen=True, slots=True)
class Generation:
    """One answer."""

    row: int
    trial: int
    text: str  # without the chat template's own tokens
    truncated: bool  # it reached ``max_tokens``


class Engine(Protocol):
    """A model that answers.

    Answers come in any order.  An answer depends on its prompt, its trial's seed and the sampling alone,
    not on what else is asked for: an interrupted evaluation ends with the same answers.
    """

    @property
    def context(self) -> int | None:
        """How many tokens a prompt and its answer may have together; None where the engine cannot tell."""

    def budget(self, max_tokens: int) -> Budget:
        """Return a prompt budget counted with the model's own tokenizer and chat template."""

    def generate(
        self, prompts: Mapping[int, Sequence[Message]], pairs: Sequence[Pair], sampling: Sampling
    ) -> Iterator[Generation]:
        """Yield an answer to each pair of row and trial, as they come.

        Args:
            prompts: chat messages by row.
            pairs: what is wanted; each row is one of ``prompts``.
            sampling: how answers are drawn; each trial with ``trial_seed``.
        """

    def describe(self) -> dict[str, Any]:
        """Return what else an answer depends on (device, precision), for the report."""
