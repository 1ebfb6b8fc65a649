import json

from codeedit.cli.app import run
from codeedit.training import checks


def test_doctor_lists_every_check(capsys):
    run(["doctor", "--json"])
    names = {check["name"] for check in json.loads(capsys.readouterr().out)["checks"]}
    assert {"python", "glibc", "verl", "torch", "ray", "memory", "/dev/shm", "gpu", "cache"} <= names


def test_doctor_fails_where_training_cannot_work(monkeypatch, capsys):
    broken = checks.Check("verl", ok=False, found="missing", advice="install it")
    monkeypatch.setattr(checks, "run_checks", lambda: [broken])
    assert run(["doctor"]) == 1
    assert "FAIL  verl  missing  (install it)" in capsys.readouterr().out


def test_doctor_passes_with_a_mere_warning(monkeypatch, capsys):
    warning = checks.Check("ray", ok=False, found="9.9", advice="not tried", required=False)
    monkeypatch.setattr(checks, "run_checks", lambda: [warning])
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
