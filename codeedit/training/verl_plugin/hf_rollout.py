"""The ``hf`` rollout's two ends in verl: the replica that starts servers, the adapter that sends weights."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
import torch.distributed
from verl.workers.rollout.base import BaseRollout
from verl.workers.rollout.replica import RolloutReplica

from codeedit.training.verl_plugin.hf_server import HFServer


def _server_name(replica: int) -> str:
    return f"codeedit_hf_server_{replica}"


class HFReplica(RolloutReplica):  # type: ignore[misc]
    """One server per replica; it takes no worker's place."""

    async def launch_servers(self) -> None:
        """Start the server and wait until its model is loaded."""
        import ray

        name = _server_name(self.replica_rank)
        actor = ray.remote(HFServer).options(name=name, max_concurrency=self.max_concurrency)
        server = actor.remote(
            self.model_config.path,
            self.config.response_length,
            self.config.max_num_seqs,
            # Replicas must not draw the same tokens for the same prompt.
            self.config.seed + 1_000_003 * self.replica_rank,
        )
        await server.ready.remote()
        self.servers = [server]
        self._server_handle = server
        self._server_address = name


class HFRolloutAdapter(BaseRollout):  # type: ignore[misc]
    """Lives in each trainer worker, and hands the weights to the server of its replica."""

    async def update_weights(
        self,
        weights: Iterable[tuple[str, torch.Tensor]],
        wire_format: str = "named_tensors",
        global_steps: int | None = None,
        **_: Any,  # noqa: ANN401
    ) -> None:
        """Send all weights through Ray's object store.

        Raises:
            ValueError: the weights come as differences, which this rollout does not take.
        """
        import ray

        if wire_format != "named_tensors":
            raise ValueError(f"the hf rollout takes named tensors, not {wire_format}")
        # Every rank draws from the generator: gathering a sharded tensor is a collective.
        state = {name: tensor.detach().cpu() for name, tensor in weights}
        rank = torch.distributed.get_rank()
        workers = (
            self.config.tensor_model_parallel_size
            * self.config.data_parallel_size
            * self.config.pipeline_model_parallel_size
        )
        if rank % workers == 0:
            server = ray.get_actor(_server_name(rank // workers))
            await server.load_weights.remote(state, global_steps)

    async def resume(self, tags: list[str]) -> None:
        """Do nothing: server and trainer each have their memory."""

    async def release(self) -> None:
        """Do nothing."""
