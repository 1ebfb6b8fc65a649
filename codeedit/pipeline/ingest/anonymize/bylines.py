"""People in entries of a fixed form: git blame, Debian changelogs, Maven's developers, records, mail addresses in words.

Each function gets a text and where one of its anchors stands, and looks at a bounded stretch around it.
"""

# ruff: noqa: E501 - patterns

from __future__ import annotations

import re
from collections.abc import Iterator

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.people import NAME_WORD, NOT_PEOPLE, PARTICLE, is_name, name_at
from codeedit.pipeline.ingest.anonymize.personal import GENERIC_USERS, TOP_LEVEL, is_reserved_host
from codeedit.pipeline.ingest.anonymize.placeholders import is_placeholder

# RE2's syntax.
ANCHOR = (
    r"[ ](?:19|20)\d\d-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}|(?:^|\n)[ ]{1,4}\[ [^\s\]]|<(?:developer|contributor)>"
    r"|(?i:\bfirst_?name[\"']?[ ]?[:=][ ]?[\"'])"
    r"|(?i:\b(?:user_?name|login|owner|assignee|reviewer|maintainer|author)[\"']?[ ]?[:=][ ]?[\"'](?:@|\w+\.\w))"
    r"|<(?i:(?:first|given|last|sur|family|full)_?-?name)>[A-Z\xc0-\xff?]|(?:^|\n)(?:sn|givenName|cn|gecos|displayName|FN|N)(?:;[\w=;-]{1,40})?::?[ ]?[A-Z\xc0-\xff?]"
    r"|(?:^|\n)[a-z][\w.-]{2,31}:[x*!]?:\d{4,6}:\d"
    r"|(?:^|\n)(?:/\w[\w./*-]*|\*\.\w+|\w[\w-]*/)[ \t]+@[a-z]"
)
_BLAME = re.compile(r"[0-9a-f]{7,40}[ ](?:[^()\n]{1,120}[ ])?\((?P<blame>[^()\n]{2,48}?)[ ]*\Z")
_CHANGELOG = re.compile(r"\n?[ ]{1,4}\[ (?P<log>[^\n\[\]]{3,48}) \][ \t]*(?=\n|\Z)")
_DEVELOPER = re.compile(r"<(?:id|name)>\s{0,20}(?P<value>[^<>\n]{3,48}?)\s{0,20}</(?P<tag>id|name)>")
_RECORD = re.compile(
    r"""(?i)first_?name["']?[ ]?[:=][ ]?["'](?P<first>[^\W\d_][^"'\n<>{}()]{1,24})["']\s{0,8}[,;]\s{0,40}["']?(?:\w+\.)?(?:last_?name|surname|family_?name)["']?[ ]?[:=][ ]?["'](?P<last>[^\W\d_][^"'\n<>{}()]{1,30})["']"""
)
_LABEL = re.compile(r"(?i)name|nom\b|apellido|cognome|first|last|given|family")
_HANDLE = re.compile(
    r"""(?i)(?:user_?name|login|owner|assignee|reviewer|maintainer|author)["']?[ ]?[:=][ ]?["'](?:@(?P<at>[a-z][\w\-.]{2,38})|(?P<dotted>[a-z]{2,20}\.[a-z]{3,20}\d{0,4}))["']"""
)
_OWNERS = re.compile(r"\n?(?:/\w[\w./*-]*|\*\.\w+|\w[\w-]*/)(?P<owners>(?:[ \t]+@[\w./-]+)+)")
_OWNER = re.compile(r"@(?P<user>[a-z][\w-]{2,38})(?![\w/])")
_NO_ACCOUNTS = re.compile(
    r"(?i)(?:^|[._-])(?:service|svc|app|api|bot|system|team|role|test|auth|form|page|user|data|model|name|id)\d*(?:$|[._-])"
)
# `name at host dot org`
SPELLED_ANCHOR = r"(?i:\w[ ]?[\[(<{][ ]?at[ ]?[\])>}]|\w at [\w-]+ dot |\w(?:&#64;|&commat;|&#x40;)\w|\w(?:%40|\\(?:u00|x)40)[a-z])|\w AT [\w-]+\.[a-z]"
_SPELLED = re.compile(
    r"(?i)(?:[\w.+-]{1,40}|[\w-]+(?: dot [\w-]+){1,2})(?:[ ]?[\[(<{][ ]?at[ ]?[\])>}][ ]?[\w-]{2,40}(?:(?:[ ]?[\[(<{][ ]?dot[ ]?[\])>}][ ]?|\.|[ ]dot[ ])[\w-]{2,24}){1,4}|[ ]at[ ][\w-]{2,40}(?:[ ]dot[ ][\w-]{2,24}){1,4}|(?:&#64;|&commat;|&#x40;|%40|\\(?:u00|x)40|(?-i:[ ]AT[ ]))[\w-]{2,40}(?:\.[\w-]{2,24}){1,4})"
)
_WORDS_BEFORE = re.compile(r"(?:[\w-]{1,30} dot ){1,2}[\w-]*\Z")


# An element, an attribute of LDAP, a vCard's line; a line of /etc/passwd.
_PART = rf"{NAME_WORD}(?:[ ](?:{PARTICLE}[ ])?{NAME_WORD}){{0,3}}"
_ELEMENT = re.compile(rf"<(?P<tag>\w+(?:-\w+)?)>(?P<value>{_PART})</(?P=tag)>")
_ATTRIBUTE = re.compile(
    rf"\n?(?P<key>\w+)(?:;[\w=;-]{{1,40}})?:[ ]?(?P<value>{_PART})(?P<given>(?:;(?:{_PART})?)*)[ \t\r]*(?=\n|\Z)"
)
_PASSWD = re.compile(
    rf"\n?(?P<user>[a-z][\w.-]{{2,31}}):[x*!]?:\d{{4,6}}:\d{{1,6}}:(?P<name>{_PART})?(?=[,:])"
)


def _of_record(text: str, start: int) -> Iterator[Finding]:
    """Find the name in an element, an attribute of LDAP or a vCard's line; account and name in a line of /etc/passwd."""
    if match := _PASSWD.match(text, start):
        if match["user"] not in GENERIC_USERS and not _NO_ACCOUNTS.search(match["user"]):
            yield from _person(match, "user", "account")
        if match["name"] and not NOT_PEOPLE.search(match["name"]):
            yield from _person(match, "name")
        return
    match = _ELEMENT.match(text, start) or _ATTRIBUTE.match(text, start)
    if match is None or NOT_PEOPLE.search(match["value"]) or _LABEL.search(match["value"]):
        return
    if match.re is _ATTRIBUTE:
        alone = " " not in match["value"]
        if match["key"] in ("cn", "gecos", "displayName", "FN") and alone:
            return  # a group's
        if match["key"] == "N":
            for part in _VCARD_PART.finditer(text, *match.span("given")):
                yield from _person(part, 0)
            if not match["given"]:
                return
    yield from _person(match, "value")


_VCARD_PART = re.compile(_PART)


def entry_at(text: str, start: int) -> Iterator[Finding]:
    """Find the people in an entry that begins at `start`."""
    if text.startswith("<", start) and not text.startswith(("<developer>", "<contributor>"), start):
        yield from _of_record(text, start)
        return
    if text.startswith(("<developer>", "<contributor>"), start):
        yield from _developer(text, start)
        return
    blame = text[start] == " " and text[start + 1].isdigit()  # its date
    match = _BLAME.search(text, max(0, start - 200), start) if blame else _CHANGELOG.match(text, start)
    if match and match.lastgroup:
        value = match[match.lastgroup]
        if is_name(value) or (match.lastgroup == "blame" and _is_account(value)):
            yield from _person(match, match.lastgroup)
    elif record := _RECORD.match(text, start):
        if not any(_LABEL.search(value) for value in record.groups()):
            yield from _person(record, "first")
            yield from _person(record, "last")
    elif text[start] == "\n" or not start:
        yield from _of_record(text, start)
        yield from _handles(text, start)
    else:
        yield from _handles(text, start)


def _handles(text: str, start: int) -> Iterator[Finding]:
    """Find accounts in `owner: "@account"` and in a file of owners; a name where there is none."""
    if owners := _OWNERS.match(text, start):
        for owner in _OWNER.finditer(text, *owners.span("owners")):
            if _is_account(owner["user"]):
                yield from _person(owner, "user", "account")
        return
    match = _HANDLE.match(text, start)
    if match and match.lastgroup and _is_account(match[match.lastgroup]):
        yield from _person(match, match.lastgroup, "account")
    else:
        yield from name_at(text, start)


def spelled_mail_at(text: str, start: int) -> Iterator[Finding]:
    """Find a mail address that is written in words, whose `at` stands behind `start`."""
    low = start
    while low > 0 and start - low < 40 and (text[low - 1].isalnum() or text[low - 1] in "_.+-"):
        low -= 1
    if (words := _WORDS_BEFORE.search(text, max(0, start - 80), start + 1)) is not None:
        low = min(low, words.start())
    match = _SPELLED.match(text, low, low + 200)
    if match is None or is_placeholder(match[0]):
        return
    domain = re.sub(
        r"(?i)[ ]?[\[(<{]?[ ]?\bdot\b[ ]?[\])>}]?[ ]?",
        ".",
        re.split(r"(?i)\bat\b|&#64;|&commat;|&#x40;|%40|\\(?:u00|x)40", match[0], maxsplit=1)[1],
    )
    domain = domain.strip(" [](){}<>")
    if TOP_LEVEL.search(domain) and not is_reserved_host(domain):
        yield Finding(low, match.end(), "email", "personal", Rank.PERSONAL)


def _developer(text: str, start: int) -> Iterator[Finding]:
    end = text.find("</", text.find("</name>", start, start + 800) + 7, start + 900)
    for match in _DEVELOPER.finditer(text, start, end if end >= 0 else min(len(text), start + 300)):
        if is_name(match["value"]) or (match["tag"] == "id" and _is_account(match["value"])):
            yield from _person(match, "value", "person" if match["tag"] == "name" else "account")


def _is_account(value: str) -> bool:
    return (
        value.lower() not in GENERIC_USERS
        and not _NO_ACCOUNTS.search(value)
        and not is_placeholder(value)
        and value.replace(".", "").replace("-", "").replace("_", "").isalnum()
    )


def _person(match: re.Match[str], group: str | int, kind: str = "person") -> Iterator[Finding]:
    if not is_placeholder(match[group]):
        yield Finding(*match.span(group), kind, "personal", Rank.PERSONAL)
