"""Answers that need no model: what any model has to beat."""

from __future__ import annotations

from codeedit.eval.answers import Answers, GivenAnswer
from codeedit.eval.last_edit import repeat_last_edit
from codeedit.eval.sets import EvalSet
from codeedit.registry import Registry


def copy_answers(target: EvalSet) -> Answers:
    """Return the baseline that never changes anything."""
    return {(at, 0): GivenAnswer(row.task.original) for at, row in enumerate(target.rows)}


def repeat_answers(target: EvalSet) -> Answers:
    """Return the baseline that makes the user's last change once more, where the range has its like."""
    return {(at, 0): GivenAnswer(repeat_last_edit(row.task)) for at, row in enumerate(target.rows)}


BASELINES = Registry("baseline", {"copy": copy_answers, "repeat": repeat_answers})
