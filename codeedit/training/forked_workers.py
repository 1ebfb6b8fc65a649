"""Ray's worker processes as forks of one that has imported verl: nine imports of seconds each become one.

Ray starts a worker by an executable that can be set (``py_executable`` of its runtime environment).  Set to
this file, it asks a server for a fork, which has the worker's arguments, variables and output, and stays
until that one ends.  Where no server answers, it becomes the worker itself, as without all this.  The first
worker starts the server: Ray's library keeps some of a worker's variables from its import on.

    python -I forked_workers.py SOCKET WORKER.py ARGUMENT...     # what Ray starts; imports nothing of ours
    python -m codeedit.training.forked_workers SOCKET            # the server: imports, then forks
"""

import contextlib
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

_IMPORTED = ("verl.trainer.ppo.v1", "verl.workers.engine_workers", "transformers", "transfer_queue")
_START_SECONDS = 30.0  # until the server listens, which it does before its imports
_LARGEST = 1 << 20  # bytes of a request
_STANDARD = (0, 1, 2)  # file descriptors


def executable(path: Path) -> str:
    """Return the command that Ray takes instead of Python, for a server at this socket."""
    return f"{sys.executable} -I {Path(__file__)} {path}"


def _ask(path: str, arguments: list[str]) -> NoReturn:
    """Have a worker forked, hand on signals to it, and end as it ends."""
    request = {"arguments": arguments, "variables": dict(os.environ), "folder": str(Path.cwd())}
    try:
        connection = _connect(path)
        socket.send_fds(connection, [json.dumps(request).encode() + b"\n"], _STANDARD)
        answer = connection.makefile()
        worker = int(answer.readline())
    except (OSError, ValueError):  # no server, or one that has ended
        os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 - the worker itself

    def hand_on(number: int, _: FrameType | None) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker, number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, hand_on)
    sys.exit(int(answer.readline() or 1))


def _connect(path: str) -> socket.socket:
    """Connect to the server; start it where there is none."""
    with contextlib.suppress(FileExistsError):
        os.close(os.open(f"{path}.started", os.O_CREAT | os.O_EXCL))
        command = [sys.executable, "-m", "codeedit.training.forked_workers", path]
        subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + _START_SECONDS
    while True:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(path)
        except FileNotFoundError:  # not there yet
            connection.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return connection


def _serve(path: str) -> NoReturn:
    """Import what workers need, then fork one for each request, for ever."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path)
    listening.listen(64)  # who asks before the imports are done waits
    import_parts(_IMPORTED)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    while True:
        connection, _ = listening.accept()
        if os.fork() == 0:  # a process that waits for the worker, so that the server need not
            listening.close()
            _tend(connection)
        connection.close()
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                pass


def import_parts(names: Sequence[str]) -> None:
    """Import modules without drawing from Ray's random numbers, which all forks would then have in common.

    Ray seeds them with the first draw, and draws one for each class of actors that a module defines.  Two
    workers with the same numbers name their objects alike, and now and then one of them dies at its start.
    """
    from ray import actor

    ray_ids = actor.ActorClassID

    class SystemIds:
        @staticmethod
        def from_random() -> object:
            return ray_ids(os.urandom(ray_ids.size()))

    actor.ActorClassID = SystemIds
    try:
        for name in names:
            importlib.import_module(name)
    finally:
        actor.ActorClassID = ray_ids


def _tend(connection: socket.socket) -> NoReturn:
    """Fork the worker, say its process id, and at its end how it ended."""
    try:
        data, handles, _, _ = socket.recv_fds(connection, _LARGEST, len(_STANDARD))
        while not data.endswith(b"\n"):
            data += connection.recv(_LARGEST)
        request = json.loads(data)
        worker = os.fork()
        if worker == 0:
            connection.close()
            _become(request, handles)
        for handle in handles:
            os.close(handle)
        connection.sendall(f"{worker}\n".encode())
        _, status = os.waitpid(worker, 0)
        connection.sendall(f"{abs(os.waitstatus_to_exitcode(status))}\n".encode())
    finally:
        os._exit(0)


def _become(request: dict[str, object], handles: list[int]) -> NoReturn:
    """Run Ray's worker program in this fork, as if it had been started by itself."""
    import numpy as np
    from ray._raylet import Config  # type: ignore[attr-defined]

    code = 1
    try:
        for handle, standard in zip(handles, _STANDARD, strict=True):
            os.dup2(handle, standard)
            os.close(handle)
        os.environ.clear()
        os.environ.update(request["variables"])  # type: ignore[call-overload]
        os.chdir(str(request["folder"]))
        sys.argv = list(request["arguments"])  # type: ignore[call-overload]
        Config.initialize("")  # Ray has read its variables at its import
        np.random.seed()  # noqa: NPY002 - the global one, which all forks would share
        runpy.run_path(sys.argv[0], run_name="__main__")
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    if len(sys.argv) == 2:
        _serve(sys.argv[1])
    _ask(sys.argv[1], sys.argv[2:])
