"""verl on a machine without an accelerator: the platform, the rollout, and the two patches.

The patches are all that is changed in other packages, and only in processes with VERL_PLATFORM=cpu:

1. ``torch.distributed.init_process_group``: verl asks for the backend ``cpu:gloo,<device>:<backend>``.
   With the device ``cpu`` that names ``cpu`` twice, which torch refuses.
2. ``torch.distributed.fsdp.CPUOffloadPolicy``: verl offloads the reference model through pinned memory,
   which only an accelerator's driver can give.
"""

from __future__ import annotations

import os
import resource
import types
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psutil
import torch
import torch.distributed
import torch.distributed.fsdp
from verl.plugin.platform import PlatformBase, PlatformRegistry

ROLLOUT = "hf"  # the rollout's name in verl's configuration


def register_cpu() -> None:
    """Register platform and rollout, and patch the two assumptions of an accelerator."""
    from verl.workers.rollout.base import _ROLLOUT_REGISTRY
    from verl.workers.rollout.replica import RolloutReplicaRegistry

    PlatformRegistry.register(platform="cpu")(CpuPlatform)
    # Loaders and dotted names: most processes never load the rollout itself.
    RolloutReplicaRegistry.register(ROLLOUT, _load_replica)
    _ROLLOUT_REGISTRY[ROLLOUT, "async"] = "codeedit.training.verl_plugin.hf_rollout.HFRolloutAdapter"
    # verl registers its FSDP engine for cuda and npu; its code asks the platform for the device.
    os.environ.setdefault("VERL_ENGINE_DEVICE", "cuda")
    _patch_process_group()
    _patch_offload()


def _load_replica() -> type:
    from codeedit.training.verl_plugin.hf_rollout import HFReplica

    return HFReplica


class CpuDevice(types.ModuleType):
    """``torch.cpu`` with the calls of ``torch.cuda`` that verl makes; memory is this process's own."""

    def __init__(self) -> None:
        super().__init__("codeedit_cpu_device")

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any attribute of torch.cpu
        return getattr(torch.cpu, name)

    @staticmethod
    def get_device_name(*_: object) -> str:
        """Return the name under which verl looks up the device's speed."""
        return "CPU"

    @staticmethod
    def memory_allocated(*_: object) -> int:
        """Return the resident memory in bytes."""
        return int(psutil.Process().memory_info().rss)

    @staticmethod
    def max_memory_allocated(*_: object) -> int:
        """Return the peak resident memory in bytes."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

    memory_reserved = memory_allocated
    max_memory_reserved = max_memory_allocated

    @staticmethod
    def mem_get_info(*_: object) -> tuple[int, int]:
        """Return free and total memory in bytes."""
        memory = psutil.virtual_memory()
        return int(memory.available), int(memory.total)

    @staticmethod
    def get_rng_state(*_: object) -> torch.Tensor:
        """Return the generator's state."""
        return torch.get_rng_state()

    @staticmethod
    def set_rng_state(state: torch.Tensor, *_: object) -> None:
        """Set the generator's state."""
        torch.set_rng_state(state)

    @staticmethod
    def empty_cache() -> None:
        """Do nothing: there is no cache."""

    ipc_collect = empty_cache


class CpuPlatform(PlatformBase):  # type: ignore[misc]
    """verl's view of the machine: one device per worker."""

    device_name = "cpu"
    vendor_name = "cpu"
    device_module = CpuDevice()

    def is_available(self) -> bool:
        """Return True."""
        return True

    def current_device(self) -> str:
        """Return what ``Tensor.to`` takes."""
        return "cpu"

    def device_count(self) -> int:
        """Return 1."""
        return 1

    def get_device_capability(self, device_index: int = 0) -> tuple[None, None]:  # noqa: ARG002
        """Return no compute capability."""
        return None, None

    def communication_backend_name(self) -> str:
        """Return torch's CPU backend."""
        return "gloo"

    def visible_devices_envvar(self) -> str:
        """Return the variable that would choose devices."""
        return "CUDA_VISIBLE_DEVICES"

    def ray_resource_name(self) -> str:
        """Return GPU: verl counts nothing else, so the run declares a logical one per worker."""
        return "GPU"

    def ray_noset_envvars(self) -> list[str]:
        """Return none."""
        return []

    def is_ipc_supported(self) -> bool:
        """Return False: weights go through Ray's object store."""
        return False

    def manual_seed(self, seed: int) -> None:
        """Seed torch."""
        torch.manual_seed(seed)

    manual_seed_all = manual_seed

    @contextmanager
    def nvtx_range(self, msg: str) -> Iterator[None]:  # noqa: ARG002
        """Mark nothing."""
        yield

    def set_device(self, device_index: int) -> None:
        """Do nothing."""

    def synchronize(self, device_index: int | None = None) -> None:
        """Do nothing: CPU work is done when it returns."""

    def set_allocator_settings(self, settings: str) -> None:
        """Do nothing."""

    def empty_cache(self) -> None:
        """Do nothing."""

    def profiler_start(self) -> None:
        """Do nothing."""

    def profiler_stop(self) -> None:
        """Do nothing."""

    def cudart(self) -> None:
        """Return none."""


def _patch_process_group() -> None:
    original = torch.distributed.init_process_group

    def init_process_group(backend: str | None = None, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        if backend and "," in backend:
            backend = ",".join(dict.fromkeys(backend.split(",")))
        original(backend, *args, **kwargs)

    torch.distributed.init_process_group = init_process_group


def _patch_offload() -> None:
    """Replace the class before ``verl.utils.fsdp_utils`` copies its name."""
    original = torch.distributed.fsdp.CPUOffloadPolicy

    class UnpinnedOffloadPolicy(original):  # type: ignore[misc,valid-type]
        def __init__(self, *, pin_memory: bool = False) -> None:  # noqa: ARG002
            super().__init__(pin_memory=False)

    torch.distributed.fsdp.CPUOffloadPolicy = UnpinnedOffloadPolicy  # type: ignore[misc,assignment]
