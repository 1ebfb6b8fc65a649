"""Which checkpoints a run goes on from, and on which machines it starts at all."""

import json

import pytest

from codeedit.errors import InputError, MissingDependencyError
from codeedit.runs import Checkpoint
from codeedit.training import checks
from codeedit.training.checks import Check, require_machine
from codeedit.training.resume import require_same_model

SHAPE = {"model_type": "qwen2", "hidden_size": 128, "num_hidden_layers": 4, "vocab_size": 2000}


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({**SHAPE, "dtype": "float32"}))
    return folder


def checkpoint(tmp_path, *, workers=1, **shape):
    path = tmp_path / "global_step_5"
    (path / "actor/huggingface").mkdir(parents=True)
    (path / "actor/huggingface/config.json").write_text(json.dumps({**SHAPE, "dtype": "bfloat16", **shape}))
    for rank in range(workers):
        (path / f"actor/model_world_size_{workers}_rank_{rank}.pt").touch()
    return Checkpoint(5, path)


def test_a_checkpoint_of_the_runs_model_is_gone_on_from(tmp_path, source):
    require_same_model(checkpoint(tmp_path), source, 1)


def test_a_checkpoint_of_another_model_is_refused(tmp_path, source):
    point = checkpoint(tmp_path, hidden_size=256)
    with pytest.raises(InputError, match="another model's: hidden_size 256, not 128"):
        require_same_model(point, source, 1)


def test_a_checkpoint_of_other_workers_is_refused(tmp_path, source):
    with pytest.raises(InputError, match="divided among 2 workers, not 1"):
        require_same_model(checkpoint(tmp_path, workers=2), source, 1)


def test_a_model_of_the_hub_is_not_looked_at(tmp_path):
    require_same_model(checkpoint(tmp_path), tmp_path / "Qwen/Qwen2.5-Coder-3B-Instruct", 1)


def broken(monkeypatch, name):
    monkeypatch.setattr(checks, name, lambda: Check(name, ok=False, found="old", advice="take a newer one"))


@pytest.mark.parametrize("name", ["_python", "_glibc"])
def test_an_old_system_is_told_before_anything_starts(monkeypatch, name):
    broken(monkeypatch, name)
    with pytest.raises(MissingDependencyError, match=f"{name}: old; take a newer one"):
        require_machine("cpu", own_ray=True)


def test_little_shared_memory_is_told_where_ray_would_fail(monkeypatch):
    broken(monkeypatch, "_shared_memory")
    with pytest.raises(MissingDependencyError, match="_shared_memory: old"):
        require_machine("cuda", own_ray=True)
    require_machine("cuda", own_ray=False)
    require_machine("cpu", own_ray=True)
