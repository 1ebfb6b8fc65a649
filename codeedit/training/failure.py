"""Why a run failed: the last cause in its log, in one line, or a full disk, of which the log cannot tell."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
# "(TaskRunnerV1 pid=12) " or "[rank0]: " before each line of a worker
_WORKER = re.compile(r"^(?:\((?:[\w:.]+ )?pid=\d+[^)]*\)|\[rank\d+\]:)\s?")
_ERROR = re.compile(
    r"^(?:[A-Za-z_][\w.]*\.)?([A-Z]\w*(?:Error|Exception|Exit|Interrupt)\b[^:]*|Exception(?=:))(?::\s*(.*))?$"
)
# What wraps or follows the cause.
_WRAPPERS = (
    "RayTaskError",
    "ActorDiedError",
    "RayActorError",
    "ChildFailedError",
    "SystemExit",
    "KeyboardInterrupt",
)
_LONGEST = 300  # characters
_FULL = 4 << 20  # bytes free, or less


@dataclass(frozen=True, slots=True)
class Cause:
    """One line of the log."""

    message: str
    line: int  # 1-based


def last_cause(log: Path, start: int = 0) -> Cause | None:
    """Return the last exception that a log names.

    Args:
        log: the file.
        start: byte from which this attempt's output begins.
    """
    data = log.read_bytes()
    first_line = data[:start].count(b"\n") + 1
    fallback = None
    lines = data[start:].decode("utf-8", "replace").splitlines()
    for number in range(len(lines) - 1, -1, -1):
        text = _WORKER.sub("", _ANSI.sub("", lines[number])).strip()
        match = _ERROR.match(text)
        if not match:
            continue
        cause = Cause(text[:_LONGEST], first_line + number)
        if not match[1].startswith(_WRAPPERS):
            return cause
        fallback = fallback or cause
    return fallback


def full_disk(folders: Iterable[Path]) -> Path | None:
    """Return the first of these folders whose disk is full: what was torn there has filled it to the end."""
    return next((folder for folder in folders if shutil.disk_usage(folder).free < _FULL), None)
