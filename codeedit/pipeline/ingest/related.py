"""Related files: excerpts of the other documents that were open, as they were at the moment.

Each is whole lines around the place where the user was last in that document; the documents seen last
come first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from codeedit.pipeline.ingest.document import Document, to_lf
from codeedit.pipeline.ingest.unwritten import unwritten
from codeedit.pipeline.syntax import language_of
from codeedit.records import RelatedFile

MOST_FILES: Final = 3
MOST_CHARS: Final = 1_500  # code points of one excerpt, as typed
_LOOKED_AT: Final = 10  # documents


class OpenDocuments:
    """Which documents the user has seen, and where in them the user was last."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}  # path -> code points; the document seen last comes last

    def see(self, path: str, offset: int = 0) -> None:
        """Note that the user was at a place."""
        self._places.pop(path, None)
        self._places[path] = offset

    def open(self, path: str, renamed_from: str | None = None) -> None:
        """Note a document whose text is stated; where the user was in it stays known."""
        place = self._places.pop(path, 0)
        if renamed_from is not None:
            place = self._places.pop(renamed_from, place)
        self._places[path] = place

    def excerpts(self, path: str, documents: Mapping[str, Document]) -> tuple[RelatedFile, ...]:
        """Return excerpts of the documents other than one, the one seen last first."""
        found: list[RelatedFile] = []
        for other in list(reversed(self._places))[:_LOOKED_AT]:
            if other == path or other not in documents or len(found) == MOST_FILES:
                continue
            code = excerpt(documents[other], self._places[other])
            if code.strip() and language_of(other) and unwritten(other, code) is None:
                found.append(RelatedFile(other, code))
        return tuple(found)


def excerpt(document: Document, offset: int) -> str:
    """Return whole lines around a place, with LF line ends and without the last line's; empty for long lines.

    Args:
        document: as typed.
        offset: code points; one past the end means the end.
    """
    size = len(document)
    start = min(max(0, min(offset, size) - MOST_CHARS // 2), max(0, size - MOST_CHARS))
    end = min(size, start + MOST_CHARS)
    text = document.slice(start, end)
    if start > 0 and document.slice(start - 1, start) != "\n":
        text = text.partition("\n")[2]
    if end < size:
        text = text.rpartition("\n")[0]
    return to_lf(text.removeprefix("\ufeff")).strip("\n")
