"""One process at a time on a part of a lab: the same command in several terminals shares the runs out."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from codeedit.lab.train.lab_folder import Lab


@contextmanager
def claim(lab: Lab, part: str, wait: Callable[[], object] | None = None) -> Iterator[bool]:
    """Claim a part, and yield whether it is this process's; after a kill the kernel lets go.

    Args:
        lab: whose part it is.
        part: the name of a run, or of what all runs begin with.
        wait: called before waiting for the process that has it; without, nothing is waited for.
    """
    folder = lab.path / ".claims"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / part).open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if wait is None:
                yield False
                return
            wait()
            fcntl.flock(file, fcntl.LOCK_EX)
        except OSError:
            pass  # a file system without locks
        yield True
