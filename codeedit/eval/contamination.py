"""Whether a run has seen a set's answers: n-gram overlap between its training prompts and the true edits.

Looked at is what an edit creates: the n-grams of 13 tokens (words and single signs) that are in the code
after the edit and not before, some context included.  A row counts as seen where at least half of them are
in the training data: in a prompt's code or history, or in a training task's code with its own edit made.

13 is the length of GPT-3's filter (arXiv 2005.14165, appendix C): in code it is about two lines, longer
than most idioms.  All n-grams of the range were rejected: code of one project recurs from session to
session, and having seen the code before an edit is no knowledge of the edit.  Rows that need no change
create nothing and are not checked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codeedit.eval.sets import EvalRow, EvalSet
from codeedit.pipeline.prompt_builder.markers import MARKERS

ORDER = 13  # tokens of an n-gram
THRESHOLD = 0.5  # share of a row's new n-grams
_REACH = 400  # characters of context around an edit: more than 12 tokens
_TOKEN = re.compile(r"\w+|[^\w\s]")
_SIGNS = re.compile(r"^(?:-.*\n?|\+)", re.MULTILINE)  # of a diff: removed lines, and added ones' signs
_MARKERS = re.compile("|".join(map(re.escape, MARKERS)))
_FACTORS = np.array([pow(0x9E3779B97F4A7C15, power, 1 << 64) for power in range(ORDER)], dtype=np.uint64)

Grams = NDArray[np.uint64]  # hashes, which hold for one process
Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Overlap:
    """What a check found."""

    training: str  # the file of training prompts
    prompts: int  # in it
    checked: int  # rows that create n-grams
    seen: tuple[str | int, ...]  # keys of the rows whose answers are in the training data

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the scores has to know."""
        if not self.seen:
            return ()
        count = f"{len(self.seen)} of {self.checked} answers that could be checked"
        return (f"{count} are in the training data: contamination in the report has the scores without them",)

    def as_dict(self) -> dict[str, Any]:
        """Return what the report holds, but for the rows themselves."""
        return {
            "n": ORDER,
            "threshold": THRESHOLD,
            "training": self.training,
            "training_prompts": self.prompts,
            "checked": self.checked,
            "seen": len(self.seen),
        }


def find_overlap(target: EvalSet, training: Path, progress: Progress = lambda *_: None) -> Overlap:
    """Look for a set's answers in a run's training prompts.

    Args:
        target: the rows.
        training: the run's ``prompts/train.parquet``.
        progress: told how many prompts are read.
    """
    wanted = [new_grams(row) for row in target.rows]
    sought = np.unique(np.concatenate([*wanted, np.zeros(0, dtype=np.uint64)]))
    found = np.zeros(len(sought), dtype=bool)
    count = 0
    if sought.size:
        for count, (texts, total) in enumerate(_training_texts(training), start=1):
            for text in texts:
                _mark(found, sought, _grams(text))
            progress("training data", count, total)
    seen = []
    for row, grams in zip(target.rows, wanted, strict=True):
        if grams.size and found[np.searchsorted(sought, grams)].mean() >= THRESHOLD:
            seen.append(row.key)
    return Overlap(str(training), count, sum(bool(grams.size) for grams in wanted), tuple(seen))


def new_grams(row: EvalRow) -> Grams:
    """Return the n-grams that a row's true edit creates."""
    task = row.task
    if task.no_change:
        return np.zeros(0, dtype=np.uint64)
    above = task.code[max(0, task.edit_start - _REACH) : task.edit_start]
    below = task.code[task.edit_end : task.edit_end + _REACH]
    after, before = _grams(above + task.edit + below), _grams(above + task.original + below)
    return np.setdiff1d(after, before)


def _grams(text: str) -> Grams:
    """Return a hash of each run of 13 tokens."""
    tokens = np.array([hash(token) for token in _TOKEN.findall(text)], dtype=np.int64).view(np.uint64)
    count = len(tokens) - ORDER + 1
    if count < 1:
        return np.zeros(0, dtype=np.uint64)
    windows = np.lib.stride_tricks.sliding_window_view(tokens, ORDER)
    hashes: Grams = (windows * _FACTORS).sum(axis=1, dtype=np.uint64)
    return hashes


def _mark(found: NDArray[np.bool_], sought: Grams, grams: Grams) -> None:
    at = np.searchsorted(sought, grams)
    at[at == len(sought)] = 0
    found[at[sought[at] == grams]] = True


def _training_texts(path: Path) -> Iterator[tuple[list[str], int]]:
    """Yield, for each training prompt, its text and the places of its code with the true edit made."""
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    total = file.metadata.num_rows
    for batch in file.iter_batches(batch_size=256, columns=["prompt", "edit", "extra_info"]):
        for row in batch.to_pylist():
            text = "\n".join(message["content"] for message in row["prompt"])
            text = _SIGNS.sub("", _MARKERS.sub("", text))
            yield [text, *_edited(text, row["extra_info"]["original"], row["edit"])], total


def _edited(text: str, original: str, edit: str) -> Iterator[str]:
    """Yield each place of a range with its edit made; the edit alone where the range is empty or escaped."""
    at = text.find(original) if original else -1
    if at < 0:
        yield edit
    while at >= 0:
        end = at + len(original)
        yield text[max(0, at - _REACH) : at] + edit + text[end : end + _REACH]
        at = text.find(original, end)
