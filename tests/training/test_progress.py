"""What a user sees of a run."""

import io

import pytest
from rich.console import Console

from codeedit.training.keeper import StepReport
from codeedit.training.progress import show

REPORTS = (
    StepReport(0, {"codeedit/val/exact_match": 0.125, "codeedit/val/reward": 0.25}),
    StepReport(1, {"critic/score/mean": 0.5, "timing_s/step": 4.0, "response_length/mean": 30.0}),
    StepReport(2, {"critic/score/mean": 0.75, "timing_s/step": 2.0, "actor/pg_clipfrac": 0.01}),
)


def shown(*, terminal):
    text = io.StringIO()
    console = Console(file=text, force_terminal=terminal, width=120, no_color=True)
    seen = show((None, *REPORTS, None), console, total=5, done=0)
    assert seen == list(REPORTS)
    return text.getvalue()


def test_without_a_terminal_each_step_is_one_plain_line():
    lines = shown(terminal=False).splitlines()
    assert [line.split("  ")[0] for line in lines] == ["step 0/5", "step 1/5", "step 2/5"]
    assert "validation: exact match 0.125, reward 0.250" in lines[0]
    assert lines[2].endswith("left 0:09")


@pytest.mark.parametrize("part", ["step 2/5", "0.750", "left 0:09", "exact match 0.125"])
def test_on_a_terminal_the_table_has_the_latest_steps(part):
    assert part in shown(terminal=True)
