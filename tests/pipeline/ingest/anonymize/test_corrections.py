"""Typing that goes back: what only unfinished states made look private stays; undone typing hides no less."""

import pytest

from codeedit.pipeline.ingest.anonymize import Anonymizer

ANONYMIZER = Anonymizer(b"a key for tests")
START = "x = 1\n\ny = 2\n"
AT = 6
WORD = "Kx8mQ2pLw9Zt"


def states(edits):
    text, made = "", []
    for start, deleted, inserted in ANONYMIZER.redact_edits([(0, 0, START), *edits]):
        text = text[:start] + inserted + text[start + deleted :]
        made.append(text)
    return made


def typed(text, at=AT):
    return [(at + number, 0, char) for number, char in enumerate(text)]


def test_a_common_folder_with_a_corrected_typo_stays():
    line = 'p = "/home/uuser/app"'
    made = states([*typed(line), (AT + line.index("uu"), 1, "")])
    assert 'p = "/home/user/app"' in made[-1]


def test_a_private_address_typed_from_right_to_left_stays():
    line = 'host = "192.168.6.200"'
    made = states([(AT, 0, char) for char in reversed(line)])
    assert line in made[-1]


def test_what_a_correction_deleted_from_a_password_is_not_shown_again():
    line = f'password = "{WORD}required"'
    made = states([*typed(line), (AT + line.index(WORD), len(WORD), "")])
    assert all(WORD[:4] not in state for state in made)


@pytest.mark.parametrize("value", ["aJxNltyHpoezwc", "Maren Oduya"])
def test_an_undone_beginning_is_hidden_like_the_value(value):
    before = "// Last edited by " if " " in value else "dbPassword="
    whole = before + value
    half = len(before) + 5
    made = states([*typed(whole[:half]), (AT, half, ""), (AT, 0, whole)])
    assert all(value[:4] not in state for state in made)


def test_a_value_that_is_moved_to_its_place_is_hidden_before():
    line = "# TODO(): split"
    at = line.index("(") + 1
    edits = [*typed("moduya\n", 0), *typed(line, AT + 7), (0, 7, ""), (AT + at, 0, "moduya")]
    assert all("modu" not in state for state in states(edits))


def test_a_word_next_to_a_value_that_is_moved_away_stays():
    edits = [
        *typed(f'secret = "{WORD}" # because'),
        (AT + 25, 10, ""),
        (0, 0, " # because"),
    ]
    assert states(edits)[-1].startswith(" # because")


def test_a_long_typo_before_a_value_goes_with_it():
    line = "token = "
    edits = [*typed(line)]
    at = AT + len(line)
    edits += typed("q8Wmabcd", at) + [(at + 7 - back, 1, "") for back in range(8)] + typed(WORD * 2, at)
    assert all("q8Wm" not in state for state in states(edits))


def test_a_redacted_value_with_a_word_behind_is_not_found_again():
    clean = ANONYMIZER.redact(f"token = {WORD}{WORD}").text
    assert ANONYMIZER.findings(clean + "TIMEOUT_MS=2500") == []
