"""Addresses of machines and telephones: public IPv4 and IPv6, hardware addresses, phone numbers.

Private, reserved and documentation addresses stay, and so do versions, times and sequences.
"""

# ruff: noqa: E501 - patterns

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.placeholders import is_placeholder

_IPV4 = re.compile(
    r"(?<![\w.\-/])(?<!\d )(?:(?<=://)|)(?P<ip>\d{1,3}(?:\.\d{1,3}){3})(?![\w.\-]*\.\d)(?![\w.])"
)
_IPV4_BEFORE = re.compile(
    r"(?i)(?:version|\bver\b|\bv|release|(?<=\w)[=><~]=|\^|revision|build|firmware|driver|oid|section|chapter|chrome/|/)[\"'\]\s:=(,v>]{0,8}\Z"
)
_SHARED_RESOLVERS = frozenset(
    {
        "8.8.8.8",
        "8.8.4.4",
        "1.1.1.1",
        "1.0.0.1",
        "9.9.9.9",
        "1.2.3.4",
        "4.3.2.1",
        "5.6.7.8",
        "2.2.2.2",
        "3.3.3.3",
        "4.4.4.4",
        "1.1.1.2",
        "208.67.222.222",
        "208.67.220.220",
        "149.112.112.112",
        "11.22.33.44",
        "12.34.56.78",
        "123.123.123.123",
        "123.45.67.89",
    }
)


_FOUR_NUMBERS = re.compile(r"(?P<ip>\d{1,3}(?:\.\d{1,3}){3})(?!\.?\d)(?![\w])(?!\.[x*])")


def ipv4_at(text: str, start: int) -> Iterator[Finding]:
    """Find a public IPv4 address around `start`."""
    low = start
    while low > 0 and start - low < 3 and text[low - 1].isdigit():
        low -= 1
    if low > 0 and (text[low - 1].isalnum() or text[low - 1] in "._"):
        return
    match = _FOUR_NUMBERS.match(text, low)
    if match is None:
        return
    ip = match["ip"]
    parts = [int(part) for part in ip.split(".")]
    if (
        max(parts) > 255
        or any(len(p) > 1 and p[0] == "0" for p in ip.split("."))
        or ip in _SHARED_RESOLVERS
        or is_placeholder(ip)
    ):
        return
    before = text[max(0, low - 24) : low]
    if _IPV4_BEFORE.search(before) and not before.endswith("//"):
        return
    if max(parts) < 32 and not re.search(
        r"(?i)(?:host|ip|addr\w*|peer|server|remote|client|//|@|bind|listen|node|gateway|dns)\W{0,6}\Z",
        before,
    ):
        return
    address = ipaddress.IPv4Address(ip)
    if not address.is_global or address.is_multicast:
        return
    yield Finding(low, match.end(), "ipv4", "personal", Rank.PERSONAL)


_IPV6 = re.compile(r"[0-9A-Fa-f:]{7,39}")


def ipv6_at(text: str, start: int) -> Iterator[Finding]:
    """Find a public IPv6 address (2000::/3) around `start`."""
    low = start
    while low > 0 and start - low < 40 and text[low - 1] in "0123456789abcdefABCDEF:":
        low -= 1
    match = _IPV6.match(text, low)
    if match is None or (low > 0 and (text[low - 1].isalnum() or text[low - 1] in "_.-")):
        return
    end = match.end()
    value = match[0].rstrip(":") if not match[0].endswith("::") else match[0]
    if text[end : end + 1].isalnum() or text[end : end + 1] == "_" or value.count(":") < 3:
        return
    try:
        address = ipaddress.IPv6Address(value)
    except ValueError:
        return
    if (
        address in _SHARED_RESOLVERS_V6
        or int(address) >> 125 != 1
        or not address.is_global
        or address in _DOC_V6
    ):
        return
    yield Finding(low, low + len(value), "ipv6", "personal", Rank.PERSONAL)


_SHARED_RESOLVERS_V6 = frozenset(
    ipaddress.IPv6Address(address)
    for address in ("2001:4860:4860::8888", "2001:4860:4860::8844", "2606:4700:4700::1111", "2620:fe::fe")
)
_DOC_V6 = ipaddress.IPv6Network("2001:db8::/32")
_MAC = re.compile(
    r"(?P<mac>[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\2){4}[0-9A-Fa-f]{2})(?![0-9A-Fa-f]|[:-][0-9A-Fa-f])"
)
_MAC_PART = re.compile(r"[0-9A-Fa-f]{2}:\Z")


_BARE_MAC = re.compile(
    r"(?i)(?:mac(?:_?addr(?:ess)?)?|hw_?addr(?:ess)?|bssid|ether)[\"']?[ ]?[:=][ ]?[\"']?(?P<mac>(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{12})(?![\w.(])"
)


def named_mac_at(text: str, start: int) -> Iterator[Finding]:
    """Find a hardware address without separators, behind the name that begins at `start`."""
    match = _BARE_MAC.match(text, start)
    if match and len(set(match["mac"].lower())) >= 5:
        yield Finding(*match.span("mac"), "mac", "personal", Rank.PERSONAL)


def mac_at(text: str, start: int) -> Iterator[Finding]:
    """Find a hardware address that begins at `start`."""
    if start > 0 and (
        text[start - 1].isalnum() or text[start - 1] in "_-." or _MAC_PART.search(text[:start][-3:])
    ):
        return
    match = _MAC.match(text, start)
    if match is None:
        return
    plain = re.sub(r"[:-]", "", match["mac"]).lower()
    if (
        len(set(plain)) < 4
        or plain.startswith(("00005e0053", "00005e", "01005e", "3333", "0180c2"))
        or plain
        in (
            "0123456789ab",
            "001122334455",
            "aabbccddeeff",
            "112233445566",
            "123456789abc",
            "deadbeef0000",
            "000000000001",
            "deadbeefcafe",
        )
    ):
        return
    if plain.isdigit() and "-" in match["mac"] and plain.startswith(("19", "20")):
        return
    yield Finding(match.start(), match.start() + 17, "mac", "personal", Rank.PERSONAL)


_DOTTED_MAC = re.compile(r"[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![\w.])")


def dotted_mac_at(text: str, start: int) -> Iterator[Finding]:
    """Find a hardware address of three groups, as routers print it, that begins at `start`."""
    match = _DOTTED_MAC.match(text, start)
    if match is None or (start > 0 and text[start - 1] in ".-_"):
        return
    plain = match[0].replace(".", "").lower()
    if not plain.isdigit() and not plain.isalpha() and len(set(plain)) >= 5 and not is_placeholder(match[0]):
        yield Finding(start, match.end(), "mac", "personal", Rank.PERSONAL)


_PHONE = re.compile(
    r"(?:\+|(?<!\d)00)[1-9]\d{0,2}(?:[ .\-]?\(0?\d{1,4}\)|[ .\-/]?\d){6,14}(?![\w\-.]*[\d])(?!\w)"
)
_PHONE_US = re.compile(
    r"(?:1[ .\-])?(?:\([2-9]\d\d\)[ .\-]?[2-9]\d\d|[2-9]\d\d[.\-][2-9]\d\d|[2-9]\d\d-\d\d\d)[ .\-]\d{4}(?![\w\-.]*\d)"
)
_PHONE_NATIONAL = re.compile(
    r"\(?0\d{1,5}\)?[ .\-/]?\d{2,8}(?:[ .\-]?\d{2,6}){0,4}(?![\w.\-]*\d)|\d{3}[ .\-]\d{3}[ .\-]\d{4}(?!\d)"
)
# Of a mobile telephone in Germany or Britain, and a French one: they are known without a word.
_PHONE_MOBILE = re.compile(
    r"0(?:1[567]\d[ /-]\d{3,4}[ -]?\d{3,5}|7\d{3}[ ]\d{6}|[1-9](?:(?:\.\d\d){4}|(?:[ ]\d\d){4}))(?![\w.\-]*\d)(?![ ]\d)"
)
_PHONE_DIGITS = re.compile(r"[1-9]\d{9,14}(?!\w)")
# Behind a key of a number: without blanks, or in groups as in Spain and Scandinavia.
_PHONE_KEY = re.compile(
    r"(?i)(?<![a-z])(?:\w{0,16}_)?(?:tele)?(?:phone|fon|f\xf3no?)\w{0,8}[\"']?[ ]?[:=][ ]?[\"']?\Z|(?:mobile|mobil|handy|msisdn|whatsapp|\btel)\w{0,8}[\"']?[ ]?[:=][ ]?[\"']?\Z"
)
_PHONE_KEYED = re.compile(r"[1-9]\d{8,13}(?![\w.])|[2-9]\d{1,2}(?:[ .]\d{2,4}){2,4}(?![\w.]*\d)")
# In East Asia and Brazil.
_PHONE_EAST = re.compile(r"0[1789]0-\d{4}-\d{4}(?![\w-])|1[3-9]\d{9}(?!\w)|\([1-9]\d\)[ ]9\d{4}-\d{4}(?!\d)")
_PHONE_WORD = re.compile(
    r"(?i)(?:phone|tel|telephone|telefon|mobile|mobil|cell|call|t\xe9l|handy|wa\.me/|fax|hotline|whatsapp|sms|dial|contact|msisdn|handy|ring)\w*[\"'\]):=\s,(.]{0,8}(?:[a-z]+\s*=\s*)?[\"']?\Z"
)


def _number_at(text: str, start: int, before: str, *, told: bool) -> re.Match[str] | None:
    """Match what may be a phone number where `before` stands before it.

    Args:
        text: code points.
        start: where it begins.
        before: some characters before it.
        told: whether a word there tells of one.
    """
    if match := _PHONE.match(text, start):
        return match
    if match := _PHONE_US.match(text, start):
        alone = "(" in match[0] or re.search(r"(?:[\"'`:#,;|]|\A|\n)\s*\Z|\bext\.?\s\Z", before)
        return match if told or alone else None
    if match := _PHONE_MOBILE.match(text, start):
        return match
    if told or text[start] in "0(":
        match = _PHONE_EAST.match(text, start)
    if match is None and _PHONE_KEY.search(before):
        match = _PHONE_KEYED.match(text, start)
    if match is None and re.search(r"(?:wa\.me/|phone=)\Z", before):
        match = _PHONE_DIGITS.match(text, start)
    return _PHONE_NATIONAL.match(text, start) if match is None and told else match


def phone_at(text: str, start: int) -> Iterator[Finding]:
    """Find a phone number that begins at `start`: international, North American, or national after a telling word."""
    before = text[max(0, start - 40) : start]
    if before and (before[-1].isalnum() or before[-1] in "_.-/+$") and not before.endswith("wa.me/"):
        return
    told = bool(_PHONE_WORD.search(before))
    match = _number_at(text, start, before, told=told)
    if match is None or is_placeholder(match[0]):
        return
    digits = re.sub(r"\D", "", match[0])
    if (
        not 7 <= len(digits) <= 15
        or len(set(digits)) < 3
        or re.search(r"555[ .\-]?01\d\d|12345|5551234|555[ .\-]?555", match[0])
        or "0000" in digits[-5:]
    ):
        return
    if (
        match.re is not _PHONE_EAST
        and match.re is not _PHONE_KEYED
        and re.fullmatch(r"[+]?\d+", match[0])
        and not (match[0][0] == "+" and 11 <= len(digits) <= 14 and text[start - 1 : start] in (" ", "="))
        and not told
        and text[start - 1 : start] not in ('"', "'", "`", ":", ">")
    ):
        return
    if re.fullmatch(r"00\d+|\+?\d{1,4}[ ]?-[ ]?\d+|\+\d+\.\d+", match[0]) and not told:
        return
    yield Finding(start, match.end(), "phone", "personal", Rank.PERSONAL)


_TO_DIGITS = re.compile(r"[^\d(]{0,32}")


def phone_near(text: str, start: int) -> Iterator[Finding]:
    """Find a phone number that begins at `start`, or behind the telling word that does."""
    digits = _TO_DIGITS.match(text, start).end() if text[start].isalpha() else start  # type: ignore[union-attr]
    found = list(phone_at(text, digits))
    yield from found or ipv4_at(text, digits)
