"""JSON records one after the other, from either of two shapes of file, in the face of damage.

- *lines*: a JSON object per line;
- *document*: one object with the records in an array, ``{"log": [{…}, …], …}``.

Each record comes with its line, so that one that does not parse can be named without being quoted.
The file may be packed.
A damaged document goes on at the next thing that looks like the beginning of a record.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from codeedit.pipeline.ingest.readers.fields import INVALID
from codeedit.pipeline.ingest.unpack import TOO_LONG, lines_of, open_log, whole

_ARRAY = re.compile(r'"log"\s*:\s*\[')
_KIND = re.compile(r'"kind"\s*:')
_RECORD = re.compile(r'\{\s*"(?:kind|documentType|id|time|data|v|edit|selection|content|contentId)"\s*:')
_BETWEEN = re.compile(r"[\s,]*")
_HEAD_BYTES: Final = 65_536
_DECODER: Final = json.JSONDecoder()
NOT_JSON: Final = "not JSON"
CUT_OFF: Final = "file ends in the middle"


@dataclass(frozen=True, slots=True)
class Record:
    """One JSON value of a log."""

    line: int  # 1-based, where it begins
    value: Any  # what it holds; ``None`` where it is broken
    broken: str = ""  # why it could not be parsed
    last: bool = False  # a broken one with nothing after it
    key: str = ""  # of a document: the key beside ``log`` that it stood under


def read_records(path: Path, beside: tuple[str, ...] = ()) -> Iterator[Record]:
    """Yield a file's records in order.

    Args:
        path: a file of either shape, UTF-8, with or without a BOM.
        beside: keys of a document whose value is to be yielded after the array's, with ``key`` set.

    Raises:
        OSError: the file cannot be read.
    """
    with open_log(path) as file:
        head = file.read(_HEAD_BYTES)
    with open_log(path) as file:
        if _is_document(head.decode("utf-8", INVALID)):
            yield from _of_document(whole(file).decode("utf-8", INVALID), beside)
        else:
            yield from _of_lines(file)


def _is_document(head: str) -> bool:
    """Whether the array of records begins before the first record does."""
    if head.lstrip("\ufeff \t\r\n").startswith("["):
        return True
    array, kind = _ARRAY.search(head), _KIND.search(head)
    return array is not None and (kind is None or array.start() < kind.start())


def _of_lines(lines: BinaryIO) -> Iterator[Record]:
    broken: Record | None = None
    for number, raw in enumerate(lines_of(lines), 1):
        if raw is None:
            if broken is not None:
                yield broken
            broken = Record(number, None, TOO_LONG)
            continue
        text = raw.decode("utf-8", INVALID).lstrip("\ufeff").strip()
        if not text:
            continue
        if broken is not None:
            yield broken
        broken = None
        try:
            yield Record(number, json.loads(text))
        except (ValueError, RecursionError):
            reason = NOT_JSON if raw.endswith(b"\n") else CUT_OFF
            broken = Record(number, None, reason)
    if broken is not None:
        yield Record(broken.line, None, broken.broken, last=True)


def _of_document(text: str, beside: tuple[str, ...]) -> Iterator[Record]:
    array = _ARRAY.search(text)
    at = array.end() if array else text.index("[") + 1
    head_end = array.start() if array else 0
    line, counted = 1, 0
    while True:
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at
        line, counted = line + text.count("\n", counted, at), at
        if at >= len(text):
            yield Record(line, None, CUT_OFF, last=True)
            return
        if text[at] == "]":
            break
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            following = _RECORD.search(text, at + 1)
            if following is None:
                yield Record(line, None, CUT_OFF, last=True)
                return
            yield Record(line, None, NOT_JSON)
            at = following.start()
        else:
            yield Record(line, value)
    yield from _beside(text, (0, head_end), at + 1, line, beside)


def _beside(
    text: str, head: tuple[int, int], tail: int, line: int, keys: tuple[str, ...]
) -> Iterator[Record]:
    for key in keys:
        pattern = re.compile(rf'"{key}"\s*:\s*')
        match = pattern.search(text, tail) or pattern.search(text, *head)
        if match is None:
            continue
        place = text.count("\n", 0, match.start()) + 1
        try:
            value, _ = _DECODER.raw_decode(text, match.end())
        except (ValueError, RecursionError):
            yield Record(place, None, NOT_JSON, last=True)
        else:
            yield Record(place, value, key=key)
    if not text.lstrip("\ufeff \t\r\n").startswith("[") and not text.rstrip().endswith("}"):
        yield Record(line + text.count("\n", tail), None, CUT_OFF, last=True)
