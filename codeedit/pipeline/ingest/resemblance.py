"""How alike two tasks are: by what surrounds the range, and, in equal parts, by what changes in it.

Tasks of one session share most of their document, so the document says little.  A task is a set of runs of
three tokens: those of the range with a few lines around it, and those that only the old or only the new text
has.  The latter are repeated until both parts weigh the same.  Two tasks are near-duplicates where the
Jaccard similarity of their sets is at least ``THRESHOLD``.  MinHash signatures (Broder 1997) in bands find
the pairs to compare.

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
    """What tasks are compared by."""

    features: tuple[int, ...]  # 32 bits each, rising
    bands: tuple[int, ...]  # 64 bits each; tasks that share one are to be compared
    content: str  # hash of the features


def features(task: Task) -> set[str]:
    """Return the set whose Jaccard similarity is the tasks'."""
    head = task.code[: task.edit_start].splitlines()[-_AROUND:]
    tail = task.code[task.edit_end :].splitlines()[:_AROUND]
    place = {f"={run}" for run in _runs("\n".join([*head, task.original, *tail]))}
    if task.no_change:
        return place | {"no change"}
    change = _change(task)
    repeats = max(1, min(_MOST_REPEATS, round(len(place) / len(change))))
    return place.union(f"{number}{run}" for run in change for number in range(repeats))


def _change(task: Task) -> set[str]:
    """Return the runs that only the old or only the new text has."""
    before, after = _runs(task.original), _runs(task.edit)
    if before == after:  # only their order or number is new
        return {f"+{run}" for run in after} or {"white space"}
    return {f"-{run}" for run in before - after} | {f"+{run}" for run in after - before}


def _runs(text: str) -> set[str]:
    tokens = _TOKEN.findall(text.translate(_SHAPES))
    if not tokens:
        return set()
    return {" ".join(tokens[at : at + _RUN]) for at in range(max(1, len(tokens) - _RUN + 1))}


def sketch(task: Task) -> Sketch:
    """Return a task's features as numbers, with its signature; the same on every machine."""
    from rensa import RMinHash

    runs = [run.encode("utf-8", "replace") for run in features(task)]
    numbers = sorted(set(map(zlib.crc32, runs)))
    content = hashlib.blake2b(_packed(numbers), digest_size=16).hexdigest()
    signature = RMinHash(num_perm=BANDS * _BAND_ROWS, seed=_SEED)
    signature.update(runs)
    values = signature.digest()
    bands = []
    for band in range(BANDS):
        part = _packed([band, *values[band * _BAND_ROWS : (band + 1) * _BAND_ROWS]])
        digest = hashlib.blake2b(part, digest_size=8).digest()
        bands.append(int.from_bytes(digest, "big", signed=True))
    return Sketch(tuple(numbers), tuple(bands), content)


def _packed(numbers: Sequence[int]) -> bytes:
    return struct.pack(f">{len(numbers)}I", *numbers)
