"""Ctrl-C, SIGTERM and a closed terminal, counted instead of obeyed."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Signals:
    """How many have come."""

    def __init__(self) -> None:
        self.count = 0
        self._new = threading.Event()

    def add(self) -> None:
        """Count one, and wake whoever waits."""
        self.count += 1
        self._new.set()

    def wait(self, seconds: float) -> None:
        """Wait so long, or until the next signal."""
        self._new.wait(seconds)
        self._new.clear()


@contextmanager
def caught_signals() -> Iterator[Signals]:
    """Count signals while this lasts."""
    signals = Signals()
    names = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {name: signal.signal(name, lambda *_: signals.add()) for name in names}
    try:
        yield signals
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
