"""From logs to a data set, end to end."""

from __future__ import annotations

import json
import os

import pytest

from codeedit.errors import CodeEditError, InputError
from codeedit.pipeline.ingest import ingest
from codeedit.pipeline.ingest.anonymize import Anonymizer
from codeedit.pipeline.task_table import read_tasks

SECRET = "gh" + "p_" + "x7Kq9Lm2Vb4Nc6Zd8Fg1Hj3Pw5Rt0Yu2Ee4A"


@pytest.fixture
def logs(tmp_path, recording, function):
    """Three recordings of a person who edits two functions; in one a token is typed."""
    folder = tmp_path / "logs"
    for number, word in enumerate(("width", "breadth", "extent")):
        text = function.replace("width", word).replace("volume", f"{word}_volume")
        at = text.index(f"{word} * height")
        made = type(recording)()
        made.entries.clear()
        made.header(uuid=f"u-{number}").open(0, "src/box.py", text)
        made.caret(0, at)
        made.change(0, [at, at + 5, f"w{number}"])
        made.change(0, [0, 0, f"N{number} = 1\n"], after=20_000)
        if number == 0:
            made.change(0, [7, 7, f"token = '{SECRET}'\n"], after=20_000)
            made.change(0, [0, 0, "import os\n"], after=20_000)
        made.write(folder / f"{number}.json")
    return folder


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def adds_up(report):
    for stage in report["stages"]:
        assert stage["in"] == stage["out"] + sum(stage["dropped"].values()), stage["name"]
    return True


def test_data_set_has_all_its_files(logs, tmp_path):
    report = ingest([logs], tmp_path / "data")
    assert sorted(files(tmp_path / "data")) == [
        "README.md",
        "anonymization.json",
        "anonymization.md",
        "quarantine.jsonl",
        "report.json",
        "test-00000.parquet",
        "train-00000.parquet",
    ]
    assert json.loads((tmp_path / "data" / "report.json").read_text()) == report.as_dict()
    assert (tmp_path / "data.key").exists()


def test_counts_add_up_from_record_to_row(logs, tmp_path):
    (logs / "notes.txt").write_text("no log")
    report = ingest([logs], tmp_path / "data").as_dict()
    rows = {split: len(list(read_tasks(tmp_path / "data", split))) for split in ("train", "test")}
    assert adds_up(report)
    assert report["tasks"] == rows
    assert report["stages"][-1]["out"] == sum(rows.values())
    assert report["quarantined"] == {"not a log of a known kind": 1}
    assert report["sessions"] == 3
    assert sum(row["count"] for row in report["languages"].values()) == sum(rows.values())


def test_counts_add_up_where_the_second_look_drops_rows(logs, tmp_path, monkeypatch):
    look = Anonymizer.findings

    def sees_more(self, text):
        return ["planted"] if "w2t * height" in text else look(self, text)

    whole = ingest([logs], tmp_path / "whole").as_dict()
    monkeypatch.setattr(Anonymizer, "findings", sees_more)
    report = ingest([logs], tmp_path / "data", jobs=1).as_dict()
    rows = {split: list(read_tasks(tmp_path / "data", split)) for split in ("train", "test")}
    (check,) = (stage for stage in report["stages"] if stage["name"] == "check")
    assert check["dropped"] == {"leak": check["in"] - check["out"]}
    assert report["dropped"]["leak"] > 0
    assert adds_up(report)
    assert sum(map(len, rows.values())) == sum(whole["tasks"].values()) - report["dropped"]["leak"]
    assert "w2t * height" not in str(rows)


def test_no_session_is_in_both_splits(logs, tmp_path):
    ingest([logs], tmp_path / "data")
    train, test = (
        {task.session for task in read_tasks(tmp_path / "data", split)} for split in ("train", "test")
    )
    assert train
    assert test
    assert not train & test


def test_secret_is_in_no_file(logs, tmp_path):
    ingest([logs], tmp_path / "data")
    assert not any(SECRET.encode() in content for content in files(tmp_path / "data").values())
    tasks = [task for split in ("train", "test") for task in read_tasks(tmp_path / "data", split)]
    assert SECRET not in str(tasks)
    assert any(redaction.count for task in tasks for redaction in task.redactions)


def test_same_input_and_key_give_the_same_rows_whatever_the_number_of_jobs(logs, tmp_path):
    ingest([logs], tmp_path / "one", key_file=tmp_path / "k")
    ingest([logs], tmp_path / "two", key_file=tmp_path / "k", jobs=2)
    one, two = files(tmp_path / "one"), files(tmp_path / "two")
    for changing in (one, two):
        del changing["report.json"]  # it has the seconds
    assert one == two


def test_copy_of_a_log_adds_nothing(logs, tmp_path):
    before = ingest([logs], tmp_path / "one", key_file=tmp_path / "k")
    (logs / "copy.json").write_bytes((logs / "0.json").read_bytes())
    after = ingest([logs], tmp_path / "two", key_file=tmp_path / "k")
    assert after.train + after.test == before.train + before.test
    assert after.dropped["duplicate"] > 0


def test_one_session_alone_has_no_test_split(logs, tmp_path):
    report = ingest([logs / "0.json"], tmp_path / "data")
    assert (report.test, (tmp_path / "data" / "test-00000.parquet").exists()) == (0, False)


def test_data_set_opens_with_datasets(logs, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets

    report = ingest([logs], tmp_path / "data")
    loaded = datasets.load_dataset(str(tmp_path / "data"), cache_dir=str(tmp_path / "cache"))
    assert {split: len(rows) for split, rows in loaded.items()} == {
        "train": report.train,
        "test": report.test,
    }


def test_nothing_to_learn_from_leaves_nothing(tmp_path, recording):
    log = recording.open(0, "notes.txt", "x").change(0, [0, 0, "y"]).write(tmp_path / "logs" / "log")
    with pytest.raises(CodeEditError, match="unsupported_language 1") as caught:
        ingest([log], tmp_path / "data")
    assert caught.value.exit_code == 1
    assert os.listdir(tmp_path) == ["logs"]  # noqa: PTH208


def test_folder_without_logs_leaves_nothing(tmp_path):
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "notes.txt").write_text("no log")
    with pytest.raises(InputError, match="no session"):
        ingest([tmp_path / "logs"], tmp_path / "data")
    assert os.listdir(tmp_path) == ["logs"]  # noqa: PTH208


def test_data_set_inside_the_logs_is_not_read_as_a_log(logs):
    ingest([logs], logs / "data")
    report = ingest([logs], logs / "data", overwrite=True)
    assert report.quarantined == {}


def test_private_file_name_is_not_quarantined_as_it_is(logs, tmp_path):
    (logs / f"{SECRET}.txt").write_text("no log")
    ingest([logs], tmp_path / "data")
    (line,) = (tmp_path / "data" / "quarantine.jsonl").read_text().splitlines()
    assert SECRET not in line


def test_jobs_have_to_be_some(logs, tmp_path):
    with pytest.raises(InputError, match="at least 1"):
        ingest([logs], tmp_path / "data", jobs=0)


def test_a_wrong_range_is_told_before_anything_is_read(tmp_path):
    with pytest.raises(InputError, match="known: syntax, lines, log"):
        ingest([tmp_path / "nothing"], tmp_path / "data", edit_range="words")
