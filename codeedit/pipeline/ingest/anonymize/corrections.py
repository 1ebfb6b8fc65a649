"""Findings that a later correction takes back.

`/home/uuser/app` names somebody until the second u is gone, and `2.168.6.200` is a public address until 19 is
typed before it.  What only an unfinished state made look private, and whose characters the last state shows
in a word that nothing is found in, stays as it was typed: to hide them earlier would hide nothing.
What was deleted stays hidden.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.shapes import is_random, is_strong

_BETWEEN_WORDS = re.compile(r"[\s\"'`()<>,;{}\[\]=]")


class Run(NamedTuple):
    """A finding in one state of a history."""

    value: str
    ids: array[int]  # of its characters
    before: int  # the id of the character before it, -1 at the beginning
    behind: int  # the id of the character behind it
    finding: Finding
    final: bool  # whether the state is the last one


def corrected(runs: Sequence[Run], text: str, ids: array[int]) -> tuple[list[Run], set[int]]:
    """Return the runs that the last state takes back, and their characters that it shows.

    Args:
        runs: what was found in one history.
        text: its last state.
        ids: of the last state's characters.
    """
    earlier = [run for run in runs if not run.final and _is_doubtful(run)]
    if not earlier:
        return [], set()
    places = {char: number for number, char in enumerate(ids)}
    covered = {char for run in runs if run.final for char in run.ids}
    gone = [run for run in earlier if _is_corrected(run, text, ids, places, covered)]
    return gone, {char for run in gone for char in run.ids if char in places}


def _is_doubtful(run: Run) -> bool:
    """Say whether it is the place that makes a value private, and not its own shape."""
    if run.finding.area == "personal":
        return run.finding.rank is Rank.PERSONAL
    return run.finding.rank is Rank.CONTEXT and not is_strong(run.value) and not is_random(run.value, 12)


def _is_corrected(run: Run, text: str, ids: array[int], places: dict[int, int], covered: set[int]) -> bool:
    alive = [places[char] for char in run.ids if char in places]
    if len(alive) < 2 or any(b <= a for a, b in pairwise(alive)):
        return False
    low, high = alive[0], alive[-1] + 1
    if _BETWEEN_WORDS.search("".join(_others(text, alive))):
        return False
    before = ids[low - 1] if low else -1
    behind = ids[high] if high < len(ids) else -1
    changed = high - low != len(run.ids) or (
        (before != run.before and low > 0 and not _BETWEEN_WORDS.match(text[low - 1]))
        or (behind != run.behind and high < len(text) and not _BETWEEN_WORDS.match(text[high]))
    )
    while low > 0 and not _BETWEEN_WORDS.match(text[low - 1]):
        low -= 1
    while high < len(text) and not _BETWEEN_WORDS.match(text[high]):
        high += 1
    return changed and covered.isdisjoint(ids[low:high])


def _others(text: str, alive: Sequence[int]) -> Iterable[str]:
    """Yield what the last state has between the characters of a value."""
    for one, other in pairwise(alive):
        yield text[one + 1 : other]
