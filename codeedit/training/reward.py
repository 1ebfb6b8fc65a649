"""verl's reward function: the paper's reward (Eq. 5) of a decoded answer.

``codeedit.metrics.edit_reward`` is the formula.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from codeedit.metrics import edit_reward, edit_similarity, exact_match
from codeedit.pipeline.prompt_builder import Status, parse

__all__ = ["compute_score", "edit_reward"]

_PAPER = {"original": "", "template": "paper", "above": "", "below": ""}


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
        extra_info: the prompt's: ``original`` is the range's text before the edit; ``template``,
            ``above`` and ``below`` say how the answer is to be read.

    Returns:
        ``score`` (Eq. 5, which trains), ``acc`` and ``exact_match`` (0 or 1), ``edit_similarity``,
        ``unchanged`` and ``unparsable`` (0 or 1).  Texts are compared without the white space around
        them, as the paper's code does; an answer that cannot be read scores 0.
    """
    given = {name: value for name in _PAPER if (value := (extra_info or {}).get(name)) is not None}
    answer = parse(solution_str, **(_PAPER | given))
    if answer.text is None:
        return _scores(0.0, 0.0, 0.0, unchanged=False, unparsable=True)
    prediction, truth = answer.text.strip(), ground_truth.strip()
    exact = exact_match(prediction, truth)
    similarity = edit_similarity(prediction, truth)
    unchanged = answer.status is Status.NO_CHANGE
    score = edit_reward(prediction, truth)
    return _scores(score, exact, similarity, unchanged=unchanged, unparsable=False)


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
