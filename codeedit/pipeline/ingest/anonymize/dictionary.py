"""The dictionary of found values: what is a secret in one place is one in every other.

Only values that cannot be mistaken for ordinary code are looked for elsewhere: long ones, random ones, mail
addresses, full names.  A beginning of four or more characters counts where it stands alone, as it does
while a value is typed or after part of it was deleted.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.personal import GENERIC_USERS
from codeedit.pipeline.ingest.anonymize.persons import accounts_of, is_account
from codeedit.pipeline.ingest.anonymize.placeholders import LEAD, is_placeholder
from codeedit.pipeline.ingest.anonymize.rules import Allow
from codeedit.pipeline.ingest.anonymize.shapes import is_dummy, is_password, is_random, rare_pairs

_HEAD = LEAD + 1
_LONGEST = 4096
_FEW = 16
_COMPILE_AFTER = 1_000_000  # characters that were looked at, once for each beginning of a value


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
        self._before: dict[str, set[str]] = {}  # what stood before a found value
        self._heads: dict[str, list[str]] = {}
        self._counted = 0  # values that the heads are of
        self._pattern: re.Pattern[str] | None = None
        self._looked = 0  # characters, once for each head

    def add(self, value: str, finding: Finding, before: str = "") -> None:
        """Take a found value in, if it can be recognized without its context.

        Args:
            value: the value.
            finding: what found it.
            before: the characters before it, so that its beginning is known there too.
        """
        if len(before) == LEAD:
            self._before.setdefault(value, set()).add(before)
        if value in self.values:
            return
        area = "personal" if finding.rank is Rank.OWN else finding.area  # whoever wrote the rule knows it
        if recognizable(value, finding.kind, area):
            self.values[value] = (finding.kind, finding.area)
        if finding.area == "personal":
            for account in _accounts(value, finding.kind):
                self.values.setdefault(account, ("account", "personal"))

    def forget(self, value: str) -> None:
        """Look for a found value no more."""
        if self.values.get(value, ("identity", ""))[0] != "identity":
            del self.values[value]
            self._counted = -1

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
        by_head = self._by_head()
        found = []
        position = 0
        for start in self._starts(text):
            if start < position:
                continue
            best: tuple[int, str] | None = None
            for value in _near(by_head[text[start : start + _HEAD]], text, start):
                size = len(value)
                if text.startswith(value, start):
                    if _bounded(text, start, start + size, value) and (best is None or size > best[0]):
                        best = (size, value)
                elif beginnings and (best is None or best[0] < size):
                    part = _common(text, start, value)
                    if (best is None or part > best[0]) and self._is_half_typed(text, start, part, value):
                        best = (part, value)
            if best is not None:
                kind, area = self.values[best[1]]
                found.append(Finding(start, start + best[0], kind, area, Rank.KNOWN))
                position = start + best[0]
        return found

    def _is_half_typed(self, text: str, start: int, size: int, value: str) -> bool:
        """Say whether the beginning of a value shows as one, or ends where the whole value stood before."""
        if _is_beginning(text, start, size, value):
            return True
        ends = text[start + size : start + size + 1] in ("", "\n", '"', "'", "`", "<")
        return ends and text[max(0, start - LEAD) : start] in self._before.get(value, ())

    def _by_head(self) -> dict[str, list[str]]:
        """Return the values by their first characters: a few longest first, many by the alphabet."""
        if self._counted != len(self.values):
            self._heads, self._pattern, self._looked = {}, None, 0
            for value in self.values:
                self._heads.setdefault(value[:_HEAD], []).append(value)
            for values in self._heads.values():
                values.sort()
                if len(values) <= _FEW:
                    values.sort(key=len, reverse=True)
            self._counted = len(self.values)
        return self._heads

    def _starts(self, text: str) -> Iterator[int]:
        """Yield where the first characters of a value stand, overlapping ones too."""
        self._looked += len(self._heads) * len(text)
        if len(self._heads) <= _FEW or (self._pattern is None and self._looked < _COMPILE_AFTER):
            # To compile a pattern takes longer than to look for each by itself.
            yield from sorted(start for head in self._heads for start in _all(text, head))
            return
        if self._pattern is None:
            self._pattern = _any_of(self._heads)
        start = -1
        while match := self._pattern.search(text, start + 1):
            start = match.start()
            yield start


def _near(values: list[str], text: str, start: int) -> list[str]:
    """Return the values that may stand at `start`, longest first; of many, those most like the text."""
    if len(values) <= _FEW:
        return values
    here = text[start : start + _LONGEST]
    place = bisect_right(values, here)
    near = set(values[max(0, place - _FEW) : place + _FEW])
    for _ in range(_FEW):  # those that stand there as a whole
        place = bisect_right(values, here, hi=place)
        if not place:
            break
        value = values[place - 1]
        if here.startswith(value):
            near.add(value)
            here = here[: len(value) - 1]
        else:
            here = here[: _shared(value, here)]
    return sorted(near, key=len, reverse=True)


def _accounts(value: str, kind: str) -> Iterator[str]:
    """Yield the accounts that a found name, mail address or home folder tells of."""
    if kind == "person":
        accounts = accounts_of(value)
    elif kind in ("email", "home_folder", "account"):
        accounts = (part for part in (value.partition("@")[0],) if is_account(part))
    else:
        return
    for account in accounts:
        if len(account) > _HEAD and account.lower() not in GENERIC_USERS and not is_placeholder(account):
            yield account


def _all(text: str, part: str) -> Iterator[int]:
    """Yield where a part of a text stands."""
    start = text.find(part)
    while start >= 0:
        yield start
        start = text.find(part, start + 1)


def _any_of(heads: Iterable[str]) -> re.Pattern[str]:
    """Compile a search for any of some strings."""
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
        return len(value) >= 5 and (bool(re.search(r"[.\d@_-]", value)) or rare_pairs(value.lower())[0] >= 2)
    if is_dummy(value):
        return False
    return len(value) >= 8 and (is_random(value, 12) or is_password(value, 8) or len(value) >= 24)


def _bounded(text: str, start: int, end: int, value: str) -> bool:
    """Say whether an occurrence is no part of a longer word."""
    if value[0].isalnum() and start > 0 and text[start - 1].isalnum() and len(value) < 20:
        return False
    return not (value[-1].isalnum() and end < len(text) and text[end].isalnum() and len(value) < 20)


def _shared(one: str, other: str) -> int:
    """Return how many leading characters two strings share."""
    return next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


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
