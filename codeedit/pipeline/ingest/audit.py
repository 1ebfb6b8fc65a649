"""The audit of a data set: what the anonymizer replaced, where, and which rule found it.

Values appear as their placeholders only, so the audit may go wherever the data goes.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final

AUDIT: Final = "anonymization.json"
AUDIT_CARD: Final = "anonymization.md"
SCHEMA_VERSION: Final = 1
FileCounts = tuple[str, str, dict[str, int]]  # project, path, values by kind
_SAMPLES = 5  # placeholders shown of a kind
_SAMPLE_SIZES = range(4, 49)  # characters
_SHOWN_FILES = 30


@dataclass(frozen=True, slots=True)
class Replaced:
    """One value that was replaced in one document of a session."""

    project: str  # pseudonym
    path: str  # anonymized; empty: what the user had asked for
    placeholder: str
    kind: str
    area: str  # "secret" or "personal"
    found_by: str  # "format", "context", …, or "own/NAME"


@dataclass(slots=True)
class _Kind:
    area: str
    values: int = 0
    samples: list[str] = field(default_factory=list)


class Audit:
    """Counts over the sessions: what was replaced, and which rule found it."""

    def __init__(self) -> None:
        self._kinds: dict[str, _Kind] = {}
        self._rules: Counter[str] = Counter()

    def take(self, session: Iterable[Replaced]) -> None:
        """Take in what was replaced in one session; a value counts once in it."""
        seen: set[str] = set()
        for value in session:
            if value.placeholder in seen:
                continue
            seen.add(value.placeholder)
            kind = self._kinds.setdefault(value.kind, _Kind(value.area))
            kind.values += 1
            self._rules[value.found_by] += 1
            if (
                len(kind.samples) < _SAMPLES
                and len(value.placeholder) in _SAMPLE_SIZES
                and value.placeholder.isprintable()
                and value.placeholder not in kind.samples
            ):
                kind.samples.append(value.placeholder)

    def as_dict(self, tasks: TouchedTasks) -> dict[str, Any]:
        """Return what anonymization.json holds, but for the files."""
        kinds = sorted(self._kinds.items(), key=lambda item: (-item[1].values, item[0]))
        return {
            "schema_version": SCHEMA_VERSION,
            "tasks": {
                "total": tasks.total,
                "touched": tasks.touched,
                "share": round(tasks.touched / tasks.total, 4) if tasks.total else 0.0,
                "dropped_by_second_look": tasks.dropped_by_second_look,
            },
            "values": sum(kind.values for _, kind in kinds),
            "kinds": {
                name: {
                    "area": kind.area,
                    "values": kind.values,
                    "tasks": tasks.by_kind.get(name, 0),
                    "samples": kind.samples,
                }
                for name, kind in kinds
            },
            "rules": dict(sorted(self._rules.items(), key=lambda item: (-item[1], item[0]))),
        }


@dataclass(frozen=True, slots=True)
class TouchedTasks:
    """How many tasks were written, and how many of them have placeholders."""

    total: int
    touched: int
    by_kind: dict[str, int]
    dropped_by_second_look: int


def write_audit(folder: Path, audit: dict[str, Any], files: Callable[[], Iterator[FileCounts]]) -> None:
    """Write the audit for machines and for people.

    Args:
        folder: the data set's.
        audit: what `Audit.as_dict` gave.
        files: yields the files with replaced values, the most first; they are never all in memory.
    """
    count = 0
    with (folder / AUDIT).open("w", encoding="utf-8") as out:
        out.write(json.dumps(audit, indent=2).removesuffix("\n}") + ',\n  "files": [')
        for project, path, kinds in files():
            entry = {"project": project, "path": path, "values": sum(kinds.values()), "kinds": kinds}
            text = json.dumps(entry, indent=2).replace("\n", "\n    ")
            out.write(f"{',' if count else ''}\n    {text}")
            count += 1
        out.write("\n  ]\n}\n" if count else "]\n}\n")
    text = as_markdown(audit, list(islice(files(), _SHOWN_FILES)), count)
    (folder / AUDIT_CARD).write_text(text, "utf-8")


def as_markdown(audit: dict[str, Any], files: Sequence[FileCounts], count: int) -> str:
    """Return the audit for people.

    Args:
        audit: what `Audit.as_dict` gave.
        files: those to show.
        count: of all files.
    """
    tasks = audit["tasks"]
    lines = [
        "# What was anonymized",
        "",
        f"{audit['values']:,} values were replaced.",
        f"Placeholders stand in {tasks['touched']:,} of {tasks['total']:,} tasks ({tasks['share']:.1%}).",
        f"A second look at the finished rows dropped {tasks['dropped_by_second_look']:,} more.",
        "A value counts once in each session. All numbers, and all files, are in `anonymization.json`.",
        "",
        "## Kinds",
        "",
        "| kind | area | values | tasks | placeholders, for example |",
        "| --- | --- | ---: | ---: | --- |",
    ]
    for name, kind in audit["kinds"].items():
        samples = ", ".join(_code(sample) for sample in kind["samples"][:3])
        lines.append(f"| {name} | {kind['area']} | {kind['values']:,} | {kind['tasks']:,} | {samples} |")
    lines += ["", "## Rules", "", "| found by | values |", "| --- | ---: |"]
    lines += [f"| {name} | {count:,} |" for name, count in audit["rules"].items()]
    lines += ["", f"## Files ({len(files)} of {count:,})", ""]
    lines += ["| project | file | values | kinds |", "| --- | --- | ---: | --- |"]
    for project, path, kinds in files:
        text = ", ".join(f"{kind} {number}" for kind, number in kinds.items())
        name = _code(path) or "what users asked for"
        lines.append(f"| {project} | {name} | {sum(kinds.values()):,} | {text} |")
    return "\n".join([*lines, ""])


def _code(text: str) -> str:
    """Return a text as code within a table's cell."""
    if not text:
        return ""
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    padding = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{padding}{text}{padding}{fence}".replace("|", "\\|")
