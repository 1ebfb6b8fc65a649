"""The second look at finished tasks: what it reads, and what it finds."""

import pytest

from codeedit.pipeline.ingest.redactions import checked
from codeedit.records import Origin, Task

CODE = "".join(f"line_{number} = {number}\n" for number in range(1000))


class Finder:
    """Finds one word, and counts what it reads."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.read = 0

    def findings(self, text: str) -> list[str]:
        self.read += len(text)
        return [self.word] if self.word in text else []


def task(code: str) -> Task:
    return Task("t", "s", "s", "p", "a.py", "python", Origin.HUMAN, 0, code, 0, 0, 0, (), None, "y", False)


@pytest.fixture
def tasks() -> list[Task]:
    """Two tasks of one file, the second with a line changed in its middle."""
    return [task(CODE), task(CODE.replace("line_500 = 500", "line_500 = hunter"))]


def kept(tasks: list[Task], finder: Finder) -> int:
    return len(list(checked(tasks, finder, {})))


def test_of_a_file_that_was_clean_only_what_changed_is_read_again(tasks):
    once, twice = Finder("nothing"), Finder("nothing")
    assert kept(tasks[:1], once) == 1
    assert kept(tasks, twice) == 2
    assert twice.read - once.read < len(CODE) / 2


def test_what_a_change_brings_is_found(tasks):
    assert kept(tasks, Finder("hunter")) == 1


def test_what_a_change_completes_is_found(tasks):
    assert kept(tasks, Finder("499\nline_500 = hunter\nline_501")) == 1


def test_what_stays_in_a_file_is_found_in_each_task(tasks):
    assert kept(tasks, Finder("line_7 = 7\n")) == 0
