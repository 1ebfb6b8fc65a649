"""Where the scan looks closer: one pattern for each kind of place, and the function that reads there.

Patterns are RE2's and ASCII; a text's characters beyond Latin-1 are `?` to them.

Each table is one pass over the text.  The engine makes the states of a pass while it reads, and keeps them; a new
state costs as much as a thousand known ones.  Patterns that can be within a match at most places of ordinary code
(a dot and so many letters, any word before `by`, a flag and its argument) multiply each other's states, and those
of all others in their pass: such ones stand apart, or with their like.  `scripts/bench anonymize` prints the
speed on fresh text, new states included, beside that on known text.
"""

# ruff: noqa: E501, ISC004 - tables of words and patterns

from __future__ import annotations

from collections.abc import Callable, Iterator

from codeedit.pipeline.ingest.anonymize import (
    accounts,
    addresses,
    beside,
    bylines,
    calls,
    commands,
    givens,
    holders,
    keys,
    listed,
    machines,
    notes,
    pairs,
    people,
    personal,
    persons,
    roles,
    spoken,
    structures,
    tables,
)
from codeedit.pipeline.ingest.anonymize.findings import Finding

Reader = Callable[[str, int], Iterator[Finding]]

# Prefixes that are too common to be looked at without some of their body.
LONG_ANCHORS = {
    "1/": r"1/(?:\d{16}:|/[A-Za-z0-9_-]{8})",
    "0.": r"0\.[a-f0-9]{8}-[a-f0-9]{4}-",
    "pat": r"pat[A-Za-z0-9]{14}\.",
    "cio": r"cio[A-Za-z0-9]{16}",
    "oy2": r"oy2[a-z0-9]{16}",
    "KEY": r"KEY[0-9A-Z]{16}",
    "SK": r"SK[a-f0-9]{8}",
    "SEC": r"SEC[a-f0-9]{8}",
    "00D": r"00D[A-Za-z0-9]{12,15}!",
    "live_": r"live_(?:[a-f0-9]{8}|[A-Za-z0-9_=-]{30})",
    "test_": r"test_(?:[a-f0-9]{8}|[A-Za-z0-9]{30})",
    "access_": r"access_[A-Za-z0-9]{30}",
    "secret-": r"secret-[A-Za-z0-9]{30}",
    "console-": r"console-[A-Za-z0-9]{30}",
    "s.": r"s\.[A-Za-z0-9]{24}",
    "sk_": r"sk_(?:[a-f0-9]{8}|[A-Za-z0-9]{24})",
    "pi_": r"pi_[A-Za-z0-9]{24}_",
    "seti_": r"seti_[A-Za-z0-9]{24}_",
    "pa-": r"pa-[A-Za-z0-9_-]{40}",
    "api-": r"api-(?:[a-f0-9]{8}-|[a-z0-9]{28})",
    "u+": r"u\+[A-Za-z0-9_+-]{18}",
    "US:": r"US:[A-Za-z0-9_-]{40}",
    "EU:": r"EU:[A-Za-z0-9_-]{40}",
    "AU:": r"AU:[A-Za-z0-9_-]{40}",
    "pss_service:": r"pss_service:v1:",
    "pss_user:": r"pss_user:v1:",
    "EXO": r"EXO[a-f0-9]{16}",
    "YC": r"YC[A-Za-z0-9_-]{38}",
    "6L": r"6L[A-Za-z0-9_-]{5}AAAAA",
    "1000.": r"1000\.[a-f0-9]{16}",
    "ext_": r"ext_[A-Za-z0-9]{5,30}\.[A-Za-z0-9]{4,6}\.acc",
    "sc_": r"sc_[A-Za-z0-9]{5,30}\.[A-Za-z0-9]{4,6}\.acc",
    "ser.": r"ser\.[A-Za-z0-9]{22}",
    "TEST-": r"TEST-\d{8}",
    "API-": r"API-[A-Z0-9]{26}",
    "pat.": r"pat\.[A-Za-z0-9_-]{22}\.",
    "sat.": r"sat\.[A-Za-z0-9_-]{22}\.",
    "4b1d": r"4b1d[A-Za-z0-9]{38}",
    "re_": r"re_[A-Za-z0-9]{8}_[A-Za-z0-9]",
    "pk_": r"pk_\d{6}",
    "sl.": r"sl\.[A-Za-z0-9_-]{20}",
    "token-": r"token-[a-z0-9]{5}:[a-z0-9]{8}",
    "ak-": r"ak-[A-Za-z0-9]{22}",
    "as-": r"as-[A-Za-z0-9]{22}",
    "app-": r"app-[A-Za-z0-9]{24}",
    "dataset-": r"dataset-[A-Za-z0-9]{24}",
    "md-": r"md-[A-Za-z0-9_-]{22}",
    "m0-": r"m0-[A-Za-z0-9]{16}",
    "o.": r"o\.[A-Za-z0-9]{32}",
    "cli-": r"cli-[a-z0-9]{28}",
    "perm-": r"perm-[A-Za-z0-9+/]{8}",
    "ck_": r"ck_[a-f0-9]{16}",
    "cs_": r"cs_[a-f0-9]{16}",
    "cu_": r"cu_[a-f0-9]{16}",
    "cal_": r"cal_[a-f0-9]{16}",
    "tk_": r"tk_[a-z0-9]{29}",
    "pat_": r"pat_[A-Za-z0-9]{32}",
    "sk": r"sk[A-Za-z0-9]{100}",
    "2/": r"2/\d{13}",
    "AKLT": r"AKLT[A-Za-z0-9+/=_-]{32}",
    "DO00": r"DO00[A-Z0-9]{14}",
    "SU": r"SU[A-Z2-7]{24}",
    "SA": r"SA[A-Z2-7]{24}",
    "SO": r"SO[A-Z2-7]{24}",
    "AQE": r"AQE[a-z0-9]{1,2}[^\s\"'`]{8}",
}

STRUCTURES: dict[str, tuple[str, Reader]] = {
    "pem": (r"-----BEGIN (?:(?:[A-Z0-9]+ )*PRIVATE|OpenVPN)|---- BEGIN SSH2", keys.pem_at),
    "putty": (r"Private-Lines: \d", keys.putty_at),
    "jwk": (r"[\"']kty[\\\"']", keys.jwk_at),
    "public_key": (
        r"\b(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp\d+|sk-\w+-[\w.@-]+) +AAAA",
        keys.public_key_at,
    ),
    "jwt": (r"\bey[JK][A-Za-z0-9_-]{8}", structures.jwt_at),
    "url": (r"://[^\s\"'<>/@`]*@|://[\w.%+-]*:[^\s\"'<>/@`(){}]{8}", structures.url_at),
    "header": (
        r"(?i:\b(?:basic|bearer|token|apikey|api-key|digest|splunk|ssws|bot|oauth|ntlm|negotiate)[ ]{1,3}[\"']?[A-Za-z0-9+/=_.~|-]{8}|authorization[\"'\]]{0,2}\s{0,3}[:=,]\s{0,3}[\"']?[A-Za-z0-9+/=_.~|-]{8})",
        structures.header_at,
    ),
    "hash": (
        r"\$(?:2[abxy]?|1|5|6|7|y|gy|md5|apr1|P|H|S|sha1|argon2(?:id|i|d)|scrypt|pbkdf2[\w-]*|bcrypt-sha256)\$[./A-Za-z0-9$=]{4}|pbkdf2_sha(?:1|256|512)\$|bcrypt_sha256\$"
        r"|\b(?:scrypt|argon2|md5|sha1|sha256|sha512|bcrypt|pbkdf2)\$|(?:scrypt|pbkdf2):\w+:|\{(?i:SSHA|SHA|SMD5|SSHA256|SSHA384|SSHA512|CRYPT|PBKDF2[\w-]*|ARGON2|BCRYPT|MD5)\}"
        r"|\$(?:8|9|14)\$[./A-Za-z0-9]{8,20}\$|SCRAM-SHA-\d+\$\d|grub\.pbkdf2\.|\*[0-9A-F]{40}\b",
        structures.hash_at,
    ),
    "ntlm": (r"[a-f0-9]:::", structures.ntlm_at),
    "login": (
        rf"(?i:{calls.LOGIN}\(|\bbasic_auth [\"']|\b(?:auth|creds?|credentials|logins?|users|accounts)[\"']?[ ]?[=:][ ]?[(\[{{]{{1,2}}[ ]?(?:\w{{1,24}},[ ])?[\"'])",
        calls.login_at,
    ),
    "characters": (r"\"\.toCharArray\(", calls.characters_at),
    "cipher": (
        rf"(?i:{calls.CIPHER}\()",
        calls.cipher_at,
    ),
    "wallet": (rf"(?i:{calls.WALLET}\()", calls.wallet_at),
    "verified": (
        r"(?i:\b(?:bcrypt|argon2|scrypt)[.:\w]*\(|\bverify\(|\bcheckpw\(|\bhashpw\()",
        calls.verified_at,
    ),
    "table": (tables.ANCHOR, tables.table_at),
    "people": (tables.PEOPLE_ANCHOR, tables.people_at),
    "insert": (tables.INSERT_ANCHOR, tables.insert_at),
}
PERSONAL: dict[str, tuple[str, Reader]] = {
    "mail": (
        r"[\w.+%'\x80-\xff-]@[A-Za-z0-9\x80-\xff]",
        lambda text, start: people.mail_near(text, start + 1),
    ),
    "home": (
        r"(?i:/[a-z]/users/|/(?:var/|export/|usr/|mnt/[a-z]/|media/)?(?:home|users)/|[a-z]:(?:\\\\?|/)(?:users|documents and settings|home)(?:\\\\?|/)|(?:%5C|%2F)(?:users|home)(?:%5C|%2F)|\\\\?(?:users|homes?|profiles)\$?\\\\?)",
        personal.home_at,
    ),
    "entry": (bylines.ANCHOR, bylines.entry_at),
    "tilde": (
        r"(?:^|[ =:\n\"'`(])~[a-z][a-z0-9_.-]+/",
        lambda text, start: personal.tilde_at(text, text.index("~", start)),
    ),
    "machine": (machines.MACHINE_ANCHOR, machines.machine_at),
    "owner": (machines.OWNER_ANCHOR, machines.owner_at),
    "account": (machines.ACCOUNT_ANCHOR, machines.account_at),
    "mention": (holders.MENTION_ANCHOR, holders.mention_at),
    "holder": (holders.ACCOUNT_ANCHOR, holders.account_at),
    "possessed": (people.POSSESSED_ANCHOR, people.possessed_at),
    "named": (machines.NAMED_ANCHOR, machines.named_at),
    "spelled": (bylines.SPELLED_ANCHOR, bylines.spelled_mail_at),
    "todo": (
        r"\b(?:(?:TODO|FIXME|XXX|HACK|BUG|NOTE|REVIEW|OPTIMIZE)(?::?[ \t]*[(\[]|:?[ \t]+@|[ ][a-z][\w.-]{2,20}:[ ])|(?:todo|fixme|Todo)\()",
        people.todo_at,
    ),
    "addressed": (people.ADDRESSED_ANCHOR, people.addressed_at),
    "part": (people.PART_ANCHOR, people.part_at),
    "byline": (r"(?:^|\n)[ \t]*(?:#|//|/?\*+|--|;|%|<!--)+[ \t]*[Bb]y:?[ \t]", people.byline_at),
    "pair": (r"\bname[\"']?[ \t]*[:=][ \t]*[\"']?[A-Z\xc0-\xff?]", people.pair_at),
}
COMMANDS: dict[str, tuple[str, Reader]] = {
    "command": (commands.ANCHOR, commands.command_near),
}
NAMES: dict[str, tuple[str, Reader]] = {
    "name": (
        r"(?i:[@\\]author|\bthanks to |(?:section|module|code)author::|\boriginally by|\boriginal author|@maintainer|@assignee|@owner[ :]|&copy;|(?:created|written|modified|updated)[ ]on[ ][\d/.-]+[ ]by|__credits__|__contact__|spdx-filecontributor:|git_(?:author|committer)_name|\bmaintainer[ ]|:authors?:|<authors?>|@reviewer[ :]|debfullname=|__author__|__maintainer__|copyright|copr\.|©|\(c\)[ \d]|spdx-filecopyrighttext:"
        r"|\b(?:[a-z]+ed|[a-z]+en|[a-z]+ed-and-[a-z]+ed)[- _]?by\b|\bwork by\b|(?:\b|_)(?:cc|from|approver|author\(s\)|autor(?:e|es|in)?|auteurs?|verfasser(?:in)?|bearbeiter|authors?|committer|commit|maintainers?|reviewers?|assignee|contact|owner|contributors?|lasteditors?|lastmodifiedby|(?:author|committer|maintainer|owner|reviewer|display|real|full)[._ -]?name|translator|editor)[\"']?[ \t]*[:=,]|\bauthors?[ ]+[\"']|\buser\.name[ \t]*[:=\"'])",
        people.name_at,
    ),
}
PERSONS: dict[str, tuple[str, Reader]] = {
    "person": (persons.PERSON_ANCHOR, persons.person_at),
}
ACCOUNTS: dict[str, tuple[str, Reader]] = {
    "member": (persons.KEY_ANCHOR, persons.account_near),
}
WORDS: dict[str, tuple[str, Reader]] = {
    "word": (persons.WORD_ANCHOR, persons.word_near),
}
GIVENS: dict[str, tuple[str, Reader]] = {
    "given": (givens.ANCHOR, givens.given_at),
}
PAIRS: dict[str, tuple[str, Reader]] = {
    "drawn": (beside.DRAWN_ANCHOR, beside.drawn_at),
    "bytes": (pairs.BYTES_ANCHOR, pairs.bytes_at),
    "pair": (pairs.ANCHOR, pairs.pair_at),
}
# What the lines on a value's sides give away.
LINES: dict[str, tuple[str, Reader]] = {
    "login_of": (accounts.COMMAND_ANCHOR, accounts.command_at),
    "logged": (accounts.LOG_ANCHOR, accounts.logged_at),
    "people_in": (accounts.PEOPLE_ANCHOR, accounts.people_at),
    "spoken": (spoken.ANCHOR, spoken.spoken_at),
    "author": (accounts.AUTHOR_ANCHOR, accounts.author_at),
    "handle": (accounts.HANDLE_ANCHOR, accounts.handle_at),
    "roles": (roles.ANCHOR, roles.roles_at),
    "default": (beside.DEFAULT_ANCHOR, beside.default_at),
    "client": (beside.CLIENT_ANCHOR, beside.client_at),
    "compared": (beside.COMPARED_ANCHOR, beside.compared_at),
    "granted": (beside.GRANTED_ANCHOR, beside.granted_at),
    "printed": (beside.PRINTED_ANCHOR, beside.printed_at),
    "wallet_key": (beside.WALLET_ANCHOR, beside.wallet_key_at),
    "code": (beside.CODE_ANCHOR, beside.code_at),
    "bound": (beside.BOUND_ANCHOR, beside.bound_at),
    "recovery": (listed.RECOVERY_ANCHOR, listed.recovery_at),
    "note": (notes.ANCHOR, notes.note_at),
    "numbered": (listed.NUMBERED_ANCHOR, listed.numbered_at),
    "chpasswd": (listed.CHPASSWD_ANCHOR, listed.chpasswd_at),
}
# Runs of digits, hexadecimal digits and parts between dots.
RUNS: dict[str, tuple[str, Reader]] = {
    "middle": (
        r"\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{20}|:AA[A-Za-z0-9_-]{20}|/bot\d{8,10}:|:APA91b|\d\|[A-Za-z0-9_-]{27}|[a-f0-9]{12}:[a-f0-9]{16}|\dQ~[A-Za-z0-9_~.-]{10}|JQQJ99|hooks\.slack\.com/|/api/webhooks/\d|webhookb2/|[a-f0-9]{8}-us\d"
        r"|\bv[1-4]\.(?:local|public)\.|hooks\.zapier\.com/|/webhook/[a-f0-9]{8}-|maker\.ifttt\.com/|chat\.googleapis\.com/|/hooks/[a-z0-9]{26}|\.atlasv1\.|_mmk\b|NRAL\b|nral\b|-NRMA\b"
        r"|\b(?:AKIA|ASIA)[A-Z0-9]{16}[\"'], |Unseal Key \d: |\bAC[a-f0-9]{32}[\"'],|AZDO[A-Za-z0-9]{4}\b|(?:\+ASt|AzFu|AzSe|\+ABa|\+AMC|AIoT|APIM|ACDb|\+ACR|AzCa)[A-Za-z0-9+/]{4}|T3BlbkFJ",
        structures.unprefixed_near,
    ),
    "cisco_mac": (r"\b[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\b", addresses.dotted_mac_at),
    "named_mac": (
        r"(?i:\b(?:mac(?:_?addr(?:ess)?)?|hw_?addr(?:ess)?|bssid)[\"']?[ ]?[:=][ ]?[\"']?[0-9a-f]{12}\b)",
        addresses.named_mac_at,
    ),
    "mac": (r"\b[0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-]", addresses.mac_at),
    "ipv4": (r"\d\.\d{1,3}\.\d{1,3}\.\d", addresses.ipv4_at),
    "ipv6": (r"[0-9A-Fa-f]{3,4}:[0-9A-Fa-f]{1,4}:[0-9A-Fa-f:]", addresses.ipv6_at),
    "phone": (
        r"\b0(?:1[567]\d|7\d{3})[ /-]\d|\b0[1-9](?:[ .]\d\d){4}\b|(?:\+|\b00)[1-9]\d?\d?[ .(/-]?[ (]?\d|\([2-9]\d\d\)[ .-]?[2-9]|\b(?:1[ .-])?[2-9]\d\d[.-]\d\d\d[ .-]\d{4}"
        r"|(?i:(?:phone|tel|t\xe9l|handy|telephone|telefon|mobile|mobil|cell|fax|hotline|whatsapp|call)\w{0,8}[\"'\]): =,(.]{1,8}[\"']?)\(?(?:0\d|\d{2,4}[ .-]\d{2,4}[ .-]|[1-9]\d{8})|\b0[1789]0-\d{4}-\d{4}|\([1-9]\d\) 9\d{4}-|(?:wa\.me/|phone=)\d{10}",
        addresses.phone_near,
    ),
}
PASSES = (STRUCTURES, COMMANDS, RUNS, PERSONAL, NAMES, PAIRS, LINES)
# Read only near a word that may be a name: table, from how many characters before it on, whether the word may be in
# small letters alone.
NEAR_NAMES = ((PERSONS, 70, False), (ACCOUNTS, 250, True), (WORDS, 50, True), (GIVENS, 1, False))
# The parts of an anchor: what hyperscan looks for, which ends where the part does and costs less, and the part.
WIDER = {pairs.ANCHOR: pairs.PARTS}
