"""The work grows with the text, not with its square: counted in steps of the interpreter, not in seconds."""

import sys

import pytest

from codeedit.pipeline.ingest.anonymize import Anonymizer, gate

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


@pytest.fixture(autouse=True)
def _nothing_is_compiled(monkeypatch):
    """Keep the anchors' one compilation, due after some megabytes, out of what is counted."""
    monkeypatch.setattr(gate, "_COMPILE_AFTER", 1 << 60)


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
        "@",
        "a@b ",
        "a@b.cc, ",
        "ssh a@b ",
        "[",
        "token[",
        "login(",
        "login('a',",
        "`",
        "\\",
        "\\\"'",
        "/",
        "~a/",
        "7",
        "1.",
        "+49 170 ",
        ":",
        "ab:",
        "=",
        "password::",
        "key='a':",
        "(c) ",
        "copyright ",
        '"kty" ',
        "by Ab Cd, ",
        "TODO(",
        "eyJabcdefgh.",
        "$2a$abcd",
        "-p a --password ",
        "placeholder='jqvxz479' ",
        "é@",
        "\n",
        "\t",
    ],
)
def test_four_times_the_text_is_at_most_five_times_the_work(piece):
    small, large = piece * 2_000, piece * 8_000
    ANONYMIZER.redact(small)
    assert steps(lambda: ANONYMIZER.redact(large)) <= 5 * steps(lambda: ANONYMIZER.redact(small)) + 500


def test_ten_thousand_nested_quotes_are_ten_times_the_work_of_a_thousand():
    def nested(depth):
        return "token = " + "\"'" * depth + "x" + "'\"" * depth

    ANONYMIZER.redact(nested(1_000))
    assert steps(lambda: ANONYMIZER.redact(nested(10_000))) <= 11 * steps(
        lambda: ANONYMIZER.redact(nested(1_000))
    )


def test_many_values_alike_in_their_first_letters_are_each_looked_for_once():
    def alike(count, letter):  # another letter, so that nothing is remembered of values seen before
        return "".join(f"password = 'aB3#{number:06d}{letter}!'\n" for number in range(count))

    ANONYMIZER.redact(alike(50, "x"))
    few, many = alike(200, "m"), alike(800, "n")
    assert steps(lambda: ANONYMIZER.redact(many)) <= 5 * steps(lambda: ANONYMIZER.redact(few))


def test_a_header_of_a_table_that_is_repeated_is_read_from_once_each():
    lines = "a,password,b\n"
    ANONYMIZER.redact(lines * 10)
    assert (
        steps(lambda: ANONYMIZER.redact(lines * 800))
        <= 5 * steps(lambda: ANONYMIZER.redact(lines * 200)) + 500
    )


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
