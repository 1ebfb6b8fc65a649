"""What the user asks of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codeedit.models import Gpu, find_gpus
from codeedit.pipeline.rewards import DEFAULT_REWARD
from codeedit.training.cluster import Cluster


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for; None means the default."""

    algorithm: str = "gapo"
    options: Mapping[str, Any] = field(default_factory=dict)
    model: str | None = None  # a name, or a folder
    init: str | None = None  # the run that the model is of
    data: Path = Path("data")
    template: str | None = None
    special_tokens: bool = False  # whether the template's markers become tokens of the vocabulary
    thinking: bool = True  # of a model whose chat template has the switch
    reward: str = DEFAULT_REWARD
    select: Path | None = None  # a selection of tasks; None: all
    steps: int | None = None
    lora: int = 0  # rank; 0: all weights are trained
    machine: tuple[Gpu, ...] | None = None  # to plan for; None: this one
    machines: int = 1  # of these
    seed: int = 1
    loggers: tuple[str, ...] = ()  # of verl's, besides console and file
    cluster: Cluster | None = None  # None: this machine, with a Ray of the run's own
    overrides: tuple[str, ...] = ()  # verl's, in hydra's grammar

    @property
    def gpus(self) -> tuple[Gpu, ...]:
        """The GPUs of a machine to train on."""
        if self.machine is not None:
            return self.machine
        return self.cluster.gpus if self.cluster else find_gpus()

    @property
    def workers(self) -> int:
        """GPUs on all machines."""
        return len(self.gpus) * (self.cluster.nodes if self.cluster else self.machines)
