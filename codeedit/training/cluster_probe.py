"""``python -m codeedit.training.cluster_probe ADDRESS PATH...``: what a cluster's nodes have, as JSON.

A program of its own, since the process that has joined a cluster stays a part of it.
"""

from __future__ import annotations

import json
import sys
from typing import Any


def _look(paths: list[str]) -> dict[str, Any]:
    """Run on a node."""
    import importlib.util
    from pathlib import Path

    missing = [name for name in ("verl", "codeedit") if importlib.util.find_spec(name) is None]
    if missing:
        return {"error": f"{missing[0]} is not installed there"}
    from codeedit.models import find_gpus
    from codeedit.training.verl_install import find_verl

    try:
        find_verl()
    except Exception as error:  # noqa: BLE001 - told to the user, whatever it is
        return {"error": str(error)}
    gpus = find_gpus()
    if gpus and importlib.util.find_spec("vllm") is None:
        return {"error": "vllm is not installed there: pip install 'codeedit[gpu]'"}
    return {
        "gpus": [[gpu.name, gpu.memory] for gpu in gpus],
        "unseen": [path for path in paths if not Path(path).exists()],
    }


class _Witness:
    """An actor: only for these do the nodes call back whoever has joined."""

    def speak(self) -> bool:
        """Return true."""
        return True


def main(address: str, paths: list[str]) -> None:
    """Ask each node, and print one line."""
    import ray
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    # Without the second, Ray hides all GPUs from a task that asks for none.
    variables = {"RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}
    ray.init(address=address, log_to_driver=False, runtime_env={"env_vars": variables}, logging_level="ERROR")
    witness = ray.remote(num_cpus=0)(_Witness).remote()
    look = ray.remote(num_cpus=0)(_look)
    nodes = []
    for node in ray.nodes():
        if node["Alive"]:
            place = NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
            entry = {"host": node["NodeManagerAddress"], "workers": int(node["Resources"].get("GPU", 0))}
            nodes.append((entry, look.options(scheduling_strategy=place).remote(paths)))
    answer = [entry | ray.get(future) for entry, future in nodes if entry["workers"]]
    try:
        ray.get(witness.speak.remote())
    except ray.exceptions.ActorDiedError:  # a node that shows no token is not listened to
        sys.exit("its nodes do without Ray's token: set RAY_AUTH_MODE=disabled here too")
    sys.stdout.write(json.dumps({"address": ray.get_runtime_context().gcs_address, "nodes": answer}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
