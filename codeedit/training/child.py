"""verl's trainer as a child, started with a mark that all of its processes inherit, and ended with them."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from codeedit.training.marked import MARK, end_marked


@dataclass(frozen=True, slots=True)
class Child:
    """The running trainer, and a guard that ends its processes should we be killed."""

    process: subprocess.Popen[bytes]
    guard: subprocess.Popen[bytes]
    mark: str

    @classmethod
    def run(cls, command: Sequence[str], environment: Mapping[str, str], log: Path) -> Child:
        """Start a command.

        Args:
            command: program and arguments.
            environment: variables beside the present ones.
            log: where all output is appended.
        """
        mark = uuid.uuid4().hex
        variables = {**os.environ, **environment, MARK: mark}
        for name in ("RAY_ADDRESS", "RAY_NAMESPACE"):  # the run has a Ray of its own
            variables.pop(name, None)
        guard = subprocess.Popen(
            [sys.executable, "-m", "codeedit.training.marked", mark],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        with log.open("ab") as output:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=variables,
                start_new_session=True,  # a Ctrl-C at the terminal is ours alone
            )
        return cls(process, guard, mark)

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        return self.process.poll()

    def end(self) -> None:
        """End all of the run's processes, and the guard."""
        end_marked(self.mark, reap=self.process.poll)
        self.process.wait()
        if self.guard.stdin:
            self.guard.stdin.close()
        self.guard.wait()
