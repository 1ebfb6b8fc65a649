"""A Ray cluster that was started by others: what it has, asked of its nodes before anything is trained."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeedit.errors import CodeEditError, InputError
from codeedit.models import Gpu
from codeedit.runs import Run
from codeedit.training.settings import Setting, flag
from codeedit.training.sft import NAME as SFT_NAME

ADDRESS = "+ray_kwargs.ray_init.address"  # verl's setting
LOCAL = "local"  # an address that means a Ray of the run's own
_AUTO = "auto"  # Ray's word for the cluster that this machine is a node of
_CONNECT_SECONDS = 5.0
_PROBE_SECONDS = 120.0  # a busy cluster was seen to take more than one minute
_ADDRESS_HINT = "give the address of its head: --ray-address HOST:PORT (see docs/cluster.md)"
_START_HINT = "start one with: ray start --head --port=6379; or train without one: --ray-address local"


@dataclass(frozen=True, slots=True)
class Cluster:
    """The part of a cluster that a run takes."""

    address: str  # HOST:PORT
    nodes: int
    workers: int  # per node: what Ray counts as GPUs there
    gpus: tuple[Gpu, ...]  # of a node; empty where those are declared only, and training is on CPUs

    def settings(self) -> list[Setting]:
        """Return verl's settings."""
        return [
            flag("trainer.nnodes", self.nodes),
            flag("trainer.n_gpus_per_node", self.workers),
            flag(ADDRESS, self.address),
        ]


def cluster_for(
    address: str | None, nodes: int | None, algorithm: str, paths: Sequence[Path]
) -> Cluster | None:
    """Return the cluster of a new run; None for a Ray of its own.

    Args:
        address: as given or of RAY_ADDRESS.
        nodes: as given.
        algorithm: its name.
        paths: what all nodes must see.

    Raises:
        InputError: nodes are asked for where there is no cluster, or a cluster for what trains without Ray.
        CodeEditError: the cluster cannot be used.
    """
    if algorithm == SFT_NAME:
        if nodes and nodes > 1:
            raise InputError("sft trains on one machine", where="--nodes", hint="leave it out")
        return None
    if address in (None, "", LOCAL):
        if nodes and nodes > 1:
            raise InputError(f"{nodes} nodes need a Ray cluster", where="--nodes", hint=_ADDRESS_HINT)
        return None
    assert address is not None
    return find_cluster(address, nodes, paths)


def cluster_of_run(run: Run, address: str | None, nodes: int | None) -> Cluster | None:
    """Return the cluster on which a run goes on; it takes as many nodes and workers as before.

    Raises:
        InputError: the cluster has fewer, or the flags contradict the run.
        CodeEditError: the cluster cannot be used.
    """
    settings = run.settings
    before = int(settings.get("nodes", 1))
    if nodes and nodes != before:
        message = f"--nodes {nodes} contradicts this run, which has {before}"
        raise InputError(message, where=str(run.path), hint="leave it out, or start a new run with --out")
    cluster = cluster_for(address, before, settings["algorithm"]["name"], [run.path])
    if cluster and cluster.workers < settings["workers"]:
        message = f"this run has {settings['workers']} workers a node, and this cluster {cluster.workers}"
        raise InputError(message, where=cluster.address, hint="its checkpoints are divided among so many")
    return cluster


def find_cluster(address: str, nodes: int | None, paths: Sequence[Path]) -> Cluster:
    """Ask a cluster what it has.

    Args:
        address: HOST:PORT of its head, or ``auto``.
        nodes: how many to take; None: all that have GPUs.
        paths: files and folders that all of them must see.

    Raises:
        InputError: the address is none, nothing answers there, or the cluster has too little.
        CodeEditError: a node lacks what training needs.
    """
    if address != _AUTO:
        _require_answer(address)
    with tempfile.NamedTemporaryFile(prefix=".codeedit-shared-", dir=_existing(paths[0])) as marker:
        found = _probe(address, [marker.name, *map(str, paths[1:])])
    able = [node for node in found["nodes"] if node["workers"] > 0]
    wanted = nodes or len(able)
    if not able or wanted > len(able):
        raise InputError(
            f"{wanted or 1} nodes with GPUs are needed, and this cluster has {len(able)}",
            where=found["address"],
            hint="on CPUs, nodes declare workers by: ray start --num-gpus=1",
        )
    taken = sorted(able, key=lambda node: -int(node["workers"]))[:wanted]
    for node in taken:
        _require_able(node)
    least = min(taken, key=lambda node: int(node["workers"]))
    gpus = tuple(Gpu(name, memory) for name, memory in least["gpus"])
    return Cluster(found["address"], wanted, int(least["workers"]), gpus[: int(least["workers"])])


def joining_variables() -> dict[str, str]:
    """Return the environment variables of a process that joins a cluster.

    Ray wants its token shown where the nodes were started beside one, but by itself does not show it.
    """
    given = "RAY_AUTH_TOKEN" in os.environ or "RAY_AUTH_TOKEN_PATH" in os.environ
    if "RAY_AUTH_MODE" not in os.environ and (given or (Path.home() / ".ray/auth_token").is_file()):
        return {"RAY_AUTH_MODE": "token"}
    return {}


def _existing(path: Path) -> Path:
    """Return the nearest folder that exists."""
    absolute = path.absolute()
    return next(folder for folder in (absolute, *absolute.parents) if folder.is_dir())


def _require_answer(address: str) -> None:
    host, colon, port = address.rpartition(":")
    if "://" in address or not colon or not port.isdecimal() or not host:
        hint = "give the head's HOST:PORT (6379 unless it was set), auto, or local for a Ray of the run's own"
        raise InputError(f"no address of a Ray cluster: {address}", where="--ray-address", hint=hint)
    try:
        socket.create_connection((host.strip("[]"), int(port)), _CONNECT_SECONDS).close()
    except (OSError, OverflowError) as error:
        raise InputError("no Ray cluster answers", where=address, hint=_START_HINT) from error


def _probe(address: str, paths: Sequence[str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "codeedit.training.cluster_probe", address, *paths]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=_PROBE_SECONDS,
            check=False,
            env={**os.environ, **joining_variables()},
        )
    except subprocess.TimeoutExpired as error:
        hint = "is it Ray's own port, and are its nodes free?"
        raise CodeEditError("the cluster does not answer", where=address, hint=hint) from error
    lines = done.stdout.splitlines()
    if done.returncode == 0 and lines:
        answer: dict[str, Any] = json.loads(lines[-1])
        return answer
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    raise CodeEditError(
        f"the cluster cannot be joined: {lines[-1] if lines else 'no reason given'}", where=address
    )


def _require_able(node: dict[str, Any]) -> None:
    where = f"node {node['host']}"
    if node.get("error"):
        hint = "install codeedit with its extra on every node, in the Python that started Ray"
        raise CodeEditError(node["error"], where=where, hint=hint)
    for path in node["unseen"]:
        hint = "use a file system that all nodes share for --out and for the model"
        raise InputError(f"this node does not see {path}", where=where, hint=hint)
