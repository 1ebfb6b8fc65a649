"""A forked worker is as one that was started by itself."""

import importlib.util
import os
import signal
import subprocess
import sys
import time

import pytest

from codeedit.training.forked_workers import executable

pytestmark = pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="ray is not installed")
SERVER = """
import sys
from codeedit.training import forked_workers
forked_workers._IMPORTED = ("decimal",)
forked_workers._serve(sys.argv[1])
"""
WORKER = """
import os, sys, time
print("decimal" in sys.modules, sys.argv[1:], os.environ.get("OWN"), os.getcwd(), __name__, flush=True)
if "wait" in sys.argv:
    time.sleep(600)
sys.exit(int(sys.argv[-1]))
"""


@pytest.fixture
def worker(tmp_path):
    """Start the worker as Ray would."""
    program = tmp_path / "worker.py"
    program.write_text(WORKER)
    (tmp_path / "folder").mkdir()

    def start(*arguments):
        command = f"exec {executable(tmp_path / 'socket')} {program} {' '.join(arguments)}"
        return subprocess.Popen(
            ["bash", "-c", command],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "OWN": "value"},
            cwd=tmp_path / "folder",
        )

    return start


@pytest.fixture
def server(tmp_path):
    (tmp_path / "socket.started").touch()
    process = subprocess.Popen([sys.executable, "-c", SERVER, str(tmp_path / "socket")])
    deadline = time.monotonic() + 30
    while not (tmp_path / "socket").exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    yield process
    process.kill()
    process.wait()


@pytest.mark.usefixtures("server")
def test_a_fork_has_the_workers_arguments_variables_folder_and_output(worker, tmp_path):
    output, _ = worker("--some", "3").communicate(timeout=60)
    assert output == f"True ['--some', '3'] value {tmp_path}/folder __main__\n"


@pytest.mark.usefixtures("server")
def test_what_asked_for_a_fork_ends_as_it_does(worker):
    with worker("3") as process:
        assert process.wait(timeout=60) == 3


@pytest.mark.usefixtures("server")
def test_several_workers_live_at_a_time(worker):
    processes = [worker("wait", "0") for _ in range(3)]
    assert [process.stdout.readline().startswith("True") for process in processes] == [True] * 3
    for process in processes:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == signal.SIGTERM
        process.stdout.close()


def test_where_the_server_ends_the_worker_starts_by_itself(worker, server):
    server.kill()
    server.wait()
    with worker("4") as process:
        assert process.stdout.read().startswith("False ['4'] value")
        assert process.wait(timeout=60) == 4


DRAWS = """
import os, sys, warnings
warnings.simplefilter("ignore")
from codeedit.training.forked_workers import _IMPORTED, import_parts
import_parts(_IMPORTED)
from ray._raylet import ActorClassID, ObjectRef
import ray.actor
assert ray.actor.ActorClassID is ActorClassID
for _ in range(2):
    if os.fork() == 0:
        os.write(1, ObjectRef.from_random().hex().encode() + b"\\n")
        os._exit(0)
    os.wait()
"""


@pytest.mark.skipif(importlib.util.find_spec("verl") is None, reason="verl is not installed")
def test_forks_do_not_share_rays_random_numbers():
    done = subprocess.run([sys.executable, "-c", DRAWS], capture_output=True, text=True, check=True)
    first, second = done.stdout.split()[-2:]
    assert first != second
