"""What only some names promise: several values, in a line or in a table, and values of a form of their own.

Cookies in a header, recovery codes and PINs, collections and tables of secrets, an account with its password.
"""

# ruff: noqa: E501 - patterns

from __future__ import annotations

import re
from collections.abc import Iterator

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.judge import CODE_OF_GROUPS, counts, finding_of
from codeedit.pipeline.ingest.anonymize.names import Hint
from codeedit.pipeline.ingest.anonymize.shapes import is_random, is_strong
from codeedit.pipeline.ingest.anonymize.simple import is_likely

_CODE_ROW = re.compile(
    rf"[ \t]*(?:\d{{1,2}}[.)][ ]|[-*][ ])?(?P<value>{CODE_OF_GROUPS.pattern})[ \t]*$", re.MULTILINE
)
_TABLE = re.compile(r"""["']?[ \t]*(?:[:=]|:=|=>)[ \t]*(?:(?:[\w\[\]<>,. ]{0,40})[{\[(])?[ \t]*\n""")
_ITEM = re.compile(r"[ \t]*-[ ](?P<value>[^\s\"'#{}\[\]:]{6,200})[ \t]*$", re.MULTILINE)
_BARE_ROW = re.compile(
    r"[ \t]+(?:-[ ])?[\w.\-]{1,60}[ ]?[:=][ ]?(?P<value>[^\s\"'#{}\[\]][^\s\"'{}\[\]]*|)[ \t]*$", re.MULTILINE
)
_ROW = re.compile(
    r"""[^\n:=,]{0,80}(?:[:=,]|=>)?[ \t]*["'](?P<value>[^"'\n]{6,200})["'][ \t]*[)\]}]?,?[ \t]*(?:$|[#/\n])""",
    re.MULTILINE,
)


def of_kind(text: str, left: int, right: int, promise: Hint) -> Iterator[Finding]:
    """Find what only some names have: accounts with passwords, cookies, codes, tables."""
    yield from _account_and_password(text, left, right)
    if text[left:right].lower().endswith("cookie"):
        yield from _cookies(text, right, promise)
    if promise is Hint.PIN:
        if "code" in text[left:right].lower() or text.startswith(" code ", right):
            yield from _codes(text, right, promise)
            code = _CODE_FOR.match(text, right)
            if code and counts(code["value"], promise, quoted=False):
                yield finding_of(*code.span("value"), promise)
        setting = _SET_PIN.match(text, right)
        if setting and counts(setting["value"], promise, quoted=False):
            yield finding_of(*setting.span("value"), promise)
        pin = _SINGLE_PIN.match(text, right) if text[left:right] in ("PIN", "PUK") else None
        if pin and counts(pin["value"], promise, quoted=False):
            yield finding_of(*pin.span("value"), promise)
    plural = text[right - 1] in "sS" and (collection := _COLLECTION.match(text, right))
    if plural and collection:
        yield from _collected(text, collection.end(), promise)
    if table := _TABLE.match(text, right):
        yield from _rows(text, table.end(), promise)


_COLLECTION = re.compile(
    r"""["']?[ \t]*(?::[ ]?[\w\[\]<>,. ]{1,40})?[ \t]*(?:=>|:=|=|:)[ \t]*[\w\[\]<>,.:]{0,40}[!]?[{\[(](?=[^\n])"""
)
_MEMBER = re.compile(
    r"""(?P<quote>["'])(?P<value>[^"'\n]{6,200})(?P=quote)(?P<after>[ ]?(?:=>|:|,|[\])}]|\n|\Z))?"""
)


def _collected(text: str, start: int, promise: Hint) -> Iterator[Finding]:
    """Judge the literals of a collection in one line, whose name promises secrets: not its keys."""
    end = text.find("\n", start)
    end = min(len(text) if end < 0 else end, start + 600)
    for member in _MEMBER.finditer(text, start, end):
        value = member["value"]
        if member["after"] and member["after"].strip() not in (":", "=>") and not _WITH_USER.match(value):
            good = is_strong(value) or (
                promise is not Hint.WEAK and is_likely(value) and any(c.isdigit() for c in value)
            )
            if good or (promise is Hint.PIN and CODE_OF_GROUPS.fullmatch(value)):
                yield finding_of(*member.span("value"), promise)


_USERINFO = re.compile(r"""["']?[ ]?[:=][ ]?["']?[\w.@\-]{1,64}:(?P<value>[^\s"':@/]{6,100})(?=["']|\s|$)""")


def _account_and_password(text: str, left: int, right: int) -> Iterator[Finding]:
    """Find the password of `auth: user:password`."""
    if (
        not text[left:right]
        .lower()
        .endswith(("auth", "credentials", "creds", "userinfo", "userpwd", "login"))
    ):
        return
    match = _USERINFO.match(text, right)
    if match and is_likely(match["value"]):
        yield Finding(*match.span("value"), "password", "secret", Rank.CONTEXT)


_MOST_IN_A_ROW = 20
_COOKIES = re.compile(r"""["']?[ ]?(?:[:=,]|=>)[ ]?["']?(?=[\w.\-]+=)""")
_COOKIE = re.compile(r"""(?:;[ ]?)?[\w.\-]{1,60}=(?P<value>[^\s;"'`,<>]{0,400})""")


def _cookies(text: str, start: int, promise: Hint) -> Iterator[Finding]:
    """Find the random values of the cookies in a header."""
    for cookie in _in_a_row(_COOKIES, _COOKIE, text, start):
        if is_random(cookie["value"], 20):
            yield finding_of(*cookie.span("value"), promise)


def _in_a_row(head: re.Pattern[str], each: re.Pattern[str], text: str, start: int) -> Iterator[re.Match[str]]:
    """Yield what stands behind a head, one right behind the other."""
    found = head.match(text, start)
    for _ in range(_MOST_IN_A_ROW):
        found = each.match(text, found.end()) if found else None
        if found is None:
            return
        yield found


_FIRST_CODE = re.compile(
    r"""["'`]?[ ]?(?:[:=(\[]|[ ]is)?[ ]{0,3}[\["'`(]{0,2}(?=[A-Za-z0-9]{3,8}-[A-Za-z0-9]|\d)"""
)
_CODE = re.compile(rf"""(?P<value>{CODE_OF_GROUPS.pattern}|\d{{8}})(?![\w-])["'`]?[ ]?[,;/]?[ ]?["'`]?""")


def _codes(text: str, start: int, promise: Hint) -> Iterator[Finding]:
    """Find several recovery codes in one line."""
    for code in _in_a_row(_FIRST_CODE, _CODE, text, start):
        yield finding_of(*code.span("value"), promise)


_CODE_FOR = re.compile(r"(?:[ ][^\W\d_]+){0,5}(?::|[ ]is|[ ]=)[ ](?P<value>\d{4,8})(?=\#?(?:[\s.,;)]|$))")
_SET_PIN = re.compile(r"[\"'`]?[ ]?(?::=?|=)[ ]?(?P<value>\d{4,8})(?=[ \t]*(?:[#,}]|$))", re.MULTILINE)
_SINGLE_PIN = re.compile(r":?[ ](?P<value>\d{4,8})(?=[\s.,;)]|$)")


def _rows(text: str, start: int, promise: Hint) -> Iterator[Finding]:
    """Judge the values of a table whose name promises secrets, up to the bracket that closes it."""
    plain = text.endswith("stringData:", 0, start - 1)  # of a Kubernetes secret
    for _ in range(40):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        row = _ROW.match(text, start, min(end, start + 400))
        if promise is Hint.PIN and row is None:
            row = _CODE_ROW.match(text, start, min(end, start + 400))
        if row is None:
            row = _BARE_ROW.match(text, start, min(end, start + 400))
            row = row or _ITEM.match(text, start, min(end, start + 400))
            if row is None:
                return
        value = row["value"]
        good = is_likely(value) if row.re is _ROW or plain else is_strong(value)
        good = good and not _WITH_USER.match(value)
        if good or (promise is Hint.PIN and CODE_OF_GROUPS.fullmatch(value)):
            yield finding_of(*row.span("value"), promise)
        start = end + 1


_WITH_USER = re.compile(r"[\w.+-]{2,20}://[^\s/@]*@")  # an address, whose secret `structures` finds
