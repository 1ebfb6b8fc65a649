"""Values that could be cut into words in exponentially many ways: judging them has to end."""

import pytest

from codeedit.pipeline.ingest.anonymize import Anonymizer


@pytest.mark.parametrize("value", ["qwertyuiop" * 6 + "1a", "rsa1aaaa" * 15 + "!"])
def test_a_long_run_of_letters_is_judged(value: str) -> None:
    text = f'password = "{value}"'
    assert len(Anonymizer(b"k" * 32).redact(text).text) == len(text)
