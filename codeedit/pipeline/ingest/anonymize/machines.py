"""Accounts and machines: what the environment, prompts, remote addresses and ssh's configuration name."""

# ruff: noqa: E501, SIM905 - tables of words and patterns

from __future__ import annotations

import re
from collections.abc import Iterator

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.lexicon import GIVEN, WORDS_TOO, folded
from codeedit.pipeline.ingest.anonymize.personal import GENERIC_USERS, NUMBERED, is_reserved_host
from codeedit.pipeline.ingest.anonymize.placeholders import LEAD, is_placeholder

# RE2's syntax.
MACHINE_ANCHOR = (
    r"\b(?:USER|USERNAME|LOGNAME|SUDO_USER|COMPUTERNAME|HOSTNAME|USERDOMAIN|MACHINE_?NAME|HOST_?NAME|CLIENTNAME)[\"']?[ ]?[=:][ ]?[\"']?[A-Za-z][\w.-]"
    r"|(?i:\b(?:hostname|computer_?name|machine_?name|device_?name)[\"']?[ ]?[=:][ ]?[\"']?[a-z][\w.-])"
    r"|\b(?:DESKTOP|LAPTOP|WIN)-[A-Z0-9]{6}"
    r"|-(?:MacBook|Mac|iMac|ThinkPad|XPS|PC|Laptop|Desktop|laptop|desktop|macbook|mbp|MBP|iPhone|iPad)\b"
    r"|-(?:xps-?\d\d|thinkpad|elitebook|zenbook|probook|latitude|chromebook|iphone|ipad|pixel\d)"
    r"|\\\\[A-Z]{2,8}-[A-Z0-9]|//[A-Z]{2,8}-[A-Z0-9]|\n[ \t]*Host(?:Name)?[ \t]+[A-Z]{2,8}-[A-Z0-9]"
)
ACCOUNT_ANCHOR = (
    r"(?i:(?:ssh|sftp|scp|svn\+ssh|git\+ssh|rsync|ftp|smb|afp)://[\w.-]+@)"
    r"|\n[ \t]*User[ \t]+[a-z]"
    r"|\[[\w.-]+@[\w.-]+[ ]"
)
NAMED_ANCHOR = (
    r"[ ]-l[ ][a-z]|\bfor[ ](?:(?:invalid[ ])?user[ ])?[a-z][\w.-]+[ ]from[ ]|\bfor user [a-z]|(?i:\bnet[ ]+user[ ]+[a-z]|/user:[\w.\\-]+)"
    r"|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[ ]+\d{1,2}[ ]\d\d:\d\d:\d\d[ ][A-Za-z]|\bLinux[ ][\w.-]+[ ]\d+\.\d+\.\d"
    r"|\broot@[A-Za-z][\w.-]+[: ]|\([A-Za-z][\w.-]+\) via |\d\d:\d\d(?::\d\d)?\]?[ ]+<[@+ ]?[A-Za-z_]"
    r"|[\"'][A-Z][A-Z0-9-]{2,14}\\\\?[a-z]"
)
_SERVICES = re.compile(
    r"(?i)(?:^|[-_.])(?:web|db|api|app|apps|redis|kafka|node|server|srv|svc|master|worker|primary|replica|prod|production|dev|stag\w*|test|qa|ci|proxy|gateway|gw|lb|cache|mail|smtp|mq|"
    r"rabbitmq|postgres|mysql|mongo|elastic|es|zoo\w*|nginx|etcd|consul|vault|broker|queue|localhost|local|host|hostname|name|container|docker|pod|example|domain|my|your|backend|frontend|"
    r"service|minio|s3|registry|jenkins|git|gitlab|build|runner|monitor\w*|log|logs|bastion|jump|edge|cluster|machine|computer|default|unknown|x86|linux|ubuntu|debian|alpine)\d*(?:$|[-_.])"
)
_VARIABLE = re.compile(
    r"(?P<name>[A-Za-z_]+)[\"']?[ ]?[=:][ ]?[\"']?(?P<value>[A-Za-z][\w.\-]{1,40})(?=[\"'\s;,)]|$)"
)
_WINDOWS = re.compile(
    r"(?:(?:DESKTOP|LAPTOP|WIN)-(?=[A-Z]*[0-9])[A-Z0-9]{6,11}|DESKTOP-[A-Z]{7}|LAPTOP-[A-Z]{8})(?![\w-])"
)
_DEVICE = re.compile(
    r"(?<![\w.\-])(?P<value>[A-Za-z][\w.\-]{1,40}?-(?:MacBook|Mac|iMac|ThinkPad|XPS|PC|Laptop|Desktop|laptop|desktop|macbook|mbp|MBP|iPhone|iPad)(?:-(?:Pro|Air|mini|\d{1,3}))*(?:\.(?:local|lan|home))?)(?![\w-])"
)
# Of a model, in small letters: behind an owner's name, or in a comment of a peer.
_MODEL = re.compile(
    r"(?<![\w.\-/@])(?P<value>(?P<owner>[a-z]{3,20})-(?:xps-?\d\d|thinkpad|elitebook|zenbook|probook|latitude|chromebook|iphone|ipad|pixel)[a-z]?\d{0,4})(?![\w-])"
)
_SURE_GIVEN = GIVEN - WORDS_TOO
_COMMENT = re.compile(r"(?:^|\n)[ \t]*[#;][ \t]*\Z")
_NUMBERED_HOST = re.compile(
    rf"(?:\\\\+|//)(?P<share>{NUMBERED})(?=[\\/])|\n[ \t]*Host(?:Name)?[ \t]+(?P<host>{NUMBERED})(?=\s|\Z)"
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


# An account after ssh -l, in sshd's log, after net user and /user:; a nick in a chat's log.
_NAMED_ACCOUNT = re.compile(
    r"(?:[ ]-l|for(?:[ ]invalid)?(?:[ ]user)?)[ ](?P<l>[a-z][\w.\-]{1,31})(?=\s(?!from)|$|\(uid| from [\da-f]{1,4}[.:])|(?i:net[ ]+user[ ]+(?P<n>[a-z][\w.\-]{1,31})(?=\s|$)|/user:(?:[\w.\-]{1,20}\\{1,2})?(?P<u>[a-z][\w.\-]{1,31})(?=[\s\"']|$))"
    r"|[\"'][A-Z][A-Z0-9-]{2,14}(?:\\\\(?P<d>[a-z][\w.\-]{2,31})|\\(?P<w>[c-eg-mo-qswyz][\w.\-]{3,31}))[\"']"
    r"|\d\d:\d\d(?::\d\d)?\]?[ ]+<[@+ ]?(?P<nick>[A-Za-z_][\w.\-\[\]|`^]{1,31})>[ ]"
)
_SSH_BEFORE = re.compile(r"\bssh(?:[ ][^\n]*)?\Z")
# A machine in a line of syslog, in uname's line, in root's prompt.
_NAMED_MACHINE = re.compile(
    r"(?:[A-Z][a-z]{2}[ ]+\d{1,2}[ ]\d\d:\d\d:\d\d|Linux)[ ](?P<host>[A-Za-z][\w.\-]{2,63})[ ](?=\d+\.\d+\.\d|[\w./\-]{2,48}(?:\[\d+\])?:)"
    r"|\((?P<via>[A-Za-z][\w.\-]{2,40})\)[ ]via[ ]"
    r"|root@(?P<prompt>[A-Za-z][\w.\-]{2,63})(?=:[~/][^\s\"'`]{0,60}[$#](?:\s|$)|[ ][~/][^\s\"'`]{0,60}\]?[ ]?[$#](?:\s|$))"
)
_NO_MACHINES = frozenset(
    "localhost localhost.localdomain kernel buildkitsandbox archiso debian ubuntu raspberrypi host hostname server".split()
)


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
    elif text[start] in "\\/\n":
        yield from _numbered(text, start)
    elif match := _WINDOWS.match(text, start):
        yield from _found(match, 0)
    elif (match := _VARIABLE.match(text, start)) and _speaks_of_a_person(match, text):
        yield from _found(match, "value")


def account_at(text: str, start: int) -> Iterator[Finding]:
    """Find the account or machine in a remote address, a prompt, a log's line, or ssh's configuration at `start`."""
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


def named_at(text: str, start: int) -> Iterator[Finding]:
    """Find the account or machine that a command's option, a line of a log or a prompt names at `start`."""
    match = _NAMED_ACCOUNT.match(text, start)
    if match and match.lastgroup:
        if match[0].startswith(" -l") and not _SSH_BEFORE.search(text, max(0, start - 60), start):
            return
        if _is_person(match[match.lastgroup]):
            yield from _found(match, match.lastgroup)
        return
    match = _NAMED_MACHINE.match(text, start)
    if match and match.lastgroup and match[match.lastgroup].lower() not in _NO_MACHINES:
        yield from _found(match, match.lastgroup)


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
    if model := _MODEL.match(text, low):
        if folded(model["owner"]) in _SURE_GIVEN or _COMMENT.search(text, max(0, low - 20), low):
            yield from _found(model, "value")
        return
    match = _DEVICE.match(text, low)
    if (
        match
        and match.end() > dash
        and _is_person(match["value"].rpartition(".")[0] or match["value"])
        and match["value"].count("-") < 6
    ):
        owner = match["value"].partition("-")[0]
        if len(owner) > LEAD and owner.lower() not in _NO_OWNERS:
            yield from _found(match, "value")


def _numbered(text: str, start: int) -> Iterator[Finding]:
    """Find a machine that bears a number in a share's path or as an ssh host, the mark before which stands at `start`."""
    match = _NUMBERED_HOST.match(text, start)
    if match and match.lastgroup:
        yield from _found(match, match.lastgroup)


def _speaks_of_a_person(match: re.Match[str], text: str) -> bool:
    """Say whether a variable of the environment names somebody's account or machine."""
    value = match["value"]
    before = text[match.start() - 1 : match.start()]
    if match["name"].lower() == "hostname" and before not in ("_", "-", "$", "{") and "." in value:
        return _is_full_name(match, text)
    if before in ("_", "-", ".", "$", "{") or not _is_person(value):
        return False
    if match["name"].startswith(("USER", "LOG", "SUDO")) and match["name"] != "USERDOMAIN":
        return value[0].islower() and not value.endswith(("_", "."))
    if not match["name"].isupper() and "." in value:  # a host's full name is no machine's own
        return False
    return any(c.isdigit() for c in value) or "-" in value


_FULL_NAME = re.compile(r"[a-z][a-z0-9-]*[a-z0-9](?:\.[a-z0-9-]{2,40}){1,3}\.[a-z]{2,12}")
# Domains of providers, whose hosts are nobody's own.
_OF_ALL = re.compile(
    r"\.(?:amazonaws|aws|azure|windows|googleapis|google|googleusercontent|cloudapp|cloudflare|github|gitlab|docker|microsoft|apple|heroku\w*|vercel|netlify|fly|cloudfront|svc|cluster|internal|local|lan|home|corp|intranet)\."
    r"|\.(?:svc|internal|local|lan|home|corp|intranet)\Z"
)
_OF_CODE = frozenset("name host hostname value get id py js ts io address url".split())


def _is_full_name(match: re.Match[str], text: str) -> bool:
    """Say whether `hostname: pg-main.company.dev` names a machine of somebody's domain: no attribute, no reserved one."""
    value = match["value"]
    literal = (
        text[match.start("value") - 1] in "\"'" or text[match.end("name") : match.end("name") + 2] == ": "
    )
    return (
        literal
        and _FULL_NAME.fullmatch(value) is not None
        and value.rpartition(".")[2] not in _OF_CODE
        and not is_reserved_host(value)
        and not _OF_ALL.search(value)
    )


def _found(match: re.Match[str], group: str | int) -> Iterator[Finding]:
    if not is_placeholder(match[group]):
        yield Finding(*match.span(group), "account", "personal", Rank.PERSONAL)
