"""This machine's processes."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Final

from codeedit.errors import CodeEditError
from codeedit.pipeline.ingest.session_stage import Done, Unit, work_through

_SMALL_BYTES: Final = 8_000_000  # of logs that one process reads sooner than several start
_AHEAD: Final = 4  # units that wait for each process


class Local:
    """One process for each core, or none beside this one where there is little to do."""

    name = "local"

    def prepare(self) -> None:
        """Nothing is needed."""

    def run(self, units: Sequence[Unit], jobs: int | None) -> Iterator[Done]:
        """Yield what became of each unit.

        Raises:
            CodeEditError: a process was killed.
        """
        jobs = min(jobs or _jobs(units), len(units))
        if jobs <= 1:
            yield from map(work_through, units)
            return
        yield from _in_processes(units, jobs)


def _jobs(units: Sequence[Unit]) -> int:
    size = 0
    for unit in units:
        try:
            size += unit.file.path.stat().st_size
        except OSError:
            continue
    return 1 if size < _SMALL_BYTES else os.cpu_count() or 1


def _in_processes(units: Sequence[Unit], jobs: int) -> Iterator[Done]:
    import multiprocessing
    from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
    from concurrent.futures.process import BrokenProcessPool

    context = multiprocessing.get_context("spawn")
    left = iter(units)
    running: set[Future[Done]] = set()
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(os.getpid(),))
    try:
        while True:
            while len(running) < _AHEAD * jobs and (unit := next(left, None)) is not None:
                with _main_hidden():
                    running.add(pool.submit(work_through, unit))
            if not running:
                break
            ended, running = wait(running, return_when=FIRST_COMPLETED)
            for future in ended:
                yield future.result()
    except BrokenProcessPool as error:
        hint = "there may be too little memory; run again to go on, with fewer --jobs"
        raise CodeEditError("a process was killed while it read the logs", hint=hint) from error
    except BaseException:
        for future in running:
            future.cancel()
        for process in multiprocessing.active_children():  # what they were at is not worth waiting for
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _main_hidden() -> Iterator[None]:
    """Keep new processes from running the caller's script again, which may call us without a guard.

    They would for what they are sent of it, and that is nothing.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _begin(parent: int) -> None:
    """Leave Ctrl-C to the parent, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)
