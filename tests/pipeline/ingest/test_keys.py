from __future__ import annotations

import stat
from pathlib import Path

import pytest

from codeedit.errors import InputError
from codeedit.pipeline.ingest.keys import default_key_file, load_key, save_key


def test_key_lies_beside_the_data():
    assert default_key_file(Path("x/data")) == Path("x/data.key")


def test_new_key_is_written_for_its_owner_alone_and_read_again(tmp_path):
    key = load_key(tmp_path / "k", tmp_path / "data")
    assert not key.file.exists()
    save_key(key)
    assert stat.S_IMODE(key.file.stat().st_mode) == 0o600
    again = load_key(key.file, tmp_path / "data")
    assert (again.value, again.is_new) == (key.value, False)
    assert [entry.name for entry in tmp_path.iterdir()] == ["k"]


def test_key_made_by_another_run_is_not_overwritten(tmp_path):
    first, second = (load_key(tmp_path / "k", tmp_path / "data") for _ in range(2))
    save_key(first)
    with pytest.raises(InputError):
        save_key(second)
    assert load_key(tmp_path / "k", tmp_path / "data").value == first.value


@pytest.mark.parametrize("content", [b"", b"abc", b"\xff" * 64, b"g" * 64])
def test_file_without_a_key_is_an_error(tmp_path, content):
    (tmp_path / "k").write_bytes(content)
    with pytest.raises(InputError, match="not a key file"):
        load_key(tmp_path / "k", tmp_path / "data")


@pytest.mark.parametrize("place", ["data/k", "data/sub/k", "other/../data/k"])
def test_key_inside_the_data_is_an_error(tmp_path, place):
    with pytest.raises(InputError, match="inside"):
        load_key(tmp_path / place, tmp_path / "data")


def test_key_is_not_shown(tmp_path):
    key = load_key(tmp_path / "k", tmp_path / "data")
    assert key.value.hex() not in repr(key)
    assert repr(key.value) not in repr(key)


def test_key_where_no_folder_can_be_is_a_new_one_that_cannot_be_saved(tmp_path):
    (tmp_path / "file").touch()
    key = load_key(tmp_path / "file" / "k")
    assert key.is_new
    with pytest.raises(OSError, match="file"):
        save_key(key)


def test_key_that_may_not_be_read_is_told_as_such(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError

    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(InputError, match="cannot be read"):
        load_key(tmp_path / "k")
