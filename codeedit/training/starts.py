"""What one start of a run needs: a new run's folder with prompts and settings, or an ended run's next."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any

import codeedit
from codeedit.errors import InputError
from codeedit.pipeline.rewards import parse_reward
from codeedit.runs import Checkpoint, Run
from codeedit.training.checks import require_machine
from codeedit.training.cluster import ADDRESS, Cluster
from codeedit.training.holding import held
from codeedit.training.model_start import model_start
from codeedit.training.plan import Plan, make_plan, require_startable
from codeedit.training.platforms import CPU, ray_settings
from codeedit.training.problems import disk_size
from codeedit.training.prompts import Progress, PromptCounts, make_prompts
from codeedit.training.resume import require_same_model
from codeedit.training.settings import Setting, flag, ours
from codeedit.training.sft import NAME as SFT_NAME
from codeedit.training.trainers import RL, SFT, Trainer
from codeedit.training.verl_config import lookup

_PACKAGES = ("verl", "torch", "transformers", "ray", "vllm", "numpy")


@dataclass(frozen=True, slots=True)
class Start:
    """All that one start of a run needs."""

    run: Run
    overrides: tuple[str, ...]
    device: str
    sources: dict[str, int]  # validation rows by data source
    keep: int  # checkpoints
    rollouts: int  # rows of a step
    steps: int  # of the whole run
    done: int = 0  # steps before this start
    trainer: Trainer = RL
    workers: int = 1  # of a trainer that has no Ray to start them
    cluster: Cluster | None = None  # None: a Ray of the run's own

    @property
    def own_ray(self) -> bool:
        """Whether the run starts its Ray."""
        return self.cluster is None

    @property
    def forks(self) -> bool:
        """Whether Ray's workers are forked from one that has imported verl; with a GPU they are not."""
        return self.own_ray and self.trainer.has_ray and self.device == CPU


def new_run(plan: Plan, folder: Path, progress: Progress, warn: Callable[[str], None]) -> Start:
    """Make a run's folder with its prompts and settings; it appears when all of it is there.

    Args:
        plan: what to do.
        folder: of the run; it must not be there, or be empty.
        progress: told of each prompt.
        warn: told what the user should know.

    Raises:
        InputError: the plan has a problem, the folder is occupied, or no task fits.
        MissingDependencyError: verl cannot start on this machine.
    """
    require_startable(plan)
    require_machine(plan.device, own_ray=plan.algorithm.trainer.has_ray and plan.request.cluster is None)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        hint = f"choose another --out, or go on with: codeedit train --resume --out {folder}"
        raise InputError("this folder is occupied", where=str(folder), hint=hint)
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        part.chmod(0o755)
        begin = model_start(
            plan.source,
            plan.template,
            special_tokens=plan.request.special_tokens,
            chat=plan.chat,
            folder=part / "model",
        )
        counts = make_prompts(
            plan.request.data,
            part / "prompts",
            start=begin,
            limits=plan.limits,
            reward=parse_reward(plan.request.reward),
            select=plan.request.select,
            train_rows=plan.profile.rows_to_train(plan.prompts, plan.steps),
            validation_rows=plan.profile.validation_rows,
            progress=progress,
        )
        final = make_plan(plan.request, counts.train) if counts.train != plan.prompts else plan
        require_startable(final)
        for note in [*final.notes, *counts.notes(final.limits)]:
            warn(note)
        source = str(folder / "model") if begin.added else plan.source
        if begin.added:
            warn(f"new tokens in the model's vocabulary: {' '.join(begin.added)}")
        more = [*_paths(folder, final, counts), *begin.settings(source, final.algorithm.trainer.model_key)]
        final = replace(final.with_settings(more), source=source)
        Run(part).write_settings(_run_json(final, folder, counts))
        if folder.exists():
            folder.rmdir()
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return replace(_start(Run(folder), final.steps), cluster=plan.request.cluster)


def resumed_run(
    run: Run,
    steps: int | None,
    cluster: Cluster | None = None,
    warn: Callable[[str], None] = lambda _: None,
) -> Start:
    """Go on with a run from its newest complete checkpoint.

    Args:
        run: whose settings apply.
        steps: a new number of steps for the whole run; None: as before.
        cluster: where to go on; None: on this machine.
        warn: told of each torn checkpoint, which is deleted.

    Raises:
        InputError: there is nothing left to do, the model is gone, the checkpoint is another model's, no room
            is left for the next, or the run is being trained.
        MissingDependencyError: verl cannot start on this machine.
    """
    settings = run.settings
    with held(run):
        run.mark_tracked()
        run.restore_published()
        for torn in run.discard_torn_checkpoints():
            warn(f"{torn} is torn, and was deleted")
    points = run.complete_checkpoints()
    total = steps or int(settings["steps"])
    done = points[-1].step if points else 0
    if done >= total:
        hint = f"for more: codeedit train --resume --out {run.path} --steps N"
        raise InputError(f"all {total} steps of this run are done", where=str(run.path), hint=hint)
    source = Path(_in_place(settings["source"], settings, run))
    if source.is_absolute() and not source.is_dir():
        raise InputError("the model that this run began with is gone", where=str(source))
    start = _start(run, total)
    require_machine(start.device, own_ray=start.trainer.has_ray and cluster is None)
    if points:
        _require_room(points[-1])
        require_same_model(points[-1], source, int(settings.get("nodes", 1)) * start.workers)
    more = []
    if steps:
        more = [ours("trainer.total_training_steps", total), ours("trainer.total_epochs", total)]
    if points:
        more += [
            ours("trainer.resume_mode", "resume_path"),
            ours("trainer.resume_from_path", str(points[-1].path)),
        ]
        if start.trainer is RL:
            more.append(ours("trainer.val_before_train", value=False))
    if steps:
        run.write_settings({**settings, "steps": steps})
    overrides = (*start.overrides, *(setting.as_override() for setting in more))
    if start.trainer.has_ray:
        overrides = on_ray(overrides, start.device, cluster)
    return replace(start, overrides=overrides, done=done, cluster=cluster)


def _require_room(point: Checkpoint) -> None:
    """Refuse a disk without room for one more checkpoint; old ones go when the next is complete."""
    need = sum(file.stat().st_size for file in point.path.rglob("*") if file.is_file())
    free = shutil.disk_usage(point.path).free
    if free < need:
        message = f"a checkpoint needs {disk_size(need)}, and this disk has {disk_size(free)} free"
        raise InputError(message, where=str(point.path), hint="make room, and try again")


def on_ray(overrides: Sequence[str], device: str, cluster: Cluster | None) -> tuple[str, ...]:
    """Return a run's overrides for the Ray that it goes on with, which may be another than before.

    Args:
        overrides: of an earlier start.
        device: ``cpu`` or ``cuda``.
        cluster: that is there; None: the run starts one.
    """
    own = [setting.as_override() for setting in ray_settings(device)]
    address = f"{ADDRESS}="
    others = [one for one in overrides if one not in own and not one.startswith(address)]
    if cluster:
        return (*others, flag(ADDRESS, cluster.address).as_override())
    return (*own, *others)  # first, as the user's own win


def _start(run: Run, steps: int) -> Start:
    settings = run.settings
    return Start(
        run,
        tuple(_in_place(override, settings, run) for override in settings["overrides"]),
        settings["device"],
        settings["validation"],
        settings["checkpoints"],
        settings["rollouts"],
        steps,
        trainer=SFT if settings["algorithm"]["name"] == SFT_NAME else RL,
        workers=settings.get("workers", 1),
    )


def _in_place(text: str, settings: Mapping[str, Any], run: Run) -> str:
    """Return a setting of run.json with the folder's present path: a run may be moved or copied."""
    began = settings.get("folder")
    return text.replace(f"{began}/", f"{run.path.absolute()}/") if began else text


def _paths(folder: Path, plan: Plan, counts: PromptCounts) -> list[Setting]:
    run = Run(folder)
    settings = [
        ours("data.train_files", str(folder / "prompts/train.parquet")),
        ours("data.val_files", str(folder / "prompts/val.parquet")),
        ours("trainer.default_local_dir", str(run.checkpoints)),
        ours("trainer.experiment_name", folder.name),
        ours("trainer.resume_mode", "disable"),
    ]
    if plan.algorithm.trainer is RL:
        return [*settings, ours("trainer.rollout_data_dir", str(run.rollouts))]
    batch = lookup(plan.verl, "data.train_batch_size") or plan.profile.batch  # the user's, where it is set
    if sum(counts.validation.values()) < batch:  # verl validates on whole batches only
        settings += [ours("data.val_files", None), ours("trainer.test_freq", -1)]
    return settings


def _run_json(plan: Plan, folder: Path, counts: PromptCounts) -> dict[str, Any]:
    request = plan.request
    rollouts = lookup(plan.verl, "actor_rollout_ref.rollout.n") or 0
    return {
        "name": folder.name,
        "folder": str(folder),
        "created": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "algorithm": plan.algorithm.settings(),
        "model": plan.model,
        "label": plan.label,
        "init": request.init,
        "loggers": list(request.loggers),
        "source": plan.source,
        "device": plan.device,
        "data": str(request.data.absolute()),
        "template": plan.template,
        "select": str(request.select.absolute()) if request.select else None,
        "special_tokens": request.special_tokens,
        "chat_variables": plan.chat,
        "reward": str(parse_reward(request.reward)),
        "max_prompt_length": plan.limits.prompt,
        "max_response_length": plan.limits.response,
        "lora": request.lora,
        "seed": request.seed,
        "nodes": plan.verl["trainer"]["nnodes"],
        "steps": plan.steps,
        "prompts": counts.train,
        "validation": counts.validation,
        "rollouts": rollouts * plan.verl["data"]["train_batch_size"],
        "checkpoints": plan.profile.checkpoints,
        "workers": plan.verl["trainer"]["n_gpus_per_node"],
        "versions": versions(),
        "overrides": plan.overrides,
    }


def versions() -> dict[str, str]:
    """Return the versions of what a run depends on."""
    found = {"codeedit": codeedit.__version__, "python": sys.version.split()[0]}
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found
