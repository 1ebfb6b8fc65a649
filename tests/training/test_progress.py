"""What a user sees of a run."""

import io

import pytest
from rich.console import Console

from codeedit.training.alarms import Alarm
from codeedit.training.keeper import StepReport
from codeedit.training.progress import COLUMNS, show

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


def test_all_columns_and_validations_fit_80_characters():
    names = [metric for _, metric, _ in COLUMNS if not metric.startswith("train/")]  # which sft alone has
    metrics = {**dict.fromkeys(names, 0.1234), "codeedit/val/exact_match": 0.125}
    text = io.StringIO()
    console = Console(file=text, force_terminal=True, width=80, no_color=True)
    show([StepReport(400, metrics | {"perf/throughput": 12345.0})], console, total=400, done=0)
    assert "…" not in text.getvalue()
    assert "step 400  validation: exact match 0.125, reward 0.000" in text.getvalue()


def test_an_alarm_follows_its_steps_line():
    alarm = Alarm("copies", 1, "all are copies", "do this")
    text = io.StringIO()
    show([StepReport(1, {}, (alarm,))], Console(file=text, width=120), total=5, done=0)
    assert text.getvalue().splitlines()[1] == "alarm: step 1: all are copies; do this"


def test_alarms_stay_below_the_table():
    alarm = Alarm("copies", 1, "all are copies", "do this")
    text = io.StringIO()
    console = Console(file=text, force_terminal=True, width=120, no_color=True)
    show([StepReport(1, {}, (alarm,)), StepReport(2, {})], console, total=5, done=0)
    assert "all are copies; do this" in text.getvalue().rpartition("step 2/5")[2]


def test_a_supervised_runs_columns_are_its_own():
    reports = [StepReport(1, {"train/loss": 0.5, "timing_s/step": 1.0}), StepReport(1, {"val/loss": 0.25})]
    text = io.StringIO()
    show(reports, Console(file=text, force_terminal=True, width=120, no_color=True), total=5, done=0)
    last = text.getvalue().rpartition("step 1/5")[2]
    assert "loss 0.2500" in last
    assert "reward" not in last


@pytest.mark.parametrize("part", ["step 2/5", "0.750", "left 0:09", "exact match 0.125"])
def test_on_a_terminal_the_table_has_the_latest_steps(part):
    assert part in shown(terminal=True)
