import json
import urllib.error
import urllib.request

import pytest

from codeedit.errors import InputError
from codeedit.eval.pages.server import url_of
from codeedit.eval.pages.tasks import TaskBrowser


def get(server, path: str, host: str | None = None):
    request = urllib.request.Request(url_of(server) + path, headers={"Host": host} if host else {})
    with urllib.request.urlopen(request) as answer:
        return answer.read().decode()


def test_tasks_are_numbered_over_all_files(data) -> None:
    browser = TaskBrowser(data)
    assert browser.count == 5
    assert [browser.task(number)["split"] for number in range(5)] == ["train"] * 4 + ["test"]
    assert browser.task(4)["id"] == "t"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("DEF F1", [1]),  # code
        ("x + 2", [2]),  # the answer
        ("Rename It", [4]),  # the hint
        ("src/F3", [3]),  # the path
        ("import SO", [1, 2, 3, 4]),  # the history
        ("ession-1", [0, 1, 2, 3, 4]),
        ("A NEIGHBOUR", [4]),  # a related file
        ("no such text", []),
        ("f.", []),  # a text, not a pattern
    ],
)
def test_search_finds_what_a_person_reads_in_any_case(data, query, found) -> None:
    assert TaskBrowser(data).search(query) == found


def test_the_index_says_what_tasks_can_be_filtered_by(data) -> None:
    entries = TaskBrowser(data).page().entries
    assert [entry.facets["language"] for entry in entries] == [("python",)] * 3 + [("go",), ("python",)]
    assert [entry.facets["answer"] for entry in entries][2:4] == [("a change",), ("no change",)]
    assert [entry.facets["split"] for entry in entries][3:] == [("train",), ("test",)]
    assert [entry.facets["hint"] for entry in entries][3:] == [("without",), ("with hint",)]
    assert entries[1].facets["redacted"] == ("nothing",)


def test_an_index_of_the_first_tasks_has_no_others(data) -> None:
    assert [entry.id for entry in TaskBrowser(data).page(2).entries] == ["task0", "task1"]


def test_a_file_of_tasks_can_be_browsed(data) -> None:
    assert TaskBrowser(data / "test-00000.parquet").count == 1


@pytest.mark.parametrize("name", ["none", "."])
def test_a_folder_without_tasks_is_an_error(tmp_path, name) -> None:
    with pytest.raises(InputError):
        TaskBrowser(tmp_path / name)


def test_the_server_gives_page_row_and_search(server) -> None:
    assert get(server, "").startswith("<!doctype html>")
    assert json.loads(get(server, "api/row?at=4"))["hint"] == "rename it"
    assert json.loads(get(server, "api/search?query=rename")) == [4]


@pytest.mark.parametrize(
    "path", ["api/row?at=5", "api/row?at=-1", "api/row?at=x", "api/row", "../etc/passwd"]
)
def test_what_is_not_there_is_404(server, path) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(server, path)
    with caught.value as answer:
        assert answer.code == 404


def test_a_request_under_another_name_is_refused(server) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(server, "api/row?at=0", host="evil.example")
    with caught.value as answer:
        assert answer.code == 403


def test_the_server_listens_on_this_machine_only(server) -> None:
    assert server.server_address[0] == "127.0.0.1"
