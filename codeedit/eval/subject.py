"""Which model is evaluated: a run's best checkpoint, a folder, a known name or one on the hub."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from codeedit.errors import InputError
from codeedit.eval.engines import EngineSettings, ModelSource
from codeedit.eval.store import slug
from codeedit.models import MODELS, THINKING, default_template, limits, resolve_model
from codeedit.pipeline.prompt_builder import find_template
from codeedit.runs import LATEST, Run, find_run

REPORTS = Path("eval")  # for what belongs to no run
MAX_PROMPT = 4096  # the paper's; also for runs that were trained on shorter prompts


@dataclass(frozen=True, slots=True)
class EvaluatedModel:
    """A model, and with which prompts it is asked."""

    source: ModelSource
    reports: Path | None  # the folder of a run's reports, where this is the model that stands for the run
    template: str
    max_prompt: int  # tokens
    max_response: int  # tokens
    base: str | None = None  # a name of ``MODELS``: what it is, or was trained from
    training: Path | None = None  # the prompts that it was trained on, where a run says so

    @property
    def fingerprint(self) -> str:
        """What tells this model's weights from others: names, sizes and times of its files."""
        folder = Path(self.source.location)
        if not folder.is_dir():
            return str(self.source.location)
        files = sorted(path for path in folder.iterdir() if path.suffix in (".json", ".safetensors", ".bin"))
        states = [f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files]
        return hashlib.sha256("\n".join([str(folder.resolve()), *states]).encode()).hexdigest()[:16]

    def folder(self, set_name: str) -> Path:
        """Return where the reports of a set go."""
        if self.reports is None:
            return outside_folder(set_name, self.source.name)
        return self.reports / slug(set_name)


def outside_folder(set_name: str, label: str) -> Path:
    """Return where the reports of predictions, baselines and models without a run go."""
    return REPORTS / slug(set_name) / slug(label)


def find_model(
    name: str | None,
    template: str | None = None,
    engine: EngineSettings | None = None,
    default: str | None = None,
    *,
    thinking: bool = True,
) -> EvaluatedModel:
    """Return a model by what the user calls it.

    Args:
        name: a run (by name or folder), a model's folder, a name of ``codeedit.models.MODELS`` or of the
            hub; None: ``default``.  With an engine that asks a server, the server's name of a model;
            None: the only one it has.
        template: the prompts' text format; None: the run's, else the model's.
        engine: what is to run the model; None: an engine that loads its files.
        default: the model where none is named; None: the latest run.
        thinking: whether the model may think, where a run was not trained without.

    Raises:
        InputError: there is no such thing, or the run has no checkpoint yet.
        CodeEditError: the server cannot be asked.
    """
    served = engine.served(name) if engine else None
    if served is not None:
        return _model(served, served, limits(served).response, None, None, template, thinking)
    name = name or default
    run = _find_run(name)
    if run is not None:
        folder = run.best or run.last
        if folder is None:
            hint = "wait for its first checkpoint, or go on with: codeedit train --resume"
            raise InputError("this run has no checkpoint yet", where=str(run.path), hint=hint)
        label, reports = f"{run.name}/{folder.name}", run.path / "eval"
        return _model(label, folder, limits(str(folder)).response, run, reports, template, thinking)
    label = str(name)
    parents = Path(label).absolute().parents if Path(label).is_dir() else ()
    owner = next((Run(parent) for parent in parents if (parent / "run.json").is_file()), None)
    return _model(label, resolve_model(label), limits(label).response, owner, None, template, thinking)


def _model(
    label: str,
    location: str | Path,
    response: int,
    run: Run | None,
    reports: Path | None,
    template: str | None,
    thinking: bool,
) -> EvaluatedModel:
    settings = run.settings if run else {}
    trained = settings.get("chat_variables", {}).get(THINKING, True)
    base = settings.get("model") if run else label
    chosen = template or settings.get("template") or default_template(label)
    plain = find_template(chosen).plain
    if plain and not thinking:
        raise InputError(f"{chosen} is no chat: there is no thinking to switch off", where="--no-thinking")
    return EvaluatedModel(
        ModelSource(label, location, plain, thinking=thinking and trained),
        reports,
        template=chosen,
        max_prompt=max(MAX_PROMPT, settings.get("max_prompt_length") or 0),
        max_response=settings.get("max_response_length") or response,
        base=base if base and base in MODELS else None,
        training=run.path / "prompts" / "train.parquet" if run else None,
    )


def _find_run(name: str | None) -> Run | None:
    if name is None:
        return find_run(LATEST)
    try:
        return find_run(name)
    except InputError:
        return None
