"""The reports of real runs in docs/lab follow from the stored runs beside them."""

import tarfile
from pathlib import Path

import pytest

from codeedit.lab.train.lab_folder import open_lab
from codeedit.lab.train.report import as_dict, as_markdown
from codeedit.lab.train.results import read_results

DOCS = Path(__file__).resolve().parents[3] / "docs"
STORED = sorted((DOCS / "lab").glob("*.tar.xz"))


@pytest.fixture(scope="module", params=STORED, ids=lambda path: path.name.removesuffix(".tar.xz"))
def stored(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("stored")
    with tarfile.open(request.param) as packed:
        packed.extractall(folder, filter="data")
    lab = open_lab(folder / "lab/train")
    return request.param, as_dict(lab, read_results(lab))


def test_the_report_follows_from_the_runs(stored):
    packed, report = stored
    page = packed.with_name(packed.name.replace(".tar.xz", ".md"))
    assert as_markdown(report) == page.read_text("utf-8")


def test_the_docs_lead_to_it_and_say_how_many_runs_there_are(stored):
    packed, report = stored
    text = (DOCS / "lab.md").read_text("utf-8")
    name = packed.name.removesuffix(".tar.xz")
    assert f"lab/{name}.md" in text
    assert f"lab/{name}.tar.xz" in text
    assert f"{len(report['runs'])} runs of {report['settings']['steps']} steps" in text


def test_every_row_of_the_docs_is_one_of_a_report():
    rows = {row for page in (DOCS / "lab").glob("*.md") for row in page.read_text("utf-8").splitlines()}
    text = (DOCS / "lab.md").read_text("utf-8")
    part = text.split("### What real runs found")[1].split("\n## ")[0]
    shown = [line for line in part.splitlines() if line.startswith("| ")]
    assert shown
    assert [row for row in shown if row not in rows] == []
