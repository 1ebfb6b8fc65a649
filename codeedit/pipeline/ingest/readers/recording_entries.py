"""Entries of a VS Code workspace recording: what their fields have to be, and what they say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from codeedit.pipeline.ingest.document import Document, is_text
from codeedit.pipeline.ingest.readers.fields import MAX_TIME, WRONG_TYPE, Unreadable, is_int, typed
from codeedit.pipeline.ingest.readers.text_edits import Change
from codeedit.pipeline.ingest.readers.utf16 import Units, from_units
from codeedit.records import EditEvent, Origin

# Who proposed the text, by the editor's name for the cause.  Snippets (a completion list's entry that
# the user chose), formatting and renames are the user's own commands, so they stay human; what came
# from disk is nobody's edit in the editor.
_AGENT = re.compile(
    r"inline_?(?:suggest|completion|edit|chat)|chat|copilot|agent|reloadFromDisk", re.IGNORECASE
)


def to_changes(edit: object, document: Document) -> list[Change]:
    """Check one entry's ``edit`` against the text before it and convert it to code points.

    Raises:
        Unreadable: wrong types, overlapping or unordered replacements, or an offset that is not there.
    """
    if not isinstance(edit, list):
        raise Unreadable(WRONG_TYPE)
    replacements: list[Units] = []
    for replacement in edit:
        if not isinstance(replacement, list) or len(replacement) != 3 or not is_span(replacement[:2]):
            raise Unreadable(WRONG_TYPE)
        start, end, text = replacement
        replacements.append((start, end, typed(text)))
    return from_units(document, replacements)


def to_events(changes: list[Change], time: int, path: str, origin: Origin) -> Iterator[EditEvent]:
    """Yield one entry's replacements as events, last position first."""
    for place, (start, end, text) in enumerate(reversed(changes)):
        yield EditEvent(time, path, start, end - start, text, origin, joined=place > 0)


def normal_path(path: str) -> str:
    r"""Return a path with ``/`` for ``\``."""
    return path.replace("\\", "/")


def repository(header: dict[str, Any] | None) -> str:
    """Return the repository that a header names, decoded, with ``/``; empty if it names none."""
    if header is None:
        return ""
    data = header.get("data") if header.get("kind") == "meta" else header
    uri = data.get("repoRootUri") if isinstance(data, dict) else None
    return normal_path(unquote(uri)) if isinstance(uri, str) and is_text(uri) else ""


def identity(header: dict[str, Any]) -> tuple[str, ...]:
    """Return what tells one recording from another: its uuid and, of a cut, its place in the longer log."""
    data = header.get("data") if header.get("kind") == "meta" else header
    fields = data if isinstance(data, dict) else {}
    names = ("uuid", "repoRootUri", "time", "opStart", "opEndEx")
    return tuple(json.dumps(fields[name]) if name in fields else "" for name in names)


def is_span(value: object) -> bool:
    """Whether the value is two offsets in order."""
    return (
        isinstance(value, list) and len(value) == 2 and all(map(is_int, value)) and 0 <= value[0] <= value[1]
    )


def check_time(entry: dict[str, Any]) -> None:
    """See that an entry has a time in milliseconds.

    Raises:
        Unreadable: it has none.
    """
    time = entry.get("time")
    if not isinstance(time, int) or isinstance(time, bool) or abs(time) > MAX_TIME:
        raise Unreadable(WRONG_TYPE if time is not None else "no time")


def version_of(entry: dict[str, Any]) -> int | None:
    """Return the document version that an entry states, if any.

    Raises:
        Unreadable: it is not a number.
    """
    version = entry.get("v")
    if version is not None and not is_int(version):
        raise Unreadable(WRONG_TYPE)
    return version


def is_agent(cause: object) -> bool:
    """Whether the cause of a change is a completion, an agent or the disk."""
    source = cause.get("source") if isinstance(cause, dict) else None
    return isinstance(source, str) and _AGENT.search(source) is not None
