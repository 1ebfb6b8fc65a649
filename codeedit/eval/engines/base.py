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


def answer_seed(row: int, trial: int) -> int:
    """Return the seed of one answer, for engines that take one a request: 31 bits of trial's seed and row."""
    import numpy as np

    return int(np.random.SeedSequence([trial_seed(trial), row]).generate_state(1)[0]) >> 1


@dataclass(frozen=True, slots=True)
class Sampling:
    """How answers are drawn."""

    temperature: float = 1.0  # 0: always the likeliest token
    top_p: float = 1.0
    max_tokens: int = 1024  # of an answer
    stops: tuple[str, ...] = ()  # texts after which nothing of an answer is read


@dataclass(frozen=True, slots=True)
class ModelSource:
    """What an engine opens."""

    name: str  # as a person knows it; of a served model, as the server does
    location: str | Path  # a Hugging Face folder, or a name on the hub or on the server
    plain: bool = False  # whether prompts are one text instead of a chat
    thinking: bool = True  # whether it may, where its chat template has a switch for it


@dataclass(frozen=True, slots=True)
class Generation:
    """One answer."""

    row: int
    trial: int
    text: str  # without the chat template's own tokens
    truncated: bool  # it reached ``max_tokens``
    prompt_too_long: bool = False  # a server refused the prompt for its length


@dataclass(frozen=True, slots=True)
class Work:
    """What an engine read to answer."""

    prompt_tokens: int = 0
    padding_tokens: int = 0  # read beside them, to make a batch's rows as long as its longest

    @property
    def padding(self) -> float:
        """The share of padding in all that was read."""
        return self.padding_tokens / max(1, self.prompt_tokens + self.padding_tokens)


class Engine(Protocol):
    """A model that answers.

    Answers come in any order.  An answer depends on its prompt, its trial's seed and the sampling alone,
    not on what else is asked for: an interrupted evaluation ends with the same answers.  Servers and
    vLLM keep this as far as their own arithmetic does.
    """

    @property
    def context(self) -> int | None:
        """How many tokens a prompt and its answer may have together; None where the engine cannot tell."""

    @property
    def tokenizer(self) -> Any:  # noqa: ANN401 - transformers' own, or a part of it
        """The model's tokenizer; None where it is not known."""

    @property
    def work(self) -> Work:
        """What it has read so far."""

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

        Raises:
            CodeEditError: the model cannot go on; what was yielded before stays good.
        """

    def describe(self) -> dict[str, Any]:
        """Return what else an answer depends on (device, precision, address), for the report."""


class EngineSettings(Protocol):
    """What the registry holds: a frozen dataclass whose fields are the engine's options."""

    def served(self, name: str | None) -> str | None:
        """Return the model's name on the engine's server; None where the model is a folder or on the hub.

        Args:
            name: what the user calls it; None: the only one that the server has.

        Raises:
            CodeEditError: the server cannot be asked, or has several.
        """

    def open(self, source: ModelSource) -> Engine:
        """Load or reach the model.

        Raises:
            CodeEditError: it cannot be opened.
        """
