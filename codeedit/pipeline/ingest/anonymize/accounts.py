"""Accounts by their place, whatever they are called: behind a command, in a log, among reviewers, as an author."""

# ruff: noqa: E501 - patterns

from __future__ import annotations

import re
from collections.abc import Iterator

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.logins import (
    USER,
    account,
    is_handle,
    is_login,
    is_somebody,
    is_with_task,
)

# --- behind a command, in a log, among reviewers

_END = r"(?=[\s\"'`;&|),:@\]]|\Z)"
# RE2's syntax.
COMMAND_ANCHOR = (
    r"\bsu[ ]+-[ ]?\w|\bsudo[ ]+(?:-\w+[ ]+){0,2}-[A-Za-z]*u[ ]|\brunuser[ ]|\bchown[ ]|\b(?:useradd|usermod|userdel|adduser|deluser|chage|gpasswd|chsh)[ ]|\bcrontab[ ]+-u[ ]|\bMatch[ ](?i:user)[ ]"
    r"|\bssh[ ]+(?:-\w+[ ]+)*-l[ ]|New-(?:Local|AD)User[ ]|\benable-linger[ ]|--chown="
)
_COMMAND = re.compile(
    rf"""(?:su[ ]+-[ ]?(?:l[ ]+)?|sudo[ ]+(?:-\w+[ ]+){{0,2}}-[A-Za-z]*u[ ]+|runuser[ ]+(?:-\w+[ ]+){{0,2}}|chown[ ]+(?:-{{1,2}}[\w-]+[ ]+){{0,3}}|(?:useradd|usermod|userdel|adduser|deluser|chage|chsh|gpasswd)\b[^\n;|&]{{0,120}}?[ ](?=[\w.-]+[ \t]*(?:$|[;&|"'`)]))|crontab[ ]+-u[ ]+|Match[ ](?i:user)[ ]+|ssh[ ]+(?:-\w+[ ]+){{0,3}}-l[ ]+|New-\w+User[ ]+-Name[ ]+["']?|enable-linger[ ]+|--chown=){USER}{_END}""",
    re.MULTILINE,
)
LOG_ANCHOR = (
    r"(?i:\buser[ ]?[\"'][a-z]|\b(?:signed|logged|logging)[ ](?:in|on)[ ]as[ ]|\b(?:connected|authenticated|connecting|cloning|running|runs)[ ](?:\w+[ ]){0,3}as[ ]|\bowner: [a-z]|\b(?:logname|ruser)=[a-z])|\bby[ ][a-z][\w.-]+\(uid=|\bMerge pull request #\d+ from [A-Za-z]"
    r"|\bsudo: +[a-z]|\b[ug]id=\d+\(|\bgroups=\d+\(|[-dlbcps][rwx-]{2}[rwxsS-][rwx-]{2}[rwxsS-][rwx-]{2}[rwxtT-][.+@]?[ ]+\d+[ ][a-z]"
)
_LOGGED = re.compile(
    rf"""(?:(?i:user[ ]?["']|(?P<as>(?:signed|logged|logging)[ ](?:in|on)[ ]as[ ]|(?:connected|authenticated|connecting|cloning|running|runs)[ ](?:\w+[ ]){{0,3}}as[ ])["'`]?|owner:[ ]|(?:logname|ruser)=)|sudo:[ ]+|by[ ](?=[\w.\-]+\(uid=)|Merge[ ]pull[ ]request[ ]\#\d+[ ]from[ ](?=[\w.\-]+/)){USER}(?:{_END}|(?=\(uid|/))"""
)
_IDS = re.compile(r"(?:[ug]id=|groups=|,)\d{1,7}\((?P<user>[a-z][\w.-]{1,31})\)")
_LISTING = re.compile(
    r"[-dlbcps][rwxsStT-]{9}[.+@]?[ ]+\d{1,4}[ ](?P<user>[a-z][\w.\-]{1,31})[ ]+(?P<group>[a-z][\w.\-]{1,31})[ ]"
)


def command_at(text: str, start: int) -> Iterator[Finding]:
    """Find the account that a command is about whose name begins at `start`."""
    match = _COMMAND.match(text, start, start + 260)
    if match and is_login(match["user"]) and match["user"].islower():
        yield account(match)


def logged_at(text: str, start: int) -> Iterator[Finding]:
    """Find the account in a line of a log, of `id` or of `ls`, at `start`."""
    if listing := _LISTING.match(text, start):
        for group in ("user", "group"):
            if is_login(listing[group]):
                yield Finding(*listing.span(group), "account", "personal", Rank.PERSONAL)
        return
    if ids := _IDS.match(text, start):
        if is_login(ids["user"]):
            yield account(ids)
        return
    match = _LOGGED.match(text, start, start + 120)
    if match is None or not is_login(match["user"]) or not match["user"].islower():
        return
    ended = text[match.end() : match.end() + 2].strip()[:1] in ("", ".", "@", '"', "'", "`", "(", ":", "/")
    if is_somebody(match["user"]) or (match["as"] is None and ended):
        yield account(match)


_BY = r"(?:created|updated|modified|changed|edited|approved|reviewed|requested|reported|merged|deployed|submitted|assigned|owned|maintained|authored|committed|signed|opened|closed|resolved|verified|tested|deleted|added|uploaded|published|triggered)"
# Names of lists and of values that are people.
_PEOPLE = rf"(?:assignees?|reviewers?|approvers?|maintainers?|requested_reviewers|on_?call|mentors?|watchers|collaborators|code_?owners|owners?|members|admins|ssh_users|allow_?users|users|authors?|committer|reporter|creator|{_BY}_?by|assigned_?to|handle|db_?user|remote_user|ansible_user|smtp_?user|run_?as|dev_?user|username|user|login|uid)"
# RE2's syntax: a list, or a word that is no word of English by how it begins or ends.
PEOPLE_ANCHOR = (
    rf"(?i:\bset_?user_?name\([\"'][a-z]|(?:{_BY}_?by|assigned_?to|assignee|reviewer|approver)[\"']?[ ]?[:=][ ]?[\"']?@?[a-z])|"
    rf"(?i:(?:\b|_){_PEOPLE}[\"']?[ ]?[:=][ ]?(?:\[[\"'@a-z]|\n[ ]*-[ ]))|(?i:(?:\b|_){_PEOPLE})[\"']?[ ]?[:=][ ]?[\"']?@?(?:[bcdfghj-np-tvwxz]{{2}}[a-z]{{3}}|[a-z]{{3}}[a-z._-]*\d|[\w.-]{{3,24}},[ ][a-z])"
)
_KEY = re.compile(rf"(?i)set_?user_?name\(|_?{_PEOPLE}[\"']?[ ]?[:=][ ]?")
_ITEM = re.compile(
    rf"""\s*(?:-[ ](?:name:[ ]|login:[ ]|user:[ ])?|\[[ ]?|,[ ]?)?[\"'`]?@?{USER}[\"'`]?(?=[ \t]*(?:[\n,\]}}"';)#]|\Z|\(|<|[ ][@\-a-z]))"""
)
_MOST = 12
# Names of values that can be nothing but people, and a value that is a literal, a list or the rest of a line.
_ONLY_PEOPLE = re.compile(
    rf"(?i)(?:assignees?|reviewers?|approvers?|requested_reviewers|on_?call|committer|reporter|{_BY}_?by|assigned_?to)\b"
)
_WHOLE = re.compile(r"[\"'\[]|[a-z][\w.-]+[ \t]*(?:$|\#)", re.MULTILINE)


def people_at(text: str, start: int) -> Iterator[Finding]:
    """Find the accounts in a list of people, or behind a name of such a value, that begins at `start`."""
    key = _KEY.match(text, start)
    if key is None:
        return
    position, inline = key.end(), not text.startswith("\n", key.end())
    alone = _ONLY_PEOPLE.match(key[0].lstrip("_")) and (not inline or _WHOLE.match(text, position))
    for number in range(_MOST):
        item = _ITEM.match(text, position, position + 80)
        if item is None or (number and not inline and "- " not in text[position : item.start("user")]):
            return
        if text[item.end()] == "(" if item.end() < len(text) else False:
            return
        if is_somebody(item["user"]) or (alone and item["user"].islower() and _is_of_people(item["user"])):
            yield account(item)
        if inline and text[item.end() : item.end() + 1] != ",":
            return
        position = item.end()
        if not inline:  # what else an entry has
            line = text.find("\n", position)
            while line >= 0 and (more := _REST.match(text, line)):
                line = more.end()
            if line < 0:
                return
            position = line


def _is_of_people(user: str) -> bool:
    """Say whether an account may be a person's where nobody else's stands."""
    return is_login(user) or is_with_task(user)


_REST = re.compile(r"\n[ ]{3,12}(?!-)[^\n]{1,120}(?=\n)")

# Who wrote something, in a comment: one word.
AUTHOR_ANCHOR = (
    r"(?i:\b(?:author|maintainer)[ ]?:[ ]+@?[a-z][\w.-]+\s|(?:\*|#|//|--)[ ]?(?:author|maintainer|owner|contact)[ ][a-z][\w.-]+\s|\b(?:written|created|modified|maintained|reviewed|added|fixed|changed|ported|updated|owned)[ ]by[ ]@?[a-z][\w.-]+|\b(?:todo|fixme|xxx|hack|modified|changed|updated|edited)[ ][a-z][\w.-]+[,:]?[ ](?:(?:19|20)\d\d-|\d\d/)|\bcc[ ]@[a-z])"
    r"|\b(?:XXX|TODO|FIXME|HACK)[ ][a-z][\w.-]+[ ]-"
)
_AUTHOR = re.compile(
    rf"(?:[*#/-]+[ ]?)?(?P<key>[A-Za-z]+(?:[ ]by)?)(?P<colon>[ ]?:)?[ ]+(?P<at>@?){USER}(?![\w(@/.]*\w[(/@])"
)
_DATE = re.compile(r"[,:]?[ ](?:(?:19|20)\d\d-|\d\d/\d)")
_IN_COMMENT = re.compile(r"(?:#|//|/?\*|--|;|%|<!--|\"\"\"|@|\\)[^\n]*\Z")


def author_at(text: str, start: int) -> Iterator[Finding]:
    """Find the account of who wrote something, in a comment, at `start`."""
    match = _AUTHOR.match(text, start, start + 100)
    if match is None or not match["user"].islower() or not is_login(match["user"]):
        return
    line = max(text.rfind("\n", max(0, start - 200), start) + 1, start - 200, 0)
    if not _IN_COMMENT.search(text, line, start) and text[line:start].strip():
        return
    dated = _DATE.match(text, match.end()) is not None
    alone = dated or (text[match.end() : match.end() + 1] in ("", "\n") and match["colon"])
    if match["at"] or alone or is_somebody(match["user"]):
        yield account(match)


# An account that is no word of English by its beginning, or has a number, behind a word that leads to one.
_ODD = (
    "(?:b[cdfgjkmnpqstvwxz]|c[bcdfgjkmnpqstvwxz]|d[bcdfgjkmnpqstvxz]|f[bcdfgjkmnpqstvwxz]|g[bcdfgjkmpqstvwxz]|h[bcdfghjklmnpqrstvwxz]|k[bcdfgjkmpqstvwxz]|p[bcdfgjkmnqtvwxz]|"
    "r[bcdfgjklmnpqrstvwxz]|s[bdfgjrsvxz]|t[bcdfgjklmnpqstvxz]|w[bcdfgjklmnpqstvwxz]|[jlmnvxz][b-df-hj-np-tv-xz])[a-z]{3}"
)
_DONE = r"(?:signed|deployed|pushed|triggered|requested|started|committed|commit|merged|assigned|approved|reviewed|owned|created|reported|modified|changed|updated|fixed|added|tested|verified|maintained|written|submitted|posted)[ -]by"
_LEADS = rf"(?:\b(?:user|login(?:[ ]name)?|finger|passwd|maintainer|username|account|cn|uid|slack|skype|telegram|discord|mastodon|(?:github|gitlab)\.com|linkedin\.com/in|{_DONE}|{_DONE} user)|/(?:homes?|mail|cron|crontabs)|[ ]-[uU])[ :=/]{{1,2}}@?"
# RE2's syntax.
HANDLE_ANCHOR = (
    rf"(?i:{_LEADS})(?:{_ODD}|[a-z]{{3,14}}\d\d)|<(?:user|username|owner|author|login|assignee|reporter|creator)>[a-z]"
    rf"|\b[A-Z]{{3,12}}\\\\?{_ODD}|(?:#|//|--|\*)[ ]{_ODD}[a-z]{{0,10}}(?:[:,]|[ ]\d)|\b{_ODD}[a-z]{{0,10}}[ ]logged[ ]"
)
_ELEMENT = re.compile(rf"<(?P<tag>\w+)>\s{{0,8}}{USER}\s{{0,8}}</(?P=tag)>")
_LED = re.compile(rf"(?:(?i:{_LEADS})|[A-Z]{{3,12}}\\{{1,2}}|(?:#|//|--|\*)[ ]|){USER}(?![\w(\[]|\.\w|[ ]?=)")


def handle_at(text: str, start: int) -> Iterator[Finding]:
    """Find the handle behind a word that leads to an account, in an element, in a domain or at a comment's beginning, at `start`."""
    if element := _ELEMENT.match(text, start, start + 80):
        if is_login(element["user"]) and element["user"].islower():
            yield account(element)
        return
    match = _LED.match(text, start, start + 100)
    numbered = (
        match is not None and match["user"][-1].isdigit() and not match["user"][-2:].isdigit()
    )  # urllib3
    if match and is_handle(match["user"]) and not numbered:
        yield account(match)
