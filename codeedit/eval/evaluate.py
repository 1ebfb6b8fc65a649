"""The ways to a report: an engine's answers, predictions made elsewhere, or a baseline."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codeedit.errors import InputError
from codeedit.eval.answers import Answers, copy_answers, read_predictions
from codeedit.eval.engines import Engine, EngineSettings, Sampling, engine_settings, trial_seed
from codeedit.eval.generation import Progress, answer_rows, answer_settings
from codeedit.eval.report import Report, Subject, make_report
from codeedit.eval.sets import EvalSet
from codeedit.eval.store import ANSWERS, REPORT, AnswerStore, write_answers, write_report
from codeedit.eval.subject import EvaluatedModel, outside_folder
from codeedit.pipeline.prompt_builder import find_template
from codeedit.registry import Registry

BASELINES = Registry("baseline", {"copy": copy_answers})
TRIALS = 5


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A report and where it lies."""

    report: Report
    report_file: Path
    answers_file: Path


@dataclass(frozen=True, slots=True)
class GenerationOptions:
    """How a model is asked."""

    engine: EngineSettings = field(default_factory=lambda: engine_settings(None))
    trials: int | None = None  # None: five, or one where nothing is drawn
    temperature: float = 1.0
    limit: int | None = None  # the first rows only

    @property
    def trial_count(self) -> int:
        """How many answers each row gets."""
        return self.trials or (TRIALS if self.temperature else 1)


@dataclass(frozen=True, slots=True)
class Answered:
    """What a model answered."""

    part: EvalSet  # the rows that were asked for
    answers: Answers
    folder: Path  # where the answers lie
    settings: dict[str, Any]


def answer_target(
    target: EvalSet, model: EvaluatedModel, options: GenerationOptions, progress: Progress
) -> Answered:
    """Let a model answer what is not answered yet.

    Raises:
        CodeEditError: the model cannot be opened or asked.
    """
    engine = options.engine.open(model.source)
    sampling, max_prompt = _fit(engine, model, options.temperature)
    settings = answer_settings(
        target, model.fingerprint, engine, sampling, template=model.template, max_prompt=max_prompt
    )
    part = target.first(options.limit)
    folder = model.folder(target.name)
    with AnswerStore(folder, target, settings) as store:
        answer_rows(
            part,
            engine,
            store,
            range(options.trial_count),
            sampling,
            template=model.template,
            max_prompt=max_prompt,
            progress=progress,
        )
        return Answered(part, dict(store.answers), folder, settings)


def evaluate_model(
    target: EvalSet, model: EvaluatedModel, options: GenerationOptions, progress: Progress
) -> Evaluation:
    """Let a model answer, and score all of it; errors as in ``answer_target``."""
    answered = answer_target(target, model, options, progress)
    trials = tuple(range(options.trial_count))
    hidden = ("codeedit", "set", "set_digest", "first_seed", "model")
    settings = {key: value for key, value in answered.settings.items() if key not in hidden}
    settings |= {"model_files": answered.settings["model"], "seeds": [trial_seed(trial) for trial in trials]}
    report = make_report(answered.part, answered.answers, Subject(model.source.name, trials, settings))
    whole = answered.part is target
    name = REPORT if whole else f"report-first-{len(answered.part.rows)}.json"
    return Evaluation(report, write_report(answered.folder, report, name), answered.folder / ANSWERS)


def _fit(engine: Engine, model: EvaluatedModel, temperature: float) -> tuple[Sampling, int]:
    """Return sampling and the prompts' limit so that both fit the model's context."""
    max_prompt, max_response = model.max_prompt, model.max_response
    if engine.context is not None:
        max_response = min(max_response, engine.context // 2)
        max_prompt = min(max_prompt, engine.context - max_response)
    stops = find_template(model.template).stops
    return Sampling(temperature=temperature, max_tokens=max_response, stops=stops), max_prompt


def evaluate_predictions(
    target: EvalSet, path: Path, *, label: str | None, trials: int | None, allow_missing: bool
) -> Evaluation:
    """Score a file of answers.

    Args:
        target: the set that they answer.
        path: JSON lines.
        label: what the report calls them; None: the file's name.
        trials: how many trials there have to be; None: any number.
        allow_missing: whether rows without an answer are wrong instead of an error.

    Raises:
        InputError: the file is not as it has to be.
    """
    given = read_predictions(path, target, allow_missing=allow_missing)
    if trials not in (None, len(given.trials)):
        problem = f"{len(given.trials)} trials in this file, but --trials {trials}"
        raise InputError(problem, where=str(path), hint="leave --trials out to take what is there")
    settings = {"predictions": str(path), "missing": given.missing}
    return _given(target, given.answers, Subject(label or f"predictions-{path.stem}", given.trials, settings))


def evaluate_baseline(target: EvalSet, name: str) -> Evaluation:
    """Score a baseline; ``UnknownNameError`` where there is none of that name."""
    return _given(target, BASELINES[name](target), Subject(f"baseline-{name}", (0,), {"baseline": name}))


def _given(target: EvalSet, answers: Answers, subject: Subject) -> Evaluation:
    report = make_report(target, answers, subject)
    folder = outside_folder(target.name, subject.model)
    answers_file = write_answers(folder, target, answers)
    return Evaluation(report, write_report(folder, report), answers_file)
