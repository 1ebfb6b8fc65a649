"""One row of Zed's zeta data set as a task.

``input``, ``output`` and ``rejected`` are fenced excerpts of one file: a fence with the path, perhaps a
line ``<|start_of_file|>``, context, the editable region between its two marker lines, context, a fence.
An excerpt may hold fences of its own, so it is cut at its first and at its last line; the last fence
may be missing.  In ``rejected`` either region marker may be missing too, and the end marker may stand
within a line.  The cursor stands in ``input`` only.
Source: https://huggingface.co/datasets/zed-industries/zeta, read at the revision in ``zeta_files``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from codeedit.errors import InputError
from codeedit.eval.sets.base import EvalRow
from codeedit.eval.sets.events import parse_events
from codeedit.eval.sets.languages import language_of
from codeedit.pipeline.prompt_builder.markers import CURSOR, REGION_END, REGION_START
from codeedit.records import Origin, Task

START_OF_FILE = "<|start_of_file|>"
SOURCE = "zeta"
_FENCE = "```"


def parse_row(row: Mapping[str, Any], number: int, *, where: str) -> EvalRow:
    """Return a row's task, and its rejected answer where it has one.

    Args:
        row: the decoded JSON object.
        number: 0-based, in its file.
        where: the place that an error names.

    Raises:
        InputError: a field is missing or no string, or an excerpt is not of the form.
    """
    fields = {name: _text(row, name, where) for name in ("events", "input", "output")}
    path, before, original, after = _excerpt(fields["input"], f"{where}: input")
    _, _, edit, _ = _excerpt(fields["output"], f"{where}: output")
    if original.count(CURSOR) > 1:
        raise InputError("more than one cursor marker", where=f"{where}: input")
    cursor = original.find(CURSOR)
    original, edit = original.replace(CURSOR, ""), edit.replace(CURSOR, "")
    task = Task(
        id=_hash(*fields.values(), str(number)),
        source=SOURCE,
        session=f"{SOURCE}-{number}",
        project=SOURCE,
        path=path,
        language=language_of(path),
        origin=Origin.HUMAN,
        time_ms=0,
        code=before + original + after,
        edit_start=len(before),
        edit_end=len(before) + len(original),
        cursor=None if cursor < 0 else len(before) + cursor,
        history=parse_events(fields["events"], path=path),
        hint=None,
        edit=edit,
        no_change=edit == original,
    )
    rejected = row.get("rejected")
    return EvalRow(number, task, _rejected_region(rejected) if isinstance(rejected, str) else None)


def _text(row: Mapping[str, Any], name: str, where: str) -> str:
    value = row.get(name)
    if not isinstance(value, str):
        problem = "has no field" if name not in row else "has no text in its field"
        raise InputError(f"not a zeta row: it {problem} {name!r}", where=where)
    return value.replace("\r\n", "\n")


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x00".join((SOURCE, *parts)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _excerpt(text: str, where: str) -> tuple[str, str, str, str]:
    """Return the path, the text before the region, the region, and the text after it."""
    path, lines = _unfence(text)
    if path is None:
        raise InputError("an excerpt that does not begin with a fence and its path", where=where)
    starts = [at for at, line in enumerate(lines) if line == REGION_START]
    ends = [at for at, line in enumerate(lines) if line == REGION_END]
    if len(starts) != 1 or len(ends) != 1 or starts[0] > ends[0]:
        raise InputError("an excerpt needs one start and one end marker of the region", where=where)
    start, end = starts[0], ends[0]
    before = "".join(f"{line}\n" for line in lines[:start])
    after = "".join(f"\n{line}" for line in lines[end + 1 :])
    return path, before, "\n".join(lines[start + 1 : end]), after


def _unfence(text: str) -> tuple[str | None, list[str]]:
    """Return the path and the excerpt's lines, without fences and the start-of-file marker."""
    lines = text.split("\n")
    path = lines[0].removeprefix(_FENCE).strip() if lines[0].startswith(_FENCE) else None
    if path is not None:
        lines = lines[1:]
    last = next((at for at in reversed(range(len(lines))) if lines[at]), -1)
    if last >= 0 and lines[last] == _FENCE:
        lines = lines[:last]
    if lines and lines[0] == START_OF_FILE:
        lines = lines[1:]
    return path, lines


def _rejected_region(text: str) -> str | None:
    """Return the region, to the excerpt's beginning or end where a marker is missing; None without text."""
    if not text:
        return None
    _, lines = _unfence(text.replace("\r\n", "\n"))
    region = "\n".join(lines)
    if REGION_START in region:
        region = region.split(REGION_START, maxsplit=1)[1].removeprefix("\n")
    if REGION_END in region:  # not always on a line of its own
        region = region.split(REGION_END, maxsplit=1)[0].removesuffix("\n")
    return region.replace(CURSOR, "")
