"""What docs/lab.md says of the real runs follows from the stored ones, docs/lab/runs.tar.xz."""

import tarfile
from pathlib import Path

import pytest

from codeedit.lab.train.lab_folder import open_lab
from codeedit.lab.train.report import as_dict, as_markdown
from codeedit.lab.train.results import read_results

DOCS = Path(__file__).resolve().parents[3] / "docs"


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stored")
    with tarfile.open(DOCS / "lab/runs.tar.xz") as stored:
        stored.extractall(folder, filter="data")
    lab = open_lab(folder / "lab/train")
    return as_dict(lab, read_results(lab))


def test_all_tables_of_the_report_stand_in_the_page(report):
    page = (DOCS / "lab.md").read_text("utf-8").splitlines()
    tables = [line for line in as_markdown(report).splitlines() if line.startswith("|")]
    assert len(tables) > 20
    assert [line for line in tables if line not in page] == []


def test_the_page_says_how_many_runs_there_are(report):
    page = (DOCS / "lab.md").read_text("utf-8")
    assert f"{len(report['runs'])} runs of {report['settings']['steps']} steps" in page
    assert report["unfinished"] == []
