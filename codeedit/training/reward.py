"""verl's reward function: what a decoded answer earns, by Eq. 5 or by other terms.

``codeedit.metrics.edit_reward`` is Eq. 5; ``codeedit.pipeline.rewards`` has the other terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from codeedit.metrics import edit_reward, edit_similarity, exact_match
from codeedit.pipeline.prompt_builder import Status, parse
from codeedit.pipeline.prompt_builder.context import Context
from codeedit.pipeline.rewards import DEFAULT_REWARD, Case, parse_reward

__all__ = ["TERM", "compute_score", "edit_reward"]

TERM = "reward_"  # before the name of a term, among the scores
_PAPER = {"original": "", "template": "paper", "above": "", "below": ""}


def compute_score(
    data_source: str,  # noqa: ARG001 - verl's signature
    solution_str: str,
    ground_truth: str,
    extra_info: Mapping[str, Any] | None = None,
    *,
    reward: str = DEFAULT_REWARD,
    **_kwargs: Any,  # noqa: ANN401 - whatever verl adds
) -> dict[str, float]:
    """Score one answer; verl's reward workers call this.

    Args:
        data_source: where the task comes from.
        solution_str: the decoded answer.
        ground_truth: the true edit.
        extra_info: the prompt's: ``original`` is the range's text before the edit; ``template``,
            ``above`` and ``below`` say how the answer is to be read; ``language``, ``path``,
            ``code_above``, ``code_below`` and ``earlier`` are what some terms need.
        reward: terms with weights, as ``parse_reward`` reads them.

    Returns:
        ``score`` (the weighted sum, which trains), ``acc`` and ``exact_match`` (0 or 1),
        ``needs_change`` (0 or 1: the truth is not the range as it was), ``exact_match_change`` (both),
        ``edit_similarity``, ``unchanged`` and ``unparsable`` (0 or 1), and each term of the reward,
        unweighted, as ``reward_NAME``.  Texts are compared without the white space around them, as the
        paper's code does; an answer that cannot be read scores 0 by Eq. 5.
    """
    chosen = parse_reward(reward)
    extra = extra_info or {}
    given = {name: value for name in _PAPER if (value := extra.get(name)) is not None}
    answer = parse(solution_str, **(_PAPER | given))
    if answer.text is None:
        case, exact, similarity = None, 0.0, 0.0
    else:
        original = given.get("original", "")
        case = Case(answer.text, ground_truth, original, extra.get("language") or "", _context(extra))
        prediction, truth = answer.text.strip(), ground_truth.strip()
        exact, similarity = exact_match(prediction, truth), edit_similarity(prediction, truth)
    terms = chosen.terms(case)
    needs_change = float(ground_truth.strip() != given.get("original", "").strip())
    return {
        "score": chosen.total(terms),
        "acc": exact,
        "exact_match": exact,
        "needs_change": needs_change,
        "exact_match_change": exact * needs_change,
        "edit_similarity": similarity,
        "unchanged": float(answer.status is Status.NO_CHANGE),
        "unparsable": float(answer.text is None),
        **{f"{TERM}{name}": value for name, value in terms.items()},
    }


def _context(extra: Mapping[str, Any]) -> Context:
    return Context(
        path=extra.get("path") or "",
        above=extra.get("code_above"),
        below=extra.get("code_below"),
        earlier=extra.get("earlier"),
    )
