"""Files of an evaluation: ``report.json`` and ``answers.jsonl`` in one folder, never half-written.

``answers.jsonl`` grows while an engine answers, so that an interrupted evaluation goes on;
``settings.json`` beside it tells whether stored answers are of the same model, set and sampling.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from codeedit.errors import InputError
from codeedit.eval.answers import Answers, GivenAnswer, read_line
from codeedit.eval.sets import EvalSet
from codeedit.pipeline.prompt_builder.builder import DEFAULT_TEMPLATE

REPORT, ANSWERS, SETTINGS = "report.json", "answers.jsonl", "settings.json"


def slug(text: str) -> str:
    """Return a text as one name of a folder."""
    return re.sub(r"[^\w.-]+", "-", text).strip("-.") or "unnamed"


def write_text(path: Path, text: str) -> None:
    """Write a file under a temporary name, then rename it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary name beside ``path`` that takes its place at the end, or goes on an error."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_report(folder: Path, report: Mapping[str, Any], name: str = REPORT) -> Path:
    """Write a report; return its path."""
    path = folder / name
    write_text(path, json.dumps(report, indent=2) + "\n")
    return path


def read_report(path: Path) -> dict[str, Any]:
    """Read a ``report.json``; ``InputError`` where it is none."""
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError("not a report of codeedit eval", where=str(path)) from error
    if not isinstance(report, dict) or "row_exact_match" not in report:
        raise InputError("not a report of codeedit eval", where=str(path))
    return report


def write_answers(folder: Path, target: EvalSet, answers: Answers) -> Path:
    """Write all answers at once; return the file's path."""
    lines = [_line(target, at, trial, answer) for (at, trial), answer in sorted(answers.items())]
    path = folder / ANSWERS
    write_text(path, "".join(lines))
    (folder / SETTINGS).unlink(missing_ok=True)  # an engine's; these answers are not to be continued
    return path


def _line(target: EvalSet, at: int, trial: int, answer: GivenAnswer) -> str:
    entry: dict[str, Any] = {target.key_field: target.rows[at].key, "trial": trial, "answer": answer.text}
    if answer.truncated:
        entry["truncated"] = True
    if answer.prompt_too_long:
        entry["prompt_too_long"] = True
    if answer.template != DEFAULT_TEMPLATE:
        entry |= {"template": answer.template, "above": answer.above, "below": answer.below}
    return json.dumps(entry) + "\n"


def _aside(folder: Path, settings: str) -> Path:
    """Return where the answers made with other settings than the newest lie."""
    return folder / "earlier" / f"answers-{hashlib.sha256(settings.encode()).hexdigest()[:12]}.jsonl"


def _put_aside(answers: Path, settings: Path) -> None:
    """Keep what an engine answered before; nothing where that is not known or nothing."""
    if answers.is_file() and settings.is_file() and answers.stat().st_size:
        place = _aside(answers.parent, settings.read_text(encoding="utf-8"))
        place.parent.mkdir(exist_ok=True)
        answers.replace(place)


class AnswerStore:
    """The answers of an engine, on disk as they come.

    Args:
        folder: where ``answers.jsonl`` and ``settings.json`` lie.
        target: the set that is answered.
        settings: all that an answer depends on; answers made with others are put aside, and taken up
            again when their settings come back.
    """

    def __init__(self, folder: Path, target: EvalSet, settings: Mapping[str, Any]) -> None:
        self.folder = folder
        self.target = target
        self.answers: dict[tuple[int, int], GivenAnswer] = {}
        folder.mkdir(parents=True, exist_ok=True)
        path, kept = folder / ANSWERS, folder / SETTINGS
        wanted = json.dumps(settings, indent=2, sort_keys=True) + "\n"
        if not (path.is_file() and kept.is_file() and kept.read_text(encoding="utf-8") == wanted):
            _put_aside(path, kept)
            earlier = _aside(folder, wanted)
            if earlier.is_file():
                earlier.replace(path)
            else:
                write_text(path, "")
            write_text(kept, wanted)
        self._load(path)
        self._file = path.open("a", encoding="utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, at: int, trial: int, answer: GivenAnswer) -> None:
        """Keep an answer, on disk at once."""
        self.answers[at, trial] = answer
        self._file.write(_line(self.target, at, trial, answer))
        self._file.flush()

    def _load(self, path: Path) -> None:
        """Take over what an earlier run answered; a last line that it did not finish is dropped."""
        positions = {row.key: at for at, row in enumerate(self.target.rows)}
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        if lines and not lines[-1].endswith("\n"):
            lines.pop()
            write_text(path, "".join(lines))
        for number, line in enumerate(lines, start=1):
            key, trial, answer = read_line(line, self.target.key_field, f"{path}:{number}")
            if key in positions:  # else of a row beyond --limit
                self.answers[positions[key], trial] = answer
