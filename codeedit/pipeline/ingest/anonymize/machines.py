"""Accounts and machines: what the environment, prompts, remote addresses and ssh's configuration name."""

# ruff: noqa: E501 - tables of words and patterns

from __future__ import annotations

import re
from collections.abc import Iterator

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.personal import GENERIC_USERS, is_reserved_host
from codeedit.pipeline.ingest.anonymize.placeholders import LEAD, is_placeholder

# RE2's syntax.
MACHINE_ANCHOR = (
    r"\b(?:USER|USERNAME|LOGNAME|SUDO_USER|COMPUTERNAME|HOSTNAME|USERDOMAIN|MACHINE_?NAME|HOST_?NAME|CLIENTNAME)[\"']?[ ]?[=:][ ]?[\"']?[A-Za-z][\w.-]"
    r"|\b(?:DESKTOP|LAPTOP|WIN)-[A-Z0-9]{6}"
    r"|-(?:MacBook|Mac|iMac|ThinkPad|XPS|PC|Laptop|Desktop|laptop|desktop|macbook|mbp|MBP|iPhone|iPad)\b"
)
ACCOUNT_ANCHOR = (
    r"(?i:(?:ssh|sftp|scp|svn\+ssh|git\+ssh|rsync|ftp|smb|afp)://[\w.-]+@)"
    r"|\n[ \t]*User[ \t]+[a-z]"
    r"|\[[\w.-]+@[\w.-]+[ ]"
)
_SERVICES = re.compile(
    r"(?i)(?:^|[-_.])(?:web|db|api|app|apps|redis|kafka|node|server|srv|svc|master|worker|primary|replica|prod|production|dev|stag\w*|test|qa|ci|proxy|gateway|gw|lb|cache|mail|smtp|mq|"
    r"rabbitmq|postgres|mysql|mongo|elastic|es|zoo\w*|nginx|etcd|consul|vault|broker|queue|localhost|local|host|hostname|name|container|docker|pod|example|domain|my|your|backend|frontend|"
    r"service|minio|s3|registry|jenkins|git|gitlab|build|runner|monitor\w*|log|logs|bastion|jump|edge|cluster|machine|computer|default|unknown|x86|linux|ubuntu|debian|alpine)\d*(?:$|[-_.])"
)
_VARIABLE = re.compile(
    r"(?P<name>[A-Z_]+)[\"']?[ ]?[=:][ ]?[\"']?(?P<value>[A-Za-z][\w.\-]{1,40})(?=[\"'\s;,)]|$)"
)
_WINDOWS = re.compile(
    r"(?:(?:DESKTOP|LAPTOP|WIN)-(?=[A-Z]*[0-9])[A-Z0-9]{6,11}|DESKTOP-[A-Z]{7}|LAPTOP-[A-Z]{8})(?![\w-])"
)
_DEVICE = re.compile(
    r"(?<![\w.\-])(?P<value>[A-Za-z][\w.\-]{1,40}?-(?:MacBook|Mac|iMac|ThinkPad|XPS|PC|Laptop|Desktop|laptop|desktop|macbook|mbp|MBP|iPhone|iPad)(?:-(?:Pro|Air|mini|\d{1,3}))*)(?:\.(?:local|lan|home))?(?![\w-])"
)
_REMOTE_URL = re.compile(r"[\w+]{2,8}://(?P<user>[\w.\-]{2,40})@(?P<host>[\w.\-]{1,100})")
_SSH_USER = re.compile(r"\n[ \t]*User[ \t]+(?P<user>[a-z][\w.\-]{1,31})[ \t]*(?=\n|$)")
_SSH_CONFIG = re.compile(r"(?:^|\n)[ \t]*(?:Host|HostName|IdentityFile|Port|ProxyJump|ForwardAgent)[ \t]+\S")
_NO_OWNERS = frozenset(
    [
        "nonmac",
        "mobile",
        "windows",
        "linux",
        "remote",
        "gaming",
        "cross",
        "classic",
        "modern",
        "power",
        "your",
    ]
)
_BRACKET = re.compile(r"\[(?P<value>(?P<user>[\w.\-]{2,32})@(?P<host>[\w.\-]{1,64})) [^\]\n]{1,40}\][$#]")


def _is_person(user: str) -> bool:
    return (
        user.lower() not in GENERIC_USERS
        and not is_placeholder(user)
        and not _SERVICES.search(user)
        and user.lower() not in ("git", "svn", "hg", "user", "string", "str", "true", "false", "null", "none")
    )


def machine_at(text: str, start: int) -> Iterator[Finding]:
    """Find the machine, or the variable with an account or machine, whose name begins at `start`."""
    if text[start] == "-":
        yield from _device(text, start)
    elif match := _WINDOWS.match(text, start):
        yield from _found(match, 0)
    elif (match := _VARIABLE.match(text, start)) and _speaks_of_a_person(match, text):
        yield from _found(match, "value")


def account_at(text: str, start: int) -> Iterator[Finding]:
    """Find the account in a remote address, a prompt, or a host's entry of ssh's configuration at `start`."""
    if match := _REMOTE_URL.match(text, start):
        if _is_person(match["user"]) and not is_reserved_host(match["host"]):
            yield from _found(match, "user")
    elif match := _BRACKET.match(text, start):
        if _is_person(match["user"]):
            yield from _found(match, "value")
    elif match := _SSH_USER.match(text, start):
        around = text[max(0, start - 300) : match.end() + 200]
        if _is_person(match["user"]) and _SSH_CONFIG.search(around):
            yield from _found(match, "user")


_UNIX = re.compile(
    r"[ug]id=\d{1,7}\((?P<u>[\w.\-]{2,32})\)|[-dlbcps][rwxsStT-]{9}[.+@]?[ ]+\d{1,4}[ ](?P<o>[a-z][\w.\-]{1,31})[ ]"
)
_KEYWORD = re.compile(
    r"\$(?:Author|LastChangedBy): (?P<a>[\w.\-]{2,40}) \$|\$(?:Id|Header): [^\s$]{1,80} [^$\n]{1,30}\d\d:\d\d:\d\dZ? (?P<i>[\w.\-]{2,32}) (?:Exp )?\$"
)
OWNER_ANCHOR = r"\b[ug]id=\d+\(|[-dlbcps][rwx-]{2}[rwxsS-][rwx-]{2}[rwxsS-][rwx-]{2}[rwxtT-][.+@]?[ ]+\d+[ ][a-z]|\$(?:Author|LastChangedBy|Id|Header): "


def owner_at(text: str, start: int) -> Iterator[Finding]:
    """Find the account that owns a file, as `ls`, `id` and the keywords of version control print it."""
    match = _UNIX.match(text, start) or _KEYWORD.match(text, start)
    if match and match.lastgroup and _is_person(match[match.lastgroup]):
        yield from _found(match, match.lastgroup)


def _device(text: str, dash: int) -> Iterator[Finding]:
    """Find a machine's name that calls itself somebody's laptop; the dash before its kind stands at `dash`."""
    low = dash
    while low > 0 and dash - low < 42 and (text[low - 1].isalnum() or text[low - 1] in "_.-"):
        low -= 1
    match = _DEVICE.match(text, low)
    if match and match.end() > dash and _is_person(match["value"]) and match["value"].count("-") < 6:
        owner = match["value"].partition("-")[0]
        if len(owner) > LEAD and owner.lower() not in _NO_OWNERS:
            yield from _found(match, "value")


def _speaks_of_a_person(match: re.Match[str], text: str) -> bool:
    """Say whether a variable of the environment names somebody's account or machine."""
    value = match["value"]
    if text[match.start() - 1 : match.start()] in ("_", "-", ".", "$", "{") or not _is_person(value):
        return False
    if match["name"].startswith(("USER", "LOG", "SUDO")) and match["name"] != "USERDOMAIN":
        return value[0].islower() and not value.endswith(("_", "."))
    return any(c.isdigit() for c in value) or "-" in value


def _found(match: re.Match[str], group: str | int) -> Iterator[Finding]:
    if not is_placeholder(match[group]):
        yield Finding(*match.span(group), "account", "personal", Rank.PERSONAL)
