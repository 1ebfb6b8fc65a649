"""Scores of some rows, for a model and beside it for the baselines: by need of a change, language, size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codeedit.eval.metrics import LineCounts, line_counts
from codeedit.eval.scoring import Score
from codeedit.eval.sets import EvalRow, EvalSet
from codeedit.eval.statistics import interval

# Upper bounds of the lines that the true edit adds and removes together; a changed line counts as two.
SIZES = {"no change": 0, "1-2 lines": 2, "3-5 lines": 5, "6-10 lines": 10}
LARGEST = "over 10 lines"


@dataclass(frozen=True, slots=True)
class Scored:
    """All scores of one set: the model's, and the baselines' by name."""

    target: EvalSet
    model: Sequence[Score]
    baselines: Mapping[str, Sequence[Score]]

    def side_by_side(self, chosen: Callable[[EvalRow], bool]) -> dict[str, dict[str, Any]]:
        """Return the model's and each baseline's numbers on the rows chosen."""
        keep = [chosen(row) for row in self.target.rows]
        sides = {"model": self.model, **self.baselines}
        return {
            name: summary([score for score in scores if keep[score.position]])
            for name, scores in sides.items()
        }

    def split(self, names: Sequence[str], order: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Return the model's numbers on each group of rows, with the baselines' exact match.

        Args:
            names: the group of each row.
            order: the groups as they are to stand.
        """
        found = {}
        for group in order:
            keep = [name == group for name in names]
            mine = [score for score in self.model if keep[score.position]]
            beside = {
                f"{name}_exact_match": exact_match([score for score in scores if keep[score.position]])
                for name, scores in self.baselines.items()
            }
            found[group] = summary(mine) | beside
        return found

    def by_language(self) -> dict[str, dict[str, Any]]:
        """Return the numbers of each language, the most frequent first."""
        names = [row.task.language for row in self.target.rows]
        counts = Counter(names)
        return self.split(names, sorted(counts, key=lambda name: (-counts[name], name)))

    def by_size(self) -> dict[str, dict[str, Any]]:
        """Return the numbers of each size of the true edit, the smallest first."""
        names = [size_of(row) for row in self.target.rows]
        return self.split(names, [size for size in (*SIZES, LARGEST) if size in names])


def size_of(row: EvalRow) -> str:
    """Return the group of sizes that a row's true edit belongs to."""
    original, truth = row.task.original, row.task.edit
    if row.task.no_change:
        return "no change"
    lines = line_counts(original, original, truth).missed
    return next((name for name, most in SIZES.items() if 0 < lines <= most), LARGEST)


def summary(scores: Sequence[Score]) -> dict[str, Any]:
    """Return the main numbers of some rows; None where there are none."""
    return {
        "rows": len({score.position for score in scores}),
        "exact_match": exact_match(scores),
        "exact_match_ci95": interval(row_means(scores)),
        "edit_similarity": mean(scores, lambda score: score.edit_similarity),
        "delta_chrf": mean(scores, lambda score: score.delta_chrf),
    }


def row_means(scores: Sequence[Score]) -> list[float]:
    """Return the exact match of each row, the mean of its trials, in the set's order."""
    by_row: dict[int, list[float]] = {}
    for score in scores:
        by_row.setdefault(score.position, []).append(score.exact_match)
    return [sum(values) / len(values) for _, values in sorted(by_row.items())]


def exact_match(scores: Sequence[Score]) -> float | None:
    """Return the mean exact match; None without scores."""
    return mean(scores, lambda score: score.exact_match)


def mean(scores: Sequence[Score], value: Callable[[Score], float]) -> float | None:
    """Return a mean over scores; None without any."""
    return sum(map(value, scores)) / len(scores) if scores else None


def known_mean(scores: Sequence[Score], value: Callable[[Score], float | None]) -> float | None:
    """Return a mean over the scores that have the value; None where none has it."""
    found = [known for score in scores if (known := value(score)) is not None]
    return sum(found) / len(found) if found else None


def share(scores: Sequence[Score], holds: Callable[[Score], bool]) -> float:
    """Return for which share of the scores something holds."""
    return sum(map(holds, scores)) / len(scores)


def lines(scores: Sequence[Score]) -> dict[str, float]:
    """Return precision, recall and F1 of the changed lines over all rows and trials together."""
    counts = LineCounts(
        sum(score.lines.matched for score in scores),
        sum(score.lines.wrong for score in scores),
        sum(score.lines.missed for score in scores),
    )
    return {"precision": counts.precision, "recall": counts.recall, "f1": counts.f1}
