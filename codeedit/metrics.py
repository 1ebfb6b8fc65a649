"""How near a predicted edit is to the true one: what training rewards and evaluation counts.

Source: GAPO (arXiv 2510.21830), Eq. 5.
"""

from __future__ import annotations

from rapidfuzz.distance import Levenshtein


def normalize_lines(text: str) -> str:
    """Return the text with LF line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def exact_match(prediction: str, truth: str) -> float:
    """Return 1.0 where the two agree but for line ends and the white space around them, else 0.0."""
    if prediction == truth:
        return 1.0
    return float(normalize_lines(prediction).strip() == normalize_lines(truth).strip())


def exact_match_strict(prediction: str, truth: str) -> float:
    """Return 1.0 where the two agree in every character but for line ends, else 0.0."""
    return float(prediction == truth or normalize_lines(prediction) == normalize_lines(truth))


def edit_similarity(prediction: str, truth: str) -> float:
    """Return 1 - Levenshtein distance / the longer length, in characters; two empty strings give 1.0."""
    return float(Levenshtein.normalized_similarity(prediction, truth))


def edit_reward(prediction: str, truth: str) -> float:
    """Return Eq. 5's reward, in [0, 1]: the mean of exact match (em) and edit similarity.

        r = 1/2 * [em + (1 - ed / max(len(prediction), len(truth)))]

    em is 1 for equal texts, ed the Levenshtein distance in characters; two empty texts are a perfect
    match.  Texts are taken as they are: callers strip them first, as the paper's code does.
    """
    if prediction == truth:
        return 1.0
    return 0.5 * edit_similarity(prediction, truth)
