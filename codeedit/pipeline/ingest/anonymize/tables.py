"""Tables whose header names secrets: CSV, TSV, the rows of Markdown and of a terminal's boxes, INSERT statements.

The values stand below their name, not beside it; a row is read by the header's separator.
"""

# ruff: noqa: E501 - patterns

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.names import Hint, hint
from codeedit.pipeline.ingest.anonymize.people import NAME_WORD, PARTICLE, is_name
from codeedit.pipeline.ingest.anonymize.phrases import is_few_words
from codeedit.pipeline.ingest.anonymize.placeholders import is_placeholder
from codeedit.pipeline.ingest.anonymize.shapes import is_digest, is_dummy, is_strong
from codeedit.pipeline.ingest.anonymize.simple import is_likely, is_simple

_WORD = r"(?:(?:user_?|db_?|admin_?|api_?|access_?|auth_?|client_?)?(?:password|passwd|passwort|passphrase|pwd|pass|secret|token)|api[ _-]?key|pin)"
# RE2's syntax: a header's cell with a telling name, and its separator.
ANCHOR = rf"(?i:[|,;\t\n][ ]?[\"']?{_WORD}[\"']?[ ]*[|,;\t\r\n])"
_HEADER = re.compile(
    r"[ \t]*[\"'|]?[ ]?[A-Za-z#][\w #.\-/\"']{0,40}(?:[|,;\t][\w #.\-/\"']{0,40}){1,40}\|?[ \t]*\r?"
)
_RULE = re.compile(r"[\s|+:=\-]+")
_ROWS = 200  # that are read below a header
_HEADERS = 20  # rows that could be headers themselves, each of which is read from by itself
_LINE = 2_000  # characters of a row
_TELLING = re.compile(_WORD, re.IGNORECASE)


def table_at(text: str, start: int) -> Iterator[Finding]:
    """Find the values below a header that has a telling name at or behind `start`."""
    first = start + 1 if text[start] == "\n" else text.rfind("\n", max(0, start - _LINE), start) + 1
    end = text.find("\n", start + 1)
    header = text[first:end]
    if end < 0 or end - first > _LINE or not _HEADER.fullmatch(header):
        return
    separator = next((mark for mark in "|\t;," if mark in header), ",")
    names = [cell.strip(" \t\r\"'*`") for cell in header.split(separator)]
    promises = {number: hint(name) for number, name in enumerate(names) if name}
    wanted = {number for number, promise in promises.items() if promise not in (Hint.NONE, Hint.WEAK)}
    if not wanted:
        return
    headers = 0
    for cells in _rows_below(text, end, separator, len(names)):
        headers += any(_TELLING.fullmatch(cell.strip(" \t\r\"'")) for _, cell in cells)
        if headers > _HEADERS or [cell for _, cell in cells] == header.split(separator):
            return
        for number in sorted(wanted):
            place, cell = cells[number]
            yield from _cell(cell, place, promises[number])


def _rows_below(text: str, end: int, separator: str, columns: int) -> Iterator[list[tuple[int, str]]]:
    """Yield the rows below a header that ends at `end`, each cell with its place, up to one of another form."""
    for _ in range(_ROWS):
        first, end = end + 1, text.find("\n", end + 1)
        end = len(text) if end < 0 else end
        row = text[first : min(end, first + _LINE)]
        cells = row.split(separator)
        if len(cells) == columns:
            places = accumulate((len(cell) + 1 for cell in cells[:-1]), initial=first)
            yield list(zip(places, cells, strict=True))
        elif not row or not _RULE.fullmatch(row):
            return
        if end == len(text):
            return


# A header with columns of people, and what they hold; RE2's syntax.
PEOPLE_ANCHOR = r"(?i:[|,;\t][ ]?[\"']?(?:e-?mail(?:[ _]?address)?|phone(?:[ _]?number)?|mobile|telefon|last[ _]?name|surname|nachname)[\"']?[ ]*[|,;\t\r\n])"
_PERSON_COLUMN = re.compile(
    r"(?i)(?:first|last|given|family|sur|full|display|real|customer|contact|employee|user)?[ _]?name|surname|owner|contact|assignee|manager|vorname|nachname|nom|pr\xe9nom|nombre|apellidos?|ansprechpartner|mitarbeiter"
)
_REACHED_COLUMN = re.compile(r"(?i)e-?mail.*|phone.*|mobile|telefon|tel\.?|handy")
_CELL_NAME = re.compile(rf"{NAME_WORD}(?:[ ](?:{PARTICLE}[ ])?{NAME_WORD}){{0,3}}")


def people_at(text: str, start: int) -> Iterator[Finding]:
    """Find the names below a header that has columns of people and of how they are reached, at or behind `start`."""
    first = text.rfind("\n", max(0, start - _LINE), start) + 1
    end = text.find("\n", start + 1)
    header = text[first:end]
    if end < 0 or end - first > _LINE or not _HEADER.fullmatch(header):
        return
    separator = text[start]
    names = [cell.strip(" \t\r\"'*`") for cell in header.split(separator)]
    wanted = [number for number, name in enumerate(names) if _PERSON_COLUMN.fullmatch(name)]
    reached = [number for number, name in enumerate(names) if _REACHED_COLUMN.fullmatch(name)]
    if not wanted or not reached:
        return
    for cells in _rows_below(text, end, separator, len(names)):
        contacts = [cells[number][1] for number in reached]
        if not any("@" in contact or sum(c.isdigit() for c in contact) >= 6 for contact in contacts):
            continue
        for place, cell in (cells[number] for number in wanted):
            value = cell.strip(" \t\r\"'*`")
            if _CELL_NAME.fullmatch(value) and not is_placeholder(value):
                inner = place + cell.index(value)
                yield Finding(inner, inner + len(value), "person", "personal", Rank.PERSONAL)


_INSERT = re.compile(
    r"(?i)insert\s+into\s+[\w.\"`\[\]]{1,80}\s*\((?P<names>[\w\s,\"`\[\]]{3,600})\)\s*values?\s*(?=\()"
)
_VALUE = re.compile(
    r"""\s*(?:N?'(?P<value>(?:[^'\n]|''){0,400})'|"(?P<double>[^"\n]{0,400})"|[^,()'"\n]{0,200}(?:\([^()\n]{0,200}\))?)\s*(?P<after>[,)])"""
)
INSERT_ANCHOR = r"(?i:\binsert into )"


def insert_at(text: str, start: int) -> Iterator[Finding]:
    """Find passwords, tokens and people's names among the values of an INSERT statement that begins at `start`."""
    statement = _INSERT.match(text, start, start + 800)
    if statement is None:
        return
    names = [name.strip(' \t\n\r"`[]') for name in statement["names"].split(",")]
    promises = [hint(name) for name in names]
    mailed = any("mail" in name.lower() for name in names)
    position = statement.end()
    for _ in range(_ROWS):
        position += 1
        for name, promise in zip(names, promises, strict=True):
            value = _VALUE.match(text, position)
            if value is None:
                return
            group = "double" if value["double"] is not None else "value"
            if value[group]:
                first, last = value.span(group)
                if promise not in (Hint.NONE, Hint.WEAK):
                    yield from _cell(text[first:last], first, promise)
                elif mailed and _NAME_COLUMN.fullmatch(name) and is_name(text[first:last]):
                    yield Finding(first, last, "person", "personal", Rank.PERSONAL)
            position = value.end()
            if value["after"] == ")":
                break
        following = _NEXT_ROW.match(text, position)
        if following is None:
            return
        position = following.end() - 1


_NAME_COLUMN = re.compile(r"(?i)(?:full|display|real|user|customer|first|last|contact|owner|employee)?_?name")
_NEXT_ROW = re.compile(r"\s*,\s*(?:--[^\n]*\n\s*)?\(")


def _cell(cell: str, place: int, promise: Hint) -> Iterator[Finding]:
    value = cell.strip(" \t\r\"'`*")
    if len(value) < 4 or is_dummy(value) or is_placeholder(value):
        return
    password = promise is Hint.PASSWORD
    if (
        (is_likely(value) or is_simple(value) or is_few_words(value))
        if password
        else (is_strong(value) or is_digest(value))
    ):
        start = place + cell.index(value)
        kind = "password" if password else "token"
        yield Finding(start, start + len(value), kind, "secret", Rank.CONTEXT)
