"""Values that only a firm place makes secrets: simple passwords, and mixtures that are no version, file or code."""

# ruff: noqa: E501, SIM905 - tables of words and patterns

from __future__ import annotations

import re

from codeedit.pipeline.ingest.anonymize.phrases import PLAIN_PASSWORDS, is_chosen, is_plain_word
from codeedit.pipeline.ingest.anonymize.shapes import (
    ALTERNATIONS,
    CODE,
    STRONG_SYMBOLS,
    is_dummy,
    is_random,
    is_shuffled,
    is_strong,
    is_technical,
)

_SIMPLE = re.compile(
    r"(?:[^\W\d_]{3,24}[-_.!?&+*]?){1,4}(?:[\d@$!?#*+._%&-]{0,8}|\d{1,4}[^\W\d_]{1,3})|[\d@$!?#*+]{1,4}[^\W\d_]{3,24}[\d@$!?#*+]{0,8}"
)


# `open.sesame9`, `s3same.street`: an attribute has no digits within its words, and is not in quotes.
_DOTTED_WORDS = re.compile(r"(?:\w{2,16}\.){1,3}[A-Za-z]{2,16}\d{1,4}")
_LEET = re.compile(
    r"(?:\A|\.)[A-Za-z]{0,4}[A-Za-z][013457]{1,2}[a-z]\w{0,12}\.\w{2,16}\Z|\.[A-Za-z]{1,4}[013457][a-z]{2,12}\Z"
)
_ATTRIBUTES = re.compile(
    r"(?i)\b(?:self|this|cfg|config|conf|settings|options|args|params|env|vars?|data|user|request|req|ctx|props|node|item|server|db|com|org|net|www)\b|v\d|\b(?:utf|sha|md|x)\d"
)


def is_dotted(value: str) -> bool:
    """Say whether a value is words with dots between them and digits in or behind them, as in `open.sesame9`."""
    return (
        bool(_DOTTED_WORDS.fullmatch(value) or _LEET.search(value))
        and not _ATTRIBUTES.search(value)
        and not is_dummy(value)
    )


def is_simple(value: str) -> bool:
    """Say whether a value may be a simple password where a name leaves no doubt: some words, digits, marks."""
    if not 5 <= len(value) <= 40 or any(c.isspace() for c in value) or is_dummy(value) or is_technical(value):
        return False
    if any(c.isdigit() for c in value):
        word = _NO_LETTERS.sub("", value).lower()
        return (
            len(word) >= 3
            and word not in PLAIN_PASSWORDS
            and word not in _NUMBERED_THINGS
            and not _REVISION.fullmatch(value)
            and not CODE.fullmatch(value)
            and not _FILE.search(value)
        )
    return (
        bool(_SIMPLE.fullmatch(value))
        and value.count(".") < 2
        and (value.isascii() or not value.isalpha())
        and not (value.isalpha() and value.isupper())
        and is_plain_word(value)
    )


_NO_LETTERS = re.compile(r"[\W\d_]+")
_FILE = re.compile(r"[/\\]|\.(?:[a-z]{2,4}|json|yaml|properties)\Z|:\d+\Z")
_NUMBERED_THINGS = frozenset(
    "field input label text string param arg var node item level version rule step test user group page line file tab option index row column state type value name mode class module part "
    "project datetime complex unittest case sample cert certificate hash algorithm salt iteration iterations rounds length min max newpassword oldpassword testpassword mypassword yourpassword userpassword".split()
)


def is_likely(value: str) -> bool:
    """Say whether a value may be a password where one is expected, but no name says so: no word alone is one."""
    return (
        is_strong(value)
        or is_chosen(value)
        or (
            is_simple(value)
            and not value.isalpha()
            and any(not c.isalpha() and c not in "-_." for c in value)
        )
    )


_REVISION = re.compile(
    r"(?i)(?:[a-z]+[-_./ ])*v?\d{1,4}(?:[-_.:/]\d{1,4})+(?:[-_.]?(?:alpha|beta|rc|dev)\d*)?|\d+(?:px|em|ms|s|m|h|d|kb|mb|gb|%)"
)


def is_made_up(value: str) -> bool:
    """Say whether a value mixes letters, digits and marks as keys and tokens do, and no version, path or code."""
    size = len(value)
    if not 8 <= size <= 512 or any(c.isspace() for c in value) or is_dummy(value) or is_technical(value):
        return False
    if _REVISION.fullmatch(value) or (CODE.fullmatch(value) and not is_random(value, 12)):
        return False
    digits = sum(c.isdigit() for c in value)
    letters = sum(c.isalpha() for c in value)
    if digits < 2 or not letters:
        return False
    if len(ALTERNATIONS.findall(value)) >= 2 or is_shuffled(value):
        return True
    return bool(_DIGITS_LAST.fullmatch(value)) or (
        size >= 10 and sum(c in STRONG_SYMBOLS for c in value) >= 2
    )


_DIGITS_LAST = re.compile(r"[^\W\d_]{4,24}\d{3,8}[!?$#*]?")
