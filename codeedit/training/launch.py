"""Runs verl's trainer and follows it to whatever end, leaving none of its processes behind."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from codeedit.errors import CodeEditError, InterruptedRunError
from codeedit.runs import Run
from codeedit.training.child import Child
from codeedit.training.failure import last_cause
from codeedit.training.keeper import Keeper, StepReport
from codeedit.training.platforms import environment
from codeedit.training.settings import ours
from codeedit.training.starts import Start
from codeedit.training.trainers import Trainer

_POLL_SECONDS = 0.2
_SCRATCH_PREFIX = "codeedit-run-"
_OWNER = "owner"  # the file with the process id of whom a scratch folder belongs to
_SHORT_TEMPORARY = 30  # characters; Ray's socket paths must stay below 107


def follow(start: Start) -> Iterator[StepReport | None]:
    """Run verl until its end, and yield each step's report, with None whenever nothing is new.

    Raises:
        CodeEditError: verl failed; the message is the last cause in its log.
        InterruptedRunError: a signal ended the run; all of its processes are gone, and it can be resumed.
    """
    run = start.run
    run.point_latest()
    scratch = _scratch()
    begin = run.log.stat().st_size if run.log.exists() else 0
    logged = scratch / "metrics.jsonl"
    keeper = Keeper(run, logged, start.sources, start.keep, start.rollouts)
    overrides = (*start.overrides, *_scratch_overrides(scratch, start.trainer))
    command, own_variables = start.trainer.command(overrides, start.workers)
    variables = (
        environment(start.device)
        | own_variables
        | {
            "VERL_FILE_LOGGER_PATH": str(logged),
            "TENSORBOARD_DIR": os.environ.get("TENSORBOARD_DIR", str(run.path / "tensorboard")),
            "WANDB_DIR": os.environ.get("WANDB_DIR", str(run.path)),
            "HF_DATASETS_CACHE": str(scratch / "datasets"),
        }
    )
    if Path(run.settings["source"]).is_absolute():
        variables["HF_HUB_OFFLINE"] = "1"
    with _signals() as stopped:
        child = Child.run(command, variables, run.log)
        try:
            code = None
            while code is None and not stopped.is_set():
                code = child.poll()  # before the reports, so that the last ones are not missed
                yield from keeper.poll()
                yield None
                if code is None:
                    stopped.wait(_POLL_SECONDS)
        finally:
            child.end()
            left = list(keeper.poll())
            shutil.rmtree(scratch, ignore_errors=True)
    yield from left
    keeper.finish()
    if stopped.is_set():
        raise InterruptedRunError(
            _where_it_stands(run), hint=f"go on with: codeedit train --resume --out {run.path}"
        )
    if code:
        raise _failure(run, begin, code)


def _where_it_stands(run: Run) -> str:
    points = run.complete_checkpoints()
    return (
        f"interrupted; saved at step {points[-1].step}"
        if points
        else "interrupted before the first checkpoint"
    )


def _failure(run: Run, begin: int, code: int) -> CodeEditError:
    cause = last_cause(run.log, begin)
    if cause is None:
        return CodeEditError(f"verl ended with exit code {code}", where=str(run.log))
    hint = "its log has the whole story"
    return CodeEditError(f"verl failed: {cause.message}", where=f"{run.log}:{cause.line}", hint=hint)


def _scratch() -> Path:
    """Make a folder of this start's own for Ray's sockets and logs, which must have a short path."""
    base = Path(tempfile.gettempdir())
    if len(str(base)) > _SHORT_TEMPORARY:
        base = Path("/tmp")  # noqa: S108
    for folder in base.glob(f"{_SCRATCH_PREFIX}*"):  # of starts that were killed
        with contextlib.suppress(OSError, ValueError):
            if not Path("/proc", str(int((folder / _OWNER).read_text()))).exists():
                shutil.rmtree(folder, ignore_errors=True)
    scratch = Path(tempfile.mkdtemp(prefix=_SCRATCH_PREFIX, dir=base))
    (scratch / _OWNER).write_text(str(os.getpid()))
    return scratch


def _scratch_overrides(scratch: Path, trainer: Trainer) -> Sequence[str]:
    settings = [ours("hydra.run.dir", str(scratch / "hydra")), ours("hydra.output_subdir", None)]
    if trainer.has_ray:
        settings.append(ours("+ray_kwargs.ray_init._temp_dir", str(scratch / "ray")))
    return [setting.as_override() for setting in settings]


@contextmanager
def _signals() -> Iterator[threading.Event]:
    """Turn Ctrl-C and SIGTERM into an event; a second one changes nothing, as the run is ending already."""
    stopped = threading.Event()
    names = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {name: signal.signal(name, lambda *_: stopped.set()) for name in names}
    try:
        yield stopped
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


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
