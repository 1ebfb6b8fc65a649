"""Secrets that only the name beside them gives away, in the syntax of programs and configuration files.

A line that holds a telling name is read from that name on: over brackets, a type, an operator or a call,
to the next literal or, in assignments without quotes, to the next word.  What it finds counts by its shape.
"""

# ruff: noqa: E501 - tables of words and patterns

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from codeedit.pipeline.ingest.anonymize.bare import bare_values
from codeedit.pipeline.ingest.anonymize.findings import Finding
from codeedit.pipeline.ingest.anonymize.judge import counts, finding_of, unwordly
from codeedit.pipeline.ingest.anonymize.keywords import LINE_LIMIT, Name
from codeedit.pipeline.ingest.anonymize.names import Hint, hint
from codeedit.pipeline.ingest.anonymize.of_kind import of_kind
from codeedit.pipeline.ingest.anonymize.sentences import elsewhere
from codeedit.pipeline.ingest.anonymize.shapes import is_password, is_random, is_strong

# From the end of the name to the opening quote.
_TO_LITERAL = re.compile(
    r"""(?P<gap>(?:\]?\\*["'`])?[^"'`\n;#]{0,64}+(?:\n[ \t]{0,40}(?:[=+(\[|]\s{0,4})?)?)(?P<quote>\"\"\"|'''|[rbuf@$RL]{0,2}["'`])"""
)
_GAP_OPERATOR = re.compile(
    r"\)\s*or\s*$|(?:\|\||\?\?|\?:)\s*$|[=:,(>\[~]|^\{$|<-|\bto\b|\bis\b|\bBY\b|\breturns\b|\bshouldBe\b|^[\"'`]?\]?[ \t]*\\?\s+$"
)
# What a name and its value have between them, and nothing else: even a simple word is a password then.
_FIRM = re.compile(
    r"""\s*(?:(?:["'`]?[\])]{0,2}\]?(?:\[\w{0,24}\])?[ \t]*\??(?::[ ]?[&\w.<>\[\]?*' ]{1,32})?[ \t]*(?:(?<!\s)\{(?=$)|(?:\*?string|\[\]byte)[ ]=|=>|:=|\|\|=|\?=|\?\?=|===?|!==?|<-|->|=|:)|\|\||\?:|\bor\b|[ ](?:returns|shouldBe|eq|is|was)[ ]|\)\.\w*[rR]eturn\w*\(|\]?["'`]\]?[ \t]*(?:,|\bto\b|\)[ ]?(?:,|\|\||\?\?|\?:|or\b)|\)?\.\w+\()|[ \t]*\(|[\]"'`)]*[ ](?=$)|(?:\(\))?\.(?:equals(?:IgnoreCase)?|eq|isEqualTo|compareTo|contentEquals)(?=\())\s*(?:[\w.:&*]{0,24}[(!{][ \t]*|\[\]byte\(|N|&|\*|[({\[][ ]?)?)"""
)
# The name ends an attribute or an entry, and another one follows that is not the name's value: name="token" id="
_OTHER_NAME = re.compile(
    r"""["'],?[ ](?!(?i:value|val|default|fallback|content|data|text)\b)[A-Za-z][\w-]*="""
)
# The literal has a name of its own, which says that it identifies something: credentials(projectId: "
_OWN_ID = re.compile(r"[(,{][ ]?[\"']?(?P<name>\w*[a-z_](?:Id|ID|id))[\"']?[ ]?[:=][ ]?\Z")
_GAP_BREAK = re.compile(
    r"(?:[^y{}\s]|[^z]y)\s*\{|\{\s*\S|\}|&&|->\s*\w|\band\b|\bor\b(?! )|\bif\b|\belse\b|\breturn\b|\bin\b\s*\("
)
_LITERALS = {quote: re.compile(rf"(?:[^{quote}\\\n]|\\.){{0,2048}}") for quote in "\"'`"}
_ESCAPED = re.compile(r"""\\(["'`\\$/])""")
_INNER_QUOTES = re.compile(r"""(?P<mark>\\{0,2}["'])(?P<value>.{4,})(?P=mark)""")
_LITERAL_PREFIX = re.compile(r"(?<=[=(:, \t])[rbufRL@$]{1,2}\Z")
_FETCHED = re.compile(r"[\"']\)[ ]?\{[ ]?")  # the default of Ruby's fetch
_ARRAY = re.compile(r"\[\w{0,24}\][ ]?=[ ]?\{[ ]?")
# What compares or sets its arguments: the literal behind a name is its value.
_COMPARES = re.compile(
    r"(?i)\b(?:str\w*cpy|str\w*cmp|assert\w*!?|expect\w*|check_?eq\w*|require\w*|verify\w*|equals?|compare)\([^\"'`,()]{0,60}\Z"
)
_OF_ARGUMENTS = re.compile(r"(?:\(\))?,[ ]?")
_NEXT_LITERAL = re.compile(r"""["'`]\s*(?:,|\?\?|\|\||\bor\b|\?:|:)\s*(?P<quote>["'`])""")
_BY_NAME = re.compile(r"""["'`][ \t]*(?:=>|->|:(?!:)|=(?!=))[ \t]*["'`\w{\[]""")
_CONTINUES = re.compile(
    r"""["'`]\s*(?:\+[ ]*\\?|\\|\.\.|<>|~|&|)[ \t]*\n[ \t]*(?:\+|\.\.|&|~|)[ \t]*[fbru]?(?P<quote>["'`])"""
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
_ELEMENTS_OR_VALUE = re.compile(r"(?i)>|\bvalue\b|\bdefault\b|\bsend\w{0,6}[ (]")
_ELEMENT = re.compile(r"""["']?>(?P<value>[^<>\n]{5,200})</""")
_REVERSED = re.compile(
    r"""(?P<quote>["'])(?P<value>[^"'\n]{6,256})(?P=quote)\s*(?:,\s*(?i:forkey|for_key|key|name|label|account|as|with_?key)\s*[:=]\s*["']|\)?\.(?:equals|eq|equalsIgnoreCase|compareTo)\(\s*|===?\s*|!==?\s*|<>\s*|~=\s*|\){0,2}[;,]?[ ]{1,4}(?:\#|//|/\*|--)[ ]?(?:\w{1,16}[ ]){0,2}|\s+(?i:where)\s+[\w.`"\[\]]{1,40}\s?=\s?N?')[\w.$>\-]{0,80}$"""
)


_LONGEST_OPERATOR = 3  # characters


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
    while number and names[number - 1].left >= start:
        number -= 1
    while number < len(names) and names[number].last <= end:
        _, left, right, promise = names[number]
        number += 1
        direct = direct or promise is not Hint.WEAK
        after = after if after >= 0 else right
        if not _goes_on(text, names, number - 1):
            found.extend(_values(text, line_start, left, right, promise))
    if after >= 0 and not found:
        found.extend(elsewhere(text, line_start, after, end, direct=direct))
    return max(end, start + 1), number, found


def _goes_on(text: str, names: Sequence[Name], number: int) -> bool:
    """Say whether a name's value is another name with a value, and that one's too: the last of them is read."""
    if number + 2 >= len(names):
        return False
    return all(
        0 < names[at + 1].left - names[at].right <= _LONGEST_OPERATOR
        and not text[names[at].right : names[at + 1].left].strip("=:>")
        for at in (number, number + 1)
    )


def _values(text: str, line_start: int, left: int, right: int, promise: Hint) -> Iterator[Finding]:
    """Find the values of the name that lies at [left, right)."""
    literal = _TO_LITERAL.match(text, right)
    if (
        literal
        and _leads_to(literal["gap"])
        and not _OTHER_NAME.fullmatch(literal["gap"])
        and not ((own := _OWN_ID.search(literal["gap"])) and hint(own["name"]) is Hint.NONE)
    ):
        if text[literal.start("quote") - 1] == "\\":
            firm = not literal["gap"].strip("\\\"': =")
            yield from _escaped(text, literal.end(), literal["quote"], promise, firm=firm)
        else:
            constant = literal["gap"].strip() == "," and text[left:right].isupper()
            firm = constant or _is_firm(literal["gap"], text, line_start, left)
            yield from _literals(text, literal.end(), literal["quote"][-1], promise, firm=firm)
    reverse = _reversed(text, max(line_start, left - 300), left, right)
    compared_with = (reverse is not None and "==" in reverse[0]) or (
        reverse is not None and "qual" in reverse[0]
    )
    if reverse and counts(reverse["value"], promise, quoted=True, firm=compared_with):
        yield finding_of(*reverse.span("value"), promise)
    behind = text[right : right + 1]
    called = text.startswith("()", right)
    if (
        (behind in (")", ",") or called)
        and (compared := _BESIDE.search(text, max(line_start, left - 200), left))
        and (
            is_strong(compared["value"])
            or (called and counts(compared["value"], promise, quoted=True, firm=True))
        )
    ):
        yield finding_of(*compared.span("value"), promise)
    if behind in _NO_ENTRY:
        return
    yield from bare_values(text, line_start, left, right, promise)
    if scalar := _BLOCK_SCALAR.match(text, right):
        yield from _block(text, scalar.end(), scalar["indent"], promise)
    element = _ELEMENT.match(text, right) if promise is Hint.PASSWORD else None
    if element and counts(element["value"], promise, quoted=True, firm=True):
        yield finding_of(*element.span("value"), promise)
    entry = _ENTRY.match(text, right, min(len(text), right + 600))
    firm = entry is not None and _ELEMENTS_OR_VALUE.search(entry[0]) is not None
    if entry and counts(entry["value"], promise, quoted=True, firm=firm):
        yield finding_of(*entry.span("value"), promise)
    yield from of_kind(text, left, right, promise)


def _reversed(text: str, low: int, left: int, right: int) -> re.Match[str] | None:
    """Match a literal that stands before the name at [left, right), not before `low`, and is compared with it."""
    before = text[low:left]
    if '"' not in before and "'" not in before:
        return None
    return _REVERSED.search(text, low, right)


_NO_ENTRY = frozenset("().;[{+|/")  # behind a name: what follows is no entry, and no word that is its value
_BESIDE = re.compile(r"""["'](?P<value>[^"'\n]{8,128})["'],[ ]?[\w.>\-]{0,60}\Z""")


# A value before the name that it is compared with or given to: equal("…", config.password)
def _is_firm(gap: str, text: str, line_start: int, left: int) -> bool:
    """Say whether a gap leaves no doubt that a literal is the value of the name at `left`."""
    gap = _LITERAL_PREFIX.sub("", gap)
    if (
        _FIRM.fullmatch(gap)
        or _FETCHED.fullmatch(gap)
        or _ARRAY.fullmatch(gap)
        or gap.startswith(" } returns")
    ):
        return True
    return (
        _OF_ARGUMENTS.fullmatch(gap) is not None
        and _COMPARES.search(text, max(line_start, left - 100), left) is not None
    )


def _leads_to(gap: str) -> bool:
    if _FETCHED.fullmatch(gap):
        return True
    if gap.startswith(" } returns") or _ARRAY.fullmatch(gap):  # of a mock; of C
        return True
    return bool(_GAP_OPERATOR.search(gap)) and not _GAP_BREAK.search(gap) and gap.count(",") <= 3


def _literals(text: str, start: int, quote: str, promise: Hint, *, firm: bool) -> Iterator[Finding]:
    """Judge the literal that begins at `start`, the one after a rejected one, and the ones that continue it."""
    for number in range(3):
        end = _LITERALS[quote].match(text, start).end()  # type: ignore[union-attr]
        value = text[start:end]
        counted = value[: end - start].strip()
        place = start + (len(value) - len(value.lstrip()))
        following = _NEXT_LITERAL.match(text, end)
        continuing = _CONTINUES.match(text, end)
        if inner := _INNER_QUOTES.fullmatch(counted):  # a string's source in a string
            place, counted = place + inner.start("value"), inner["value"]
        plain = _ESCAPED.sub(r"\1", counted) if "\\" in counted else counted
        if _BY_NAME.match(text, end):  # the name of the next entry, or an attribute's
            return
        simple = firm and not number
        if counts(plain, promise, quoted=True, pieces=continuing is not None, firm=simple):
            yield finding_of(place, place + len(counted), promise)
            while continuing is not None:
                start, quote = continuing.end(), continuing["quote"]
                end = _LITERALS[quote].match(text, start).end()  # type: ignore[union-attr]
                if (
                    is_random(text[start:end], 6)
                    or is_password(text[start:end], 6)
                    or unwordly(text[start:end])
                ):
                    yield finding_of(start, end, promise)
                continuing = _CONTINUES.match(text, end)
            return
        if default := re.fullmatch(r"[$#]?\{[\w.\-]{1,80}(?::-?|:=|\|)(?P<value>[^{}\s]{4,512})\}", counted):
            if counts(default["value"], promise, quoted=True):
                yield finding_of(place + default.start("value"), place + default.end("value"), promise)
            return
        following = following or continuing
        if following is None:
            return
        start, quote = following.end(), following["quote"]


def _escaped(text: str, start: int, quote: str, promise: Hint, *, firm: bool) -> Iterator[Finding]:
    """Judge a literal within a literal, whose quotes are escaped."""
    end = start
    while end < min(len(text), start + 512) and text[end] not in (quote, "\\", "\n"):
        end += 1
    if text.startswith(f"\\{quote}", end) and counts(text[start:end], promise, quoted=True, firm=firm):
        yield finding_of(start, end, promise)


def _block(text: str, start: int, indent: str, promise: Hint) -> Iterator[Finding]:
    """Judge the lines of a YAML block scalar."""
    position = start
    for _ in range(64):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        value = text[position:end].rstrip()
        if not value or not (is_random(value, 12) or is_password(value, 8)):
            return
        yield finding_of(position, position + len(value), promise)
        if not text.startswith(indent, end + 1):
            return
        position = end + 1 + len(indent)
