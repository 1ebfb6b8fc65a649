"""Accounts that their place gives to a person, whatever their name: profiles, credential files, hashes, inventories.

`[@name](https://github.com/name)`, a user in gitconfig, netrc, pypirc or pgpass, `name:$6$…`, `ansible_user=name`.
Accounts of services stand in the same places; those with such a word stay.
"""

# ruff: noqa: E501, RUF001, SIM905 - tables of words and patterns

from __future__ import annotations

import re
from collections.abc import Iterator

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.lexicon import GIVEN, SURNAMES, WORDS_TOO, folded
from codeedit.pipeline.ingest.anonymize.people import NAME_WORD, PARTICLE, is_name
from codeedit.pipeline.ingest.anonymize.personal import GENERIC_USERS
from codeedit.pipeline.ingest.anonymize.placeholders import is_placeholder

_GITHUB = r"(?:github|gitlab|codeberg)\.(?:com|org)/"
# RE2's syntax: a linked mention, an address beside a name; a row with a mention.
MENTION_ANCHOR = rf"\[@[A-Za-z][\w.-]*\]\(|[(<|] ?https://{_GITHUB}[A-Za-z]|\| ?@[A-Za-z]|\b[Bb]y @[A-Za-z][\w-]+ (?:in (?:#|https://)|\(#)"
ACCOUNT_ANCHOR = (
    r"\n[ \t]*(?:user|username|login|smtpuser|smtpUser)[ \t]*=[ \t]*[a-z]|\bmachine[ ]+[\w.-]+[ \n]+login[ ]|(?:^|\n)[\w.*-]+:(?:\d+|\*):[\w*.-]+:[a-z]"
    r"|(?:^|\n)[a-z][\w.-]+:(?:\$(?:1|2[aby]|5|6|y|gy|7|apr1)\$|\{S?SHA)|\bansible_(?:ssh_|become_)?user[ ]?[=:]|\bremote_user:[ ]"
    rf"|https://[\w.-]+:[^\s/@:]+@(?:www\.)?{_GITHUB}"
    r"|(?:^|\n)[a-z][\w.-]+[ \t]+ALL[ ]?=[ ]?\(|(?:^|\n)[ \t]*AllowUsers[ \t]|\busermod[ ]+-(?:aG|G|a -G)[ ]"
)
# What accounts of services are called, or end in, or begin with.
_SERVICE = re.compile(
    r"(?i)(?:^|[._-])(?:ro|rw|adm|anonymous|api|app\w*|audit|auth|automation|backup\w*|batch|bi|bot|broker|build\w*|cache|ci|client|cloud\w*|cron|daemon|data\w*|db\w*|ddl|default|deploy\w*|dev\w*|devops|docker|etl|exporter|frontend|ftp|ftpuser|gateway|gha|git\w*|grafana|guest|healthcheck|"
    r"host|http|import\w*|ingest\w*|jobs?|ldap|load\w*|log\w*|mail\w*|main|manager|master|messagebus|metrics|migrat\w*|monitor\w*|mqtt|nagios|network|node\w*|oauth2?|\w{0,6}ops|owner|pg\w*|pipeline|postfix|print\w*|prod\w*|prometheus|proxy|publish\w*|pypi|queue|read\w*|redis|release|"
    r"repl\w*|report\w*|root|scan\w*|scheduler|search|server|service\w*|sftp|site|smtp|sql\w*|sshd|stag\w*|stats?|super\w*|svc\w*|sync|sys\w*|team|telegraf|test\w*|token|tool\w*|upload\w*|user\w*|vault|web\w*|work\w*|writ\w*|x-\w+)\d*(?:$|[._-])|^systemd|^_|(?:user|svc|bot|admin|sql|db)\d*\Z"
)
_SYSTEM = frozenset(
    "adm arp avahi backup bin chrony colord daemon dbus dnsmasq games gdm geoclue gnats halt irc kernoops landscape libvirt lightdm list lp lxd mail man messagebus mosquitto mpd named news nfsnobody ntp operator pollinate polkitd postfix proxy "
    "pulse rpc rpcuser rtkit saned sddm shutdown speech-dispatcher sshd sssd sync sys syslog tcpdump tss unbound usbmux uucp uuidd dovecot exim memcache memcached rabbitmq elasticsearch kibana logstash consul vault nomad haproxy squid bitbucket gitea sonar nexus".split()
)
_BOTS = re.compile(r"(?i)bot\Z|\[bot\]|^(?:apps|orgs|sponsors|marketplace|features|topics|settings|about)\Z")


_SURE_NAMES = (GIVEN | SURNAMES) - WORDS_TOO


def is_holder(user: str) -> bool:
    """Say whether an account in a place for people's may be a person's: no service's, no system's, no stand-in."""
    return (
        len(user) > 2
        and user.lower() not in GENERIC_USERS
        and user.lower() not in _SYSTEM
        and not _SERVICE.search(user)
        and not is_placeholder(user)
    )


def _found(match: re.Match[str], group: str, kind: str = "account") -> Iterator[Finding]:
    yield Finding(*match.span(group), kind, "personal", Rank.PERSONAL)


_LINKED = re.compile(
    rf"\[@(?P<user>[A-Za-z][\w.-]{{1,38}})\]\(https?://(?:www\.)?{_GITHUB}(?P<address>[\w.-]{{2,39}})/?\)"
)
_PROFILE = re.compile(rf"[(<|][ ]?https://{_GITHUB}(?P<address>[A-Za-z][\w-]{{1,38}})/?[ ]?[)>|]")
_CREDITED = re.compile(r"[Bb]y @(?P<user>[A-Za-z][\w-]{1,38}) ")
_MENTION = re.compile(r"\|[ ]?@(?P<user>[A-Za-z][\w-]{1,38})[ ]*\|")
_PEOPLE = rf"{NAME_WORD}(?:[ ](?:{PARTICLE}[ ])?{NAME_WORD}){{0,3}}"
_BEFORE = re.compile(
    rf"(?:^|[|\[*-])[ ]*(?:\*\*)?(?P<name>{_PEOPLE})(?:\*\*)?\]?[ ]*[|(<,–—:-]?[ ]*[(\[|]?\Z", re.MULTILINE
)


def mention_at(text: str, start: int) -> Iterator[Finding]:
    """Find the account in a profile's address or a mention at `start`, and the name that stands beside it in its row."""
    match = _LINKED.match(text, start) or _PROFILE.match(text, start) or _MENTION.match(text, start)
    match = match or _CREDITED.match(text, start)
    if match is None:
        return
    group = "address" if match.re is _PROFILE else "user"
    user = match[group]
    if _BOTS.search(user) or user.lower() in GENERIC_USERS or is_placeholder(user):
        return
    line = max(text.rfind("\n", max(0, start - 120), start) + 1, start - 120)
    before = _BEFORE.search(text, line, start)
    named = (
        before is not None
        and is_name(before["name"])
        and (_is_known(before["name"]) or _is_of(user, before["name"]))
    )
    if match.re not in (_LINKED, _CREDITED) and not named:
        return
    if match.re is _LINKED and match["address"].lower() != user.lower():
        return
    yield from _found(match, group)
    if match.re is _LINKED:
        yield from _found(match, "address")
    if named and before is not None:
        yield from _found(before, "name", "person")


def _is_known(name: str) -> bool:
    """Say whether a full name has a given name or surname that is no word."""
    words = {folded(word) for word in re.split(r"[ '’-]", name)}
    return not words.isdisjoint(_SURE_NAMES)


def _is_of(user: str, name: str) -> bool:
    """Say whether an account is made of a name: one of its words, or the beginning of one, and an initial of another."""
    words = [folded(word) for word in re.split(r"[ '’.-]+", name) if word]
    plain = re.sub(r"[\W\d_]", "", folded(user))
    for word in words:
        if len(word) > 2 and word[:4] in plain:
            rest = plain.replace(word if word in plain else word[:4], "", 1)
            if rest[:1] in {other[0] for other in words if other != word}:
                return True
    return False


_SETTING = re.compile(r"\n[ \t]*\w+[ \t]*=[ \t]*(?P<user>[a-z][\w.-]{2,38})[ \t]*\r?(?=\n|\Z)")
_SECTION = re.compile(
    r"(?:\A|\n)[ \t]*\[[ \t]*(?P<section>[\w.-]+)(?:[ ]\"[^\"\n]*\")?[ \t]*\][ \t]*\r?\n(?P<body>(?:[ \t]*(?:[#;][^\n]*|[\w.-]+[ \t]*=[^\n]*)?\n)*)\Z"
)
# Sections of services where people have accounts.
_OF_PEOPLE = re.compile(
    r"(?i)(?:github|gitlab|bitbucket|gitea|codeberg|hub|credential|sendemail|user|pypi|testpypi|pypi-\w+|distutils|jira|trac|launchpad|npm|artifactory|imap|smtp)[\w-]*"
)
_PACKAGES = re.compile(r"(?m)^[ \t]*(?:repository|registry|index[-_]?url)[ \t]*=[ \t]*https?://")
_NETRC = re.compile(r"machine[ ]+[\w.-]{3,100}[ \n]+login[ ]+(?P<user>[a-z][\w.-]{2,38})(?=\s+password\s)")
_PGPASS = re.compile(
    r"\n?(?P<host>[\w.*-]{1,100}):(?:\d{2,5}|\*):(?P<database>[\w.*-]{1,64}):(?P<user>[a-z][\w.-]{2,38}):[^\s:]{4,200}[ \t]*\r?(?=\n|\Z)"
)
_HASHED = re.compile(r"\n?(?P<user>[a-z][\w.-]{2,31}):(?:\$|\{S?SHA)[^\s:]{12}")
_SUDOER = re.compile(r"\n?(?P<user>[a-z][\w.-]{2,31})[ \t]+ALL[ ]?=")
_GROUPED = re.compile(
    r"usermod[ ]+-[aG -]{1,5}[ ]+[\w,-]{2,60}[ ]+(?P<user>[a-z][\w.-]{2,31})(?=[ \t]*(?:\s|[;&|)\"'`]|\Z))"
)
_ALLOWED = re.compile(r"\n?[ \t]*AllowUsers(?P<users>(?:[ \t]+[\w.@*?-]{2,60}){1,40})")
_LISTED = re.compile(r"(?<![\w.@*?-])(?P<user>[a-z][\w.-]{2,31})(?![\w.*?-])")
_ANSIBLE = re.compile(r"\w+[ ]?[=:][ ]?[\"']?(?P<user>[a-z][\w.-]{2,31})[\"']?(?=\s|\Z)")
_REMOTE = re.compile(r"https://(?P<user>[A-Za-z][\w.-]{2,38}):[^\s/@:]{8,120}@")


def account_at(text: str, start: int) -> Iterator[Finding]:
    """Find the account in a setting, an entry of netrc, pgpass or sudoers, a line with a hash, an inventory, an address."""
    if allowed := _ALLOWED.match(text, start):
        for one in _LISTED.finditer(text, *allowed.span("users")):
            if is_holder(one["user"]):
                yield from _found(one, "user")
        return
    for pattern in (_NETRC, _PGPASS, _HASHED, _SETTING, _REMOTE, _SUDOER, _GROUPED, _ANSIBLE):
        if (match := pattern.match(text, start)) is not None:
            break
    else:
        return
    if not is_holder(match["user"]):
        return
    if pattern is _PGPASS and match["user"].startswith(match["database"]):
        return  # the database's own
    if pattern is _SETTING and not _is_setting_of_people(text, start):
        return
    yield from _found(match, "user")


def _is_setting_of_people(text: str, start: int) -> bool:
    """Say whether the line that ends before `start` is in a section of a service where people have accounts."""
    first = text.rfind("[", max(0, start - 600), start)
    while first > 0 and text[first - 1] in " \t":
        first -= 1
    section = _SECTION.match(text, max(0, first - 1), start + 1) if first >= 0 else None
    if section is None:
        return False
    after = text[start + 1 : start + 300].partition("\n[")[0]
    return _OF_PEOPLE.fullmatch(section["section"]) is not None or bool(
        _PACKAGES.search(section["body"]) or _PACKAGES.search(after)
    )
