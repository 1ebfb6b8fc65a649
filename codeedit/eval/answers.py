"""Answers to a set's rows, as JSON lines: predictions made elsewhere, and the store of our own engines.

A line is ``{"id" or "row", "answer", "trial"}``; ``trial`` may be left out and is 0 then.  Optional are
``truncated``, ``prompt_too_long``, and ``template`` with ``above`` and ``below`` of the prompt, where its
template is not the default one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeedit.errors import InputError
from codeedit.eval.sets import EvalSet
from codeedit.pipeline.prompt_builder.builder import DEFAULT_TEMPLATE

_MOST_NAMED = 5
_FRAME = ("template", "above", "below")


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What a model said to one row in one trial."""

    text: str
    truncated: bool = False  # it reached the response limit
    prompt_too_long: bool = False  # the row's prompt fits no budget: the model was not asked
    template: str = DEFAULT_TEMPLATE  # of the prompt: its parser reads the answer
    above: str = ""  # what the answer repeats above the range, by its template
    below: str = ""  # the same below the range


Answers = Mapping[tuple[int, int], GivenAnswer]  # (position in the set, trial)


@dataclass(frozen=True, slots=True)
class Predictions:
    """Answers to a whole set."""

    answers: Answers
    trials: tuple[int, ...]  # ascending
    missing: int  # pairs of row and trial without an answer


def read_predictions(
    path: Path, target: EvalSet, *, rows: Sequence[int] | None = None, allow_missing: bool = False
) -> Predictions:
    """Read and check a file of predictions.

    Args:
        path: JSON lines.
        target: the whole set that they answer.
        rows: positions of the rows that have to be there; None: all.
        allow_missing: whether rows without an answer are wrong ones instead of an error.

    Raises:
        InputError: bad JSON, a wrong type, an unknown or a double row, or missing ones; with file and line.
    """
    positions = {row.key: at for at, row in enumerate(target.rows)}
    answers: dict[tuple[int, int], GivenAnswer] = {}
    try:
        with path.open(encoding="utf-8", newline="\n") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                where = f"{path}:{number}"
                key, trial, answer = read_line(line, target.key_field, where)
                if key not in positions:
                    hint = f"the set {target.name} has {len(positions)} rows"
                    raise InputError(f"unknown {target.key_field} {key!r}", where=where, hint=hint)
                if (positions[key], trial) in answers:
                    problem = f"a second answer to {target.key_field} {key!r} in trial {trial}"
                    raise InputError(problem, where=where, hint='number the trials with "trial"')
                answers[positions[key], trial] = answer
    except UnicodeDecodeError:
        raise InputError("not a text file in UTF-8", where=str(path)) from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path)) from error
    if not answers:
        raise InputError("no predictions in this file", where=str(path))
    trials = tuple(sorted({trial for _, trial in answers}))
    asked = range(len(target.rows)) if rows is None else rows
    wanted = [(at, trial) for at in asked for trial in trials]
    missing = [pair for pair in wanted if pair not in answers]
    if missing and not allow_missing:
        raise _missing(missing, target, trials, path)
    return Predictions(answers, trials, len(missing))


def read_line(line: str, key_field: str, where: str) -> tuple[str | int, int, GivenAnswer]:
    """Return the row's name, the trial and the answer of one line; ``InputError`` where it is wrong."""
    try:
        entry = json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        raise InputError("not a JSON object", where=where) from None
    if not isinstance(entry, dict):
        raise InputError("not a JSON object", where=where)
    key: Any = entry.get(key_field)
    trial: Any = entry.get("trial", 0)
    if key_field not in entry:
        other = "row" if key_field == "id" else "id"
        hint = f"this set's rows are named by {key_field}, not by {other}" if other in entry else ""
        raise InputError(f'no "{key_field}"', where=where, hint=hint)
    if key_field == "row" and not _is_count(key):
        raise InputError('"row" is not a whole number from 0', where=where)
    if key_field == "id" and not isinstance(key, str):
        raise InputError('"id" is not a text', where=where)
    if not _is_count(trial):
        raise InputError('"trial" is not a whole number from 0', where=where)
    if not isinstance(entry.get("answer"), str):
        problem = '"answer" is not a text' if "answer" in entry else 'no "answer"'
        raise InputError(problem, where=where)
    answer = GivenAnswer(
        entry["answer"],
        truncated=entry.get("truncated") is True,
        prompt_too_long=entry.get("prompt_too_long") is True,
        **{name: _optional_text(entry, name, where) for name in _FRAME if name in entry},
    )
    return key, trial, answer


def _optional_text(entry: Mapping[str, Any], name: str, where: str) -> str:
    value = entry[name]
    if not isinstance(value, str):
        raise InputError(f'"{name}" is not a text', where=where)
    return value


def _is_count(value: Any) -> bool:  # noqa: ANN401 - decoded JSON
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _missing(
    missing: Sequence[tuple[int, int]], target: EvalSet, trials: Sequence[int], path: Path
) -> InputError:
    rows = list(dict.fromkeys(at for at, _ in missing))
    named = ", ".join(str(target.rows[at].key) for at in rows[:_MOST_NAMED])
    more = ", ..." if len(rows) > _MOST_NAMED else ""
    trial_count = f" in {len(trials)} trials" if len(trials) > 1 else ""
    return InputError(
        f"{len(missing)} answers are missing{trial_count} ({target.key_field} {named}{more})",
        where=str(path),
        hint="complete the file, or score them as wrong with --allow-missing",
    )
