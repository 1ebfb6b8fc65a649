"""verl's trainer as a child: started with a mark that all of its processes inherit, and ended with them.

Ray detaches some of its processes from the trainer's process group, so that a group is not enough: each
run's environment carries its own mark, and what bears that mark is ended, nothing else.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_MARK = "CODEEDIT_RUN_MARK"
_PR_SET_PDEATHSIG = 1
_GRACE_SECONDS = 5.0
_libc = ctypes.CDLL(None)


@dataclass(frozen=True, slots=True)
class Child:
    """The running trainer."""

    process: subprocess.Popen[bytes]
    mark: str

    @classmethod
    def start(cls, overrides: Sequence[str], environment: Mapping[str, str], log: Path) -> Child:
        """Start ``python -m verl.trainer.main_ppo``.

        Args:
            overrides: in hydra's grammar.
            environment: variables beside the present ones.
            log: where all output is appended.
        """
        mark = uuid.uuid4().hex
        variables = {**os.environ, **environment, _MARK: mark}
        for name in ("RAY_ADDRESS", "RAY_NAMESPACE"):  # the run has a Ray of its own
            variables.pop(name, None)
        with log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "verl.trainer.main_ppo", *overrides],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=variables,
                start_new_session=True,  # a Ctrl-C at the terminal is ours alone
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - one system call, and no threads here yet
            )
        return cls(process, mark)

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        return self.process.poll()

    def end(self) -> None:
        """End all of the run's processes: ask first, then kill what is left."""
        _signal(self._pids(), signal.SIGTERM)
        deadline = time.monotonic() + _GRACE_SECONDS
        while time.monotonic() < deadline and self._pids():
            self.process.poll()  # reaps it
            time.sleep(0.1)
        # Once more for what was being started in the meantime.
        for _ in range(3):
            _signal(self._pids(), signal.SIGKILL)
            self.process.poll()
            time.sleep(0.05)
        self.process.wait()

    def _pids(self) -> list[int]:
        needle = f"{_MARK}={self.mark}".encode()
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdecimal():
                continue
            with contextlib.suppress(OSError):  # gone, or another user's
                if needle in (entry / "environ").read_bytes().split(b"\0") and not _is_zombie(entry):
                    found.append(int(entry.name))
        return found


def _die_with_parent() -> None:
    """Have the kernel kill the trainer when we die of whatever; Ray's processes end with their driver."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _signal(pids: Sequence[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(OSError):
            os.kill(pid, number)


def _is_zombie(entry: Path) -> bool:
    return (entry / "stat").read_bytes().rpartition(b")")[2].split()[0] == b"Z"
