"""Sums over all units: the stages that need one session only, and what the report says of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from codeedit.errors import CodeEditError, InputError
from codeedit.pipeline.ingest.report import Stage, by_count
from codeedit.pipeline.ingest.session_stage import STAGES
from codeedit.pipeline.ingest.unit_file import UnitCounts


class Totals:
    """Sums; as many numbers as there are reasons and kinds, however many units there are."""

    def __init__(self) -> None:
        self.sessions = 0
        self.events = 0
        self.agreed = 0
        self.disagreed = 0
        self.leaks = 0
        self.redactions: Counter[str] = Counter()
        self.ranges: Counter[str] = Counter()
        self._read = 0
        self._moments = 0
        self._drafts = 0
        self._quarantined: Counter[str] = Counter()
        self._unfit: Counter[str] = Counter()
        self._faults: Counter[str] = Counter()
        self._seconds: Counter[str] = Counter()

    def add(self, counts: UnitCounts) -> None:
        """Add a unit."""
        self._read += counts.read
        self.agreed += counts.agreed
        self.disagreed += counts.disagreed
        self._quarantined.update(record.reason for record in counts.quarantined)
        self._seconds.update(counts.seconds)
        self.sessions += len(counts.sessions)
        for session in counts.sessions:
            self.events += session.events
            self.leaks += session.leaks
            self._moments += session.moments
            self._drafts += session.drafts
            self._unfit.update(session.unfit)
            self._faults.update(session.faults)
            self.redactions.update(session.redactions)
            self.ranges.update(session.ranges)

    def stages(self) -> list[Stage]:
        """Return the stages up to the tasks that were checked."""
        spent = {name: float(self._seconds[name]) for name in STAGES}
        filtered = self._drafts - self._faults.total()
        checked = filtered - self.leaks
        understood = self._read - self._quarantined.total()
        bad, unfit, faults = map(by_count, (self._quarantined, self._unfit, self._faults))
        return [
            Stage("read", "records", self._read, understood, bad, spent["read"]),
            Stage("anonymize", "sessions", self.sessions, self.sessions, {}, spent["anonymize"]),
            Stage("segment", "moments", self._moments, self._drafts, unfit, spent["segment"]),
            Stage("filter", "tasks", self._drafts, filtered, faults, 0.0),
            Stage("check", "tasks", filtered, checked, _some("leak", self.leaks), spent["check"]),
        ]

    def nothing(self, stages: Sequence[Stage]) -> CodeEditError:
        """Return the error that says why no task came of the logs."""
        if not self.sessions:
            reasons = ", ".join(f"{count} x {reason}" for reason, count in stages[0].dropped.items())
            return InputError(
                f"no session in the logs ({reasons})" if reasons else "no session in the logs",
                hint="name a folder of editor logs; `codeedit ingest --help` lists the kinds",
            )
        dropped: Counter[str] = Counter()
        for stage in stages[1:]:
            dropped.update(stage.dropped)
        counts = ", ".join(f"{reason} {count}" for reason, count in by_count(dropped).items()) or "no edits"
        number = "1 session" if self.sessions == 1 else f"{self.sessions} sessions"
        return CodeEditError(
            f"no task came of the logs: {number}, {counts}",
            hint="more logs are needed, with edits in the ten languages",
        )


def _some(reason: str, count: int) -> dict[str, int]:
    return {reason: count} if count else {}
