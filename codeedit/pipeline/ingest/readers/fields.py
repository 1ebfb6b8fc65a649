"""What readers ask of a record's fields, and how they say that a record is not understood."""

from __future__ import annotations

import codecs
import re
from datetime import UTC, datetime
from typing import Any, Final, TypeGuard, TypeVar

from codeedit.pipeline.ingest.document import is_text

T = TypeVar("T")

WRONG_TYPE: Final = "wrong type of a field"
MAX_TIME: Final = 1 << 53  # milliseconds; JSON numbers beyond it are not exact
# How to decode what may be no UTF-8: its bytes become what no one types, a high surrogate before another.
INVALID: Final = "codeedit-invalid"
_NOT_TYPED: Final = "\ud800\ud800"
codecs.register_error(INVALID, lambda error: (_NOT_TYPED, _end(error)))
_FRACTION = re.compile(r"(\.\d{3})\d+")


class Unreadable(Exception):  # noqa: N818 - not an error for people
    """A record that is not understood; ``reason`` never quotes it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _end(error: UnicodeError) -> int:
    return error.end if isinstance(error, UnicodeDecodeError) else 0


def is_int(value: object) -> TypeGuard[int]:
    """Whether the value is an integer; JSON's true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def take(record: object, name: str, kind: type[T]) -> T:
    """Return a field that has to be there; a string has to be text that UTF-8 can hold.

    Raises:
        Unreadable: the record is no object, or the field is missing or of another type.
    """
    value: Any = record.get(name) if isinstance(record, dict) else None
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise Unreadable(WRONG_TYPE)
    if isinstance(value, str) and not is_text(value):
        raise Unreadable("text is not text")
    return value


def typed(value: object) -> str:
    """Return a text as it was typed, which may hold halves of surrogate pairs.

    Raises:
        Unreadable: it is no string, or was no UTF-8.
    """
    if not isinstance(value, str):
        raise Unreadable(WRONG_TYPE)
    if _NOT_TYPED in value:
        raise Unreadable("text is not UTF-8")
    return value


def count(record: object, name: str) -> int:
    """Return a field that is a whole number from 0 on.

    Raises:
        Unreadable: it is not.
    """
    value = take(record, name, int)
    if not 0 <= value <= MAX_TIME:
        raise Unreadable(WRONG_TYPE)
    return value


def iso_ms(value: object) -> int:
    """Return an ISO 8601 time, or a number of milliseconds, in milliseconds since 1970.

    Raises:
        Unreadable: it is neither.
    """
    if is_int(value) and 0 <= value <= MAX_TIME:
        return value
    try:
        moment = datetime.fromisoformat(_FRACTION.sub(r"\1", value if isinstance(value, str) else ""))
        return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1_000)
    except (ValueError, OverflowError):
        raise Unreadable("no time") from None
