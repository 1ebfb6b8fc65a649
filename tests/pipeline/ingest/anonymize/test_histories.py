"""What is a secret once is one in every state, however it was typed."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeedit.pipeline.ingest.anonymize import Anonymizer

KEY = b"a key for tests"
SECRET = "gh" + "p_" + "8sKq0aLm3Xv7Tn1Rb5Yc9Wd2Ze4Uf6Hg0JiKw3"[:36]
PASSWORD = "k7Rw!x2Qp9"


def states(edits):
    text = ""
    for start, deleted, inserted in edits:
        text = text[:start] + inserted + text[start + deleted :]
        yield text


def typed(text, at=0):
    return [(at + number, 0, char) for number, char in enumerate(text)]


def leaks(edits, value, lead=3):
    redacted = Anonymizer(KEY).redact_edits(edits)
    assert [(s, d, len(i)) for s, d, i in redacted] == [(s, d, len(i)) for s, d, i in edits]
    return [state for state in states(redacted) if value[: lead + 1] in state]


def test_a_value_typed_char_by_char_never_shows_four_characters():
    assert not leaks(typed(f'token = "{SECRET}"\n'), SECRET)


def test_a_value_with_a_typo_taken_back_leaves_no_piece():
    edits = typed(f'password = "{PASSWORD[:6]}')
    end = len(edits)
    edits += [(end, 0, "z"), (end, 1, ""), *typed(PASSWORD[6:] + '"\n', end)]
    assert not leaks(edits, PASSWORD)


def test_a_pasted_value_is_replaced():
    assert not leaks([(0, 0, f'password = "{PASSWORD}"\n')], PASSWORD)


def test_a_value_pasted_into_quotes_is_replaced():
    assert not leaks([(0, 0, 'password = ""\n'), (12, 0, PASSWORD)], PASSWORD)


def test_a_value_that_is_deleted_later_is_replaced_before():
    text = f'password = "{PASSWORD}"'
    edits = [*typed(text), *[(len(text) - 1 - n, 1, "") for n in range(len(PASSWORD) + 2)]]
    assert not leaks(edits, PASSWORD)


def test_a_value_that_stands_before_its_context_is_replaced():
    edits = [*typed(PASSWORD), *typed('password = "'), (12 + len(PASSWORD), 0, '"')]
    assert not leaks(edits, PASSWORD)


def test_a_value_with_one_changed_character_is_two_values():
    edits = [(0, 0, f'password = "{PASSWORD}"\n'), (14, 1, "J")]
    changed = PASSWORD[:2] + "J" + PASSWORD[3:]
    assert not leaks(edits, PASSWORD)
    assert not leaks(edits, changed)


def test_a_value_given_up_and_pasted_later_leaves_no_beginning():
    text = f'token = "{SECRET[:14]}'
    back = [(len(text) - 1 - n, 1, "") for n in range(14)]
    assert not leaks([*typed(text), *back, (9, 0, f'{SECRET}"\n')], SECRET)


def test_a_value_loaded_with_the_file_is_replaced():
    assert not leaks([(0, 0, f"import os\n\nAPI_TOKEN = '{SECRET}'\n"), *typed("x = 1\n")], SECRET)


def test_a_value_typed_before_other_text_of_its_line_is_replaced():
    assert not leaks([(0, 0, "rest of the line\n"), *typed(f'password = "{PASSWORD}')], PASSWORD)


def test_a_value_moved_to_another_place_is_replaced_there():
    line = f'password = "{PASSWORD}"\n'
    body = "a = 1\nb = 2\n"
    assert not leaks([(0, 0, body), (0, 0, line), (0, len(line), ""), (len(body), 0, line)], PASSWORD)


def test_a_reloaded_half_typed_value_is_replaced():
    half = f'x = 1\npassword = "{PASSWORD[:5]}'
    edits = [*typed(half), (0, len(half), half), *typed(PASSWORD[5:] + '"\n', len(half))]
    assert not leaks(edits, PASSWORD)


def test_a_key_block_typed_line_by_line_is_replaced():
    draw = random.Random(3)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    body = ["".join(draw.choices(alphabet, k=64)) for _ in range(8)]
    edits = typed("\n".join(["-----BEGIN PRIVATE " + "KEY-----", *body, "-----END PRIVATE KEY-----"]))
    redacted = list(states(Anonymizer(KEY).redact_edits(edits)))
    for line in body:
        assert not [state for state in redacted if line[:8] in state]


def test_plain_code_is_left_as_it_was_typed():
    edits = typed(
        "def login(user, password):\n    token = next(tokens)\n    return password == os.environ['PASS']\n"
    )
    assert Anonymizer(KEY).redact_edits(edits) == edits


def test_a_placeholder_typed_as_such_is_left():
    edits = typed('password = "changeme"\n')
    assert Anonymizer(KEY).redact_edits(edits) == edits


def test_an_edit_outside_its_text_is_refused():
    with pytest.raises(ValueError, match="outside"):
        Anonymizer(KEY).redact_edits([(3, 0, "x")])


def test_redacting_twice_changes_nothing_more():
    edits = typed(f'token = "{SECRET}"\n# mail ada.king@lovelace-engines.io\n')
    once = Anonymizer(KEY).redact_edits(edits)
    assert Anonymizer(KEY).redact_edits(once) == once


@st.composite
def histories(draw):
    """Edits that replay: mostly small, of any characters, with lines and secrets in them."""
    edits, size = [], 0
    pieces = st.one_of(
        st.text(max_size=6),
        st.sampled_from(
            ["\n", '"', "password = ", SECRET, PASSWORD, "-----BEGIN PRIVATE " + "KEY-----\n", "@", "://a:"]
        ),
    )
    for _ in range(draw(st.integers(1, 12))):
        start = draw(st.integers(0, size))
        deleted = draw(st.integers(0, min(size - start, 30)))
        inserted = draw(pieces)
        edits.append((start, deleted, inserted))
        size += len(inserted) - deleted
    return edits


@given(histories())
@settings(max_examples=60, deadline=None)
def test_any_history_keeps_its_offsets(edits):
    redacted = Anonymizer(KEY).redact_edits(edits)
    assert [(s, d, len(i)) for s, d, i in redacted] == [(s, d, len(i)) for s, d, i in edits]


@given(histories())
@settings(max_examples=60, deadline=None)
def test_any_history_ends_clean(edits):
    anonymizer = Anonymizer(KEY)
    final = list(states(anonymizer.redact_edits(edits)))[-1]
    assert anonymizer.findings(final) == []
