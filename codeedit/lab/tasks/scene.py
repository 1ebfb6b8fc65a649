"""A made-up document with the edit that its user has just made, and the task that follows from both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from codeedit.lab.tasks.styles import Language, Style
from codeedit.pipeline.ingest.history import diff_of
from codeedit.pipeline.ingest.tasks import task_id
from codeedit.records import HistoryEdit, Origin, Task

SOURCE = "lab-"  # before the kind, as a task's source
_OPERATORS = "+-*"
_PAUSE_MS = (500, 9_000)  # between two edits


@dataclass(frozen=True, slots=True)
class Change:
    """What is done to a block of statements."""

    before: tuple[str, ...]  # statements before the user's last edit
    now: tuple[str, ...]  # after it: what the model sees
    after: tuple[str, ...]  # what the user makes of it next
    first: int  # statement with which the edit range begins
    cursor: tuple[int, int]  # statement, and code points from its beginning


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes statements in one language with the names of one task."""

    rng: Random
    style: Style
    language: Language
    names: list[str]  # not used yet

    @classmethod
    def begin(cls, rng: Random, style: Style) -> Writer:
        """Choose a language and an order of the names."""
        return cls(rng, style, rng.choice(style.languages), rng.sample(style.names, len(style.names)))

    def name(self) -> str:
        """Return a name that no other call returns."""
        return self.names.pop()

    def number(self) -> str:
        """Return a literal."""
        return str(self.rng.randint(2, 9))

    def within(self, bounds: tuple[int, int]) -> int:
        """Draw a number between two, both included."""
        return self.rng.randint(*bounds)

    def operation(self, one: str, other: str) -> str:
        """Return an expression of two operands in either order."""
        operands = [one, other]
        self.rng.shuffle(operands)
        return f"{operands[0]}{self.rng.choice(_OPERATORS)}{operands[1]}"

    def declare(self, name: str, value: str) -> str:
        """Return the declaration of a variable."""
        return self.language.declare.format(name, value) + self.language.end

    def other(self) -> str:
        """Return a statement whose names occur nowhere else."""
        return self.declare(self.name(), self.operation(self.name(), self.number()))

    def mixed(self, lines: Sequence[str]) -> tuple[str, ...]:
        """Put statements that stay among lines, whose order remains."""
        found = list(lines)
        for _ in range(self.within(self.style.kept)):
            found.insert(self.rng.randint(0, len(found)), self.other())
        return tuple(found)


def as_task(writer: Writer, kind: str, change: Change, number: int) -> Task:
    """Return the task: a function around the statements, the user's edits, the range and its next text."""
    rng, language = writer.rng, writer.language
    depth = writer.within(writer.style.depth)
    place, other = rng.sample(writer.style.places, 2)
    heads = [language.function.format(place, other)]
    heads += [language.block.format(other, writer.number()) for _ in range(depth - 1)]
    above = [language.indent * level + head for level, head in enumerate(heads)]
    indent = language.indent * depth

    def document(statements: Sequence[str]) -> list[str]:
        closed = [
            language.indent * level + language.close for level in reversed(range(depth)) if language.close
        ]
        return [*above, *(indent + statement for statement in statements), *closed]

    lines = document(change.now)
    path = f"{other}.{language.suffix}"
    ages = sorted((rng.randint(*_PAUSE_MS) for _ in range(2)), reverse=True)
    history = [HistoryEdit(path, diff_of([(document(change.before), lines, 0, 0)]), ages[1])]
    if rng.random() < 0.5:
        history.insert(0, _earlier(other, path, document(change.before), ages[0]))
    start = _offset(lines, len(above) + change.first)
    statement, column = change.cursor
    edit = "\n".join(indent + text for text in change.after[change.first :])
    original = "\n".join(indent + text for text in change.now[change.first :])
    at = _offset(lines, len(above) + statement) + len(indent)
    task = Task(
        id="",
        source=SOURCE + kind,
        session=f"lab-{number}",
        project="lab",
        path=path,
        language=language.name,
        origin=Origin.SYNTHETIC,
        time_ms=rng.randint(10_000, 3_600_000),
        code="\n".join(lines) + "\n",
        edit_start=start,
        edit_end=start + len(original),
        cursor=at + column,
        history=tuple(history),
        hint=None,
        edit=edit,
        no_change=edit == original,
    )
    return replace(task, id=task_id(task))


def _earlier(name: str, path: str, lines: list[str], age_ms: int) -> HistoryEdit:
    """Return an edit before the last one: the function had another name."""
    was = [lines[0].replace(lines[0].split("(")[0].split()[-1], name, 1), *lines[1:]]
    return HistoryEdit(path, diff_of([(was, lines, 0, 0)]), age_ms)


def _offset(lines: Sequence[str], number: int) -> int:
    """Return where a line begins, in code points."""
    return sum(len(line) + 1 for line in lines[:number])
