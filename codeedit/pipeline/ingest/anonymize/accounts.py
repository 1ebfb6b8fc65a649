"""Accounts by their place, whatever they are called: beside a password, behind a command, in a log, among reviewers.

Who a password belongs to stands right beside it: `user:password`, `("user", "password")`, `user=…;password=…`,
`-u user -p password`, `CREATE USER user IDENTIFIED BY …`.  So no list of names is needed there: what is found as a
password tells where to look.  Accounts of services stand in the same places; those with such a word stay.
"""

# ruff: noqa: E501, SIM905 - tables of words and patterns

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.holders import is_holder
from codeedit.pipeline.ingest.anonymize.names import Hint, hint
from codeedit.pipeline.ingest.anonymize.persons import is_account
from codeedit.pipeline.ingest.anonymize.phrases import PLAIN_PASSWORDS
from codeedit.pipeline.ingest.anonymize.shapes import is_dummy, is_technique

_U = r"(?P<user>[A-Za-z][\w\-]{1,31}(?:\.[\w\-]{1,24}){0,2})"

# Words that are no account where one could stand: of types, of languages, of forms, of what a thing is called.
_NO_LOGINS = frozenset(
    "string str text char varchar int bool true false none null nil undefined object self this type value var let const new return await function lambda def class public private "
    "required optional secret password passwd pass pwd token key login logon account auth basic bearer email mail phone address session cookie header url uri host hostname port "
    "database dbname schema table server domain realm driver scope role roles group groups wheel staff dialout nogroup everyone anyone nobody anonymous authenticated owner member members input field form label "
    "with elastic neo4j scott rabbitmq clickhouse cassandra couchbase influx minio keycloak sonarqube jira confluence wordpress drupal magento odoo superset metabase nextcloud drone teamcity bamboo harbor rancher loader shop orders billing ledger inventory store payments tiger without from into and the for not has are was his her its your our any all each every other another same current default example sample expected actual valid invalid wrong correct unknown first last "
    "one two three local remote internal external global prod stage staging live primary secondary read write main backup master slave hand default protoc accident".split()
)
_CODE_WORD = re.compile(
    r"[a-z]+[A-Z]\w*|[A-Z][A-Z_\d]+|\w*__\w*|_.*|.*\.(?:com|org|net|io|de|py|js|ts|go|rs|java|c|h|sh|txt|tgz|gz|zip|tar|log|csv|json|ya?ml|xml|sql|html?|local)"
)


@lru_cache(maxsize=4096)
def is_login(user: str) -> bool:
    """Say whether a word in an account's place may be somebody's: no service's, no word of code, no stand-in."""
    lowered = user.lower()
    return (
        (is_holder(user) or is_account(user))
        and lowered not in _NO_LOGINS
        and lowered not in PLAIN_PASSWORDS
        and not _CODE_WORD.fullmatch(user)
        and hint(user) is Hint.NONE
        and not is_dummy(user)
        and not is_technique(user)
        and not user.endswith(("_", "-"))
    )


_CONSONANTS = "bcdfghjklmnpqrstvwxz"
# How English words and syllables begin.
_ONSETS = frozenset(
    "bl br ch cl cr dr dw fl fr gh gl gn gr kn kl kr ph pl pr ps qu rh sc sh sk sl sm sn sp sq st sw th tr tw wh wr ".split()
)
_INITIAL = re.compile(rf"[{_CONSONANTS}](?P<rest>[a-z]{{4,14}})")
# Behind the initial: how names begin in some languages, beside English ones.
_NAME_ONSETS = _ONSETS | frozenset(
    "kj hj fj sj sz cz dz dj tj bj nj lj mb nd nk ng kh zh zd zb dm gj vl vr mc ts hr hl dl".split()
)
_NUMBERED = re.compile(r"[a-z]{3,16}[._-]?\d{1,4}")
_THINGS = re.compile(
    r"(?:user|test|node|host|server|item|key|val|value|param|arg|var|col|row|field|name|step|part|level|version|page|line|utf|sha|md|base|mp|ipv|http|log|tab|tmp|temp|img|file|dir|block|group|team|db|web|app|foo|bar|baz|"
    r"id|uid|worker|client|agent|admin|account|player|player|member|model|layer|conv|line|point|vec|mat|int|uint|float|bit|x|y|z|win|mac|area|room|zone|region|shard|slot|disk|eth|wlan|vlan|tty|python|java|gpt|llama|alpha|beta|gamma|delta|tensor|const|config|region|option|class|type|mode|test|case|word|text|name|step|stage|phase|part|pyasn|bar|foo|list|array|image|input|output|label|button|device|port|channel|group|cluster|bucket|table|index|query|event|task|job|frame|sample|metric|score|rank|tier|stat|state|status|score|size|width|height|len|max|min|sum|avg|count|num|total|data|info|meta|obj|elem|node|root|leaf|left|right|top|bottom|start|end|first|last|prev|next|old|new|src|dst|from|to)\d+"
)
_ABBREVIATED = frozenset(
    "dtype ctype mtype ftype vtype ptype btree rtree ttree kwargs rstrip lstrip rsplit lsplit rfind lfind rjust ljust fprintf vprintf sprintf snprintf pthread cstring wstring bstring cmake xmalloc kmalloc vmalloc lvalue rvalue nvidia dlopen fclose fread fwrite fseek fputs fgets lseek "
    "nlines npoints nchannels nframes nsamples nitems nfiles nclasses nlayers nheads xlabel zlabel xscale xlim zlim bzip msgpack ncurses jsonp wchar tcpdump mtime msecs nsecs xsize zsize ctrl xhost dsize tsize fsize vsize lsize rsize lhs rhs mdash ndash nbsp cdots ldots vdots vmax vmin xmax xmin hmax "
    "xpos zpos vpos lpos rpos mpos cpos npos fmod fmax fmin dfile tfile mfile dlist nlist vlist tlist mlist rlist clist llist tmap fmap bmap cmap nmap hmap mmap kmap rmap lmap gmap vmap dmap "
    "tslint xdoctest "
    "fname lname pname sname dname cname vname uname fpath xpath jpath nbytes nrows ncols jquery jboss dbname dbuser mname tname bname gname rname hname kname qname wname nname pgadmin pgpool csrf xhtml mkdir rmdir chmod fstat lstat mtime ctime ntime "
    "ssl tls dsa rsa mysql nginx psql sqlite mssql http https html xml json yaml ldap smtp imap sftp rsync kvm npm pnpm tmux zsh bash csh".split()
)


@lru_cache(maxsize=4096)
def is_handle(user: str) -> bool:
    """Say whether a word is no word of a language, but an initial and a surname, or a word with a number: `hkessel`, `owl42`."""
    if not is_login(user) or not 4 <= len(user) <= 24:
        return False
    if user.islower() and _NUMBERED.fullmatch(user) and not _THINGS.fullmatch(user):
        return True
    match = _INITIAL.fullmatch(user)
    if match is None or user in _ABBREVIATED:
        return False
    rest = match["rest"]
    if user[:2] in _ONSETS or rest[0] not in _CONSONANTS or not set(rest) & set("aeiouy"):
        return False
    return rest[1] not in _CONSONANTS or rest[:2] in _NAME_ONSETS


def is_somebody(user: str) -> bool:
    """Say whether a word is an account by itself: made of a known name, or a handle."""
    return is_account(user) or is_handle(user)


def _account(match: re.Match[str]) -> Finding:
    return Finding(*match.span("user"), "account", "personal", Rank.PERSONAL)


# --- beside a password

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
    rf"""(?i)(?:(?<![a-z])|_|(?<=[a-z])(?=[A-Z])){_LOGIN_KEY}{_OPERATOR}{_U}(?=\\?["'`<\s;,)&@}}\]]|\Z)"""
)
_KEYED_CAMEL = re.compile(
    rf"""(?:[a-z](?:User|UserName|Username|UserId|Login|Uid)){_OPERATOR}{_U}(?=\\?["'`<\s;,)&@}}\]]|\Z)"""
)
_FLAG = re.compile(
    rf"""(?:^|[\s"'`,(\[])(?:-u|-U|--user(?:name)?|--login|/u(?:ser)?:|/ru[ ])["']?[ =]?[,]?[ ]?["']?(?:[\w-]{{1,16}}\\)?{_U}(?=["'`\s,:%@)\]]|\Z)"""
)
_WORDED = re.compile(
    rf"""(?i)\b(?:(?:create|alter|drop)\s+(?:user|role|login)|password\s+for|grant\b[^\n;]{{0,100}}?\bto|net\s+user|add_user|change_password|htpasswd(?:\s+-\w+){{0,3}}\s+\S+|(?<![\w.])(?:user|login)|wpa_user|add-user|adduser|useradd|-name)(?:\s+["'`]?|["'`]){_U}(?=["'`\s,@]|\Z)"""
)
# Right before the password.
_JOINED = re.compile(rf"""(?:\A|[\s"'`=(\[{{,;|>/@]|-u|-U){_U}(?P<mark>[:%/,])["'`]?\$?\Z""")
_LISTED = re.compile(
    rf"""["'`]{_U}["'`]\]?\s{{0,3}}(?P<mark>,|=>|:|=|to\b)\s{{0,3}}(?:[\w.(-]{{1,40}}[( ]|new\s+\w+\()?[brufN@$&]{{0,2}}["'`]\Z"""
)
_NAMED = re.compile(
    rf"""\bname["']?[ ]?(?:=>|[:=])[ ]?["']?{_U}["']?(?:,\s{{0,40}}|[ \t]*\n[ \t]*)["']?(?i:\w{{0,12}}pass\w*|secret|pwd)["']?[ ]?(?:=>|[:=])[ ]?["']?\Z"""
)
_CELL = re.compile(
    rf"""(?:\|[ ]*[`*]{{0,2}}{_U}[`*]{{0,2}}[ ]*\|[ ]*[`*]{{0,2}}|(?:^|[\s`*:(]){_U.replace("user", "slash")}[`*]{{0,2}}[ ]/[ ][`*]{{0,2}})\Z"""
)
_CALLED = re.compile(
    r"(?i)(?:login|log_?on|log_?in|sign_?in|connect|auth\w*|credentials?|basic\w*|user\w*|ftp|imap\w*|smtp\w*|password\w*|mysqli|pdo|account)\w{0,16}[(\[{=:][^()]{0,80}\Z"
)


def beside_secrets(text: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Find the accounts that the passwords among some findings belong to."""
    for finding in findings:
        if finding.area == "secret" and finding.kind in _KINDS and finding.end - finding.start <= 300:
            yield from _owner_of(text, finding)


def _owner_of(text: str, secret: Finding) -> Iterator[Finding]:
    """Find the account of one password."""
    start, end = secret.start, secret.end
    low = max(0, start - _BEFORE)
    joined = _JOINED.search(text, low, start)
    if joined and _is_joined(text, joined, secret):
        yield _account(joined)
        return
    listed = _LISTED.search(text, low, start)
    if listed and _is_listed(text, listed, low):
        yield _account(listed)
        return
    if (named := _NAMED.search(text, low, start)) and is_login(named["user"]) and named["user"].islower():
        yield _account(named)
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
                yield _account(match)
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


# --- behind a command, in a log, among reviewers

_END = r"(?=[\s\"'`;&|),:@\]]|\Z)"
# RE2's syntax.
COMMAND_ANCHOR = (
    r"\bsu[ ]+-[ ]?\w|\bsudo[ ]+(?:-\w+[ ]+){0,2}-[A-Za-z]*u[ ]|\brunuser[ ]|\bchown[ ]|\b(?:useradd|usermod|userdel|adduser|deluser|chage|gpasswd|chsh)[ ]|\bcrontab[ ]+-u[ ]|\bMatch[ ](?i:user)[ ]"
    r"|\bssh[ ]+(?:-\w+[ ]+)*-l[ ]|New-(?:Local|AD)User[ ]|\benable-linger[ ]|--chown="
)
_COMMAND = re.compile(
    rf"""(?:su[ ]+-[ ]?(?:l[ ]+)?|sudo[ ]+(?:-\w+[ ]+){{0,2}}-[A-Za-z]*u[ ]+|runuser[ ]+(?:-\w+[ ]+){{0,2}}|chown[ ]+(?:-{{1,2}}[\w-]+[ ]+){{0,3}}|(?:useradd|usermod|userdel|adduser|deluser|chage|chsh|gpasswd)\b[^\n;|&]{{0,120}}?[ ](?=[\w.-]+[ \t]*(?:$|[;&|"'`)]))|crontab[ ]+-u[ ]+|Match[ ](?i:user)[ ]+|ssh[ ]+(?:-\w+[ ]+){{0,3}}-l[ ]+|New-\w+User[ ]+-Name[ ]+["']?|enable-linger[ ]+|--chown=){_U}{_END}""",
    re.MULTILINE,
)
LOG_ANCHOR = (
    r"(?i:\buser[ ]?[\"'][a-z]|\b(?:signed|logged|logging)[ ](?:in|on)[ ]as[ ]|\b(?:connected|authenticated|connecting|cloning|running|runs)[ ](?:\w+[ ]){0,3}as[ ]|\bowner: [a-z]|\b(?:logname|ruser)=[a-z])"
    r"|\bsudo: +[a-z]|\b[ug]id=\d+\(|\bgroups=\d+\(|[-dlbcps][rwx-]{2}[rwxsS-][rwx-]{2}[rwxsS-][rwx-]{2}[rwxtT-][.+@]?[ ]+\d+[ ][a-z]"
)
_LOGGED = re.compile(
    rf"""(?:(?i:user[ ]?["']|(?P<as>(?:signed|logged|logging)[ ](?:in|on)[ ]as[ ]|(?:connected|authenticated|connecting|cloning|running|runs)[ ](?:\w+[ ]){{0,3}}as[ ])["'`]?|owner:[ ]|(?:logname|ruser)=)|sudo:[ ]+){_U}{_END}"""
)
_IDS = re.compile(r"(?:[ug]id=|groups=|,)\d{1,7}\((?P<user>[a-z][\w.-]{1,31})\)")
_LISTING = re.compile(
    r"[-dlbcps][rwxsStT-]{9}[.+@]?[ ]+\d{1,4}[ ](?P<user>[a-z][\w.\-]{1,31})[ ]+(?P<group>[a-z][\w.\-]{1,31})[ ]"
)


def command_at(text: str, start: int) -> Iterator[Finding]:
    """Find the account that a command is about whose name begins at `start`."""
    match = _COMMAND.match(text, start, start + 260)
    if match and is_login(match["user"]) and match["user"].islower():
        yield _account(match)


def logged_at(text: str, start: int) -> Iterator[Finding]:
    """Find the account in a line of a log, of `id` or of `ls`, at `start`."""
    if listing := _LISTING.match(text, start):
        for group in ("user", "group"):
            if is_login(listing[group]):
                yield Finding(*listing.span(group), "account", "personal", Rank.PERSONAL)
        return
    if ids := _IDS.match(text, start):
        if is_login(ids["user"]):
            yield _account(ids)
        return
    match = _LOGGED.match(text, start, start + 120)
    if match is None or not is_login(match["user"]) or not match["user"].islower():
        return
    ended = text[match.end() : match.end() + 2].strip()[:1] in ("", ".", "@", '"', "'", "`", "(", ":")
    if is_somebody(match["user"]) or (match["as"] is None and ended):
        yield _account(match)


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
    rf"""\s*(?:-[ ](?:name:[ ]|login:[ ]|user:[ ])?|\[[ ]?|,[ ]?)?[\"'`]?@?{_U}[\"'`]?(?=[ \t]*(?:[\n,\]}}"';)#]|\Z|\(|<|[ ][@\-a-z]))"""
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
        if is_somebody(item["user"]) or (alone and item["user"].islower() and is_login(item["user"])):
            yield _account(item)
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


_REST = re.compile(r"\n[ ]{3,12}(?!-)[^\n]{1,120}(?=\n)")

# Who wrote something, in a comment: one word.
AUTHOR_ANCHOR = (
    r"(?i:\b(?:author|maintainer)[ ]?:[ ]+@?[a-z][\w.-]+\s|(?:\*|#|//|--)[ ]?(?:author|maintainer|owner|contact)[ ][a-z][\w.-]+\s|\b(?:written|created|modified|maintained|reviewed|added|fixed|changed|ported|updated|owned)[ ]by[ ]@?[a-z][\w.-]+|\b(?:todo|fixme|xxx|hack|modified|changed|updated|edited)[ ][a-z][\w.-]+[,:]?[ ](?:(?:19|20)\d\d-|\d\d/)|\bcc[ ]@[a-z])"
    r"|\b(?:XXX|TODO|FIXME|HACK)[ ][a-z][\w.-]+[ ]-"
)
_AUTHOR = re.compile(
    rf"(?:[*#/-]+[ ]?)?(?P<key>[A-Za-z]+(?:[ ]by)?)(?P<colon>[ ]?:)?[ ]+(?P<at>@?){_U}(?![\w(@/.]*\w[(/@])"
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
        yield _account(match)


# An account that is no word of English by its beginning, or has a number, behind a word that leads to one.
_ODD = (
    "(?:b[cdfgjkmnpqstvwxz]|c[bcdfgjkmnpqstvwxz]|d[bcdfgjkmnpqstvxz]|f[bcdfgjkmnpqstvwxz]|g[bcdfgjkmpqstvwxz]|h[bcdfghjklmnpqrstvwxz]|k[bcdfgjkmpqstvwxz]|p[bcdfgjkmnqtvwxz]|"
    "r[bcdfgjklmnpqrstvwxz]|s[bdfgjrsvxz]|t[bcdfgjklmnpqstvxz]|w[bcdfgjklmnpqstvwxz]|[jlmnvxz][b-df-hj-np-tv-xz])[a-z]{3}"
)
_DONE = r"(?:signed|deployed|pushed|triggered|requested|started|committed|commit|merged|assigned|approved|reviewed|owned|created|reported|modified|changed|updated|fixed|added|tested|verified|maintained|written|submitted|posted)[ -]by"
_LEADS = rf"(?:\b(?:user|login(?:[ ]name)?|finger|passwd|maintainer|username|account|cn|uid|(?:github|gitlab)\.com|{_DONE}|{_DONE} user)|/(?:homes?|mail|cron|crontabs)|[ ]-[uU])[ :=/]{{1,2}}@?"
# RE2's syntax.
HANDLE_ANCHOR = (
    rf"(?i:{_LEADS})(?:{_ODD}|[a-z]{{3,14}}\d\d)|<(?:user|username|owner|author|login|assignee|reporter|creator)>[a-z]"
    rf"|\b[A-Z]{{3,12}}\\\\?{_ODD}|(?:#|//|--|\*)[ ]{_ODD}[a-z]{{0,10}}(?:[:,]|[ ]\d)|\b{_ODD}[a-z]{{0,10}}[ ]logged[ ]"
)
_ELEMENT = re.compile(rf"<(?P<tag>\w+)>\s{{0,8}}{_U}\s{{0,8}}</(?P=tag)>")
_LED = re.compile(rf"(?:(?i:{_LEADS})|[A-Z]{{3,12}}\\{{1,2}}|(?:#|//|--|\*)[ ]|){_U}(?![\w(\[]|\.\w|[ ]?=)")


def handle_at(text: str, start: int) -> Iterator[Finding]:
    """Find the handle behind a word that leads to an account, in an element, in a domain or at a comment's beginning, at `start`."""
    if element := _ELEMENT.match(text, start, start + 80):
        if is_login(element["user"]) and element["user"].islower():
            yield _account(element)
        return
    match = _LED.match(text, start, start + 100)
    numbered = (
        match is not None and match["user"][-1].isdigit() and not match["user"][-2:].isdigit()
    )  # urllib3
    if match and is_handle(match["user"]) and not numbered:
        yield _account(match)
