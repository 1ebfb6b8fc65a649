"""Histories without private values: every state that can be replayed from the result is clean.

A value is looked for in the states where typing pauses or something is about to vanish.  Its characters are
then known by where they were typed, so each typed character of a value is replaced once, in every state
before and after: half-typed states hold parts of placeholders.  Characters deleted within or beside a value
while it was typed are replaced too.  What was found anywhere is then looked for in all states of all
documents, and the result is scanned again until nothing is found.

Placeholders may be cut or mixed by later edits; any mixture of them is one (see `placeholders`).
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING

from codeedit.pipeline.ingest.anonymize.corrections import Run, corrected
from codeedit.pipeline.ingest.anonymize.dictionary import Dictionary
from codeedit.pipeline.ingest.anonymize.findings import Finding, outside
from codeedit.pipeline.ingest.anonymize.placeholders import LEAD, is_placeholder
from codeedit.pipeline.ingest.anonymize.provenance import END, Provenance, Segment, Step, common_prefix

if TYPE_CHECKING:
    from codeedit.pipeline.ingest.anonymize.anonymizer import Anonymizer, Edit

_ROUNDS = 6
_CONTEXT = 2  # lines around a changed one that are read with it
_CUTS = 8  # deleted texts that are recognized where they are inserted again
_TYPO = LEAD  # characters that a person takes back and types anew
_BETWEEN_WORDS = re.compile(r"[\s\"'`()<>,;{}\[\]]")


@dataclass(slots=True)
class History:
    """One document's edits, with an id for every inserted character."""

    steps: list[Step]
    ids: list[array[int]]  # of each edit's inserted text, what it left in place included
    firsts: list[int]  # the first new id of each step
    bursts: list[int]  # which run of typing each step belongs to
    chars: list[str]  # by id; changed by redaction
    stable: list[bool]  # whether the state after a step is looked at
    moved: set[int]  # ids that were deleted and inserted again


@dataclass(slots=True)
class Outcome:
    """Redacted histories and what was found in them."""

    histories: list[list[Edit]]
    values: dict[str, tuple[str, str]]  # value: (kind, area); not to be written anywhere
    found: list[dict[str, Finding]] = field(default_factory=list)  # of each history: placeholder: what it was

    @property
    def placeholders(self) -> dict[str, str]:
        """The placeholders that stand in the result, with their kinds."""
        made: dict[str, str] = {}
        for found in self.found:
            for text, finding in found.items():
                made.setdefault(text, finding.kind)
        return made


def redact_histories(
    histories: Sequence[Sequence[Edit]], anonymizer: Anonymizer, known: Dictionary | None = None
) -> Outcome:
    """Redact the histories of one session's documents together.

    Args:
        histories: each document's edits (start, deleted, inserted), from the empty text on.
        anonymizer: makes the placeholders.
        known: values known beforehand, such as the identities of the session's owner.

    Raises:
        ValueError: an edit outside its text.
    """
    traced = [_trace(edits) for edits in histories]
    dictionary = Dictionary(allow=anonymizer.rules.allow) if known is None else known
    found: list[dict[str, Finding]] = [{} for _ in traced]
    for number in range(_ROUNDS):
        covers = [_Cover(history, anonymizer) for history in traced]
        for history, cover in zip(traced, covers, strict=True):
            _search(history, cover, dictionary, look_up=number > 0)
        _take_back(covers, dictionary)
        if number == 0 and len(dictionary):
            for history, cover in zip(traced, covers, strict=True):
                _search(history, cover, dictionary, look_up=True, read=False)
        left = [cover.settle() for cover in covers]
        if not any(left):
            break
        for cover in covers:
            cover.write()
        for cover, made in zip(covers, found, strict=True):
            for text, finding in cover.placeholders().items():
                made.setdefault(text, finding)
    result = []
    for history, edits in zip(traced, histories, strict=True):
        chars = history.chars
        result.append(
            [
                (start, deleted, "".join([chars[i] for i in ids]))
                for (start, deleted, _), ids in zip(edits, history.ids, strict=True)
            ]
        )
    return Outcome(result, dict(dictionary.values), found)


def _take_back(covers: Sequence[_Cover], dictionary: Dictionary) -> None:
    """Forget what corrections take back, and look for it nowhere else."""
    gone = {value for cover in covers for value in cover.take_back()}
    for value in gone - {run.value for cover in covers for run in cover.runs}:
        dictionary.forget(value)


def _trace(edits: Sequence[Edit]) -> History:
    """Give every inserted character an id, and edits the runs of typing that they belong to."""
    document = Provenance()
    steps, all_ids, firsts = [], [], []
    chars: list[str] = []
    moved: set[int] = set()
    cuts: dict[str, array[int]] = {}  # what was deleted last, by its text
    for start, deleted, inserted in edits:
        old, old_ids = document.cut(start, deleted)
        lead = tail = 0
        if old and inserted:
            lead = common_prefix(old, inserted)
            tail = common_prefix(
                old[: lead - 1 if lead else None : -1], inserted[: lead - 1 if lead else None : -1]
            )
        fresh = inserted[lead : len(inserted) - tail]
        firsts.append(len(chars))
        ids = cuts.pop(fresh, None) or array("q", range(len(chars), len(chars) + len(fresh)))
        if ids and ids[0] < len(chars):  # cut there, put here: an undo, or a move
            moved.update(ids)
        else:
            chars.extend(fresh)
        if len(word := old.strip()) > LEAD and not (lead or tail):
            first = old.index(word)
            cuts[word] = old_ids[first : first + len(word)]
            if len(cuts) > _CUTS:
                del cuts[next(iter(cuts))]
        step = Step(start + lead, deleted - lead - tail, ids)
        document.apply(step, fresh)
        document.dirty.clear()
        steps.append(step)
        all_ids.append(old_ids[:lead] + ids + old_ids[len(old_ids) - tail :] if lead or tail else ids)
    return History(steps, all_ids, firsts, _bursts(steps), chars, _stable(steps), moved)


def _bursts(steps: list[Step]) -> list[int]:
    """Return which run of typing each step belongs to: one that goes on, or takes back, at the caret."""
    bursts, burst = [], 0
    for step, after in zip_longest(steps, steps[1:]):
        bursts.append(burst)
        caret = step.start + len(step.ids)
        on = after is not None and len(after.ids) <= 2 and caret in (after.start, after.start + after.deleted)
        burst += not on
    return bursts


def _stable(steps: list[Step]) -> list[bool]:
    """Say after which steps a document is looked at: not while typing goes on, or takes back a typo."""
    result = [True] * len(steps)
    for number, step in enumerate(steps[:-1]):
        position = step.start + len(step.ids)
        after = steps[number + 1]
        if after.deleted == 0 and after.start == position and len(after.ids) <= 2:
            result[number] = False
            continue
        back = 0
        following = number + 1
        while (
            following < len(steps)
            and not len(steps[following].ids)
            and steps[following].start + steps[following].deleted == position - back
        ):
            back += steps[following].deleted
            following += 1
            if back > _TYPO:
                break
        if 0 < back <= _TYPO and following < len(steps):
            on = steps[following]
            result[number] = not (on.deleted == 0 and on.start == position - back and 0 < len(on.ids) <= 2)
    return result


def _search(
    history: History, cover: _Cover, dictionary: Dictionary, *, look_up: bool, read: bool = True
) -> None:
    """Replay a history and collect what stands in its states."""
    document = Provenance()
    chars = history.chars
    for step, stable in zip(history.steps, history.stable, strict=True):
        document.apply(step, "".join([chars[i] for i in step.ids]))
        if not stable:
            continue
        cursor = document.segment_at(step.start + len(step.ids))
        for segments in document.regions(_CONTEXT):
            _look(document, segments, cover, dictionary, look_up=look_up, read=read, cursor=cursor)
    if history.steps:
        segments = [segment for block in document.blocks for segment in block.segments]
        _look(document, segments, cover, dictionary, look_up=look_up, read=read, final=True)


def _look(
    document: Provenance,
    segments: list[Segment],
    cover: _Cover,
    dictionary: Dictionary,
    *,
    look_up: bool,
    read: bool,
    final: bool = False,
    cursor: tuple[Segment, int] | None = None,
) -> None:
    """Collect the values of some segments; what lies before the cursor is read as a whole of its own too."""
    text = "".join([segment.text for segment in segments])
    found: list[Finding] = []
    stays: list[Finding] = []
    if read:
        found, stays = cover.anonymizer.look(text)
        typed = _before(segments, cursor)
        if typed and text[typed : typed + 1] not in ("", "\n"):
            found = [*found, *cover.anonymizer.look(text[:typed])[0]]
        for finding in found:
            dictionary.add(
                text[finding.start : finding.end], finding, text[max(0, finding.start - LEAD) : finding.start]
            )
    if look_up:
        found = [*found, *dictionary.occurrences(text, beginnings=True)]
    if stays:
        cover.allow(segments, stays)
        found = outside(found, stays)
    if not found and not (final and cover.runs):
        return
    ids = array("q")
    for segment in segments:
        ids.extend(segment.ids)
    for finding in found:
        value = text[finding.start : finding.end]
        before = ids[finding.start - 1] if finding.start else END
        behind = ids[finding.end] if finding.end < len(ids) else END
        run = Run(value, ids[finding.start : finding.end], before, behind, finding, final)
        cover.add(run, document)
    if final:
        cover.last = text, ids


def _before(segments: list[Segment], cursor: tuple[Segment, int] | None) -> int:
    """Return how many characters of some segments stand before the cursor, 0 where it is elsewhere."""
    position = 0
    if cursor is not None:
        for segment in segments:
            if segment is cursor[0]:
                return position + cursor[1]
            position += len(segment.text)
    return 0


class _Cover:
    """What the characters of one history become."""

    def __init__(self, history: History, anonymizer: Anonymizer) -> None:
        self._history = history
        self.anonymizer = anonymizer
        self.chosen: dict[int, tuple[tuple[bool, int, int], str]] = {}  # id: (weight, character)
        self._allowed: set[int] = set()  # ids that stay
        self.runs: list[Run] = []
        self.last: tuple[str, array[int]] = "", array("q")  # the last state, where something is found in it
        self._seen: set[tuple[int, int, int]] = set()
        self._count = 0

    def add(self, run: Run, document: Provenance) -> None:
        """Choose placeholder characters for a value: the last state, then longer values prevail."""
        self._count += 1
        ids = run.ids
        key = (ids[0], ids[-1], len(ids))
        weight = (run.final, len(ids), self._count)
        if run.final or key not in self._seen:
            self.runs.append(run)
        self._seen.add(key)
        for char, to in zip(ids, self.anonymizer.placeholder(run.value), strict=True):
            held = self.chosen.get(char)
            if held is None or held[0] < weight:
                self.chosen[char] = (weight, to)
        for number, char in enumerate(ids):
            gone = document.deleted_before(char)
            if gone:
                self._add_deleted(gone if number else self._beginning(gone, run.value, ids))
        if gone := document.deleted_before(run.behind):
            self._add_deleted(self._ending(gone, ids))

    def take_back(self) -> set[str]:
        """Forget the runs that the last state takes back; return their values."""
        gone, shown = corrected(self.runs, *self.last)
        if not gone:
            return set()
        marks = set(map(id, gone))
        self.runs = [run for run in self.runs if id(run) not in marks]
        for char in shown.difference(*(run.ids for run in self.runs)):
            self.chosen.pop(char, None)
        return {run.value for run in gone if sum(char not in shown for char in run.ids) <= LEAD}

    def _add_deleted(self, gone: list[int]) -> None:
        if not gone:
            return
        chars = self._history.chars
        value = "".join([chars[i] for i in gone])
        moved = self._history.moved
        for char, to in zip(gone, self.anonymizer.placeholder(value), strict=True):
            if char not in self.chosen and char not in moved and chars[char] != to:
                self.chosen[char] = ((False, 0, 0), to)

    def _beginning(self, gone: list[int], value: str, ids: array[int]) -> list[int]:
        """Return what was deleted right before a value and is an earlier try at it."""
        chars = self._history.chars
        word: list[int] = []
        for char in reversed(gone):
            if _BETWEEN_WORDS.match(chars[char]):
                break
            word.append(char)
        word.reverse()
        text = "".join([chars[i] for i in word])
        same = len(text) > LEAD and text[: LEAD + 1] == value[: LEAD + 1]
        return word if word and (same or self._burst(word[-1]) == self._burst(ids[0])) else []

    def _ending(self, gone: list[int], ids: array[int]) -> list[int]:
        """Return what was deleted right behind a value and was typed with it."""
        chars = self._history.chars
        burst = self._burst(ids[-1])
        word = []
        for char in gone:
            if _BETWEEN_WORDS.match(chars[char]) or self._burst(char) != burst:
                break
            word.append(char)
        return word

    def _burst(self, char: int) -> int:
        return self._history.bursts[bisect_right(self._history.firsts, char) - 1]

    def allow(self, segments: list[Segment], stays: list[Finding]) -> None:
        """Keep what the exceptions allow in some segments, as a whole or half-typed."""
        ids = array("q")
        for segment in segments:
            ids.extend(segment.ids)
        for finding in stays:
            self._allowed.update(ids[finding.start : finding.end])

    def settle(self) -> bool:
        """Forget what was chosen for characters that stay; say whether any is left to replace."""
        for char in self._allowed & self.chosen.keys():
            del self.chosen[char]
        return bool(self.chosen)

    def write(self) -> None:
        """Replace the characters."""
        chars = self._history.chars
        for char, (_, to) in self.chosen.items():
            chars[char] = to

    def placeholders(self) -> dict[str, Finding]:
        """Return what the found values have become."""
        chars = self._history.chars
        made: dict[str, Finding] = {}
        for run in self.runs:
            text = "".join([chars[i] for i in run.ids])
            if len(text) > LEAD and is_placeholder(text):
                made.setdefault(text, run.finding)
        return made
