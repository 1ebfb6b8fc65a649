"""One small registry for readers, estimators, models, sets, engines and templates.

Adding an entry is one file and one line.  An unknown name is an error that lists the known names
and the nearest match.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import TypeVar

from codeedit.errors import InputError

T = TypeVar("T")


class UnknownNameError(InputError, KeyError):
    """A name that a registry does not have."""

    __str__ = InputError.__str__


class Registry(Mapping[str, T]):
    """A read-only mapping from names to entries, filled at import time.

    Args:
        noun: what an entry is called in messages, such as ``"model"``.
        entries: name to entry, in the order in which they are to be shown.
    """

    def __init__(self, noun: str, entries: Mapping[str, T]) -> None:
        self.noun = noun
        self._entries = dict(entries)

    def __getitem__(self, name: str) -> T:
        """Return the entry, or raise ``UnknownNameError``."""
        try:
            return self._entries[name]
        except KeyError:
            raise self.unknown(name) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def unknown(self, name: str) -> UnknownNameError:
        """Return the error for a name that is not here."""
        near = difflib.get_close_matches(name, self._entries, n=1, cutoff=0.5)
        guess = f"did you mean {near[0]}? " if near else ""
        known = ", ".join(self._entries)
        return UnknownNameError(f"unknown {self.noun} {name!r}", hint=f"{guess}known: {known}")
