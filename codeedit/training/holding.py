"""One training at a time in a run's folder: a second would delete the checkpoint that the first writes."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from codeedit.errors import InputError
from codeedit.runs import Run
from codeedit.training.keeper import keep_rest

_PREFIX = ".start-"


@contextmanager
def held(run: Run) -> Iterator[Path]:
    """Hold a run, and yield a folder in it for this start's own files; after a kill the kernel lets go.

    Raises:
        InputError: another process trains it.
    """
    with (run.path / ".lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            hint = "wait for its end, or interrupt it there"
            raise InputError("this run is being trained already", where=str(run.path), hint=hint) from error
        except OSError:
            pass  # a file system without locks
        for old in run.path.glob(f"{_PREFIX}*"):  # of starts that were killed
            keep_rest(run, old)
            shutil.rmtree(old, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=run.path))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
