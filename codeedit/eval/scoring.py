"""Answers to scores: one record per row and trial."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from codeedit.eval.answers import Answers, GivenAnswer
from codeedit.eval.last_edit import reversal_ratio
from codeedit.eval.metrics import (
    LineCounts,
    delta_chrf,
    edit_similarity,
    exact_match,
    exact_match_strict,
    line_counts,
)
from codeedit.eval.sets import EvalRow, EvalSet
from codeedit.metrics import normalize_lines
from codeedit.pipeline.prompt_builder import Status, parse


@dataclass(frozen=True, slots=True)
class Score:
    """How good one answer is; shares are 0 to 1."""

    position: int  # of the row in its set
    trial: int
    status: Status | None  # how the answer was read; None where there is no answer
    exact_match: float  # on stripped text
    exact_match_strict: float
    edit_similarity: float
    delta_chrf: float
    lines: LineCounts
    rejected_match: float | None  # whether it equals the set's rejected answer; None where there is none
    reversal: float | None  # share of the user's last edit undone; None without such an edit, or an answer
    truncated: bool = False
    prompt_too_long: bool = False


def score_answers(target: EvalSet, answers: Answers, trials: tuple[int, ...]) -> list[Score]:
    """Return the scores, row by row and trial by trial; a row without an answer scores 0.

    An answer cut off at the response limit counts as it stands: it is right where it says what the truth
    says, which it can only do by chance.
    """
    return [
        _score(row, position, trial, answers.get((position, trial)))
        for position, row in enumerate(target.rows)
        for trial in trials
    ]


def read_answer(row: EvalRow, answer: GivenAnswer) -> tuple[Status, str | None]:
    """Return how an answer was read, and the range's new text with LF line ends; None where it has none."""
    read = parse(
        answer.text,
        original=row.task.original,
        template=answer.template,
        above=answer.above,
        below=answer.below,
    )
    return read.status, None if read.text is None else normalize_lines(read.text)


def _score(row: EvalRow, position: int, trial: int, answer: GivenAnswer | None) -> Score:
    original, truth = row.task.original, row.task.edit
    if answer is None or answer.prompt_too_long:
        too_long = answer is not None
        return _wrong(row, position, trial, None, truncated=False, prompt_too_long=too_long)
    status, text = read_answer(row, answer)
    if text is None:
        return _wrong(row, position, trial, status, truncated=answer.truncated, prompt_too_long=False)
    return Score(
        position,
        trial,
        status,
        exact_match(text, truth),
        exact_match_strict(text, truth),
        edit_similarity(text, normalize_lines(truth)),
        delta_chrf(original, text, truth),
        line_counts(original, text, truth),
        None if row.rejected is None else exact_match(text, row.rejected),
        reversal_ratio(row.task, text),
        truncated=answer.truncated,
    )


def _wrong(
    row: EvalRow, position: int, trial: int, status: Status | None, *, truncated: bool, prompt_too_long: bool
) -> Score:
    missed = _true_lines(row.task.original, row.task.edit)
    return Score(
        position,
        trial,
        status,
        0.0,
        0.0,
        0.0,
        0.0,
        missed,
        None if row.rejected is None else 0.0,
        None,
        truncated=truncated,
        prompt_too_long=prompt_too_long,
    )


@lru_cache(maxsize=1024)
def _true_lines(original: str, truth: str) -> LineCounts:
    """Return what an answer that says nothing misses."""
    return line_counts(original, original, truth)
