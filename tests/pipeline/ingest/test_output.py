from __future__ import annotations

import pytest

from codeedit.errors import InputError
from codeedit.pipeline.ingest.output import being_written, check_free


def data_set(folder):
    folder.mkdir()
    (folder / "report.json").write_text('{"schema_version": 1}')
    (folder / "train-00000.parquet").write_text("old")
    return folder


def test_folder_appears_when_it_is_complete(tmp_path):
    with being_written(tmp_path / "data") as folder:
        (folder / "file").write_text("new")
        assert not (tmp_path / "data").exists()
    assert (tmp_path / "data" / "file").read_text() == "new"


def test_failure_leaves_nothing(tmp_path):
    def fail():
        with being_written(tmp_path / "data") as folder:
            (folder / "file").write_text("new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_failure_leaves_the_old_data_set(tmp_path):
    old = data_set(tmp_path / "data")
    with pytest.raises(ValueError, match="no"), being_written(old):
        raise ValueError("no")
    assert (old / "train-00000.parquet").read_text() == "old"


def test_remains_of_a_killed_run_are_cleared(tmp_path):
    (tmp_path / ".data.partial" / "shards").mkdir(parents=True)
    with being_written(tmp_path / "data") as folder:
        assert list(folder.iterdir()) == []


def test_two_runs_do_not_write_the_same_data_set(tmp_path):
    with being_written(tmp_path / "data"), pytest.raises(InputError, match="another run"):
        being_written(tmp_path / "data").__enter__()
    assert (tmp_path / "data").is_dir()


def test_new_data_set_takes_the_old_ones_place(tmp_path):
    old = data_set(tmp_path / "data")
    with being_written(old) as folder:
        (folder / "file").write_text("new")
    assert [entry.name for entry in old.iterdir()] == ["file"]
    assert [entry.name for entry in tmp_path.iterdir()] == ["data"]


def test_missing_and_empty_folders_are_free(tmp_path):
    check_free(tmp_path / "data", overwrite=False)
    (tmp_path / "data").mkdir()
    check_free(tmp_path / "data", overwrite=False)


def test_own_data_set_is_replaced_on_demand_only(tmp_path):
    old = data_set(tmp_path / "data")
    with pytest.raises(InputError, match="--overwrite"):
        check_free(old, overwrite=False)
    check_free(old, overwrite=True)


@pytest.mark.parametrize("name", ["notes.txt", "README.md", "model.parquet"])
def test_foreign_files_are_never_replaced(tmp_path, name):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / name).write_text("mine")
    with pytest.raises(InputError, match="other files"):
        check_free(tmp_path / "data", overwrite=True)


def test_data_set_with_a_foreign_file_is_not_replaced(tmp_path):
    (data_set(tmp_path / "data") / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="other files"):
        check_free(tmp_path / "data", overwrite=True)


def test_file_in_the_way_is_an_error(tmp_path):
    (tmp_path / "data").write_text("mine")
    with pytest.raises(InputError, match="in the way"):
        check_free(tmp_path / "data", overwrite=True)


def test_folder_whose_name_is_not_utf8_is_told_before_any_work(tmp_path):
    with pytest.raises(InputError, match="not UTF-8"):
        check_free(tmp_path / "b\udcff" / "data", overwrite=False)
