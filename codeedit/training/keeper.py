"""Keeps a run's folder while verl trains: metrics appended, checkpoints published and pruned.

verl's file logger starts its file anew at each start, and its limit on checkpoints forgets those of
earlier starts; so each start logs to a file of its own, from which lines are copied as they come.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codeedit.runs import Run, scores_file
from codeedit.training.reward import TERM

OWN = "codeedit/"  # prefix of the metrics that codeedit adds
_LOGGED = ("exact_match", "unchanged", "unparsable")  # of the scores, beside the reward's terms
_ROLLOUTS_WAIT = 2.0  # seconds for a step's rollouts, which verl writes beside its metrics


@dataclass(frozen=True, slots=True)
class StepReport:
    """What one step (0: before training) came to."""

    step: int
    metrics: dict[str, float]  # flat, verl's names and ours


@dataclass(slots=True)
class Keeper:
    """Follows one start of a run."""

    run: Run
    logged: Path  # verl's file of this start
    sources: Mapping[str, int]  # validation rows by data source
    keep: int  # checkpoints
    rollouts: int  # rows of a step
    _offset: int = 0
    _best: tuple[float, float, int] = field(default=(-1.0, -1.0, -1))

    def __post_init__(self) -> None:
        """Take up the best so far."""
        state = self.run.state("best")
        if "exact_match" in state:
            self._best = (state["exact_match"], state["reward"], state["step"])

    def poll(self) -> Iterator[StepReport]:
        """Yield the steps that are new, once their metrics are in the run's folder."""
        for line in self._new_lines():
            step, metrics = int(line["step"]), _numbers(line["data"])
            metrics |= self._validation(metrics) | self._rollout_metrics(step)
            self.run.append_metrics(step, time.time(), metrics)
            self._publish_best(step, metrics)
            yield StepReport(step, metrics)
        self._publish_last()

    def _new_lines(self) -> Iterator[dict[str, Any]]:
        if not self.logged.is_file():
            return
        with self.logged.open("rb") as file:
            file.seek(self._offset)
            for text in file:
                if not text.endswith(b"\n"):
                    return  # still being written
                self._offset += len(text)
                yield json.loads(text)

    def _validation(self, metrics: Mapping[str, float]) -> dict[str, float]:
        """Return validation's means over all rows; verl gives one for each data source."""
        result = {}
        for name, key in (("exact_match", "val-core/{}/acc/mean@1"), ("reward", "val-aux/{}/score/mean@1")):
            found = {source: metrics.get(key.format(source)) for source in self.sources}
            rows = sum(self.sources[source] for source, value in found.items() if value is not None)
            if rows:
                total = sum(
                    self.sources[source] * value for source, value in found.items() if value is not None
                )
                result[f"{OWN}val/{name}"] = total / rows
        return result

    def _rollout_metrics(self, step: int) -> dict[str, float]:
        file = self.run.rollouts / f"{step}.jsonl"
        deadline = time.monotonic() + _ROLLOUTS_WAIT
        rows: list[dict[str, Any]] = []
        while step > 0:
            rows = _read_rows(file)
            if len(rows) >= self.rollouts or time.monotonic() > deadline:
                break
            time.sleep(0.02)
        scores = {row.pop("uid"): row for row in _read_rows(scores_file(self.run.rollouts, step))}
        if rows and scores and len(rows) >= self.rollouts:
            rows = [row | scores.get(row["uid"], {}) | {"score": row["score"]} for row in rows]
            _replace_rows(file, rows)
            scores_file(self.run.rollouts, step).unlink()
        return rollout_metrics(rows)

    def _publish_best(self, step: int, metrics: Mapping[str, float]) -> None:
        exact, reward = metrics.get(f"{OWN}val/exact_match"), metrics.get(f"{OWN}val/reward", 0.0)
        if exact is None:
            return
        candidate = (exact, reward, step)  # equal ones: the later step
        point = next((point for point in self.run.complete_checkpoints() if point.step == step), None)
        if point and point.model.is_dir() and candidate > self._best:
            self.run.publish(point, "best", {"exact_match": exact, "reward": reward})
            self._best = candidate

    def _publish_last(self) -> None:
        points = [point for point in self.run.complete_checkpoints() if point.model.is_dir()]
        if points and self.run.state("last").get("step") != points[-1].step:
            self.run.publish(points[-1], "last", {})
            self.run.prune_checkpoints(self.keep)

    def finish(self) -> None:
        """Make ``best`` the last model where no checkpoint was validated."""
        points = [point for point in self.run.complete_checkpoints() if point.model.is_dir()]
        if points and "exact_match" not in self.run.state("best"):
            self.run.publish(points[-1], "best", {})


def rollout_metrics(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Return what verl does not log of a step's answers.

    Args:
        rows: with ``score`` and ``uid`` (group, rollout, part), as verl writes them, and the scores that
            ``compute_score`` gives.

    Returns:
        ``exact_match``, ``unchanged`` and ``unparsable``: shares of the answers; ``reward_NAME``: each
        term's mean; ``no_spread``: the share of groups of equal rewards.
    """
    if not rows:
        return {}
    groups: dict[str, set[float]] = {}
    for row in rows:
        groups.setdefault(row["uid"].rsplit("_", 2)[0], set()).add(row["score"])
    flat = sum(len(scores) == 1 for scores in groups.values()) / len(groups)
    logged = [name for name in rows[0] if name in _LOGGED or name.startswith(TERM)]
    means = {name: sum(row.get(name, 0.0) for row in rows) / len(rows) for name in logged}
    means.setdefault("exact_match", sum(row["score"] >= 1.0 for row in rows) / len(rows))
    return {f"{OWN}rollouts/{name}": value for name, value in (means | {"no_spread": flat}).items()}


def _numbers(data: Mapping[str, Any]) -> dict[str, float]:
    return {name: float(value) for name, value in data.items() if isinstance(value, int | float)}


def _replace_rows(file: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    part = file.with_name(f".{file.name}.part")
    part.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    part.replace(file)


def _read_rows(file: Path) -> list[dict[str, Any]]:
    if not file.is_file():
        return []
    lines = file.read_bytes().splitlines(keepends=True)
    return [json.loads(text) for text in lines if text.endswith(b"\n")]
