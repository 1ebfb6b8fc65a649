"""Secrets that only the name beside them gives away, in the syntax of programs and configuration files.

A line that holds a telling name is read from that name on: over brackets, a type, an operator or a call,
to the next literal or, in assignments without quotes, to the next word.  What it finds counts by its shape.
"""

# ruff: noqa: E501 - tables of words and patterns

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.judge import counts, unwordly
from codeedit.pipeline.ingest.anonymize.keywords import LINE_LIMIT, Name
from codeedit.pipeline.ingest.anonymize.names import Hint
from codeedit.pipeline.ingest.anonymize.shapes import (
    is_chosen,
    is_digest,
    is_interleaved,
    is_passphrase,
    is_password,
    is_phrase,
    is_plain_word,
    is_random,
    is_shuffled,
    is_strong,
)
from codeedit.pipeline.ingest.anonymize.words import takes_a_blank

# From the end of the name to the opening quote.
_TO_LITERAL = re.compile(
    r"""(?P<gap>(?:\\*["'`])?[^"'`\n;#]{0,64}+(?:\n[ \t]{0,40}(?:[=+(\[|]\s{0,4})?)?)(?P<quote>\"\"\"|'''|[rbuf@$RL]{0,2}["'`])"""
)
_GAP_OPERATOR = re.compile(r"[=:,(>\[~]|<-|\bto\b|\bis\b|\bBY\b|^[\"'`]?\]?[ \t]*\\?\s+$")
_GAP_BREAK = re.compile(
    r"(?:[^y{}\s]|[^z]y)\s*\{|\{\s*\S|\}|&&|->\s*\w|\band\b|\bor\b(?! )|\bif\b|\belse\b|\breturn\b|\bin\b\s*\("
)
_LITERALS = {quote: re.compile(rf"(?:[^{quote}\\\n]|\\.){{0,2048}}") for quote in "\"'`"}
_ESCAPED = re.compile(r"""\\(["'`\\$/])""")
_INNER_QUOTES = re.compile(r"""(?P<mark>\\{0,2}["'])(?P<value>.{4,})(?P=mark)""")
_NEXT_LITERAL = re.compile(r"""["'`]\s*(?:,|\?\?|\|\||\bor\b|\?:|:)\s*(?P<quote>["'`])""")
_CONTINUES = re.compile(
    r"""["'`]\s*(?:\+[ ]*\\?|\\|\.\.|<>|~|&|)[ \t]*\n[ \t]*(?:\+|\.\.|&|~|)[ \t]*[fbru]?(?P<quote>["'`])"""
)

# `name = value`, `name: value`, `--name value`, `ENV NAME value`, `<name>value</name>`, `name=value;`.
_BARE = re.compile(
    r"""(?x) (?P<operator> (?:["'`]?\]?|[*_]{2})[ \t]*(?:=>|:=|[=:])(?:[*_]{2}(?=[ ]))?[ \t]* | [ \t]{1,20} | > )
    (?P<value> (?:[^\s"'`<>,;&|(){}\[\]\\]|&(?![\w.%\-]+[=;]|&|[\s]|$)){6,1024} )"""
)
_WHOLE_LINE = re.compile(
    r"[ \t]*(?:=>|:=|[=:])[ \t]*(?:(?:!!?|&)\w{0,12}[ ])?(?P<value>[^\s\"'`#][^\s\"'`]{4,512})[ \t]*(?:#[^\n]*)?$",
    re.MULTILINE,
)
_PLAIN_LINE = re.compile(r"=(?P<value>[a-z]{8,24})$", re.MULTILINE)
_LINE_HEAD = re.compile(r"^\s*(?:(?:export|set|ENV|ARG|env|-|--|\#|;|//)\s+)*[\w.\-]*$")
_CODE_LINE = re.compile(r"[A-Za-z_][\w.]*[(\[]|.*[;{,]\Z")
_DIGITS_BEHIND = re.compile(r"[A-Za-z]+\d{3,}|[A-Z][a-z]+(?:[A-Z][a-z]+)*\d{2,}!?")  # as in a chosen password
_CODE_VALUE = re.compile(
    r"""(?x) [A-Za-z_$]\w* \$? (?: (?:\.|->|::|\?\.|!\.) [A-Za-z_$]\w* )* (?:\?|!!|;)* | [*&]+\w+ | .*(?:->|::|\(\)).* """
)
_BLOCK_SCALAR = re.compile(r"[ \t]*:[ \t]*[|>][+-]?[ \t]*\n(?P<indent>[ \t]+)")
# The name stands in one attribute, element or line, the value in the next.
_ENTRY = re.compile(
    r"""(?x) (?: </\w{1,20}>\s{0,40}<\w{1,20}>
    | ["'][^<>\n]{0,80}>\s{0,40}(?:<(?:string|value|val|data)>)?
    | ["']\s{0,4}:\s{0,4}\{\s{0,8}["'][\w.\-]{2,60}["']\s{0,4}:\s{0,4}(?=["'])
    | ><!\[CDATA\[
    | :[ ]{0,4}\n[ \t]{2,40}(?=[^\s:\-]\S{0,200}[ \t]*(?:\n|$)) | [:?]?[ ]?["']\)?;?\s[ \t\n]{0,40}[\w.]{0,40}(?:send|write|type|fill|enter)\w{0,12}[( ]
    | ["']?\]?[ ]{0,12}=[ ]{0,4}\[\[ | >\{
    | ["']?:?(?:,\s{0,4}|[ ]{1,4}|\s{0,4}\n[ \t]{0,40})["']?(?i:value|val|default|content|data)["']?[ ]?(?:[:=]|=>)[ ]?
    | ["'][ ]?\{\s{0,8}(?:\w+[ ]{0,12}=[^\n{}]{0,120}\n\s{0,8}){0,4}default[ ]{0,12}=[ ]?
    | \nV[ ]\d{1,3}\n
    | [ ]\w[\w.]{0,30}[ ]`\w{1,20}:
    | (?:\s{1,4}[\w:]{1,30}=["'][^"'<>\n]{0,80}["']){1,3}>
    | ["']?\s{0,4}(?:=|=>)\s{0,4}(?:qq?|%[qQ]?)[{(\[|] )
    ["']?(?P<value>(?<=["'])[^"'\n]{6,512}?(?=(?:\\[rn])*["'])|(?<!["'])[^\s<>"'})\]]{6,1024})"""
)
_ELEMENT = re.compile(r">(?P<value>[^<>\n]{12,200})</")
_TABLE = re.compile(r"""["']?[ \t]*(?:[:=]|:=|=>)[ \t]*(?:(?:[\w\[\]<>,. ]{0,40})[{\[(])?[ \t]*\n""")
_BARE_ROW = re.compile(
    r"[ \t]+(?:-[ ])?[\w.\-]{1,60}[ ]?[:=][ ]?(?P<value>[^\s\"'#{}\[\]][^\s\"'{}\[\]]*|)[ \t]*$", re.MULTILINE
)
_ROW = re.compile(
    r"""[^\n:=,]{0,80}(?:[:=,]|=>)?[ \t]*["'](?P<value>[^"'\n]{6,200})["'][ \t]*[)\]}]?,?[ \t]*(?:$|[#/\n])""",
    re.MULTILINE,
)
_NUMBERED = re.compile(r"(?:[A-Z][a-z]{2,12}){1,3}\d{3,5}[!?$#*]?")
_COMMENT = re.compile(r"\s*(?:#|//|/?\*|--|;|%|<!--)")
_ANY_LITERAL = re.compile(r"""(?P<quote>["'`])(?P<value>(?:(?!(?P=quote))[^\\\n]|\\.){0,400})(?P=quote)""")
_HASHES = re.compile(r"(?i)hash|digest|checksum|sha|md5|commit|revision|finger|uuid|guid")
# As in: the password for staging was …
_AFTER_BLANK = re.compile(r":?[ ]+[\"'`]?(?P<value>[^\s\"'`:;,()]{8,128})")
_SENTENCE = re.compile(
    r"s?[\"'`)]?(?:[ ]\w+){0,4}?[ ](?:is|was|to|=|->|:|→)[ ]{1,3}[\"'`]?(?P<value>[^\s\"'`]{8,128})"
)
_REVERSED = re.compile(
    r"""(?P<quote>["'])(?P<value>[^"'\n]{6,256})(?P=quote)\s*(?:,\s*(?i:forkey|for_key|key|name|label|account|as|with_?key)\s*[:=]\s*["']|\)?\.(?:equals|eq|equalsIgnoreCase|compareTo)\(\s*|===?\s*|!==?\s*|<>\s*|~=\s*)[\w.$>\-]{0,80}$"""
)


def lines_near(text: str, names: Sequence[Name], number: int, start: int) -> tuple[int, int, list[Finding]]:
    """Read the line that holds `start` from there on.

    Args:
        text: the text.
        names: the names in it.
        number: one of this line, and not the first one behind it.
        start: where a telling name may stand.

    Returns:
        Where reading may go on, the first name that is left, and the findings; a value may lie on the lines after.
    """
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    end = min(end, start + LINE_LIMIT)
    line_start = max(text.rfind("\n", max(0, start - LINE_LIMIT), start) + 1, start - LINE_LIMIT)
    found: list[Finding] = []
    direct, after = False, -1
    while number and names[number - 1].first >= start:
        number -= 1
    while number < len(names) and names[number].last <= end:
        _, _, left, right, promise = names[number]
        number += 1
        direct = direct or promise is not Hint.WEAK
        after = after if after >= 0 else right
        found.extend(_values(text, line_start, left, right, promise))
    if after >= 0 and not found:
        found.extend(_elsewhere(text, line_start, after, end, direct=direct))
    return max(end, start + 1), number, found


def _values(text: str, line_start: int, left: int, right: int, promise: Hint) -> Iterator[Finding]:
    """Find the values of the name that lies at [left, right)."""
    literal = _TO_LITERAL.match(text, right)
    if literal and _leads_to(literal["gap"]):
        if text[literal.start("quote") - 1] == "\\":
            yield from _escaped(text, literal.end(), literal["quote"], promise)
        else:
            yield from _literals(text, literal.end(), literal["quote"][-1], promise)
    reverse = _reversed(text, max(line_start, left - 300), left, right)
    if reverse and counts(reverse["value"], promise, quoted=True):
        yield _finding(*reverse.span("value"), promise)
    behind = text[right : right + 1]
    if (
        behind in (")", ",")
        and (compared := _BESIDE.search(text, max(line_start, left - 200), left))
        and is_strong(compared["value"])
    ):
        yield _finding(*compared.span("value"), promise)
    if behind in _NO_ENTRY:
        return
    yield from _bare(text, line_start, left, right, promise)
    if scalar := _BLOCK_SCALAR.match(text, right):
        yield from _block(text, scalar.end(), scalar["indent"], promise)
    element = _ELEMENT.match(text, right) if promise is Hint.PASSWORD else None
    if element and is_phrase(element["value"]) and counts(element["value"], promise, quoted=True):
        yield _finding(*element.span("value"), promise)
    entry = _ENTRY.match(text, right, min(len(text), right + 600))
    if entry and counts(entry["value"], promise, quoted=True):
        yield _finding(*entry.span("value"), promise)
    yield from _account_and_password(text, left, right)
    if table := _TABLE.match(text, right):
        yield from _rows(text, table.end(), promise)


def _reversed(text: str, low: int, left: int, right: int) -> re.Match[str] | None:
    """Match a literal that stands before the name at [left, right), not before `low`, and is compared with it."""
    before = text[low:left]
    if '"' not in before and "'" not in before:
        return None
    return _REVERSED.search(text, low, right)


_NO_ENTRY = frozenset("().;[{+|/")  # behind a name: what follows is no entry, and no word that is its value
# A value before the name that it is compared with or given to: equal("…", config.password)
_BESIDE = re.compile(r"""["'](?P<value>[^"'\s]{8,128})["'],[ ]?[\w.>\-]{0,60}\Z""")
_USERINFO = re.compile(r"""["']?[ ]?[:=][ ]?["']?[\w.@\-]{1,64}:(?P<value>[^\s"':@/]{6,100})(?=["']|\s|$)""")


def _account_and_password(text: str, left: int, right: int) -> Iterator[Finding]:
    """Find the password of `auth: user:password`."""
    if (
        not text[left:right]
        .lower()
        .endswith(("auth", "credentials", "creds", "userinfo", "userpwd", "login"))
    ):
        return
    match = _USERINFO.match(text, right)
    if match and is_chosen(match["value"]):
        yield Finding(*match.span("value"), "password", "secret", Rank.CONTEXT)


def _rows(text: str, start: int, promise: Hint) -> Iterator[Finding]:
    """Judge the values of a table whose name promises secrets, up to the bracket that closes it."""
    for _ in range(40):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        row = _ROW.match(text, start, min(end, start + 400))
        if row is None:
            row = _BARE_ROW.match(text, start, min(end, start + 400))
            if row is None:
                return
        if is_chosen(row["value"]) if row.re is _ROW else is_strong(row["value"]):
            yield _finding(*row.span("value"), promise)
        start = end + 1


def _elsewhere(text: str, line_start: int, after: int, end: int, *, direct: bool) -> Iterator[Finding]:
    """Find what looks like a secret beyond doubt on a line that speaks of one: its literals, or a sentence's words."""
    comment = bool(_COMMENT.match(text, line_start, end))
    if direct and not comment:
        for literal in _ANY_LITERAL.finditer(text, line_start, min(end, line_start + LINE_LIMIT)):
            value = literal["value"]
            if literal.start() >= after and (
                is_strong(value) or is_passphrase(value) or _NUMBERED.fullmatch(value)
            ):
                yield Finding(*literal.span("value"), "credential", "secret", Rank.CONTEXT)
    if (
        comment
        and (bare := _AFTER_BLANK.match(text, after, min(end, after + 120)))
        and is_strong(bare["value"])
    ):
        yield Finding(*bare.span("value"), "credential", "secret", Rank.CONTEXT)
    if (direct or comment) and (sentence := _SENTENCE.match(text, after, min(end, after + 120))):
        value = sentence["value"].rstrip(".,;:!)")
        if (
            is_strong(value)
            or is_passphrase(value)
            or (direct and is_digest(value) and not _HASHES.search(text, line_start, sentence.start("value")))
            or (value != sentence["value"] and is_strong(sentence["value"]))
        ):
            yield Finding(
                sentence.start("value"), sentence.end("value"), "credential", "secret", Rank.CONTEXT
            )


def _leads_to(gap: str) -> bool:
    return bool(_GAP_OPERATOR.search(gap)) and not _GAP_BREAK.search(gap) and gap.count(",") <= 3


def _literals(text: str, start: int, quote: str, promise: Hint) -> Iterator[Finding]:
    """Judge the literal that begins at `start`, the one after a rejected one, and the ones that continue it."""
    for _ in range(3):
        end = _LITERALS[quote].match(text, start).end()  # type: ignore[union-attr]
        value = text[start:end]
        counted = value[: end - start].strip()
        place = start + (len(value) - len(value.lstrip()))
        following = _NEXT_LITERAL.match(text, end)
        continuing = _CONTINUES.match(text, end)
        if inner := _INNER_QUOTES.fullmatch(counted):  # a string's source in a string
            place, counted = place + inner.start("value"), inner["value"]
        plain = _ESCAPED.sub(r"\1", counted) if "\\" in counted else counted
        if counts(plain, promise, quoted=True, pieces=continuing is not None):
            yield _finding(place, place + len(counted), promise)
            while continuing is not None:
                start, quote = continuing.end(), continuing["quote"]
                end = _LITERALS[quote].match(text, start).end()  # type: ignore[union-attr]
                if (
                    is_random(text[start:end], 6)
                    or is_password(text[start:end], 6)
                    or unwordly(text[start:end])
                ):
                    yield _finding(start, end, promise)
                continuing = _CONTINUES.match(text, end)
            return
        if default := re.fullmatch(r"[$#]?\{[\w.\-]{1,80}(?::-?|:=|\|)(?P<value>[^{}\s]{4,512})\}", counted):
            if counts(default["value"], promise, quoted=True):
                yield _finding(place + default.start("value"), place + default.end("value"), promise)
            return
        following = following or continuing
        if following is None:
            return
        start, quote = following.end(), following["quote"]


def _escaped(text: str, start: int, quote: str, promise: Hint) -> Iterator[Finding]:
    """Judge a literal within a literal, whose quotes are escaped."""
    end = start
    while end < min(len(text), start + 512) and text[end] not in (quote, "\\", "\n"):
        end += 1
    if text.startswith(f"\\{quote}", end) and counts(text[start:end], promise, quoted=True):
        yield _finding(start, end, promise)


def _bare(text: str, line_start: int, left: int, right: int, promise: Hint) -> Iterator[Finding]:
    """Judge a value without quotes: the rest of a configuration line, or the next word."""
    head = text[line_start:left]
    if promise is Hint.PASSWORD and (plain := _PLAIN_LINE.match(text, right)):
        name = text[left:right]
        if (not head and (name.isupper() or "." in name)) and is_plain_word(plain["value"]):
            yield _finding(*plain.span("value"), promise)
            return
    if _LINE_HEAD.match(head) and (whole := _WHOLE_LINE.match(text, right)):
        value = whole["value"]
        code = bool(_CODE_VALUE.fullmatch(value)) and not is_random(value, 12) and not _chosen(value)
        if not code and not _CODE_LINE.match(value) and counts(value, promise, quoted=False):
            yield _finding(*whole.span("value"), promise)
            return
    match = _BARE.match(text, right)
    if (
        match is None
        or text[match.end() : match.end() + 1] in ("(", "[", "{")
        or not _separates(
            match["operator"],
            text,
            left,
            head,
            match["value"],
            ends=text[match.end() : match.end() + 1] in ("", "\n", ";"),
        )
    ):
        return
    value = match["value"].rstrip(".:?*")
    if promise is Hint.WEAK and ":" in value:
        return
    if _CODE_VALUE.fullmatch(value) and not is_random(value, 16) and not _chosen(value):
        return
    if counts(value, promise, quoted=False):
        yield _finding(match.start("value"), match.start("value") + len(value), promise)


def _chosen(value: str) -> bool:
    """Say whether a word that could be an identifier has a chosen password's digits."""
    return bool(_DIGITS_BEHIND.fullmatch(value)) or is_interleaved(value) or is_shuffled(value)


def _separates(operator: str, text: str, left: int, head: str, value: str, *, ends: bool) -> bool:
    """Say whether what stands between a name and a word makes the word the name's value."""
    if operator.isspace():
        return takes_a_blank(head) or (ends and (is_strong(value) or is_random(value)))
    return operator != ">" or text[left - 1 : left] in ("<", ":")


def _block(text: str, start: int, indent: str, promise: Hint) -> Iterator[Finding]:
    """Judge the lines of a YAML block scalar."""
    position = start
    for _ in range(64):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        value = text[position:end].rstrip()
        if not value or not (is_random(value, 12) or is_password(value, 8)):
            return
        yield _finding(position, position + len(value), promise)
        if not text.startswith(indent, end + 1):
            return
        position = end + 1 + len(indent)


def _finding(start: int, end: int, promise: Hint) -> Finding:
    kind = {Hint.PASSWORD: "password", Hint.SECRET: "secret", Hint.TOKEN: "token", Hint.KEY: "api_key"}.get(
        promise, "credential"
    )
    return Finding(start, end, kind, "secret", Rank.CONTEXT)
