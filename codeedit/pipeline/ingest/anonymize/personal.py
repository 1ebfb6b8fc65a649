"""Where people are reached and what they own: mail addresses, accounts on machines, home folders.

Each function gets a text and where one of its anchors stands, and looks at a bounded stretch around it.
"""

# ruff: noqa: E501, SIM905 - tables of words and patterns

from __future__ import annotations

import re
from collections.abc import Iterator

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.placeholders import is_placeholder

_DOMAIN = re.compile(r"@(?P<domain>(?:[^\W_](?:[\w\-]{0,62}[^\W_])?\.){1,6}[^\W\d_]{2,24})(?![\w-])")
_HOST = re.compile(r"@(?P<host>[A-Za-z0-9](?:[A-Za-z0-9\-]{0,62})(?:\.[A-Za-z0-9\-]{1,62}){0,6})(?![\w.])")
_RESERVED_DOMAIN = re.compile(
    r"(?i)(?:^|\.)(?:example|test|invalid|localhost|localdomain|yourdomain|domain|mydomain|mycompany|yourcompany|acme|foo|bar|email|host|server|hostname)"
    r"(?:\.(?:com|org|net|edu|de|co\.uk|tld|io))?\Z|(?:^|\.)example\.\w+\Z|^(?:x|y|a|b|c|abc|xyz)\.(?:com|org|net|y|z|b)\Z"
)
_LOCAL_DOMAIN = re.compile(r"(?i)(?:^|\.)(?:local|internal|intern|intranet|lan|home|corp)\Z")
_FILE_ENDINGS = frozenset(
    "png jpg jpeg gif svg webp ico bmp css js ts jsx tsx mjs cjs json yaml yml toml xml html htm md txt py java kt go rs lua c h cc cpp hpp cs rb php sh "
    "lock log zip gz tar tgz whl jar war class so dll exe min map scss sass less vue mp4 mp3 wav pdf csv sql service timer socket target".split()
)
_URL_BEFORE = re.compile(r"://[^\s/\"'`<>@:]{0,100}:[^\s/\"'`<>@]{0,60}\Z")
_SERVICE_ACCOUNTS = frozenset(
    "git hg svn user username you me someone name noreply no-reply donotreply do-not-reply mailer-daemon postmaster email mail foo bar xxx your.name yourname your-name your_name first.last".split()
)

_LABELLED = frozenset(("this", "super", "return", "break", "continue"))  # of Kotlin: this@outer.size


def is_reserved_host(name: str) -> bool:
    """Say whether a host is one of examples."""
    return bool(_RESERVED_DOMAIN.search(name))


def mail_at(text: str, start: int) -> Iterator[Finding]:
    """Find a mail address whose @ stands at `start`, or an account on a machine that has just a name."""
    low = start
    while low > 0 and start - low < 64 and (text[low - 1].isalnum() or text[low - 1] in "_.+-%'"):
        low -= 1
    user = text[low:start].lstrip(".-'%+")
    first = start - len(user)
    if not user or user.endswith(".") or user in _LABELLED or is_placeholder(user) or _in_url(text, first):
        return
    end = _domain_end(text, start)
    if end:
        domain = text[start + 1 : end]
        if is_placeholder(domain):
            return
        if user.lower() in _SERVICE_ACCOUNTS or _RESERVED_DOMAIN.search(domain):
            return
        if _LOCAL_DOMAIN.search(domain) and user.lower() in GENERIC_USERS:
            return
        before = text[max(0, first - 3) : first]
        if before.endswith("://") or is_placeholder(text[first:end]) or not any(c.isalpha() for c in user):
            return
        if text[first - 1 : first] in ("\\", "^") and first:
            return
        yield Finding(first, end, "email", "personal", Rank.PERSONAL)
        return
    yield from _account(text, start, first, user)


TOP_LEVEL = re.compile(
    r"(?i)\.(?:[a-z]{2}|com|org|net|edu|gov|info|biz|dev|app|tech|cloud|name|mil|int|xyz|online|software)\Z"
)


def _domain_end(text: str, start: int) -> int:
    """Return where the domain behind an @ ends, without a file's ending; 0 where there is none."""
    domain = _DOMAIN.match(text, start)
    if domain is None:
        return 0
    rest, _, last = domain["domain"].rpartition(".")
    if last.lower() not in _FILE_ENDINGS or (last in _COUNTRIES_TOO and _is_enclosed(text, start, domain)):
        return domain.end()
    return domain.end() - len(last) - 1 if TOP_LEVEL.search(rest) else 0


# Files' endings that are countries, too.
_COUNTRIES_TOO = frozenset(["rs", "sh", "py", "md", "so", "cc", "kt"])


def _is_enclosed(text: str, start: int, domain: re.Match[str]) -> bool:
    """Say whether an address stands in brackets or quotes by itself, or behind `mailto:`."""
    before = _ENCLOSED.search(text, max(0, start - 80), start)
    return before is not None and text[domain.end() : domain.end() + 1] in (">", '"', "'", "`")


_ENCLOSED = re.compile(r"(?:[<\"'`]|mailto:)[A-Za-z][\w.+-]{0,40}\Z")


def _in_url(text: str, start: int) -> bool:
    """Say whether a URL's user stands before `start`: what follows is its password."""
    return _URL_BEFORE.search(text, max(0, start - 104), start) is not None


_REMOTE = re.compile(
    r"(?i)\b(?:ssh|scp|sftp|rsync|mosh|ssh-copy-id|sshfs|ssh-keygen|autossh|user|host|remote|login|server|ping|finger|authorized[_ -]?keys?|comment:)(?:\b|(?<=:))"
)
# One of these is in each of those words.
_REMOTE_PARTS = (
    "ssh",
    "scp",
    "ftp",
    "sync",
    "mosh",
    "user",
    "host",
    "remote",
    "log",
    "server",
    "ping",
    "fing",
    "key",
    "comm",
)
_PUBLIC_KEY = re.compile(
    r"(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-[\w-]{4,20}|sk-[\w-]{4,40}(?:@openssh\.com)?)\s{1,4}AAAA[A-Za-z0-9+/=]{20,1200}\s{1,4}"
)


def _is_remote(text: str, line: int, start: int) -> bool:
    """Say whether a command that takes an account, or a public key, stands before `start` in its line."""
    low = max(line, start - 160)
    before = text[low:start].lower()
    if any(map(before.__contains__, _REMOTE_PARTS)) and _REMOTE.search(text, low, start):
        return True
    body = text.rfind(" AAAA", max(line, start - 1300), start)
    key = _PUBLIC_KEY.search(text, max(line, body - 60), start) if body >= 0 else None
    return key is not None and key.end() == start


# A machine called by a site or a company, by what it is, and its number: MW-WS-117.
NUMBERED = r"[A-Z]{2,8}(?:-[A-Z]{2,10}){1,2}-?\d{1,4}"
_NUMBERED = re.compile(NUMBERED)
_NUMBERS = re.compile(r"\d+(?:\.\d+){0,2}|\d+(?:\.\d+){4,}|\d.*-.*")  # versions; four are an address
_PROMPT = re.compile(r":[~/][^\s\"'`]{0,60}[$#%](?:\s|$)|[ ][~/][^\s\"'`]{0,60}[ ][$#%](?:\s|$)")


def _account(text: str, start: int, first: int, user: str) -> Iterator[Finding]:
    """Find `user@machine` after ssh and the like, and as the comment of a public key."""
    host = _HOST.match(text, start)
    if (
        host is None
        or user.lower() in _SERVICE_ACCOUNTS
        or user.lower() in GENERIC_USERS
        or re.search(r"[%']", user)
    ):
        return
    if not user[0].isalpha():
        return
    low = max(0, first - 1500)
    line = max(text.rfind("\n", low, first) + 1, low)
    name = host["host"]
    if not (_NUMBERED.fullmatch(name) or _PROMPT.match(text, host.end()) or _is_remote(text, line, first)):
        return
    if (
        _RESERVED_DOMAIN.search(name)
        or _NUMBERS.fullmatch(name)
        or name.rpartition(".")[2].lower() in _FILE_ENDINGS
    ):
        return
    if not is_placeholder(text[first : host.end()]):
        yield Finding(first, host.end(), "account", "personal", Rank.PERSONAL)


GENERIC_USERS = frozenset(
    "oracle tomcat zabbix nagios weblogic sysdba system user username users shared public default defaultuser all app apps root ubuntu debian centos fedora arch runner runneradmin vagrant node docker me you name yourname "
    "your-name your_name your-username your_username yourusername jovyan ec2-user pi admin administrator git www www-data nginx apache deploy deployer jenkins circleci travis gitlab-runner "
    "codespace vscode coder dev developer develop test tester testuser demo example guest postgres mysql redis linuxbrew airflow appuser nonroot nobody build builder builduser "
    "ci someone somebody foo bar baz xxx myuser my-user my_user myname steam hadoop spark student worker sandbox service svc gitpod codeuser container "
    "project projects src code work workspace data bin lib local share tmp etc home index about page dashboard login search settings profile contact list view static assets "
    "images img css js api docs www public_html html site blog news help main start left right top".split()
)
_HOME = re.compile(
    r"(?i)(?:(?:(?<![\w.~@-])|(?<=\s-[ILF]))(?:(?:/[a-z])?/Users|/(?:var/|export/|usr/|mnt/[a-z]/|media/)?(?:home|users))/|(?<![a-z0-9])[a-z]:(?:\\\\?|/)(?:Users|Documents and Settings|home)(?:\\\\?|/)|(?:(?<![a-z0-9])|(?<=%2F)|(?<=%5C)|(?<=%3A))(?:%5C|%2F)(?:users|home)(?:%5C|%2F)|\\\\?(?:users|homes?|profiles)\$?\\\\?|(?<=[a-z0-9.])/(?:Users)/)"
    r"(?P<user>[^\s/\\\"'`<>:;,|*?(){}\[\]$%#=&@!+]{2,40}(?: [A-Z][\w.-]{1,24}(?=[\\/]))?)(?P<after>.?)"
)


# Where the homes of many people are mounted.
_ROOT = re.compile(
    r"(?:^|[\s\"'`=:(,;<>|]|//)(?:/(?:data\d*|dbfs|workspace|nfs\d*|u\d*|net|srv|vol\d*|volumes?\d*|private|gpfs|cluster|lustre|scratch|shared|storage|mnt|media|var|cygdrive/[a-z])(?:/[\w.\-]{1,20})?|//[\w.@\-]{1,60}|[\w.\-]*wsl[\w.\-%$+]*(?:/[\w.\-]{1,20})?)\Z",
    re.IGNORECASE,
)
_HOME_BELOW = re.compile(r"/(?:home|Users)/(?P<user>[^\s/\\\"'`<>:;,|*?(){}\[\]$%#=&@!+]{2,40})(?P<after>.?)")
_USERS_BELOW = re.compile(r"/users/(?P<user>[a-z][a-z0-9_.\-]{2,31})(?P<after>/)")
_TILDE = re.compile(
    r"~(?P<user>[a-z][a-z0-9_.\-]{2,30})/(?P<home>(?:public_html|Desktop|Documents|Downloads|logs|bin|data|scratch|projects|notes|papers|\.\w)\b)?"
)


def tilde_at(text: str, start: int) -> Iterator[Finding]:
    """Find the user's name in `~name/`; behind a quote, as in style sheets' imports, only before a folder of homes."""
    match = _TILDE.match(text, start)
    if (
        match
        and (match["home"] or text[start - 1 : start] not in ('"', "'", "`", "("))
        and match["user"] not in GENERIC_USERS
        and not is_placeholder(match["user"])
    ):
        yield Finding(*match.span("user"), "home_folder", "personal", Rank.PERSONAL)


def home_at(text: str, start: int) -> Iterator[Finding]:
    """Find the user's name in the path of a home folder that begins at `start`."""
    match = _HOME.match(text, start) or _HOME.match(text, start + 2)
    if (match is None or match[0].startswith("/users/")) and _ROOT.search(text, max(0, start - 40), start):
        match = _HOME_BELOW.match(text, start) or _USERS_BELOW.match(text, start)
    if match is None:
        return
    user = match["user"].rstrip(".-")
    if user.lower() in GENERIC_USERS or not any(c.isalpha() for c in user) or is_placeholder(user):
        return
    if re.search(r"\.(?:html?|js|ts|css|php|jsp|py|md|json|tsx|vue)\Z", user) or user.startswith(
        (".", "-", "~")
    ):
        return
    if match[0].startswith("/home/") and match["after"] not in (
        "/",
        "\\",
        '"',
        "'",
        "`",
        "",
        "\n",
        " ",
        ":",
        ")",
        ";",
        ",",
        "?",
        "#",
    ):
        return
    if match[0].lower().startswith("/users/") and (
        user.isdigit() or (not match[0].startswith("/Users/") and match.re is not _USERS_BELOW)
    ):
        return
    yield Finding(
        match.start("user"), match.start("user") + len(user), "home_folder", "personal", Rank.PERSONAL
    )
