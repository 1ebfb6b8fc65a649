"""What a value looks like: random, a password, a placeholder, or plain words.

Random text and identifiers differ in their letter pairs: of 676 pairs, the 60% that are rare in source
code make up 3% of the pairs in words and 60% in random letters.
"""

# ruff: noqa: E501, SIM905 - tables of words and patterns

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise

from codeedit.pipeline.ingest.anonymize.engine import LinearPattern, latin
from codeedit.pipeline.ingest.anonymize.placeholders import is_placeholder

# Second letters that follow the first one in fewer than one of 2,200 pairs; counted over the distinct
# words of Python's standard library.
_RARE_AFTER = (
    "aehjoqwz bdfghkmnpqtvwxz bdfgjmnpqsvwxyz bcfghjkmnpqtvwxyz hjkouz bcdghjkmnpqsvwxyz bcdfgjkmpqtvwxyz "
    "bcdfghjklmnpqsuvwxyz hijquwy abcdfghijklmnopqrstuvwxyz abcdfghjklmnopqrtuvwxyz bcghjkmnqrvwxz "
    "cdfghjklnqrtvwxyz bhjmpqrwxz hjqxyz bcdfghjkmnqvwxz abcdefghijklmnopqrstvwxyz bhjpqvxz bdfgjmnqrvwxz "
    "bgjkmnqvxz hjkoquvwxyz bcdfghjklmnopqrstuvwxyz bcdfgjklmpqtuvwxyz bdfghjklmnoqrsuvwxyz "
    "abcdefghjklmnoqruvwxyz abcdfghijklmnopqrstuvwxyz"
).split()
_RARE = frozenset(
    first + second
    for first, seconds in zip("abcdefghijklmnopqrstuvwxyz", _RARE_AFTER, strict=True)
    for second in seconds
)

_HEX = re.compile(r"(?:0[xX])?(?:[0-9a-f]{16,}|[0-9A-F]{16,})\Z")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_TOKEN_ALPHABET = re.compile(r"[A-Za-z0-9+/=_\-.~:]+\Z")
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\Z")
_RUNS = re.compile(r"[A-Za-z]+")

_DUMMY = LinearPattern(
    r"(?i)example|change[\W_]?(?:me|it|this)|replace[\W_]?(?:me|with|this)|place[\W_]?holder|\byour|your[\W_]|[\W_]your|insert[\W_]"
    r"|dummy|redacted|fixme|todo\b|sample|<[^<>]*>|\$\{|\{\{|\$\(|%\(|%[sdv]\b|\{[a-z_.0-9]*(?:\[[^\[\]{}]*\])?\}"
    r"|x{4}|\*{3}|\.{3}|[#]{3}|_{3}|-{5}(?:[^b]|$)|\b(?:foo|bar|baz|qux){2}"
    r"|not[\W_]?(?:a[\W_])?real|my[\W_]?(?:secret|token|password|key|api)|\b(?:fake|mock)(?:[^a-z]|$)"
    r"|super[\W_]?secret|^s3cr3t$|^p[a@4]ssw[o0]rd\d{0,4}[!.]?$|correct[ _-]?horse|put[\W_]?your|enter[\W_]?your|123456789|abcdefgh|12345678$"
    r"|deadbeef|cafebabe|lorem|ipsum|process\.env|os\.environ|getenv|secrets\.|\bvault:|env\["
    r"|^age1[a-z0-9]{20}|eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9l|^0{8}-0{4}|^da39a3ee5e6b4b0d|^d41d8cd98f00b204|^e3b0c44298fc1c14|^(?:[0-9a-f]{2}:){15,31}[0-9a-f]{2}$"
    r"|^(?:gezdgnbvgy3tqojq)+|^jbswy3dpehpk3pxp|^(?:0x)?(?:2b7e151628aed2a6|603deb1015ca71be|8e73b0f7da0e6452)"  # published with RFC 6238 and FIPS 197
    r"|^arn:|^projects/|^urn:|^data:|^(?:true|false|none|null|nil|undefined)$"
)
_REFERENCE = re.compile(
    r"""(?x) \$(?!\w*[A-Za-z]\d+[A-Za-z])(?:[A-Za-z_]\w*|\d+) | %\w+% | @\w+@ | \$?\{.* | <.*> | \[\[?.* | !(?:Ref|Sub|GetAtt|ImportValue|Join|vault|secret|env|ENV|include|reference)\b.* | ref\+.*"""
)
_PATH = re.compile(
    r"""(?x) (?:\.{0,2}/|~/|[A-Za-z]:[\\/]) [\w.@$\-/\\ ]* | [\w.-]+(?:/[\w.-]+)+\.\w{1,5} | [a-z][\w-]*\.(?:com|org|io|net|dev|in)(?:/[\w.~-]+)+ | \w+://[^@\s]*"""
)
_LONGEST_TECHNICAL = 40  # characters; its parts can be cut in many ways
_TECHNICAL = re.compile(
    r"""(?ix) (?: [a-z]{0,8}[_-]?
    (?: sha[_-]?\d+ | md[45] | utf[_-]?\d+ | base\d\d | aes[_-]?\d+ | x509(?:cert\w*)? | oauth\d? | http\d? | ipv[46] | latin\d? | [rhep]s(?:256|384|512)
      | pbkdf2 | argon2\w* | ed25519 | x25519 | secp\d+\w\d | p(?:256|384|521) | u?int\d+ | float\d+ | win(?:32|64) | amd64 | arm64 | x86_64
      | iso[_-]?8859[_-]?\d+ | cp\d+ | windows[_-]?\d+ | rsa\d+ | des3 | rc4 | pkcs\d+ | tls[_-]?v?[\d.]+ | v\d+(?:[._]\d+)* | k8s | h264 | mp[34] ) [_-]?[a-z]{0,8} )+"""
)
# A separator before each further word: without one, the ways to cut a word are exponentially many.
_WORDS_AND_INDEX = re.compile(r"[A-Za-z]*(?:[_\-.:/# ][A-Za-z]+)*[_\-.:/# ]?v?\d{0,2}")
_CONSTANT = re.compile(
    r"0[xX](?:[0-9A-Fa-f]{1,8}[uUlL]*|[0-9A-Fa-f]{9,16}(?:[uU][lL]{0,2}|[lL]{1,2}))|[A-Z]+(?:_[A-Z]+)+\d{0,2}|[A-Z]{2,}(?:_(?:[A-Z]+\d{0,3}|\d{1,4})){2,}|(?:com|org|net|java|javax|oracle|io|dev)(?:\.[A-Za-z]\w*){2,}|[a-z_]+=(?:[A-Za-z_.]+|\d+)?|[a-z_]+\d\w*=(?:True|False|None|true|false|null)|[a-z_]+(?:=[\w.]*)?(?:,(?:[a-z_]+\d?(?:=[\w.]*)?|\d{1,3}))+"
)
# A cipher suite's name, a standard's number, a letter's escape.
_SUITE_PART = r"(?:RSA|DSS|DSA|DHE?|EDH|ADH|A?ECDHE?|ECDSA|ANON|EXP(?:ORT)?|PSK|SRP|KRB5|WITH|AES|ARIA|CAMELLIA|CHACHA|POLY|GOST|SEED|IDEA|3?DES|EDE|RC[245]|NULL|GCM|CCM|CBC|CTR|OFB|CFB|SHA|MD5|HMAC)\d*"
_DESIGNATION = re.compile(
    rf"{_SUITE_PART}(?:[-_](?:{_SUITE_PART}|\d{{1,4}})){{2,}}|[A-Z]{{2,8}}-\d{{1,3}}|\\u[0-9A-Fa-f]{{4}}"
)
_ESCAPED_WORDS = re.compile(
    r"(?:\\x(?:[46][1-9a-fA-F]|[57][0-9aA]|20|5[fF]|2[dD]))+"
)  # "\x73\x65\x72…", the letters of words
_NUMERIC = re.compile(r"[\d\s.,:/+\-TZ]+")
_FIXTURE = re.compile(
    r"(?i)(?:test|tests|testing|demo|fake|mock|sample|default|foo|bar|baz|abc|pass|password|secret|token|key|user|admin)[_\-]?\d{0,4}"
)
CODE = re.compile(
    r"""(?x) !{0,2}[A-Za-z_$][\w$]*(?:(?:\.|->|::|\?\.)[A-Za-z_$][\w$]*)+ (?:\(.*\)|\[.*\]|\{.*\})?[^\w@#$%&*+]{0,2} | [A-Za-z_$][\w$.]*(?:\(.*\)|\[.*\]).{0,3}"""
)
_REGEX = re.compile(r"\\[dswbDSWB.]|\[[^\]]*-[^\]]*\][*+{?]|\.[*+]|\(\?")
STRONG_SYMBOLS = frozenset("!@#$%^&*?=+~")
_RARE_SYMBOLS = frozenset("'\"()[]{}|;:<>,`/\\")  # of code, too
ALTERNATIONS = re.compile(r"(?<=[A-Za-z])\d|(?<=\d)[A-Za-z]")


def entropy(value: str) -> float:
    """Return the Shannon entropy in bits per character."""
    size = len(value)
    return -sum(n / size * math.log2(n / size) for n in Counter(value).values()) if size else 0.0


@lru_cache(maxsize=4096)
def rare_pairs(value: str) -> tuple[int, int]:
    """Return how many letter pairs are rare in words, and how many pairs there are; a new hump begins a new word."""
    rare = total = 0
    for run in _RUNS.findall(value):
        for first, second in pairwise(run):
            if first.islower() and second.isupper():
                continue
            total += 1
            rare += (first + second).lower() in _RARE
    return rare, total


@lru_cache(maxsize=4096)
def is_dummy(value: str) -> bool:
    """Say whether a value stands for another one: a placeholder, a reference, a look-up, a fill-in."""
    if _DUMMY.start(latin(value)) >= 0 or _REFERENCE.fullmatch(value) or is_placeholder(value):
        return True
    if len(set(value)) <= max(2, len(value) // 12):
        return True
    return _sequential(value)


def _sequential(value: str) -> bool:
    """Say whether most characters are the neighbours of those before them, as in abcdef and 987654."""
    steps = [ord(b) - ord(a) for a, b in pairwise(value[:64])]
    return len(steps) >= 5 and max(steps.count(1), steps.count(-1), steps.count(0)) >= 0.7 * len(steps)


def is_hex(value: str) -> bool:
    """Say whether a value is 16 or more random hexadecimal digits."""
    return bool(_HEX.match(value)) and len(set(value)) >= 6


def is_digest(value: str) -> bool:
    """Say whether a value is hexadecimal digits or a UUID: random, but a secret only where a name says so."""
    return is_hex(value) or bool(_UUID.match(value))


@lru_cache(maxsize=4096)
def is_random(value: str, least: int = 16) -> bool:
    """Say whether a value looks drawn at random from letters and digits.

    Args:
        value: what stands between quotes or after an equals sign.
        least: the fewest characters that count.
    """
    if "%" in value:
        value = _PERCENT.sub("+", value)
    size = len(value)
    if size < least or not _TOKEN_ALPHABET.match(value) or is_dummy(value) or _PATH.fullmatch(value):
        return False
    if _NUMERIC.fullmatch(value) or _CONSTANT.fullmatch(value) or is_technique(value):
        return False
    if is_hex(value) or _UUID.match(value):
        return True
    bits = entropy(value)
    if bits < (2.9 if size < 24 else 3.3):
        return False
    rare, total = rare_pairs(value)
    alternations = len(ALTERNATIONS.findall(value))
    of_words = size < 32 and _LINKED_WORDS.fullmatch(value)
    if total >= 5 and rare >= (0.34 if of_words else 0.22) * total and rare >= 3:
        return True
    return alternations >= 4 and alternations >= size // 8 and rare >= 0.1 * total


_LINKED_WORDS = re.compile(r"[a-z]{2,12}(?:[-_.][a-z]{2,12})+")  # as in an identifier's name
# Where a run of one class of characters ends, but for the capital that begins a word.
_RUN_ENDS = re.compile(r"[a-z](?=[A-Z0-9])|[0-9](?=[A-Za-z])|[A-Z](?=[0-9])|(?<=[A-Z])[A-Z](?=[a-z])")


def is_shuffled(value: str) -> bool:
    """Say whether letters of both cases and digits alternate as at random, more often than humps in an identifier."""
    size = len(value)
    if size < 10 or not value.isalnum() or value.lower() == value or value.upper() == value:
        return False
    ends = len(_RUN_ENDS.findall(value))
    return ends >= 4 and 3 * ends >= size


# An identifier: words, each with a capital perhaps, and acronyms.
_IDENTIFIER = re.compile(r"(?:[A-Z]{1,5}(?=[A-Z][a-z]|\Z)|[A-Z]?[a-z]{2,}|_)+")


def is_jumbled(value: str) -> bool:
    """Say whether letters of both cases alternate as in no identifier, as in a generated password without digits."""
    return (
        8 <= len(value) <= 40
        and value.isalpha()
        and value.isascii()
        and len(_RUN_ENDS.findall(value)) >= 3
        and not _IDENTIFIER.fullmatch(value)
        and not is_dummy(value)
    )


# A mixture that may have a dot before an asterisk by chance, but no bracket, backslash or blank.
_MIXED = re.compile(r"(?=.*[A-Z])(?=.*[a-z])(?=(?:.*\d){2})[^\s()\[\]{}\\|^]{10,32}")


def is_technique(value: str) -> bool:
    """Say whether a value is the name of an algorithm, an encoding or a version."""
    return len(value) <= _LONGEST_TECHNICAL and _TECHNICAL.fullmatch(value) is not None


def is_technical(value: str) -> bool:
    """Say whether a value is a pattern, a path, a name of a technique, a fixture or a number."""
    return bool(
        (_REGEX.search(value) and not _MIXED.fullmatch(value))
        or _PATH.fullmatch(value)
        or is_technique(value)
        or _FIXTURE.fullmatch(value)
        or _NUMERIC.fullmatch(value)
        or _CONSTANT.fullmatch(value)
        or is_designation(value)
    )


def is_designation(value: str) -> bool:
    """Say whether a value is a cipher suite's name, a standard's number, or escapes that spell words."""
    return bool(_DESIGNATION.fullmatch(value) or _ESCAPED_WORDS.fullmatch(value))


@lru_cache(maxsize=4096)
def is_password(value: str, least: int = 6) -> bool:
    """Say whether a value looks like a password that a person chose or a generator made."""
    size = len(value)
    if not least <= size <= 128 or any(c.isspace() for c in value) or is_dummy(value):
        return False
    if is_technical(value) or (CODE.fullmatch(value) and not is_random(value, 12)):
        return False
    letters = sum(c.isalpha() for c in value)
    digits = sum(c.isdigit() for c in value)
    symbols = sum(c in STRONG_SYMBOLS for c in value)
    if not letters or is_shuffled(value):
        return bool(letters)
    if symbols and letters >= 3 and not value.startswith(("#", "%", "@", "$", "--", "?", "&", "*.")):
        if digits:
            return True
        if (
            symbols
            and any(c.isupper() for c in value)
            and any(c.islower() for c in value)
            and value[-1] not in "=?:"
        ):
            return size >= 8
        return symbols >= 2 and size >= 10 and rare_pairs(value)[0] >= 2
    if _WORDS_AND_INDEX.fullmatch(value):  # words, and at most two digits at the end
        rare, total = rare_pairs(value)
        if digits == 2 and value[0].isupper() and value.isalnum() and size >= 8:
            return True
        return size >= 8 and total >= 5 and rare >= 0.34 * total and value.isalnum()
    if digits >= 3 or (digits >= 1 and len(ALTERNATIONS.findall(value)) >= 2) or is_random(value, 10):
        return True
    return digits > 0 and size >= 8 and _is_mixture(value)


def _is_mixture(value: str) -> bool:
    """Say whether a value has letters of both cases and punctuation of code, but is no code."""
    return (
        any(c in _RARE_SYMBOLS for c in value)
        and any(c.isupper() for c in value)
        and any(c.islower() for c in value)
    )


_LINKED = re.compile(
    r"[\w.\-]*://|^[A-Z]{2,}[-_ ]?\d+(?:[#.\-/]|$)|[<>()\[\]{}\s,;\\|]|^[\w\-]+(?:\.[\w\-]+)+$"
)


_ASSIGNED = re.compile(r"[A-Za-z_.\-]+=")


def is_strong(value: str) -> bool:
    """Say whether a value looks like a password or token even where only its line speaks of one.

    Digests do not count: a line that speaks of secrets may well hold one.
    """
    if not 8 <= len(value) <= 128 or _LINKED.search(value) or is_digest(value) or is_dummy(value):
        return False
    if is_designation(value):
        return False
    digits = sum(c.isdigit() for c in value)
    if is_password(value, 8) and digits:
        symbols = any(c in STRONG_SYMBOLS for c in value[1:])
        mixed = any(c.isupper() for c in value) and any(c.islower() for c in value)
        if symbols and (mixed or digits >= 2) and "/" not in value and not _ASSIGNED.match(value):
            return True
        if value.isalnum() and len(ALTERNATIONS.findall(value)) >= 3:
            return True
    if digits and is_shuffled(re.sub(r"[-_.]", "", value)):
        return True
    return digits >= 2 and is_random(value, 12)


def is_noise(value: str) -> bool:
    """Say whether a value is a generator's mixture of all kinds of characters, blanks included."""
    size = len(value)
    if (
        size < 24
        or not value.isascii()
        or is_dummy(value)
        or entropy(value) < 4.2
        or value.count(" ") > size // 8
    ):
        return False
    symbols = sum(not c.isalnum() for c in value)
    classes = (
        any(c.isupper() for c in value) + any(c.islower() for c in value) + any(c.isdigit() for c in value)
    )
    rare, total = rare_pairs(value)
    return classes == 3 and size // 8 <= symbols <= size * 2 // 3 and rare >= 0.3 * total


def is_interleaved(value: str) -> bool:
    """Say whether digits stand between the letters of a word, as they do in no identifier."""
    return len(ALTERNATIONS.findall(value)) >= 3 or bool(
        re.fullmatch(r"[A-Z][a-z]*\d[a-z]+[A-Z][a-z]+", value)
    )
