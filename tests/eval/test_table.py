import dataclasses
import io

import pytest
from rich.console import Console

from codeedit.eval.answers import GivenAnswer
from codeedit.eval.report import Subject, make_report
from codeedit.eval.sets.base import set_from_tasks
from codeedit.eval.table import report_lines, report_table


@pytest.fixture
def report(tasks):
    rejected = set_from_tasks("id", tasks)
    rows = tuple(dataclasses.replace(row, rejected="no") for row in rejected.rows)
    answers = {(at, 0): GivenAnswer("no") for at in range(4)}
    subject = Subject("m", (0,), {}, base_model="qwen2.5-coder-7b")
    return make_report(dataclasses.replace(rejected, rows=rows), answers, subject)


def shown(report) -> str:
    stream = io.StringIO()
    Console(file=stream, width=80).print(report_table(report))
    return stream.getvalue()


def test_the_table_fits_80_columns_and_shows_sizes_and_baselines(report) -> None:
    text = shown(report)
    assert all(word in text for word in ("need a change", "need none", "1-2 lines", "python", "repeat"))
    (row,) = [line for line in text.splitlines() if "need a change" in line]
    assert "[0.0, 56.1]" in row  # not broken in two, nothing cut off
    assert "…" not in text


def test_the_lines_say_what_the_table_does_not(report) -> None:
    text = "\n".join(report_lines(report))
    assert "Changed lines: precision 37.5%, recall 50.0%, F1 42.9%" in text
    assert "Equal to the set's rejected answer: 100.0%." in text


def test_the_papers_figures_are_shown_with_what_they_are_for(report) -> None:
    (line,) = [line for line in report_lines(report) if "paper" in line]
    assert "qwen2.5-coder-7b" in line
    assert "other rows than these: grpo 40.05, gapo 44.40" in line
