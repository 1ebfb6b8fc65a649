"""An editor that keeps its log as VS Code's workspace recorder does.

Documents are Python strings (code points); the log counts UTF-16 code units, and all replacements of
one change refer to the text before it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Entry = dict[str, Any]
Span = tuple[int, int]  # code points, half-open
Replacement = tuple[int, int, str]  # start and end (code points, before the change), new text


@dataclass(slots=True)
class Document:
    """One open document."""

    id: int
    path: str
    text: str
    version: int = 1
    carets: list[Span] = field(default_factory=lambda: [(0, 0)])

    @property
    def eol(self) -> str:
        """The document's line break."""
        return "\r\n" if "\r\n" in self.text else "\n"

    def units(self, offset: int) -> int:
        """Return an offset in UTF-16 code units."""
        return len(self.text[:offset].encode("utf-16-le")) // 2


class Editor:
    """Documents, a clock, and the log of all that happens to them."""

    def __init__(self, clock_ms: int) -> None:
        self.clock_ms = clock_ms  # epoch milliseconds
        self.entries: list[Entry] = []
        self.documents: list[Document] = []
        self._active: Document | None = None
        self._stored = 0
        self._kept: dict[str, str] = {}

    def log(self, kind: str, *, early_ms: int = 0, **fields: Any) -> None:  # noqa: ANN401
        """Add an entry with the clock's time, or `early_ms` before it."""
        self.entries.append({"kind": kind, **fields, "time": self.clock_ms - early_ms})

    def wait(self, milliseconds: int) -> None:
        """Let time pass."""
        self.clock_ms += milliseconds

    def open(self, path: str, text: str) -> Document:
        """Load a document; the recorder writes its content with the time at which it was read."""
        document = Document(len(self.documents), path, text)
        self.documents.append(document)
        self.log("documentEncountered", id=document.id, relativePath=path)
        self.log("setContent", early_ms=400, id=document.id, v=1, content=text)
        self.log("opened", id=document.id)
        return document

    def focus(self, document: Document) -> None:
        """Switch to a document."""
        if self._active is not document:
            self._active = document
            self.log("focused", id=document.id)

    def select(self, document: Document, *spans: Span) -> None:
        """Set the carets; a span of no length is a bare caret."""
        self.focus(document)
        document.carets = list(spans)
        selection = [[document.units(start), document.units(end)] for start, end in spans]
        self.log("selectionChanged", id=document.id, selection=selection)

    def change(
        self, document: Document, replacements: list[Replacement], *, reason: str | None = None
    ) -> None:
        """Apply replacements at once; a caret is left behind each new text."""
        edit = [[document.units(start), document.units(end), text] for start, end, text in replacements]
        document.version += 1
        self.log("changed", id=document.id, v=document.version, edit=edit)
        carets: list[Span] = []
        shift = 0
        parts: list[str] = []
        done = 0
        for start, end, text in replacements:
            parts += [document.text[done:start], text]
            caret = start + shift + len(text)
            carets.append((caret, caret))
            shift += len(text) - (end - start)
            done = end
        document.text = "".join([*parts, document.text[done:]])
        self.select(document, *carets)
        if reason:
            data = {"sourceId": "TextModel.setChangeReason", "source": reason, "v": document.version}
            self.log("documentEvent", early_ms=1, id=document.id, data=data)

    def insert(self, document: Document, text: str) -> None:
        """Put text in place of every caret's selection: a key, or a paste."""
        self.change(document, [(start, end, text) for start, end in document.carets])

    def backspace(self, document: Document) -> None:
        """Remove the selections, or a character before each caret."""
        spans = [(start - (start == end), end) for start, end in document.carets]
        self.change(document, [(start, end, "") for start, end in spans])

    def undo(self, document: Document, text: str) -> None:
        """Go back to an earlier text by one inverse edit."""
        now = document.text
        head = 0
        while head < min(len(now), len(text)) and now[head] == text[head]:
            head += 1
        tail = 0
        while tail < min(len(now), len(text)) - head and now[-1 - tail] == text[-1 - tail]:
            tail += 1
        self.change(document, [(head, len(now) - tail, text[head : len(text) - tail])])

    def store(self, document: Document) -> str:
        """Remember the document's text; return the id under which it is kept."""
        self._stored += 1
        content = f"sample{self._stored:04d}"
        self._kept[content] = document.text
        self.log("storeContent", id=document.id, contentId=content, v=document.version)
        return content

    def restore(self, document: Document, content: str) -> None:
        """Give the document a remembered text again, as when its file is reverted."""
        document.text = self._kept[content]
        document.version += 1
        self.log("restoreContent", id=document.id, contentId=content, v=document.version)
