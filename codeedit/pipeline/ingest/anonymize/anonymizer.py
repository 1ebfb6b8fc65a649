"""The anonymizer: a text, or a document's whole history, without its secrets and personal data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from codeedit.pipeline.ingest.anonymize.dictionary import Dictionary
from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank, disjoint, outside
from codeedit.pipeline.ingest.anonymize.placeholders import Placeholders
from codeedit.pipeline.ingest.anonymize.rules import NO_RULES, Rules
from codeedit.pipeline.ingest.anonymize.scan import candidates, is_rest, scan

# (start, deleted, inserted): code points in the text before the edit.
Edit = tuple[int, int, str]
_ROUNDS = 6
_AROUND = 3_000  # characters on both sides of a replaced value that are read again


@dataclass(frozen=True, slots=True)
class Span:
    """A replaced stretch of the original text."""

    start: int  # code points
    end: int  # code points, exclusive
    kind: str
    area: str  # "secret" or "personal"


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without its private values, as long as before."""

    text: str
    spans: tuple[Span, ...]  # in the original text, by position, disjoint


class Anonymizer:
    """Replaces secrets and personal data by placeholders of the same length.

    Args:
        key: the data set's key; equal values give equal placeholders under one key.
        identities: names, accounts and home folders that are found wherever they stand.
        rules: rules and exceptions beside the built-in ones.
    """

    def __init__(self, key: bytes, identities: Iterable[str] = (), rules: Rules = NO_RULES) -> None:
        self._key = key
        self._placeholders = Placeholders(key)
        self._identities = tuple(identities)
        self.rules = rules
        self._plain = rules == NO_RULES
        self._known = Dictionary(self._identities, rules.allow)

    def with_identities(self, identities: Iterable[str]) -> Anonymizer:
        """Return an anonymizer of the same key that knows these identities too."""
        return Anonymizer(self._key, (*self._identities, *identities), self.rules)

    def placeholder(self, value: str) -> str:
        """Return the placeholder of a value."""
        return self._placeholders.of(value)

    def pseudonym(self, value: str, *, size: int = 12) -> str:
        """Return a keyed identifier for something that is no text: a session, a project."""
        import hashlib
        import hmac

        message = b"pseudonym\0" + value.encode("utf-8", "surrogatepass")
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()[:size]

    def redact(self, text: str) -> Redacted:
        """Replace what must not stay.

        Args:
            text: a document, a path, a diff; any string.

        Returns:
            A text of the same length whose findings are none, and the spans replaced.
        """
        found: list[Finding] = []
        current = text
        parts = [(0, len(text))]
        for _ in range(_ROUNDS):
            fresh = self._search(current, parts)
            if not fresh:
                break
            pieces: list[str] = []
            done = 0
            for start, end, *_ in fresh:  # disjoint, by position
                pieces += current[done:start], self._placeholders.of(text[start:end])
                done = end
            found.extend(fresh)
            changed = "".join([*pieces, current[done:]])
            if changed == current:
                break
            current = changed
            parts = _around(fresh, text)
        spans = [Span(f.start, f.end, f.kind, f.area) for f in disjoint(found)] if found else []
        return Redacted(current, tuple(spans))

    def search(self, text: str) -> list[Finding]:
        """Return the values that must not stay, wherever they occur in the text; disjoint, by position."""
        return self._search(text, [(0, len(text))])

    def _search(self, text: str, parts: list[tuple[int, int]]) -> list[Finding]:
        """Return the values found in some parts of a text, wherever they occur in the whole."""
        found: list[Finding] = []
        stays: list[Finding] = []
        for start, end in parts:
            more, left = self.look(text[start:end])
            found += [finding.moved(start) for finding in more] if start else more
            stays += [finding.moved(start) for finding in left] if start else left
        dictionary = self._known
        if found:
            dictionary = Dictionary(self._identities, self.rules.allow)
            for finding in found:
                dictionary.add(text[finding.start : finding.end], finding)
        known = outside(dictionary.occurrences(text), stays)
        return disjoint([*found, *known]) if known else found

    def look(self, text: str) -> tuple[list[Finding], list[Finding]]:
        """Return what the built-in rules and the team's own find, disjoint and by position, and what stays.

        What stays is what the exceptions allow and nothing else covers.
        """
        if self._plain:
            return scan(text), []
        found: list[Finding] = []
        stays: list[Finding] = []
        for finding in (*candidates(text), *self.rules.find(text)):
            if finding.rank is not Rank.OWN and is_rest(text, finding):
                continue
            allowed = self.rules.allow.lets(text[finding.start : finding.end])
            (stays if allowed else found).append(finding)
        found = disjoint(found)
        return found, outside(stays, found)

    def findings(self, text: str) -> list[str]:
        """Return the kinds of the values in a text that are not placeholders; the second line of defence."""
        return [finding.kind for finding in self.search(text)]

    def redact_edits(self, edits: Sequence[Edit]) -> list[Edit]:
        """Replace what must not stay in any state of one document's history.

        Args:
            edits: (start, deleted, inserted) in code points, from the empty text on.

        Returns:
            The same edits with other inserted text, as long; every state replayed from them is clean.

        Raises:
            ValueError: an edit outside its text.
        """
        from codeedit.pipeline.ingest.anonymize.histories import redact_histories

        return redact_histories([list(edits)], self).histories[0]


def _around(findings: list[Finding], text: str) -> list[tuple[int, int]]:
    """Return the whole lines around some findings, which are by position; disjoint."""
    parts: list[tuple[int, int]] = []
    for finding in findings:
        low, high = finding.start - _AROUND, finding.end + _AROUND
        start, covered = parts[-1] if parts else (0, 0)
        if high <= covered:
            continue
        end = text.find("\n", high)
        end = len(text) if end < 0 else end
        if parts and low <= covered:
            parts[-1] = start, end
        else:
            parts.append((max(covered, text.rfind("\n", covered, max(covered, low)) + 1), end))
    return parts
