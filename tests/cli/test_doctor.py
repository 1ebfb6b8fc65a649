import json
from types import SimpleNamespace

import pytest

from codeedit.cli.app import run
from codeedit.models import Gpu
from codeedit.training import checks


def test_doctor_lists_every_check(capsys):
    run(["doctor", "--json"])
    names = {check["name"] for check in json.loads(capsys.readouterr().out)["checks"]}
    assert {"python", "glibc", "verl", "torch", "ray", "memory", "/dev/shm", "gpu", "cache"} <= names


def test_doctor_fails_where_training_cannot_work(monkeypatch, capsys):
    broken = checks.Check("verl", ok=False, found="missing", advice="install it")
    monkeypatch.setattr(checks, "run_checks", lambda _: [broken])
    assert run(["doctor"]) == 1
    assert "FAIL  verl  missing  (install it)" in capsys.readouterr().out


def test_doctor_passes_with_a_mere_warning(monkeypatch, capsys):
    warning = checks.Check("ray", ok=False, found="9.9", advice="not tried", required=False)
    monkeypatch.setattr(checks, "run_checks", lambda _: [warning])
    assert run(["doctor"]) == 0
    assert "warn  ray" in capsys.readouterr().out


def test_a_missing_package_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr(checks, "_version", lambda _: None)
    found = {check.name: check for check in checks.run_checks()}
    assert not found["verl"].ok
    assert "pip install" in found["torch"].advice


def test_an_untried_version_is_a_warning_only(monkeypatch):
    monkeypatch.setattr(checks, "_version", lambda name: "0.9.1" if name == "verl" else "99.0")
    found = {check.name: check for check in checks.run_checks()}
    assert not found["torch"].ok
    assert not found["torch"].required


def test_models_are_listed_with_what_fits_a_machine(capsys):
    assert run(["doctor", "--models", "--gpus", "1x24", "--json"]) == 0
    models = json.loads(capsys.readouterr().out)["models"]
    assert len(models) == 10
    assert models["qwen2.5-coder-7b"]["fits"] == {"all": False, "lora": True}
    assert models["mistral-7b-v0.3"]["chat"]["stops"] == ["</s>"]
    assert models["tiny"]["fits"] == {}


def test_models_are_listed_without_a_gpu_too(monkeypatch, capsys):
    monkeypatch.setattr("codeedit.models.find_gpus", tuple)
    assert run(["doctor", "--models"]) == 0
    assert "qwen3-8b" in capsys.readouterr().out


def test_gpus_go_with_models(capsys):
    assert run(["doctor", "--gpus", "1x24"]) == 2
    assert "--gpus goes with --models" in capsys.readouterr().err


def test_no_data_set_yet_is_no_fault(tmp_path):
    found = {check.name: check for check in checks.run_checks(tmp_path / "data")}
    assert found["data"].ok
    assert "codeedit ingest" in found["data"].advice


def test_a_torn_data_set_fails(tmp_path):
    (tmp_path / "train-00000.parquet").write_bytes(b"PAR1")
    found = {check.name: check for check in checks.run_checks(tmp_path)}
    assert not found["data"].ok
    assert "train-00000.parquet" in found["data"].found


def test_an_empty_data_folder_fails(tmp_path):
    assert not {check.name: check for check in checks.run_checks(tmp_path)}["data"].ok


def test_with_vllm_its_own_torch_is_wanted(monkeypatch):
    versions = {"vllm": "0.24.0", "torch": "2.13.0", "verl": "0.9.1"}
    monkeypatch.setattr(checks, "_version", versions.get)
    found = {check.name: check for check in checks.stack_checks()}
    assert found["vllm"].ok
    assert "2.11" in found["torch"].advice


@pytest.mark.parametrize(("text", "ok"), [("", False), ("AutoModelForCausalLMWithValueHead", True)])
def test_a_trl_that_verl_cannot_use_fails(tmp_path, monkeypatch, text, ok):
    (tmp_path / "trl").mkdir()
    (tmp_path / "trl/__init__.py").write_text(f"# {text}\n")
    monkeypatch.syspath_prepend(tmp_path)
    found = {check.name: check for check in checks.stack_checks()}["trl"]
    assert (found.ok, found.required) == (ok, True)


@pytest.mark.parametrize(("gpus", "required"), [((), False), ((Gpu("some", 80 << 30),), True)])
def test_little_shared_memory_is_a_fault_only_beside_a_gpu(monkeypatch, gpus, required):
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    monkeypatch.setattr(checks, "find_gpus", lambda: gpus)
    found = next(check for check in checks.run_checks() if check.name == "/dev/shm")
    assert (found.ok, found.required) == (False, required)
