import dataclasses
import json
import re
import shutil
import subprocess
import threading
import urllib.error
import urllib.request

import pytest

from codeedit.errors import InputError
from codeedit.eval.pages.browser import TaskBrowser
from codeedit.eval.pages.page import render
from codeedit.eval.pages.server import make_server, url_of
from codeedit.pipeline.task_table import write_tasks
from codeedit.records import HistoryEdit, Redaction

BAD = "</script><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"


@pytest.fixture
def data(tmp_path, tasks):
    """Four train tasks, of which the first is hostile in all its texts, and one test task."""
    first = dataclasses.replace(
        tasks[0],
        path=f"{BAD}.py",
        project=BAD,
        hint=BAD,
        edit=BAD,
        history=(HistoryEdit(BAD, f"@@ -1 +1 @@\n-{BAD}\n", 5),),
        redactions=(Redaction(BAD, 1),),
    )
    folder = tmp_path / "data"
    folder.mkdir()
    write_tasks([first, *tasks[1:]], folder / "train-00000.parquet")
    write_tasks([dataclasses.replace(tasks[0], id="t", hint="rename it")], folder / "test-00000.parquet")
    return folder


@pytest.fixture
def server(data):
    server = make_server(TaskBrowser(data))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def get(server, path: str, host: str | None = None):
    request = urllib.request.Request(url_of(server) + path, headers={"Host": host} if host else {})
    with urllib.request.urlopen(request) as answer:
        return answer.read().decode()


def test_tasks_are_numbered_over_all_files(data) -> None:
    browser = TaskBrowser(data)
    assert browser.count == 5
    assert [browser.task(number)["split"] for number in range(5)] == ["train"] * 4 + ["test"]
    assert browser.task(4)["id"] == "t"


def test_search_finds_code_edits_paths_and_hints_in_any_case(data) -> None:
    browser = TaskBrowser(data)
    assert [task["number"] for task in browser.listing("DEF F1", "", 0, 9)["tasks"]] == [1]
    assert [task["number"] for task in browser.listing("Rename It", "", 0, 9)["tasks"]] == [4]
    assert browser.listing("no such text", "", 0, 9) == {"total": 0, "start": 0, "tasks": []}


def test_tasks_are_filtered_by_language(data) -> None:
    browser = TaskBrowser(data)
    assert [task["number"] for task in browser.listing("", "go", 0, 9)["tasks"]] == [3]
    assert browser.languages() == [("python", 4), ("go", 1)]


def test_a_listing_comes_in_parts(data) -> None:
    found = TaskBrowser(data).listing("", "", 2, 2)
    assert found["total"] == 5
    assert [task["number"] for task in found["tasks"]] == [2, 3]


def test_a_file_of_tasks_can_be_browsed(data) -> None:
    assert TaskBrowser(data / "test-00000.parquet").count == 1


@pytest.mark.parametrize("name", ["none", "."])
def test_a_folder_without_tasks_is_an_error(tmp_path, name) -> None:
    with pytest.raises(InputError):
        TaskBrowser(tmp_path / name)


def test_the_server_gives_page_listing_and_task(server) -> None:
    assert get(server, "").startswith("<!doctype html>")
    assert json.loads(get(server, "api/tasks?query=&count=2"))["total"] == 5
    assert json.loads(get(server, "api/task?number=0"))["hint"] == BAD


@pytest.mark.parametrize("path", ["api/task?number=5", "api/task?number=x", "api/task", "../etc/passwd"])
def test_what_is_not_there_is_404(server, path) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(server, path)
    with caught.value as answer:
        assert answer.code == 404


def test_a_request_under_another_name_is_refused(server) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(server, "api/task?number=0", host="evil.example")
    with caught.value as answer:
        assert answer.code == 403


def test_the_server_listens_on_this_machine_only(server) -> None:
    assert server.server_address[0] == "127.0.0.1"


def page_with(data) -> str:
    browser = TaskBrowser(data)
    tasks = [browser.task(number) for number in range(browser.count)]
    return render({"title": BAD, "languages": browser.languages(), "tasks": tasks})


def test_data_cannot_end_its_element(data) -> None:
    page = page_with(data)
    assert BAD not in page
    assert page.count("<script") == page.count("</script>") == 2
    embedded = re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1]
    assert json.loads(embedded)["tasks"][0]["hint"] == BAD


def test_a_page_loads_nothing_from_outside(data) -> None:
    assert not re.search(r"(?:src|href)=[\"'](?!data:)", page_with(data).split('id="data"')[0])


def test_text_that_looks_like_a_place_in_the_page_stays_text() -> None:
    page = render({"title": "<!--SCRIPT--> <!--POLICY-->", "languages": [], "tasks": []})
    assert "\\u003c!--SCRIPT--\\u003e" in page


CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --virtual-time-budget=5000 --dump-dom"
)


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here")
def test_a_browser_shows_hostile_tasks_as_text(data, tmp_path) -> None:
    file = tmp_path / "page.html"
    file.write_text(page_with(data))
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    done = subprocess.run(
        [CHROMIUM, *FLAGS.split(), profile, file.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    shown = done.stdout.split('<script type="application/json"')[0]
    assert "<title>codeedit: tasks</title>" in shown
    assert "<img" not in shown
    assert "&lt;img src=x onerror=" in shown
    assert 'class="row range"' in shown
    assert 'role="status">5 tasks' in shown
