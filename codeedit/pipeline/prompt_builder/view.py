"""What a prompt shows of a task: some of the code's lines around the range, and the newest edits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from codeedit.records import HistoryEdit, RelatedFile, Task


@dataclass(frozen=True)
class Document:
    """A task's code, by lines."""

    task: Task

    @cached_property
    def lines(self) -> list[str]:
        """The lines, without their line ends."""
        return self.task.code.split("\n")

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The offset of each line's first character, in code points."""
        sizes = [len(line) + 1 for line in self.lines]
        return tuple(accumulate(sizes[:-1], initial=0))

    @cached_property
    def first(self) -> int:
        """The range's first line, 0-based."""
        return self.task.code.count("\n", 0, self.task.edit_start)

    @cached_property
    def end(self) -> int:
        """The line after the range's last."""
        return self.first + self.task.original.count("\n") + 1

    def __len__(self) -> int:
        return len(self.lines)

    def line(self, number: int) -> str:
        """Return a line with its line end."""
        return self.lines[number] + ("\n" if number + 1 < len(self.lines) else "")

    def _next(self, number: int) -> int:
        return self.starts[number + 1] if number + 1 < len(self.starts) else len(self.task.code)

    def start_of(self, number: int) -> int:
        """Return the offset at which a line begins."""
        return self.starts[number]

    def end_of(self, number: int) -> int:
        """Return the offset at which a line's text ends, before its line end."""
        return self._next(number) - (number + 1 < len(self.starts))


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a task that a prompt shows."""

    first_line: int  # 0-based line of the code
    end_line: int  # exclusive
    history: int  # number of newest edits
    headers: tuple[int, ...] = ()  # lines above `first_line`, ascending: what encloses the lines shown
    related: int = 0  # number of other files, those seen last


def whole_window(document: Document, related: int, most_edits: int | None = None) -> Window:
    """Return the window that shows everything, with so many other files and at most so many edits."""
    edits = len(document.task.history)
    return Window(0, len(document), edits if most_edits is None else min(edits, most_edits), related=related)


@dataclass(frozen=True, slots=True)
class Frame:
    """What a template needs to read an answer: the range's text, and what an answer repeats around it."""

    original: str
    above: str = ""  # whole lines with their line ends
    below: str = ""  # a line end before each line


@dataclass(frozen=True, slots=True)
class View:
    """The part of a task that a template renders."""

    document: Document
    window: Window
    above: str = field(init=False)  # the lines shown above the range, each with its line end
    below: str = field(init=False)  # the lines shown below the range, each after a line end

    def __post_init__(self) -> None:
        document, window, task = self.document, self.window, self.task
        headers = "".join(document.line(number) for number in window.headers)
        above = task.code[document.start_of(window.first_line) : task.edit_start]
        object.__setattr__(self, "above", headers + above)
        object.__setattr__(self, "below", task.code[task.edit_end : document.end_of(window.end_line - 1)])

    @property
    def task(self) -> Task:
        """The task."""
        return self.document.task

    @property
    def edits(self) -> tuple[HistoryEdit, ...]:
        """The edits shown, oldest first."""
        history = self.task.history
        return history[len(history) - self.window.history :]

    @property
    def related(self) -> tuple[RelatedFile, ...]:
        """The other files shown, the one seen last at the end, nearest to the code."""
        return self.task.related[: self.window.related][::-1]

    @property
    def whole(self) -> bool:
        """Whether all lines of the code are shown."""
        return self.window.first_line == 0 and self.window.end_line == len(self.document)

    @property
    def cursor_in_range(self) -> bool:
        """Whether there is a cursor, and in the range."""
        cursor = self.task.cursor
        return cursor is not None and self.task.edit_start <= cursor <= self.task.edit_end

    def marked(self, cursor: str, escape: Callable[[str], str]) -> tuple[str, str, str]:
        """Return the text above the range, the range and the text below, with the cursor marked.

        Args:
            cursor: the mark, which stands where the cursor is, if that is among the lines shown.
            escape: makes code harmless.
        """
        task = self.task
        parts = (self.above, task.original, self.below)
        if task.cursor is None:
            return escape(parts[0]), escape(parts[1]), escape(parts[2])
        # Offsets in each part; only the part that holds the cursor has it at a place within itself.
        inside = (
            len(self.above) - (task.edit_start - task.cursor) if task.cursor < task.edit_start else -1,
            task.cursor - task.edit_start if self.cursor_in_range else -1,
            task.cursor - task.edit_end if task.cursor > task.edit_end else -1,
        )
        first = len(self.above) - (task.edit_start - self.document.start_of(self.window.first_line))
        if inside[0] < first:
            inside = (-1, *inside[1:])
        above, region, below = (
            _insert(part, at, cursor, escape) for part, at in zip(parts, inside, strict=True)
        )
        return above, region, below


def _insert(text: str, at: int, mark: str, escape: Callable[[str], str]) -> str:
    if not 0 <= at <= len(text):
        return escape(text)
    return escape(text[:at]) + mark + escape(text[at:])
