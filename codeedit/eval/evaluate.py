"""The ways to a report: an engine's answers, predictions made elsewhere, or a baseline."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from codeedit.errors import InputError
from codeedit.eval.answers import Answers, read_predictions
from codeedit.eval.baselines import BASELINES
from codeedit.eval.contamination import Overlap, find_overlap
from codeedit.eval.engines import Engine, EngineSettings, Sampling, engine_settings, trial_seed
from codeedit.eval.generation import Progress, answer_rows, answer_settings
from codeedit.eval.pages.answers import write_report_page
from codeedit.eval.report import Report, Subject, make_report
from codeedit.eval.sets import EvalSet, SetPart
from codeedit.eval.store import ANSWERS, REPORT, AnswerStore, write_answers, write_report
from codeedit.eval.subject import EvaluatedModel, outside_folder
from codeedit.pipeline.prompt_builder import Budget, PromptTooLongError, build, find_template
from codeedit.records import Task

TRIALS = 5


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A report and where it lies."""

    report: Report
    report_file: Path
    answers_file: Path
    page_file: Path


@dataclass(frozen=True, slots=True)
class GenerationOptions:
    """How a model is asked."""

    engine: EngineSettings = field(default_factory=lambda: engine_settings(None))
    trials: int | None = None  # None: five, or one where nothing is drawn
    temperature: float = 1.0
    limit: int | None = None  # so many rows, from all over the set
    languages: tuple[str, ...] = ()  # rows in these only; none: all

    @property
    def trial_count(self) -> int:
        """How many answers each row gets."""
        return self.trials or (TRIALS if self.temperature else 1)


@dataclass(frozen=True, slots=True)
class Answered:
    """What a model answered."""

    part: EvalSet  # the rows that were asked for
    answers: Answers  # by position in the part
    folder: Path  # where the answers lie
    settings: dict[str, Any]
    label: str  # of the part; empty where it is the whole set
    measured: dict[str, Any]  # of the answers that were made now
    prompt: Callable[[Task], str | None]  # a task's prompt as it was sent; None where it fits no budget


def answer_target(
    target: EvalSet, model: EvaluatedModel, options: GenerationOptions, progress: Progress
) -> Answered:
    """Let a model answer what is not answered yet.

    Raises:
        CodeEditError: the model cannot be opened or asked.
    """
    part = target.part(options.languages, options.limit)
    engine = options.engine.open(model.source)
    template = find_template(model.template, engine.tokenizer)
    sampling, max_prompt = _fit(engine, model, options.temperature, template.stops)
    settings = answer_settings(
        target,
        model.fingerprint,
        engine,
        sampling,
        template=template.name,
        max_prompt=max_prompt,
        thinking=model.source.thinking,
    )
    folder = model.folder(target.name)
    with AnswerStore(folder, target, settings) as store:
        before, began = len(store.answers), time.perf_counter()
        answer_rows(
            target,
            engine,
            store,
            part.positions,
            range(options.trial_count),
            sampling,
            template=template.name,
            max_prompt=max_prompt,
            progress=progress,
        )
        measured = {
            "answers": len(store.answers) - before,
            "generation_s": round(time.perf_counter() - began, 3),
            "prompt_tokens": engine.work.prompt_tokens,
            "padding": round(engine.work.padding, 4),
        }
        answers = part.localize(store.answers)
    prompt = partial(_prompt_text, template=model.template, budget=engine.budget(max_prompt))
    return Answered(part.rows, answers, folder, settings, part.label, measured, prompt)


def _prompt_text(task: Task, *, template: str, budget: Budget) -> str | None:
    try:
        messages = build(task, template=template, budget=budget).messages
    except PromptTooLongError:
        return None
    return "\n\n".join(f"{message['role']}:\n{message['content']}" for message in messages)


def evaluate_model(
    target: EvalSet, model: EvaluatedModel, options: GenerationOptions, progress: Progress
) -> Evaluation:
    """Let a model answer, and score all of it; errors as in ``answer_target``."""
    answered = answer_target(target, model, options, progress)
    trials = tuple(range(options.trial_count))
    hidden = ("codeedit", "set", "set_digest", "first_seed", "model")
    settings = {key: value for key, value in answered.settings.items() if key not in hidden}
    settings |= {"model_files": answered.settings["model"], "seeds": [trial_seed(trial) for trial in trials]}
    subject = Subject(
        model.source.name,
        trials,
        settings,
        base_model=model.base,
        overlap=_overlap(answered.part, model, progress),
        measured=answered.measured,
    )
    report = make_report(answered.part, answered.answers, subject)
    name = f"report-{answered.label}.json" if answered.label else REPORT
    report_file = write_report(answered.folder, report, name)
    page_file = write_report_page(
        report_file, answered.part, answered.answers, trials, report, prompt=answered.prompt
    )
    return Evaluation(report, report_file, answered.folder / ANSWERS, page_file)


def _overlap(part: EvalSet, model: EvaluatedModel, progress: Progress) -> Overlap | None:
    """Return what a run's training data has in common with the rows; None where there is no such data."""
    if model.training is None or not model.training.is_file():
        return None
    return find_overlap(part, model.training, progress)


def _fit(
    engine: Engine, model: EvaluatedModel, temperature: float, stops: tuple[str, ...]
) -> tuple[Sampling, int]:
    """Return sampling and the prompts' limit so that both fit the model's context."""
    max_prompt, max_response = model.max_prompt, model.max_response
    if engine.context is not None:
        max_response = min(max_response, engine.context // 2)
        max_prompt = min(max_prompt, engine.context - max_response)
    return Sampling(temperature=temperature, max_tokens=max_response, stops=stops), max_prompt


def evaluate_predictions(
    target: EvalSet,
    path: Path,
    *,
    label: str | None,
    trials: int | None,
    allow_missing: bool,
    part: SetPart | None = None,
) -> Evaluation:
    """Score a file of answers.

    Args:
        target: the whole set that they answer.
        path: JSON lines.
        label: what the report calls them; None: the file's name.
        trials: how many trials there have to be; None: any number.
        allow_missing: whether rows without an answer are wrong instead of an error.
        part: the rows that count; None: all.

    Raises:
        InputError: the file is not as it has to be.
    """
    part = part or target.part()
    given = read_predictions(path, target, rows=part.positions, allow_missing=allow_missing)
    if trials not in (None, len(given.trials)):
        problem = f"{len(given.trials)} trials in this file, but --trials {trials}"
        raise InputError(problem, where=str(path), hint="leave --trials out to take what is there")
    settings = {"predictions": str(path), "missing": given.missing}
    subject = Subject(label or f"predictions-{path.stem}", given.trials, settings)
    return _given(part, part.localize(given.answers), subject)


def evaluate_baseline(target: EvalSet, name: str, part: SetPart | None = None) -> Evaluation:
    """Score a baseline; ``UnknownNameError`` where there is none of that name."""
    part = part or target.part()
    return _given(part, BASELINES[name](part.rows), Subject(f"baseline-{name}", (0,), {"baseline": name}))


def _given(part: SetPart, answers: Answers, subject: Subject) -> Evaluation:
    report = make_report(part.rows, answers, subject)
    folder = outside_folder(part.rows.name, subject.model)
    if part.label:
        folder = folder.with_name(f"{folder.name}-{part.label}")
    answers_file = write_answers(folder, part.rows, answers)
    report_file = write_report(folder, report)
    page_file = write_report_page(report_file, part.rows, answers, subject.trials, report)
    return Evaluation(report, report_file, answers_file, page_file)
