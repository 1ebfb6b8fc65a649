"""The scan: some passes of a linear multi-pattern engine over the text, then a look at what they point at.

google-re2 finds *anchors* (a prefix, a name beside a value, an @, …; see `anchors`) at several hundred
megabytes a second and in linear time on any input; only what stands near an anchor is read closer, each time
a bounded stretch.  The text is handed over in Latin-1 with ``?`` for all else: one byte per code point, so
positions need no conversion; every anchor is ASCII.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from codeedit.pipeline.ingest.anonymize import structures
from codeedit.pipeline.ingest.anonymize.anchors import (
    LONG_ANCHORS,
    NEAR_NAMES,
    PASSES,
    WIDER,
    Reader,
)
from codeedit.pipeline.ingest.anonymize.context import lines_near
from codeedit.pipeline.ingest.anonymize.engine import LinearPattern, apart, latin
from codeedit.pipeline.ingest.anonymize.findings import Finding, disjoint
from codeedit.pipeline.ingest.anonymize.formats import FORMATS
from codeedit.pipeline.ingest.anonymize.gate import Gate
from codeedit.pipeline.ingest.anonymize.keywords import (
    KEYWORD,
    KEYWORDS,
    LONGEST_WORD,
    next_telling,
    telling_names,
    words_before,
)
from codeedit.pipeline.ingest.anonymize.names import understood
from codeedit.pipeline.ingest.anonymize.nearby import JOINT, Place, names_in
from codeedit.pipeline.ingest.anonymize.password_owners import beside_secrets
from codeedit.pipeline.ingest.anonymize.placeholders import beside_placeholders
from codeedit.pipeline.ingest.anonymize.shapes import is_random, is_strong

_HEADS: dict[str, list[str]] = {}  # prefixes by their first two characters, the longest first
for _prefix in sorted({entry.prefix for entry in FORMATS}, key=len, reverse=True):
    _HEADS.setdefault(_prefix[:2], []).append(_prefix)


def _anchored(prefix: str) -> str:
    return LONG_ANCHORS.get(prefix, re.escape(prefix) + r"[A-Za-z0-9_+/=\-.,%]{4}")


class _Family:
    """Readers that share one pass.

    Args:
        table: name: (anchor, what reads there).
    """

    def __init__(self, table: dict[str, tuple[str, Reader]]) -> None:
        parts = [part for anchor, _ in table.values() for part in WIDER.get(anchor, ((anchor, anchor),))]
        self.anchors = [wider for wider, _ in parts]
        self._pass = LinearPattern("|".join(f"(?:{anchor})" for anchor, _ in table.values()))
        # The same in parts: where one matches and no other, it takes half of what all together take.
        self._alone = [LinearPattern(exact) for _, exact in parts] if len(parts) > 1 else [self._pass]
        # In the same bytes, so that a letter beyond Latin-1 is what it was in the pass.
        which = "|".join(f"(?P<{name}>{anchor})" for name, (anchor, _) in table.items())
        self._which = re.compile(which.encode("latin-1"))
        self._readers = {name: reader for name, (_, reader) in table.items()}
        self._only = next(iter(self._readers.values())) if len(table) == 1 else None

    def read(self, text: str, raw: bytes) -> Iterator[Finding]:
        """Yield what the readers find at their anchors."""
        return self._read_at(text, raw, self._pass.near(raw, None))

    def read_at(self, text: str, raw: bytes, ends: Sequence[list[int]]) -> Iterator[Finding]:
        """Yield what the readers find at their anchors, each of which may end where its `ends` say."""
        for which, near in apart(ends):
            pattern = self._pass if which is None else self._alone[which]
            yield from self._read_at(text, raw, pattern.near(raw, near))

    def read_near(self, text: str, raw: bytes, places: Sequence[Place], before: int) -> Iterator[Finding]:
        """Yield what the readers find at anchors that begin in some places, or a little before them."""
        return self._read_at(text, raw, self._pass.before(raw, places, before))

    def _read_at(self, text: str, raw: bytes, spans: Iterator[tuple[int, int]]) -> Iterator[Finding]:
        for start, _ in spans:
            if self._only is not None:
                yield from self._only(text, start)
                continue
            which = self._which.match(raw, start)
            if which is not None and which.lastgroup is not None:
                yield from self._readers[which.lastgroup](text, start)


_FORMAT_ANCHORS = sorted(map(_anchored, {entry.prefix for entry in FORMATS}))
_FORMAT_PASS = LinearPattern(r"\b(?:" + "|".join(_FORMAT_ANCHORS) + ")")
_PASSES = tuple(_Family(table) for table in PASSES)
_NEAR_NAMES = tuple((_Family(table), before, plain) for table, before, plain in NEAR_NAMES)
# Of the formats, of the telling words, of names' joints, and each of each pass by itself.
ANCHORS = [
    [rf"\b(?:{anchor})" for anchor in _FORMAT_ANCHORS],
    [f"(?i){KEYWORDS}"],
    [JOINT],
    *([anchor] for family in _PASSES for anchor in family.anchors),
]
_OTHERS = 3  # tables before those of the passes
_FIRSTS = [*accumulate((len(family.anchors) for family in _PASSES), initial=_OTHERS)]
_PARTS = [slice(*bounds) for bounds in pairwise(_FIRSTS)]  # each pass's tables
_GATE = Gate(ANCHORS)


def scan(text: str) -> list[Finding]:
    """Return all values that must not stay, disjoint and by position; see `candidates`."""
    found = [finding for finding in candidates(text) if not is_rest(text, finding)]
    if not found:
        return found
    whole = set(found)
    return [
        part
        for part in disjoint(found)
        if part in whole
        or (part.end - part.start >= _LEAST_PART and not _NAME.fullmatch(text, part.start, part.end))
    ]


_NAME = re.compile(r"[;,&\s]*[A-Za-z][\w.\-]*[=:][\"']?")
_LEAST_PART = 8  # characters of what a longer finding has beside a better one: less is a mark, or a name


def is_rest(text: str, finding: Finding) -> bool:
    """Say whether a finding is a placeholder and nothing secret beside it."""
    if finding.area == "personal":
        return False
    rest = beside_placeholders(text[finding.start : finding.end])
    return rest is not None and not is_strong(rest) and not is_random(rest, 12)


def candidates(text: str) -> list[Finding]:
    """Return what the rules find; findings may overlap.

    Args:
        text: a document, a part of one, a diff, a path; code points.
    """
    found = _by_rules(text)
    return [*found, *beside_secrets(text, found)] if found else found


def _at_anchors(text: str, raw: bytes, ends: Sequence[list[int]] | None) -> Iterator[Finding]:
    """Yield what each pass's readers find."""
    for family, part in zip(_PASSES, _PARTS, strict=True):
        if ends is None:
            yield from family.read(text, raw)
        elif any(here := ends[part]):
            yield from family.read_at(text, raw, here)


def _by_rules(text: str) -> list[Finding]:
    """Return what stands near the anchors."""
    raw = latin(text if text.isascii() else understood(text))
    found: list[Finding] = []
    ends = _GATE.ends(raw)
    formats, words, joints = ends[:_OTHERS] if ends else (None,) * _OTHERS
    for start, _ in _FORMAT_PASS.near(raw, formats):
        for prefix in _HEADS.get(text[start : start + 2], ()):
            if (
                text.startswith(prefix, start)
                and (hit := structures.format_at(text, start, prefix)) is not None
            ):
                found.append(hit)
                break
    found.extend(_at_anchors(text, raw, ends))
    if names_here := names_in(text, raw, joints):
        capital = [place for place in names_here if not text[slice(*place)].islower()]
        for family, before, plain in _NEAR_NAMES:
            found.extend(family.read_near(text, raw, names_here if plain else capital, before))
    if words is not None and text.isascii():
        names = telling_names(text, words_before(text, words))
    else:
        names = telling_names(text, KEYWORD.near(raw, words, LONGEST_WORD))
    position = number = 0
    while (telling := next_telling(raw, names, number, position)) is not None:
        start, number = telling
        position, number, more = lines_near(text, names, number, start)
        found.extend(more)
    return found
