import json

import pytest

from codeedit.errors import InputError
from codeedit.eval.answers import GivenAnswer, read_predictions
from codeedit.eval.sets.base import set_from_tasks
from codeedit.eval.store import AnswerStore, read_report, slug, write_answers, write_report, write_text


@pytest.fixture
def target(tasks):
    return set_from_tasks("id", tasks)


def test_answers_survive_an_interruption(tmp_path, target) -> None:
    with AnswerStore(tmp_path, target, {"model": "a"}) as store:
        store.add(1, 0, GivenAnswer("one", truncated=True))
    with AnswerStore(tmp_path, target, {"model": "a"}) as store:
        assert store.answers == {(1, 0): GivenAnswer("one", truncated=True)}


def test_answers_of_other_settings_are_not_used(tmp_path, target) -> None:
    with AnswerStore(tmp_path, target, {"model": "a"}) as store:
        store.add(0, 0, GivenAnswer("one"))
    with AnswerStore(tmp_path, target, {"model": "b"}) as store:
        assert store.answers == {}
    assert (tmp_path / "answers.jsonl").read_text() == ""


def test_answers_of_other_settings_come_back_with_them(tmp_path, target) -> None:
    for name in "aba":
        with AnswerStore(tmp_path, target, {"model": name}) as store:
            found = {at: given.text for (at, _), given in store.answers.items()}
            store.add(len(found), 0, GivenAnswer(name))
    assert found == {0: "a"}


def test_a_torn_last_line_is_dropped(tmp_path, target) -> None:
    with AnswerStore(tmp_path, target, {}) as store:
        store.add(0, 0, GivenAnswer("one"))
    with (tmp_path / "answers.jsonl").open("a") as file:
        file.write('{"id": "task1", "ans')
    with AnswerStore(tmp_path, target, {}) as store:
        assert set(store.answers) == {(0, 0)}
        store.add(1, 0, GivenAnswer("two"))
    lines = (tmp_path / "answers.jsonl").read_text().splitlines()
    assert [json.loads(line)["answer"] for line in lines] == ["one", "two"]


def test_stored_answers_can_be_scored_as_predictions(tmp_path, target) -> None:
    answers = {(at, 0): GivenAnswer(f"{at}\ud800\u2028") for at in range(4)}
    path = write_answers(tmp_path, target, answers)
    assert read_predictions(path, target).answers == answers


def test_a_failed_write_leaves_the_old_file(tmp_path) -> None:
    path = tmp_path / "a.json"
    write_text(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_text(path, "\ud800")
    assert [file.name for file in tmp_path.iterdir()] == ["a.json"]
    assert path.read_text() == "old"


def test_a_report_is_read_back(tmp_path) -> None:
    assert read_report(write_report(tmp_path, {"row_exact_match": [1.0]})) == {"row_exact_match": [1.0]}


@pytest.mark.parametrize("content", ["{", "[]", "{}"])
def test_what_is_no_report_is_an_error(tmp_path, content) -> None:
    path = tmp_path / "report.json"
    path.write_text(content)
    with pytest.raises(InputError, match="not a report"):
        read_report(path)


@pytest.mark.parametrize("text", ["../../etc", "a/b c", ".."])
def test_a_slug_is_one_harmless_name(text) -> None:
    assert "/" not in slug(text)
    assert slug(text) not in ("", ".", "..")
