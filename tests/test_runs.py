"""A run's folder: metrics, checkpoints, best and last."""

import json

import pytest

from codeedit.errors import InputError
from codeedit.runs import Run, find_run, free_name, mark_complete


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "runs" / "first"
    folder.mkdir(parents=True)
    run = Run(folder)
    run.write_settings({"name": "first"})
    return run


def add_checkpoint(run, step, *, complete=True, dtype="F32"):
    model = run.checkpoints / f"global_step_{step}" / "actor" / "huggingface"
    model.mkdir(parents=True)
    header = json.dumps({"w": {"dtype": dtype, "shape": [1], "data_offsets": [0, 4]}}).encode()
    (model / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + bytes(4))
    (model / "config.json").write_text('{"model_type": "qwen2", "dtype": "bfloat16"}')
    if complete:
        mark_complete(run.checkpoints / f"global_step_{step}", step)


def test_metrics_are_read_in_order(run):
    run.append_metrics(1, 10.0, {"a": 1.0})
    run.append_metrics(2, 11.0, {"a": 2.0})
    assert [line["metrics"]["a"] for line in run.metrics()] == [1.0, 2.0]


def test_of_a_step_that_was_done_again_the_newest_counts(run):
    for value in (1.0, 2.0):
        run.append_metrics(1, 10.0, {"a": value})
    assert [line["metrics"] for line in run.metrics()] == [{"a": 2.0}]


def test_a_torn_line_spoils_no_other(run):
    run.append_metrics(1, 10.0, {"a": 1.0})
    with run.metrics_file.open("a") as file:
        file.write('{"step": 2, "ti')
    run.append_metrics(2, 12.0, {"a": 2.0})
    assert [line["step"] for line in run.metrics()] == [1, 2]


def test_values_that_json_cannot_hold_are_left_out(run):
    run.append_metrics(1, 10.0, {"a": float("nan"), "b": 1.0})
    assert run.metrics()[0]["metrics"] == {"b": 1.0}


def test_only_complete_checkpoints_count(run):
    add_checkpoint(run, 10)
    add_checkpoint(run, 9)
    add_checkpoint(run, 11, complete=False)
    assert [point.step for point in run.complete_checkpoints()] == [9, 10]


def test_torn_checkpoints_are_discarded(run):
    add_checkpoint(run, 1)
    add_checkpoint(run, 2, complete=False)
    run.discard_torn_checkpoints()
    assert [folder.name for folder in run.checkpoints.iterdir()] == ["global_step_1"]


def test_a_checkpoint_whose_files_lost_their_ends_is_torn(run):
    for step in (1, 2, 3):
        folder = run.checkpoints / f"global_step_{step}"
        (folder / "actor").mkdir(parents=True)
        (folder / "actor/optim.pt").write_bytes(bytes(100))
        mark_complete(folder, step)
    (run.checkpoints / "global_step_2/actor/optim.pt").write_bytes(bytes(99))
    (run.checkpoints / "global_step_3/actor/optim.pt").unlink()
    assert [folder.name for folder in run.discard_torn_checkpoints()] == ["global_step_2", "global_step_3"]


def test_a_model_that_is_changed_after_its_checkpoint_tears_nothing(run):
    folder = run.checkpoints / "global_step_1"
    (folder / "actor/huggingface").mkdir(parents=True)
    (folder / "actor/huggingface/model.safetensors").write_bytes(bytes(100))
    mark_complete(folder, 1)
    (folder / "actor/huggingface/model.safetensors").write_bytes(bytes(50))
    assert not run.discard_torn_checkpoints()


def test_metrics_stand_in_the_order_of_their_names(run):
    run.append_metrics(1, 10.0, {"b": 1.0, "a": 2.0})
    assert list(run.metrics()[0]["metrics"]) == ["a", "b"]


def test_a_model_that_a_kill_left_between_two_names_is_put_back(run):
    add_checkpoint(run, 1)
    run.publish(run.complete_checkpoints()[0], "best", {})
    (run.path / "best").rename(run.path / ".best.old")
    run.restore_published()
    assert run.state("best")["step"] == 1


def test_pruning_keeps_the_newest(run):
    for step in (1, 2, 10):
        add_checkpoint(run, step)
    run.prune_checkpoints(2)
    assert [point.step for point in run.complete_checkpoints()] == [2, 10]


def test_best_survives_the_pruning_of_its_checkpoint(run):
    add_checkpoint(run, 1)
    run.publish(run.complete_checkpoints()[0], "best", {"exact_match": 0.5})
    add_checkpoint(run, 2)
    run.prune_checkpoints(1)
    assert (run.best / "model.safetensors").stat().st_size > 4
    assert run.state("best") == {"step": 1, "exact_match": 0.5}


def test_publishing_replaces_the_folder(run):
    for step in (1, 2):
        add_checkpoint(run, step)
        run.publish(run.complete_checkpoints()[-1], "last", {})
    assert run.state("last") == {"step": 2}
    assert sorted(path.name for path in run.path.iterdir()) == ["checkpoints", "last", "run.json"]


@pytest.mark.parametrize(("stored", "name"), [("F32", "float32"), ("BF16", "bfloat16")])
def test_config_says_the_type_of_the_weights(run, stored, name):
    add_checkpoint(run, 1, dtype=stored)
    run.publish(run.complete_checkpoints()[0], "last", {})
    assert json.loads((run.last / "config.json").read_text())["dtype"] == name


def test_without_a_model_best_and_last_are_none(run):
    assert (run.best, run.last) == (None, None)


def test_a_run_is_found_by_name_folder_and_as_the_latest(run):
    root = run.path.parent
    run.point_latest()
    assert find_run("first", root) == find_run(run.path, root) == find_run("latest", root) == run


def test_latest_is_a_relative_link(run):
    run.point_latest()
    assert str((run.path.parent / "latest").readlink()) == "first"


def test_latest_moves_on(run):
    run.point_latest()
    second = run.path.parent / "second"
    second.mkdir()
    Run(second).point_latest()
    assert str((run.path.parent / "latest").readlink()) == "second"


def test_missing_run_says_how_to_make_one(tmp_path):
    with pytest.raises(InputError, match="no run yet; make one with: codeedit train"):
        find_run(root=tmp_path)


def test_settings_of_another_folder_are_refused(tmp_path):
    with pytest.raises(InputError, match="not a run's folder"):
        _ = Run(tmp_path).settings


def test_free_name_counts_up(tmp_path):
    for name in ("gapo", "gapo-2"):
        (tmp_path / name).mkdir()
    assert free_name(tmp_path, "gapo").name == "gapo-3"
