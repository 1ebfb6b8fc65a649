"""verl's loggers: what would keep them from starting."""

import pytest

from codeedit.training.loggers import LOGGERS, logger_problems


@pytest.fixture(autouse=True)
def no_login(monkeypatch, tmp_path):
    for name in ("WANDB_API_KEY", "WANDB_MODE", "WANDB_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    return tmp_path / "netrc"


def problems(*names, installed=True):
    return logger_problems(["file", *names], lambda _: installed or None)


def test_without_the_file_codeedit_sees_nothing():
    assert "lacks file" in logger_problems(["console"])[0]


@pytest.mark.parametrize("name", LOGGERS)
def test_a_missing_package_is_named(name):
    assert problems(name, installed=False) == [f"logger {name} needs a package: pip install {LOGGERS[name]}"]


def test_wandb_without_login_is_a_problem(no_login):
    assert "wandb login" in problems("wandb")[0]
    no_login.write_text("machine api.wandb.ai login user password made-up\n")
    no_login.chmod(0o600)
    assert problems("wandb") == []


@pytest.mark.parametrize(("name", "value"), [("WANDB_API_KEY", "made-up"), ("WANDB_MODE", "offline")])
def test_wandb_with_a_key_or_offline_is_well(name, value, monkeypatch):
    monkeypatch.setenv(name, value)
    assert problems("wandb") == []
