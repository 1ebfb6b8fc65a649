"""verl's two trainers: how each is started, and under which name its configuration is.

Both are started through a module of the plugin, which adds that they can be asked to save and end.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass

_LOCAL = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Trainer:
    """One of verl's programs."""

    module: str
    config: str  # in verl's trainer/config
    model_key: str  # of the model in it
    has_ray: bool

    def command(self, overrides: Sequence[str], workers: int) -> tuple[list[str], dict[str, str]]:
        """Return the command and its environment variables.

        Args:
            overrides: of verl's configuration.
            workers: processes that train together on this machine, where there is no Ray to start them.
        """
        run = [sys.executable, "-m"]
        if self.has_ray:
            return [*run, self.module, *overrides], {}
        if workers > 1:
            torchrun = ["torch.distributed.run", "--standalone", f"--nproc_per_node={workers}", "-m"]
            return [*run, *torchrun, self.module, *overrides], {}
        alone = {"RANK": "0", "LOCAL_RANK": "0", "WORLD_SIZE": "1", "LOCAL_WORLD_SIZE": "1"}
        return (
            [*run, self.module, *overrides],
            {**alone, "MASTER_ADDR": _LOCAL, "MASTER_PORT": str(_free_port())},
        )


RL = Trainer("codeedit.training.verl_plugin.main", "ppo_trainer", "actor_rollout_ref.model", has_ray=True)
SFT = Trainer("codeedit.training.verl_plugin.sft_main", "sft_trainer_engine", "model", has_ray=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_LOCAL, 0))
        port: int = probe.getsockname()[1]
        return port
