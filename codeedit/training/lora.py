"""LoRA (arXiv 2106.09685) through verl: the weights are frozen, and small matrices beside them are trained.

All linear layers get one, since attention alone learns less, and alpha is 32 whatever the rank, which makes
the best learning rate nearly independent of it: about ten times that of full training, for RL too
(Schulman et al., LoRA Without Regret, 2025).  A reference model costs nothing: it is the model without its
adapter.

On GPUs vLLM serves the adapter beside the frozen weights, which it must read from the files itself.  On a CPU
the rollout gets merged weights.  What a run leaves in ``best`` and ``last`` is merged: see ``merging``.
"""

from __future__ import annotations

from codeedit.training.settings import Setting, flag, ours

ALPHA = 32
LEARNING_RATE = 10  # times that of full training


def lora_settings(rank: int, model: str, optimizer: str, learning_rate: float) -> list[Setting]:
    """Return the settings that both of verl's trainers have.

    Args:
        rank: of the trained matrices.
        model: the key of the model in verl's configuration.
        optimizer: the key of the optimizer.
        learning_rate: of full training.
    """
    return [
        flag(f"{model}.lora_rank", rank),
        ours(f"{model}.lora_alpha", ALPHA),
        ours(f"{model}.target_modules", "all-linear"),
        ours(f"{optimizer}.lr", float(f"{learning_rate * LEARNING_RATE:.6g}")),
    ]


def rollout_settings(*, on_cpu: bool) -> list[Setting]:
    """Return how the rollout gets what was trained."""
    if on_cpu:
        return [ours("actor_rollout_ref.model.lora.merge", value=True)]
    return [ours("actor_rollout_ref.rollout.load_format", "safetensors")]
