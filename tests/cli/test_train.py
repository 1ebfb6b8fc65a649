import dataclasses
import importlib.util
import json
import re
from types import SimpleNamespace

import click
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from codeedit.cli.app import run
from codeedit.cli.train import command
from codeedit.pipeline.task_table import write_tasks
from codeedit.records import HistoryEdit, Origin, Task
from codeedit.runs import Run
from codeedit.training.algorithms import option_fields

needs_verl = pytest.mark.skipif(importlib.util.find_spec("verl") is None, reason="verl is not installed")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CODEEDIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("codeedit.models.resolve.find_gpus", tuple)
    monkeypatch.setattr("codeedit.training.request.find_gpus", tuple)
    return tmp_path


@pytest.fixture
def some_data(folder):
    """A data set of forty tasks."""
    (folder / "data").mkdir()
    write_tasks(map(some_task, range(40)), folder / "data/train-00000.parquet")


def some_task(number):
    return Task(
        id=f"{number:016x}",
        source="made",
        session=f"session-{number}",
        project="project",
        path="a.py",
        language="python",
        origin=Origin.SYNTHETIC,
        time_ms=number,
        code=f"x = {number}\n",
        edit_start=0,
        edit_end=len(f"x = {number}"),
        cursor=0,
        history=(HistoryEdit("a.py", "@@ -1 +1 @@\n-a\n+b\n", 1000),),
        hint=None,
        edit=f"y = {number}",
        no_change=False,
    )


def one_line(capsys, *parts):
    err = capsys.readouterr().err
    assert err.count("\n") == 1, err
    for part in parts:
        assert part in err


def test_every_field_of_an_estimator_is_an_option_of_its_type():
    options = {parameter.name: parameter for parameter in command.params}
    types = {float: click.FLOAT, int: click.INT, str: click.STRING}
    for name, field in option_fields().items():
        assert options[name].type is types[type(field.default)], name


@pytest.mark.parametrize("tau", ["0", "1.5", "abc", "nan"])
def test_bad_tau_is_one_line(tau, capsys):
    assert run(["train", "--tau", tau]) == 2
    one_line(capsys, "tau")


@needs_verl
@pytest.mark.usefixtures("some_data")
@pytest.mark.parametrize(
    ("args", "part"),
    [
        (["--algo", "gappo"], "did you mean gapo"),
        (["--algo", "grpo", "--tau", "0.5"], "grpo has no option --tau"),
        (["--algo", "gapo", "--level", "0.5"], "it has: --tau, --center, --scale, --ddof, --base"),
        (["--algo", "sft", "--tau", "0.5"], "sft has no option --tau"),
        (["--init", "nowhere"], "no run nowhere"),
        (["--init", "nowhere", "--model", "tiny"], "--model and --init exclude each other"),
        (["--model", "qwen"], "unknown model"),
        (["--", "data.nothing=1"], "verl has no setting data.nothing"),
        (["--steps", "0"], "--steps"),
        (["--base", "ppo"], "it has: grpo, dapo"),
    ],
)
def test_bad_flags_are_one_line_and_leave_nothing(args, part, folder, capsys):
    assert run(["train", *args]) == 2
    one_line(capsys, part)
    assert not (folder / "runs").exists()


@needs_verl
def test_without_data_one_line_says_how_to_make_some(folder, capsys):
    assert run(["train"]) == 2
    one_line(capsys, "codeedit ingest")
    assert not (folder / "runs").exists()


@needs_verl
@pytest.mark.usefixtures("some_data")
def test_an_occupied_folder_is_left_alone(folder, capsys):
    (folder / "out").mkdir()
    (folder / "out/mine").write_text("x")
    assert run(["train", "--out", "out"]) == 2
    one_line(capsys, "out: this folder is occupied", "--resume")
    assert [path.name for path in (folder / "out").iterdir()] == ["mine"]


def test_missing_verl_is_one_line(monkeypatch, capsys):
    monkeypatch.setattr("codeedit.training.verl_install.importlib.util.find_spec", lambda _: None)
    assert run(["train", "--dry-run"]) == 1
    one_line(capsys, "verl is not installed", "pip install")


@needs_verl
@pytest.mark.usefixtures("some_data")
def test_dry_run_prints_one_json_object_and_starts_nothing(folder, capsys):
    args = ["train", "--algo", "gapo", "--tau", "0.25", "--dry-run", "--json", "--", "trainer.test_freq=7"]
    assert run(args) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["algorithm"]["tau"] == plan["verl"]["algorithm"]["tau"] == 0.25
    assert (plan["model"], plan["problems"]) == ("tiny", [])
    assert plan["verl"]["trainer"]["test_freq"] == 7
    assert not (folder / "runs").exists()


@needs_verl
def test_dry_run_without_data_names_that_as_a_problem(capsys):
    assert run(["train", "--dry-run", "--json"]) == 2
    assert "codeedit ingest" in json.loads(capsys.readouterr().out)["problems"][0]


@needs_verl
@pytest.mark.usefixtures("some_data")
def test_dry_run_with_a_selection_of_other_tasks_fails(folder, capsys):
    pq.write_table(pa.table({"id": ["ff"], "selected": [True]}), folder / "other.parquet")
    assert run(["train", "--dry-run", "--json", "--select", "other.parquet"]) == 2
    assert "other.parquet" in json.loads(capsys.readouterr().out)["problems"][0]


@needs_verl
@pytest.mark.parametrize("args", [[], ["--dry-run"]])
def test_a_row_that_is_no_task_is_named_before_anything_starts(folder, capsys, args):
    (folder / "data").mkdir()
    tasks = [some_task(number) for number in range(8)]
    tasks[5] = dataclasses.replace(tasks[5], edit_end=10_000)
    write_tasks(tasks, folder / "data/train-00000.parquet")
    assert run(["train", "--json", *args]) == 2
    told = json.loads(capsys.readouterr().out)
    assert "data/train-00000.parquet:6" in (told["problems"][0] if args else told["error"]["where"])
    assert not (folder / "runs").exists()


@needs_verl
@pytest.mark.usefixtures("some_data")
def test_dry_run_counts_what_becomes_of_a_sample(capsys):
    assert run(["train", "--dry-run", "--json"]) == 0
    sample = json.loads(capsys.readouterr().out)["sample"]
    assert sample == {"tasks": 40, "shortened": 0, "too_long": 0, "answer_too_long": 0}


@needs_verl
@pytest.mark.usefixtures("some_data")
def test_dry_run_where_no_answer_fits_fails(capsys):
    assert run(["train", "--dry-run", "--json", "--", "data.max_response_length=2"]) == 2
    assert "no task looked at fits" in json.loads(capsys.readouterr().out)["problems"][0]


@needs_verl
@pytest.mark.usefixtures("some_data")
def test_dry_run_plans_for_another_machine(capsys):
    args = ["train", "--dry-run", "--json", "--gpus", "8x80", "--nodes", "2", "--model", "tiny"]
    assert run(args) == 0
    plan = json.loads(capsys.readouterr().out)
    trainer = plan["verl"]["trainer"]
    assert (plan["device"], trainer["n_gpus_per_node"], trainer["nnodes"]) == ("cuda", 8, 2)


def test_gpus_are_for_a_dry_run_only(capsys):
    assert run(["train", "--gpus", "8x80"]) == 2
    one_line(capsys, "--gpus is for --dry-run")


@needs_verl
@pytest.mark.usefixtures("some_data")
def test_too_little_disk_is_a_problem(monkeypatch, capsys):
    usage = SimpleNamespace(free=1000)
    monkeypatch.setattr("codeedit.training.problems.shutil.disk_usage", lambda _: usage)
    assert run(["train", "--dry-run", "--json"]) == 2
    problem = json.loads(capsys.readouterr().out)["problems"][0]
    assert re.match(r"checkpoints need about \d+ MB, and .* has 0 MB free: make room", problem)


def test_resume_without_a_run_is_one_line(capsys):
    assert run(["train", "--resume"]) == 2
    one_line(capsys, "no run yet")


@pytest.fixture
def finished(folder):
    run_folder = folder / "runs/done"
    (run_folder / "checkpoints/global_step_3").mkdir(parents=True)
    (run_folder / "checkpoints/global_step_3/complete.json").write_text("{}")
    settings = {
        "algorithm": {"name": "gapo", "tau": 0.5},
        "model": "tiny",
        "source": "someone/some-model",
        "device": "cpu",
        "seed": 1,
        "steps": 3,
        "validation": {},
        "checkpoints": 2,
        "rollouts": 32,
        "overrides": ["data.seed=1"],
    }
    Run(run_folder).write_settings(settings)


@pytest.mark.usefixtures("finished")
@pytest.mark.parametrize(
    ("args", "part"),
    [
        (["--tau", "0.9"], "--tau 0.9 contradicts this run, which has 0.5"),
        (["--algo", "grpo"], "--algo grpo contradicts"),
        (["--model", "qwen3-4b"], "--model qwen3-4b contradicts"),
        (["--", "data.seed=2"], "data.seed=2 is not among this run's overrides"),
        (["--dry-run"], "exclude each other"),
        (["--logger", "wandb"], "--logger wandb contradicts this run, which has none"),
        (["--init", "other"], "--init other contradicts"),
        ([], "all 3 steps of this run are done"),
    ],
)
def test_a_resume_that_makes_no_sense_is_one_line(args, part, capsys):
    assert run(["train", "--resume", "--out", "runs/done", *args]) == 2
    one_line(capsys, part)
