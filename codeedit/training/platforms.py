"""verl's settings for the machine: one CPU process with the ``hf`` rollout, or GPUs with vLLM."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import replace

from codeedit.models import Gpu, Limits
from codeedit.training.fitting import engine_settings
from codeedit.training.memory import Load
from codeedit.training.settings import Setting, ours

_ACTOR = "actor_rollout_ref.actor"
_REF = "actor_rollout_ref.ref"
_ROLLOUT = "actor_rollout_ref.rollout"
_MODEL = "actor_rollout_ref.model"
_RAY = "ray_kwargs.ray_init"

CPU, CUDA = "cpu", "cuda"
_OBJECT_STORE = 500_000_000  # bytes of shared memory, on a CPU machine
_GPU_ROOM = 40 << 30  # bytes; with less per GPU a model of unknown sizes leaves the card for rollouts
_FULL_PRECISION = {"param_dtype": "fp32", "reduce_dtype": "fp32", "buffer_dtype": "fp32"}

_MOST_THREADS = 8


def settings_for(
    device: str, gpus: tuple[Gpu, ...], limits: Limits, load: Load | None, *, own_ray: bool = True
) -> list[Setting]:
    """Return the settings that the machine asks for.

    Args:
        device: ``cpu`` or ``cuda``.
        gpus: what there is of them.
        limits: tokens of prompt and response.
        load: with which the model fits them; None where its sizes are not known.
        own_ray: whether the run starts a Ray of its own.
    """
    own = _cpu(limits) if device == CPU else _cuda(gpus, limits, load or _unknown(gpus, limits))
    return [*_both(), *own, *(ray_settings(device) if own_ray else ())]


def ray_settings(device: str) -> list[Setting]:
    """Return the settings of a Ray that the run starts; a cluster that is there has its own."""
    settings = [ours(f"+{_RAY}.include_dashboard", value=False)]
    if device == CPU:
        settings += [
            ours(f"{_RAY}.num_cpus", 16),  # about ten actors claim one each, and hardly use it
            ours(f"+{_RAY}.num_gpus", "${trainer.n_gpus_per_node}"),
            ours(f"+{_RAY}.object_store_memory", _OBJECT_STORE),
            ours(f"+{_RAY}._node_ip_address", "127.0.0.1"),
        ]
    return settings


def environment(device: str, *, own_ray: bool = True) -> dict[str, str]:
    """Return the environment variables of verl's processes.

    Args:
        device: ``cpu`` or ``cuda``.
        own_ray: whether the run starts a Ray of its own.
    """
    variables = {
        "VERL_USE_EXTERNAL_MODULES": "codeedit.training.verl_plugin",
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_DEDUP_LOGS": "0",
        "HYDRA_FULL_ERROR": "1",
    }
    if device == CPU:
        threads = str(max(1, min(os.cpu_count() or 1, _MOST_THREADS)))
        variables |= {
            "VERL_PLATFORM": "cpu",
            # Ray sets one thread unless told; threads that spin take the cores from other processes.
            "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", threads),
            "OMP_WAIT_POLICY": "PASSIVE",
            # For verl's queue, whose tensors are small; with more than there are cores it warns each time.
            "TQ_NUM_THREADS": os.environ.get("TQ_NUM_THREADS", "1"),
        }
        if own_ray:
            variables |= {
                "RAY_worker_niceness": "0",  # Ray's 15 starves a run beside any other program
                "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # all ports on the loopback address
            }
    return variables


def _both() -> list[Setting]:
    return [
        ours("reward.custom_reward_function.path", "pkg://codeedit.training.reward"),
        ours("reward.custom_reward_function.name", "compute_score"),
        ours("trainer.checkpoint_callback_class", "codeedit.training.verl_plugin.checkpoints.MarkComplete"),
        ours(
            f"{_ACTOR}.checkpoint.save_contents",
            ["model", "optimizer", "extra", "hf_model"],
        ),
        ours(f"{_ACTOR}.checkpoint.load_contents", ["model", "optimizer", "extra"]),
        ours("trainer.v1.trainer_mode", "codeedit"),  # verl's synchronous one, which can be stopped
        ours("trainer.v1.sampler.custom_sampler.path", "pkg://codeedit.training.verl_plugin.replay_buffer"),
        ours("trainer.v1.sampler.custom_sampler.name", "PatientReplayBuffer"),
        ours("+trainer.v1.sampler.sampler_kwargs.filter_groups", "${algorithm.filter_groups}"),
        ours("+trainer.v1.sampler.sampler_kwargs.train_batch_size", "${data.train_batch_size}"),
        ours("+trainer.v1.sampler.sampler_kwargs.algorithm", "${algorithm}"),
        ours("algorithm.filter_groups.max_num_gen_batches", 10),
        ours("trainer.nnodes", 1),
        ours(f"{_ACTOR}.strategy", "fsdp2"),
        ours(f"{_REF}.strategy", "fsdp2"),
        ours(f"{_ACTOR}.use_dynamic_bsz", value=True),
    ]


def _cpu(limits: Limits) -> list[Setting]:
    return [
        ours("trainer.device", "cpu"),
        ours("trainer.n_gpus_per_node", 1),  # workers: verl counts a device for each
        ours(f"{_ROLLOUT}.name", "hf"),
        ours(f"{_ROLLOUT}.tensor_model_parallel_size", 1),
        ours(f"{_ROLLOUT}.agent.num_workers", 1),
        ours("reward.num_workers", 1),
        ours("transfer_queue.backend.SimpleStorage.num_data_storage_units", 1),
        ours("data.dataloader_num_workers", 0),
        ours("+trainer.v1.sampler.sampler_kwargs.poll_interval", 0.05),
        ours(f"{_MODEL}.use_remove_padding", value=False),
        ours(f"{_MODEL}.enable_gradient_checkpointing", value=False),
        ours(f"+{_MODEL}.override_config.attn_implementation", "sdpa"),
        ours(f"{_ACTOR}.use_torch_compile", value=False),
        ours(f"{_REF}.use_torch_compile", value=False),
        ours(f"{_ACTOR}.fsdp_config.use_torch_compile", value=False),
        ours(f"{_REF}.fsdp_config.use_torch_compile", value=False),
        # The default is bf16 under autocast, which a CPU computes slowly.
        ours(f"+{_ACTOR}.fsdp_config.mixed_precision", _FULL_PRECISION),
        ours(f"+{_REF}.fsdp_config.mixed_precision", _FULL_PRECISION),
        ours(f"{_ACTOR}.ppo_max_token_len_per_gpu", 8 * (limits.prompt + limits.response)),
    ]


def first_load(workers: int, limits: Limits, *, lora: int, reference: bool) -> Load:
    """Return what a step on GPUs is to be, if there is room for it.

    Args:
        workers: GPUs.
        limits: tokens of prompt and response.
        lora: rank; 0 for none.
        reference: whether there is a reference model.
    """
    sequence = limits.prompt + limits.response
    return Load(workers, 2 * sequence, sequence, lora=lora, reference=reference, rollout=0.5)


def _unknown(gpus: tuple[Gpu, ...], limits: Limits) -> Load:
    cramped = min(gpu.memory for gpu in gpus) < _GPU_ROOM
    load = first_load(len(gpus), limits, lora=0, reference=True)
    return replace(load, param_offload=cramped, optimizer_offload=cramped)


def _cuda(gpus: tuple[Gpu, ...], limits: Limits, load: Load) -> list[Setting]:
    flash = importlib.util.find_spec("flash_attn") is not None
    settings = [
        ours("trainer.device", "cuda"),
        ours("trainer.n_gpus_per_node", len(gpus)),
        ours(f"{_ROLLOUT}.name", "vllm"),
        ours(f"{_ROLLOUT}.tensor_model_parallel_size", load.tensor_parallel),
        ours(f"{_ROLLOUT}.gpu_memory_utilization", load.rollout),
        ours(f"{_ROLLOUT}.max_model_len", limits.prompt + limits.response),
        ours("+trainer.v1.sampler.sampler_kwargs.poll_interval", 0.2),
        ours(f"{_MODEL}.use_remove_padding", flash),
        ours(f"{_ACTOR}.ppo_max_token_len_per_gpu", load.tokens),
        *engine_settings(f"{_ACTOR}.fsdp_config", load),
        ours(f"{_REF}.fsdp_config.param_offload", load.reference_offload),
    ]
    if not flash:
        settings.append(ours(f"+{_MODEL}.override_config.attn_implementation", "sdpa"))
    return settings
