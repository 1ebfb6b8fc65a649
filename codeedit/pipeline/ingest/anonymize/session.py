"""A whole session without private values: its documents, paths, names, and the edit that comes next.

All documents share one dictionary: a value found in one is replaced in every state of every other, in paths
too.  A history's ids outlive reloads and renames (see `provenance`).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from codeedit.pipeline.ingest.anonymize.dictionary import Dictionary
from codeedit.pipeline.ingest.anonymize.findings import Finding, disjoint, outside
from codeedit.pipeline.ingest.anonymize.histories import redact_histories
from codeedit.records import ContentEvent, CursorEvent, DiffEvent, EditEvent, Event, Session

if TYPE_CHECKING:
    from codeedit.pipeline.ingest.anonymize.anonymizer import Anonymizer, Edit

Stated = tuple[str | None, str]  # a document's path, and a text that is part of no replay

_DRIVE = re.compile(r"\A[A-Za-z]:[\\/]|\A[a-z][a-z0-9+.-]*://+")
_EXTENSION = re.compile(r"(?:\.[A-Za-z]{1,3})?\.[A-Za-z][A-Za-z0-9_]{0,9}\Z")


class AnonymizedSession(NamedTuple):
    """A session without private values, and what became of them."""

    session: Session
    placeholders: Mapping[str, str]  # as they stand in the session: kind
    found: Mapping[
        str, Mapping[str, Finding]
    ]  # anonymized path: placeholder: what found its value; "": hints
    untouched: frozenset[str]  # anonymized paths of the files that the exceptions leave as they are


def anonymize_session(session: Session, anonymizer: Anonymizer) -> AnonymizedSession:
    """Replace everything private in a session.

    Args:
        session: one that replays.
        anonymizer: makes placeholders and pseudonyms.

    Returns:
        The session with text of the same length, anonymized paths, pseudonyms for its id and project, and no
        identities; and the placeholders that stand in it.

    Raises:
        ValueError: an edit outside its text.
    """
    allow = anonymizer.rules.allow
    dictionary = Dictionary(session.identities, allow)
    documents = _Documents()
    for event in (*session.events, *session.following):
        documents.take(event)
    stated = documents.take_stated(session)
    kept = [bool(names) and all(map(allow.lets_file, names)) for names in documents.paths]
    given = [[] if stays else history for stays, history in zip(kept, documents.histories, strict=True)]
    outcome = redact_histories(given, anonymizer, dictionary)
    made = [
        old if stays else new
        for stays, old, new in zip(kept, documents.histories, outcome.histories, strict=True)
    ]
    texts = documents.texts(made)
    paths = _paths(session, anonymizer, dictionary)
    said = {text: made[which][0][2] for text, which in stated.items()}
    count = len(session.events)
    cleaned = [
        _clean(event, number, texts, paths, said)
        for number, event in enumerate((*session.events, *session.following))
    ]
    events, following = tuple(cleaned[:count]), cleaned[count:]
    clean = dataclasses.replace(
        session,
        id=anonymizer.pseudonym(f"session {session.id}", size=16),
        project=anonymizer.pseudonym(f"project {session.project}"),
        events=events,
        following=tuple(event for event in following if isinstance(event, EditEvent)),
        identities=(),
    )
    found: dict[str, dict[str, Finding]] = {}
    for names, one in zip(documents.paths, outcome.found, strict=True):
        if one:
            found.setdefault(paths[names[-1]] if names else "", {}).update(one)
    untouched = {
        paths[path] for stays, names in zip(kept, documents.paths, strict=True) if stays for path in names
    }
    return AnonymizedSession(clean, outcome.placeholders, found, frozenset(untouched))


class _Documents:
    """The histories of a session's documents, and which event each edit of them is."""

    def __init__(self) -> None:
        self.histories: list[list[Edit]] = []
        self.paths: list[list[str]] = []  # of each history, the last one last
        self._numbers: list[list[int]] = []  # of the event that each edit is
        self._sizes: list[int] = []
        self._current: dict[str, int] = {}  # path: history
        self._count = 0

    def take(self, event: Event) -> None:
        """Add the next event."""
        number = self._count
        self._count += 1
        if isinstance(event, CursorEvent | DiffEvent):
            return
        if isinstance(event, ContentEvent):
            earlier = getattr(event, "renamed_from", None)
            if earlier is not None and earlier in self._current:
                which = self._current[event.path] = self._current.pop(earlier)
                self.paths[which].append(event.path)
            which = self._of(event.path)
            self._append(which, number, (0, self._sizes[which], event.text))
        else:
            self._append(self._of(event.path), number, (event.start, event.deleted, event.inserted))

    def take_stated(self, session: Session) -> dict[Stated, int]:
        """Add texts that are part of no replay, each as a document of its own; return where it is.

        They are what the user asked for in words, and diffs.
        """
        which: dict[Stated, int] = {}
        for event in (*session.events, *session.following):
            stated = _stated(event)
            if stated is None or stated in which:
                continue
            which[stated] = len(self.histories)
            self.histories.append([(0, 0, stated[1])])
            self.paths.append([stated[0]] if stated[0] is not None else [])
            self._numbers.append([])
            self._sizes.append(len(stated[1]))
        return which

    def _of(self, path: str) -> int:
        if path not in self._current:
            self._current[path] = len(self.histories)
            self.histories.append([])
            self.paths.append([path])
            self._numbers.append([])
            self._sizes.append(0)
        return self._current[path]

    def _append(self, which: int, number: int, edit: Edit) -> None:
        self.histories[which].append(edit)
        self._numbers[which].append(number)
        self._sizes[which] += len(edit[2]) - edit[1]

    def texts(self, histories: list[list[Edit]]) -> dict[int, str]:
        """Return the redacted text of each event by its number."""
        return {
            number: edit[2]
            for numbers, history in zip(self._numbers, histories, strict=True)
            for number, edit in zip(numbers, history if numbers else (), strict=True)
        }


def _stated(event: Event) -> Stated | None:
    """Return an event's text that is part of no replay, with its document if it is one's."""
    if isinstance(event, DiffEvent):
        return event.path, event.diff
    if isinstance(event, EditEvent) and event.hint:
        return None, event.hint
    return None


def _clean(
    event: Event, number: int, texts: dict[int, str], paths: dict[str, str], said: dict[Stated, str]
) -> Event:
    path = paths[event.path]
    stated = _stated(event)
    if isinstance(event, DiffEvent):
        return dataclasses.replace(event, path=path, diff=said[event.path, event.diff])
    if isinstance(event, EditEvent):
        hint = event.hint if stated is None else said[stated]
        return dataclasses.replace(event, path=path, inserted=texts[number], hint=hint)
    if isinstance(event, ContentEvent):
        earlier = getattr(event, "renamed_from", None)
        if earlier is not None:
            return dataclasses.replace(event, path=path, text=texts[number], renamed_from=paths[earlier])
        return dataclasses.replace(event, path=path, text=texts[number])
    return dataclasses.replace(event, path=path)


def _paths(session: Session, anonymizer: Anonymizer, dictionary: Dictionary) -> dict[str, str]:
    """Return the anonymized path of every path in a session; different ones stay different."""
    clean: dict[str, str] = {}
    used: set[str] = set()
    for event in (*session.events, *session.following):
        for path in (event.path, getattr(event, "renamed_from", None)):
            if path is None or path in clean:
                continue
            made = clean_path(path, anonymizer, dictionary)
            if made in used:
                stem, extension = _split(made)
                made = f"{stem}-{anonymizer.pseudonym(f'path {path}', size=6)}{extension}"
            used.add(made)
            clean[path] = made
    return clean


def _split(path: str) -> tuple[str, str]:
    match = _EXTENSION.search(path.rpartition("/")[2])
    return (path[: -len(match[0])], match[0]) if match and match[0] != path else (path, "")


def clean_path(path: str, anonymizer: Anonymizer, dictionary: Dictionary | None = None) -> str:
    """Return a relative path without private parts; the file extension stays.

    Args:
        path: relative, absolute or a URL's; either kind of slash.
        anonymizer: makes the placeholders.
        dictionary: values that are replaced wherever they stand.
    """
    rooted = bool(_DRIVE.match(path)) or path.startswith(("/", "\\", "~"))
    plain = _DRIVE.sub("", path).replace("\\", "/")
    parts = plain.split("/")
    above = ".." in parts
    parts = [part for part in parts if part not in ("", ".", "..", "~")]
    text = "/".join(parts) or "file"
    stem, extension = _split(text)
    shown = f"/{stem}/" if rooted or above else f"./{stem}"
    skip = len(shown) - len(shown.lstrip("./"))
    found, stays = anonymizer.look(shown)
    if dictionary is not None:
        found = disjoint([*found, *outside(dictionary.occurrences(shown, beginnings=False), stays)])
    chars = list(shown)
    for finding in found:
        chars[finding.start : finding.end] = anonymizer.placeholder(shown[finding.start : finding.end])
    return "".join(chars)[skip:].rstrip("/") + extension
