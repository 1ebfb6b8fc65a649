"""Edits that were taken back: a burst that brings back what was there before an earlier one.

Either the whole document is as it was, or the edit range of the earlier burst is, with other edits elsewhere.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from codeedit.pipeline.ingest.bursts import Burst
from codeedit.pipeline.ingest.moments import TrackedRange

_BURSTS: Final = 50  # of the document; how far back an earlier state is looked for
_RANGES: Final = 20  # of the session; how many ranges are followed


@dataclass(slots=True)
class _Followed:
    """The edit range of a burst, as the document goes on."""

    path: str
    number: int
    original: str  # before the burst, as typed
    area: TrackedRange  # after it


class Reverts:
    """Takes a session's bursts in order and tells which were taken back."""

    def __init__(self) -> None:
        self._states: dict[str, list[tuple[int, int]]] = {}  # path -> (length, hash) before each burst
        self._followed: deque[_Followed] = deque(maxlen=_RANGES)
        self._taken: set[tuple[str, int]] = set()  # path and number of bursts

    def note(self, burst: Burst) -> int:
        """Note a burst; return its number in its document.

        It takes back the bursts since the state that it brings back, or the one whose range is as before;
        and so it is no edit of its own.
        """
        states = self._states.setdefault(burst.path, [])
        number = len(states)
        states.append((len(burst.before), hash(burst.before)))
        if burst.before == burst.after:
            return number
        after = len(burst.after), hash(burst.after)
        for earlier in range(number - 1, max(-1, number - _BURSTS), -1):
            if states[earlier] == after:
                self._taken.update((burst.path, taken) for taken in range(earlier, number + 1))
                break
        for followed in [followed for followed in self._followed if followed.path == burst.path]:
            if not self._goes_on(followed, burst):
                self._followed.remove(followed)
            elif followed.area.text == followed.original:
                self._taken.update(((burst.path, followed.number), (burst.path, number)))
                self._followed.remove(followed)
        return number

    @staticmethod
    def _goes_on(followed: _Followed, burst: Burst) -> bool:
        """Follow a range through a burst; return whether it is still there as a whole."""
        area = followed.area
        if not burst.before.startswith(area.text, area.start):  # the document was loaded anew
            return False
        return not area.follow_burst(burst).broken

    def follow(self, burst: Burst, number: int, original: str, area: TrackedRange) -> None:
        """Watch what becomes of a burst's range, from the burst's end on.

        Args:
            burst: it changed the range.
            number: as ``note`` gave it.
            original: the range's text before the burst, as typed.
            area: the range after it.
        """
        self._followed.append(_Followed(burst.path, number, original, area))

    def took_back(self, path: str, number: int) -> bool:
        """Whether a burst was taken back, or only took others back."""
        return (path, number) in self._taken
