"""The account that a password belongs to, whatever it is called.

It stands right beside the password: `user:password`, `("user", "password")`, `user=…;password=…`,
`-u user -p password`, `CREATE USER user IDENTIFIED BY …`.  So no list of names is needed: what is found as a
password tells where to look.
"""

# ruff: noqa: E501 - patterns

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.lexicon import GIVEN, folded
from codeedit.pipeline.ingest.anonymize.logins import USER, account, is_login, is_somebody

_KINDS = frozenset(
    [
        "password",
        "url_password",
        "command_password",
        "password_hash",
        "secret",
        "credential",
        "token",
        "api_key",
        "auth_header",
        "github_token",
    ]
)
_BEFORE = 160  # characters before a password in which its account stands
_LOGIN_KEY = r"(?:(?:user|usr)(?:[ _-]?name|[ _-]?id)?|login(?:[ _-]?name)?|uid|account|acct|with_?user|principal|benutzer(?:name)?|usuario|utilisateur)"
_OPERATOR = r"""["'`\]]{0,3}[ \t]?(?:=>|:=|=|:|>|,|\(|\[)[ \t]{0,3}(?:[\w.]{1,16}\()?&?\\?(?P<quote>["'`]?)"""
_KEYED = re.compile(
    rf"""(?i)(?:(?<![a-z])|_|(?<=[a-z])(?=[A-Z])){_LOGIN_KEY}{_OPERATOR}{USER}(?=\\?["'`<\s;,)&@}}\]]|\Z)"""
)
_KEYED_CAMEL = re.compile(
    rf"""(?:[a-z](?:User|UserName|Username|UserId|Login|Uid)){_OPERATOR}{USER}(?=\\?["'`<\s;,)&@}}\]]|\Z)"""
)
_FLAG = re.compile(
    rf"""(?:^|[\s"'`,(\[])(?:-u(?!ser)|-U(?!ser)|--?user(?:name)?|--login|/u(?:ser)?:|/ru[ ])["']?[ =]?[,]?[ ]?["']?(?:[\w-]{{1,16}}\\)?{USER}(?=["'`\s,:%@)\]]|\Z)"""
)
_WORDED = re.compile(
    rf"""(?i)\b(?:(?:create|alter|drop)\s+(?:user|role|login)|password\s+for|grant\b[^\n;]{{0,100}}?\bto|net\s+user|add_user|change_password|htpasswd(?:\s+-\w+){{0,3}}\s+\S+|(?<![\w.])(?:user|login)|wpa_user|add-user|adduser|useradd|-name)(?:\s+["'`]?|["'`]){USER}(?=["'`\s,@]|\Z)"""
)
# Right before the password.
_JOINED = re.compile(rf"""(?:\A|[\s"'`=(\[{{,;|>/@]|-u|-U){USER}(?P<mark>[:%/,])["'`]?\$?\Z""")
_LISTED = re.compile(
    rf"""["'`]{USER}["'`]\]?\s{{0,3}}(?P<mark>,|=>|:|=|to\b)\s{{0,3}}(?:[\w.(-]{{1,40}}[( ]|new\s+\w+\()?[brufN@$&]{{0,2}}["'`]\Z"""
)
_NAMED = re.compile(
    rf"""\bname["']?[ ]?(?:=>|[:=])[ ]?["']?{USER}["']?(?:,\s{{0,40}}|[ \t]*\n[ \t]*)["']?(?i:\w{{0,12}}pass\w*|secret|pwd)["']?[ ]?(?:=>|[:=])[ ]?["']?\Z"""
)
_CELL = re.compile(
    rf"""(?:\|[ ]*[`*]{{0,2}}{USER}[`*]{{0,2}}[ ]*\|[ ]*[`*]{{0,2}}|(?:^|[\s`*:(]){USER.replace("user", "slash")}[`*]{{0,2}}[ ]/[ ][`*]{{0,2}})\Z"""
)
_CALLED = re.compile(
    r"(?i)(?:login|log_?on|log_?in|sign_?in|connect|auth\w*|credentials?|basic\w*|user\w*|ftp|imap\w*|smtp\w*|password\w*|mysqli|pdo|account)\w{0,16}[(\[{=:][^()]{0,80}\Z"
)


def beside_secrets(text: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Find the accounts that the passwords among some findings belong to."""
    for finding in findings:
        if finding.area == "secret" and finding.kind in _KINDS and finding.end - finding.start <= 300:
            for owner in _owner_of(text, finding):
                if not _is_of_service(text, owner, finding):
                    yield owner


_HOST_AND_DATABASE = re.compile(r"@(?P<host>[\w\-]+)[\w.\-]*(?::\d{1,5})?(?:/(?P<database>[\w\-]+))?")
_DATABASE = re.compile(
    r"(?i)\b(?:database|initial catalog|db_?name|db|schema|dbname)[\"']?[ ]?(?:=>|[=:])[ ]?[\"']?(?P<database>[\w\-]+)|jdbc:\w+:(?://)?[\w.\-:]+/(?P<name>[\w\-]+)"
)


def _is_of_service(text: str, owner: Finding, secret: Finding) -> bool:
    """Say whether an account is called as its host or its database is, or has three letters that are no name."""
    user = text[owner.start : owner.end].lower()
    if len(user) <= 3 and folded(user) not in GIVEN:
        return True
    if owner.end + 1 == secret.start and (behind := _HOST_AND_DATABASE.match(text, secret.end)):
        return user in (behind["host"].lower(), (behind["database"] or "").lower())
    low, high = max(0, owner.start - _BEFORE), min(len(text), secret.end + _BEFORE)
    low = text.rfind("\n\n", low, owner.start) + 1 or low
    return any(
        user == (match["database"] or match["name"]).lower() for match in _DATABASE.finditer(text, low, high)
    )


def _owner_of(text: str, secret: Finding) -> Iterator[Finding]:
    """Find the account of one password."""
    start, end = secret.start, secret.end
    low = max(0, start - _BEFORE)
    joined = _JOINED.search(text, low, start)
    if joined and _is_joined(text, joined, secret):
        yield account(joined)
        return
    listed = _LISTED.search(text, low, start)
    if listed and _is_listed(text, listed, low):
        yield account(listed)
        return
    if (named := _NAMED.search(text, low, start)) and is_login(named["user"]) and named["user"].islower():
        yield account(named)
        return
    cell = _CELL.search(text, max(low, text.rfind("\n", low, start) + 1), start)
    if cell:
        group = "user" if cell["user"] else "slash"
        if is_login(cell[group]) and cell[group].islower():
            yield Finding(*cell.span(group), "account", "personal", Rank.PERSONAL)
        return
    yield from _keyed(text, secret, low, min(len(text), end + _BEFORE))


def _is_joined(text: str, joined: re.Match[str], secret: Finding) -> bool:
    """Say whether a word and a mark right before a password are its account's."""
    user, mark, first = joined["user"], joined["mark"], joined.start("user")
    if not is_login(user):
        return False
    if mark == ":":
        in_url = text.endswith("://", 0, first)
        return (
            in_url
            or secret.kind in ("command_password", "password_hash")
            or is_somebody(user)
            or text[max(0, first - 3) : first].strip() in ("-u", "-a", '"', "'")
        )
    if mark == ",":
        return text[max(0, first - 4) : first].lower().strip("\"' ").endswith("-u")
    return secret.kind == "command_password" or is_somebody(user)


def _is_listed(text: str, listed: re.Match[str], low: int) -> bool:
    """Say whether the literal before a password is its account: in a call or a list that is a login's, or by itself."""
    user = listed["user"]
    if not is_login(user) or not user[0].islower():
        return False
    if is_somebody(user):
        return True
    return listed["mark"] == "," and _CALLED.search(text, low, listed.start()) is not None


def _keyed(text: str, secret: Finding, low: int, high: int) -> Iterator[Finding]:
    """Find the account that a name, a flag or a statement gives to a password beside it, in its line or the next ones."""
    start, end = secret.start, secret.end
    before = _lines_before(text, start, low)
    after = text.find("\n", end, high)
    after = text.find("\n", after + 1, high) if after >= 0 else -1
    quoted = text[start - 1 : start] in ("'", '"', "`") and text[end : end + 1] == text[start - 1 : start]
    for first, last in ((before, start), (end, high if after < 0 else after)):
        found = [
            m
            for pattern in (_KEYED, _KEYED_CAMEL, _FLAG, _WORDED)
            for m in pattern.finditer(text, first, last)
        ]
        for match in sorted(found, key=lambda m: -m.start() if last == start else m.start()):
            bare = (
                match.re in (_KEYED, _KEYED_CAMEL)
                and quoted
                and not match["quote"]
                and text[match.end("user") : match.end("user") + 1] not in ("\n", "")
            )
            if is_login(match["user"]) and not bare:
                yield account(match)
                return


def _lines_before(text: str, start: int, low: int) -> int:
    """Return where the third line before a place begins, or that line's part behind a blank line."""
    first = start
    for _ in range(3):
        line = text.rfind("\n", low, first)
        if line < 0:
            return low
        if not text[line + 1 : first].strip() and first != start:
            break
        first = line
    return first + 1
