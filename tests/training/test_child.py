"""A run's processes end with it, and no others do."""

import os
import signal
import subprocess
import sys
import time

import pytest

from codeedit.training.child import Child
from codeedit.training.marked import marked_pids

# Starts a grandchild in a session of its own that ignores SIGTERM, as the worst of Ray's may.
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(600)
"""
FAMILY = (
    "import subprocess,sys,time\n"
    f"command = [sys.executable, '-c', {STUBBORN!r}]\n"
    "child = subprocess.Popen(command, start_new_session=True, stdout=subprocess.PIPE)\n"
    "child.stdout.readline()\nprint('ready', flush=True)\ntime.sleep(600)"
)
PARENT = (
    "import sys,time\nfrom pathlib import Path\nfrom codeedit.training.child import Child\n"
    "child = Child.run([sys.executable, '-c', sys.argv[1]], {}, Path(sys.argv[2]))\n"
    "print(child.mark, flush=True)\ntime.sleep(600)"
)


def wait_until(condition, seconds=30.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


@pytest.fixture
def child(tmp_path):
    child = Child.run([sys.executable, "-c", FAMILY], {"MY_SETTING": "1"}, tmp_path / "log")
    wait_until(lambda: (tmp_path / "log").read_bytes() == b"ready\n")
    yield child
    child.end()


def test_end_leaves_nothing_of_the_run(child):
    assert len(marked_pids(child.mark)) == 2
    child.end()
    assert marked_pids(child.mark) == []
    assert child.guard.returncode == 0


def test_other_processes_are_left_alone(child):
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    child.end()
    assert other.poll() is None
    other.kill()
    other.wait()


def test_the_run_ends_when_codeedit_is_killed(tmp_path):
    command = [sys.executable, "-c", PARENT, FAMILY, str(tmp_path / "log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        mark = parent.stdout.readline().strip()
        wait_until(lambda: len(marked_pids(mark)) == 2)
        os.kill(parent.pid, signal.SIGKILL)
        wait_until(lambda: marked_pids(mark) == [])


def test_a_ray_of_the_surroundings_is_not_joined(tmp_path, monkeypatch):
    monkeypatch.setenv("RAY_ADDRESS", "somewhere:6379")
    code = "import os; print('RAY_ADDRESS' in os.environ)"
    child = Child.run([sys.executable, "-c", code], {}, tmp_path / "log")
    wait_until(lambda: child.poll() is not None)
    child.end()
    assert (tmp_path / "log").read_text() == "False\n"
