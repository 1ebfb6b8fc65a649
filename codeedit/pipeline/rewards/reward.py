"""A reward as it is written: terms with weights, such as ``exact+0.2*parse``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from codeedit.errors import InputError
from codeedit.pipeline.prompt_builder.context import Need
from codeedit.pipeline.rewards.case import Case
from codeedit.pipeline.rewards.terms import TERMS, Term
from codeedit.registry import UnknownNameError

DEFAULT_REWARD = "eq5"
_FORM = "write it as NAME or WEIGHT*NAME, joined by +, as in exact+0.2*parse"


@dataclass(frozen=True, slots=True)
class Part:
    """One term and its weight."""

    name: str
    weight: float

    @property
    def term(self) -> Term:
        """The term."""
        return TERMS[self.name]


@dataclass(frozen=True, slots=True)
class Reward:
    """A weighted sum of terms."""

    parts: tuple[Part, ...]

    @property
    def needs(self) -> frozenset[Need]:
        """What the terms ask of a task."""
        return frozenset(part.term.need for part in self.parts if part.term.need is not None)

    @property
    def range(self) -> tuple[float, float]:
        """The least and the greatest reward that there can be."""
        return (
            sum(part.weight * part.term.least for part in self.parts),
            sum(part.weight * part.term.greatest for part in self.parts),
        )

    def terms(self, case: Case | None) -> dict[str, float]:
        """Return what an answer earns by each term, unweighted; None: it could not be read."""
        return {
            part.name: part.term.unreadable if case is None else part.term.score(case) for part in self.parts
        }

    def total(self, terms: Mapping[str, float]) -> float:
        """Return the weighted sum."""
        return sum(part.weight * terms[part.name] for part in self.parts)

    def __str__(self) -> str:
        return "+".join(
            part.name if part.weight == 1.0 else f"{part.weight:g}*{part.name}" for part in self.parts
        )


@lru_cache(maxsize=32)
def parse_reward(text: str) -> Reward:
    """Read a reward.

    Raises:
        UnknownNameError: there is no such term; the message names the known ones and the nearest.
        InputError: it is not of the form, names a term twice, or has a weight that is no number above 0.
    """
    parts: list[Part] = []
    for piece in text.split("+"):
        weight, star, name = (part.strip() for part in piece.rpartition("*"))
        if not name:
            raise InputError(f"{text!r} is not a reward", where="--reward", hint=_FORM)
        if name not in TERMS:
            unknown = TERMS.unknown(name)
            raise UnknownNameError(unknown.message, where="--reward", hint=unknown.hint)
        if any(part.name == name for part in parts):
            raise InputError(f"the term {name} stands twice", where="--reward", hint="add up its weights")
        parts.append(Part(name, _weight(weight) if star else 1.0))
    return Reward(tuple(parts))


def _weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        raise InputError(f"{text!r} is not a weight", where="--reward", hint=_FORM) from None
    if not 0 < weight < math.inf:
        hint = "a penalty, such as reversal, is below 0 already"
        raise InputError(f"the weight {text} is not a number above 0", where="--reward", hint=hint)
    return weight
