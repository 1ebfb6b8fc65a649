"""Replay: a session's events become the documents' texts, exactly as typed."""

from __future__ import annotations

from codeedit.pipeline.ingest.document import Document
from codeedit.records import ContentEvent, EditEvent, Event, Session


class Replay:
    """The documents of a session, moved forward one event at a time."""

    __slots__ = ("documents",)

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}  # by path

    def apply(self, event: Event) -> None:
        """Move one event forward.

        Raises:
            PositionError: an edit outside its document.
            KeyError: an edit of a document that has no content yet.
        """
        if isinstance(event, EditEvent):
            self.documents[event.path].replace(event.start, event.deleted, event.inserted)
        elif isinstance(event, ContentEvent):
            if event.renamed_from is not None:
                self.documents.pop(event.renamed_from, None)
            self.documents[event.path] = Document(event.text)


def replay(session: Session) -> dict[str, str]:
    """Return each document's final text by path, exactly as typed (line ends included).

    Readers yield only sessions that replay; the edit in ``session.following`` is no part of it.

    Raises:
        PositionError: an edit outside its document.
        KeyError: an edit of a document that has no content yet.
    """
    state = Replay()
    for event in session.events:
        state.apply(event)
    return {path: document.text() for path, document in state.documents.items()}
