"""Messages of a language server trace, from two forms of file, in the face of damage.

The third form is that of ``lsp_wire``.

- *text*: what VS Code writes into an output channel with ``"<lang>.trace.server": "verbose"``: a line
  ``[Trace - TIME] HEAD``, then ``Params: `` or ``Result: `` with indented JSON;
- *JSON*: the array of objects that language-server-protocol-inspector makes of it.

Only what edits stand in is parsed further: most of a trace is other traffic.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from codeedit.pipeline.ingest.readers.fields import INVALID
from codeedit.pipeline.ingest.readers.json_entries import NOT_JSON, read_records
from codeedit.pipeline.ingest.unpack import LARGEST_WHOLE, TOO_LONG, lines_of, open_log

DAY_MS: Final = 86_400_000
_HEAD = re.compile(
    r"\[Trace - ([^\]]{1,40})\] "
    r"((?:Sending|Received) (?:notification|request|response) '([^' ]+)(?: - \(([^)]*)\))?'.*)"
)
_KIND = re.compile(r"(send|recv|Sending|Received)[- ](notification|request|response)")
_BRACKET = re.compile(r"\[(?:Trace|Info|Warn|Error|Debug|LSP)\b *- ")
_JSON = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\[\s*\{|\{\s*")')
_BODY = re.compile(r"(?:Params|Result): *")
_TIME = re.compile(r"\s*(\d{1,2}):(\d\d):(\d\d)(?:[.,](\d{1,3}))?\s*(?:([AaPp])\.?\s?[Mm]\.?)?\s*")
_DECODER: Final = json.JSONDecoder()

NO_MESSAGE: Final = "not a message of a trace"
WANTED: Final = frozenset(
    {"initialize", *(f"textDocument/did{what}" for what in ("Open", "Change", "Save", "Close"))}
)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a trace."""

    line: int  # 1-based, where it begins
    time_ms: int | None  # of the day; the trace has no date
    sent: bool  # by the editor to the server
    kind: str  # notification, request or response
    method: str
    arg: Any = None  # params or result of a wanted method
    broken: str = ""  # why it could not be read
    last: bool = False  # a broken one with nothing after it


def read_messages(path: Path) -> Iterator[Message]:
    """Yield a trace's messages in order.

    Raises:
        OSError: the file cannot be read.
    """
    with open_log(path) as file:
        is_json = _JSON.match(file.read(4_096)) is not None
    yield from _of_json(path) if is_json else _of_text(path)


def _of_json(path: Path) -> Iterator[Message]:
    for record in read_records(path):
        value = record.value
        if record.broken:
            yield Message(record.line, None, False, "", "", broken=record.broken, last=record.last)
            continue
        kind = _KIND.match(value["msgKind"]) if _is_message(value) else None
        if kind is None:
            yield Message(record.line, None, False, "", "", broken=NO_MESSAGE)
            continue
        yield Message(
            record.line,
            time_of_day(value.get("time")),
            kind[1] == "send",
            kind[2],
            value["msgType"],
            value.get("arg") if value["msgType"] in WANTED else None,
        )


def _is_message(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(value.get(key), str) for key in ("msgKind", "msgType"))


def _of_text(path: Path) -> Iterator[Message]:
    head: tuple[int, re.Match[str]] | None = None
    body = _Body()
    with open_log(path) as file:
        for number, raw in enumerate(lines_of(file), 1):
            text = "" if raw is None else raw.decode("utf-8", INVALID)
            if not _BRACKET.match(text):
                begins = _BODY.match(text) is not None
                if begins and body.begun:  # the head of a message was lost
                    if head is not None:
                        yield _message(*head, body, last=False)
                        head, body = None, _Body()
                    yield Message(number, None, False, "", "", broken=NO_MESSAGE)
                body.begun |= begins
                if head is not None and head[1][3] in WANTED:
                    body.add(text, too_long=raw is None)
                continue
            if head is not None:
                yield _message(*head, body, last=False)
            body = _Body(begun=False)
            match = _HEAD.match(text)
            head = (number, match) if match else None
            if match is None and text.startswith("[Trace"):
                yield Message(number, None, False, "", "", broken=NO_MESSAGE)
    if head is not None:
        yield _message(*head, body, last=True)


@dataclass(slots=True)
class _Body:
    """The lines below a message's head."""

    begun: bool = True  # its params or its result
    too_long: bool = False
    _lines: list[str] = field(default_factory=list)
    _size: int = 0

    def add(self, line: str, *, too_long: bool) -> None:
        self._size += len(line)
        self.too_long |= too_long or self._size > LARGEST_WHOLE
        if self.too_long:
            self._lines.clear()
        else:
            self._lines.append(line)

    def text(self) -> str:
        return "".join(self._lines)


def _message(line: int, head: re.Match[str], body: _Body, *, last: bool) -> Message:
    kind = _KIND.match(head[2])
    arg, broken = None, TOO_LONG if body.too_long else ""
    if head[3] in WANTED and not broken:
        text = body.text()
        start = _BODY.match(text)
        try:
            arg = _DECODER.raw_decode(text, start.end())[0] if start else None
        except (ValueError, RecursionError):
            broken = NOT_JSON
    return Message(
        line,
        time_of_day(head[1]),
        head[2].startswith("Sending"),
        kind[2] if kind else "",
        head[3],
        arg,
        broken,
        last and bool(broken),
    )


def time_of_day(text: object) -> int | None:
    """Return a time such as ``22:33:21`` or ``12:42:34 PM`` in milliseconds since midnight."""
    match = _TIME.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    hour, minute, second = (int(match[number]) for number in (1, 2, 3))
    if match[5]:
        hour = hour % 12 + 12 * (match[5] in "Pp")
    time = (hour * 3_600 + minute * 60 + second) * 1_000 + int((match[4] or "0").ljust(3, "0"))
    return time if time < DAY_MS else None
