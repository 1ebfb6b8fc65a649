"""Which GPUs there are, asked of the driver's own tool: importing torch for it takes seconds."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache

from codeedit.errors import InputError

_QUERY = ("--query-gpu=index,uuid,name,memory.total", "--format=csv,noheader,nounits")
_MIB, _GIB = 1024**2, 1024**3


@dataclass(frozen=True, slots=True)
class Gpu:
    """One GPU that this process may use."""

    name: str
    memory: int  # bytes


def parse_machine(text: str) -> tuple[Gpu, ...]:
    """Read a machine to plan for, such as ``8x80``: how many GPUs, and the GB that each is sold with.

    Raises:
        InputError: it says something else.
    """
    match = re.fullmatch(r"(?:(\d+)x)?(\d+)(?:GB)?", text.strip(), re.IGNORECASE)
    if not match or not int(match[2]) or match[1] == "0":
        raise InputError(f"not a number of GPUs: {text}", hint="write it as 8x80: eight of 80 GB")
    return (Gpu(f"a GPU of {match[2]} GB", int(match[2]) * _GIB),) * int(match[1] or 1)


@cache
def find_gpus() -> tuple[Gpu, ...]:
    """Return the NVIDIA GPUs that ``CUDA_VISIBLE_DEVICES`` leaves visible; none without a driver."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return ()
    try:
        listed = subprocess.run(
            [tool, *_QUERY], capture_output=True, text=True, timeout=20, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ()
    return parse_listing(listed, os.environ.get("CUDA_VISIBLE_DEVICES"))


def parse_listing(listed: str, visible: str | None) -> tuple[Gpu, ...]:
    """Read ``nvidia-smi``'s lines (index, uuid, name, MiB).

    Args:
        listed: the tool's output.
        visible: the value of ``CUDA_VISIBLE_DEVICES``: indices or UUIDs; None where it is not set.
    """
    gpus: dict[str, Gpu] = {}
    for line in listed.splitlines():
        fields = [part.strip() for part in line.split(",")]
        if len(fields) == 4 and fields[3].isdecimal():
            gpu = Gpu(fields[2], int(fields[3]) * _MIB)
            gpus[fields[0]] = gpus[fields[1]] = gpu
    if visible is None:
        return tuple(gpu for name, gpu in gpus.items() if name.isdecimal())
    return tuple(gpus[name.strip()] for name in visible.split(",") if name.strip() in gpus)
