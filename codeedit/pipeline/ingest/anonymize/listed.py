"""Secrets in lists below a line that tells of them: recovery codes, the lines of chpasswd and of htpasswd."""

# ruff: noqa: E501 - patterns

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.phrases import PLAIN_PASSWORDS
from codeedit.pipeline.ingest.anonymize.placeholders import is_placeholder
from codeedit.pipeline.ingest.anonymize.shapes import is_digest, is_dummy, is_jumbled
from codeedit.pipeline.ingest.anonymize.simple import is_likely, is_simple

# RE2's syntax.
RECOVERY_ANCHOR = (
    r"(?i:\b(?:recovery|backup|scratch|rescue|emergency|one-time|2fa|mfa)[ _-](?:login[ _-])?codes?\b)"
)
NUMBERED_ANCHOR = r"[\"'](?i:recovery|backup|scratch|rescue|emergency)(?i:[ _-]?codes?)?[ _-]?\d{1,2}[\"']"
CHPASSWD_ANCHOR = r"\bchpasswd\b"

_MOST_ROWS = 40
_GROUPS = (
    r"(?=[a-z-]*\d)[a-z0-9]{4,8}(?:-[a-z0-9]{4,8}){1,5}|(?=[A-Z-]*\d)[A-Z0-9]{4,8}(?:-[A-Z0-9]{4,8}){1,5}"
)
_CODE = rf"(?:{_GROUPS}|\d{{4}}[ ]\d{{4}}|\d{{8}}|(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{{8,16}}|(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{{6,16}})"
_ROW = re.compile(
    rf"[ \t]*(?:(?:#|//|\*|;|>|--)[ \t]*)?(?:\d{{1,2}}[.):][ \t]*|[-*+][ \t]+(?:\[[ xX]\][ \t]*)?)?[\"'`]?{_CODE}(?:[\"'`]?[ \t,;|]+[\"'`]?{_CODE})*[\"'`]?[ \t,;|]*$",
    re.MULTILINE,
)
_EACH = re.compile(rf"(?<![\w-]){_CODE}(?![\w-])(?!\))")
_BEFORE_ROWS = 4  # lines between a heading and the first code
_NUMBERED = re.compile(
    r"[\"'][\w -]{6,24}[\"']\]?\s{0,3}(?:[:=,]|=>)\s{0,3}[\"'](?P<value>[A-Za-z0-9-]{5,32})[\"']"
)


def _lines(text: str, start: int, most: int) -> Iterator[tuple[int, int]]:
    """Yield where the lines behind the one of `start` begin and end."""
    end = text.find("\n", start)
    for _ in range(most):
        if end < 0:
            return
        start = end + 1
        end = text.find("\n", start)
        yield start, len(text) if end < 0 else end


def recovery_at(text: str, start: int) -> Iterator[Finding]:
    """Find the codes in the lines below a heading of recovery codes that stands at `start`."""
    passed = rows = 0
    for first, last in _lines(text, start, _MOST_ROWS):
        row = _ROW.match(text, first, min(last, first + 200))
        if row is None:
            passed += 1
            if rows or passed > _BEFORE_ROWS:
                return
            continue
        rows += 1
        for code in _EACH.finditer(text, first, row.end()):
            if len(set(code[0])) >= 4 and not is_dummy(code[0]):
                yield Finding(*code.span(), "recovery_code", "secret", Rank.CONTEXT)


def numbered_at(text: str, start: int) -> Iterator[Finding]:
    """Find the code whose numbered name, `"recovery1"`, stands at `start`."""
    match = _NUMBERED.match(text, start)
    if match and sum(c.isdigit() for c in match["value"]) >= 3 and not is_dummy(match["value"]):
        yield Finding(*match.span("value"), "recovery_code", "secret", Rank.CONTEXT)


_ACCOUNT = re.compile(
    r"[ \t]*(?:-[ ])?[\"']?[a-z_][\w.-]{0,31}:(?P<value>[^\s\"':$][^\s\"':]{3,63})[\"']?[ \t]*$", re.MULTILINE
)
_LEADS = re.compile(r"[ \t]*(?:(?:list|users|expire):[^\n]*)?$", re.MULTILINE)


def chpasswd_at(text: str, start: int) -> Iterator[Finding]:
    """Find the passwords of the lines `user:password` below the `chpasswd` that stands at `start`."""
    for first, last in _lines(text, start, _MOST_ROWS):
        row = _ACCOUNT.match(text, first, min(last, first + 120))
        if row is None:
            if not _LEADS.match(text, first, last):
                return
        elif _is_password(row["value"]):
            yield Finding(*row.span("value"), "password", "secret", Rank.CONTEXT)


def _is_password(value: str) -> bool:
    """Say whether a value may be a password where only one can stand."""
    if is_dummy(value) or is_placeholder(value) or value.lower() in (*PLAIN_PASSWORDS, "random"):
        return False
    return is_likely(value) or is_simple(value) or is_jumbled(value) or is_digest(value)


_CRYPT = re.compile(r"(?:\n|\A)[\w.-]{1,32}:(?P<value>[./0-9A-Za-z]{13})(?=:|[ \t]*(?:\n|\Z))")
_HASHED_LINE = re.compile(
    r"(?:\n|\A)[\w.-]{1,32}:(?:\$(?:apr1|1|5|6|2[aby]?|y)\$|\{SHA\})|(?i:htpasswd|\bcrypt\b)"
)
_NEIGHBOURS = 300  # characters on a line's sides in which a file's other hashes stand


def crypt_at(text: str, start: int) -> Iterator[Finding]:
    """Find the hash of the old crypt(3) in a line `user:hash` among others with hashes; its line begins at `start`."""
    match = _CRYPT.match(text, start)
    if match is None or not _is_mixture(match["value"]):
        return
    low, high = max(0, start - _NEIGHBOURS), min(len(text), match.end() + _NEIGHBOURS)
    if (
        _HASHED_LINE.search(text, low, high)
        or sum(_is_mixture(other["value"]) for other in _CRYPT.finditer(text, low, high)) >= 2
    ):
        yield Finding(*match.span("value"), "password_hash", "secret", Rank.STRUCTURE)


@lru_cache(maxsize=1024)
def _is_mixture(value: str) -> bool:
    """Say whether a value has capitals, small letters and digits, as a hash of 13 characters has."""
    return (
        any(c.isupper() for c in value[1:])
        and any(c.islower() for c in value)
        and any(c.isdigit() or c in "./" for c in value)
        and not is_dummy(value)
    )
