"""Sizes of a run: the paper's for real models, and small ones for ``tiny`` on a laptop's two cores."""

from __future__ import annotations

from dataclasses import dataclass, replace

from codeedit.models import Limits
from codeedit.training.settings import Origin, Setting

_ACTOR = "actor_rollout_ref.actor"
_ROLLOUT = "actor_rollout_ref.rollout"


@dataclass(frozen=True, slots=True)
class Profile:
    """How much of everything."""

    origin: Origin
    batch: int  # prompts of a step
    mini_batch: int  # prompts of an optimizer step
    learning_rate: float
    warmup_steps: int
    epochs: int
    steps: int | None  # where epochs do not decide
    save_every: int  # steps
    validate_every: int  # steps; a multiple of save_every
    validation_rows: int  # of the test split
    checkpoints: int  # kept for resuming
    rollouts: int = 8  # G
    train_rows: int | None = None  # most prompts to build, unless the steps need more; None: all

    def fit(self, prompts: int) -> Profile:
        """Return the profile with a batch that so few prompts can fill."""
        batch = min(self.batch, prompts)
        mini_batch = min(self.mini_batch, batch)
        return replace(self, batch=batch - batch % mini_batch, mini_batch=mini_batch)

    def rows_to_train(self, tasks: int, steps: int) -> int:
        """Return how many of so many tasks to build prompts of, for so many steps."""
        return min(tasks, max(self.train_rows or tasks, steps * self.batch))

    def settings(self, limits: Limits, steps: int | None) -> list[Setting]:
        """Return verl's settings.

        Args:
            limits: tokens of prompt and response.
            steps: of the whole run; None: as many as the epochs have.
        """

        def own(key: str, value: float | None) -> Setting:
            return Setting(key, value, self.origin)

        return [
            own("data.max_prompt_length", limits.prompt),
            own("data.max_response_length", limits.response),
            own("data.train_batch_size", self.batch),
            own(f"{_ACTOR}.ppo_mini_batch_size", self.mini_batch),
            own(f"{_ACTOR}.optim.lr", self.learning_rate),
            own(f"{_ACTOR}.optim.lr_warmup_steps", self.warmup_steps),
            Setting(f"{_ACTOR}.optim.weight_decay", 0.1, Origin.PAPER),
            Setting(f"{_ACTOR}.entropy_coeff", 0, Origin.PAPER),
            Setting(f"{_ROLLOUT}.temperature", 1.0, Origin.PAPER),
            Setting(f"{_ROLLOUT}.top_p", 1.0, Origin.PAPER),
            own("trainer.total_epochs", max(self.epochs, steps or 0)),  # an epoch has a step at least
            own("trainer.total_training_steps", steps),
            Setting("trainer.save_freq", self.save_every, Origin.CODEEDIT),
            Setting("trainer.test_freq", self.validate_every, Origin.CODEEDIT),
        ]


PAPER = Profile(
    Origin.PAPER,
    batch=512,
    mini_batch=32,
    learning_rate=1e-6,
    warmup_steps=10,
    epochs=10,
    steps=None,
    save_every=10,
    validate_every=20,
    validation_rows=512,
    checkpoints=2,
)
TINY = Profile(
    Origin.CODEEDIT,
    batch=8,
    mini_batch=8,
    learning_rate=2e-4,
    warmup_steps=5,
    epochs=1,
    steps=20,
    save_every=5,
    validate_every=10,
    validation_rows=64,
    checkpoints=2,
    train_rows=256,
)
