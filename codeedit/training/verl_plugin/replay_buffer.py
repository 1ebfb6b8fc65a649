"""verl's replay buffer with two more settings: how often it looks, and when dynamic sampling gives up.

It also notes what each rollout of a step earned by each term of the reward, which verl keeps to itself.

The trainer asks for finished rollouts every 2 s without a setting for it, and dynamic sampling refills
groups of equal rewards without end.  A custom sampler is given none of DAPO's settings by the trainer,
so that ``sampler_kwargs`` carries them, as references into the rest of the configuration.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import transfer_queue as tq
from verl.trainer.ppo.v1.replay_buffer import ReplayBuffer

from codeedit.runs import scores_file


class PatientReplayBuffer(ReplayBuffer):  # type: ignore[misc]
    """Polls at the interval set, and ends a step whose groups have no spread after so many batches."""

    def __init__(
        self,
        *,
        sampler_kwargs: Mapping[str, Any],
        refill_fn: Callable[[int], Any] | None = None,
        **kwargs: Any,  # noqa: ANN401 - verl's
    ) -> None:
        filter_groups = sampler_kwargs.get("filter_groups") or {}
        if filter_groups.get("enable"):
            kwargs |= {
                "filter_groups_metric": str(filter_groups["metric"]),
                "max_inflight_gen_batches": filter_groups.get("max_inflight_gen_batches", 1),
            }
        batch = int(sampler_kwargs["train_batch_size"])
        super().__init__(
            sampler_kwargs=sampler_kwargs,
            refill_fn=self._count_refill,
            poll_interval=float(sampler_kwargs["poll_interval"]),
            train_batch_size=batch,
            gen_batch_size=1,
            **kwargs,
        )
        folder = sampler_kwargs.get("rollout_data_dir")
        self._rollouts = Path(folder) if folder else None
        self._refill = refill_fn
        self._refilled = 0  # prompts of this step
        self._most_refills = batch * int(filter_groups.get("max_num_gen_batches") or 0)  # 0: no end

    def sample(self, global_steps: int, partition_id: str, batch_size: int) -> Any:  # noqa: ANN401
        """Return a batch of finished groups; as verl's."""
        self._refilled = 0
        sampled = super().sample(global_steps=global_steps, partition_id=partition_id, batch_size=batch_size)
        if self._rollouts is not None and partition_id != "val":
            self._note_scores(sampled[0], scores_file(self._rollouts, global_steps))
        return sampled

    def _note_scores(self, batch: Any, path: Path) -> None:  # noqa: ANN401
        """Write each rollout's key and scores as a line of JSON, whole or not at all."""
        data = tq.kv_batch_get(
            keys=batch.keys, partition_id=batch.partition_id, select_fields=["extra_fields"]
        )
        lines = []
        for key, held in zip(batch.keys, list(data["extra_fields"]), strict=True):
            fields = getattr(held, "data", held)
            scores = fields.get("reward_extra_info") if isinstance(fields, dict) else None
            if scores:
                numbers = {name: float(value) for name, value in scores.items()}
                lines.append(json.dumps({"uid": key, **numbers}) + "\n")
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_text("".join(lines), encoding="utf-8")
        part.replace(path)

    def _count_refill(self, prompts: int) -> Any:  # noqa: ANN401
        self._refilled += prompts
        if 0 < self._most_refills < self._refilled:
            raise RuntimeError(
                f"dynamic sampling drew {self._refilled} more prompts for one step, and too few of their "
                "groups have rollouts of different reward: the model always or never succeeds on them; use "
                "--base grpo, other data, or a larger algorithm.filter_groups.max_num_gen_batches"
            )
        assert self._refill is not None
        return self._refill(prompts)
