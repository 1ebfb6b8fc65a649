"""All engines give the same files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from codeedit.errors import CodeEditError, MissingDependencyError
from codeedit.pipeline.ingest.engines import ray as ray_engine
from codeedit.pipeline.ingest.session_stage import shares

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.slow
def test_ray_gives_the_same_files_as_local_processes(tmp_path):
    pytest.importorskip("ray")
    shutil.copytree(ROOT / "examples" / "logs", tmp_path / "logs")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    made = []
    for engine in ("local", "ray"):
        command = [sys.executable, "-m", "codeedit", "ingest", "logs", "--out", f"{engine}/data"]
        command += ["--key-file", "key", "--engine", engine, "--jobs", "2"]
        subprocess.run(command, cwd=tmp_path, env=environment, check=True, stdout=subprocess.DEVNULL)
        folder = tmp_path / engine / "data"
        made.append({file.name: file.read_bytes() for file in folder.iterdir() if file.name != "report.json"})
    assert len(made[0]) > 4
    assert made[0] == made[1]


def test_missing_ray_is_told_before_anything_is_read(monkeypatch):
    monkeypatch.setattr(ray_engine.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(MissingDependencyError, match="pip install") as caught:
        ray_engine.Ray().prepare()
    assert isinstance(caught.value, CodeEditError)


def test_an_error_on_a_worker_travels_without_its_text(monkeypatch):
    def fails(unit):
        raise ValueError("text of a log")

    monkeypatch.setattr(ray_engine, "work_through", fails)
    done = ray_engine._work({"unit": None})["done"]
    assert "ValueError" in done.failure
    assert "text of a log" not in done.failure


def test_a_large_log_is_shared_out_by_its_events_alone():
    parts = shares(3, [30_000] * 100)
    assert parts[0][0] == 3
    assert parts[-1][1] == 103
    assert all(one[1] == other[0] for one, other in pairwise(parts))
    assert 1 < len(parts) <= 15


def test_few_events_are_one_share():
    assert shares(5, [10, 20]) == [(5, 7)]
    assert shares(5, []) == []


def test_a_script_without_a_guard_may_use_several_processes(tmp_path):
    shutil.copytree(ROOT / "examples" / "logs", tmp_path / "logs", ignore=lambda _, names: sorted(names)[3:])
    (tmp_path / "script.py").write_text(
        "from codeedit.pipeline.ingest import ingest\nprint('tasks', ingest(['logs'], jobs=2).train)\n"
    )
    done = subprocess.run(
        [sys.executable, "script.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.count("tasks") == 1
    assert done.stderr == ""
