"""What becomes of verl's metrics and checkpoints while it trains, and of its failures."""

import json

import pytest

from codeedit.runs import Run, mark_complete, scores_file
from codeedit.training.failure import last_cause
from codeedit.training.holding import held
from codeedit.training.keeper import LOGGED, Keeper, StepReport
from codeedit.training.progress import Pace, clock, plain_line


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    return Run(folder)


@pytest.fixture
def logged(tmp_path):
    return tmp_path / "logged.jsonl"


def keeper(run, logged, **more):
    return Keeper(run, logged, **{"sources": {"a": 3, "b": 1}, "keep": 2, "rollouts": 0, **more})


def log(path, step, **data):
    with path.open("a") as file:
        file.write(json.dumps({"step": step, "data": data}) + "\n")


def validated(exact_a, exact_b, reward=0.5):
    return {
        "val-core/a/acc/mean@1": exact_a,
        "val-core/b/acc/mean@1": exact_b,
        "val-aux/a/score/mean@1": reward,
        "val-aux/b/score/mean@1": reward,
    }


def save(run, step):
    model = run.checkpoints / f"global_step_{step}" / "actor" / "huggingface"
    model.mkdir(parents=True)
    (model / "config.json").write_text("{}")
    mark_complete(run.checkpoints / f"global_step_{step}", step)


def test_steps_are_reported_once(run, logged):
    kept = keeper(run, logged)
    log(logged, 1, reward=0.5)
    assert [report.step for report in kept.poll()] == [1]
    log(logged, 2, reward=0.6)
    assert [report.step for report in kept.poll()] == [2]
    assert [line["step"] for line in run.metrics()] == [1, 2]


def test_steps_that_nobody_kept_are_taken_in_before_the_next_start(run):
    run.write_settings({"validation": {}, "checkpoints": 2, "rollouts": 0})
    start = run.path / ".start-killed"
    start.mkdir()
    log(start / LOGGED, 1, reward=0.5)
    for _ in Keeper(run, start / LOGGED, {}, 2, 0).poll():
        pass
    log(start / LOGGED, 2, reward=0.6)
    log(start / LOGGED, 3, reward=0.7)
    with held(run):
        assert not start.exists()
    kept = [json.loads(line) for line in run.metrics_file.read_text().splitlines()]
    assert [(line["step"], line["metrics"]["reward"]) for line in kept] == [(1, 0.5), (2, 0.6), (3, 0.7)]


def test_a_line_that_is_being_written_waits(run, logged):
    kept = keeper(run, logged)
    logged.write_text('{"step": 1, "da')
    assert list(kept.poll()) == []
    logged.write_text('{"step": 1, "data": {}}\n')
    assert [report.step for report in kept.poll()] == [1]


def test_a_second_start_appends(run, tmp_path):
    for start, step in (("one", 1), ("two", 2)):
        log(tmp_path / start, step, reward=0.5)
        list(keeper(run, tmp_path / start).poll())
    assert [line["step"] for line in run.metrics()] == [1, 2]


def test_validation_is_the_mean_over_rows_not_over_sources(run, logged):
    log(logged, 1, **validated(1.0, 0.0))
    (report,) = keeper(run, logged).poll()
    assert report.metrics["codeedit/val/exact_match"] == 0.75


def test_best_is_the_highest_exact_match(run, logged):
    kept = keeper(run, logged)
    for step, exact in ((1, 0.2), (2, 0.6), (3, 0.4)):
        save(run, step)
        log(logged, step, **validated(exact, exact))
        list(kept.poll())
    assert run.state("best")["step"] == 2
    assert run.state("last")["step"] == 3


def needing_change(share, exact):
    """Validation of one source: a share of the rows needs a change, and of all rows so many get it."""
    return {"val-aux/a/needs_change/mean@1": share, "val-aux/a/exact_match_change/mean@1": exact}


def test_exact_match_where_a_change_is_needed_is_of_those_rows(run, logged):
    log(logged, 1, **{"val-core/a/acc/mean@1": 0.5}, **needing_change(0.8, 0.4))
    (report,) = keeper(run, logged, sources={"a": 10}).poll()
    assert report.metrics["codeedit/val/exact_match_change"] == 0.5


def test_a_model_that_leaves_everything_as_it_is_is_not_the_best(run, logged):
    kept = keeper(run, logged, sources={"a": 10})
    for step, exact, changed in ((1, 0.3, 0.3), (2, 0.5, 0.0)):
        save(run, step)
        log(logged, step, **{"val-core/a/acc/mean@1": exact}, **needing_change(0.5, changed))
        list(kept.poll())
    assert run.state("best") == {"step": 1, "exact_match": 0.3, "exact_match_change": 0.6}


def test_of_equal_exact_matches_the_higher_reward_is_best_then_the_later(run, logged):
    kept = keeper(run, logged)
    for step, reward in ((1, 0.5), (2, 0.7), (3, 0.7), (4, 0.6)):
        save(run, step)
        log(logged, step, **validated(0.0, 0.0, reward))
        list(kept.poll())
    assert run.state("best")["step"] == 3


def test_best_is_remembered_over_a_resume(run, logged, tmp_path):
    save(run, 1)
    log(logged, 1, **validated(0.9, 0.9))
    list(keeper(run, logged).poll())
    save(run, 2)
    log(tmp_path / "second", 2, **validated(0.1, 0.1))
    list(keeper(run, tmp_path / "second").poll())
    assert run.state("best")["step"] == 1


def test_old_checkpoints_of_earlier_starts_are_pruned(run, logged):
    for step in (1, 2, 3, 4):
        save(run, step)
    list(keeper(run, logged).poll())
    assert [point.step for point in run.complete_checkpoints()] == [3, 4]


def test_without_validation_the_last_model_is_the_best(run, logged):
    save(run, 1)
    kept = keeper(run, logged)
    list(kept.poll())
    kept.finish()
    assert run.state("best")["step"] == 1


def test_a_best_that_was_never_validated_gives_way(run, logged):
    save(run, 1)
    keeper(run, logged).finish()
    save(run, 2)
    log(logged, 2, **validated(0.0, 0.0))
    list(keeper(run, logged).poll())
    assert run.state("best")["step"] == 2


def save_supervised(run, step):
    model = run.checkpoints / f"global_step_{step}" / "huggingface"
    model.mkdir(parents=True)
    (model / "config.json").write_text("{}")
    (run.checkpoints / "latest_checkpointed_iteration.txt").write_text(str(step))


def test_best_of_a_supervised_run_has_the_lowest_loss(run, logged):
    kept = keeper(run, logged)
    for step, loss in ((1, 0.9), (2, 0.4), (3, 0.6)):
        log(logged, step, **{"val/loss": loss})  # which verl's SFT trainer logs before it saves
        assert [report.step for report in kept.poll()] == [step]
        save_supervised(run, step)
        assert list(kept.poll()) == []
    assert run.state("best") == {"step": 2, "loss": 0.4}
    assert run.state("last")["step"] == 3


def test_a_supervised_checkpoint_that_was_not_noted_is_torn(run):
    save_supervised(run, 1)
    (run.checkpoints / "global_step_2" / "huggingface").mkdir(parents=True)
    run.mark_tracked()
    assert [torn.name for torn in run.discard_torn_checkpoints()] == ["global_step_2"]


def test_a_steps_validation_joins_its_metrics(run, logged):
    log(logged, 1, **{"train/loss": 0.5, "train/global_tokens": 10})
    log(logged, 1, **{"val/loss": 0.4})
    list(keeper(run, logged).poll())
    (line,) = run.metrics()
    assert (line["metrics"]["train/loss"], line["metrics"]["val/loss"]) == (0.5, 0.4)


def test_alarms_are_reported_and_stored(run, logged):
    log(logged, 1, **{"actor/grad_norm": None})  # as verl's file has a number that is not finite
    (report,) = keeper(run, logged).poll()
    assert [alarm.name for alarm in report.alarms] == ["not_finite"]
    assert [alarm["name"] for alarm in run.alarms()] == ["not_finite"]
    assert run.metrics()[0]["metrics"] == {}


def test_alarms_remember_the_steps_before_a_resume(run, tmp_path):
    flat = {"codeedit/groups/no_spread": 1.0}
    for number, step in enumerate((1, 2, 3)):
        path = tmp_path / f"start-{number}.jsonl"
        log(path, step, **flat)
        (report,) = keeper(run, path).poll()
    assert [alarm.name for alarm in report.alarms] == ["no_spread"]


def test_last_cause_looks_through_rays_wrapping(tmp_path):
    path = tmp_path / "train.log"
    path.write_text(
        "(TaskRunnerV1 pid=7) fine\n"
        "Traceback (most recent call last):\n"
        "ray.exceptions.RayTaskError(ValueError): ray::TaskRunnerV1.run() (pid=7)\n"
        '  File "x.py", line 3, in f\n'
        "\x1b[36m(TaskRunnerV1 pid=7)\x1b[0m torch.OutOfMemoryError: no memory left\n"
        "ray.exceptions.ActorDiedError: The actor died.\n"
    )
    cause = last_cause(path)
    assert (cause.message, cause.line) == ("torch.OutOfMemoryError: no memory left", 5)


def test_last_cause_is_found_behind_a_rank(tmp_path):
    path = tmp_path / "train.log"
    path.write_text("[rank0]: ValueError: no such file\n[rank0]:[W1125 08:59:59] Warning: unused\n")
    assert last_cause(path).message == "ValueError: no such file"


def test_last_cause_may_be_a_bare_exception(tmp_path):
    path = tmp_path / "train.log"
    path.write_text("Exception: The node timed out.\nException ignored in: <function close>\n")
    assert last_cause(path).message == "Exception: The node timed out."


def test_last_cause_is_of_this_start_only(tmp_path):
    path = tmp_path / "train.log"
    path.write_text("ValueError: of an earlier start\n")
    assert last_cause(path, path.stat().st_size) is None


def test_time_left_follows_the_latest_steps():
    pace = Pace(total=10)
    for step in (1, 2):
        pace.add(StepReport(step, {"timing_s/step": 3.0, "timing_s/testing": 1.0}))
    assert pace.left == 8 * 4.0


def test_plain_line_has_what_a_user_watches():
    report = StepReport(
        2,
        {
            "critic/score/mean": 0.25,
            "codeedit/rollouts/exact_match": 0.125,
            "actor/pg_clipfrac": 0.01,
            "response_length/mean": 40.0,
            "timing_s/step": 2.0,
            "codeedit/val/exact_match": 0.5,
        },
    )
    pace = Pace(total=4)
    pace.add(report)
    line = plain_line(report, pace)
    for part in (
        "step 2/4",
        "reward 0.250",
        "exact match 0.125",
        "clipped 0.0100",
        "length 40",
        "left 0:04",
    ):
        assert part in line


@pytest.mark.parametrize(("seconds", "text"), [(5, "0:05"), (65, "1:05"), (3723, "1:02:03"), (None, "?")])
def test_clock(seconds, text):
    assert clock(seconds) == text


def test_scores_join_their_rollouts(run, logged):
    run.rollouts.mkdir()
    rows = [{"uid": f"g_{n}_0", "score": 0.5, "output": "x"} for n in range(2)]
    (run.rollouts / "1.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    scores = [{"uid": f"g_{n}_0", "score": 0.7, "reward_parse": float(n)} for n in range(2)]
    scores_file(run.rollouts, 1).write_text("".join(json.dumps(row) + "\n" for row in scores))
    log(logged, 1)
    list(keeper(run, logged, rollouts=2).poll())
    joined = [json.loads(line) for line in (run.rollouts / "1.jsonl").read_text().splitlines()]
    # verl's score has what DAPO takes off for length
    assert [(row["score"], row["reward_parse"]) for row in joined] == [(0.5, 0.0), (0.5, 1.0)]
    assert [path.name for path in run.rollouts.iterdir()] == ["1.jsonl"]
