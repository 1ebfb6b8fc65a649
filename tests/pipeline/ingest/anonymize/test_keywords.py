"""Which lines are read for the value of a name."""

import pytest

from codeedit.pipeline.ingest.anonymize import keywords
from codeedit.pipeline.ingest.anonymize.engine import latin


def next_telling(text: str, position: int) -> int:
    """Return where a line is read from; -1 for none."""
    raw = latin(text)
    names = keywords.telling_names(text, keywords.KEYWORD.spans(raw, 0, len(raw)))
    found = keywords.next_telling(raw, names, 0, position)
    return -1 if found is None else found[0]


@pytest.mark.parametrize(
    "line",
    [
        'the_secret = load("abcde")',
        'the_key = load("Kx8mQ2pL")',
        "the_key = load(\n",
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
    assert next_telling("x\n" + line, 0) > 0


@pytest.mark.parametrize("line", ["the key", "tokens, keys and seeds", "pass\n", "auth();", "import secrets"])
def test_a_word_with_nothing_beside_it_is_not(line: str) -> None:
    assert next_telling(line, 0) == -1


@pytest.mark.parametrize("line", ['the_key = load("abcde")', "# the license is this one, version 2.0"])
def test_a_weak_name_is_not_read_where_nothing_random_stands(line: str) -> None:
    assert next_telling("x\n" + line, 0) == -1


def test_a_comment_is_read_from_its_mark() -> None:
    assert next_telling("x = 1  # the token (abcdefg)", 0) == 7
    assert next_telling("x = 1; the token (abcdefg)", 0) == -1


def test_a_literal_that_is_compared_is_read_from_its_quote() -> None:
    assert next_telling('if "abcdef".equals(password)', 0) == 10


def test_the_line_before_counts_for_nothing() -> None:
    text = 'key = "abcdef"\n\ntoken\n'
    assert next_telling(text, 0) == 0
    assert next_telling(text, 14) == -1


@pytest.mark.parametrize("name", ["jelszava", "jelszo", "heslo", "contrase\u00f1a", "密码", "пароль"])
def test_a_word_for_password_tells_in_ascii_text_and_beyond_it(name):
    from codeedit.pipeline.ingest.anonymize.scan import scan

    text = f"{'x' * 40} = 1\n{name} = 'Tr0ub4dor&3x'\n{'y' * 40} = 2\n"
    assert [text[finding.start : finding.end] for finding in scan(text)] == ["Tr0ub4dor&3x"]


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_the_value_behind_names_in_a_row_is_found(size):
    from codeedit.pipeline.ingest.anonymize.scan import scan

    text = "token=" * size + "Kx8mQ2pLw9ZtVb3n"
    (finding,) = scan(text)
    assert finding.start <= text.index("Kx8mQ2pLw9ZtVb3n")
    assert finding.end == len(text)
