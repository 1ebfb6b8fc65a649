"""verl's replay buffer and more: how often it looks, when dynamic sampling gives up, what groups are like.

Its batches keep the order of the data, so that a run's updates do not depend on which rollout ended first.
It also remembers what each rollout of a step earned by each term of the reward, which verl keeps to itself.

The trainer asks for finished rollouts every 2 s without a setting for it, and dynamic sampling refills
groups of equal rewards without end.  A custom sampler is given none of DAPO's settings by the trainer,
so that ``sampler_kwargs`` carries them, as references into the rest of the configuration.  What ``sample``
returns beside the batch goes to all of verl's loggers: there the diagnostics of the step's groups come in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import transfer_queue as tq
from verl.trainer.ppo.v1.replay_buffer import ReplayBuffer

from codeedit.training.advantages import ESTIMATORS, Estimator
from codeedit.training.groups import Group, group_metrics
from codeedit.training.stopping import of_this_start
from codeedit.training.verl_plugin.estimators import configured


class StoppedError(Exception):
    """The step in progress is given up, since codeedit asked the trainer to save and end."""


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
        self.sampled: list[Rollout] = []  # the latest step's
        self._files = of_this_start()
        self._refill = refill_fn
        self._estimator = _estimator(sampler_kwargs.get("algorithm"))
        self._refilled = 0  # prompts of this step
        self._most_refills = batch * int(filter_groups.get("max_num_gen_batches") or 0)  # 0: no end

    def sample(self, global_steps: int, partition_id: str, batch_size: int) -> Any:  # noqa: ANN401
        """Return a batch of finished groups, and metrics; as verl's."""
        self._refilled = 0
        batch, metrics = super().sample(
            global_steps=global_steps, partition_id=partition_id, batch_size=batch_size
        )
        if partition_id == "val":
            return batch, metrics
        self.sampled = rollouts = _rollouts(batch)
        return batch, {**metrics, **group_metrics(_groups(rollouts), self._estimator)}

    def _select_prompt_uids(
        self, partition_id: str, sampleable_keys: set[str], batch_size: int
    ) -> tuple[list[str], dict[str, dict[str, Any]], dict[str, int]]:
        """Select the prompts that were asked for first; verl takes those of one step in any order."""
        steps = dict(self.prompt_global_steps[partition_id])  # in the order in which they were asked for
        ordered = sorted((key for key in steps if key in sampleable_keys), key=steps.__getitem__)
        return ordered[:batch_size], dict(self.partitions[partition_id]), steps

    def _materialize_batch(
        self, partition_id: str, prompts: list[str], snapshot: Mapping[str, dict[str, Any]]
    ) -> Any:  # noqa: ANN401
        """Return a batch in the order of its prompts and rollouts; verl's is that in which they ended."""
        batch = super()._materialize_batch(partition_id, prompts, snapshot)
        place = {uid: at for at, uid in enumerate(prompts)}

        def order(key: str) -> tuple[int, int, int]:
            group, rollout, part = key.rsplit("_", 2)
            return place[group], int(rollout), int(part)

        return batch.select_keys(sorted(batch.keys, key=order))

    def _wait_for_next_poll(self, partition_id: str, last_debug_time: float) -> float:
        """Wait as verl does, unless the trainer is asked to stop; validation is finished."""
        if partition_id == "train" and self._files and self._files.asked:
            raise StoppedError
        result: float = super()._wait_for_next_poll(partition_id, last_debug_time)
        return result

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


def _estimator(algorithm: Mapping[str, Any] | None) -> Estimator | None:
    """Return the estimator of verl's ``algorithm`` node; None for one of verl's own."""
    name = str(algorithm["adv_estimator"]) if algorithm else ""
    return configured(ESTIMATORS[name], algorithm) if name in ESTIMATORS else None


@dataclass(frozen=True, slots=True)
class Rollout:
    """One answer."""

    key: str  # GROUP_ROLLOUT_PART
    reward: float
    facts: Mapping[str, float]  # what the reward function tells of it


def _rollouts(batch: Any) -> list[Rollout]:  # noqa: ANN401 - TransferQueue's KVBatchMeta
    data = tq.kv_batch_get(
        keys=batch.keys, partition_id=batch.partition_id, select_fields=["rm_scores", "extra_fields"]
    )
    found = []
    for key, scores, held in zip(
        batch.keys, list(data["rm_scores"]), list(data["extra_fields"]), strict=True
    ):
        fields = getattr(held, "data", held)
        facts = fields.get("reward_extra_info") if isinstance(fields, Mapping) else None
        numbers = {name: float(value) for name, value in (facts or {}).items()}
        found.append(Rollout(key, float(scores.sum()), numbers))
    return found


def _groups(rollouts: Sequence[Rollout]) -> list[Group]:
    """Return the groups of a step; of a rollout the last part counts."""
    groups: dict[str, dict[str, Rollout]] = {}
    for one in rollouts:
        group, rollout, _ = one.key.rsplit("_", 2)
        groups.setdefault(group, {})[rollout] = one
    return [
        Group(tuple(one.reward for one in found.values()), tuple(one.facts for one in found.values()))
        for found in groups.values()
    ]


def note_scores(rollouts: Sequence[Rollout], advantages: Mapping[str, float], path: Path) -> None:
    """Write each rollout's key, scores and advantage as a line of JSON, whole or not at all."""
    rows = [
        {"uid": one.key, **one.facts, **({"advantage": advantages[one.key]} if one.key in advantages else {})}
        for one in rollouts
    ]
    lines = [json.dumps(row) + "\n" for row in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text("".join(lines), encoding="utf-8")
    part.replace(path)
