"""Passwords beside an account, where no word tells of them: `"ops": "…"`, `ops:…`, `ops / …`; and keys written in bytes."""

# ruff: noqa: E501 - patterns and tables of words

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.listed import crypt_at
from codeedit.pipeline.ingest.anonymize.logins import is_handle
from codeedit.pipeline.ingest.anonymize.names import Hint, hint
from codeedit.pipeline.ingest.anonymize.persons import is_account
from codeedit.pipeline.ingest.anonymize.placeholders import is_placeholder
from codeedit.pipeline.ingest.anonymize.shapes import is_digest, is_dummy, is_strong
from codeedit.pipeline.ingest.anonymize.simple import is_likely

_SHARED = "admin|administrator|root|demo|guest|ops|ci|svc|service|sysadmin|postgres|operator|backup|deploy|deployer|tester|qa|hr|support|sa|superuser|manager|system|weblogic|tomcat|oracle|eval|dev|mobile|sandbox"
# RE2's syntax: two literals beside each other, a literal or line `account:…`, a slash between words, a password's form.
_JOINED_ANCHOR = r":[^\s\"'`:/,(){}<>|]{6}"
_OTHER_ANCHORS = (
    r"[\"'`][A-Za-z][\w.@-]{1,40}[\"'`][ ]?(?:=>|->|[:,=]|to)[ ]?b?[\"'`][^\s\"'`]{5}[^\s\"'`]*[\d!@#$%&*?]",
    r"\[[A-Za-z][\w.-]{1,30},[ ][\"'][^\s\"']{6,40}[\"']\]",
    r"[`*]{0,2}[ ]/[ ][`*]{0,2}[^\s/`*\"']{6}",
    r"[\"'`](?:[A-Z][a-z]{3,12}){1,2}[!@#$%&*?_]\d{2,4}[\"'`]",
    r"[\"'`](?:19|20)\d\d[A-Z][a-z]{3,12}[!?][\"'`]",
    r":[ ](?:EAP|XAUTH|PSK|RSA|ECDSA|NTLM|PKCS8)[ ]",
    r"\|[ ][^|\n]{2,60}[ ]\|[ ][`*]{0,2}[A-Za-z$@][^\s|]{5,40}[`*]{0,2}[ ]\|[ ]*\n",
)
_WORD_ANCHOR = rf"(?:[\"'`=\n(, ]|^)[A-Za-z][\w.-]{{1,30}}{_JOINED_ANCHOR}"
ANCHOR = "|".join([*_OTHER_ANCHORS, _WORD_ANCHOR])
# The same one by one, for hyperscan and as they are: a word and a colon stand nearly everywhere, and hyperscan follows
# each of them.
PARTS = (
    *((anchor, anchor) for anchor in _OTHER_ANCHORS),
    (rf"[A-Za-z0-9_.-]{{2}}{_JOINED_ANCHOR}", _WORD_ANCHOR),
)
_LITERALS = re.compile(
    r"""["'`](?P<user>[A-Za-z][\w.@\-]{1,64})["'`][ ]?(?:=>|->|[:,=]|to)[ ]?b?(?P<quote>["'`])(?P<value>[^\s"'`]{6,64})(?P=quote)"""
)
_FLOW = re.compile(
    r"""\[(?P<user>[A-Za-z][\w.\-]{1,30}),[ ](?P<quote>["'])(?P<value>[^\s"']{6,40})(?P=quote)\]"""
)
_JOINED = re.compile(
    r"""(?:[\"'`=\n(, ]|\A)(?P<user>[A-Za-z][\w.\-]{1,30}):(?P<value>[^\s"'`:/,(){}<>|]{6,64})(?P<after>["'`]|[ \t]*(?=\n|$)|(?=[ ,)]))"""
)
# A class's name, which libraries list beside a name of a model that is a person's, too.
_TYPE = re.compile(r"(?=(?:.*?[A-Z][a-z]{2}){2})(?:[A-Z][a-z]*\d?){3,}(?<!\d)")
_SLASH = re.compile(r"""[`*]{0,2}[ ]/[ ][`*]{0,2}(?P<value>[^\s/`*"']{6,64})(?P<after>[`*]{0,2})""")
# ipsec.secrets
_SECRETS = re.compile(
    r""":[ ](?:EAP|XAUTH|PSK|RSA|ECDSA|NTLM|PKCS8)[ ]+(?:[\w.\-/]+[ ]+)?["'](?P<value>[^"'\n]{5,80})["']"""
)
_FORM = re.compile(
    r"""["'`](?P<value>(?:[A-Z][a-z]{3,12}){1,2}[!@#$%&*?_]\d{2,4}|(?:19|20)\d\d[A-Z][a-z]{3,12}[!?])["'`]"""
)
_CELL = re.compile(
    r"""\|[ ][^|\n]{2,60}[ ]\|[ ][`*]{0,2}(?P<value>[A-Za-z0-9$@][^\s|`*]{5,40})[`*]{0,2}[ ]\|[ ]*(?=\n)"""
)
_USER = re.compile(
    rf"(?i)(?:{_SHARED})\d*|(?:svc|srv|sa|app|usr|ci|test|db)[_.-]\w+|[\w.-]+[_-](?:svc|bot|admin|user|ro|rw|app|int|build|agent)"
)
_BEFORE_SLASH = re.compile(r"(?:^|[\s`*\"'(:])(?P<user>[\w.@\-]{2,64})[`*\"']{0,2}\Z")
_TELLS = re.compile(r"(?i)passw|kennwort|credential|login|zugang|secret|account|user|pwd|konto")
_TAGGED = re.compile(
    r"v?\d+(?:\.\d+)+.*|.*\d+\.\d+.*|.*(?:alpine|slim|latest|bullseye|focal|jammy).*|[0-9a-f]+|[+-]?\d.*(?:px|em|ms|gb|mb)",
    re.IGNORECASE,
)


def pair_at(text: str, start: int) -> Iterator[Finding]:
    """Find the password beside an account, or in the form that people give passwords, at `start`."""
    yield from crypt_at(text, start)
    match = _LITERALS.match(text, start) or _FLOW.match(text, start)
    if (
        match is not None
        and is_user(match["user"])
        and _is_password(match["value"])
        and not _TYPE.fullmatch(match["value"])
    ):
        yield _found(match)
    elif match := _SECRETS.match(text, start):
        if not is_dummy(match["value"]) and not is_placeholder(match["value"]):
            yield _found(match)
    elif match := _SLASH.match(text, start):
        yield from _behind_slash(text, start, match)
    elif match := _CELL.match(text, start):
        if _TELLS.search(text, max(0, start - 1200), start) and _is_password(match["value"]):
            yield _found(match)
    elif match := _JOINED.match(text, start):
        value = match["value"]
        told = is_user(match["user"]) and (match["after"] or is_strong(value))
        if told and not _TAGGED.fullmatch(value) and _is_password(value):
            yield _found(match)
    elif (match := _FORM.match(text, start)) and _is_password(match["value"]):
        yield _found(match)


def _behind_slash(text: str, start: int, match: re.Match[str]) -> Iterator[Finding]:
    """Find the password of `account / password`."""
    value = match["value"].rstrip(".,;)")
    before = _BEFORE_SLASH.search(text, max(text.rfind("\n", 0, start) + 1, start - 80), start)
    told = before is not None and (match["after"] or "@" in before["user"] or is_user(before["user"]))
    if told and _is_password(value):
        first = match.start("value")
        yield Finding(first, first + len(value), "password", "secret", Rank.CONTEXT)


def is_shared(user: str) -> bool:
    """Say whether a word is an account that many systems have, or a service's."""
    return _USER.fullmatch(user) is not None


def is_user(user: str) -> bool:
    """Say whether a word is an account: one that many systems have, a service's, a person's, a mail address."""
    name = user.partition("@")[0]
    return bool(_USER.fullmatch(user)) or is_account(name) or (name.isalpha() and is_handle(name))


def _is_password(value: str) -> bool:
    return (
        is_likely(value)
        and any(not c.isalpha() for c in value)
        and not is_digest(value)
        and "://" not in value
        and not is_dummy(value)
        and not is_placeholder(value)
    )


def _found(match: re.Match[str]) -> Finding:
    return Finding(*match.span("value"), "password", "secret", Rank.CONTEXT)


# RE2's syntax: eight bytes and more in a row, as numbers.
BYTES_ANCHOR = r"(?:\(byte\)[ ]?-?(?:0[xX])?[0-9A-Fa-f]{1,3},[ \n\t]*){4}|(?:'[!-~]',[ ]?){5}|(?:-?0[xX][0-9A-Fa-f]{1,2},[ \n\t]*){7}|(?:-?\b\d{1,3},[ \n\t]*){15}|(?:\\x[0-9A-Fa-f]{2}){8}"
_BYTES = re.compile(
    r"(?:\(byte\)[ ]?-?(?:0[xX][0-9A-Fa-f]{1,2}|\d{1,3}),?\s{0,12}|-?(?:0[xX][0-9A-Fa-f]{1,2}|\d{1,3}),\s{0,12}){7,127}(?:\(byte\)[ ]?)?-?(?:0[xX][0-9A-Fa-f]{1,2}|\d{1,3})|'[!-~]'(?:,\s{0,4}'[!-~]'){5,63}|-?(?:0[xX][0-9A-Fa-f]{1,2}|\d{1,3})(?:,\s{0,12}-?(?:0[xX][0-9A-Fa-f]{1,2}|\d{1,3})){7,127}|(?:\\x[0-9A-Fa-f]{2}){8,128}"
)
_NAME_OF_BYTES = re.compile(
    r"(?P<name>[A-Za-z_]\w*)[\"']?\s*(?:\[[^\[\]\n]{0,24}\]|(?<!:):(?!:)\s*[^=\n]{1,40}?)?(?:\s*PROGMEM)?\s*(?:=|:|\()\s*(?:new\s+)?[\w.&*\[\]<>:]{0,30}\s*[({\[\"'b]{1,3}\s*\Z"
)
_OPENED = frozenset("({[\"'b")  # what stands between a name's operator and its bytes
_NO_KEYS = re.compile(
    r"(?i)public|pub_?key|test_?vector|expected|table|magic|keyboard|key_?code|key_?map|key_?stroke|sbox|hash|fingerprint"
)


_NUMBER = re.compile(r"(?:(?<![0-9A-Fa-fxX])(?:0[xX])?|(?<=\\x))([0-9A-Fa-f]{1,3})(?![0-9A-Fa-f])")
_IS_KEY = re.compile(
    r"(?i)key(?:_?(?:bytes|data|buf\w{0,4}))?\Z|^(?:k|psk)\Z|^(?:aes|des|hmac)\d*\Z|(?:aes|des|cipher|crypto?|enc\w*)_?iv\Z"
)


def bytes_at(text: str, start: int) -> Iterator[Finding]:
    """Find the bytes of a key that begin at `start`, behind a name that promises one."""
    low = max(0, start - 120)
    opened = text[low:start].rstrip()[-1:] in _OPENED
    name = _NAME_OF_BYTES.search(text, low, start) if opened else None
    if name is None or _NO_KEYS.search(name["name"]):
        return
    promise = hint(name["name"])
    bare = _IS_KEY.search(name["name"]) is not None
    if promise in (Hint.NONE, Hint.WEAK) and not bare:
        return
    match = _BYTES.match(text, start)
    if match and match[0][0] == "'":
        if len(set(match[0])) >= 8 and not is_placeholder(re.sub(r"[',\s]", "", match[0])):
            yield Finding(start, match.end(), "key_bytes", "secret", Rank.STRUCTURE)
        return
    if match and len(set(re.findall(r"[0-9A-Fa-f]{1,3}", match[0]))) >= 6 and not is_placeholder(match[0]):
        numbers = [int(n, 16 if "x" in match[0] else 10) for n in _NUMBER.findall(match[0])]
        if is_dummy("".join(f"{n & 255:02x}" for n in numbers)):  # published with a standard
            return
        steps = [b - a for a, b in pairwise(numbers)]
        if not steps or max(map(steps.count, set(steps))) < 0.6 * len(steps):
            yield Finding(start, match.end(), "key_bytes", "secret", Rank.STRUCTURE)
