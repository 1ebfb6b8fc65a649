"""A run that was killed is gone on with, and one with more logs goes on from the last: to the same files."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from codeedit.errors import CodeEditError, InputError, InterruptedRunError
from codeedit.pipeline.ingest import ingest
from codeedit.pipeline.task_table import read_tasks

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = sorted((ROOT / "examples" / "logs").glob("*.jsonl"))
LINES = 300  # of each that are used
KEY = "ab" * 32


@pytest.fixture
def place(tmp_path):
    """A folder with a key and four sample logs."""
    (tmp_path / "data.key").write_text(KEY)
    for log in SAMPLES[:4]:
        add(log, tmp_path)
    return tmp_path


def add(log: Path, place: Path, lines: int = LINES) -> Path:
    (place / "logs").mkdir(exist_ok=True)
    copy = place / "logs" / log.name
    copy.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:lines]))
    return copy


def files(folder: Path) -> dict[str, bytes]:
    """All files of a data set; of the report, all but the seconds."""
    made = {path.name: path.read_bytes() for path in folder.iterdir()}
    report = json.loads(made["report.json"])
    for stage in report["stages"]:
        del stage["seconds"]
    made["report.json"] = json.dumps(report).encode()
    return made


def fresh(place: Path) -> dict[str, bytes]:
    """What one run over the logs makes."""
    ingest([place / "logs"], place / "fresh" / "data", key_file=place / "data.key")
    made = files(place / "fresh" / "data")
    shutil.rmtree(place / "fresh")
    return made


def run(place: Path, script: str) -> int:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-c", script], cwd=place, env=environment, check=False).returncode


DIES_AT = """
import os, signal
from pathlib import Path
from codeedit.pipeline.ingest import ingest
rename, left = Path.rename, [{number}]
def dies(path, to):
    left[0] -= 1
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return rename(path, to)
Path.rename = dies
ingest(["logs"], "data", jobs=1)
"""


def test_killed_before_any_rename_it_goes_on_to_the_same_files(place):
    for log in SAMPLES[1:4]:
        (place / "logs" / log.name).unlink()
    ingest([place / "logs"], place / "data")
    shutil.copytree(place, place / "copy", symlinks=True)
    add(SAMPLES[1], place)
    expected = fresh(place)
    ends = []
    for number in range(8):
        shutil.rmtree(place / "data")
        shutil.rmtree(place / ".data.work")
        shutil.copytree(place / "copy" / "data", place / "data")
        shutil.copytree(place / "copy" / ".data.work", place / ".data.work")
        ends.append(run(place, DIES_AT.format(number=number)))
        ingest([place / "logs"], place / "data")
        assert files(place / "data") == expected
        assert sorted(path.name for path in place.iterdir()) == [
            ".data.work",
            "copy",
            "data",
            "data.key",
            "logs",
        ]
        if not ends[-1]:
            break
    assert ends == [-signal.SIGKILL] * (len(ends) - 1) + [0]
    assert len(ends) > 4  # the unit, the list of logs, the old data set, the new one


def test_killed_at_any_moment_it_goes_on_to_the_same_files(place):
    expected = fresh(place)
    command = [sys.executable, "-m", "codeedit", "ingest", "logs", "--jobs", "2"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    chance = random.Random(11)
    kills = 0
    while True:
        process = subprocess.Popen(command, cwd=place, env=environment, stdout=subprocess.DEVNULL)
        try:
            code = process.wait(chance.uniform(1.0, 4.0) if kills < 5 else None)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            kills += 1
            continue
        assert code == 0
        break
    assert kills
    assert files(place / "data") == expected


def test_workers_of_a_killed_run_end(place):
    command = [sys.executable, "-m", "codeedit", "ingest", "logs", "--jobs", "2"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "CODEEDIT_TEST_MARK": str(place)}
    process = subprocess.Popen(command, cwd=place, env=environment, stdout=subprocess.DEVNULL)

    def marked() -> set[int]:
        found = set()
        for entry in Path("/proc").glob("[0-9]*/environ"):
            try:
                if str(place).encode() in entry.read_bytes():
                    found.add(int(entry.parent.name))
            except OSError:
                continue
        return found

    until = time.monotonic() + 60
    while len(marked()) < 3 and process.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    process.kill()
    process.wait()
    while marked() and time.monotonic() < until:
        time.sleep(0.05)
    assert not marked()


def test_new_logs_are_added_without_leave(place):
    ingest([place / "logs"], place / "data")
    before = {task.id for task in read_tasks(place / "data", "train")}
    add(SAMPLES[4], place)
    report = ingest([place / "logs"], place / "data")
    after = {task.id for split in ("train", "test") for task in read_tasks(place / "data", split)}
    assert (report.logs.given, report.logs.reused, report.logs.new) == (5, 4, 1)
    assert before <= after
    assert files(place / "data") == fresh(place)


def test_a_log_that_grew_is_read_anew(place):
    ingest([place / "logs"], place / "data")
    add(SAMPLES[1], place, LINES + 100)
    report = ingest([place / "logs"], place / "data")
    assert (report.logs.reused, report.logs.new, report.logs.changed) == (3, 0, 1)
    assert files(place / "data") == fresh(place)


def test_a_log_that_is_gone_needs_leave(place):
    ingest([place / "logs"], place / "data")
    (place / "logs" / SAMPLES[0].name).unlink()
    with pytest.raises(InputError, match=r"made from 4 logs, of which 1 is not given now.*--overwrite"):
        ingest([place / "logs"], place / "data")
    report = ingest([place / "logs"], place / "data", overwrite=True)
    assert (report.logs.gone, report.logs.reused) == (1, 3)
    assert files(place / "data") == fresh(place)


def test_a_log_that_moved_is_still_given(place):
    ingest([place / "logs"], place / "data")
    (place / "logs" / "older").mkdir()
    (place / "logs" / SAMPLES[0].name).rename(place / "logs" / "older" / SAMPLES[0].name)
    report = ingest([place / "logs"], place / "data")
    assert (report.logs.new, report.logs.gone) == (0, 0)
    assert files(place / "data") == fresh(place)


def test_what_is_no_log_comes_and_goes_without_leave_and_makes_no_work(place):
    logs = ingest([place / "logs"], place / "data").logs
    (place / "logs" / "notes.txt").write_text("nothing\n")
    with_notes = ingest([place / "logs"], place / "data")
    assert (with_notes.logs.given, with_notes.logs.new) == (logs.given, 0)
    assert len(list((place / ".data.work" / "units").iterdir())) == logs.given
    assert json.loads((place / "data" / "quarantine.jsonl").read_text())["file"] == "notes.txt"
    assert files(place / "data") == fresh(place)
    (place / "logs" / "notes.txt").unlink()
    assert ingest([place / "logs"], place / "data").quarantined == {}


def test_a_log_that_is_none_any_more_is_a_changed_one(place):
    ingest([place / "logs"], place / "data")
    (place / "logs" / SAMPLES[0].name).write_text("nothing\n")
    report = ingest([place / "logs"], place / "data")
    assert (report.logs.given, report.logs.changed, report.logs.gone) == (3, 1, 0)
    assert files(place / "data") == fresh(place)


def test_another_key_needs_leave(place):
    ingest([place / "logs"], place / "data")
    with pytest.raises(InputError, match="--overwrite"):
        ingest([place / "logs"], place / "data", key_file=place / "other.key")
    assert not (place / "other.key").exists()


def test_other_rules_are_a_reason_to_work_anew(place):
    ingest([place / "logs"], place / "data")
    (place / "rules.toml").write_text('[allow]\nvalues = ["nothing"]\n')
    report = ingest([place / "logs"], place / "data", rules=place / "rules.toml")
    assert report.logs.reused == 0
    assert len(list((place / ".data.work" / "units").iterdir())) == 4


def test_a_data_set_of_unknown_logs_needs_leave(place):
    ingest([place / "logs"], place / "data")
    shutil.rmtree(place / ".data.work")
    with pytest.raises(InputError, match="there is a data set here already"):
        ingest([place / "logs"], place / "data")
    ingest([place / "logs"], place / "data", overwrite=True)


def test_unfinished_work_holds_no_text_of_the_logs(place):
    secret = "gh" + "p_" + "x7Kq9Lm2Vb4Nc6Zd8Fg1Hj3Pw5Rt0Yu2Ee4A"
    log = place / "logs" / SAMPLES[0].name
    log.write_text(log.read_text().replace('"cursor', f'"{secret}').replace("return", f"// {secret} return"))
    (place / "logs" / f"{secret}.txt").write_text("no log")
    (place / "logs" / f"{secret}.jsonl").write_text((place / "logs" / SAMPLES[1].name).read_text() + "{\n")
    assert ingest([place / "logs"], place / "data").quarantined
    assert secret not in (place / "data" / "quarantine.jsonl").read_text()
    work = [path for path in (place / ".data.work").rglob("*") if path.is_file()]
    assert len(work) == 6
    assert not any(secret.encode() in path.read_bytes() for path in work)
    assert not any(
        KEY.encode() in path.read_bytes() or bytes.fromhex(KEY) in path.read_bytes() for path in work
    )
    assert (place / ".data.work").stat().st_mode & 0o777 == 0o700


def test_a_torn_unit_is_made_anew(place):
    ingest([place / "logs"], place / "data")
    expected = files(place / "data")
    unit = min((place / ".data.work" / "units").iterdir())
    unit.write_bytes(unit.read_bytes()[:100])
    assert ingest([place / "logs"], place / "data").logs.reused == 3
    assert files(place / "data") == expected


def test_a_stopped_run_says_how_to_go_on_and_keeps_its_work(place, monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("codeedit.pipeline.ingest.run.write_rows", stopped)
        with pytest.raises(InterruptedRunError, match="run the same command again to go on"):
            ingest([place / "logs"], place / "data")
    assert not (place / "data").exists()
    assert ingest([place / "logs"], place / "data").logs.reused == 4
    assert files(place / "data") == fresh(place)


@pytest.mark.parametrize(
    ("number", "told"),
    [(errno.ENOSPC, "the disk is full"), (errno.EDQUOT, "the disk quota"), (errno.EFBIG, "a file may not")],
)
def test_a_disk_without_room_is_told_and_gone_on_from(place, monkeypatch, number, told):
    def full(*_):
        raise OSError(number, "no room")

    with monkeypatch.context() as patched:
        patched.setattr("codeedit.pipeline.ingest.run.write_rows", full)
        with pytest.raises(CodeEditError, match=f"{told}.*; make room"):
            ingest([place / "logs"], place / "data")
    assert ingest([place / "logs"], place / "data").logs.reused == 4
    assert files(place / "data") == fresh(place)


def test_a_log_that_is_several_units_gives_the_same_files(place, monkeypatch):
    whole = place / "all" / "log.jsonl"
    whole.parent.mkdir()
    whole.write_bytes(b"".join((place / "logs" / log.name).read_bytes() for log in SAMPLES[:4]))
    ingest([whole], place / "one", key_file=place / "data.key")
    monkeypatch.setattr("codeedit.pipeline.ingest.session_stage.UNIT_EVENTS", 200)
    report = ingest([whole], place / "several", key_file=place / "data.key", jobs=1)
    assert report.sessions == 4
    assert len(list((place / ".several.work" / "units").iterdir())) == 4
    assert files(place / "one") == files(place / "several")
    assert ingest([whole], place / "several", key_file=place / "data.key").logs.reused == 1


def test_quarantine_tells_logs_of_one_name_apart(place):
    shutil.rmtree(place / "logs")
    logs = [log.read_bytes() + b"{\n" for log in (add(sample, place, 100) for sample in SAMPLES[:4])]
    for number, (folder, name) in enumerate((("ada/logs", "x"), ("ben/logs", "x"), ("ben/logs", "y"))):
        (place / folder).mkdir(parents=True, exist_ok=True)
        (place / folder / f"{name}.jsonl").write_bytes(logs[number])
        (place / folder / "notes.txt").write_text("nothing\n")
    given = [place / "logs", place / "ada" / "logs", place / "ben" / "logs"]
    ingest(given[:2], place / "data")

    def listed() -> set[str]:
        lines = (place / "data" / "quarantine.jsonl").read_text().splitlines()
        return {json.loads(line)["file"] for line in lines}

    assert listed() == {"x.jsonl", "notes.txt"}
    report = ingest(given, place / "data")
    assert report.logs.reused == 5
    assert listed() == {
        *("ada/logs/x.jsonl", "ben/logs/x.jsonl", "y.jsonl"),
        *("ada/logs/notes.txt", "ben/logs/notes.txt"),
    }
    assert sum(report.quarantined.values()) == 5
    grown = files(place / "data")
    ingest(reversed(given), place / "fresh" / "data", key_file=place / "data.key")
    assert files(place / "fresh" / "data") == grown
