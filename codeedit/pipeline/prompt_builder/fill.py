"""Which parts of a task fit: range, cursor and hint always; then the rest in a fixed order of priority.

The order: the lines next to the range; the newest edits of the history; the headers of what encloses
the lines; excerpts of other files; the lines farther away.  Nothing is cut within a line or a diff.
"""

from __future__ import annotations

from collections.abc import Sequence

from codeedit.pipeline.prompt_builder.budget import Budget
from codeedit.pipeline.prompt_builder.headers import enclosing_headers
from codeedit.pipeline.prompt_builder.template import Template
from codeedit.pipeline.prompt_builder.view import Document, Window

NEAR_LINES = 20  # lines on each side of the range that come before any history
_LINES = NEAR_LINES  # counted at once
_EDITS = 4  # counted at once at first, then twice as many each time
_DENSEST = 16  # characters per token; what is longer for the room left is not even counted
_TITLES = 16  # tokens of the titles that come with the first edit


class Filler:
    """Chooses windows of one task by the tokens of its lines and edits, which are counted when needed.

    Args:
        document: the task's code.
        template: says how it shows an edit and another file.
        budget: whose ``count`` measures lines and edits.
    """

    def __init__(self, document: Document, template: Template, budget: Budget) -> None:
        self.document = document
        edits, most = document.task.history, template.most_edits
        self._history = edits if most is None else edits[max(0, len(edits) - most) :]
        self._template = template
        self._count = budget.count
        self._lines: dict[int, int] = {}  # tokens by line
        self._edits: list[int] = []  # tokens, newest edit first
        self._related: list[int] | None = None  # tokens by file

    @property
    def least(self) -> Window:
        """The range alone."""
        return Window(self.document.first, self.document.end, 0)

    def window(self, free: int) -> Window:
        """Return the window that sums to at most ``free`` tokens beside the range, by its parts' tokens."""
        document = self.document
        if not self._template.shows_code:
            return Window(document.first, document.end, self._newest(free)[0])
        top, bottom, free = self._grow(document.first, document.end, free, NEAR_LINES)
        history, free = self._newest(free)
        headers: list[int] = []
        enclosing = enclosing_headers(document, top) if top else ()
        costs = self._costs(enclosing)
        for number, cost in reversed(list(zip(enclosing, costs, strict=True))):
            if cost <= free:
                headers.append(number)
                free -= cost
        related, free = self._other_files(free)
        top, bottom, _ = self._grow(top, bottom, free, len(document))
        shown = tuple(sorted(number for number in headers if number < top))
        return Window(top, bottom, history, shown, related)

    def _other_files(self, free: int) -> tuple[int, int]:
        """Take excerpts of other files while they fit, the one seen last first."""
        if self._related is None:
            texts = [self._template.render_related(file) for file in self.document.task.related]
            self._related = self._count([f"{text}\n" for text in texts]) if any(texts) else []
        taken, left = 0, free - _TITLES
        while taken < len(self._related) and self._related[taken] <= left:
            left -= self._related[taken]
            taken += 1
        return taken, left if taken else free

    def _newest(self, free: int) -> tuple[int, int]:
        """Take the newest edits while they fit."""
        taken, left = 0, free - _TITLES
        while taken < len(self._history):
            if len(self._history[-1 - taken].diff) > _DENSEST * left:
                break
            if taken == len(self._edits):
                end = len(self._history) - taken
                batch = self._history[max(0, end - max(_EDITS, taken)) : end]
                self._edits += self._count(
                    [f"{self._template.render_edit(edit)}\n" for edit in reversed(batch)]
                )
            if self._edits[taken] > left:
                break
            left -= self._edits[taken]
            taken += 1
        return taken, left if taken else free

    def _grow(self, top: int, bottom: int, free: int, most: int) -> tuple[int, int, int]:
        """Take up to ``most`` lines on each side in turn, nearest first, while they fit."""
        above, below = top, bottom
        open_above = open_below = True
        while open_above or open_below:
            cost = self._cost(above - 1, -1) if open_above and above > 0 and top - above < most else None
            open_above = cost is not None and cost <= free
            if cost is not None and open_above:
                above, free = above - 1, free - cost
            room = open_below and below < len(self.document) and below - bottom < most
            cost = self._cost(below, 1) if room else None
            open_below = cost is not None and cost <= free
            if cost is not None and open_below:
                below, free = below + 1, free - cost
        return above, below, free

    def _cost(self, line: int, step: int) -> int:
        """Return a line's tokens; those of the next lines in this direction are counted with it."""
        if line not in self._lines:
            last = len(self.document) - 1
            ahead = range(line, max(-1, min(last + 1, line + step * _LINES)), step)
            self._costs(ahead)
        return self._lines[line]

    def _costs(self, lines: Sequence[int]) -> list[int]:
        new = [line for line in lines if line not in self._lines]
        texts = [f"{self.document.lines[line]}\n" for line in new]
        self._lines.update(zip(new, self._count(texts) if texts else [], strict=True))
        return [self._lines[line] for line in lines]
