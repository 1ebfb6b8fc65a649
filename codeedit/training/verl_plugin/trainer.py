"""verl's synchronous trainer, which can be stopped between steps and notes each answer's advantage.

A stop is asked for by a file (see ``codeedit.training.stopping``).  The step in progress is given up while
it has not changed the weights yet, and finished otherwise; then the last finished step is saved with the
data order as it was after it, so that a resumed run repeats what was given up.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import torch
import transfer_queue as tq
from verl.trainer.ppo.v1 import PPOTrainerSync, register_trainer

from codeedit.runs import is_complete, scores_file
from codeedit.training.stopping import of_this_start
from codeedit.training.verl_plugin.replay_buffer import StoppedError, note_scores

MODE = "codeedit"  # trainer.v1.trainer_mode
_log = logging.getLogger(__name__)


class _FrozenOrder:
    """Stands for the data loader while an earlier state of it is saved."""

    def __init__(self, state: dict[str, Any]) -> None:
        self._state = state

    def state_dict(self) -> dict[str, Any]:
        return self._state


@register_trainer(MODE)
class StoppableTrainer(PPOTrainerSync):  # type: ignore[misc]
    """verl's, which saves and ends when it is asked to."""

    _finished: tuple[int, dict[str, Any]] | None = None  # of this start: a step, the data order after it

    @property
    def trainer_mode(self) -> str:
        """What verl's own code compares with: this is its synchronous mode."""
        return "sync"

    @trainer_mode.setter
    def trainer_mode(self, _: str) -> None:
        pass

    def fit(self, agent_loop_manager: Any) -> None:  # noqa: ANN401
        """Train, as verl does, to the last step or to a stop."""
        try:
            super().fit(agent_loop_manager)
        except StoppedError:
            self._save_finished()
            self._shutdown_dump_executor()

    def on_train_begin(self) -> None:
        """Begin to look for a request."""
        super().on_train_begin()
        if files := of_this_start():
            files.listen()

    def on_step_begin(self) -> None:
        """Go on unless a stop was asked for; as do the three below."""
        self._stop_if_asked()
        super().on_step_begin()

    def _compute_old_log_prob(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        self._stop_if_asked()
        return super()._compute_old_log_prob(*args, **kwargs)

    def _compute_ref_log_prob(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        self._stop_if_asked()
        return super()._compute_ref_log_prob(*args, **kwargs)

    def _update_actor(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        self._stop_if_asked()
        return super()._update_actor(*args, **kwargs)

    def on_step_end(self) -> None:
        """Note the step as finished: its weights are updated, and perhaps saved."""
        super().on_step_end()
        self._finished = (self.global_steps, self.train_dataloader.state_dict())

    def _stop_if_asked(self) -> None:
        files = of_this_start()
        if files and files.asked:
            raise StoppedError

    def _save_finished(self) -> None:
        if self._finished is None:
            return
        step, order = self._finished
        if is_complete(Path(self.config.trainer.default_local_dir) / f"global_step_{step}"):
            return
        if torch.cuda.is_available():
            self._free_rollout_memory()
        self.global_steps, self.train_dataloader = step, _FrozenOrder(order)
        self._save_checkpoint()

    def _free_rollout_memory(self) -> None:
        """Make room for the weights where the rollout shares the GPU with them, if that can be had."""
        try:
            self.checkpoint_manager.abort_replicas(reject_request=True)
            self.checkpoint_manager.sleep_replicas()
        except Exception:  # noqa: BLE001 - what matters is the checkpoint, with or without room
            _log.warning("the rollout keeps its memory while the checkpoint is saved", exc_info=True)

    def _compute_advantage(self, batch: Any, metrics: dict[str, Any]) -> Any:  # noqa: ANN401
        """Compute the advantages, and note each answer's with its scores."""
        batch = super()._compute_advantage(batch, metrics)
        folder = self.config.trainer.get("rollout_data_dir")
        if folder:
            advantages = _mean_advantages(batch)
            note_scores(self.replay_buffer.sampled, advantages, scores_file(Path(folder), self.global_steps))
        return batch


def _mean_advantages(batch: Any) -> dict[str, float]:  # noqa: ANN401 - TransferQueue's KVBatchMeta
    """Return each row's mean advantage over its answer's tokens; most estimators give all the same."""
    fields = ["advantages", "response_mask"]
    data = tq.kv_batch_get(keys=batch.keys, partition_id=batch.partition_id, select_fields=fields)
    rows = zip(batch.keys, list(data["advantages"]), list(data["response_mask"]), strict=True)
    return {key: float(given[mask.bool()].mean()) for key, given, mask in rows if mask.any()}
