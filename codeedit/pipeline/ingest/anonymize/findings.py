"""A finding, and how overlapping findings become disjoint ones."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from enum import IntEnum
from itertools import accumulate
from typing import NamedTuple


class Rank(IntEnum):
    """Which of two overlapping findings keeps its extent; the lower number wins."""

    KNOWN = 0  # a value of the session's dictionary
    OWN = 1  # a rule of the team's own
    FORMAT = 2  # a published format
    STRUCTURE = 3  # a key block, a URL's password, a header
    PERSONAL = 4
    CONTEXT = 5  # a name beside a value


class Finding(NamedTuple):
    """A value that must not stay; code points, half-open."""

    start: int
    end: int
    kind: str
    area: str  # "secret" or "personal"
    rank: Rank
    rule: str = ""  # the name of a rule of the team's own

    def moved(self, by: int) -> Finding:
        """Return the finding so many characters later."""
        return self._replace(start=self.start + by, end=self.end + by)

    @property
    def found_by(self) -> str:
        """What found it, as the audit calls it."""
        return f"own/{self.rule}" if self.rank is Rank.OWN else _FAMILIES[self.rank]


_FAMILIES = {
    Rank.KNOWN: "dictionary",
    Rank.FORMAT: "format",
    Rank.STRUCTURE: "structure",
    Rank.PERSONAL: "personal",
    Rank.CONTEXT: "context",
}


def disjoint(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings that do not overlap, by position.

    Better ranked, then longer ones keep their extent; of equal ones the first.
    """
    chosen: list[Finding] = []  # by start
    starts: list[int] = []
    for finding in sorted(dict.fromkeys(findings), key=lambda f: (f.rank, f.start - f.end, f.start)):
        for part in _uncovered(finding, chosen, starts):
            place = bisect_right(starts, part.start)
            starts.insert(place, part.start)
            chosen.insert(place, part)
    return chosen


def _uncovered(finding: Finding, chosen: list[Finding], starts: list[int]) -> list[Finding]:
    """Return the parts of a finding that the chosen ones leave free."""
    parts = []
    position = finding.start
    index = max(0, bisect_right(starts, finding.start) - 1)
    while index < len(chosen) and chosen[index].start < finding.end:
        other = chosen[index]
        if other.end > position:
            if other.start > position:
                parts.append(finding._replace(start=position, end=other.start))
            position = other.end
        index += 1
    if position < finding.end:
        parts.append(finding._replace(start=position))
    return parts


def outside(findings: list[Finding], others: list[Finding]) -> list[Finding]:
    """Return the findings that overlap none of some others."""
    if not others or not findings:
        return findings
    ordered = sorted(others, key=lambda other: other.start)
    starts = [other.start for other in ordered]
    reach = list(accumulate((other.end for other in ordered), max))  # where the others up to each end at most
    return [f for f in findings if not (before := bisect_left(starts, f.end)) or reach[before - 1] <= f.start]
