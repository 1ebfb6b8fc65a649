"""Where verl reports metrics besides the console and codeedit's own file."""

from __future__ import annotations

import importlib.util
import netrc
import os
from collections.abc import Callable, Sequence

from codeedit.registry import Registry

OWN = ("console", "file")  # codeedit reads the metrics from verl's file

# Logger -> the package that it needs.
LOGGERS: Registry[str] = Registry(
    "logger",
    {
        "tensorboard": "tensorboard",
        "wandb": "wandb",
        "mlflow": "mlflow",
        "swanlab": "swanlab",
        "clearml": "clearml",
        "trackio": "trackio",
    },
)
_WANDB_HOST = "api.wandb.ai"


def logger_problems(
    names: Sequence[str], find: Callable[[str], object] = importlib.util.find_spec
) -> list[str]:
    """Return what would end a run when verl starts these loggers, each with what to do.

    Args:
        names: as in ``trainer.logger``.
        find: returns None for a package that is not installed.
    """
    if "file" not in names:
        return ["trainer.logger lacks file, from which codeedit reads the metrics"]
    problems = [
        f"logger {name} needs a package: pip install {LOGGERS[name]}"
        for name in names
        if name in LOGGERS and find(LOGGERS[name]) is None
    ]
    if "wandb" in names and not problems and not _has_wandb_login():
        problems.append(
            "logger wandb is not logged in: run wandb login, or set WANDB_API_KEY or WANDB_MODE=offline"
        )
    return problems


def _has_wandb_login() -> bool:
    if os.environ.get("WANDB_API_KEY") or os.environ.get("WANDB_MODE") in {"offline", "disabled", "dryrun"}:
        return True
    host = os.environ.get("WANDB_BASE_URL", _WANDB_HOST).removeprefix("https://").removeprefix("http://")
    try:
        return netrc.netrc(os.environ.get("NETRC")).authenticators(host.strip("/")) is not None
    except (OSError, netrc.NetrcParseError):
        return False
