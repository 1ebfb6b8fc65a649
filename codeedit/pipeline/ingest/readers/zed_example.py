"""Zed's edit prediction examples: captured ones as Markdown, and the same data as JSON lines.

Written from a description of the formats of late 2025 to 2026, which move often; no example was at hand.
Each example is a session: the edit history as diffs, a document, and the first expected patch that fits it as
the user's edit.  The document is the whole file where the example holds it, else the excerpt around the
cursor, with the range that the editor let be edited where it names one.  There are no times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from codeedit.pipeline.ingest.document import is_text
from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.pipeline.ingest.readers.diffs import apply_diff, read_diffs
from codeedit.pipeline.ingest.readers.fields import WRONG_TYPE, Unreadable, count, take
from codeedit.pipeline.ingest.readers.json_entries import read_records
from codeedit.pipeline.ingest.readers.log_session import LogSession
from codeedit.pipeline.ingest.readers.places import relative
from codeedit.pipeline.ingest.readers.text_edits import edits_between
from codeedit.pipeline.ingest.readers.zed_markdown import Example, read_markdown, without_mark
from codeedit.pipeline.ingest.unpack import open_log
from codeedit.records import Session

_MARKDOWN = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:\+\+\+|#).*?^##\s+cursor position\s*$",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
_JSON = re.compile(rb'\A(?:\xef\xbb\xbf)?\s*\{[^\n]*?"cursor_path"\s*:\s*"')
_LONGEST: Final = 8 << 20  # bytes of a Markdown file
_EDITABLE: Final = ("editable_350", "editable_180", "editable_150")  # tokens, the widest first


@dataclass(frozen=True, slots=True)
class Shown:
    """The document, or the part of it that the example holds."""

    text: str
    cursor: int  # code points
    region: tuple[int, int] | None  # what the editor let be edited, code points


class ZedExample:
    """Reader of captured examples."""

    name = "zed-example"

    def sniff(self, head: bytes) -> bool:
        """Whether the file is a Markdown example, or its first line a JSON one."""
        if _MARKDOWN.match(head):
            return True
        return _JSON.match(head) is not None and b'"cursor_position"' in head

    def read(self, path: Path, quarantine: Quarantine) -> Iterator[Session]:
        """Yield each example as a session.

        Raises:
            OSError: the file cannot be read.
        """
        with open_log(path) as file:
            head = file.read(4_096)
        if not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
            yield from self._markdown(path, quarantine)
            return
        for record in read_records(path):
            quarantine.read += 1
            if record.broken:
                quarantine.add(record.line, record.broken)
                continue
            try:
                example = _of_record(record.value)
                session = _session(example, _shown(record.value), LogSession(self.name, quarantine))
            except Unreadable as error:
                quarantine.add(record.line, error.reason)
                continue
            yield from session.finish()

    def _markdown(self, path: Path, quarantine: Quarantine) -> Iterator[Session]:
        with open_log(path) as file:
            data = file.read(_LONGEST + 1)
        if len(data) > _LONGEST:
            quarantine.add_file("too large for an example")
            return
        quarantine.read += 1
        try:
            text = data.decode("utf-8-sig").replace("\r\n", "\n")
            session = _session(read_markdown(text), None, LogSession(self.name, quarantine))
        except UnicodeDecodeError:
            quarantine.add(0, "not UTF-8")
        except Unreadable as error:
            quarantine.add(0, error.reason)
        else:
            yield from session.finish()


def _of_record(value: object) -> Example:
    patches = take(value, "expected_patches", list)
    if not all(is_text(patch) for patch in patches):
        raise Unreadable(WRONG_TYPE)
    url = value.get("repository_url") if isinstance(value, dict) else None
    return Example(
        repository=url if isinstance(url, str) and is_text(url) else "",
        path=take(value, "cursor_path", str),
        excerpt=take(value, "cursor_position", str),
        history=take(value, "edit_history", str),
        expected=patches,
    )


def _shown(value: Any) -> Shown | None:  # noqa: ANN401 - a JSON value
    """Return what the editor had asked its model with, where the example holds it."""
    held = value.get("captured_prompt_input")
    if not isinstance(held, dict):
        return None
    if held.get("cursor_file_content") is not None:
        data, at = take(held, "cursor_file_content", str).encode(), count(held, "cursor_offset")
        return Shown(data.decode(), _points(data, at), None)
    if held.get("cursor_excerpt") is None:
        return None
    data, at = take(held, "cursor_excerpt", str).encode(), count(held, "cursor_offset_in_excerpt")
    ranges = held.get("excerpt_ranges")
    named = ranges if isinstance(ranges, dict) else {}
    found = next((named[name] for name in _EDITABLE if name in named), held.get("editable_range_in_excerpt"))
    region = None
    if isinstance(found, dict):
        region = _points(data, count(found, "start")), _points(data, count(found, "end"))
    return Shown(data.decode(), _points(data, at), region if region and region[0] <= region[1] else None)


def _points(data: bytes, at: int) -> int:
    """Return an offset in bytes as code points."""
    if at > len(data):
        raise Unreadable("offset past the end of the document")
    try:
        return len(data[:at].decode())
    except UnicodeDecodeError:
        raise Unreadable("offset inside a character") from None


def _session(example: Example, shown: Shown | None, session: LogSession) -> LogSession:
    document = shown or Shown(*without_mark(example.excerpt), None)
    text, cursor = document.text, document.cursor
    path = relative(example.path)
    after = _answer(text, example)
    session.owned(example.path)
    session.project = example.repository.rstrip("/").removesuffix(".git").rpartition("/")[2]
    if "@@" in example.history:
        for diff in read_diffs(example.history):
            session.tell(0, relative(diff.new_path or diff.old_path), diff.as_history())
    session.state(0, path, text)
    session.caret(0, path, cursor, cursor)
    session.replace(0, path, edits_between(text, after), region=document.region)
    return session


def _answer(text: str, example: Example) -> str:
    """Return the text after the first expected patch that fits it."""
    if not example.expected:
        raise Unreadable("no expected patch")
    for patch in example.expected:
        try:
            hunks = [
                hunk
                for diff in read_diffs(patch)
                if (diff.new_path or diff.old_path or example.path) == example.path
                for hunk in diff.hunks
            ]
            if hunks:
                return apply_diff(text, hunks, search=True)
        except Unreadable:
            continue
    raise Unreadable("expected patch that does not fit its document")
