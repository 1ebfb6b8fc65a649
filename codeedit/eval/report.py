"""Scores to a report: the numbers of one model on one set, beside the baseline that changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from codeedit import __version__
from codeedit.eval.answers import Answers, copy_answers
from codeedit.eval.metrics import CHRF_BETA, CHRF_ORDER, LineCounts
from codeedit.eval.scoring import Score, score_answers
from codeedit.eval.sets import EvalRow, EvalSet
from codeedit.eval.statistics import CONFIDENCE, interval
from codeedit.pipeline.prompt_builder import Status

SCHEMA_VERSION = 1

Report = dict[str, Any]  # what report.json holds


@dataclass(frozen=True, slots=True)
class Subject:
    """What was scored, and how its answers came about."""

    model: str  # as a person knows it
    trials: tuple[int, ...]
    settings: dict[str, Any]  # seeds, temperature, limits...; empty for predictions made elsewhere


def make_report(target: EvalSet, answers: Answers, subject: Subject) -> Report:
    """Score the answers and the copy baseline; shares are 0 to 1, and None where there are no rows."""
    scores = score_answers(target, answers, subject.trials)
    copied = score_answers(target, copy_answers(target), (0,))
    everything = _group(scores)
    return {
        "schema_version": SCHEMA_VERSION,
        "codeedit": __version__,
        "set": target.name,
        "set_digest": target.digest,
        "model": subject.model,
        "rows": len(target.rows),
        "trials": len(subject.trials),
        "exact_match": everything["exact_match"],
        "exact_match_ci95": everything["exact_match_ci95"],
        "per_trial": [
            _mean([score for score in scores if score.trial == trial], lambda score: score.exact_match)
            for trial in subject.trials
        ],
        "exact_match_change": _exact_match(_select(scores, target, _changes)),
        "exact_match_no_change": _exact_match(_select(scores, target, _stays)),
        "exact_match_strict": _mean(scores, lambda score: score.exact_match_strict),
        "edit_similarity": everything["edit_similarity"],
        "delta_chrf": everything["delta_chrf"],
        "delta_chrf_settings": {"n": CHRF_ORDER, "beta": CHRF_BETA},
        "lines": _lines(scores),
        "rejected_match": _rejected(scores),
        "answered_no_change": _share(scores, lambda score: score.status is Status.NO_CHANGE),
        "unparsable": _share(scores, lambda score: score.status is Status.UNPARSABLE),
        "truncated": _share(scores, lambda score: score.truncated),
        "prompt_too_long": _share(scores, lambda score: score.prompt_too_long),
        "unanswered": _share(scores, lambda score: score.status is None and not score.prompt_too_long),
        "copy_baseline": _group(copied),
        "groups": {
            name: {
                "model": _group(_select(scores, target, chosen)),
                "copy": _group(_select(copied, target, chosen)),
            }
            for name, chosen in (("change", _changes), ("no_change", _stays))
        },
        "by_language": {
            language: {
                **_group(_select(scores, target, chosen)),
                "copy_exact_match": _exact_match(_select(copied, target, chosen)),
            }
            for language, chosen in _languages(target)
        },
        "confidence": CONFIDENCE,
        "notes": list(target.notes),
        **subject.settings,
        "row_exact_match": row_means(scores),
    }


def row_means(scores: Sequence[Score]) -> list[float]:
    """Return the exact match of each row, the mean of its trials, in the set's order."""
    by_row: dict[int, list[float]] = defaultdict(list)
    for score in scores:
        by_row[score.position].append(score.exact_match)
    return [sum(values) / len(values) for _, values in sorted(by_row.items())]


def _changes(row: EvalRow) -> bool:
    return not row.task.no_change


def _stays(row: EvalRow) -> bool:
    return row.task.no_change


def _languages(target: EvalSet) -> list[tuple[str, Callable[[EvalRow], bool]]]:
    """Return the languages, the most frequent first, each with the choice of its rows."""
    counts: dict[str, int] = defaultdict(int)
    for row in target.rows:
        counts[row.task.language] += 1
    names = sorted(counts, key=lambda name: (-counts[name], name))
    return [(name, partial(_is_in, name)) for name in names]


def _is_in(language: str, row: EvalRow) -> bool:
    return row.task.language == language


def _select(scores: Sequence[Score], target: EvalSet, chosen: Callable[[EvalRow], bool]) -> list[Score]:
    keep = [chosen(row) for row in target.rows]
    return [score for score in scores if keep[score.position]]


def _group(scores: Sequence[Score]) -> dict[str, Any]:
    return {
        "rows": len({score.position for score in scores}),
        "exact_match": _exact_match(scores),
        "exact_match_ci95": interval(row_means(scores)),
        "edit_similarity": _mean(scores, lambda score: score.edit_similarity),
        "delta_chrf": _mean(scores, lambda score: score.delta_chrf),
    }


def _exact_match(scores: Sequence[Score]) -> float | None:
    return _mean(scores, lambda score: score.exact_match)


def _mean(scores: Sequence[Score], value: Callable[[Score], float]) -> float | None:
    return sum(map(value, scores)) / len(scores) if scores else None


def _share(scores: Sequence[Score], holds: Callable[[Score], bool]) -> float:
    return sum(map(holds, scores)) / len(scores)


def _rejected(scores: Sequence[Score]) -> float | None:
    matches = [score.rejected_match for score in scores if score.rejected_match is not None]
    return sum(matches) / len(matches) if matches else None


def _lines(scores: Sequence[Score]) -> dict[str, float]:
    """Precision, recall and F1 of the changed lines over all rows and trials together."""
    counts = LineCounts(
        sum(score.lines.matched for score in scores),
        sum(score.lines.wrong for score in scores),
        sum(score.lines.missed for score in scores),
    )
    return {"precision": counts.precision, "recall": counts.recall, "f1": counts.f1}
