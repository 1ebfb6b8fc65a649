"""Messages of a language server trace as JSON lines: each as it went over the wire, with its direction.

What VS Code writes with ``"trace.server": {"format": "json", "verbosity": "verbose"}``: lines of
``[LSP   - TIME] {"isLSPMessage": true, "type": "send-notification", "message": {…}, "timestamp": MS}``; tools
that stream to language-server-protocol-inspector write the object alone.  Written from the inspector's
description of its log format; no log was at hand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from codeedit.pipeline.ingest.readers.fields import INVALID, is_int
from codeedit.pipeline.ingest.readers.json_entries import CUT_OFF, NOT_JSON
from codeedit.pipeline.ingest.readers.lsp_messages import (
    DAY_MS,
    NO_MESSAGE,
    WANTED,
    Message,
    time_of_day,
)
from codeedit.pipeline.ingest.unpack import TOO_LONG, lines_of, open_log

_KIND: Final = r"(send|recv|receive)-(notification|request|response)"
BEGIN: Final = re.compile(
    (r'^(?:\[LSP *- [^\]\n]{1,40}\] *)?\{[^\n{]{0,80}?"type"\s*:\s*"' + _KIND + '"').encode(), re.MULTILINE
)
_TYPE = re.compile(_KIND)
_PREFIX = re.compile(r"\[LSP *- ([^\]\n]{1,40})\] *")


def messages_of_lines(path: Path) -> Iterator[Message]:
    """Yield a trace's messages in order; lines of other output are passed over.

    Raises:
        OSError: the file cannot be read.
    """
    methods: dict[tuple[bool, Any], str] = {}  # of the requests that wait for their response
    with open_log(path) as file:
        for number, raw in enumerate(lines_of(file), 1):
            if raw is None:
                yield _broken(number, TOO_LONG)
                continue
            text = raw.decode("utf-8", INVALID).lstrip("\ufeff").strip()
            prefix = _PREFIX.match(text)
            text = text[prefix.end() :] if prefix else text
            if not text.startswith("{"):
                continue
            try:
                value = json.loads(text)
            except (ValueError, RecursionError):
                ended = raw.endswith(b"\n")
                yield _broken(number, NOT_JSON if ended else CUT_OFF, last=not ended)
                continue
            yield _message(number, value, prefix[1] if prefix else None, methods)


def _message(line: int, value: Any, time: str | None, methods: dict[tuple[bool, Any], str]) -> Message:  # noqa: ANN401 - a JSON value
    kind = value.get("type") if isinstance(value, dict) else None
    match = _TYPE.fullmatch(kind) if isinstance(kind, str) else None
    message = value.get("message") if match else None
    if match is None or not isinstance(message, dict):
        return _broken(line, NO_MESSAGE)
    sent, number = match[1] == "send", message.get("id")
    asked = sent != (match[2] == "response"), number if isinstance(number, int | str) else None
    if match[2] == "response":
        method = methods.pop(asked, "")
    else:
        name = message.get("method")
        method = name if isinstance(name, str) else ""
        if match[2] == "request" and asked[1] is not None:
            methods[asked] = method
    stamp = value.get("timestamp")
    time_ms = stamp % DAY_MS if is_int(stamp) else time_of_day(time)
    arg = message.get("result" if match[2] == "response" else "params") if method in WANTED else None
    return Message(line, time_ms, sent, match[2], method, arg)


def _broken(line: int, why: str, *, last: bool = False) -> Message:
    return Message(line, None, False, "", "", broken=why, last=last)
