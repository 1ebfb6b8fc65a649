"""A lab's models on its sets: sampled answers for the report, greedy ones for the warm start."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from codeedit.eval.engines import ModelSource
from codeedit.eval.evaluate import GenerationOptions, answer_target, evaluate_model
from codeedit.eval.generation import Progress
from codeedit.eval.report import Report
from codeedit.eval.scoring import score_answers
from codeedit.eval.sets.tasks import from_path
from codeedit.eval.store import REPORT, read_report
from codeedit.eval.subject import MAX_PROMPT, EvaluatedModel
from codeedit.lab.tasks.data import ID_TEST, SHIFTED_TEST
from codeedit.runs import Run

REPORTED = (ID_TEST, SHIFTED_TEST)


def evaluate(run: Run, model: Path, tasks: Path, trials: int, progress: Progress) -> None:
    """Evaluate a run's model on both reported sets; the reports go where ``codeedit compare`` looks.

    Args:
        run: whose model it is.
        model: its folder.
        tasks: the lab's sets.
        trials: answers to each task, drawn at temperature 1.
        progress: told how many answers are there.
    """
    for name in REPORTED:
        if not (run.path / "eval" / name / REPORT).is_file():
            subject = _subject(run, model, run.path / "eval")
            evaluate_model(from_path(tasks / name), subject, GenerationOptions(trials=trials), progress)


def reports(run: Run) -> dict[str, Report]:
    """Return a run's reports by set; empty where one is missing."""
    files = {name: run.path / "eval" / name / REPORT for name in REPORTED}
    return (
        {name: read_report(file) for name, file in files.items()}
        if all(file.is_file() for file in files.values())
        else {}
    )


def greedy_exact_match(run: Run, model: Path, data: Path) -> float:
    """Return a checkpoint's exact match on a set's test split, always with the likeliest token."""
    target = from_path(data)
    subject = _subject(run, model, run.path / "eval" / model.parent.name)
    answered = answer_target(target, subject, GenerationOptions(trials=1, temperature=0.0), lambda *_: None)
    scores = score_answers(answered.part, answered.answers, (0,))
    return sum(score.exact_match for score in scores) / len(scores)


def _subject(run: Run, model: Path, folder: Path) -> EvaluatedModel:
    settings = run.settings
    return EvaluatedModel(
        ModelSource(f"{run.name}/{model.name}", model),
        folder,
        template=settings["template"],
        max_prompt=MAX_PROMPT,
        max_response=settings["max_response_length"],
    )


def is_evaluated(run: Run, sets: Sequence[str] = REPORTED) -> bool:
    """Tell whether a run's reports are there."""
    return all((run.path / "eval" / name / REPORT).is_file() for name in sets)
