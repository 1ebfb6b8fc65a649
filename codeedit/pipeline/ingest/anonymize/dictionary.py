"""The dictionary of found values: what is a secret in one place is one in every other.

Only values that cannot be mistaken for ordinary code are looked for elsewhere: long ones, random ones, mail
addresses, full names.  A beginning of four or more characters counts where it stands alone, as it does
while a value is typed or after part of it was deleted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.personal import GENERIC_USERS
from codeedit.pipeline.ingest.anonymize.placeholders import LEAD, is_placeholder
from codeedit.pipeline.ingest.anonymize.rules import Allow
from codeedit.pipeline.ingest.anonymize.shapes import is_dummy, is_password, is_random, rare_pairs

_HEAD = LEAD + 1
_LONGEST = 4096


class Dictionary:
    """Values with their kinds, and a search for all of them at once.

    Args:
        identities: names, accounts, mail addresses and folders of a session's owner.
        allow: what is not looked for.
    """

    def __init__(self, identities: Iterable[str] = (), allow: Allow | None = None) -> None:
        self.values: dict[str, tuple[str, str]] = {}  # value: (kind, area)
        for identity in identities:
            for value in _parts(identity):
                if allow is None or not allow.lets(value):
                    self.values.setdefault(value, ("identity", "personal"))
        self._engine: tuple[int, Any, dict[str, list[str]]] | None = None

    def add(self, value: str, finding: Finding) -> None:
        """Take a found value in, if it can be recognized without its context."""
        if value in self.values:
            return
        area = "personal" if finding.rank is Rank.OWN else finding.area  # whoever wrote the rule knows it
        if recognizable(value, finding.kind, area):
            self.values[value] = (finding.kind, finding.area)

    def __len__(self) -> int:
        return len(self.values)

    def occurrences(self, text: str, *, beginnings: bool = False) -> list[Finding]:
        """Find the values in a text.

        Args:
            text: where to look.
            beginnings: whether half-typed values count too.
        """
        if not self.values or len(text) < _HEAD:
            return []
        heads, by_head = self._compiled()
        found = []
        position = 0
        for match in heads.finditer(text):
            start = match.start()
            if start < position:
                continue
            best: tuple[int, str] | None = None
            for value in by_head[match[0]]:
                size = len(value)
                if text.startswith(value, start):
                    if _bounded(text, start, start + size, value) and (best is None or size > best[0]):
                        best = (size, value)
                elif beginnings and (best is None or best[0] < size):
                    part = _common(text, start, value)
                    if _is_beginning(text, start, part, value) and (best is None or part > best[0]):
                        best = (part, value)
            if best is not None:
                kind, area = self.values[best[1]]
                found.append(Finding(start, start + best[0], kind, area, Rank.KNOWN))
                position = start + best[0]
        return found

    def _compiled(self) -> tuple[Any, dict[str, list[str]]]:
        """Return the pattern of all first characters, and the values by them, longest first."""
        if self._engine is None or self._engine[0] != len(self.values):
            by_head: dict[str, list[str]] = {}
            for value in self.values:
                by_head.setdefault(value[:_HEAD], []).append(value)
            for values in by_head.values():
                values.sort(key=len, reverse=True)
            self._engine = (len(self.values), _any_of(by_head), by_head)
        return self._engine[1], self._engine[2]


def _any_of(heads: Iterable[str]) -> re.Pattern[str]:
    """Compile an overlapping search for any of some strings."""
    heads = sorted(heads)
    tree: dict[str, list[str]] = {}
    for head in heads:
        tree.setdefault(head[0], []).append(head[1:])
    return re.compile(
        "|".join(f"{re.escape(first)}(?:{'|'.join(map(re.escape, rests))})" for first, rests in tree.items())
    )


def _parts(identity: str) -> Iterable[str]:
    """Yield what to look for of an identity: itself, and the account in a home folder or mail address."""
    identity = identity.strip()
    if identity.lower() in GENERIC_USERS:
        return
    if len(identity) > LEAD and not is_placeholder(identity):
        yield identity
    account = (
        re.split(r"[\\/]", identity.rstrip("/\\"))[-1]
        if re.search(r"[\\/]", identity)
        else identity.partition("@")[0]
    )
    if (
        account != identity
        and len(account) > LEAD
        and account.lower() not in GENERIC_USERS
        and not is_placeholder(account)
    ):
        yield account


def recognizable(value: str, kind: str, area: str) -> bool:
    """Say whether a value can be told from ordinary code wherever it stands."""
    if not _HEAD < len(value) <= _LONGEST or is_placeholder(value) or "\n" in value[:_HEAD]:
        return False
    if area == "personal":
        if kind == "email" or (kind == "person" and re.search(r"\s", value)):
            return True
        if kind in ("phone", "ipv4", "ipv6", "mac"):
            return len(value) >= 9
        return len(value) >= 5 and (bool(re.search(r"[.\d@_-]", value)) or rare_pairs(value.lower())[0] >= 1)
    if is_dummy(value):
        return False
    return len(value) >= 8 and (is_random(value, 12) or is_password(value, 8) or len(value) >= 24)


def _bounded(text: str, start: int, end: int, value: str) -> bool:
    """Say whether an occurrence is no part of a longer word."""
    if value[0].isalnum() and start > 0 and text[start - 1].isalnum() and len(value) < 20:
        return False
    return not (value[-1].isalnum() and end < len(text) and text[end].isalnum() and len(value) < 20)


def _common(text: str, start: int, value: str) -> int:
    """Return how many characters of a value stand at `start`."""
    size = _HEAD
    limit = min(len(value), len(text) - start)
    while size < limit and text[start + size] == value[size]:
        size += 1
    return size


def _is_beginning(text: str, start: int, size: int, value: str) -> bool:
    """Say whether the first characters of a value stand alone at `start`: a half-typed value."""
    if size >= 12 and not value[:size].isalpha():
        return True
    if start > 0 and (text[start - 1].isalnum() or text[start - 1] == "_"):
        return False
    after = text[start + size : start + size + 1]
    if after and (after.isalnum() or after in "_-("):
        return False
    part = value[:size]
    if any(c.isdigit() for c in part) or rare_pairs(part)[0] >= 2 or size >= 8:
        return True
    return text[start - 1 : start] in ('"', "'", "`") and after in ("", "\n", '"', "'", "`")
