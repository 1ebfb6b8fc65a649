"""Secrets in the sentences and the other literals of a line that speaks of one: no operator leads from the word to them."""

# ruff: noqa: E501, RUF001 - tables of words and patterns

from __future__ import annotations

import re
from collections.abc import Iterator

from codeedit.pipeline.ingest.anonymize.bare import CODE_MARKS
from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.keywords import LINE_LIMIT
from codeedit.pipeline.ingest.anonymize.phrases import is_passphrase
from codeedit.pipeline.ingest.anonymize.shapes import is_digest, is_dummy, is_strong
from codeedit.pipeline.ingest.anonymize.simple import is_dotted, is_likely

_NUMBERED = re.compile(r"(?:[A-Z][a-z]{2,12}){1,3}\d{3,5}[!?$#*]?")
# Not C's preprocessor: `#define TLS1_CK_PSK_WITH_NULL_SHA 0x0000002C`.
_COMMENT = re.compile(
    r"\s*(?:#(?![ \t]*(?:define|include|ifn?def|endif|undef|pragma)\b)|//|/?\*|--|;|%|<!--)"
)
_COUNTED = re.compile(r"\d{1,4}-[a-z]+")  # 3-clause, 64-bit
_ANY_LITERAL = re.compile(r"""(?P<quote>["'`])(?P<value>(?:(?!(?P=quote))[^\\\n]|\\.){0,400})(?P=quote)""")
# `("user", "password")` in a line whose first literal names them.
_PAIR = re.compile(r"""[(\[{]\s?["'][\w.@-]{1,40}["'],\s?["'](?P<value>[^\s"'`]{6,64})["']\s?[)\]}]""")
_HASHES = re.compile(r"(?i)hash|digest|checksum|sha|md5|commit|signature|revision|finger|uuid|guid")
# As in: the password for staging was …
_AFTER_BLANK = re.compile(r":?[ ]+[\"'`]?(?P<value>[^\s\"'`:;,()]{8,128})")
# What leads to a new value, as in: password changed to …, but not: key difference to …
_OF_CHANGE = re.compile(r"(?:\A|ed|set|back|over|now|again)\Z", re.IGNORECASE)
_SENTENCE = re.compile(
    r"s?[\"'`)]?(?:(?P<words>(?:[ ][^\W\d_][\w-]*){0,5}?)[ ](?:now[ ])?(?:is|was|ist|war|lautet|est|era|es|é|è|är|on|er|(?P<target>to)|now|->|:|→)(?:[ ]now)?|(?P<sign>(?:[ ](?:[^\W\d_]+|/[\w/]{2,40})){0,4}(?::|[ ]=))|[：は])[ ]{0,3}[\"'`「*]{0,3}(?P<value>[^\s\"'`「」,，、)]{6,128})"
)


def _literals(text: str, line_start: int, after: int, end: int) -> Iterator[Finding]:
    """Find the literals that are secrets beyond doubt, and those that stand in a pair with an account."""
    for literal in _ANY_LITERAL.finditer(text, line_start, end):
        value = literal["value"]
        if literal.start() >= after and (
            is_strong(value) or is_passphrase(value) or _NUMBERED.fullmatch(value)
        ):
            yield Finding(*literal.span("value"), "credential", "secret", Rank.CONTEXT)
    for pair in _PAIR.finditer(text, after, end):
        if is_likely(pair["value"]) and any(c.isdigit() for c in pair["value"]):
            yield Finding(*pair.span("value"), "password", "secret", Rank.CONTEXT)


_LABEL = re.compile(r"[ \t>*+-]{0,6}(?:\*\*)?[^\W\d_]\w*(?:[ ][\w'/-]+){1,6}\Z")


def _is_prose(text: str, line_start: int, after: int, sentence: re.Match[str]) -> bool:
    """Say whether a line is some words, a colon and a value, and nothing else: no setting has a name of some words."""
    last = text[sentence.end("value") : sentence.end("value") + 1] in ("", "\n", "\r")
    return (
        last
        and "_" not in text[line_start:after]
        and _LABEL.match(text, line_start, sentence.start("sign")) is not None
    )


def elsewhere(text: str, line_start: int, after: int, end: int, *, direct: bool) -> Iterator[Finding]:
    """Find what looks like a secret beyond doubt on a line that speaks of one: its literals, or a sentence's words."""
    comment = bool(_COMMENT.match(text, line_start, end))
    if direct and not comment:
        yield from _literals(text, line_start, after, min(end, line_start + LINE_LIMIT))
    if (
        comment
        and (bare := _AFTER_BLANK.match(text, after, min(end, after + 120)))
        and (
            is_strong(bare["value"])
            or (direct and is_likely(bare["value"]) and any(c.isdigit() for c in bare["value"]))
        )
    ):
        yield Finding(*bare.span("value"), "credential", "secret", Rank.CONTEXT)
    if (direct or comment) and (sentence := _SENTENCE.match(text, after, min(end, after + 120))):
        value = sentence["value"].rstrip(".,;:)*") or sentence["value"]
        prose = comment or _is_prose(text, line_start, after, sentence)
        if (
            (is_likely(value) or is_dotted(value))
            and not (sentence["target"] and not _OF_CHANGE.search(sentence["words"]))
            and not (sentence["sign"] and not prose and text[sentence.start("value") - 1] != "`")
            and not CODE_MARKS.search(value)
            and (direct or any(c.isdigit() for c in value))
            and not value.isalpha()
            and not _COUNTED.fullmatch(value)
            and any(c.isdigit() for c in value)
        ):
            first = sentence.start("value")
            yield Finding(first, first + len(value), "password", "secret", Rank.CONTEXT)
        elif (
            is_strong(value)
            or is_passphrase(value)
            or (
                direct
                and is_digest(value)
                and not is_dummy(value)
                and not _HASHES.search(text, line_start, sentence.start("value"))
            )
            or (value != sentence["value"] and is_strong(sentence["value"]))
        ):
            yield Finding(
                sentence.start("value"), sentence.end("value"), "credential", "secret", Rank.CONTEXT
            )
