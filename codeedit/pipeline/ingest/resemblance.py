"""How alike two tasks are: by what surrounds the range, and, in equal parts, by what changes in it.

Tasks of one session share most of their document, so the document says little.  A task is a set of runs of
three tokens: those of the range with a few lines around it, and those that only the old or only the new text
has.  The latter are repeated until both parts weigh the same.  Two tasks are near-duplicates where the
Jaccard similarity of their sets is at least ``THRESHOLD``.  MinHash signatures (Broder 1997) in bands find
the pairs to compare.  A repeated run is kept once, with the number of its repetitions.

Placeholders count by their shape, so that another key finds the same pairs.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from codeedit.pipeline.ingest.anonymize.placeholders import DIGITS, LOWER, UPPER
from codeedit.records import Task

THRESHOLD: Final = (3, 4)  # as a fraction of whole numbers
BANDS: Final = 32
_BAND_ROWS: Final = 4  # a pair at the threshold shares no band in 5 of a million cases
_SEED: Final = 1_729
_AROUND: Final = 8  # lines on each side of the range
_RUN: Final = 3  # tokens
_MOST_REPEATS: Final = 64
_TOKEN = re.compile(r"\w+|[^\w\s]")
_SHAPES = str.maketrans(
    LOWER + UPPER + DIGITS, LOWER[0] * len(LOWER) + UPPER[0] * len(UPPER) + DIGITS[0] * len(DIGITS)
)


@dataclass(frozen=True, slots=True)
class Sketch:
    """What tasks are compared by.

    The Jaccard similarity of two is that of the sets that hold each of ``place`` once and each of ``change``
    as often as ``repeats`` says.
    """

    place: tuple[int, ...]  # 32 bits each, in the text's order: consecutive tasks share long parts of it
    change: tuple[int, ...]  # 32 bits each, rising
    repeats: int
    bands: tuple[int, ...]  # 32 bits each; tasks that share one are to be compared
    content: int  # 64 bits: hash of the set


@dataclass(frozen=True, slots=True)
class _Runs:
    place: list[str]
    change: list[str]
    repeats: int

    def all(self) -> list[str]:
        return [*self.place, *(f"{number}{run}" for run in self.change for number in range(self.repeats))]


def features(task: Task) -> set[str]:
    """Return the set whose Jaccard similarity is the tasks'."""
    return set(_runs_of(task).all())


def _runs_of(task: Task) -> _Runs:
    head = task.code[: task.edit_start].splitlines()[-_AROUND:]
    tail = task.code[task.edit_end :].splitlines()[:_AROUND]
    place = [f"={run}" for run in _runs("\n".join([*head, task.original, *tail]))]
    if task.no_change:
        return _Runs(place, ["no change"], 1)
    change = _change(task)
    return _Runs(place, change, max(1, min(_MOST_REPEATS, round(len(place) / len(change)))))


def _change(task: Task) -> list[str]:
    """Return the runs that only the old or only the new text has."""
    before, after = _runs(task.original), _runs(task.edit)
    if before.keys() == after.keys():  # only their order or number is new
        return [f"+{run}" for run in after] or ["white space"]
    return [
        *(f"-{run}" for run in before if run not in after),
        *(f"+{run}" for run in after if run not in before),
    ]


def _runs(text: str) -> dict[str, None]:
    """Return the runs of a text, each once, in its order."""
    tokens = _TOKEN.findall(text.translate(_SHAPES))
    if len(tokens) < _RUN:
        return {" ".join(tokens): None} if tokens else {}
    return dict.fromkeys(map(" ".join, zip(*(tokens[at:] for at in range(_RUN)), strict=False)))


def sketch(task: Task) -> Sketch:
    """Return a task's features as numbers, with its signature; the same on every machine."""
    from rensa import RMinHash

    runs = _runs_of(task)
    written, changed = (
        [run.encode("utf-8", "replace") for run in some] for some in (runs.place, runs.change)
    )
    place = tuple(dict.fromkeys(map(zlib.crc32, written)))
    change = tuple(sorted(set(map(zlib.crc32, changed))))
    signature = RMinHash(num_perm=BANDS * _BAND_ROWS, seed=_SEED)
    signature.update(
        [*written, *(b"%d%b" % (number, run) for run in changed for number in range(runs.repeats))]
    )
    values = _packed(signature.digest())
    size = len(values) // BANDS
    bands = tuple(
        _hash(_packed([band]) + values[band * size : (band + 1) * size], 4) for band in range(BANDS)
    )
    content = _hash(_packed([len(place), *sorted(place), *change, runs.repeats]), 8)
    return Sketch(place, change, runs.repeats, bands, content)


def _packed(numbers: Sequence[int]) -> bytes:
    """Return numbers of 32 bits as bytes."""
    return struct.pack(f">{len(numbers)}I", *numbers)


def _hash(packed: bytes, size: int) -> int:
    """Return a hash as a signed number of so many bytes."""
    return int.from_bytes(hashlib.blake2b(packed, digest_size=size).digest(), "big", signed=True)
