"""Scores to a report: the numbers of one model on one set, beside the baselines that need no model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from codeedit import __version__
from codeedit.eval.answers import Answers
from codeedit.eval.baselines import BASELINES
from codeedit.eval.contamination import Overlap
from codeedit.eval.groups import Scored, exact_match, known_mean, lines, mean, row_means, share, summary
from codeedit.eval.last_edit import reversal_ratio
from codeedit.eval.metrics import CHRF_BETA, CHRF_ORDER
from codeedit.eval.paper import paper_rows
from codeedit.eval.scoring import score_answers
from codeedit.eval.sets import EvalSet
from codeedit.eval.statistics import CONFIDENCE
from codeedit.pipeline.prompt_builder import Status

SCHEMA_VERSION = 1

Report = dict[str, Any]  # what report.json holds


@dataclass(frozen=True, slots=True)
class Subject:
    """What was scored, and how its answers came about."""

    model: str  # as a person knows it
    trials: tuple[int, ...]
    settings: Mapping[str, Any]  # seeds, temperature, limits...; empty for predictions made elsewhere
    base_model: str | None = None  # a name of ``codeedit.models.MODELS``: what it is, or was trained from
    overlap: Overlap | None = None  # with what it was trained on, where that is known
    measured: Mapping[str, Any] = field(default_factory=dict)  # times and tokens of this evaluation


def make_report(target: EvalSet, answers: Answers, subject: Subject) -> Report:
    """Score the answers and the baselines; shares are 0 to 1, and None where there are no rows."""
    scores = score_answers(target, answers, subject.trials)
    scored = Scored(
        target,
        scores,
        {name: score_answers(target, make(target), (0,)) for name, make in BASELINES.items()},
    )
    change = scored.side_by_side(lambda row: not row.task.no_change)
    no_change = scored.side_by_side(lambda row: row.task.no_change)
    everything = summary(scores)
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
            exact_match([score for score in scores if score.trial == trial]) for trial in subject.trials
        ],
        "exact_match_change": change["model"]["exact_match"],
        "exact_match_no_change": no_change["model"]["exact_match"],
        "exact_match_strict": mean(scores, lambda score: score.exact_match_strict),
        "edit_similarity": everything["edit_similarity"],
        "delta_chrf": everything["delta_chrf"],
        "delta_chrf_settings": {"n": CHRF_ORDER, "beta": CHRF_BETA},
        "lines": lines(scores),
        "rejected_match": known_mean(scores, lambda score: score.rejected_match),
        **_reversal(scored),
        "answered_no_change": share(scores, lambda score: score.status is Status.NO_CHANGE),
        "unparsable": share(scores, lambda score: score.status is Status.UNPARSABLE),
        "truncated": share(scores, lambda score: score.truncated),
        "prompt_too_long": share(scores, lambda score: score.prompt_too_long),
        "unanswered": share(scores, lambda score: score.status is None and not score.prompt_too_long),
        **{f"{name}_baseline": summary(found) for name, found in scored.baselines.items()},
        "paper": paper_rows(target.name, subject.base_model),
        "groups": {"change": change, "no_change": no_change},
        "by_language": scored.by_language(),
        "by_size": scored.by_size(),
        "contamination": _contamination(scored, subject.overlap),
        "confidence": CONFIDENCE,
        "notes": [*target.notes, *(subject.overlap.notes if subject.overlap else ())],
        **subject.settings,
        "measured": dict(subject.measured),
        "row_exact_match": row_means(scores),
    }


def _reversal(scored: Scored) -> dict[str, Any]:
    """Return how much of the user's last edit the answers undo, and how much the truth does."""
    truths = [reversal_ratio(row.task, row.task.edit) for row in scored.target.rows]
    known = [found for found in truths if found is not None]
    return {
        "reversal_ratio": known_mean(scored.model, lambda score: score.reversal),
        "reversal_ratio_truth": sum(known) / len(known) if known else None,
        "reversal_rows": len(known),
    }


def _contamination(scored: Scored, overlap: Overlap | None) -> dict[str, Any] | None:
    """Return what overlaps with the training data, and the numbers of the rows that do not."""
    if overlap is None:
        return None
    seen = set(overlap.seen)
    keys = [row.key for row in scored.target.rows]
    unseen = scored.side_by_side(lambda row: row.key not in seen)
    return overlap.as_dict() | {"rows": [key for key in keys if key in seen], "unseen": unseen}
