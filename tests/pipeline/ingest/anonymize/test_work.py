"""The work grows with the text, not with its square: counted in steps of the interpreter, not in seconds."""

import sys

import pytest

from codeedit.pipeline.ingest.anonymize import Anonymizer

ANONYMIZER = Anonymizer(b"a key for tests")


def steps(function) -> int:
    """Return how many calls a function leads to, those into C included."""
    count = 0

    def tick(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(tick)
    try:
        function()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        '"',
        "'\"",
        "token ",
        "password=",
        "://",
        "a@",
        "/home/",
        "1.2.3.4 ",
        "key: {",
        "-----BEGIN PRIVATE " + "KEY-----",
        "+1 2",
    ],
)
def test_four_times_the_text_is_at_most_five_times_the_work(piece):
    small, large = piece * 2_000, piece * 8_000
    ANONYMIZER.redact(small)
    assert steps(lambda: ANONYMIZER.redact(large)) <= 5 * steps(lambda: ANONYMIZER.redact(small)) + 500


def test_an_edit_of_a_document_four_times_as_long_is_as_much_work():
    def typed(lines):
        text = "value = compute(item)\n" * lines
        return [(0, 0, text), *[(len(text) // 2 + n, 0, "x") for n in range(60)]]

    def work(lines):
        whole = steps(lambda: ANONYMIZER.redact_edits(typed(lines)))
        return whole - steps(lambda: ANONYMIZER.redact_edits(typed(lines)[:1]))

    work(100)
    assert work(4_000) <= 2 * work(1_000)


class Counting(Anonymizer):
    """Counts the characters that are read closer."""

    characters = 0

    def look(self, text):
        """Count and look."""
        self.characters += len(text)
        return super().look(text)


def characters_read(lines: int, changes: int) -> int:
    """Return how many characters are read for so many changes all over a document, beyond its own."""
    text = "value = compute(item)\n" * lines
    edits = [(0, 0, text)]
    for number in range(changes):
        length = len(text) + 5 * number
        edits.append(((number * 7919) % length, 0, " word"))
    anonymizer = Counting(b"a key for tests")
    anonymizer.redact_edits(edits)
    return anonymizer.characters - 2 * len(text)


def test_each_change_of_a_session_has_its_surroundings_read_only():
    few = characters_read(2_000, 100)
    assert few < 100 * 400
    assert characters_read(8_000, 100) <= 1.5 * few
    assert characters_read(2_000, 400) <= 5 * few
