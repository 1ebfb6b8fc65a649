"""Secrets that the lines on their sides give away: a field's default, what a script prints, a wallet's key, an alarm's code."""

# ruff: noqa: E501 - patterns

from __future__ import annotations

import re
from collections.abc import Iterator

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.judge import counts, finding_of
from codeedit.pipeline.ingest.anonymize.names import Hint, hint
from codeedit.pipeline.ingest.anonymize.placeholders import is_placeholder
from codeedit.pipeline.ingest.anonymize.shapes import (
    is_digest,
    is_dummy,
    is_jumbled,
    is_random,
    is_shuffled,
    is_strong,
)
from codeedit.pipeline.ingest.anonymize.simple import is_likely

# RE2's syntax.
DEFAULT_ANCHOR = r"(?i:\bdefault_?value(?:_t)?[ ]?[=(][ ]?[\"'])|@Value\([\"']|`default:\""
PRINTED_ANCHOR = r"\b(?:echo|printf)[ ]+(?:-n[ ]+)?(?:['\"]%s(?:\\n)?['\"][ ]+)?['\"][^\s\"'$`]{6}"
WALLET_ANCHOR = r"\b0x[0-9A-Fa-f]{64}\b"
CODE_ANCHOR = r"\bcode[\"']?: ?[\"']?\d{4}"
BOUND_ANCHOR = r"(?i:dc=[\w-]{1,40}[\"'`],\s{0,3}[\"'`])"

# A literal that something is compared with; a code that stands for a password in an address, a digest's answer.
COMPARED_ANCHOR = r"[!=~]==?[ ]?[\"'][^\s\"']{8}|\bstrn?(?:case)?cmp\(\w+, ?\""
GRANTED_ANCHOR = r"[?&]code=[A-Za-z0-9/_-]{12}|\bresponse=[\"'][0-9a-f]{32}[\"']"

_DEFAULT = re.compile(
    r"""(?:\w+[ ]?[=(][ ]?|@Value\(|`default:)(?P<quote>["'])(?P<value>[^"'\n\\]{4,128})(?P=quote)"""
)
# The end of an attribute, other attributes, and the field that they are of, up to its type's or its value's sign.
_FIELD = re.compile(
    r"[^\n\"'()\[\]]{0,60}[)\]]{1,2}\s{1,40}(?:(?:@|#\[|\[|//)[^\n]{0,120}\n\s{0,40}){0,3}(?P<field>[^\n=;{(,]{2,120})"
)
_NAMED = re.compile(r"(?P<name>\w+)[ ]*:|(?P<last>\w+)[ ]*\Z")
_TAGGED = re.compile(r"(?:\n|\A)[ \t]*(?P<name>\w+)[ \t]+[\w.*\[\]]{1,40}[ \t]+\Z")
_TELLING = (Hint.PASSWORD, Hint.SECRET, Hint.TOKEN, Hint.KEY, Hint.PIN)


def default_at(text: str, start: int) -> Iterator[Finding]:
    """Find the default, at `start`, of a field below it whose name promises a secret."""
    match = _DEFAULT.match(text, start)
    if match is None:
        return
    if text[start] == "`":
        named = _TAGGED.search(text, max(0, start - 120), start)
        name = named["name"] if named else ""
    else:
        field = _FIELD.match(text, match.end())
        named = _NAMED.search(field["field"].rstrip()) if field else None
        name = (named["name"] or named["last"]) if named else ""
    promise = hint(name)
    if promise in _TELLING and counts(match["value"], promise, quoted=True, firm=True):
        yield finding_of(*match.span("value"), promise)


# A literal drawn at random that no name tells of.
DRAWN_ANCHOR = r"(?:\(|= |=|, |: |\[)[bru]?[\"'][A-Za-z0-9_-]{24}"
_DRAWN = re.compile(r"[(=,:\[ ]{1,2}[bru]?(?P<quote>[\"'])(?P<value>[A-Za-z0-9_-]{24,64})(?P=quote)")
_NO_SECRETS = re.compile(
    r"(?i)hash|digest|checksum|integrity|sha\d|md5|finger|signature|nonce|etag|test|expect|assert|public|pub_?key|addr|asset|chunk|module|[^a-z](?:u?u|gu)?ids?[^a-z]|[a-z]I[dD]\b|base\d\d|commit|site_?key|captcha|measure|encod|alphabet|chars|data:|sample|example|version|cursor|page_?token|revision|[\"'](?:n|e|x|y|kid|kty|x5\w*)[\"'][ ]?:"
)


def drawn_at(text: str, start: int) -> Iterator[Finding]:
    """Find a literal of letters of both cases and digits, mixed as at random, in a line that tells of no other use."""
    match = _DRAWN.match(text, start)
    if match is None:
        return
    value = match["value"]
    plain = value.replace("-", "").replace("_", "")
    if len(plain) < len(value) - 4 or not is_shuffled(plain) or not is_random(value, 24) or is_digest(value):
        return
    line = max(text.rfind("\n", max(0, start - 200), start) + 1, start - 200, 0)
    end = text.find("\n", match.end(), match.end() + 100)
    around = text[line:start] + text[match.end() : match.end() + 100 if end < 0 else end]
    if not _NO_SECRETS.search(around) and not is_placeholder(value):
        yield Finding(*match.span("value"), "credential", "secret", Rank.CONTEXT)


# Hexadecimal digits that somebody's client is made with, or that let one in.
CLIENT_ANCHOR = r"(?:Client|Api|API|SDK|Sdk|Bot)(?:(?:::|\.)\w{1,16})?\((?:[\"'][^\"'\n]{1,60}[\"'],[ ]?)?[\"'][0-9A-Fa-f]{32}|\b(?:authenticate|authorize|login|activate)\([\"'][0-9A-Fa-f]{32}"
_CLIENT = re.compile(
    r"\w+(?:(?:::|\.)\w+)?\((?:[\"'][^\"'\n]{1,60}[\"'],[ ]?)?(?P<quote>[\"'])(?P<value>[0-9A-Fa-f]{32,128})(?P=quote)"
)


def client_at(text: str, start: int) -> Iterator[Finding]:
    """Find the key in digits that a client gets, whose name ends behind `start`: no digest is one's first argument."""
    match = _CLIENT.match(text, start)
    if match is None or not is_digest(match["value"]) or is_dummy(match["value"]):
        return
    line = max(text.rfind("\n", max(0, start - 200), start) + 1, start - 200, 0)
    end = text.find("\n", match.end(), match.end() + 60)
    around = text[line : match.start("value")] + text[match.end() : match.end() + 60 if end < 0 else end]
    if not _NO_SECRETS.search(around):
        yield Finding(*match.span("value"), "api_key", "secret", Rank.CONTEXT)


_COMPARED = re.compile(r"[^\"'\n]{2,40}(?P<quote>[\"'])(?P<value>[^\s\"'\\\\]{8,64})(?P=quote)")


def compared_at(text: str, start: int) -> Iterator[Finding]:
    """Find a password or a random token that something is compared with, at `start`; digests stay."""
    match = _COMPARED.match(text, start)
    if match is None:
        return
    value = match["value"]
    marked = len(value) <= 24 and any(c in "!@#$%^&*?" for c in value) and is_strong(value)
    drawn = len(value) >= 16 and is_shuffled(value.replace("-", "").replace("_", "")) and is_random(value)
    if (marked or drawn) and not is_digest(value) and not is_placeholder(value):
        yield Finding(*match.span("value"), "credential", "secret", Rank.CONTEXT)


_GRANTED = re.compile(
    r"[?&]code=(?P<code>[A-Za-z0-9/_.%-]{16,400})|response=[\"'](?P<response>[0-9a-f]{32})[\"']"
)


def granted_at(text: str, start: int) -> Iterator[Finding]:
    """Find the code of an authorization, or the answer of a digest's, at `start`."""
    match = _GRANTED.match(text, start)
    if match is None or is_placeholder(match[match.lastgroup or 0]):
        return
    if match["code"]:
        good = is_random(match["code"].replace("/", ""), 16) and not is_dummy(match["code"])
    else:
        good = re.search(r"(?i)digest|nonce=", text[max(0, start - 300) : start]) is not None
    if good:
        yield Finding(*match.span(match.lastgroup or 0), "credential", "secret", Rank.CONTEXT)


_PRINTED = re.compile(
    r"(?:echo|printf)[ ]+(?:-n[ ]+)?(?:['\"]%s(?:\\n)?['\"][ ]+)?(?P<quote>['\"])(?P<value>[^\s\"'$`]{6,64})(?P=quote)[ \t]*(?:;|\n|\Z)"
)
_OF_PASSWORDS = re.compile(
    r"(?i)^[ \t]*(?:\#|//|rem\b|::)[^\n]*(?:passw|passphrase|askpass|vault|\bsecret)", re.MULTILINE
)
_REACH = 700  # characters before what is printed in which a comment tells of it


def printed_at(text: str, start: int) -> Iterator[Finding]:
    """Find what a script prints, at `start`, one of whose comments says that it prints a password."""
    match = _PRINTED.match(text, start)
    line = max(text.rfind("\n", max(0, start - 80), start) + 1, start - 80, 0)
    if match is None or text[line:start].strip() or not is_strong(match["value"]):
        return
    if _OF_PASSWORDS.search(text, max(0, start - _REACH), start):
        yield Finding(*match.span("value"), "password", "secret", Rank.CONTEXT)


_WALLET = re.compile(r"0x[0-9A-Fa-f]{64}")
# A name and, behind it, the values of its list that stand before one.
_LISTED = re.compile(
    r"(?P<name>[A-Za-z_][\w.-]{0,60})[\"'\]]{0,2}(?:\s{0,3}[:=][:=>]?\s{0,3}(?:\n[ \t]{0,40}-[ ])?|[ ]|\(|,[ ])(?:[\w.<>]{0,24}[\[({]\s{0,40})?"
    r"(?:[\"'`]?0x[0-9A-Fa-f]{64}[\"'`]?(?:,\s{0,40}(?:(?://|\#)[^\n]{0,80}\n\s{0,40})?|\n[ \t]{0,40}-[ ])){0,7}[\"'`]?\Z"
)
_BEFORE = re.compile(
    r"(?:,|\n[ \t]{0,40}-[ ])\s{0,40}(?:(?://|\#)[^\n]{0,80}\n\s{0,40})?[\"'`]?\Z"
)  # another value, and no name
_TELLS = re.compile(r"(?i)account|signer|wallet|deployer|relayer|mnemonic|key|secret|token|cred")
_HOLDS_KEYS = re.compile(r"(?i)(?:accounts|signers?|wallets?|deployer|relayer|mnemonic)(?:[._-]?keys?)?\Z")
_NO_KEY = re.compile(
    r"(?i)hash|address|publi|pub_?key|digest|sha\d|commit|root|topic|checksum|integrity|signature"
)


def wallet_key_at(text: str, start: int) -> Iterator[Finding]:
    """Find the private key of a wallet, 32 bytes that begin at `start`, whose name or list says that it is one."""
    match = _WALLET.match(text, start)
    low = max(0, start - (700 if _BEFORE.search(text, max(0, start - 130), start) else 100))
    named = _LISTED.search(text, low, start) if _TELLS.search(text, low, start) else None
    if match is None or named is None or is_dummy(match[0]):
        return
    name = named["name"]
    if _NO_KEY.search(name) or len(set(match[0].lower())) < 8:
        return
    if _HOLDS_KEYS.search(name) or hint(name) in (Hint.KEY, Hint.SECRET, Hint.TOKEN):
        yield Finding(*match.span(), "wallet_key", "secret", Rank.CONTEXT)


_NUMBER = re.compile(r"code[\"']?: ?[\"']?(?P<value>\d{4,8})[\"']?[ \t]*(?=[,}\n#]|\Z)")
_LOCKED = re.compile(r"(?i)alarm|door\b|\block\b|_lock|keypad|\bgate\b|garage|intercom|\bsafe\b")
_NO_PIN = re.compile(
    r"(?i)status|http|error|zip|postal|country|exit|area|response|product|message|event|fault"
)


def code_at(text: str, start: int) -> Iterator[Finding]:
    """Find the digits of the `code:` at `start` whose entry is of an alarm, a door or a lock."""
    match = _NUMBER.match(text, start)
    if match is None or len(set(match["value"])) < 3 or is_dummy(match["value"]):
        return
    low = max(0, start - 240)
    low = max(low, text.rfind("\n\n", low, start))
    if _LOCKED.search(text, low, start) and not _NO_PIN.search(text, low, start):
        yield Finding(*match.span("value"), "pin", "secret", Rank.CONTEXT)


_BOUND = re.compile(r"(?i:dc)=[\w-]+[\"'`],\s{0,3}(?P<quote>[\"'`])(?P<value>[^\"'`\n\s]{4,128})(?P=quote)")


def bound_at(text: str, start: int) -> Iterator[Finding]:
    """Find the password beside the distinguished name whose last part begins at `start`: `"cn=admin,dc=org", "…"`."""
    match = _BOUND.match(text, start)
    if match is None:
        return
    value = match["value"]
    if any(c in value for c in "()=") and not is_strong(value):  # a filter, another name
        return
    if (is_likely(value) or is_jumbled(value)) and not is_placeholder(value) and "://" not in value:
        yield Finding(*match.span("value"), "password", "secret", Rank.CONTEXT)
