"""Tokens with a published format, as data: what a provider's tokens begin with and consist of.

The table is in `providers`.  Formats that have no prefix (Discord, Telegram, Azure) are in `structures`.
"""

# ruff: noqa: SIM905 - a table of words

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from codeedit.pipeline.ingest.anonymize.providers import ROWS

# Prefixes that begin ordinary words too: what follows them must look random.
WORDY = frozenset(
    (
        "ak- as- app- dataset- md- o. cli- perm- AKLT token- sk pat_ tk_ live_ "
        "pts_ GOOG lip_ lio_ test_ access_ secret- console- pa- ser. s. u+ US: EU: AU: YC API- csk- sgp_"
    ).split()
)


_IN_ADDRESS = re.compile(r"\A[a-z]+=\Z|\.[a-z]{2,6}/(?:\w+/)*\Z")


@dataclass(frozen=True, slots=True)
class Format:
    """One published format."""

    kind: str
    prefix: str
    body: str  # regular expression
    source: str  # where it is described

    @property
    def in_address(self) -> bool:
        """Whether the prefix is a part of an address that stays; the key is the last part."""
        return _IN_ADDRESS.search(self.prefix) is not None

    @property
    def pattern(self) -> re.Pattern[str]:
        """Prefix and body, where a token may begin and end."""
        return _compiled(self.prefix, self.body)


@cache
def _compiled(prefix: str, body: str) -> re.Pattern[str]:
    """Compile a format when it is first met: most never are."""
    return re.compile(rf"(?<![A-Za-z0-9_]){re.escape(prefix)}{body}(?![A-Za-z0-9_])")


FORMATS: tuple[Format, ...] = tuple(
    Format(kind, prefix, body, source)
    for kind, prefixes, body, source in ROWS
    for prefix in prefixes.split(" ")
)
