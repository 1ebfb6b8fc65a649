"""Processes that carry a run's mark in their environment: found, and ended, nothing else.

Ray detaches some of its processes from the trainer's process group and its session, but all of them
inherit the environment.  As a program, ``python -m codeedit.training.marked MARK`` waits until its
standard input closes, which the kernel does when its parent dies of whatever, and ends what is left.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

MARK = "CODEEDIT_RUN_MARK"
_GRACE_SECONDS = 5.0


def marked_pids(mark: str) -> list[int]:
    """Return the living processes of a run."""
    needle = f"{MARK}={mark}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        with contextlib.suppress(OSError):  # gone, or another user's
            if needle in (entry / "environ").read_bytes().split(b"\0") and not _is_zombie(entry):
                found.append(int(entry.name))
    return found


def end_marked(mark: str, reap: Callable[[], object] = lambda: None) -> None:
    """End a run's processes: ask first, then kill what is left.

    Args:
        mark: the run's.
        reap: called again and again, to collect the dead children of the caller.
    """
    _signal(marked_pids(mark), signal.SIGTERM)
    deadline = time.monotonic() + _GRACE_SECONDS
    while time.monotonic() < deadline and marked_pids(mark):
        reap()
        time.sleep(0.1)
    for _ in range(3):  # more than once, for what was being started in the meantime
        _signal(marked_pids(mark), signal.SIGKILL)
        reap()
        time.sleep(0.05)


def _signal(pids: Sequence[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(OSError):
            os.kill(pid, number)


def _is_zombie(entry: Path) -> bool:
    return (entry / "stat").read_bytes().rpartition(b")")[2].split()[0] == b"Z"


if __name__ == "__main__":
    sys.stdin.buffer.read()
    end_marked(sys.argv[1])
