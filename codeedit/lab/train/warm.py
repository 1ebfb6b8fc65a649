"""The warm start: supervised until a checkpoint has the exact match that leaves rewards something to do.

verl's SFT trainer knows no exact match.  So each checkpoint is judged as it comes, on held-out tasks, and the
training ends with the first that reaches the target; that one is what all runs begin with.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from codeedit.errors import CodeEditError
from codeedit.runs import Checkpoint, Run
from codeedit.training.keeper import StepReport

SCORES = "exact_match.jsonl"  # {"step", "exact_match"} of each checkpoint that was judged
Reports = Iterator[StepReport | None]


def until_target(
    run: Run, reports: Callable[[], Reports], judge: Callable[[Path], float], target: float
) -> Reports:
    """Yield a run's reports until a checkpoint reaches the target, and publish that one as its best.

    Args:
        run: of the supervised training.
        reports: begins the training.
        judge: a checkpoint's model to its exact match.
        target: exact match at which to end.

    Raises:
        CodeEditError: no checkpoint reaches it.
    """
    if _judged(run, judge, target):
        return
    with closing(reports()) as found:  # type: ignore[type-var]
        for report in found:
            yield report
            if _judged(run, judge, target):
                return
    if not _judged(run, judge, target):
        best = max(scores(run).values(), default=0.0)
        raise CodeEditError(
            f"the warm start ended below its target: exact match {best:.2f} of {target:.2f}",
            where=str(run.path),
            hint="begin another lab with a lower --target, in another --out",
        )


def _judged(run: Run, judge: Callable[[Path], float], target: float) -> bool:
    """Judge the checkpoints that are new, oldest first; tell whether one reaches the target."""
    known = scores(run)
    for point in run.complete_checkpoints():
        if point.step not in known and point.model.is_dir():
            known[point.step] = judge(point.model)
            _note(run, point, known[point.step])
        if known.get(point.step, 0.0) >= target:
            run.publish(point, "best", {"exact_match": known[point.step]})
            return True
    return False


def scores(run: Run) -> dict[int, float]:
    """Return the exact match of the checkpoints that were judged, by step."""
    file = run.path / SCORES
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return {line["step"]: line["exact_match"] for line in map(json.loads, filter(None, lines))}


def _note(run: Run, point: Checkpoint, exact_match: float) -> None:
    with (run.path / SCORES).open("a", encoding="utf-8") as file:
        file.write(json.dumps({"step": point.step, "exact_match": exact_match}) + "\n")


def reached(run: Run, target: float) -> bool:
    """Tell whether the warm start is there."""
    return run.best is not None and float(run.state("best").get("exact_match", 0.0)) >= target
