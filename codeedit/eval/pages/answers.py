"""A report as a page: its numbers, and each row with the truth and what every trial made of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeedit.eval.answers import Answers, GivenAnswer
from codeedit.eval.groups import LARGEST, SIZES, size_of
from codeedit.eval.metrics import edit_similarity, exact_match
from codeedit.eval.pages.document import Entry, Facet, Page, write_page
from codeedit.eval.scoring import read_answer
from codeedit.eval.sets import EvalRow, EvalSet
from codeedit.metrics import normalize_lines
from codeedit.pipeline.prompt_builder import Status
from codeedit.records import Task

PAGE_SUFFIX = ".html"
ALL, SOME, NONE = "right in all trials", "right in some", "right in none"
FACETS = (
    Facet(
        "outcome",
        "Outcome",
        (
            ALL,
            SOME,
            NONE,
            "right",
            "wrong",
            "answered no change",
            "unparsable",
            "cut off",
            "prompt too long",
            "not answered",
        ),
    ),
    Facet("needs", "Row needs", ("a change", "no change")),
    Facet("language", "Language"),
    Facet("size", "Size of edit", (*SIZES, LARGEST)),
    Facet("training", "Training data", ("not seen", "seen")),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one trial made of a row."""

    trial: int
    kind: str  # right, wrong, unparsable, prompt too long, not answered
    text: str | None  # the range's new text as the answer has it
    answer: str | None  # what was said, where no text could be read in it
    similarity: float | None  # edit similarity with the truth
    no_change: bool  # the answer leaves the range as it is
    truncated: bool  # cut off at the response limit

    @property
    def tags(self) -> Iterator[str]:
        """What a row with such an answer can be found by."""
        if self.no_change:
            yield "answered no change"
        if self.truncated:
            yield "cut off"
        if self.kind not in ("right", "wrong"):
            yield self.kind


def write_report_page(
    report_file: Path,
    target: EvalSet,
    answers: Answers,
    trials: Sequence[int],
    report: Mapping[str, Any],
    *,
    prompt: Callable[[Task], str | None] = lambda _: None,
) -> Path:
    """Write the page of a report beside it; return its path.

    Args:
        report_file: the report's; the page has its name with another suffix.
        target: the rows that were answered.
        answers: what was said.
        trials: numbers of the trials.
        report: what ``report_file`` holds.
        prompt: returns a task's prompt as it was sent, where that is known.
    """
    outcomes = [
        [_outcome(row, trial, answers.get((at, trial))) for trial in trials]
        for at, row in enumerate(target.rows)
    ]
    content = {"report": {key: value for key, value in report.items() if key != "row_exact_match"}}
    overlap = report.get("contamination")
    seen = frozenset(overlap["rows"]) if overlap else None
    entries = [_entry(row, found, seen) for row, found in zip(target.rows, outcomes, strict=True)]
    page = Page("report", f"{report['model']} on {report['set']}", "row", entries, FACETS, content)
    path = report_file.with_suffix(PAGE_SUFFIX)
    rows = zip(target.rows, outcomes, strict=True)
    write_page(path, page, (_detail(row, found, prompt(row.task)) for row, found in rows))
    return path


def _outcome(row: EvalRow, trial: int, answer: GivenAnswer | None) -> Outcome:
    if answer is None or answer.prompt_too_long:
        kind = "not answered" if answer is None else "prompt too long"
        return Outcome(trial, kind, None, None, None, no_change=False, truncated=False)
    status, text = read_answer(row, answer)
    if text is None:
        return Outcome(
            trial, "unparsable", None, answer.text, None, no_change=False, truncated=answer.truncated
        )
    truth = normalize_lines(row.task.edit)
    return Outcome(
        trial,
        "right" if exact_match(text, truth) else "wrong",
        text,
        None,
        edit_similarity(text, truth),
        no_change=status is Status.NO_CHANGE,
        truncated=answer.truncated,
    )


def _entry(row: EvalRow, outcomes: Sequence[Outcome], seen: frozenset[str | int] | None) -> Entry:
    right = sum(outcome.kind == "right" for outcome in outcomes)
    tags = dict.fromkeys(tag for outcome in outcomes for tag in outcome.tags)
    task = row.task
    facets = {
        "outcome": (outcome_of(right, len(outcomes)), *tags),
        "needs": ("no change" if task.no_change else "a change",),
        "language": (task.language,),
        "size": (size_of(row),),
        "training": () if seen is None else ("seen" if row.key in seen else "not seen",),
    }
    note = f"{right}/{len(outcomes)}" if len(outcomes) > 1 else ("wrong", "right")[right]
    return Entry(str(row.key), task.path, note, facets)


def outcome_of(right: int, trials: int) -> str:
    """Return how a row with ``right`` right answers in ``trials`` trials is called."""
    if trials == 1:
        return "right" if right else "wrong"
    return ALL if right == trials else SOME if right else NONE


def _detail(row: EvalRow, outcomes: Sequence[Outcome], prompt: str | None) -> dict[str, Any]:
    return {
        "task": dataclasses.asdict(row.task),
        "prompt": prompt,
        "rejected": row.rejected,
        "trials": [dataclasses.asdict(outcome) for outcome in outcomes],
    }
