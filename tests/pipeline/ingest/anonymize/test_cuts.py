"""A text that arrives in two pieces hides what the whole hides; the key shows nowhere."""

from hypothesis import given
from hypothesis import strategies as st

from codeedit.pipeline.ingest.anonymize import Anonymizer

KEY = b"a key that must not be shown"
ANONYMIZER = Anonymizer(KEY)
WORD = "Kx8mQ2pLw9Zt"
LINES = [
    (f'password = "{WORD}"\n', WORD),
    (f"url: postgres://app:{WORD}@db/shop\n", WORD),
    (f"| user | password |\n|---|---|\n| ops | {WORD} |\n", WORD),
    (f"// token: {WORD}{WORD}\n", WORD),
    ("Signed-off-by: Maren Oduya <maren@kestrel.dev>\n", "Maren Oduya"),
    ("1f2e3d4c (Maren Oduya 2023-01-02 10:00:00 +0100 12) int x;\n", "Maren Oduya"),
    ("see /home/moduya/src\n", "moduya"),
]


@given(st.sampled_from(LINES), st.data())
def test_two_pieces_hide_what_the_whole_hides(line, data):
    text, value = line
    at = text.index(value)
    cut = data.draw(st.integers(0, len(text)))
    text_now = ""
    for start, deleted, inserted in ANONYMIZER.redact_edits([(0, 0, text[:cut]), (cut, 0, text[cut:])]):
        text_now = text_now[:start] + inserted + text_now[start + deleted :]
        assert text_now[at : at + 4] != value[:4]
    assert value not in text_now


@given(st.text())
def test_only_spans_change(text):
    redacted = ANONYMIZER.redact(text)
    covered = {place for span in redacted.spans for place in range(span.start, span.end)}
    assert len(redacted.text) == len(text)
    assert all(place in covered for place in range(len(text)) if redacted.text[place] != text[place])


def test_the_key_shows_in_no_representation():
    shown = [repr(ANONYMIZER), str(ANONYMIZER), repr(ANONYMIZER.redact("token")), repr(ANONYMIZER.rules)]
    assert all(KEY.decode() not in text and KEY.hex() not in text for text in shown)
