"""Whether a value is what the name beside it promises."""

from __future__ import annotations

import re

from codeedit.pipeline.ingest.anonymize.names import Hint
from codeedit.pipeline.ingest.anonymize.shapes import (
    entropy,
    is_chosen,
    is_dummy,
    is_mnemonic,
    is_noise,
    is_password,
    is_phrase,
    is_random,
)

# The fewest characters of a value that `counts`: most words beside a name end there.
_SHORTEST = {Hint.PIN: 4, Hint.PASSWORD: 6, Hint.SECRET: 8, Hint.TOKEN: 8, Hint.KEY: 8}

_NAMES_ITSELF = re.compile("token|secret|key|auth|session|cookie")  # as does jsonwebtoken, a library


def counts(value: str, promise: Hint, *, quoted: bool, pieces: bool = False) -> bool:
    """Say whether a value is what its name promises.

    Args:
        value: what stands beside the name, without quotes.
        promise: what the name says.
        quoted: whether it is a literal; a bare word is more often a name.
        pieces: whether further literals continue it.
    """
    value = value.removeprefix("{noop}")
    if not _SHORTEST.get(promise, 20) <= len(value) <= 2048 or is_dummy(value):
        return False
    if promise is Hint.PIN:
        return len(value) <= 8 and value.isdigit() and len(set(value)) >= 3
    if promise is Hint.PASSWORD:
        return is_chosen(value) or (quoted and (is_phrase(value) or _is_number(value)))
    if promise is Hint.SECRET:
        return is_random(value, 10) or is_password(value, 8) or is_mnemonic(value) or is_noise(value)
    if promise in (Hint.TOKEN, Hint.KEY):
        if len(value) <= 20 and value.islower() and value.isalpha() and _NAMES_ITSELF.search(value):
            return False
        return (
            is_random(value, 12 if quoted else 16)
            or (pieces and unwordly(value))
            or (quoted and len(value) >= 10 and (_mixed(value) or is_noise(value)))
        )
    return is_random(value, 20) and entropy(value) > 3.2


def _is_number(value: str) -> bool:
    """Say whether a value is a password of digits only."""
    return value.isdigit() and 6 <= len(value) <= 16 and len(set(value)) >= 4


def _mixed(value: str) -> bool:
    """Say whether a value has letters of both cases, digits and punctuation of passwords."""
    return is_password(value, 10) and any(c.isdigit() for c in value) and any(c in "!@$%^&*?" for c in value)


def unwordly(value: str) -> bool:
    """Say whether a piece of a longer value is no word."""
    return (
        len(value) >= 8
        and value.isascii()
        and " " not in value
        and entropy(value) > 3
        and any(c.isdigit() for c in value)
    )
