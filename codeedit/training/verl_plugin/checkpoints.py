"""Marks a checkpoint as complete, which no torn one ever is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from verl.trainer.ppo.checkpoint_callback import CheckpointCallback

from codeedit.runs import mark_complete


class MarkComplete(CheckpointCallback):  # type: ignore[misc]
    """verl calls it when all of a checkpoint's files are written."""

    def on_save(
        self,
        trainer: Any,  # noqa: ANN401, ARG002
        global_step: int,
        checkpoint_dir: str,
        async_save: bool = False,  # noqa: ARG002 - verl's signature
        **_: Any,  # noqa: ANN401
    ) -> None:
        """Put the mark into the checkpoint's folder."""
        mark_complete(Path(checkpoint_dir), global_step)
