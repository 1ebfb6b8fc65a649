from __future__ import annotations

import inspect
import os
import random
import sys
from pathlib import Path

import pytest

from codeedit.errors import InputError
from codeedit.pipeline.ingest import read_sessions
from codeedit.pipeline.ingest.logs import find_logs, told_apart
from codeedit.pipeline.ingest.quarantine import Quarantine


def names(*paths, **options):
    return [file.name for file in find_logs(paths, **options)]


def test_files_are_found_in_order_of_their_names(tmp_path):
    for name in ("b/x", "a", "c"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert names(tmp_path) == ["a", "b/x", "c"]


def test_hidden_files_are_passed_over(tmp_path):
    (tmp_path / ".git").mkdir()
    for name in (".git/a", ".DS_Store", "b"):
        (tmp_path / name).touch()
    assert names(tmp_path) == ["b"]


def test_loop_of_links_ends(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a").touch()
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    assert names(tmp_path) == ["self", "sub/a", "sub/up"]


def test_link_that_closes_a_loop_is_counted(tmp_path, recording):
    recording.open(0, "a.py", "x").write(tmp_path / "sub" / "log")
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    quarantine = Quarantine()
    assert len(list(read_sessions(tmp_path, quarantine=quarantine))) == 1
    assert {record.file: record.reason for record in quarantine.records} == {
        "self": "link that leads nowhere",
        "sub/up": "link to a folder that it lies in",
    }


def test_folder_that_is_linked_twice_is_read_once(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "log").touch()
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert names(tmp_path) == ["a/log"]


def test_folders_may_lie_deeper_than_functions_may_call_each_other(tmp_path):
    (tmp_path / "/".join("d" * 300)).mkdir(parents=True)
    (tmp_path / "/".join("d" * 300) / "x").touch()
    kept = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 150)
    try:
        (name,) = names(tmp_path)
    finally:
        sys.setrecursionlimit(kept)
    assert name.endswith("d/x")


def test_pipes_and_devices_are_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    quarantine = Quarantine()
    assert list(read_sessions(tmp_path, quarantine=quarantine)) == []
    assert quarantine.reasons() == {"not a log of a known kind": 2}


def test_pipe_given_by_itself_is_an_error(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="neither a file nor a folder"):
        find_logs([tmp_path / "pipe"])


def test_folder_that_cannot_be_listed_is_counted(tmp_path, recording, monkeypatch):
    recording.open(0, "a.py", "x").write(tmp_path / "log")
    (tmp_path / "secret").mkdir()
    listing = Path.iterdir

    def refuse(folder):
        if folder.name == "secret":
            raise PermissionError("no")
        return listing(folder)

    monkeypatch.setattr(Path, "iterdir", refuse)
    quarantine = Quarantine()
    assert len(list(read_sessions(tmp_path, quarantine=quarantine))) == 1
    assert quarantine.reasons() == {"cannot be read": 1}


def test_file_given_twice_is_read_once(tmp_path):
    (tmp_path / "a").touch()
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert names(tmp_path, tmp_path / "a") == ["a"]


@pytest.fixture
def overlapping(tmp_path):
    """A folder with a folder and a link in it, and names of it and of what it holds."""
    outer = tmp_path / "outer"
    (outer / "inner").mkdir(parents=True)
    for name in ("outer/a", "outer/inner/b", "outside"):
        (tmp_path / name).touch()
    (outer / "inner" / "nowhere").symlink_to(tmp_path / "missing")
    (tmp_path / "other").symlink_to(outer)
    (tmp_path / "z").symlink_to(tmp_path / "outside")
    given = (outer, outer / "inner", outer / "a", tmp_path / "other", outer / "inner" / "b", tmp_path / "z")
    return [*given, outer, tmp_path / "outside"]


def test_inputs_that_overlap_give_each_log_once(overlapping):
    assert names(*overlapping) == ["a", "inner/b", "inner/nowhere", "outside"]


def test_the_order_of_inputs_does_not_matter(overlapping):
    found = {tuple(find_logs(random.Random(seed).sample(overlapping, 8))) for seed in range(20)}
    assert len(found) == 1


def test_a_file_named_beside_its_folder_has_to_be_a_log(tmp_path, recording):
    recording.open(0, "a.py", "x").write(tmp_path / "log")
    (tmp_path / "notes.txt").write_text("no log")
    given = {file.name: file.given for file in find_logs([tmp_path, tmp_path / "notes.txt"])}
    assert given == {"log": False, "notes.txt": True}


def test_the_data_set_that_is_written_is_no_log(tmp_path):
    (tmp_path / "data").mkdir()
    for name in ("data/report.json", "data.key", "log"):
        (tmp_path / name).touch()
    assert names(tmp_path, leave_out=[tmp_path / "data", tmp_path / "data.key"]) == ["log"]


def test_missing_path_is_an_error(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        find_logs([tmp_path / "missing"])


def test_empty_folder_is_an_error(tmp_path):
    with pytest.raises(InputError, match="no logs here"):
        find_logs([tmp_path])


def test_link_to_itself_is_an_error(tmp_path):
    (tmp_path / "a").symlink_to(tmp_path / "a")
    with pytest.raises(InputError, match="leads nowhere"):
        find_logs([tmp_path / "a"])


def test_pipe_is_never_opened(tmp_path, recording):
    os.mkfifo(tmp_path / "pipe")
    recording.open(0, "a.py", "x").write(tmp_path / "log")
    quarantine = Quarantine()
    assert len(list(read_sessions(tmp_path, quarantine=quarantine))) == 1
    assert quarantine.reasons() == {"not a log of a known kind": 1}


def test_foreign_file_in_a_folder_is_put_away(tmp_path, recording):
    recording.open(0, "a.py", "x").write(tmp_path / "log")
    (tmp_path / "notes.txt").write_text("no log")
    quarantine = Quarantine()
    assert len(list(read_sessions(tmp_path, quarantine=quarantine))) == 1
    assert [(record.file, record.line) for record in quarantine.records] == [("notes.txt", 0)]


def test_foreign_file_alone_is_an_error(tmp_path):
    (tmp_path / "notes.txt").write_text("no log")
    with pytest.raises(InputError, match="not a log"):
        list(read_sessions(tmp_path / "notes.txt"))


def test_kind_is_told_by_content_not_by_name(tmp_path, recording):
    recording.open(0, "a.py", "x").write(tmp_path / "picture.png")
    assert len(list(read_sessions(tmp_path / "picture.png"))) == 1


def test_unknown_source_is_an_error(tmp_path):
    with pytest.raises(InputError, match="unknown source"):
        list(read_sessions(tmp_path, source="vscode"))


def test_names_of_several_logs_go_on_upwards_until_they_differ(tmp_path):
    for name in ("one/a/x", "one/b/x", "two/a/x", "two/x", "two/y"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    roots = [tmp_path / folder for folder in ("one/a", "one/b", "two")]
    files = find_logs(roots)
    assert sorted(file.name for file in files) == ["a/x", "x", "x", "x", "y"]
    assert sorted(told_apart(files)) == ["b/x", "one/a/x", "two/a/x", "two/x", "y"]
