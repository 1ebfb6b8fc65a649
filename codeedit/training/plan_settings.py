"""verl's settings for a request: those of the profile, the algorithm, the machine and LoRA, in this order."""

from __future__ import annotations

from codeedit.models import Gpu, Limits, Sizes
from codeedit.models.resolve import is_small
from codeedit.pipeline.rewards import DEFAULT_REWARD, parse_reward
from codeedit.training import profile as profiles
from codeedit.training import sft
from codeedit.training.algorithms import Algorithm
from codeedit.training.fitting import fitting
from codeedit.training.lora import lora_settings, rollout_settings
from codeedit.training.memory import Load
from codeedit.training.platforms import CPU, first_load, settings_for
from codeedit.training.profile import Profile
from codeedit.training.request import Request
from codeedit.training.settings import Setting, flag
from codeedit.training.sft import SftProfile, Supervised


def choose_settings(
    request: Request,
    algorithm: Algorithm | Supervised,
    device: str,
    model: str,
    source: str,
    prompts: int,
    token_limits: Limits,
    sizes: Sizes | None,
) -> tuple[Profile | SftProfile, Profile | SftProfile, list[Setting]]:
    """Return the profile that is asked for, the one that fits the data, and the trainer's settings.

    Args:
        request: what the user asked for.
        algorithm: the one chosen.
        device: ``cpu`` or ``cuda``.
        model: as the user calls it.
        source: folder or hub name.
        prompts: how many there are to train on.
        token_limits: of prompt and response.
        sizes: of the model; None where they are not known.
    """
    small, on_cpu, gpus = is_small(model), device == CPU, request.gpus
    if isinstance(algorithm, Supervised):
        wanted = sft.TINY if small else sft.PAPER_SIZES
        fitted = wanted.fit(prompts)
        load = _fitting(sizes, sft.first_load(request.workers, token_limits, lora=request.lora), gpus)
        settings = [
            *fitted.settings(token_limits, request.steps or fitted.steps),
            *sft.settings_for(gpus, token_limits, load, on_cpu=on_cpu, source=source, seed=request.seed),
        ]
        if request.lora:
            settings += lora_settings(request.lora, "model", "optim", fitted.learning_rate)
        return wanted, fitted, settings
    asked = profiles.TINY if small else profiles.PAPER
    chosen = asked.fit(prompts)
    own = algorithm.verl_settings(rollouts=chosen.rollouts, response_tokens=token_limits.response)
    reference = any(setting.key.endswith(".use_kl_loss") and setting.value is True for setting in own)
    first = first_load(request.workers, token_limits, lora=request.lora, reference=reference)
    load = _fitting(sizes, first, gpus)
    settings = [
        *chosen.settings(token_limits, request.steps or chosen.steps),
        *own,
        *settings_for(device, gpus, token_limits, load, own_ray=request.cluster is None),
        *(request.cluster.settings() if request.cluster else ()),
        *([flag("trainer.nnodes", request.machines)] if request.machines > 1 else ()),
        flag("actor_rollout_ref.model.path", source),
        flag("data.seed", request.seed),
        flag("actor_rollout_ref.rollout.seed", request.seed),
    ]
    if request.lora:
        key = "actor_rollout_ref.actor.optim"
        settings += lora_settings(request.lora, "actor_rollout_ref.model", key, chosen.learning_rate)
        settings += rollout_settings(on_cpu=on_cpu)
    if str(reward := parse_reward(request.reward)) != DEFAULT_REWARD:
        settings.append(flag("+reward.custom_reward_function.reward_kwargs.reward", str(reward)))
    return asked, chosen, settings


def _fitting(sizes: Sizes | None, load: Load, gpus: tuple[Gpu, ...]) -> Load | None:
    return fitting(sizes, load, min(gpu.memory for gpu in gpus)) if sizes and gpus else None
