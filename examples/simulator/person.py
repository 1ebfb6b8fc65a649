"""A person at the keyboard: the rhythm of keys, typing errors, selecting, pasting, pausing."""

from __future__ import annotations

import random

from simulator.editor import Document, Editor, Replacement, Span

# A key beside each letter's, on a QWERTY board.
_NEIGHBOURS = dict(zip("abcdefghijklmnopqrstuvwxyz", "snvfrtyjokljnbpowtdyicesux", strict=True))


class Person:
    """Works in an editor; every random choice comes from one seeded generator."""

    def __init__(self, editor: Editor, rng: random.Random) -> None:
        self.editor = editor
        self.rng = rng
        self.bursts = 0
        self.pauses = 0

    def chance(self, share: float) -> bool:
        """Return true in that share of cases."""
        return self.rng.random() < share

    def moment(self, least: int, most: int) -> None:
        """Wait between two durations (milliseconds)."""
        self.editor.wait(self.rng.randint(least, most))

    def begin_burst(self, document: Document, *carets: Span) -> None:
        """Rest for more than ten seconds, click about meanwhile, then get ready to edit at a place."""
        near = carets[0][0]
        self.moment(5_000, 8_500)
        self.editor.select(document, (near, near))
        self.moment(5_500, 8_500)
        self.editor.select(document, *carets)
        self.moment(500, 1_400)
        self.bursts += 1

    def look(self, document: Document, offset: int) -> None:
        """Rest with the cursor at a place and change nothing."""
        self.moment(4_000, 8_000)
        self.editor.select(document, (offset, offset))
        self.moment(11_000, 19_000)
        self.pauses += 1

    def move(self, document: Document, *carets: Span) -> None:
        """Go on to another place of the same burst."""
        self.moment(250, 800)
        self.editor.select(document, *carets)
        self.moment(150, 500)

    def type(self, document: Document, text: str, *, errors: bool = True) -> None:
        """Type key by key; now and then a wrong key is hit and taken back."""
        for character in text:
            if errors and character in _NEIGHBOURS and self.chance(0.012):
                self._key(document, _NEIGHBOURS[character])
                self.moment(120, 350)
                self.editor.backspace(document)
            self._key(document, character)

    def enter(self, document: Document, indent: str) -> None:
        """Begin a new line; the editor indents it."""
        self._key(document, document.eol + indent)

    def paste(self, document: Document, text: str) -> None:
        """Put text in place of the selection at once."""
        self.moment(120, 420)
        self.editor.insert(document, text)

    def erase(self, document: Document, count: int) -> None:
        """Press backspace some times."""
        for _ in range(count):
            self.moment(60, 130)
            self.editor.backspace(document)

    def undo(self, document: Document, text: str, carets: list[Span]) -> None:
        """Notice an error and go back to an earlier text, with what was selected then."""
        self.moment(500, 1_100)
        self.editor.undo(document, text)
        self.editor.select(document, *carets)

    def accept(self, document: Document, place: Replacement) -> None:
        """Take a change that the editor proposes."""
        self.moment(400, 1_200)
        self.editor.change(document, [place], reason="inlineSuggestion.accept")

    def _key(self, document: Document, text: str) -> None:
        self.moment(70, 230)
        self.editor.insert(document, text)
