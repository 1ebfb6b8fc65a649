"""The kinds of made-up tasks: what the user has just done decides what comes next.

rename    a variable has a new name where it is declared: the lines that use it follow
repeat    something was added to one line: the next lines of its form get it too
call      a call is begun as there is one already: it ends as that one
keep      a value was changed on which nothing depends: nothing changes, least of all back
done      a rename has reached the last line: nothing is left to do
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from codeedit.lab.tasks.scene import SOURCE, Change, Writer, as_task
from codeedit.lab.tasks.styles import Style
from codeedit.records import Task
from codeedit.registry import Registry


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of task."""

    share: float  # of all tasks
    change: Callable[[Writer], Change]


def _uses(writer: Writer, name: str) -> tuple[str, ...]:
    """Return statements that use a variable, and some that do not."""
    count = writer.within(writer.style.changed)
    return writer.mixed(
        [writer.declare(writer.name(), writer.operation(name, writer.name())) for _ in range(count)]
    )


def _renamed(lines: tuple[str, ...], old: str, new: str) -> tuple[str, ...]:
    return tuple(re.sub(rf"\b{old}\b", new, line) for line in lines)


def _rename(writer: Writer) -> Change:
    old, new = writer.name(), writer.name()
    value = writer.operation(writer.name(), writer.number())
    uses = _uses(writer, old)
    return Change(
        (writer.declare(old, value), *uses),
        (writer.declare(new, value), *uses),
        (writer.declare(new, value), *_renamed(uses, old, new)),
        first=1,
        cursor=(1, 0),
    )


def _done(writer: Writer) -> Change:
    old, new = writer.name(), writer.name()
    uses = _renamed(_uses(writer, old), old, new)
    last = max(number for number, line in enumerate(uses) if new in line)
    before = (*uses[:last], *_renamed(uses[last : last + 1], new, old), *uses[last + 1 :])
    declared = writer.declare(new, writer.operation(writer.name(), writer.number()))
    return Change((declared, *before), (declared, *uses), (declared, *uses), first=1, cursor=(1, 0))


def _repeat(writer: Writer) -> Change:
    calls = writer.rng.random() < 0.5
    function, added = writer.name(), writer.name()
    count = writer.within(writer.style.changed) + 1
    pairs = [(writer.name(), writer.name()) for _ in range(count)]

    def plain(name: str, value: str) -> str:
        return writer.declare(name, f"{function}({value})" if calls else value)

    def longer(name: str, value: str) -> str:
        return writer.declare(name, f"{function}({value},{added})" if calls else f"{value}+{added}")

    both = {plain(*pair): longer(*pair) for pair in pairs}
    first, *rest = both
    lines = writer.mixed(rest)
    after = tuple(both.get(line, line) for line in lines)
    return Change((first, *lines), (both[first], *lines), (both[first], *after), first=1, cursor=(1, 0))


def _call(writer: Writer) -> Change:
    function = writer.name()
    arguments = ",".join(writer.name() for _ in range(writer.within(writer.style.arguments)))
    whole = writer.declare(writer.name(), f"{function}({arguments})")
    lines = writer.mixed([whole])
    ended = writer.declare(writer.name(), f"{function}({arguments})")
    begun = ended[: ended.index("(") + 1]
    at = writer.rng.randint(lines.index(whole) + 1, len(lines))
    return Change(
        lines,
        (*lines[:at], begun, *lines[at:]),
        (*lines[:at], ended, *lines[at:]),
        first=0,
        cursor=(at, len(begun)),
    )


def _keep(writer: Writer) -> Change:
    name, operand = writer.name(), writer.name()
    was, now = (
        writer.rng.sample([str(digit) for digit in range(2, 10)], 2)
        if writer.rng.random() < 0.5
        else (writer.name(), writer.name())
    )
    before, after = (writer.declare(name, f"{operand}+{value}") for value in (was, now))
    lines = writer.mixed([after])
    at = lines.index(after)
    return Change((*lines[:at], before, *lines[at + 1 :]), lines, lines, first=0, cursor=(at, len(after)))


KINDS: Registry[Kind] = Registry(
    "kind of task",
    {
        "rename": Kind(0.40, _rename),
        "repeat": Kind(0.20, _repeat),
        "call": Kind(0.20, _call),
        "keep": Kind(0.10, _keep),
        "done": Kind(0.10, _done),
    },
)


def make_task(style: Style, seed: str, number: int) -> Task:
    """Return one task: the same for the same style, seed and number.

    Args:
        style: names, languages and sizes.
        seed: of the set.
        number: of the task in it.
    """
    rng = Random(f"{seed}-{number}")  # noqa: S311 - no secret
    name = rng.choices(list(KINDS), [KINDS[name].share for name in KINDS])[0]
    writer = Writer.begin(rng, style)
    return as_task(writer, name, KINDS[name].change(writer), number)


def kind_of(task: Task) -> str:
    """Return the kind of a task that ``make_task`` made."""
    return task.source.removeprefix(SOURCE)
