"""Whether this machine can train: versions that are known to work together, memory, and the rest."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

from codeedit.cache import cache_folder
from codeedit.errors import InputError, MissingDependencyError
from codeedit.models import find_gpus
from codeedit.pipeline.task_check import check_tasks
from codeedit.pipeline.task_table import SPLITS
from codeedit.training.verl_install import INSTALL_HINT, VERSION

_GB = 1_000_000_000
_GLIBC = (2, 28)  # torch's and ray's wheels
_SHARED_MEMORY = 0.6 * _GB  # Ray's object store on a CPU machine
_MEMORY = 6 * _GB  # a run of tiny takes 4 to 5
_DISK = 2 * _GB

# Package -> the versions that are known to work with the verl pinned here.
_KNOWN = {
    "torch": ("2.11", "2.13"),
    "transformers": ("5.9", "5.10"),
    "ray": ("2.",),
    "tensordict": ("0.10",),
    "peft": ("0.2",),
    "TransferQueue": ("0.1.1",),
    "rapidfuzz": ("",),
    "psutil": ("",),
}


# What vLLM brings or needs: verl's own extra pins these together.
_WITH_VLLM = {"vllm": ("0.24",), "torch": ("2.11",), "transformers": ("5.9",)}


_VALUE_HEAD = "AutoModelForCausalLMWithValueHead"


@dataclass(frozen=True, slots=True)
class Check:
    """One finding."""

    name: str
    ok: bool
    found: str
    advice: str = ""  # what to do where it is not ok, or what to know where it is
    required: bool = True  # whether training cannot work without it


def run_checks(data: Path = Path("data")) -> list[Check]:
    """Return all findings, in the order in which a person would mend them.

    Args:
        data: a data set's folder; not having one yet is no fault.
    """
    machine = [_accelerator(), _memory(), _shared_memory(), _disk(), _cache()]
    return [*stack_checks(), *machine, _data(data)]


def stack_checks() -> list[Check]:
    """Return what is found of Python and the packages that training is made of."""
    checks: list[Callable[[], Check]] = [_python, _glibc, _verl]
    known = _KNOWN | (_WITH_VLLM if _version("vllm") else {})
    return [*(check() for check in checks), *(_package(name, known[name]) for name in known), *_trl()]


def require_machine(device: str, *, own_ray: bool) -> None:
    """Raise for what would keep verl from starting on this machine.

    Args:
        device: ``cpu`` or ``cuda``.
        own_ray: whether a Ray is started here; on a CPU it does with little shared memory, only slower.

    Raises:
        MissingDependencyError: something required is not there.
    """
    checks = [_python(), _glibc()]
    if own_ray and device != "cpu":
        checks.append(_shared_memory())
    for check in checks:
        if not check.ok:
            raise MissingDependencyError(f"{check.name}: {check.found}", hint=check.advice)


def _python() -> Check:
    version = platform.python_version()
    ok = (3, 11) <= sys.version_info[:2] < (3, 13)
    return Check("python", ok, version, "" if ok else "verl needs Python 3.11 or 3.12: make a venv with one")


def _glibc() -> Check:
    name, version = platform.libc_ver()
    if name != "glibc":
        return Check("glibc", ok=False, found=name or "none", advice="train on a Linux with glibc")
    ok = tuple(int(part) for part in version.split(".")[:2]) >= _GLIBC
    wanted = ".".join(map(str, _GLIBC))
    return Check("glibc", ok, version, "" if ok else f"torch needs {wanted}: use a newer system or container")


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _verl() -> Check:
    version = _version("verl")
    return Check("verl", version == VERSION, version or "missing", "" if version == VERSION else INSTALL_HINT)


def _package(name: str, known: tuple[str, ...]) -> Check:
    version = _version(name)
    if version is None:
        return Check(name, ok=False, found="missing", advice=INSTALL_HINT)
    if version.startswith(known):
        return Check(name, ok=True, found=version)
    advice = f"not tried with verl {VERSION}; known to work: {', '.join(part + '*' for part in known)}"
    return Check(name, ok=False, found=version, advice=advice, required=False)


def _trl() -> list[Check]:
    """Look at trl, where it is installed: verl then imports a class from it that newer ones do not have."""
    spec = importlib.util.find_spec("trl")
    if spec is None or not spec.origin:
        return []
    package = Path(spec.origin).parent
    places = (package / "__init__.py", package / "experimental/ppo/__init__.py")
    if any(place.is_file() and _VALUE_HEAD in place.read_text(encoding="utf-8") for place in places):
        return [Check("trl", ok=True, found=_version("trl") or "unknown")]
    advice = f"verl imports {_VALUE_HEAD}, which this trl does not have: pip uninstall trl"
    return [Check("trl", ok=False, found=_version("trl") or "unknown", advice=advice)]


def _accelerator() -> Check:
    gpus = find_gpus()
    if not gpus:
        return Check(
            "gpu", ok=True, found="none", advice="the default model is tiny, which trains on the CPU"
        )
    listed = ", ".join(f"{gpu.name} {gpu.memory / _GB:.0f} GB" for gpu in gpus)
    vllm = _version("vllm")
    if vllm is None:
        return Check("gpu", ok=False, found=listed, advice="vllm is missing: pip install 'codeedit[gpu]'")
    return Check("gpu", ok=True, found=f"{listed}; vllm {vllm}")


def _memory() -> Check:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    free = _available_memory() or total
    ok = free >= _MEMORY
    advice = "" if ok else f"a run needs about {_MEMORY / _GB:.0f} GB: end other programs"
    return Check("memory", ok, f"{free / _GB:.1f} of {total / _GB:.1f} GB free", advice)


def _available_memory() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    values = dict(line.split(":", 1) for line in lines)
    return int(values["MemAvailable"].split()[0]) * 1024 if "MemAvailable" in values else None


def _free_space(name: str, folder: Path, wanted: float, advice: str) -> Check:
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return Check(name, ok=False, found="missing", advice=advice)
    ok = free >= wanted
    return Check(name, ok, f"{free / _GB:.1f} GB free", "" if ok else advice)


def _shared_memory() -> Check:
    advice = f"Ray needs {_SHARED_MEMORY / _GB} GB there: mount a larger one (docker run --shm-size=2g)"
    found = _free_space("/dev/shm", Path("/dev/shm"), _SHARED_MEMORY, advice)  # noqa: S108 - it is meant
    return found if find_gpus() else replace(found, required=False)  # on a CPU Ray does without, only slower


def _disk() -> Check:
    return _free_space(
        "disk", Path.cwd(), _DISK, f"checkpoints need {_DISK / _GB:.0f} GB and more: make room"
    )


def _cache() -> Check:
    folder = cache_folder()
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    ok = os.access(existing, os.W_OK)
    return Check(
        "cache", ok, str(folder), "" if ok else "not writable: set CODEEDIT_CACHE to a folder that is"
    )


def _data(folder: Path) -> Check:
    """Look at every row of a data set."""
    if not folder.is_dir():
        advice = "make a data set with: codeedit ingest LOGS"
        return Check("data", ok=True, found=f"none in {folder}", advice=advice)
    counts = {}
    try:
        for split in SPLITS:
            if any(folder.glob(f"{split}-*.parquet")):
                counts[split] = check_tasks(folder, split)
    except InputError as error:
        return Check("data", ok=False, found=f"{error.where}: {error.message}", advice=error.hint)
    if not counts.get("train"):
        return Check("data", ok=False, found=f"no training tasks in {folder}", advice="ingest more logs")
    return Check("data", ok=True, found=", ".join(f"{count} {split}" for split, count in counts.items()))
