"""What keeps a resolved run from starting, each in one line that says what to change.

verl finds most of it too, but minutes later and inside a worker.
"""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from codeedit.models import Sizes
from codeedit.training import loggers
from codeedit.training.memory import Estimate, Load, cpu_bytes
from codeedit.training.verl_config import lookup

_ACTOR, _ROLLOUT = "actor_rollout_ref.actor", "actor_rollout_ref.rollout"
_GB, _GIB = 1_000_000_000, 1 << 30


def config_problems(verl: Mapping[str, Any], prompts: int, sizes: Sizes | None) -> Iterator[str]:
    """Yield what is wrong with verl's configuration for so many prompts, whatever the machine.

    Args:
        verl: resolved, nested, of either trainer.
        prompts: to train on.
        sizes: of the model; None where they are not known.
    """
    config = dict(verl)
    names = config["trainer"]["logger"]
    yield from loggers.logger_problems([names] if isinstance(names, str) else names)
    batch = int(config["data"]["train_batch_size"])
    if batch > prompts:
        yield (
            f"data.train_batch_size is {batch}, but there are {prompts} prompts: "
            f"-- data.train_batch_size={prompts}"
        )
    workers = int(config["trainer"]["n_gpus_per_node"]) * int(config["trainer"]["nnodes"])
    if "engine" in config:
        if batch % workers:
            yield (
                f"{workers} workers cannot share {batch} examples: "
                f"-- data.train_batch_size={_multiple(batch, workers)}"
            )
    else:
        yield from _rollout_problems(config, batch, workers)
    yield from _length_problems(config, sizes)


def _rollout_problems(config: dict[str, Any], batch: int, workers: int) -> Iterator[str]:
    rollouts = int(lookup(config, f"{_ROLLOUT}.n"))
    mini = int(lookup(config, f"{_ACTOR}.ppo_mini_batch_size"))
    if mini > batch:
        yield (
            f"ppo_mini_batch_size is {mini}, more than data.train_batch_size, {batch}: "
            f"-- {_ACTOR}.ppo_mini_batch_size={batch}"
        )
    parallel = int(lookup(config, f"{_ACTOR}.fsdp_config.ulysses_sequence_parallel_size") or 1)
    shares = max(1, workers // parallel)
    if mini * rollouts % shares:
        fitting = next(size for size in range(mini, mini + shares + 1) if size * rollouts % shares == 0)
        yield (
            f"{shares} workers cannot share a mini-batch of {mini} prompts with {rollouts} rollouts: "
            f"-- {_ACTOR}.ppo_mini_batch_size={fitting}"
        )
    served = int(lookup(config, f"{_ROLLOUT}.tensor_model_parallel_size") or 1)
    served *= int(lookup(config, f"{_ROLLOUT}.data_parallel_size") or 1)
    served *= int(lookup(config, f"{_ROLLOUT}.pipeline_model_parallel_size") or 1)
    if workers % served:
        yield (
            f"{workers} workers cannot be split into rollout engines of {served}: "
            f"-- {_ROLLOUT}.tensor_model_parallel_size=1"
        )
    if not lookup(config, f"{_ACTOR}.use_dynamic_bsz"):
        if batch * rollouts % workers:
            yield (
                f"{workers} workers cannot share {batch} prompts with {rollouts} rollouts: "
                f"-- data.train_batch_size={_multiple(batch, workers)}"
            )
        if lookup(config, f"{_ACTOR}.ppo_micro_batch_size_per_gpu") is None:
            yield f"without dynamic batches verl needs -- {_ACTOR}.ppo_micro_batch_size_per_gpu=1"


def filled_up(verl: Mapping[str, Any]) -> str | None:
    """Return a note where verl fills each step up with empty answers, which cost time and teach nothing."""
    config = dict(verl)
    rollouts = lookup(config, f"{_ROLLOUT}.n")
    if not rollouts:
        return None
    workers = int(config["trainer"]["n_gpus_per_node"]) * int(config["trainer"]["nnodes"])
    mini = int(lookup(config, f"{_ACTOR}.ppo_mini_batch_size"))
    answers = int(config["data"]["train_batch_size"]) * int(rollouts)
    missing = -answers % math.lcm(workers, mini * int(rollouts))
    if not missing:
        return None
    return (
        f"verl adds {missing} empty answers to the {answers} of each step: "
        "data.train_batch_size is no multiple of ppo_mini_batch_size"
    )


def _length_problems(config: dict[str, Any], sizes: Sizes | None) -> Iterator[str]:
    data = config["data"]
    if "engine" in config:
        whole, response = int(data["max_length"]), None
    else:
        response = int(data["max_response_length"])
        whole = int(data["max_prompt_length"]) + response
    if sizes and whole > sizes.context:
        yield f"prompt and answer may have {whole} tokens, but the model was made for {sizes.context}"
    buffer = lookup(config, "reward.reward_kwargs.overlong_buffer_cfg")
    if response is not None and buffer and buffer["enable"] and buffer["len"] >= response:
        yield (
            f"the overlong buffer of {buffer['len']} tokens must be smaller than the response limit, "
            f"{response}: every answer would be penalized"
        )


def gpu_problems(found: Estimate, load: Load, host: int | None, gpus_per_node: int) -> Iterator[str]:
    """Yield what does not fit a machine with GPUs.

    Args:
        found: for each of its GPUs.
        load: the settings that it is for.
        host: bytes of its main memory; None where that is not known.
        gpus_per_node: how many GPUs share it.
    """
    if not found.fits:
        largest = found.largest
        what = f"{largest.name} needs about {largest.total / _GIB:.0f} GiB"
        if found.sequences == 0:
            what = "vLLM has no room for the KV cache of one answer"
        yield f"a GPU of {found.memory / _GIB:.0f} GiB is too small: {what}; {_advice(load)}"
    need = found.host * gpus_per_node
    if host is not None and need > host:
        yield (
            f"what leaves the GPUs needs about {need / _GB:.0f} GB of main memory, of {host / _GB:.0f} GB: "
            "train with --lora 32, or on more machines"
        )


def _advice(load: Load) -> str:
    """Say what to change: the settings chosen are the most saving ones already, unless the user's win."""
    if not load.lora:
        return "train with --lora 32, on more GPUs, or a smaller model"
    return "take more or larger GPUs, a smaller model, or shorter prompts: -- data.max_prompt_length=2048"


def cpu_problems(sizes: Sizes, load: Load, *, rollouts: bool) -> Iterator[str]:
    """Yield what does not fit this machine's main memory.

    Args:
        sizes: of the model.
        load: the settings.
        rollouts: whether answers are sampled.
    """
    need, have = cpu_bytes(sizes, load, rollouts=rollouts), main_memory()
    if need > have:
        yield (
            f"no GPU is in use here, and on a CPU this needs about {need / _GB:.0f} GB of memory, of "
            f"{have / _GB:.0f} GB: take a smaller model, or --model tiny"
        )


def disk_problems(need: int, folder: Path) -> Iterator[str]:
    """Yield what does not fit the disk that a folder is on, or will be."""
    place = next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.exists())
    free = shutil.disk_usage(place).free
    if need > free:
        yield (
            f"checkpoints need about {disk_size(need)}, and {folder} has {disk_size(free)} free: "
            "make room, or choose another disk with --out"
        )


def disk_size(size: int) -> str:
    """Return a number of bytes for people: 63 MB, 2.4 GB, 150 GB."""
    if size < _GB:
        return f"{size / 1e6:.0f} MB"
    return f"{size / _GB:.{0 if size >= 10 * _GB else 1}f} GB"


def main_memory() -> int:
    """Return the machine's memory in bytes."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _multiple(size: int, of: int) -> int:
    """Return the largest multiple that is no larger, or the smallest there is."""
    return max(of, size - size % of)
