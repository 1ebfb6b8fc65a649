"""A session in the making, for logs that name documents by their path.

A document's text is known, unknown or in doubt; only a known one can be edited.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from codeedit.pipeline.ingest.document import Document
from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.pipeline.ingest.readers.fields import Unreadable
from codeedit.pipeline.ingest.readers.owners import owners
from codeedit.pipeline.ingest.readers.text_edits import Change
from codeedit.records import ContentEvent, CursorEvent, DiffEvent, EditEvent, Event, Origin, Session

IN_DOUBT: Final = "document in doubt"


@dataclass(slots=True)
class LogSession:
    """Takes what happened in the log's order and becomes a ``Session``; times are the log's own."""

    source: str
    quarantine: Quarantine
    project: str = ""
    events: list[Event] = field(default_factory=list)
    identities: set[str] = field(default_factory=set)
    _documents: dict[str, Document | None] = field(default_factory=dict)  # None: in doubt
    _base: int | None = None  # the time of the first event

    def owned(self, place: object) -> None:
        """Note whose home folder a URI or a path names, if any."""
        if isinstance(place, str):
            self.identities.update(owners(place))

    def knows(self, path: str) -> bool:
        """Whether the document's text is known."""
        return self._documents.get(path) is not None

    def document(self, path: str) -> Document:
        """Return a document whose text is known.

        Raises:
            Unreadable: it is not.
        """
        if path not in self._documents:
            raise Unreadable("unknown document")
        document = self._documents[path]
        if document is None:
            raise Unreadable(IN_DOUBT)
        return document

    def state(self, time: int, path: str, text: str, *, renamed_from: str | None = None) -> None:
        """State a document's whole text from here on."""
        if renamed_from is not None:
            self._documents.pop(renamed_from, None)
        self._documents[path] = Document(text)
        self.events.append(ContentEvent(self._since(time), path, text, renamed_from))

    def check(self, path: str, text: str) -> bool:
        """Compare a restated text with the replayed one, if that is known; count the outcome."""
        document = self._documents.get(path)
        if document is None:
            return True
        same = document.text() == text
        self.quarantine.agreed += same
        self.quarantine.disagreed += not same
        return same

    def restate(self, time: int, path: str, text: str) -> None:
        """Check a text that the log states again; where the replay has another, go on with the log's."""
        if not self.knows(path) or not self.check(path, text):
            self.state(time, path, text)

    def replace(
        self,
        time: int,
        path: str,
        changes: Sequence[Change],
        origin: Origin = Origin.HUMAN,
        hint: str | None = None,
        *,
        joined: bool = False,
        region: tuple[int, int] | None = None,
    ) -> None:
        """Apply one editor action: replacements in order that do not overlap, offsets in the text before.

        ``joined`` says that the action began with the edit before; ``region`` is the range that the editor
        let be edited, in the text before.

        Raises:
            Unreadable: the document's text is not known.
        """
        document = self.document(path)
        for place, (start, end, text) in enumerate(reversed(changes)):
            document.replace(start, end - start, text)
            self.events.append(
                EditEvent(
                    self._since(time),
                    path,
                    start,
                    end - start,
                    text,
                    origin,
                    joined or place > 0,
                    hint,
                    region,
                )
            )

    def caret(self, time: int, path: str, start: int, end: int) -> None:
        """Move the cursor."""
        self.events.append(CursorEvent(self._since(time), path, start, end))

    def tell(self, time: int, path: str, diff: str) -> None:
        """State an earlier edit as a diff in a history's form."""
        if diff:
            self.events.append(DiffEvent(self._since(time), path, diff))

    def doubt(self, path: str | None = None) -> None:
        """Something is unknown about a document, or about which one: put them aside."""
        for known in [path] if path is not None else list(self._documents):
            self._documents[known] = None

    def forget(self, path: str) -> None:
        """A document was closed or deleted; its text is not known any more."""
        self._documents.pop(path, None)

    def finish(self, *name: str) -> Iterator[Session]:
        """Yield the session, if any document was edited or seen; ``name`` tells it from others like it."""
        if self.events:
            yield Session(
                id=session_id(self.source, name, self.events),
                source=self.source,
                project=self.project,
                events=tuple(self.events),
                identities=tuple(sorted(self.identities)),
            )

    def _since(self, time: int) -> int:
        if self._base is None:
            self._base = time
        return time - self._base


def session_id(source: str, name: Iterable[str], events: Sequence[Event]) -> str:
    """Return a hash of where a session comes from and how it begins."""
    digest = hashlib.sha256(source.encode())
    for part in name:
        digest.update(f"\0{part}".encode("utf-8", "replace"))
    for event in events[:100]:
        digest.update(repr(event).encode("utf-8", "replace"))
    return digest.hexdigest()[:32]
