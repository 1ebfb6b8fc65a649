"""Starts verl's reinforcement learning with the trainer that can be stopped: ``verl.trainer.main_ppo`` else.

verl's ``run_ppo`` takes a task runner "for recipes"; ours registers the trainer in the process that needs
it, as importing it everywhere would cost each of a run's processes seconds, and hands over to verl's.
"""

from __future__ import annotations

import logging
from typing import Any

import hydra
import ray
from verl.trainer.main_ppo import TaskRunnerV1, run_ppo
from verl.trainer.ppo.utils import need_critic, need_reference_policy
from verl.utils.config import validate_config
from verl.utils.device import auto_set_device

_LATE = "timed out during startup"  # Ray's words when a node is not up after 30 s, which cannot be set
_STARTS = 3
_log = logging.getLogger(__name__)


@ray.remote
class TaskRunner:
    """verl's task runner, in a process where the trainer is registered."""

    def run(self, config: Any) -> None:  # noqa: ANN401 - omegaconf's DictConfig
        """Train to the end."""
        from codeedit.training.verl_plugin import trainer  # noqa: F401 - registers

        TaskRunnerV1.__ray_actor_class__().run(config)


@hydra.main(  # type: ignore[untyped-decorator]
    config_path="pkg://verl.trainer.config", config_name="ppo_trainer", version_base=None
)
def main(config: Any) -> None:  # noqa: ANN401 - omegaconf's DictConfig
    """Do what ``verl.trainer.main_ppo`` does."""
    auto_set_device(config)
    validate_config(
        config=config,
        use_reference_policy=need_reference_policy(config),
        use_critic=need_critic(config),
    )
    run(config)


def run(config: Any) -> None:  # noqa: ANN401 - omegaconf's DictConfig
    """Train; where the machine is too busy for Ray to start in time, try again."""
    for left in reversed(range(_STARTS)):
        try:
            run_ppo(config, task_runner_class=TaskRunner)
        except Exception as error:
            if not left or ray.is_initialized() or _LATE not in str(error):
                raise
            _log.warning("Ray did not start in time, on a busy machine: once more")
        else:
            return


if __name__ == "__main__":
    main()
