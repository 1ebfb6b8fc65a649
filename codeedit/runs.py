"""A run's folder: what a training run leaves behind, and what evaluation reads.

runs/NAME/run.json            settings: algorithm, model, data, limits, versions
          metrics.jsonl       one line per step: {"step", "time", "metrics"}; resumed runs append
          alarms.jsonl        what went wrong, and what to do: {"name", "step", "message", "advice"}
          train.log           everything that verl and its workers printed
          prompts/            train.parquet, val.parquet
          checkpoints/        global_step_N, the newest few; complete ones carry a mark
          best/ last/         Hugging Face folders
          rollouts/           each step's answers with their rewards, term by term
runs/latest -> NAME
"""

from __future__ import annotations

import json
import math
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeedit.errors import InputError

RUNS = Path("runs")
LATEST = "latest"
STATE_FILE = "codeedit.json"  # in best/ and last/: which step, and its validation
_MARK = "complete.json"
_TRACKER = "latest_checkpointed_iteration.txt"  # verl's, written after all else
_CHECKPOINT = re.compile(r"global_step_(\d+)")
_TRAIN_HINT = "make one with: codeedit train --algo gapo --tau 0.5"


def scores_file(rollouts: Path, step: int) -> Path:
    """Return where a step's scores wait until they are put into its rollouts."""
    return rollouts / f".scores-{step}.jsonl"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A complete checkpoint of the trainer."""

    step: int
    path: Path

    @property
    def model(self) -> Path:
        """The Hugging Face folder in it."""
        own = self.path / "huggingface"  # of verl's SFT trainer
        return own if own.is_dir() else self.path / "actor" / "huggingface"


@dataclass(frozen=True, slots=True)
class Run:
    """One run's folder."""

    path: Path

    @property
    def name(self) -> str:
        """The run's name."""
        return self.path.name

    @property
    def settings_file(self) -> Path:
        """run.json."""
        return self.path / "run.json"

    @property
    def metrics_file(self) -> Path:
        """metrics.jsonl."""
        return self.path / "metrics.jsonl"

    @property
    def alarms_file(self) -> Path:
        """alarms.jsonl."""
        return self.path / "alarms.jsonl"

    @property
    def log(self) -> Path:
        """train.log."""
        return self.path / "train.log"

    @property
    def checkpoints(self) -> Path:
        """The folder of the trainer's checkpoints."""
        return self.path / "checkpoints"

    @property
    def rollouts(self) -> Path:
        """The folder of sampled answers."""
        return self.path / "rollouts"

    @property
    def settings(self) -> dict[str, Any]:
        """What run.json holds.

        Raises:
            InputError: it is missing or no JSON object.
        """
        try:
            value = json.loads(self.settings_file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InputError("not a run's folder", where=str(self.path), hint=_TRAIN_HINT) from error
        if not isinstance(value, dict):
            raise InputError("not a run's settings", where=str(self.settings_file))
        return value

    @property
    def best(self) -> Path | None:
        """The model that validated best."""
        return self._model("best")

    @property
    def last(self) -> Path | None:
        """The newest model."""
        return self._model("last")

    def _model(self, name: str) -> Path | None:
        folder = self.path / name
        return folder if (folder / "config.json").is_file() else None

    def state(self, name: str) -> dict[str, Any]:
        """Return the step and the validation of ``best`` or ``last``; empty where there is none."""
        try:
            value: dict[str, Any] = json.loads((self.path / name / STATE_FILE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return value

    def metrics(self) -> list[dict[str, Any]]:
        """Return each step's line in order; of a step that has several, the newest of each metric."""
        lines: dict[int, dict[str, Any]] = {}
        if self.metrics_file.is_file():
            for text in self.metrics_file.read_text(encoding="utf-8").splitlines():
                try:
                    line = json.loads(text)
                except ValueError:  # torn by a kill
                    continue
                before = lines.get(line["step"], {"metrics": {}})
                lines[line["step"]] = {**line, "metrics": {**before["metrics"], **line["metrics"]}}
        return [lines[step] for step in sorted(lines)]

    def append_metrics(self, step: int, time: float, metrics: Mapping[str, float]) -> None:
        """Add a step's line, by name; on a line of its own even where a kill has torn the last one."""
        finite = {name: value for name, value in sorted(metrics.items()) if math.isfinite(value)}
        _append(self.metrics_file, [{"step": step, "time": time, "metrics": finite}])

    def append_alarms(self, alarms: Sequence[Mapping[str, Any]]) -> None:
        """Add alarms to the run's file of them."""
        if alarms:
            _append(self.alarms_file, alarms)

    def alarms(self) -> list[dict[str, Any]]:
        """Return all alarms so far."""
        if not self.alarms_file.is_file():
            return []
        return [
            json.loads(text) for text in self.alarms_file.read_text(encoding="utf-8").splitlines() if text
        ]

    def complete_checkpoints(self) -> list[Checkpoint]:
        """Return the complete checkpoints, oldest first."""
        found = [_checkpoint(folder) for folder in self.checkpoints.glob("global_step_*")]
        return sorted((point for point in found if point), key=lambda point: point.step)

    def mark_tracked(self) -> None:
        """Mark the checkpoints up to the one that verl's SFT trainer, which has no callback, notes."""
        try:
            step = int((self.checkpoints / _TRACKER).read_text(encoding="ascii"))
        except (OSError, ValueError):
            return
        for folder in self.checkpoints.glob("global_step_*"):
            written = _CHECKPOINT.fullmatch(folder.name)
            done = written and int(written[1]) <= step and (folder / "huggingface").is_dir()
            if written and done and not is_complete(folder):
                mark_complete(folder, int(written[1]))

    def discard_torn_checkpoints(self) -> list[Path]:
        """Delete checkpoints that a kill, a full disk or a crash left incomplete; return their folders."""
        torn = [
            folder
            for folder in sorted(self.checkpoints.glob("global_step_*"))
            if not _checkpoint(folder) or not _is_whole(folder)
        ]
        for folder in torn:
            shutil.rmtree(folder, ignore_errors=True)
        return torn

    def prune_checkpoints(self, keep: int) -> None:
        """Delete complete checkpoints but the newest ``keep``."""
        for point in self.complete_checkpoints()[:-keep]:
            (point.path / _MARK).unlink(missing_ok=True)  # from here on it counts as torn
            shutil.rmtree(point.path, ignore_errors=True)

    def publish(self, point: Checkpoint, name: str, state: Mapping[str, Any]) -> None:
        """Make ``best`` or ``last`` the model of a checkpoint; files are linked, not copied, where possible.

        Args:
            point: the checkpoint.
            name: ``best`` or ``last``.
            state: what to note beside it; ``step`` is added.
        """
        target, part, old = self.path / name, self.path / f".{name}.part", self.path / f".{name}.old"
        for folder in (part, old):
            shutil.rmtree(folder, ignore_errors=True)
        part.mkdir()
        for file in point.model.iterdir():
            if file.name == "config.json":
                _write_config(file, part / file.name, point.model)
            elif file.is_file():
                _link(file, part / file.name)
        write_json(part / STATE_FILE, {"step": point.step, **state})
        if target.exists():
            target.rename(old)
        part.rename(target)
        shutil.rmtree(old, ignore_errors=True)

    def restore_published(self) -> None:
        """Put back a model that a kill left between two names while another was published."""
        for name in ("best", "last"):
            old = self.path / f".{name}.old"
            if old.is_dir() and not (self.path / name).exists():
                old.rename(self.path / name)

    def write_settings(self, settings: Mapping[str, Any]) -> None:
        """Write run.json."""
        write_json(self.settings_file, settings)

    def point_latest(self) -> None:
        """Make ``latest`` beside the run point to it."""
        link = self.path.parent / LATEST
        part = self.path.parent / f".{LATEST}.{os.getpid()}"
        part.unlink(missing_ok=True)
        part.symlink_to(self.path.name)
        part.replace(link)


def find_run(name: str | Path = LATEST, root: Path = RUNS) -> Run:
    """Return a run by name, by folder, or the latest.

    Args:
        name: a run's name in ``root``, its folder, or ``latest``.
        root: the folder of runs.

    Raises:
        InputError: there is no such run.
    """
    for folder in (root / name, Path(name)):
        if (folder / "run.json").is_file():
            return Run(folder.resolve() if folder.is_symlink() else folder)
    message = f"no run {name}" if str(name) != LATEST else "no run yet"
    raise InputError(message, where=str(root), hint=_TRAIN_HINT)


def free_name(root: Path, stem: str) -> Path:
    """Return the first folder ``stem``, ``stem-2``, ``stem-3``… that does not exist."""
    number = 1
    while (folder := root / (stem if number == 1 else f"{stem}-{number}")).exists():
        number += 1
    return folder


def mark_complete(folder: Path, step: int) -> None:
    """Mark a checkpoint's folder as complete, with the sizes of what is resumed from."""
    sizes = {str(file.relative_to(folder)): file.stat().st_size for file in _resumed_from(folder)}
    write_json(folder / _MARK, {"step": step, "bytes": sizes})


def is_complete(folder: Path) -> bool:
    """Return whether a checkpoint's folder has everything."""
    return (folder / _MARK).is_file()


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write a JSON object under a temporary name, then rename it."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(path)


def _resumed_from(folder: Path) -> list[Path]:
    """Return a checkpoint's files but those of the model for others, which may be merged later."""
    files = [file for file in folder.rglob("*") if file.is_file() and file.name != _MARK]
    return sorted(file for file in files if "huggingface" not in file.relative_to(folder).parts)


def _is_whole(folder: Path) -> bool:
    """Return whether a complete checkpoint still has its files, of which a crash may have lost some."""
    try:
        noted = json.loads((folder / _MARK).read_text(encoding="utf-8")).get("bytes", {})
        return all((folder / name).stat().st_size >= size for name, size in noted.items())
    except (OSError, ValueError):
        return False


def _checkpoint(folder: Path) -> Checkpoint | None:
    match = _CHECKPOINT.fullmatch(folder.name)
    return Checkpoint(int(match[1]), folder) if match and is_complete(folder) else None


def _append(path: Path, values: Sequence[Mapping[str, Any]]) -> None:
    with path.open("a+b") as file:
        if file.tell() and _last_byte(file) != b"\n":
            file.write(b"\n")
        file.write(b"".join(json.dumps(value).encode() + b"\n" for value in values))


def _last_byte(file: Any) -> bytes:  # noqa: ANN401 - a binary file
    file.seek(-1, os.SEEK_END)
    byte: bytes = file.read(1)
    return byte


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without hard links
        shutil.copy2(source, target)


def _write_config(source: Path, target: Path, model: Path) -> None:
    """Copy config.json with the type that the weights have: verl notes the type that it computes in."""
    config = json.loads(source.read_text(encoding="utf-8"))
    dtype = _weights_dtype(model)
    if dtype:
        config["dtype"] = dtype
        config.pop("torch_dtype", None)
    write_json(target, config)


def _weights_dtype(model: Path) -> str | None:
    """Return the type that the weights are stored in, by its name in torch; read from a file's header."""
    names = {"F32": "float32", "F16": "float16", "BF16": "bfloat16"}
    for file in sorted(model.glob("*.safetensors")):
        with file.open("rb") as stream:
            header = json.loads(stream.read(int.from_bytes(stream.read(8), "little")))
        types = {tensor["dtype"] for key, tensor in header.items() if key != "__metadata__"}
        return names.get(types.pop()) if len(types) == 1 else None
    return None
