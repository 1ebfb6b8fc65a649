from __future__ import annotations

import os

import pytest

from codeedit.errors import InputError
from codeedit.pipeline.ingest import read_sessions
from codeedit.pipeline.ingest.logs import find_logs
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
    assert names(tmp_path) == ["self", "sub/a"]


def test_file_given_twice_is_read_once(tmp_path):
    (tmp_path / "a").touch()
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert names(tmp_path, tmp_path / "a") == ["a"]


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
