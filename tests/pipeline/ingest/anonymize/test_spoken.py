"""Names that no list has, known by what is said of them; programs, rôles and words of English stay."""

import pytest

from codeedit.pipeline.ingest.anonymize import Anonymizer

ANONYMIZER = Anonymizer(b"a key for tests")

FOUND = [
    ("// Elif wanted this to be lazy\n", ["Elif"]),
    ("x = 1  # Orvynne insisted on this order\n", ["Orvynne"]),
    ("/* Tu\u011fra told us to keep it. */", ["Tu\u011fra"]),
    ("-- added for Wirimaru in finance\n", ["Wirimaru"]),
    ("# ask Orvynne before you change this\n", ["Orvynne"]),
    ("met with Orvynne and Wirimaru about the rollout\n", ["Orvynne", "Wirimaru"]),
    ("Thanks to Yevhenka for the report.\n", ["Yevhenka"]),
    ("Dear Orvynne,\nthe build is red.\nRegards,\nWirimaru\n", ["Orvynne", "Wirimaru"]),
    ("Fix a race\n\nReported-by: \u0110orvin\nTested-by: Wirimaru\n", ["\u0110orvin", "Wirimaru"]),
    ('git log --author="Orvynne" --since=2020', ["Orvynne"]),
]
KEPT = [
    "// Chrome wanted this to be lazy\n",
    "# Nobody asked for this\n",
    "// Support told the customer to wait\n",
    "# ask Git for the list\n",
    "// tell Marshal to stop; marshal() is slow\n",
    "value = Total decided by = Sum\n",
    "// Waiting for Requests to finish\n",
    "Dear Customer,\nthanks.\n",
    "Tested-by: Jenkins\n",
    "x = Widget said(y)\n",
    "# Blame Upstream\n",
]


@pytest.mark.parametrize(("text", "names"), FOUND)
def test_a_name_is_known_by_what_is_said_of_it(text: str, names: list[str]) -> None:
    spans = ANONYMIZER.redact(text).spans
    assert [text[span.start : span.end] for span in spans] == names


@pytest.mark.parametrize("text", KEPT)
def test_programs_roles_and_words_stay(text: str) -> None:
    assert ANONYMIZER.redact(text).text == text
