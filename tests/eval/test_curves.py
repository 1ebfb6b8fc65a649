import pytest

from codeedit.eval.curves import panels, training_hours, write_plots

RUN = [
    {"step": 0, "time": 0.0, "metrics": {"codeedit/val/exact_match": 0.1}},
    {"step": 1, "time": 900.0, "metrics": {"timing_s/step": 1800.0, "actor/entropy": 0.5}},
    {"step": 2, "time": 99_000.0, "metrics": {"timing_s/step": 3600.0, "codeedit/val/exact_match": 0.3}},
]
OTHER = [{"step": 1, "time": 0.0, "metrics": {"actor/entropy": 0.7}}]


def test_hours_are_those_of_training_steps() -> None:
    assert training_hours(RUN) == [0.0, 0.5, 1.5]


def test_without_the_time_of_steps_hours_are_those_since_the_first_line() -> None:
    lines = [{"step": at, "time": 100.0 + 1800 * at, "metrics": {}} for at in range(3)]
    assert training_hours(lines) == [0.0, 0.5, 1.0]


def test_a_curve_has_the_steps_at_which_it_was_logged() -> None:
    exact_match, entropy, _ = panels([RUN, OTHER])
    assert exact_match.name == "validation_exact_match"
    (curve,) = exact_match.curves
    assert (curve.run, curve.steps, curve.hours, curve.values) == (0, [0, 2], [0.0, 1.5], [0.1, 0.3])
    assert [(curve.run, curve.values) for curve in entropy.curves] == [(0, [0.5]), (1, [0.7])]


def test_what_no_run_logged_has_no_panel() -> None:
    assert [panel.name for panel in panels([OTHER])] == ["entropy"]
    assert panels([[]]) == []


def test_what_codeedit_logs_besides_comes_last() -> None:
    lines = [
        {
            "step": 1,
            "time": 0.0,
            "metrics": {"codeedit/groups/skewness": 1.0, "actor/entropy": 0.5, "x/y": 1.0},
        }
    ]
    assert [panel.label for panel in panels([lines])] == ["Entropy, nats", "Groups: skewness"]


def test_curves_are_written_by_step_and_by_hour(tmp_path) -> None:
    pytest.importorskip("matplotlib")
    files = write_plots(tmp_path, ["a", "b"], panels([RUN, OTHER]))
    assert [file.name for file in files] == ["curves-by-step.png", "curves-by-hour.png"]
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in files)
