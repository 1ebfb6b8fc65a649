"""How much memory a run needs on each GPU, phase by phase, before anything is loaded.

Bytes per GPU, with P parameters, n workers that share them (FSDP2), w bytes an element (4 for fp32, 2 for
bf16), T tokens in a micro-batch, V the vocabulary, h the hidden size:

- weights w P / n, gradients w P / n, Adam's two moments 2 w P / n (ZeRO, arXiv 1910.02054, with FSDP2's
  masters in w).  With LoRA of L parameters: weights w (P + L) / n, gradients w L / n, moments 2 w L / n
  (2106.09685);
- gathered: what FSDP2 has whole at one time, in bf16: embedding and output layer, two layers, and, where they
  are trained, their gradients;
- activations: with checkpointing one bf16 input of each layer, 2 T h, and one layer's own (after 2205.05198,
  for a gated MLP and flash attention): 2 T (8 h + 2 queries + 4 keys + 4 intermediate);
- logits: 8 T V: bf16 logits, their log-softmax, its gradient and a temporary copy;
- vLLM: ``gpu_memory_utilization`` of the card while it rolls out: bf16 weights 2 P / tensor parallel, the
  KV cache, 4 layers kv_heads head_dim bytes a token, and 2 GiB of its own; asleep, 1 GiB stays;
- 1 GiB for CUDA and NCCL, and 5% of the card that fragments.

The phases of a step follow one another (verl's hybrid engine): ``update`` has the trainer's state and
activations, ``rollout`` vLLM beside what of the trainer is not offloaded, ``sync`` both weights,
``reference`` the reference model's (none with LoRA: the adapter is switched off for it).  The largest counts.
``offload_policy`` keeps the trainer's state in main memory; the two other offloads only make room for
rollouts.
An estimate, not a measurement: no GPU run has been compared with it yet.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from codeedit.models import Sizes
from codeedit.training.verl_config import lookup

_GIB = 1 << 30
_CONTEXT = 1 * _GIB
_ASLEEP = 1 * _GIB  # of vLLM: graphs and context
_VLLM_OWN = 2 * _GIB  # activations of 8,192 tokens, graphs, context
_USABLE = 0.95
_BYTES = {"fp32": 4, "float32": 4, "bf16": 2, "bfloat16": 2, "fp16": 2, "float16": 2}
_ACTOR, _ROLLOUT = "actor_rollout_ref.actor", "actor_rollout_ref.rollout"
_REFERENCE, _MODEL = "actor_rollout_ref.ref", "actor_rollout_ref.model"


@dataclass(frozen=True, slots=True)
class Load:
    """The settings that memory depends on."""

    workers: int  # that share the weights
    tokens: int  # of a micro-batch on one GPU
    sequence: int  # tokens of a prompt and its answer
    element: int = 4  # bytes of a trained weight
    lora: int = 0  # rank; 0: all weights are trained
    checkpointing: bool = True
    param_offload: bool = False
    optimizer_offload: bool = False
    offload_policy: bool = False
    reference: bool = False
    reference_offload: bool = True
    rollout: float = 0.0  # share of the card that vLLM takes; 0: there are no rollouts
    tensor_parallel: int = 1


@dataclass(frozen=True, slots=True)
class Phase:
    """What lies on a GPU at one time."""

    name: str
    parts: dict[str, int]  # bytes

    @property
    def total(self) -> int:
        """All of it, in bytes."""
        return sum(self.parts.values())


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run needs on a GPU of a size."""

    phases: tuple[Phase, ...]
    memory: int  # bytes of the GPU
    sequences: int | None  # whose KV cache fits at one time; None without rollouts
    host: int  # bytes of main memory for each GPU, for what is offloaded

    @property
    def largest(self) -> Phase:
        """The phase that needs the most."""
        return max(self.phases, key=lambda phase: phase.total)

    @property
    def fits(self) -> bool:
        """Whether all phases fit, and a sequence can be rolled out."""
        room = self.sequences is None or self.sequences >= 1
        return room and self.largest.total <= self.memory * _USABLE


def estimate(sizes: Sizes, load: Load, memory: int) -> Estimate:
    """Return what a run needs.

    Args:
        sizes: of the model.
        load: the settings.
        memory: bytes of one GPU.
    """
    trained = sizes.lora_parameters(load.lora) if load.lora else sizes.parameters
    every = sizes.parameters + (trained if load.lora else 0)
    weights, state = load.element * every // load.workers, load.element * trained // load.workers
    on_card = not load.offload_policy
    idle = {
        "weights": weights if on_card and not load.param_offload else 0,
        "optimizer": 2 * state if on_card and not load.optimizer_offload else 0,
    }
    asleep = {"vLLM asleep": _ASLEEP} if load.rollout else {}
    work = _work(sizes, load)
    phases = [
        Phase(
            "update",
            {
                "weights": weights if on_card else 0,
                "gradients": state if on_card else 0,
                "optimizer": 2 * state if on_card else 0,
                **work,
                **asleep,
                "CUDA": _CONTEXT,
            },
        )
    ]
    served = 2 * sizes.parameters // load.tensor_parallel
    host = (0 if on_card else weights + 3 * state) + (weights if on_card and load.param_offload else 0)
    host += 2 * state if on_card and load.optimizer_offload else 0
    if load.reference and not load.lora:
        kept = 4 * sizes.parameters // load.workers  # verl keeps it in fp32
        host += kept if load.reference_offload else 0
        if not load.reference_offload:
            idle = {**idle, "reference": kept}
            phases[0].parts["reference"] = kept
        forward = {"gathered": work["gathered"] // 2, "logits": work["logits"] // 2}
        resident = {**idle, "reference": kept}
        phases.append(Phase("reference", {**resident, **forward, **asleep, "CUDA": _CONTEXT}))
    if not load.rollout:
        return Estimate(tuple(phases), memory, None, host)
    host += served if load.lora else 0  # the weights that vLLM serves sleep there, others are sent anew
    share = int(load.rollout * memory)
    phases.append(Phase("rollout", {**idle, "vLLM": share, "CUDA": _CONTEXT}))
    largest = load.element * sizes.vocabulary * sizes.hidden
    synced = {**idle, "weights": weights if on_card else 0, "vLLM's weights": served, "one tensor": largest}
    phases.append(Phase("sync", {**synced, **asleep, "CUDA": _CONTEXT}))
    one = sizes.kv_bytes(load.sequence) // min(load.tensor_parallel, sizes.kv_heads)
    sequences = max(0, share - served - _VLLM_OWN) // one
    return Estimate(tuple(phases), memory, sequences, host)


def _work(sizes: Sizes, load: Load) -> dict[str, int]:
    """Return the bytes that an update needs beside the trainer's state."""
    outer, layer = sizes.outer_parameters, sizes.layer_parameters
    gathered = 2 * outer + 4 * layer
    if not load.lora:
        gathered += 2 * outer + 6 * layer
    queries, keys = sizes.heads * sizes.head_dim, sizes.kv_heads * sizes.head_dim
    inside = 2 * load.tokens * (8 * sizes.hidden + 2 * queries + 4 * keys + 4 * sizes.intermediate)
    inputs = 2 * load.tokens * sizes.hidden * sizes.layers
    activations = inputs + inside if load.checkpointing else inside * sizes.layers
    return {
        "gathered": gathered,
        "activations": activations,
        "logits": 8 * load.tokens * sizes.vocabulary,
    }


def load_of(verl: Mapping[str, Any]) -> Load:
    """Read the settings that memory depends on from verl's resolved configuration, of either trainer."""
    config = dict(verl)

    def get(key: str) -> Any:  # noqa: ANN401
        return lookup(config, key)

    sft = get("engine") is not None
    engine, model = ("engine", "model") if sft else (f"{_ACTOR}.fsdp_config", _MODEL)
    gpus = int(get("trainer.n_gpus_per_node")) * int(get("trainer.nnodes"))
    shared = int(get(f"{engine}.fsdp_size") or -1)
    common = Load(
        workers=shared if 0 < shared < gpus else gpus,
        tokens=0,
        sequence=0,
        element=_BYTES.get(str(get(f"{engine}.model_dtype")), 4),
        lora=int(get(f"{model}.lora_rank") or 0),
        checkpointing=bool(get(f"{model}.enable_gradient_checkpointing")),
        param_offload=bool(get(f"{engine}.param_offload")),
        optimizer_offload=bool(get(f"{engine}.optimizer_offload")),
        offload_policy=bool(get(f"{engine}.offload_policy")),
    )
    if sft:
        length = int(get("data.max_length"))
        return replace(common, sequence=length, tokens=max(length, int(get("data.max_token_len_per_gpu"))))
    sequence = int(get("data.max_prompt_length")) + int(get("data.max_response_length"))
    if get(f"{_ACTOR}.use_dynamic_bsz"):
        tokens = max(sequence, int(get(f"{_ACTOR}.ppo_max_token_len_per_gpu")))
    else:
        tokens = sequence * int(get(f"{_ACTOR}.ppo_micro_batch_size_per_gpu") or 1)
    return replace(
        common,
        sequence=sequence,
        tokens=tokens,
        reference=bool(get(f"{_ACTOR}.use_kl_loss") or get("algorithm.use_kl_in_reward")),
        reference_offload=bool(get(f"{_REFERENCE}.fsdp_config.param_offload")),
        rollout=float(get(f"{_ROLLOUT}.gpu_memory_utilization") or 0.0),
        tensor_parallel=int(get(f"{_ROLLOUT}.tensor_model_parallel_size") or 1),
    )


def checkpoint_bytes(sizes: Sizes, load: Load, contents: Collection[str]) -> tuple[int, int]:
    """Return the bytes on disk of one checkpoint, and of the Hugging Face folder in it.

    Args:
        sizes: of the model.
        load: the settings.
        contents: verl's ``save_contents``: the weights to go on from (``model``), two moments of each trained
            weight (``optimizer``), and the weights once more for transformers (``hf_model``).
    """
    adapter = sizes.lora_parameters(load.lora) if load.lora else 0
    weights = load.element * (sizes.parameters + adapter)
    trained = adapter if load.lora else sizes.parameters
    folder = weights if "hf_model" in contents else 0
    resumed = (weights if "model" in contents else 0) + (
        2 * load.element * trained if "optimizer" in contents else 0
    )
    return resumed + folder, folder


def cpu_bytes(sizes: Sizes, load: Load, *, rollouts: bool) -> int:
    """Return the main memory that a run on a CPU needs: all in fp32, with the rollout's copy."""
    trained = sizes.lora_parameters(load.lora) if load.lora else sizes.parameters
    copies = 1 + int(rollouts) + int(load.reference and not load.lora)
    return 4 * (copies * sizes.parameters + 3 * trained)
