"""The supervised warm start: verl's SFT trainer on the same prompts, with a perfect model's answers.

A model that never succeeds learns nothing from rewards: each group's rewards are equal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from codeedit.models import Gpu, Limits
from codeedit.training.fitting import engine_settings
from codeedit.training.memory import Load
from codeedit.training.settings import Origin, Setting, flag, ours
from codeedit.training.trainers import SFT, Trainer

NAME = "sft"
_FULL_PRECISION = {"param_dtype": "fp32", "reduce_dtype": "fp32", "buffer_dtype": "fp32"}


@dataclass(frozen=True, slots=True)
class Supervised:
    """The algorithm ``sft``; it has no options."""

    name: str = NAME
    about: str = "supervised fine-tuning on the true edits, as a warm start"
    trainer: Trainer = SFT

    def settings(self) -> dict[str, Any]:
        """Return the algorithm by name, for run.json and ``--json``."""
        return {"name": self.name}

    def warnings(self, group_size: int) -> list[str]:  # noqa: ARG002
        """Return nothing."""
        return []


@dataclass(frozen=True, slots=True)
class SftProfile:
    """How much of everything."""

    batch: int  # prompts of a step
    learning_rate: float
    warmup_steps: int
    epochs: int
    steps: int | None  # where epochs do not decide
    save_every: int  # steps
    validate_every: int  # steps; a multiple of save_every
    optimizer: tuple[str, str]  # module and class
    betas: list[float]
    learn_prompts: bool = False  # not only the answers
    validation_rows: int = 512  # of the test split
    checkpoints: int = 2  # kept for resuming

    def fit(self, prompts: int) -> SftProfile:
        """Return the profile with a batch that so few prompts can fill."""
        return replace(self, batch=min(self.batch, prompts))

    def rows_to_train(self, tasks: int, steps: int) -> int:  # noqa: ARG002 - as other profiles
        """Return how many of so many tasks to build prompts of: all."""
        return tasks

    def settings(self, limits: Limits, steps: int | None) -> list[Setting]:
        """Return verl's settings; see ``codeedit.training.profile``."""
        return [
            ours("data.max_length", limits.prompt + limits.response),
            ours("data.train_batch_size", self.batch),
            ours("optim.lr", self.learning_rate),
            ours("optim.lr_warmup_steps", self.warmup_steps),
            ours("optim.lr_scheduler_type", "cosine"),
            ours("optim.min_lr_ratio", 0.1),
            Setting("optim.weight_decay", 0.1, Origin.PAPER),
            ours("optim.optimizer_impl", self.optimizer[0]),
            ours("optim.optimizer", self.optimizer[1]),
            ours("optim.betas", self.betas),
            ours("+data.learn_prompts", value=self.learn_prompts),
            ours("trainer.total_epochs", max(self.epochs, steps or 0)),
            ours("trainer.total_training_steps", steps),
            ours("trainer.save_freq", self.save_every),
            ours("trainer.test_freq", self.validate_every),
        ]


PAPER_SIZES = SftProfile(
    batch=64,
    learning_rate=1e-5,
    warmup_steps=10,
    epochs=1,
    steps=None,
    save_every=50,
    validate_every=50,
    optimizer=("torch.optim", "AdamW"),
    betas=[0.9, 0.999],
)
# AdamW needs about five times the steps to bring so small a model to its first exact match.  To learn the
# prompts too is worth it: a model that knows no code yet learns from them what names and lines do.
TINY = SftProfile(
    batch=16,
    learning_rate=3e-3,
    warmup_steps=20,
    epochs=1,
    steps=400,
    save_every=100,
    validate_every=100,
    optimizer=("codeedit.training.verl_plugin.muon", "MuonAdamW"),
    betas=[0.9, 0.98],
    learn_prompts=True,
    validation_rows=64,
)


def first_load(workers: int, limits: Limits, *, lora: int) -> Load:
    """Return what a step on GPUs is to be, if there is room for it; see ``codeedit.training.platforms``."""
    sequence = limits.prompt + limits.response
    return Load(workers, 4 * sequence, sequence, lora=lora)


def settings_for(
    gpus: tuple[Gpu, ...], limits: Limits, load: Load | None, *, on_cpu: bool, source: str, seed: int
) -> list[Setting]:
    """Return the settings that do not depend on the profile.

    Args:
        gpus: what there is of them.
        limits: tokens of prompt and response.
        load: with which the model fits the GPUs; None where its sizes are not known.
        on_cpu: whether to train without them.
        source: folder or hub name of the model.
        seed: of the data order.
    """
    fits = load or first_load(len(gpus), limits, lora=0)
    settings = [
        ours("data.custom_cls.path", "pkg://codeedit.training.verl_plugin.sft_dataset"),
        ours("data.custom_cls.name", "AnsweredPrompts"),
        ours("data.num_workers", 0),
        ours("data.max_token_len_per_gpu", 16 * (limits.prompt + limits.response) if on_cpu else fits.tokens),
        ours("checkpoint.save_contents", ["model", "optimizer", "extra", "hf_model"]),
        ours("checkpoint.load_contents", ["model", "optimizer", "extra"]),
        ours("engine.strategy", "fsdp2"),
        ours("trainer.nnodes", 1),
        ours("trainer.n_gpus_per_node", 1 if on_cpu else len(gpus)),
        ours("trainer.device", "cpu" if on_cpu else "cuda"),
        flag("model.path", source),
        flag("engine.seed", seed),
    ]
    if on_cpu:
        settings += [
            ours("model.use_remove_padding", value=False),
            ours("model.enable_gradient_checkpointing", value=False),
            ours("+model.override_config.attn_implementation", "sdpa"),
            ours("engine.use_torch_compile", value=False),
            ours("+engine.mixed_precision", _FULL_PRECISION),
        ]
    else:
        settings += engine_settings("engine", fits)
    return settings
