"""The hash of what a log holds."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from codeedit.pipeline.ingest.log_content import log_content
from codeedit.pipeline.ingest.logs import LogFile


def content(path):
    return log_content(LogFile(path, path.name), "auto")


def test_another_byte_is_another_content(tmp_path, recording):
    log = recording.open(0, "a.py", "x\n").change(0, [0, 0, "y"]).write(tmp_path / "log.json")
    before = content(log)
    assert before == content(log)
    log.write_text(log.read_text().replace('"y"', '"z"'))
    assert content(log) != before


def test_a_log_that_cannot_be_read_has_no_content(tmp_path):
    assert content(tmp_path / "missing") == ""


@pytest.mark.skipif(shutil.which("git") is None, reason="no git")
def test_a_repository_counts_with_its_commits_and_not_its_work_tree(tmp_path):
    repository = tmp_path / "shop"
    repository.mkdir()

    def git(*words):
        who = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *words], cwd=repository, check=True, capture_output=True)

    git("init", "-q")
    (repository / "box.py").write_text("x = 1\n")
    git("add", ".")
    git("commit", "-qm", "one")
    before = content(repository)
    (repository / "box.py").write_text("x = 2\n")
    git("status")
    assert content(repository) == before
    git("commit", "-qam", "two")
    assert content(repository) != before


def test_snapshots_beside_a_list_of_saves_count(tmp_path):
    folder = tmp_path / "1a2b3c4d"
    folder.mkdir()
    (folder / "entries.json").write_text('{"version":1,"resource":"file:///a.py","entries":[]}')
    (folder / "abcd.py").write_text("x")
    before = content(folder)
    (folder / "abcd.py").write_text("y")
    assert content(folder) != before
    assert content(folder / "entries.json")
