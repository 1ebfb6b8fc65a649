"""What turns one text into another: the replacements of a shortest edit script (Levenshtein)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Levenshtein


@dataclass(frozen=True, slots=True)
class Replacement:
    """A place that an edit changed."""

    start: int  # code points in the text before
    end: int  # exclusive
    text: str  # what stands there afterwards


@lru_cache(maxsize=1024)  # several metrics ask for the same, and a row's truth comes once a trial
def replacements(text: str, changed: str) -> tuple[Replacement, ...]:
    """Return the places that differ, in order; neighbours are joined."""
    places: list[tuple[int, int, int, int]] = []  # start and end before, start and end after
    for part in Levenshtein.opcodes(text, changed):
        if part.tag == "equal":
            continue
        start, first = part.src_start, part.dest_start
        if places and places[-1][1] == start:
            start, _, first, _ = places.pop()
        places.append((start, part.src_end, first, part.dest_end))
    return tuple(Replacement(start, end, changed[first:last]) for start, end, first, last in places)
