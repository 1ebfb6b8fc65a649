"""Passwords on command lines, in the statements of SQL, and in the files of netrc's and pgpass's kind."""

# ruff: noqa: E501 - patterns

from __future__ import annotations

import re
from collections.abc import Iterator

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.phrases import PLAIN_PASSWORDS, is_few_words
from codeedit.pipeline.ingest.anonymize.shapes import is_dummy, is_strong
from codeedit.pipeline.ingest.anonymize.simple import is_dotted, is_likely, is_simple

_PROGRAMS_P = r"mysql|mysqldump|mysqladmin|mysqlimport|mariadb|mariadb-dump"
_PROGRAMS = (
    r"redis-cli|mongo|mongosh|mongodump|mongorestore|mongoimport|mongoexport|docker[ ]+login|podman[ ]+login|skopeo[ ]+login|helm[ ]+registry[ ]+login|"
    r"az[ ]+login|oc[ ]+login|cf[ ]+login|sqlcmd|7z|zip|unzip|ldapsearch|ldapadd|ldapmodify|ldappasswd|smbclient|bcp|rabbitmqadmin|sqlplus|clickhouse-client|cypher-shell|lftp|"
    r"ipmitool|xfreerdp|cqlsh|influx|tsh|svn|ncftpput|openssl[ ]+enc|cryptsetup|nmcli|mosquitto_(?:pub|sub)|p4|psexec(?:\.exe)?|rdesktop|plink|pscp|psftp|twine|vncpasswd|keytool|jarsigner|impacket-\w+|evil-winrm|crackmapexec|security[ ]+(?:unlock|create)-keychain|conan[ ]+\w+[ ]+login|signtool|cmdkey|wmic|runas|mc[ ]+alias[ ]+set|doveadm[ ]+auth|steamcmd(?:\.exe|\.sh)?|curlftpfs|mount\.cifs|sshuttle|kubectl[ ]+config|aws[ ]+configure[ ]+set|gh[ ]+secret|heroku[ ]+config:set|firebase|sentry-cli|codecov|snyk|vault[ ]+operator[ ]+unseal|vault[ ]+unseal"
)
# RE2's syntax.
ANCHOR = (
    r"(?:-u|--user|--proxy-user|-U|--auth|-a)[ =]?[\"']?[\w.@%+-]+:[^\s\"'/:]|-U[ ]?[\"']?[\w\\\\/.-]+%[^\s\"']{4}"
    r"|\b(?:sqlplus|impdp|expdp|exp|imp|sqlldr|rman|ssh-keygen|rar|isql|tsql|bcp)[ ]|(?i:sp_addlogin[ ]|\bpragma[ ]+(?:re)?key|\battach[ ]+database)"
    rf"|\b(?:{_PROGRAMS_P}|{_PROGRAMS}|sshpass|net[ ]+user?|net[ ]+use|htpasswd|useradd|usermod|rabbitmqctl|wpa_passphrase|iwconfig|schtasks)(?:[ ]|[\"'],)"
    r"|(?:-u|--user)[\"'],[ ]?[\"'][\w.@-]+:|/p:[^\s\"']{5}|<<<[ ]?[\"']?[^\s\"'$]{6}"
    r"|--?(?i:pass|passin|passout|password|passphrase|passwd|storepass|keypass|requirepass)[ =][\"']?[^\s\"'$<{-][^\s\"']{5}"
    r"|\|[ ]?(?:sudo|docker|podman|passwd|chpasswd|gpg|cryptsetup|helm|skopeo|base64|openssl|kinit|su|oras|crane|buildah|smbpasswd)\b"
    r"|\b(?:pass|file):[^\s\"'$<{]{8}"
    r"|(?i:identified[ ]+(?:with[ ]+\w+[ ]+)?(?:by|as)[ ]|\bmachine\s+\S+\s+login\s|\blogin\s+\S+\s+password\s|(?:create|alter)[ ]+(?:user|role|login)[ ]|\bpassword[ ]*\([ ]*['\"]|ftp:ftp|\bset[ ]+password|convertto-securestring[ ])"
    r"|\buser[ ]+[\w.@-]+[ ]+[^\s\"'=]{6}[^\s\"'=]*[ \t]*\n|\bvault[ ]+login[ ]|(?i:\b(?:login|logon|account|user|wi-?fi|wlan|creds|credentials|zugang)[: ]{1,2}[\w.@-]+[ ]?[/|][ ]?[^\s/]{8})"
    r"|:(?:\d{4,5}|\*):[\w*.-]+:[\w*.@-]+:[^\s:]{5}|@(?:tcp|udp|unix)\(|:(?:thin|oci):\w+/"
    r"|[\"'](?:-u|--user(?:name)?|-U|--login)[\"'],[ ]?[\"'][\w.@\\-]+[\"'],[ ]?[\"'](?:-p|--pass\w*|-w|-P|--pw)[\"'],|(?:-u|--user(?:name)?|-U|--login)[ =][\w.@\\-]+[ ]+(?:-p|--pass\w*|-w|-P|--pw)[ =]|(?i:\bidentify[ ]+[\w-]+[ ]+\S{6}|\bconnect[ ]+\w+/\S{4})|\]:\d{2,5}[ \t]+\S{1,60}:\S{6}"
    r"|\b(?:r[ow]community6?|trapcommunity|trap2?sink|com2sec6?|createUser|snmp(?:walk|get|set|bulkwalk|bulkget|getnext|table|trap|inform))[ \t]"
    r"|(?:l2tpd|pptpd)[ \t]+[\"']?\S{6}|[ \t]\*[ \t]+[\"'][^\s\"']{6,40}[\"'][ \t]+\*"
    r"|(?i:\b(?:acl setuser|user)[ ]+\w+[ ]+(?:(?:on|off|~\S+|[+&]\S+)[ ]+)+>)"
)

_P: tuple[tuple[str, bool], ...] = (
    # (pattern, whether a value counts that is not strong beyond doubt: a likely one; with quotes words, too)
    (r"mc\s+alias\s+set\s+\S{1,60}\s+\S{1,120}\s+\S{1,80}\s+[\"']?(?P<value>[^\s\"'`]{4,100})", True),
    (r"doveadm\s+auth\s+\w+\s+\S{1,100}\s+[\"']?(?P<value>[^\s\"'`]{4,100})", True),
    (r"steamcmd\b[^\n]{0,60}?\+login\s+\S{1,60}\s+[\"']?(?P<value>[^\s\"'`+-][^\s\"'`]{3,100})", True),
    (
        r"(?:conan\s+\w+\s+login|security\s+\w+-keychain|signtool|cmdkey|wmic)\b[^\n|;&]{0,160}?\s(?:--password|/pass(?:word)?|-p|/p)(?![a-z])[ :=]{0,3}[\"']?(?P<value>[^\s\"'`-][^\s\"'`]{3,100})",
        True,
    ),
    (r"nmcli\b[^\n|;&]{0,160}?\spassword\s+[\"']?(?P<value>[^\s\"'`]{8,63})", True),
    (r"codecov\b[^\n|;&]{0,160}?\s-t[ =](?P<value>[0-9a-f]{8}-[0-9a-f-]{27}|\S{20,60})", True),
    (r"\.io/bash\)[ ]+(?:-\S+[ ]+){0,4}-t[ =](?P<value>[0-9a-f]{8}-[0-9a-f-]{27})", True),
    (r"vault\s+(?:operator\s+)?unseal\s+(?:-\S+\s+){0,2}(?P<value>[A-Za-z0-9+/=]{32,100})", True),
    (r"lftp\b[^\n]{0,80}?-u\s+[\"']?[\w.@-]{1,60},[\"']?(?P<value>[^\s\"'`]{4,100})", True),
    (r"(?:r[ow]community6?|trapcommunity)[ \t]+[\"']?(?P<value>[^\s\"'`]{4,64})", True),
    (r"snmp\w+[ ][^\n|;&]{0,120}?-[cA][ ]+[\"']?(?P<value>[^\s\"'`-][^\s\"'`]{3,64})", True),
    (r"trap2?sink[ \t]+\S{1,80}[ \t]+[\"']?(?P<value>[^\s\"'`]{4,64})", True),
    (
        r"com2sec6?[ \t]+(?:-Cn[ \t]+\S+[ \t]+)?\S{1,60}[ \t]+\S{1,60}[ \t]+[\"']?(?P<value>[^\s\"'`]{4,64})",
        True,
    ),
    (
        r"createUser[ \t]+(?:-e[ \t]+\S+[ \t]+)?\S{1,60}[ \t]+(?:MD5|SHA[\d-]*)[ \t]+[\"']?(?P<value>[^\s\"'`]{8,100})",
        True,
    ),
    (
        r"[\"']?(?:-u|--user(?:name)?|-U|--login)[ =]+[\w.@\\-]{1,60}[ ]+(?:-p|--pass\w*|-w|-P|--pw)[ =]{0,6}[\"']?(?P<value>[^\s\"'`-][^\s\"'`]{3,100})",
        True,
    ),
    (r"(?i)identify\s+[\w-]{1,40}\s+(?P<value>[^\s\"'`]{6,100})", False),
    (r"(?i)connect\s+\w{1,40}/(?P<value>[^\s\"'`@/]{4,60})(?=@|\s|;|$)", False),
    (r"\]:\d{2,5}[ \t]+[^\s:]{1,80}:(?P<value>\S{6,100})", True),
    (r"(?:l2tpd|pptpd|[ \t]\*)[ \t]+[\"']?(?P<value>[^\s\"']{6,60})[\"']?[ \t]+\*", True),
    (r"wpa_passphrase\s+[\"']?[^\"'\n]{1,40}?[\"']?\s+[\"']?(?P<value>[^\s\"'`]{8,63})[\"']?\s*$", True),
    (r"iwconfig\s+\w+\s+key\s+s:(?P<value>[^\s\"']{5,40})", True),
    (r"schtasks\b[^\n]{0,160}?/rp\s+(?P<value>[^\s\"']{4,60})", True),
    (r"user[ ]+[\w.@-]{2,60}[ ]+(?P<value>[^\s\"'`<>()=]{6,64})[ \t]*$", False),
    (r"/p:(?P<value>[^\s\"']{6,60})", False),
    (r"<<<[ ]?[\"']?(?P<value>[^\s\"'$]{6,100})[\"']?\s*$", False),
    (r"-U[ ]?[\"']?[\w\\/.-]{1,64}%(?P<value>[^\s\"'`]{4,100})", True),
    (
        r"(?:sqlplus|impdp|expdp|exp|imp|sqlldr|rman)\s+(?:-\w+\s+){0,3}(?:(?:target|catalog)\s+)?(?:\S{1,60}\s+catalog\s+)?[\"']?[\w.]{1,40}/(?P<value>[^\s\"'`@/]{4,60})(?=@|\s|[\"']|$)",
        True,
    ),
    (
        r"(?:ssh-keygen|rar|isql|tsql|bcp)\b[^\n|;&]{0,120}?\s-(?:N|P|hp|pw|p)[ ]?[\"']?(?P<value>[^\s\"'`-][^\s\"'`]{3,100})",
        True,
    ),
    (r"(?i)sp_addlogin\s+N?'[^']{1,60}'\s*,\s*N?'(?P<value>[^'\s]{4,100})'", True),
    (
        r"(?i)(?:pragma\s+(?:re)?key\s*=|attach\s+database\b[^\n]{0,100}?\bkey)\s*[\"'](?P<value>[^\"'\s]{4,100})[\"']",
        True,
    ),
    (
        r"(?:-u|--user|--proxy-user|-U|--auth|-a)[ =]{0,6}[\"']?[\w.@%+-]{1,64}:(?P<value>[^\s\"'`<>:]{3,200})",
        True,
    ),
    (rf"(?:{_PROGRAMS_P})\b[^\n|;&]{{0,120}}?\s-p[\"']?(?P<value>[^\s\"'`-][^\s\"'`]{{2,100}})", True),
    (r"sshpass\s+-p\s*[\"']?(?P<value>[^\s\"'`]{3,100})", True),
    (
        rf"(?:{_PROGRAMS})\b[^\n|;&]{{0,160}}?\s(?:-[pP][ =]{{0,6}}|-[awk][ ]{{1,6}}|--?(?:rpassword|pw|pass|password|storepass|keypass)[ =])[\"']?(?P<value>[^\s\"'`-][^\s\"'`]{{3,100}})",
        True,
    ),
    (
        r"(?i)--?(?:pass|passin|passout|password|passphrase|passwd|storepass|keypass|requirepass)[ =][\"']?(?:pass:)?(?P<value>[^\s\"'`]{4,100})",
        True,
    ),
    (
        r"--?(?:pass|passin|passout|password|passphrase|passwd|storepass|keypass)[ =](?P<quote>[\"'])(?:pass:)?(?P<value>[^\"'`\n]{6,100})(?P=quote)",
        True,
    ),
    (r"pass:(?P<value>[^\s\"'`]{6,100})", True),
    (
        r"(?i)(?:(?:create|alter)\s+(?:user|role|login)\s+\S{1,80}\s+)?identified\s+(?:with\s+[\"']?\w+[\"']?\s+)?(?:by|as)\s+(?:password\s+)?[\"'](?P<value>[^\n\"'`]{3,200})[\"']",
        True,
    ),
    (
        r"(?i)(?:create|alter)\s+user\s+\S{1,80}\s+identified\s+by\s+(?P<value>[^\s\"'`;,]{6,60})(?=\s*;|\s+(?:account|default|temporary|quota|profile|password|replace)\b|\s*$)",
        True,
    ),
    (
        r"(?i)(?:(?:create|alter)\s+(?:user|role|login)\s+\S{1,80}\s+)?identified\s+by\s+(?P<value>[^\s\"'`;,]{6,60})",
        False,
    ),
    (r"(?i)(?:\bmachine\s+\S{2,100}\s+)?login\s+\S{1,80}\s+password\s+(?P<value>\S{3,200})", True),
    (
        r"(?i)(?:create|alter)\s+(?:user|role|login)\b[^\n;]{0,80}?\bpassword\s*=?\s*N?[\"'](?P<value>[^\n\"']{3,200})[\"']",
        True,
    ),
    (r"(?i)(?:set\s+)?password[^\n;'\"]{0,60}\(?\s*['\"](?P<value>[^\s\"']{6,100})['\"]", False),
    (r"net\s+user?\s+[\w.\\-]+\s+(?P<value>[^\s\"'`/-][^\s\"'`]{3,100})", True),
    (r"net\s+use\b[^\n]{1,120}?/user:\S{1,60}\s+(?P<value>[^\s\"'`/-][^\s\"'`]{3,100})", True),
    (r"net\s+use\s+(?:\w:\s+)?\S{1,80}\s+(?P<value>[^\s\"'`/-][^\s\"'`]{3,100})\s+/user:", True),
    (r"htpasswd\s+(?:-\w+\s+){0,3}\S+\s+[\w.-]+\s+(?P<value>[^\s\"'`/-][^\s\"'`]{3,100})", True),
    (r"(?:useradd|usermod)\b[^\n]{0,100}?\s-[pP]\s+[\"']?(?P<value>[^\s\"'`$-][^\s\"'`]{3,120})", True),
    (
        r"rabbitmqctl\s+(?:add_user|change_password)\s+[\w.-]+\s+[\"']?(?P<value>[^\s\"'`$-][^\s\"'`]{3,100})",
        True,
    ),
    (r"vault\s+login\s+(?:-\S+\s+){0,3}(?:token=)?(?P<value>[^\s\"'`-]{20,120})", False),
    (
        r"(?i)(?:login|logon|account|user|wi-?fi|wlan|creds|credentials|zugang)[: ]{1,2}[\w.@-]{1,64}[ ]?[/|][ ]?(?P<value>[^\s/\"']{8,64})",
        True,
    ),
    (r"(?i)convertto-securestring\s+(?:-\w+\s+){0,3}[\"'](?P<value>[^\s\"'$][^\s\"']{3,100})[\"']", True),
    (r":(?:thin|oci):\w{1,40}/(?P<value>[^\s\"'`@/]{4,60})@", True),
    (r"(?i)(?:acl setuser|user)\s+\w{1,40}\s+[^>\n]{2,120}>(?P<value>[^\s\"'`]{4,100})", True),
    (r":(?:\d{4,5}|\*):[\w*.-]{1,64}:[\w*.@-]{1,64}:(?P<value>[^\s:]{5,100})$", True),
)
_COMMANDS = tuple((re.compile(pattern, re.MULTILINE), lenient) for pattern, lenient in _P)
# Where nothing but a password stands: a plain word is one there, and words in quotes are.
_SURE = re.compile(
    r"""(?ix) (?: (?:.*[\s/])?-{0,2}/?(?:pass|passin|passout|password|passphrase|passwd|storepass|keypass|requirepass|rp)[ =:][\"']?(?:pass:)?
    | pass: | sshpass\s+-p\s*[\"']? | .*\b(?:identified\s+(?:with\s+\S+\s+)?(?:by|as)|password)\s+(?:password\s+)?=?\s*N?[\"']
    | .*\blogin\s+\S+\s+(?:password\s+)? | :(?:\d{4,5}|\*):[\w*.-]+:[\w*.@-]+: | net\s+use\b.*\s | wpa_passphrase\s+\S+\s+[\"']? | net\s+user?\s+\S+\s+ | steamcmd.*\+login\s+\S+\s+[\"']?
    | mysql\w*\b.*\s-p[\"']? | -U[ ]?[\w\\/.-]+% | \|.* ) \Z"""
)
_PIPED = re.compile(
    r"(?:echo|printf)[ ]+(?:-\w+[ ]+)?(?:[\"']?%s(?:\\n)?[\"']?[ ]+)?[\"']?(?:[\w.-]{1,32}:)?(?P<value>[^\s\"'`|:]{6,100})[\"']?[ ]*\Z"
)
_READS_IT = re.compile(
    r"[^\n]*(?:sudo -S|stdin|\bchpasswd|\|[ ]?passwd|kinit|cryptsetup|smbpasswd|\|[ ]?su[ ])"
)
_DRIVER = re.compile(r":(?P<value>[^\s\"'`:@/]{3,80})\Z")


def command_near(text: str, start: int) -> Iterator[Finding]:
    """Find the password of a command or a statement whose name or flag stands at `start`."""
    if text[start] == "-" and start and text[start - 1] not in " \t\n\"'([,":  # no flag
        return
    limit = min(len(text), start + 400)
    if text[start] != "m" and text[start : start + 5].lower() != "login":  # netrc's entries go over lines
        end = text.find("\n", start)
        limit = limit if end < 0 else min(limit, end)
        while limit == end and text[end - 1] == "\\" and end < start + 400:  # a command goes on
            end = text.find("\n", end + 1)
            limit = end = min(len(text) if end < 0 else end, start + 400)
    if text[start] in "@|":  # user:password@tcp(host), echo password | command
        before = _DRIVER if text[start] == "@" else _PIPED
        match = before.search(text, max(0, start - 140), start)
        stdin = text[start] == "|" and _READS_IT.search(text, start, min(len(text), start + 120))
        if match and _good(match["value"], sure=bool(stdin)):
            yield Finding(*match.span("value"), "command_password", "secret", Rank.STRUCTURE)
        return
    line = text[start:limit]
    listed = _LISTED.sub(lambda gap: " " * len(gap[0]), line)  # as in ["program", "-p", "password"]
    for view in (line, listed) if listed != line else (line,):
        if found := list(_in_line(view, start)):
            yield from found
            return


def _in_line(line: str, offset: int) -> Iterator[Finding]:
    for pattern, lenient in _COMMANDS:
        match = pattern.match(line)
        if match is None:
            continue
        quoted = line[match.start("value") - 1] in "\"'" and line[match.end("value") :][:1] in ('"', "'")
        sure = lenient and _SURE.match(line, 0, match.start("value")) is not None
        if _good(match["value"], quoted=quoted, sure=sure) and (lenient or is_strong(match["value"])):
            yield _finding(offset, match)
            following = _PRIVACY.match(line, match.end()) or _FLAG.search(line, match.end())
            if following and _good(following["value"]):
                yield _finding(offset, following)
            return


_LISTED = re.compile(r"""["']\s{0,3},\s{0,3}["']""")
_OPERATORS = re.compile(r"&&|\|\||[;()]")
_FLAG = re.compile(
    r"\s--?(?:storepass|keypass|passin|passout|password)[ =][\"']?(?:pass:)?(?P<value>[^\s\"'`]{4,100})"
)
_PRIVACY = re.compile(
    r"[\"']?[ \t]+(?:-x[ ]+)?(?:AES[\d-]*|DES)[ \t]+(?:-X[ ]+)?[\"']?(?P<value>[^\s\"'`]{8,100})"
)  # of createUser


def _finding(offset: int, match: re.Match[str]) -> Finding:
    first, last = match.span("value")
    return Finding(offset + first, offset + last, "command_password", "secret", Rank.STRUCTURE)


def _good(value: str, *, quoted: bool = False, sure: bool = False) -> bool:
    return (
        value.lower() not in PLAIN_PASSWORDS
        and not is_dummy(value)
        and not (value.startswith(("$", "{", "%", "/", "<", "-")) and not is_strong(value))
        and (quoted or not _OPERATORS.search(value))
        and (is_likely(value) or (sure and (is_simple(value) or is_dotted(value) or is_few_words(value))))
    )
