"""The paper's reward (Eq. 5), and verl's reward function around it.

    r = 1/2 * [em + (1 - ed / max(len(prediction), len(truth)))]

em is 1 for equal texts, ed the Levenshtein distance in characters; two empty texts are a perfect match.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from codeedit.metrics import edit_similarity, exact_match
from codeedit.pipeline.prompt_builder.answer import Status, parse


def edit_reward(prediction: str, truth: str) -> float:
    """Return Eq. 5 for a predicted edit and the true one, in [0, 1].

    Args:
        prediction: the predicted text.
        truth: the true text.
    """
    if prediction == truth:
        return 1.0
    return 0.5 * edit_similarity(prediction, truth)


def compute_score(
    data_source: str,  # noqa: ARG001 - verl's signature
    solution_str: str,
    ground_truth: str,
    extra_info: Mapping[str, Any] | None = None,
    **_kwargs: Any,  # noqa: ANN401 - whatever verl adds
) -> dict[str, float]:
    """Score one answer; verl's reward workers call this.

    Args:
        data_source: where the task comes from.
        solution_str: the decoded answer.
        ground_truth: the true edit.
        extra_info: ``original`` is the range's text before the edit.

    Returns:
        ``score`` (Eq. 5, which trains), ``acc`` and ``exact_match`` (0 or 1), ``edit_similarity``,
        ``unchanged`` and ``unparsable`` (0 or 1).  Texts are compared without the white space around
        them, as the paper's code does; an answer that cannot be read scores 0.
    """
    original = (extra_info or {}).get("original") or ""
    answer = parse(solution_str, original=original)
    if answer.text is None:
        return _scores(0.0, 0.0, 0.0, unchanged=False, unparsable=True)
    prediction, truth = answer.text.strip(), ground_truth.strip()
    exact = exact_match(prediction, truth)
    similarity = edit_similarity(prediction, truth)
    unchanged = answer.status is Status.NO_CHANGE
    return _scores(0.5 * (exact + similarity), exact, similarity, unchanged=unchanged, unparsable=False)


def _scores(
    score: float, exact: float, similarity: float, *, unchanged: bool, unparsable: bool
) -> dict[str, float]:
    return {
        "score": score,
        "acc": exact,
        "exact_match": exact,
        "edit_similarity": similarity,
        "unchanged": float(unchanged),
        "unparsable": float(unparsable),
    }
