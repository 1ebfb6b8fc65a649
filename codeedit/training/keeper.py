"""Keeps a run's folder while verl trains: metrics appended, checkpoints published and pruned.

verl's file logger starts its file anew at each start, and its limit on checkpoints forgets those of
earlier starts; so each start logs to a file of its own, from which lines are copied as they come.
"""

from __future__ import annotations

import dataclasses
import json
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codeedit.runs import Checkpoint, Run, scores_file, write_json
from codeedit.training.alarms import Alarm, Watch
from codeedit.training.groups import OWN
from codeedit.training.merging import merge_adapter

LOGGED = "metrics.jsonl"  # verl's file of one start, in that start's folder
_TAKEN = ".taken"  # ending of the file beside it that tells how much of it is in the run's folder
_ROLLOUTS_WAIT = 2.0  # seconds for a step's rollouts, which verl writes beside its metrics
# What a checkpoint is judged by, with the metric that has it.
_JUDGED = {
    "exact_match": f"{OWN}val/exact_match",
    "exact_match_change": f"{OWN}val/exact_match_change",
    "reward": f"{OWN}val/reward",
    "loss": "val/loss",
}
# Means over all validation rows, each from verl's mean for every data source.
_MEANS = {
    "exact_match": "val-core/{}/acc/mean@1",
    "reward": "val-aux/{}/score/mean@1",
    "changed": "val-aux/{}/exact_match_change/mean@1",
    "needed": "val-aux/{}/needs_change/mean@1",
}
State = dict[str, float]
Score = tuple[float, float, float, int]  # the higher is better; of equal ones the later step


@dataclass(frozen=True, slots=True)
class StepReport:
    """What one step (0: before training) came to."""

    step: int
    metrics: dict[str, float]  # flat, verl's names and ours
    alarms: tuple[Alarm, ...] = ()  # that begin with this step


@dataclass(slots=True)
class Keeper:
    """Follows one start of a run."""

    run: Run
    logged: Path  # verl's file of this start
    sources: Mapping[str, int]  # validation rows by data source
    keep: int  # checkpoints
    rollouts: int  # rows of a step
    _offset: int = 0
    _watch: Watch = field(default_factory=Watch)
    _validated: dict[int, State] = field(default_factory=dict)  # by step, until its checkpoint is there
    _best: Score = (-math.inf, -math.inf, -math.inf, -1)
    _step_began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        """Take up the best so far, what the alarms have to know of the steps before, and a keeper's place."""
        state = self.run.state("best")
        if _is_judged(state):
            self._best = _score(state, state["step"])
        for line in self.run.metrics():
            self._watch.add(line["step"], line["metrics"])
        if self._taken.is_file():
            self._offset = json.loads(self._taken.read_text(encoding="utf-8"))["bytes"]

    @property
    def _taken(self) -> Path:
        return self.logged.with_suffix(_TAKEN)

    def poll(self) -> Iterator[StepReport]:
        """Yield the steps that are new, once their metrics are in the run's folder."""
        for line in self._new_lines():
            step, metrics = int(line["step"]), _numbers(line["data"])
            metrics |= self._validation(metrics) | self._pace(metrics)
            self._join_scores(step)
            self.run.append_metrics(step, time.time(), metrics)
            write_json(self._taken, {"bytes": self._offset})
            state = {name: metrics[key] for name, key in _JUDGED.items() if key in metrics}
            if _is_judged(state):
                self._validated[step] = state
            alarms = tuple(self._watch.add(step, metrics)) if step else ()
            self.run.append_alarms([dataclasses.asdict(alarm) for alarm in alarms])
            self._publish_best()
            yield StepReport(step, metrics, alarms)
        self._publish_best()
        self._publish_last()

    def _pace(self, metrics: Mapping[str, float]) -> dict[str, float]:
        """Return the step's seconds and tokens per second, where verl does not: its SFT trainer."""
        began, self._step_began = self._step_began, time.monotonic()
        if "train/global_tokens" not in metrics:
            return {}
        seconds = max(self._step_began - began, 1e-9)
        return {"timing_s/step": seconds, "perf/throughput": metrics["train/global_tokens"] / seconds}

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
        """Return validation's means over all rows, and exact match over those that need a change."""
        means = {}
        for name, key in _MEANS.items():
            found = {
                source: metrics[key.format(source)]
                for source in self.sources
                if key.format(source) in metrics
            }
            if rows := sum(self.sources[source] for source in found):
                means[name] = sum(self.sources[source] * value for source, value in found.items()) / rows
        changed, needed = means.pop("changed", 0.0), means.pop("needed", 0.0)
        if needed:
            means["exact_match_change"] = changed / needed
        return {f"{OWN}val/{name}": value for name, value in means.items()}

    def _join_scores(self, step: int) -> None:
        """Put what each rollout earned by each term of the reward into the step's rollouts."""
        scores = {row.pop("uid"): row for row in _read_rows(scores_file(self.run.rollouts, step))}
        file = self.run.rollouts / f"{step}.jsonl"
        deadline = time.monotonic() + _ROLLOUTS_WAIT
        while scores:
            rows = _read_rows(file)
            if len(rows) >= self.rollouts:
                joined = [row | scores.get(row["uid"], {}) | {"score": row["score"]} for row in rows]
                _replace_rows(file, joined)
                scores_file(self.run.rollouts, step).unlink()
                return
            if time.monotonic() > deadline:
                return
            time.sleep(0.02)

    def _publish_best(self) -> None:
        """Publish validated checkpoints that beat the best; verl's SFT trainer validates before it saves."""
        self.run.mark_tracked()
        points = {point.step: point for point in self.run.complete_checkpoints()}
        for step in [step for step in self._validated if step in points]:
            state, point = self._validated.pop(step), points[step]
            if point.model.is_dir() and _score(state, step) > self._best:
                self._publish(point, "best", state)
                self._best = _score(state, step)

    def _publish_last(self) -> None:
        points = [point for point in self.run.complete_checkpoints() if point.model.is_dir()]
        if points and self.run.state("last").get("step") != points[-1].step:
            self._publish(points[-1], "last", {})
            self.run.prune_checkpoints(self.keep)

    def _publish(self, point: Checkpoint, name: str, state: State) -> None:
        merge_adapter(point.model)
        self.run.publish(point, name, state)

    def finish(self) -> None:
        """Make ``best`` the last model where no checkpoint was validated."""
        points = [point for point in self.run.complete_checkpoints() if point.model.is_dir()]
        if points and not _is_judged(self.run.state("best")):
            self._publish(points[-1], "best", {})


def keep_rest(run: Run, folder: Path) -> None:
    """Take in what verl logged in a start that was killed, after the start's own keeper was gone.

    Args:
        run: whose start it was.
        folder: the start's.
    """
    if (folder / LOGGED).is_file():
        known = run.settings
        keeper = Keeper(run, folder / LOGGED, known["validation"], known["checkpoints"], known["rollouts"])
        for _ in keeper.poll():
            pass


def _is_judged(state: Mapping[str, float]) -> bool:
    return "exact_match" in state or "loss" in state


def _score(state: Mapping[str, float], step: int) -> Score:
    """Return what is best: exact match where a change is needed, then on all rows, then reward, then later.

    Without them it is the lower loss.  Exact match on all rows comes second, since it rises too when a model
    learns to leave everything as it is.
    """
    if "loss" in state:
        return (-state["loss"], 0.0, 0.0, step)
    exact = state["exact_match"]
    return (state.get("exact_match_change", exact), exact, state.get("reward", 0.0), step)


def _numbers(data: Mapping[str, Any]) -> dict[str, float]:
    """Return the numbers; verl's file has null for one that is not finite."""
    return {
        name: math.nan if value is None else float(value)
        for name, value in data.items()
        if value is None or isinstance(value, int | float)
    }


def _replace_rows(file: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    part = file.with_name(f".{file.name}.part")
    part.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    part.replace(file)


def _read_rows(file: Path) -> list[dict[str, Any]]:
    if not file.is_file():
        return []
    lines = file.read_bytes().splitlines(keepends=True)
    return [json.loads(text) for text in lines if text.endswith(b"\n")]
