"""The audit of a data set: what the anonymizer replaced, where, and which rule found it.

Values appear as their placeholders only, so the audit may go wherever the data goes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from codeedit.records import Task

SCHEMA_VERSION: Final = 1
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
    """Counts over the sessions, then over the tasks that were written."""

    def __init__(self) -> None:
        self._kinds: dict[str, _Kind] = {}
        self._rules: Counter[str] = Counter()
        self._files: dict[tuple[str, str], Counter[str]] = {}
        self._tasks_of_kind: Counter[str] = Counter()
        self._tasks = 0
        self._touched = 0

    def take(self, session: Iterable[Replaced]) -> None:
        """Take in what was replaced in one session; a value counts once in it, and once in each file."""
        seen: set[str] = set()
        for value in session:
            self._files.setdefault((value.project, value.path), Counter())[value.kind] += 1
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

    def watch(self, tasks: Iterable[Task]) -> Iterator[Task]:
        """Pass tasks on and count the touched ones."""
        for task in tasks:
            self._tasks += 1
            self._touched += bool(task.redactions)
            self._tasks_of_kind.update({redaction.kind for redaction in task.redactions})
            yield task

    def as_dict(self, second_look: int) -> dict[str, Any]:
        """Return what anonymization.json holds.

        Args:
            second_look: how many tasks the second look dropped.
        """
        kinds = sorted(self._kinds.items(), key=lambda item: (-item[1].values, item[0]))
        files = sorted(self._files.items(), key=lambda item: (-item[1].total(), item[0]))
        return {
            "schema_version": SCHEMA_VERSION,
            "tasks": {
                "total": self._tasks,
                "touched": self._touched,
                "share": round(self._touched / self._tasks, 4) if self._tasks else 0.0,
                "dropped_by_second_look": second_look,
            },
            "values": sum(kind.values for _, kind in kinds),
            "kinds": {
                name: {
                    "area": kind.area,
                    "values": kind.values,
                    "tasks": self._tasks_of_kind[name],
                    "samples": kind.samples,
                }
                for name, kind in kinds
            },
            "rules": dict(sorted(self._rules.items(), key=lambda item: (-item[1], item[0]))),
            "files": [
                {
                    "project": project,
                    "path": path,
                    "values": count.total(),
                    "kinds": dict(sorted(count.items())),
                }
                for (project, path), count in files
            ],
        }


def as_markdown(audit: dict[str, Any]) -> str:
    """Return the audit for people.

    Args:
        audit: what `Audit.as_dict` gave.
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
    shown = audit["files"][:_SHOWN_FILES]
    lines += ["", f"## Files ({len(shown)} of {len(audit['files']):,})", ""]
    lines += ["| project | file | values | kinds |", "| --- | --- | ---: | --- |"]
    for file in shown:
        kinds = ", ".join(f"{kind} {count}" for kind, count in file["kinds"].items())
        path = _code(file["path"]) or "what users asked for"
        lines.append(f"| {file['project']} | {path} | {file['values']:,} | {kinds} |")
    return "\n".join([*lines, ""])


def _code(text: str) -> str:
    """Return a text as code within a table's cell."""
    if not text:
        return ""
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    padding = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{padding}{text}{padding}{fence}".replace("|", "\\|")
