"""People: mail addresses, names in structural places, home folders, accounts.

Each function gets a text and where one of its anchors stands, and looks at a bounded stretch around it.
"""

# ruff: noqa: E501, SIM905, RUF001 - tables of words and patterns

from __future__ import annotations

import re
from collections.abc import Iterator

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.placeholders import is_placeholder

_DOMAIN = re.compile(r"@(?P<domain>(?:[^\W_](?:[\w\-]{0,62}[^\W_])?\.){1,6}[^\W\d_]{2,24})(?![\w-])")
_HOST = re.compile(r"@(?P<host>[A-Za-z0-9](?:[A-Za-z0-9\-]{0,62})(?:\.[A-Za-z0-9\-]{1,62}){0,6})(?![\w.])")
_RESERVED_DOMAIN = re.compile(
    r"(?i)(?:^|\.)(?:example|test|invalid|localhost|local|localdomain|internal|lan|home|corp|yourdomain|domain|mydomain|mycompany|yourcompany|acme|foo|bar|email|host|server|hostname)"
    r"(?:\.(?:com|org|net|edu|de|co\.uk|tld|io))?\Z|(?:^|\.)example\.\w+\Z|^(?:x|y|a|b|c|abc|xyz)\.(?:com|org|net|y|z|b)\Z"
)
_FILE_ENDINGS = frozenset(
    "png jpg jpeg gif svg webp ico bmp css js ts jsx tsx mjs cjs json yaml yml toml xml html htm md txt py java kt go rs lua c h cc cpp hpp cs rb php sh "
    "lock log zip gz tar tgz whl jar war class so dll exe min map scss sass less vue mp4 mp3 wav pdf csv sql service timer socket target".split()
)
_URL_BEFORE = re.compile(r"://[^\s/\"'`<>@:]{0,100}:[^\s/\"'`<>@]{0,60}\Z")
_SERVICE_ACCOUNTS = frozenset(
    "git hg svn user username you me someone name noreply no-reply donotreply do-not-reply mailer-daemon postmaster email mail foo bar xxx your.name yourname your-name your_name first.last".split()
)


def is_reserved_host(name: str) -> bool:
    """Say whether a host is one of examples and local networks."""
    return bool(_RESERVED_DOMAIN.search(name))


def mail_at(text: str, start: int) -> Iterator[Finding]:
    """Find a mail address whose @ stands at `start`, or an account on a machine that has just a name."""
    low = start
    while low > 0 and start - low < 64 and (text[low - 1].isalnum() or text[low - 1] in "_.+-%'"):
        low -= 1
    user = text[low:start].lstrip(".-'%+")
    first = start - len(user)
    if not user or user.endswith(".") or is_placeholder(user) or _in_url(text, first):
        return
    end = _domain_end(text, start)
    if end:
        if user.lower() in _SERVICE_ACCOUNTS or _RESERVED_DOMAIN.search(text[start + 1 : end]):
            return
        before = text[max(0, first - 3) : first]
        if before.endswith("://") or is_placeholder(text[first:end]) or not any(c.isalpha() for c in user):
            return
        if text[first - 1 : first] in ("\\", "^") and first:
            return
        yield Finding(first, end, "email", "personal", Rank.PERSONAL)
        return
    yield from _account(text, start, first, user)


_TOP_LEVEL = re.compile(
    r"(?i)\.(?:[a-z]{2}|com|org|net|edu|gov|info|biz|dev|app|tech|cloud|name|mil|int|xyz|online|software)\Z"
)


def _domain_end(text: str, start: int) -> int:
    """Return where the domain behind an @ ends, without a file's ending; 0 where there is none."""
    domain = _DOMAIN.match(text, start)
    if domain is None:
        return 0
    rest, _, last = domain["domain"].rpartition(".")
    if last.lower() not in _FILE_ENDINGS:
        return domain.end()
    return domain.end() - len(last) - 1 if _TOP_LEVEL.search(rest) else 0


def _in_url(text: str, start: int) -> bool:
    """Say whether a URL's user stands before `start`: what follows is its password."""
    return _URL_BEFORE.search(text, max(0, start - 104), start) is not None


_REMOTE = re.compile(
    r"(?i)\b(?:ssh|scp|sftp|rsync|mosh|ssh-copy-id|sshfs|ssh-keygen|autossh|user|host|remote|login|server|authorized[_ -]?keys?)\b"
)
_PUBLIC_KEY = re.compile(
    r"(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-[\w-]{4,20}|sk-[\w-]{4,40}(?:@openssh\.com)?)\s{1,4}AAAA[A-Za-z0-9+/=]{20,1200}\s{1,4}"
)


def _is_remote(text: str, line: int, start: int) -> bool:
    """Say whether a command that takes an account, or a public key, stands before `start` in its line."""
    if _REMOTE.search(text, max(line, start - 160), start):
        return True
    body = text.rfind(" AAAA", max(line, start - 1300), start)
    key = _PUBLIC_KEY.search(text, max(line, body - 60), start) if body >= 0 else None
    return key is not None and key.end() == start


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
    line = max(text.rfind("\n", 0, first) + 1, first - 1500)
    prompt = _PROMPT.match(text, host.end())
    if not (prompt or _is_remote(text, line, first)) or not user[0].isalpha():
        return
    name = host["host"]
    if _RESERVED_DOMAIN.search(name) or name.rpartition(".")[2].lower() in _FILE_ENDINGS:
        return
    if not is_placeholder(text[first : host.end()]):
        yield Finding(first, host.end(), "account", "personal", Rank.PERSONAL)


GENERIC_USERS = frozenset(
    "user username users shared public default defaultuser all app apps root ubuntu debian centos fedora arch runner runneradmin vagrant node docker me you name yourname "
    "your-name your_name your-username your_username yourusername jovyan ec2-user pi admin administrator git www www-data nginx apache deploy deployer jenkins circleci travis gitlab-runner "
    "codespace vscode coder dev developer develop test tester testuser demo example guest postgres mysql redis linuxbrew airflow appuser nonroot nobody build builder builduser "
    "ci someone somebody foo bar baz xxx myuser my-user my_user myname steam hadoop spark student worker sandbox service svc gitpod codeuser container "
    "project projects src code work workspace data bin lib local share tmp etc home index about page dashboard login search settings profile contact list view static assets "
    "images img css js api docs www public_html html site blog news help main start left right top".split()
)
_HOME = re.compile(
    r"(?i)(?:(?:(?<![\w.~@-])|(?<=\s-[ILF]))(?:(?:/[a-z])?/Users|/(?:var/|export/|usr/|mnt/[a-z]/|media/)?(?:home|users))/|(?<![a-z0-9])[a-z]:(?:\\\\?|/)(?:Users|Documents and Settings|home)(?:\\\\?|/)|(?<![a-z0-9])(?:%5C|%2F)(?:users|home)(?:%5C|%2F)|\\\\?(?:users|homes?|profiles)\\\\?|(?<=[a-z0-9.])/(?:Users)/)"
    r"(?P<user>[^\s/\\\"'`<>:;,|*?(){}\[\]$%#=&@!+]{2,40}(?: [A-Z][\w.-]{1,24}(?=[\\/]))?)(?P<after>.?)"
)


# Where the homes of many people are mounted.
_ROOT = re.compile(
    r"(?:^|[\s\"'`=:(,;<>|]|//)(?:/(?:data\d*|nfs\d*|u\d*|net|srv|vol\d*|volumes?\d*|private|gpfs|cluster|lustre|scratch|shared|storage|mnt|media|var|cygdrive/[a-z])(?:/[\w.\-]{1,20})?|[\w.\-]*wsl[\w.\-%$+]*(?:/[\w.\-]{1,20})?)\Z",
    re.IGNORECASE,
)
_HOME_BELOW = re.compile(r"/(?:home|Users)/(?P<user>[^\s/\\\"'`<>:;,|*?(){}\[\]$%#=&@!+]{2,40})(?P<after>.?)")
_TILDE = re.compile(r"~(?P<user>[a-z][a-z0-9_.\-]{2,30})/")


def tilde_at(text: str, start: int) -> Iterator[Finding]:
    """Find the user's name in `~name/`, which no quote precedes, as in style sheets' imports."""
    match = _TILDE.match(text, start)
    if match and match["user"] not in GENERIC_USERS and not is_placeholder(match["user"]):
        yield Finding(*match.span("user"), "home_folder", "personal", Rank.PERSONAL)


def home_at(text: str, start: int) -> Iterator[Finding]:
    """Find the user's name in the path of a home folder that begins at `start`."""
    match = _HOME.match(text, start) or _HOME.match(text, start + 2)
    if match is None and _ROOT.search(text, max(0, start - 40), start):
        match = _HOME_BELOW.match(text, start)
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
    if match[0].lower().startswith("/users/") and (user.isdigit() or not match[0].startswith("/Users/")):
        return
    yield Finding(
        match.start("user"), match.start("user") + len(user), "home_folder", "personal", Rank.PERSONAL
    )


_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽΑ-ΩА-Я"
_NAME_WORD = rf"(?:[{_UPPER}]\.(?:[ ]?[{_UPPER}]\.){{0,2}}|(?:[{_UPPER}][^\W\d_]*['’\-]?){{1,3}})"
_PARTICLE = r"(?:von|van|der|den|de|del|della|di|da|dos|du|la|le|bin|ibn|al|el|ter|zu|y|e)"
_NAME = re.compile(
    rf"{_NAME_WORD}(?:[ \t]+(?:{_PARTICLE}[ \t]+){{0,2}}{_NAME_WORD}){{1,3}}|[一-鿿가-힣぀-ヿ]{{2,6}}"
)
_INVERTED = re.compile(
    rf"{_NAME_WORD},[ ]{_NAME_WORD}(?:[ ]{_NAME_WORD})?(?=\s*(?:$|[\n<(\"'*]))", re.MULTILINE
)
_SINGLE_NAME = re.compile(
    rf"[{_UPPER}][^\W\d_]{{2,20}}(?![\w.@])|[a-z][a-z0-9_\-]{{1,20}}(?:\.[a-z0-9_\-]{{1,20}})?(?![\w@/.])"
)
_NOT_PEOPLE = re.compile(
    r"(?i)\b(?:inc|llc|ltd|limited|gmbh|corp|corporation|company|co|foundation|project|projects|authors?|contributors?|team|teams|software|technolog\w+|labs?|group|university|"
    r"institute|institut|committee|consortium|association|community|developers?|maintainers?|google|microsoft|facebook|meta|apple|amazon|oracle|ibm|intel|nvidia|amd|mozilla|apache|"
    r"jetbrains|red hat|canonical|sun microsystems|free software|open source|regents|rights|reserved|license[ds]?|copyright|the|and|or|of|for|this|your|name|organization|owner|holders?|systems|"
    r"solutions|networks?|media|studio|services|international|research|center|centre|department|laboratory|linux|gnu|python|rust|java|kotlin|android|version|all|bot|action|actions|user|year|"
    r"some|any|unknown|anonymous|none|null|example|test|first|last|full|by|see|file|code|api|sdk|press|society|bank|agency|council|office|school|college|hospital|security|engineering|platform|core|data|kernel)\b"
)
_PLACE = re.compile(
    r"""(?xi) (?:
      (?P<tag> @author | @maintainer | \\author\{ | :author: | <authors?>(?:\s*<name>)? | <developer>\s*<name> | __author__\s*(?::\s*\w+\s*)?=\s* | __maintainer__\s*=\s* | @reviewer | @assignee | @owner | debfullname= | __(?:credits|contact)__\s*=\s* | spdx-filecontributor: )
    | (?P<copyright> (?:copyright|copr\.|©|&copy;|\(c\)|spdx-filecopyrighttext:) (?:_*["']?[ \t]*[:=][ \t]*["']?)? (?:[ \t]*(?:copyright|\(c\)|©|&copy;|:))* [ \t]* (?:(?:19|20)\d\d (?:[ \t]*[-–,][ \t]*(?:(?:19|20)?\d\d|present|now))* ,?)? [ \t]* (?:by[ \t]+)? )
    | (?P<trailer> git_(?:author|committer)_name | (?:author|committer|maintainer|owner|reviewer|display|real|full)[._ -]?name | autor(?:e|es|in)? | auteurs? | verfasser(?:in)? | bearbeiter | (?:signed-off|ported|adapted|extended|enhanced|updated|edited|fixed|revised|rewritten|refactored|coded|programmed|drafted|prepared|submitted|posted|packaged|documented|verified|requested|merged|work|co-authored|co-developed|reviewed|acked|tested|reported|suggested|approved|reviewed-and-tested|helped|mentored|written|created|developed|maintained|modified|authored|made|commited|committed|contributed|designed|implemented)[- ]by | cc | from | author\(s\) | authors? | committer | maintainers? | reviewers? | assignee | contact | owner | created[ _-]by | last[ _]?editors? | lastmodifiedby | contributors? | commit | last[ _]modified[ _]by | user\.name | full[ _-]?name | translator | editor | approver | (?:created|written|modified|updated)[ ]on[ ][\d/.-]+[ ]by )
      ["']? [ \t]* [:=,\[(]{0,2} [ \t]* \[? \s* (?:-[ ])? (?: \{? \s* ["']?name["']? \s* [:=] \s* )? ["']?
    )"""
)
_AFTER_TAG = re.compile(r"""[ \t:=,\["'(]{0,6}(?:<a href="[^"\n]{0,100}">)?""")


def name_at(text: str, start: int) -> Iterator[Finding]:
    """Find a person's name behind a tag, a copyright or a trailer that begins at `start`."""
    match = _PLACE.match(text, start)
    inner = text[start] == "_" and match is None  # package_author
    match = _PLACE.match(text, start + 1) if inner else match
    if match is None or (match["trailer"] and not inner and text[start - 1 : start].isalnum()):
        return
    position = _AFTER_TAG.match(text, match.end()).end()  # type: ignore[union-attr]
    firm = match["trailer"] is None or "by" in match["trailer"].lower()
    for number in range(4):  # a list of names
        name = (None if match["copyright"] else _INVERTED.match(text, position)) or _NAME.match(
            text, position
        )
        if name is None:
            if (
                match["tag"]
                and position < len(text)
                and (single := _SINGLE_NAME.match(text, position))
                and not _NOT_PEOPLE.search(single[0])
                and single[0].lower() not in GENERIC_USERS
                and not is_placeholder(single[0])
                and not text[single.end() : single.end() + 2].strip().startswith(("(", "="))
            ):
                yield Finding(*single.span(), "person", "personal", Rank.PERSONAL)
            return
        after = text[name.end() : name.end() + 80]
        separated = re.match(r"""["']?\s*(?:$|[\n,;.<("'*/\]})|\\]|\d{4}|on \d|and\b|-->|--\]|at\b)""", after)
        spelled = re.search(
            r"[=:]\s*[\[(]?\s*[\"']?$|[\"'] *$|,\s*[\"']$|- [\"']?$", text[max(0, position - 4) : position]
        )
        mailed = re.match(r"""["']?\s*[<(]\s*[\w.+-]+@""", after)
        if (
            not _NOT_PEOPLE.search(name[0])
            and not is_placeholder(name[0])
            and (mailed or (separated and (firm or spelled or number)))
        ):
            yield Finding(*name.span(), "person", "personal", Rank.PERSONAL)
        more = re.compile(
            r"(?:\s*<[^<>\n]{3,80}>)?(?:,\s*(?:and\s+)?|\s+and\s+|\s*&\s*|[\"'],\s*[\"'])(?=\w)|[\"']?\s*\n\s*-[ ][\"']?(?=\w)"
        ).match(text, name.end())
        if more is None:
            return
        position = more.end()


_PAIR = re.compile(
    rf"""["']?[ \t]*[:=][ \t]*["']?(?P<name>{_NAME_WORD}(?:[ \t]+(?:{_PARTICLE}[ \t]+){{0,2}}{_NAME_WORD}){{1,3}})["']?[ \t]*(?=[,;\n}})\]]|\w*[Mm]ail|$)"""
)
_MAIL_KEY = re.compile(r"""(?i)(?:e-?mail|mail)(?:address)?["']?\s{0,4}[:=]\s{0,4}["'<]?[\w.+\-]{1,64}@""")


def pair_at(text: str, start: int) -> Iterator[Finding]:
    """Find the name in `name: …, email: …`, whose key stands at `start`; the mail address may come before."""
    match = _PAIR.match(text, start + 4)
    if match is None or not _MAIL_KEY.search(text, max(0, start - 120), match.end() + 120):
        return
    if not _NOT_PEOPLE.search(match["name"]) and not is_placeholder(match["name"]):
        yield Finding(*match.span("name"), "person", "personal", Rank.PERSONAL)


_BYLINE = re.compile(
    rf"\n?[ \t]*(?:#|//|/?\*+|--|;|%|<!--)+[ \t]*[Bb]y:?[ \t]+(?P<name>{_NAME_WORD}(?:[ \t]+(?:{_PARTICLE}[ \t]+){{0,2}}{_NAME_WORD}){{1,3}})[ \t]*(?=$|[\n,;<(*|]|-->|\d{{4}}|on \d)"
)


def byline_at(text: str, start: int) -> Iterator[Finding]:
    """Find the name in a comment that is nothing but `by Name`, and a date perhaps."""
    match = _BYLINE.match(text, start)
    if match and not _NOT_PEOPLE.search(match["name"]) and not is_placeholder(match["name"]):
        yield Finding(*match.span("name"), "person", "personal", Rank.PERSONAL)


_TUPLE = re.compile(
    rf"""["'](?P<name>{_NAME_WORD}(?:[ \t]+(?:{_PARTICLE}[ \t]+){{0,2}}{_NAME_WORD}){{1,3}})\Z"""
)


def tuple_at(text: str, start: int) -> Iterator[Finding]:
    """Find the name in `"Name", "mail"`, whose closing quote stands at `start`."""
    yield from mail_at(text, text.index("@", start))
    match = _TUPLE.search(text, max(0, start - 80), start)
    if match and not _NOT_PEOPLE.search(match["name"]) and not is_placeholder(match["name"]):
        yield Finding(*match.span("name"), "person", "personal", Rank.PERSONAL)


def bracket_at(text: str, start: int) -> Iterator[Finding]:
    """Find the name and the address in `Name <mail>`, whose bracket stands at `start`."""
    yield from name_before_mail(text, start)
    yield from mail_at(text, text.index("@", start))


_NAME_BEFORE = re.compile(
    rf"(?:{_NAME_WORD}[ \t]+(?:{_PARTICLE}[ \t]+){{0,2}}){{1,3}}{_NAME_WORD}[ \t]*[\"']?[ \t]*\Z"
)


def name_before_mail(text: str, bracket: int) -> Iterator[Finding]:
    """Find `Name` in `Name <mail>`, whose bracket stands at `bracket`."""
    low = max(text.rfind("\n", 0, bracket) + 1, bracket - 80)
    if not re.compile(r"<[\w.+\-]{1,64}@[\w.\-]{3,80}>").match(text, bracket):
        return
    match = _NAME_BEFORE.search(text, low, bracket)
    if match is None:
        return
    name = match[0].rstrip(" \t\"'")
    if not _NOT_PEOPLE.search(name) and not is_placeholder(name):
        yield Finding(match.start(), match.start() + len(name), "person", "personal", Rank.PERSONAL)


_TODO = re.compile(
    r"(?i:TODO|FIXME|XXX|HACK|BUG|NOTE|REVIEW|OPTIMIZE)(?::?[ \t]*\(\s*@?|:?[ \t]+@|:?[ \t]*\[\s*@?)(?P<user>[A-Za-z][\w.\-]{1,38})\s*[)\]:,\s]"
)
_NOT_USERS = re.compile(
    r"(?i)(?:.*\d{3,}|[A-Z]{2,}-\d+|gh-\d+|issue.*|perf.*|security|cleanup|later|docs?|tests?|refactor\w*|bug|feature|api|ui|v\d.*|next|soon|ci|low|high|medium|minor|major|critical|important|"
    r"optional|temp|async|typing|types?|error|errors|config|windows|linux|macos|python\d*|all|everyone|anyone|me|nobody|someone|team|name|user|username|performance|deprecated|breaking|i18n|a11y|p\d|https?|\d.*)"
)


def todo_at(text: str, start: int) -> Iterator[Finding]:
    """Find the account in TODO(account) at `start`."""
    match = _TODO.match(text, start)
    if (
        match
        and not _NOT_USERS.fullmatch(match["user"])
        and match["user"].lower() not in GENERIC_USERS
        and not is_placeholder(match["user"])
    ):
        yield Finding(*match.span("user"), "account", "personal", Rank.PERSONAL)
