"""Editing traces: one document's keystrokes, as published for benchmarks of text editors.

Source: the sequential traces of github.com/josephg/editing-traces: a JSON object of ``startContent``,
``endContent`` and ``txns``, each with an ISO 8601 ``time`` and ``patches`` of [position, deleted,
inserted] in code points, applied one after the other.

A transaction without a time happens at the time of the one before.  A trace names no file.  Its path is the
trace's own name with the ending of the language in which its text reads best.  A first transaction dated 1970
is the file as it was when the recording began.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from codeedit.pipeline.ingest.document import Document, PositionError, is_text
from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.pipeline.ingest.readers.fields import WRONG_TYPE, Unreadable, iso_ms
from codeedit.pipeline.ingest.unpack import open_log, whole
from codeedit.pipeline.syntax import LANGUAGES
from codeedit.pipeline.syntax.guess import guess_language
from codeedit.records import ContentEvent, EditEvent, Session

_SNIFF = re.compile(rb'\A(?:\xef\xbb\xbf)?\s*\{.*?"(?:startContent|endContent|txns)"\s*:', re.DOTALL)
_ENDINGS = re.compile(r"(?:\.(?:json|gz|zst|trace))+\Z", re.IGNORECASE)
_BEFORE: Final = "1970-01-01"

Patch = tuple[int, int, str]


class EditingTrace:
    """Reader of sequential editing traces."""

    name = "editing-trace"

    def sniff(self, head: bytes) -> bool:
        """Whether the file begins as a trace does."""
        return _SNIFF.match(head) is not None

    def read(self, path: Path, quarantine: Quarantine) -> Iterator[Session]:
        """Yield the trace as one session.

        Raises:
            OSError: the file cannot be read.
        """
        try:
            with open_log(path) as file:
                trace = json.loads(whole(file).decode("utf-8-sig"))
        except (ValueError, RecursionError):
            quarantine.add_file("not JSON")
            return
        start = trace.get("startContent", "")
        transactions = trace.get("txns")
        if not is_text(start) or not isinstance(transactions, list):
            quarantine.add_file(WRONG_TYPE)
            return
        if trace.get("kind") == "concurrent":
            quarantine.add_file("trace of several people at once")
            return
        end = trace.get("endContent")
        session = _session(path, start, end, transactions, quarantine)
        if session is not None:
            yield session


def _session(
    path: Path, start: str, end: object, transactions: list[Any], quarantine: Quarantine
) -> Session | None:
    quarantine.read += len(transactions)
    document, edits, times = Document(start), [], [0]
    for number, transaction in enumerate(transactions):
        patches = _patches(transaction)
        time_ms = _time_ms(transaction, times[-1])
        if patches is None or time_ms is None or not _apply(document, patches):
            quarantine.add(1, "transaction that does not fit its document")
            for _ in transactions[number + 1 :]:
                quarantine.add(1, "document in doubt")
            break
        edits.append(patches)
        times.append(time_ms)
    else:
        if end is not None and document.text() != end:
            for _ in transactions:
                quarantine.add(1, "replay does not give the stated end")
            return None
        quarantine.agreed += end is not None
    if not edits:
        return None
    del times[0]
    first = 0
    if str(_time_of(transactions[0])).startswith(_BEFORE):
        opening = Document(start)
        _apply(opening, edits[0])
        start, first = opening.text(), 1
    name = _name(path, document.text())
    base = times[min(first, len(times) - 1)]
    events: list[ContentEvent | EditEvent] = [ContentEvent(0, name, start)]
    for patches, time_ms in zip(edits[first:], times[first:], strict=True):
        for place, (at, deleted, inserted) in enumerate(patches):
            events.append(EditEvent(time_ms - base, name, at, deleted, inserted, joined=place > 0))
    return Session(_id(transactions), EditingTrace.name, "", tuple(events))


def _patches(transaction: object) -> list[Patch] | None:
    patches = transaction.get("patches") if isinstance(transaction, dict) else None
    if not isinstance(patches, list):
        return None
    made: list[Patch] = []
    for patch in patches:
        if not isinstance(patch, list) or len(patch) != 3 or not is_text(patch[2]):
            return None
        if any(not isinstance(number, int) or isinstance(number, bool) or number < 0 for number in patch[:2]):
            return None
        made.append((patch[0], patch[1], patch[2]))
    return made


def _time_of(transaction: dict[str, Any]) -> object:
    """Return the time as it stands in the trace; both names of the field are in use."""
    return transaction.get("time") or transaction.get("timestamp")


def _time_ms(transaction: object, last: int) -> int | None:
    """Return a transaction's time, the last one where it states none, ``None`` where it states nonsense."""
    time = _time_of(transaction) if isinstance(transaction, dict) else None
    try:
        return last if time is None or time == "" else iso_ms(time)
    except Unreadable:
        return None


def _apply(document: Document, patches: list[Patch]) -> bool:
    try:
        for at, deleted, inserted in patches:
            document.replace(at, deleted, inserted)
    except PositionError:
        return False
    return True


def _name(path: Path, text: str) -> str:
    stem = _ENDINGS.sub("", path.name) or "trace"
    if any(stem.lower().endswith(ending) for endings in LANGUAGES.values() for ending in endings):
        return stem
    language = guess_language(text)
    return stem + (LANGUAGES[language][0] if language else ".txt")


def _id(transactions: list[Any]) -> str:
    digest = hashlib.sha256(EditingTrace.name.encode())
    digest.update(json.dumps(transactions[:100]).encode())
    return digest.hexdigest()[:32]
