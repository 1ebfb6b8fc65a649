"""Placeholders: keyed, deterministic, of the same length and character classes, and recognizable.

A placeholder is drawn with HMAC-SHA256 from a few rare characters of each class (`jqvxz`, `JQVXZ`, `479`, …).
That choice is the mark by which the rules know their own work: a value all of whose letters and digits
come from these sets is a placeholder, and so is every part and every mixture of placeholders.  Half-typed
states, cut windows and repeated runs need therefore no list of what was replaced.  A real value of eight
letters consists of them by chance once in half a million.

What carries the syntax stays: punctuation, escape sequences, and the BEGIN and END lines of a key, but for
the fourth dash of BEGIN: no more than three leading characters of a value stay.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata

LOWER = "jqvxz"
UPPER = "JQVXZ"
DIGITS = "479"  # without 0, so that a number does not begin with it
_OTHER_LOWER = "øþ"
_OTHER_UPPER = "ØÞ"
_OTHER = "々"  # letters without case; one UTF-16 unit
_ASTRAL = "\N{DESERET SMALL LETTER LONG I}"  # two UTF-16 units, like what it stands for

# How many leading characters of a value may equal its placeholder's.
LEAD = 3

_KEPT = re.compile(
    r"(?<![A-Za-z0-9])0[xX](?=[0-9A-Fa-f]+(?![0-9A-Za-z]))|"
    r"\\x(?=[0-9A-Fa-f]{2})|\\u\{[0-9A-Fa-f]{1,6}\}|\\u[0-9A-Fa-f]{4}|\\.|"
    r"-----(?:BEGIN|END)[A-Z0-9 ]{0,40}-----",
    re.DOTALL,
)
# Digits of numbers and bytes: their letters become digits too, which any number of the base may have.
_HEXADECIMAL = re.compile(r"(?:(?<![A-Za-z0-9])0[xX])[0-9A-Fa-f]+(?![0-9A-Za-z])|\\x[0-9A-Fa-f]{2}")
_MARKS = frozenset(LOWER + UPPER + DIGITS + _OTHER_LOWER + _OTHER_UPPER + _OTHER + _ASTRAL)
_ASCII_CLASSES = (
    dict.fromkeys("abcdefghijklmnopqrstuvwxyz", LOWER)
    | dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZ", UPPER)
    | dict.fromkeys("0123456789", DIGITS)
)
# What each of 256 numbers makes of a character; all but letters and digits stay.
_ASCII_CHOICES = {
    char: (made * -(-256 // len(made)))[:256]
    for char in map(chr, range(128))
    for made in [_ASCII_CLASSES.get(char, char)]
}
_FOREIGN = re.compile(r"[0-3568A-IK-PR-UWYa-ik-pr-uwy]")  # ASCII letters and digits that no placeholder has


def is_placeholder(value: str) -> bool:
    """Say whether all letters and digits of a value are those of placeholders, and there is one."""
    kept = _KEPT.sub("", value) if "\\" in value or "-----" in value or "0" in value else value
    if _FOREIGN.search(kept):
        return False
    marked = False
    for char in kept:
        if char in _MARKS:
            marked = True
        elif char.isalnum():
            return False
    return marked


# Eight characters in a row that are a placeholder's: by chance once in 400,000 random ones.
_RUN = re.compile(r"(?:[jqvxzJQVXZ479][-_.+/=:~]?){8,}")


def beside_placeholders(value: str) -> str | None:
    """Return what stands in a value beside placeholders; None where it holds none.

    A word that was typed right behind a replaced value, or the line below where a line end is missing, is no
    part of a secret.
    """
    rest = _RUN.sub("", value)
    return None if len(rest) == len(value) else rest


def is_replaceable(value: str) -> bool:
    """Say whether a value has a character that a placeholder would change."""
    kept = _KEPT.sub("", value) if "\\" in value or "-----" in value else value
    return any(char.isalnum() for char in kept)


class Placeholders:
    """Makes placeholders from values.

    Args:
        key: the data set's key; the same value gives the same placeholder with the same key.
    """

    def __init__(self, key: bytes) -> None:
        self._hmac = hmac.new(key, b"codeedit placeholder\0", hashlib.sha256)
        self._known: dict[str, str] = {}

    def of(self, value: str) -> str:
        """Return the placeholder of a value: as many code points, of the same classes."""
        known = self._known.get(value)
        if known is None:
            if len(self._known) > 100_000:
                self._known.clear()
            known = self._known[value] = self._make(value)
        return known

    def _make(self, value: str) -> str:
        kept = [False] * len(value)
        shown = list(value)
        for match in _KEPT.finditer(value):
            kept[match.start() : match.end()] = [True] * (match.end() - match.start())
        for match in _HEXADECIMAL.finditer(value):
            for place in range(match.start() + 2, match.end()):
                shown[place] = "0"
        count = kept.count(False)
        for attempt in range(8):
            stream = iter(self._numbers(value, attempt, count))
            made = [c if k else _choose(c, next(stream)) for c, k in zip(shown, kept, strict=True)]
            if made[: LEAD + 1] != list(value[: LEAD + 1]):
                break
        else:  # the first characters are punctuation, a number's prefix, or a placeholder's
            for place in reversed(range(min(LEAD + 1, len(value)))):
                char = value[place]
                if len(value) > LEAD and not char.isalnum() and not char.isspace() and char != "\\":
                    made[place] = "_" if char != "_" else "."
                    break
        return "".join(made)

    def _numbers(self, value: str, attempt: int, count: int) -> bytes:
        """Return at least so many pseudo-random numbers from 0 to 255."""
        plain = value.encode("utf-8", "surrogatepass")
        blocks = []
        for block in range(-(-count // 32)):
            digest = self._hmac.copy()
            digest.update(b"%d %d\0" % (attempt, block))
            digest.update(plain)
            blocks.append(digest.digest())
        return b"".join(blocks)


def _choose(char: str, number: int) -> str:
    choices = _ASCII_CHOICES.get(char)
    if choices is not None:
        return choices[number]
    if not char.isalnum():
        return char
    if ord(char) > 0xFFFF:
        return _ASTRAL
    if unicodedata.category(char) == "Nd":
        return _OTHER
    if char.islower():
        return _OTHER_LOWER[number % 2]
    return _OTHER_UPPER[number % 2] if char.isupper() else _OTHER
