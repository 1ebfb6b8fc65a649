"""Which lines are read for the value of a name."""

import pytest

from codeedit.pipeline.ingest.anonymize.engine import latin
from codeedit.pipeline.ingest.anonymize.keywords import next_telling


@pytest.mark.parametrize(
    "line",
    [
        'the_key = load("abcde")',
        "DB_PASSWORD=abcdef",
        "token:\n    'abcdef'",
        "secret: |\n",
        "<name>password</name>\n<value>",
        'the_secret = {\n "a"',
        "the password is abc",
        "passwordValue = 1",
    ],
)
def test_a_word_with_something_beside_it_is_read(line: str) -> None:
    assert next_telling(latin("x\n" + line), 0) > 0


@pytest.mark.parametrize("line", ["the key", "tokens, keys and seeds", "pass\n", "auth();", "import secrets"])
def test_a_word_with_nothing_beside_it_is_not(line: str) -> None:
    assert next_telling(latin(line), 0) == -1


def test_a_comment_is_read_from_its_mark() -> None:
    assert next_telling(b"x = 1  # the token (abcdefg)", 0) == 7
    assert next_telling(b"x = 1; the token (abcdefg)", 0) == -1


def test_a_literal_that_is_compared_is_read_from_its_quote() -> None:
    assert next_telling(b'if "abcdef".equals(password)', 0) == 10


def test_the_line_before_counts_for_nothing() -> None:
    text = b'key = "abcdef"\n\ntoken\n'
    assert next_telling(text, 0) == 0
    assert next_telling(text, 14) == -1
