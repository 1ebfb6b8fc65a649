"""Runs verl's trainer and follows it to whatever end, leaving none of its processes behind."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from codeedit.errors import CodeEditError, InterruptedRunError
from codeedit.runs import Run
from codeedit.training.child import Child
from codeedit.training.cluster import joining_variables
from codeedit.training.failure import Cause, full_disk, last_cause
from codeedit.training.forked_workers import executable
from codeedit.training.holding import held
from codeedit.training.keeper import LOGGED, Keeper, StepReport
from codeedit.training.platforms import environment
from codeedit.training.settings import ours
from codeedit.training.signals import caught_signals
from codeedit.training.starts import Start
from codeedit.training.stopping import FOLDER, StopFiles
from codeedit.training.verl_config import override_key

_POLL_SECONDS = 0.2
_WORKER = "ray_kwargs.ray_init.runtime_env.py_executable"  # what Ray starts workers with
_FORKS = "forks"  # the socket of the server that Ray's workers are forked from
_SCRATCH_PREFIX = "codeedit-run-"
_OWNER = "owner"  # the file with the process id of whom a scratch folder belongs to
_SHORT_TEMPORARY = 30  # characters; Ray's socket paths must stay below 107


def follow(start: Start, tell: Callable[[str], None]) -> Iterator[StepReport | None]:
    """Run verl until its end, and yield each step's report, with None whenever nothing is new.

    At the first signal the trainer is asked to save and end, if it trains yet; at the second all ends.

    Args:
        start: what to run.
        tell: told that a signal has been heard, and what happens now.

    Raises:
        CodeEditError: verl failed, and the message is the last cause in its log; or the disk is full.
        InterruptedRunError: a signal ended the run; all of its processes are gone, and it can be resumed.
    """
    try:
        yield from _followed(start, tell)
    except OSError as error:  # of what is written here, beside verl
        if error.errno != errno.ENOSPC:
            raise
        raise _full(start.run, start.run.path) from error


def _followed(start: Start, tell: Callable[[str], None]) -> Iterator[StepReport | None]:
    run = start.run
    with held(run) as own, _scratch() as scratch, caught_signals() as signals:
        run.point_latest()
        begin = run.log.stat().st_size if run.log.exists() else 0
        keeper = Keeper(run, own / LOGGED, start.sources, start.keep, start.rollouts)
        stop = StopFiles(own)
        variables = _variables(start, own)
        overrides = (*start.overrides, *_scratch_overrides(start, scratch, variables))
        command, more = start.trainer.command(overrides, start.workers)
        if start.cluster:
            more |= joining_variables()
        child = Child.run(command, {**more, **variables}, run.log)
        try:
            code = None
            while code is None and signals.count < 2:
                code = child.poll()  # before the reports, so that the last ones are not missed
                yield from keeper.poll()
                yield None
                if code is None and signals.count and not stop.asked:
                    if not stop.heard:
                        break  # still starting: there is nothing to save
                    stop.ask()
                    tell("interrupted: saving the last finished step; once more ends the run at once")
                if code is None:
                    signals.wait(_POLL_SECONDS)
        finally:
            child.end()
            left = list(keeper.poll())
        yield from left
        keeper.finish()
        if code and not signals.count:
            raise _failure(run, begin, code)
        if signals.count and not (code == 0 and _saved_step(run) >= start.steps):
            cause = last_cause(run.log, begin) if code and code > 0 else None
            raise _interruption(run, cause)


def _variables(start: Start, own: Path) -> dict[str, str]:
    """Return the environment variables of verl's processes, beside the trainer's."""
    run = start.run
    variables = environment(start.device, own_ray=start.own_ray) | {
        "VERL_FILE_LOGGER_PATH": str(own / LOGGED),
        FOLDER: str(own),
        "TENSORBOARD_DIR": os.environ.get("TENSORBOARD_DIR", str(run.path / "tensorboard")),
        "WANDB_DIR": os.environ.get("WANDB_DIR", str(run.path)),
        "HF_DATASETS_CACHE": str(own / "datasets"),
    }
    if Path(run.settings["source"]).is_absolute():
        variables["HF_HUB_OFFLINE"] = "1"
    return variables


def _saved_step(run: Run) -> int:
    """Return the step of the newest complete checkpoint; 0 where there is none."""
    points = run.complete_checkpoints()
    return points[-1].step if points else 0


def _interruption(run: Run, cause: Cause | None) -> InterruptedRunError:
    step = _saved_step(run)
    message = f"interrupted; saved at step {step}" if step else "interrupted before there was a step to save"
    if cause:
        message += f"; the step after it could not be saved: {cause.message}"
    return InterruptedRunError(message, hint=f"go on with: codeedit train --resume --out {run.path}")


def _failure(run: Run, begin: int, code: int) -> CodeEditError:
    if folder := full_disk((run.path, Path(tempfile.gettempdir()))):
        return _full(run, folder)
    cause = last_cause(run.log, begin)
    if cause is None:
        return CodeEditError(f"verl ended with exit code {code}", where=str(run.log))
    hint = "its log has the whole story"
    if step := _saved_step(run):
        hint += f"; go on from step {step} with: codeedit train --resume --out {run.path}"
    return CodeEditError(f"verl failed: {cause.message}", where=f"{run.log}:{cause.line}", hint=hint)


def _full(run: Run, folder: Path) -> CodeEditError:
    hint = (
        f"make room, and go on after step {_saved_step(run)} with: codeedit train --resume --out {run.path}"
    )
    return CodeEditError("the disk is full", where=str(folder), hint=hint)


@contextmanager
def _scratch() -> Iterator[Path]:
    """Make a folder of this start's own for Ray's sockets and logs, which must have a short path."""
    base = Path(tempfile.gettempdir())
    if len(str(base)) > _SHORT_TEMPORARY:
        base = Path("/tmp")  # noqa: S108
    for folder in base.glob(f"{_SCRATCH_PREFIX}*"):  # of starts that were killed
        with contextlib.suppress(OSError, ValueError):
            if not Path("/proc", str(int((folder / _OWNER).read_text()))).exists():
                shutil.rmtree(folder, ignore_errors=True)
    scratch = Path(tempfile.mkdtemp(prefix=_SCRATCH_PREFIX, dir=base))
    try:
        (scratch / _OWNER).write_text(str(os.getpid()))
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _scratch_overrides(start: Start, scratch: Path, variables: Mapping[str, str]) -> Sequence[str]:
    settings = [ours("hydra.run.dir", str(scratch / "hydra")), ours("hydra.output_subdir", None)]
    if not start.own_ray:  # its processes do not inherit ours
        key = "+ray_kwargs.ray_init.runtime_env.env_vars."
        settings += [ours(key + name, value) for name, value in variables.items()]
    elif start.trainer.has_ray:
        settings.append(ours("+ray_kwargs.ray_init._temp_dir", str(scratch / "ray")))
    if start.forks and not any(override_key(one) == _WORKER for one in start.overrides):
        settings.append(ours(_WORKER, executable(scratch / _FORKS)))
    return [setting.as_override() for setting in settings]


def summary(run: Run) -> dict[str, Any]:
    """Return what ``codeedit train --json`` prints at a run's end."""
    metrics = run.metrics()

    def model(name: str, folder: Path | None) -> dict[str, Any] | None:
        if folder is None:
            return None
        step = run.state(name)["step"]
        line: dict[str, Any] = next((line for line in metrics if line["step"] == step), {"metrics": {}})
        exact = line["metrics"].get("codeedit/val/exact_match")
        return {"checkpoint": str(folder), "step": step, "exact_match": exact}

    return {
        "run": str(run.path),
        "steps": metrics[-1]["step"] if metrics else 0,
        "best": model("best", run.best),
        "last": model("last", run.last),
    }
