"""How people are reached, in forms of many countries: mail addresses with escapes, telephones, hardware."""

import pytest

from codeedit.pipeline.ingest.anonymize import Anonymizer

ANONYMIZER = Anonymizer(b"a key for tests")

FOUND = [
    ("href = 'mailto:giulia.m%40kestrel.it'", "giulia.m%40kestrel.it"),
    ('{"mail": "giulia\\u0040kestrel.it"}', "giulia\\u0040kestrel.it"),
    ("Signed-off-by: Giulia Moretti <giulia@kestrel.rs>\n", "giulia@kestrel.rs"),
    ('telefono: "612 34 87 91"', "612 34 87 91"),
    ('"phone": "4156829134"', "4156829134"),
    ("mobile = 13948219930\n", "13948219930"),
    ("010-4821-9930\n", "010-4821-9930"),
    ("(11) 98213-4471", "(11) 98213-4471"),
    ("hwaddr=3c22fb8a19e4\n", "3c22fb8a19e4"),
]
KEPT = [
    "bytes = 13948219930\n",
    "phone = 20240131\n",
    'phone: "1234567890"',
    "hwaddr=000000000000\n",
    "mac = deadbeefcafe00112233\n",
    "import x@2.rs",
    "a%40b",
    "cell: 612 34 87\n",
    "010-20-30\n",
    "run(11) 98213 - 4471",
]


@pytest.mark.parametrize(("text", "value"), FOUND)
def test_what_reaches_a_person_is_found(text: str, value: str) -> None:
    spans = ANONYMIZER.redact(text).spans
    assert any(text[span.start : span.end] == value and span.area == "personal" for span in spans), [
        text[span.start : span.end] for span in spans
    ]


@pytest.mark.parametrize("text", KEPT)
def test_other_numbers_and_addresses_stay(text: str) -> None:
    assert ANONYMIZER.redact(text).text == text
