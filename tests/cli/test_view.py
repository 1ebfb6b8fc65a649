import json

import pytest

from codeedit.cli.app import run
from codeedit.eval.pages.document import read_details
from codeedit.pipeline.task_table import write_tasks
from codeedit.records import Origin, Task


@pytest.fixture
def data(tmp_path):
    """Three tasks."""
    tasks = [
        Task(f"t{at}", "s", "s", "p", "a.py", "python", Origin.HUMAN, 0, "x\n", 0, 1, 0, (), None, "y", False)
        for at in range(3)
    ]
    folder = tmp_path / "data"
    folder.mkdir()
    write_tasks(tasks, folder / "train-00000.parquet")
    return folder


def test_an_export_holds_the_first_tasks(data, tmp_path, capsys) -> None:
    file = tmp_path / "out" / "page.html"
    assert run(["view", str(data), "--export", str(file), "--limit", "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"file": str(file), "tasks": 2}
    assert [row["id"] for row in read_details(file)] == ["t0", "t1"]


def test_the_address_is_printed_and_an_interrupt_ends_it_well(data, monkeypatch, capsys) -> None:
    from http.server import ThreadingHTTPServer

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ThreadingHTTPServer, "serve_forever", stop)
    assert run(["view", str(data), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["url"].startswith("http://127.0.0.1:")
    assert shown["tasks"] == 3


def test_no_data_is_one_line_and_code_2(tmp_path, capsys) -> None:
    assert run(["view", str(tmp_path / "none")]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "codeedit ingest" in err
