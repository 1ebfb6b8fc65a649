"""Key blocks: PEM, PGP, PuTTY, OpenVPN, JSON web keys, and the comments of public keys.

Every function gets a text and where one of its anchors stands, and yields findings near it.
"""

# ruff: noqa: E501 - patterns

from __future__ import annotations

import re
from collections.abc import Iterator

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.personal import GENERIC_USERS
from codeedit.pipeline.ingest.anonymize.placeholders import is_placeholder

# Key blocks.  The body may lie in a string with \n escapes, in concatenated literals, or indented.
# The body may lie in a string with \\n escapes, in concatenated literals, or indented.
_PEM_BEGIN = re.compile(
    r"-----BEGIN (?:(?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?|(?P<other>OpenVPN Static key V\d))-----|(?P<ssh2>---- BEGIN SSH2 (?:ENCRYPTED )?PRIVATE KEY ----)"
)
_PEM_BODY = re.compile(
    r"(?:[A-Za-z0-9+/=\s\"'`,;.+\-:|>#*()]|\\[nrt\\\"]|\$\{?)*?(?P<end>----- ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|-----END OpenVPN Static key V\d-----|---- END SSH2 [A-Z ]{0,20}KEY ----)"
)
_PEM_OPEN = re.compile(r"(?:(?:\\[nrt]|[\s\"'`+.,\\|>#*;/-])*[A-Za-z0-9+/=]{8,76}(?![A-Za-z0-9+/=_]))+")
_PEM_LINE = re.compile(r"[A-Za-z0-9+/]{20}")
_PEM_LIMIT = 20_000


def pem_at(text: str, start: int) -> Iterator[Finding]:
    """Find a private key whose BEGIN line stands at `start`, up to its END line or the last line typed."""
    begin = _PEM_BEGIN.match(text, start)
    if begin is None:
        return
    limit = min(len(text), start + _PEM_LIMIT)
    end = text.find("---- END " if begin["ssh2"] else "-----END ", begin.end(), limit)
    whole = _PEM_BODY.match(text, begin.end(), min(limit, end + 64)) if end >= 0 else None
    match = whole or _PEM_OPEN.match(text, begin.end(), limit)
    if match is None:
        return
    body = text[begin.end() : whole.start("end") if whole else match.end()]
    letters = re.sub(r"\\[nrt]|[^A-Za-z0-9+/]", "", body)
    if len(letters) < 16 or len(set(letters)) < 8 or is_placeholder(letters) or "..." in body:
        return
    if whole and "(" in body and not _PEM_LINE.search(body):  # code that writes a key
        return
    if begin["other"] or begin["ssh2"]:  # lines that a placeholder would not keep
        yield Finding(begin.end(), begin.end() + len(body), "private_key", "secret", Rank.STRUCTURE)
    else:
        yield Finding(start, match.end(), "private_key", "secret", Rank.STRUCTURE)


_PUTTY = re.compile(r"Private-Lines: \d{1,3}\s{1,8}(?P<body>(?:[A-Za-z0-9+/=]{16,64}\s{0,8}){1,100})")


def putty_at(text: str, start: int) -> Iterator[Finding]:
    """Find the private lines of a PuTTY key whose count stands at `start`."""
    match = _PUTTY.match(text, start)
    if match and not is_placeholder(match["body"]):
        yield Finding(
            match.start("body"),
            match.start("body") + len(match["body"].rstrip()),
            "private_key",
            "secret",
            Rank.STRUCTURE,
        )


_JWK_MEMBER = re.compile(
    r"""\\?["'](?P<name>d|k|p|q|dp|dq|qi)\\?["']\s{0,8}:\s{0,8}\\?["'](?P<value>[A-Za-z0-9_-]{16,1400})=*\\?["']"""
)
_JWK_REACH = 4_000  # characters around the key's type that belong to it


def jwk_at(text: str, start: int) -> Iterator[Finding]:
    """Find the private members of a JSON web key (RFC 7517, RFC 7518 section 6) whose `kty` stands at `start`."""
    low, high = max(0, start - _JWK_REACH), min(len(text), start + _JWK_REACH)
    low = max(low, *(text.rfind(mark, low, start) for mark in ("{", "}", "kty")))
    ends = [text.find(mark, start + 5, high) for mark in ("}", "kty")]
    high = min((end for end in ends if end >= 0), default=high)
    symmetric = "oct" in text[start : start + 24]
    for member in _JWK_MEMBER.finditer(text, low, high):
        if (member["name"] == "k") == symmetric and not is_placeholder(member["value"]):
            yield Finding(*member.span("value"), "private_key", "secret", Rank.STRUCTURE)


_PUBLIC_KEY = re.compile(
    r"(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-[\w-]{4,20}|sk-[\w-]{4,40}(?:@openssh\.com)?)[ ]{1,4}AAAA[A-Za-z0-9+/=]{20,1200}[ ]{1,4}"
    r"(?P<comment>[^\s\"'`<>,;(){}\\#|]{2,80}(?:[ ][^\W\d_][^\s\"'`<>,;(){}\\#|]{1,30}){0,3})"
)


def public_key_at(text: str, start: int) -> Iterator[Finding]:
    """Find the comment of an SSH public key that begins at `start`: its owner, or the machine it was made on."""
    match = _PUBLIC_KEY.match(text, start)
    if match is None:
        return
    comment = match["comment"].rstrip(".:")
    owner, _, _ = comment.partition("@")
    if (
        owner.lower() in GENERIC_USERS
        or is_placeholder(comment)
        or not any(char.isalpha() for char in comment)
        or comment.startswith(("$", "&", "%", "-"))
        or comment.lower().endswith((".example", "example.com", "comment", "key"))
    ):
        return
    first = match.start("comment")
    yield Finding(first, first + len(comment), "account", "personal", Rank.PERSONAL)
