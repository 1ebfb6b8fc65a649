"""Chores: changes that begin at one place and are carried on at all others like it.

A chore says which replacements are still to be made in a stretch of text; `carry_out` makes them the way
people do: all that is in view, then a rest, then the next stretch.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from simulator.code import Line, blocks, calls, lines, replace_word, row_lines, words
from simulator.editor import Document, Replacement, Span
from simulator.languages import Language
from simulator.person import Person

VIEW_LINES = 12  # what is seen and finished at one go
_ASSIGNED = re.compile(r" [-+]?= ")
_WHOLE_LINES = 30  # a class of up to so many lines is one unit, a longer one falls into its methods


class Chore(Protocol):
    """A change that is wanted at many places."""

    def places(self, text: str, span: Span) -> list[Replacement]:
        """Return what is still to be replaced within the span, in ascending order."""


@dataclass(frozen=True, slots=True)
class Rename:
    """Another name for something, wherever it is used."""

    old: str
    new: str

    def places(self, text: str, span: Span) -> list[Replacement]:
        """Return the uses of the old name."""
        return [(start, end, self.new) for start, end in words(text, self.old, span)]


@dataclass(frozen=True, slots=True)
class AddArgument:
    """One more parameter of a function, then one more argument in each of its calls."""

    function: str
    argument: str
    parameter: str  # as it stands in the function's head

    def places(self, text: str, span: Span) -> list[Replacement]:
        """Return the calls, and the head, that lack the new argument."""
        found = []
        for call in calls(text, self.function, span):
            if not words(text, self.argument, (call.start, call.end)):
                new = self.parameter if call.is_head else self.argument
                found.append((call.end, call.end, f", {new}"))
        return found


@dataclass(frozen=True, slots=True)
class AddField:
    """One more field: wherever the fields stand line by line, a line is repeated for it."""

    field: str  # the new one goes behind this one
    following: str  # which stands before this one now
    new: str

    def places(self, text: str, span: Span) -> list[Replacement]:
        """Return the new lines."""
        eol = "\r\n" if "\r\n" in text else "\n"
        return [
            (line.end, line.end, eol + replace_word(line.text, self.field, self.new))
            for line in row_lines(text, span, self.field, self.following)
        ]


@dataclass(frozen=True, slots=True)
class DropField:
    """A field less: its lines go, wherever the fields stand line by line."""

    field: str
    following: str

    def places(self, text: str, span: Span) -> list[Replacement]:
        """Return the lines to delete, with their line breaks."""
        found: list[Line] = row_lines(text, span, self.field, self.following)
        return [(line.start, text.index("\n", line.end) + 1, "") for line in found]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Another expression in place of one, wherever it stands, such as a call around it."""

    old: str
    new: str

    def places(self, text: str, span: Span) -> list[Replacement]:
        """Return where the old expression is read, not assigned to, and not yet part of the new one."""
        done = words(text, self.new, span)
        return [
            (start, end, self.new)
            for start, end in words(text, self.old, span)
            if not any(first <= start and end <= last for first, last in done)
            and not _ASSIGNED.match(text, end)
        ]


@dataclass(frozen=True, slots=True)
class AddLine:
    """A statement as the first one of every function that has a certain parameter."""

    language: Language
    parameter: str
    statement: str

    def places(self, text: str, span: Span) -> list[Replacement]:
        """Return the new lines, below the heads of the functions that lack one."""
        eol = "\r\n" if "\r\n" in text else "\n"
        found = []
        for head, after in pairwise(lines(text, span)):
            if self.language.is_head(head.text, self.parameter) and after.text.strip() != self.statement:
                margin = self.language.margin + self.language.indent
                found.append((head.end, head.end, f"{eol}{margin}{self.statement}"))
        return found


@dataclass(frozen=True, slots=True)
class DropLine:
    """A statement less: its lines go."""

    statement: str

    def places(self, text: str, span: Span) -> list[Replacement]:
        """Return the lines to delete, with their line breaks."""
        found = [line for line in lines(text, span) if line.text.strip() == self.statement]
        return [(line.start, text.index("\n", line.end) + 1, "") for line in found]


def apply(chore: Chore, text: str) -> str:
    """Return a text in which a chore is done."""
    for start, end, new in reversed(chore.places(text, (0, len(text)))):
        text = text[:start] + new + text[end:]
    return text


def units(text: str) -> list[Span]:
    """Return the stretches that are worked on as a whole: functions, small classes, methods of large ones."""
    grouped: list[list[Span]] = []
    for block in blocks(text):
        inner = text[block[0]] in " \t})]"
        if inner and grouped:
            grouped[-1].append(block)
        else:
            grouped.append([block])
    result: list[Span] = []
    for group in grouped:
        whole = (group[0][0], group[-1][1])
        result += [whole] if len(lines(text, whole)) <= _WHOLE_LINES else group
    return result


def view(text: str, index: int) -> Span:
    """Return a unit with as many of its neighbours as are in view, below and above in turns."""
    found = units(text)
    first = last = index
    while len(lines(text, (found[first][0], found[last][1]))) < VIEW_LINES:
        if first == 0 and last == len(found) - 1:
            break
        for step_first, step_last in ((0, 1), (-1, 0)):
            wider = max(first + step_first, 0), min(last + step_last, len(found) - 1)
            if len(lines(text, (found[first][0], found[last][1]))) < VIEW_LINES:
                first, last = wider
    return found[first][0], found[last][1]


def carry_out(
    person: Person, document: Document, chore: Chore, *, between: Callable[[Document], None], most: int
) -> int:
    """Do a chore in the whole document, view by view; return the number of bursts.

    `between` is called between two bursts; after `most` bursts the rest is left undone.
    """
    bursts = 0
    while bursts < most and (index := _next_unit(document, chore)) is not None:
        if bursts:
            between(document)
        unit, seen = units(document.text)[index], view(document.text, index)
        _burst(person, document, chore, unit, seen)
        bursts += 1
    return bursts


def _next_unit(document: Document, chore: Chore) -> int | None:
    found = enumerate(units(document.text))
    return next((index for index, unit in found if chore.places(document.text, unit)), None)


def _burst(person: Person, document: Document, chore: Chore, unit: Span, seen: Span) -> None:
    """Make all the replacements in view, those of the unit first."""
    at_once = chore.places(document.text, seen)
    texts = {text for _, _, text in at_once}
    styles = ["suggestion"] + ["typed"] * 16
    if not isinstance(chore, DropField | DropLine):
        styles += ["erased"] * 6
    if len(at_once) > 1 and len(texts) == 1 and not isinstance(chore, AddField | AddLine):
        styles += ["carets"] * 16
    style = person.rng.choice(styles)
    start, end, _ = next(place for place in at_once if place[0] >= unit[0])
    if style == "carets":
        _with_carets(person, document, at_once)
        return
    person.begin_burst(document, _grip(style, start, end))
    length = len(document.text)
    for done in range(len(at_once)):
        grown = len(document.text) - length
        left = chore.places(document.text, (seen[0], seen[1] + grown))
        inside = [place for place in left if unit[0] <= place[0]]
        start, end, text = (inside or left)[0]
        if done:
            person.move(document, _grip(style, start, end))
        _replace(person, document, (start, end, text), style, again=done > 0)


def _grip(style: str, start: int, end: int) -> Span:
    """Return what is selected before a replacement: its old text, or only the place behind it."""
    return (end, end) if style in {"erased", "suggestion"} else (start, end)


def _with_carets(person: Person, document: Document, places: list[Replacement]) -> None:
    """Select all the places one after the other, then type once."""
    person.begin_burst(document, places[0][:2])
    for count in range(2, len(places) + 1):
        person.move(document, *(place[:2] for place in places[:count]))
    text = places[0][2]
    if text:
        person.type(document, text, errors=False)
    else:
        person.erase(document, 1)


def _replace(person: Person, document: Document, place: Replacement, style: str, *, again: bool) -> None:
    """Make one replacement; the same one again is often pasted."""
    start, end, text = place
    if style == "suggestion":
        person.accept(document, place)
    elif not text:
        person.erase(document, 1)
    elif text.startswith(("\n", "\r\n")):
        _repeat_line(person, document, text, pasted=again or person.chance(0.4))
    else:
        if style == "erased":
            person.erase(document, end - start)
        if again and person.chance(0.8):
            person.paste(document, text)
        else:
            if person.chance(0.04):
                before, carets = document.text, document.carets
                person.type(document, text[: len(text) // 2] + "s")
                person.undo(document, before, carets)
            person.type(document, text)


def _repeat_line(person: Person, document: Document, text: str, *, pasted: bool) -> None:
    """Type a new line below the one that it repeats, or paste it there."""
    line = text.lstrip("\r\n")
    body = line.lstrip()
    if pasted:
        person.paste(document, text)
    else:
        person.enter(document, line[: len(line) - len(body)])
        person.type(document, body)
