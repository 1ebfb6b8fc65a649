"""Whether a value is what the name beside it promises."""

# ruff: noqa: E501 - a pattern

from __future__ import annotations

import re
from functools import lru_cache

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.names import Hint, hint
from codeedit.pipeline.ingest.anonymize.phrases import (
    is_chosen,
    is_few_words,
    is_linked,
    is_linked_phrase,
    is_mnemonic,
    is_passphrase,
    is_phrase,
    is_plain_word,
)
from codeedit.pipeline.ingest.anonymize.shapes import (
    entropy,
    is_designation,
    is_dummy,
    is_jumbled,
    is_noise,
    is_password,
    is_random,
)
from codeedit.pipeline.ingest.anonymize.simple import is_dotted, is_made_up, is_simple

# The fewest characters of a value that `counts`: most words beside a name end there.
_SHORTEST = {Hint.PIN: 4, Hint.PASSWORD: 6, Hint.SECRET: 8, Hint.TOKEN: 8, Hint.KEY: 8}

# A recovery code: `4821-9930`, `x7k2p-9qm4d`.
CODE_OF_GROUPS = re.compile(
    r"\d{3,6}(?:[- ]\d{3,6}){1,3}|(?=[a-z]*\d)[a-z0-9]{4,8}(?:-(?=[a-z]*\d)[a-z0-9]{4,8}){1,5}|(?=[A-Z]*\d)[A-Z0-9]{4,8}(?:-(?=[A-Z]*\d)[A-Z0-9]{4,8}){1,5}"
)
_ENCRYPTED = re.compile(r"\A\{(?P<value>[A-Za-z0-9+/]{24,200}={0,2})\}\Z")  # as Maven does
_A_NAME = re.compile(r"[A-Za-z]+(?:[._\-][A-Za-z]+)+")
_NAMES_ITSELF = re.compile("token|secret|key|auth|session|cookie")  # as does jsonwebtoken, a library


@lru_cache(maxsize=4096)
def counts(value: str, promise: Hint, *, quoted: bool, pieces: bool = False, firm: bool = False) -> bool:
    """Say whether a value is what its name promises.

    Args:
        value: what stands beside the name, without quotes.
        promise: what the name says.
        quoted: whether it is a literal; a bare word is more often a name.
        pieces: whether further literals continue it.
        firm: whether nothing but an operator or a bracket stands between them, so that a simple word counts.
    """
    value = _ENCRYPTED.sub(r"\g<value>", value.removeprefix("{noop}"))
    if not _SHORTEST.get(promise, 20) <= len(value) <= 2048 or is_dummy(value):
        return False
    if is_designation(value):
        return False
    if value.isascii() and _A_NAME.fullmatch(value) and hint(value) not in (Hint.NONE, Hint.WEAK):
        return False  # the name of another value
    if value.isupper() and value.isalpha() and hint(value) is Hint.PASSWORD:
        return False  # as in getenv("DBPASSWORD")
    if promise is Hint.PIN:
        digits = len(value) <= 8 and value.isdigit() and len(set(value)) >= 3
        return (
            digits
            or bool(CODE_OF_GROUPS.fullmatch(value))
            or (quoted and len(value) <= 40 and is_made_up(value))
        )
    if promise is Hint.PASSWORD:
        return _is_password(value, quoted=quoted, firm=firm)
    if promise is Hint.SECRET:
        return _is_secret(value, quoted=quoted, firm=firm)
    if promise in (Hint.TOKEN, Hint.KEY):
        return _is_token(value, quoted=quoted, pieces=pieces, firm=firm)
    return _is_random_beyond_doubt(value, quoted=quoted)


def _is_random_beyond_doubt(value: str, *, quoted: bool) -> bool:
    """Say whether a value is a secret even where the name is a weak one."""
    if quoted and is_mnemonic(value):
        return True
    words_alone = value.islower() and _A_NAME.fullmatch(value)  # as of a column
    bare_letters = not quoted and value.isalpha()  # as of a macro's other name
    return is_random(value, 20) and entropy(value) > 3.2 and not words_alone and not bare_letters


def _is_secret(value: str, *, quoted: bool, firm: bool) -> bool:
    """Say whether a value may be the secret that its name promises."""
    if is_random(value, 10) or is_password(value, 8) or is_mnemonic(value) or is_noise(value):
        return True
    if quoted and (
        is_made_up(value) or is_passphrase(value) or is_linked_phrase(value) or _is_long_number(value)
    ):
        return True
    if not (quoted and firm):
        return False
    return is_phrase(value) or _has_number(value) or is_linked(value) or _is_word_and_number(value)


_WORD_AND_NUMBER = re.compile(r"[A-Za-z][a-z]{5,20}\d{2,4}[!?$#]?")


def _is_word_and_number(value: str) -> bool:
    """Say whether a value is one word and a number of two to four digits, as people choose them."""
    return _WORD_AND_NUMBER.fullmatch(value) is not None and is_simple(value) and is_plain_word(value)


def _is_token(value: str, *, quoted: bool, pieces: bool, firm: bool) -> bool:
    """Say whether a value may be the token or key that its name promises."""
    if len(value) <= 20 and value.islower() and value.isalpha() and _NAMES_ITSELF.search(value):
        return False
    if is_random(value, 12 if quoted else 16) or (pieces and unwordly(value)):
        return True
    if (quoted or firm) and is_made_up(value):
        return True
    if quoted and (is_noise(value) or _is_long_number(value)):
        return True
    return quoted and firm and (is_phrase(value) or _has_number(value))


def _is_password(value: str, *, quoted: bool, firm: bool) -> bool:
    """Say whether a value may be the password that its name promises."""
    if firm and (is_simple(value) or (len(value) >= 8 and _is_number(value))):
        return True
    if firm and quoted and (is_dotted(value) or is_few_words(value)):
        return True
    return (
        is_chosen(value)
        or is_jumbled(value)
        or _has_number(value)
        or (quoted and (is_phrase(value) or is_linked_phrase(value) or _is_number(value)))
    )


_WORDS_AND_NUMBER = re.compile(r"[A-Z]?[a-z]{2,12}(?:[A-Z][a-z]{2,12}){1,3}(?P<number>\d{1,4})")


_LINKED_AND_NUMBER = re.compile(
    r"[a-z]{3,12}(?P<mark>[-_.])[a-z]{3,12}(?:(?P=mark)[a-z]{3,12}){0,3}[-_.]?(?P<number>\d)"
)


def _has_number(value: str) -> bool:
    """Say whether a value is some words of more than one hump and a number, as people choose them."""
    match = _WORDS_AND_NUMBER.fullmatch(value) or _LINKED_AND_NUMBER.fullmatch(value)
    if match is None or not is_simple(value):
        return False
    return len(match["number"]) > 1 or is_plain_word(value)


def _is_number(value: str) -> bool:
    """Say whether a value is a password of digits only."""
    return value.isdigit() and 6 <= len(value) <= 16 and len(set(value)) >= 4


def _is_long_number(value: str) -> bool:
    """Say whether a value is a token of digits only."""
    return value.isdigit() and 12 <= len(value) <= 40 and len(set(value)) >= 5


def unwordly(value: str) -> bool:
    """Say whether a piece of a longer value is no word."""
    return (
        len(value) >= 8
        and value.isascii()
        and " " not in value
        and entropy(value) > 3
        and any(c.isdigit() for c in value)
    )


def finding_of(start: int, end: int, promise: Hint) -> Finding:
    """Return the finding of a value whose name promises something."""
    kind = {Hint.PASSWORD: "password", Hint.SECRET: "secret", Hint.TOKEN: "token", Hint.KEY: "api_key"}.get(
        promise, "credential"
    )
    return Finding(start, end, kind, "secret", Rank.CONTEXT)
