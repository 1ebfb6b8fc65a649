"""Exact match that the paper states for its models, to stand beside a report's own.

Source: GAPO, arXiv 2510.21830, Table 2, as in the PDF that its authors published with their code (version of
20 October 2025; means of three trials).  They were measured on the paper's own test set, which is not
published: other rows than any that can be scored here.  Its Table 4 (zeta) is in later versions only, and its
figures are not here, since no copy of them could be read.
"""

from __future__ import annotations

from typing import Any

SOURCE = "arXiv 2510.21830, Table 2 (version of October 2025, means of three trials)"
OTHER_ROWS = "the paper's own test set, which is not published: other rows than these"

# Percent, by model: GRPO, GAPO on it, DAPO, GAPO on it; None where the paper has none (out of memory).
_TABLE_2: dict[str, tuple[float, float, float | None, float | None]] = {
    "mistral-7b-v0.3": (12.93, 13.58, 16.59, 17.20),
    "qwen2.5-3b": (38.80, 39.96, 32.80, 33.87),
    "qwen2.5-7b": (39.05, 41.36, 39.46, 41.13),
    "qwen3-4b": (39.47, 40.09, 37.99, 39.62),
    "qwen3-8b": (36.80, 39.62, 39.80, 40.64),
    "qwen2.5-coder-3b": (39.69, 42.70, 38.74, 39.98),
    "qwen2.5-coder-7b": (40.05, 44.40, 41.64, 43.96),
    "qwen2.5-coder-14b": (42.64, 46.25, None, None),
    "deepseek-coder-6.7b": (23.32, 23.85, 41.09, 43.03),
}
_ALGORITHMS = ("grpo", "gapo", "dapo", "gapo --base dapo")


def paper_rows(set_name: str, model: str | None) -> dict[str, Any] | None:
    """Return what the paper states for a model after training, as shares; None where it states nothing.

    Args:
        set_name: only the in-domain set has a counterpart here.
        model: a name of ``codeedit.models.MODELS``.
    """
    if set_name != "id" or model not in _TABLE_2:
        return None
    values = zip(_ALGORITHMS, _TABLE_2[model], strict=True)
    shares = {name: round(value / 100, 4) for name, value in values if value is not None}
    return {"model": model, "exact_match": shares, "source": SOURCE, "rows": OTHER_ROWS}
