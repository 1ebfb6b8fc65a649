"""Every published format is found; a made-up example is drawn from the format itself."""

import random
import re
import string
from collections import Counter
from pathlib import Path
from re import _constants as sre
from re import _parser as parser

import pytest

from codeedit.pipeline.ingest.anonymize import Anonymizer
from codeedit.pipeline.ingest.anonymize.formats import FORMATS, WORDY
from codeedit.pipeline.ingest.anonymize.providers import OBSERVED, PARTNERS, ROWS
from codeedit.pipeline.ingest.anonymize.shapes import is_random

ROOT = Path(__file__).parents[4]
ANONYMIZER = Anonymizer(b"a key for tests")


def draw(pattern: str, source: random.Random) -> str:
    """Return a random text that a pattern of classes, repeats, groups and branches matches."""
    return "".join(_item(op, value, source) for op, value in parser.parse(pattern))


def _item(op, value, source):
    if op is sre.LITERAL:
        return chr(value)
    if op is sre.IN:
        return source.choice(_members(value))
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        low, high, part = value
        count = source.randint(low, min(high, low + 4))
        return "".join(_item(*inner, source) for _ in range(count) for inner in part)
    if op is sre.SUBPATTERN:
        return "".join(_item(*inner, source) for inner in value[3])
    if op is sre.BRANCH:
        return "".join(_item(*inner, source) for inner in source.choice(value[1]))
    raise AssertionError(f"the sampler does not know {op}")


def _members(parts):
    found = ""
    for op, value in parts:
        if op is sre.LITERAL:
            found += chr(value)
        elif op is sre.RANGE:
            found += "".join(map(chr, range(value[0], value[1] + 1)))
        elif value is sre.CATEGORY_DIGIT:
            found += string.digits
    return found


@pytest.mark.parametrize("number", range(len(FORMATS)), ids=lambda n: f"{FORMATS[n].kind}-{n}")
def test_a_token_of_the_format_is_found_in_a_comment(number):
    entry = FORMATS[number]
    source = random.Random(number)
    for _ in range(5):
        token = entry.prefix + draw(entry.body, source).rstrip("-=._")
        if entry.pattern.fullmatch(token) is None:  # the stripped end was part of the least length
            continue
        if entry.prefix in WORDY and not is_random(re.sub(r"[^A-Za-z0-9]", "", token[len(entry.prefix) :])):
            continue  # a common word's beginning: what follows has to look random
        text = f"# rotate {token} soon\n"
        redacted = ANONYMIZER.redact(text)
        assert (token[-8:] if entry.in_address else token[:8]) not in redacted.text
        assert not entry.in_address or entry.prefix in redacted.text
        assert re.fullmatch(r"# rotate \S+ soon\n", redacted.text)


def test_a_format_with_a_fill_in_is_left():
    text = "export TOKEN=gh" + "p_" + "x" * 36
    assert ANONYMIZER.redact(text).text == text


def test_the_example_key_of_the_documentation_is_left():
    text = "AWS_ACCESS_KEY_ID=AKIA" + "IOSFODNN7EXAMPLE"
    assert ANONYMIZER.redact(text).text == text


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}-{row[1].partition(' ')[0]}")
def test_a_format_names_the_page_that_describes_it_or_says_that_it_was_observed(row):
    source = row[3]
    assert source in (OBSERVED, PARTNERS) or re.fullmatch(r"https://[a-z0-9.-]+\.[a-z]{2,}/\S*", source)


def test_the_documentation_counts_the_formats_by_source():
    sources = Counter("page" if row[3] not in (OBSERVED, PARTNERS) else row[3] for row in ROWS)
    text = " ".join((ROOT / "docs" / "anonymizer.md").read_text(encoding="utf-8").split())
    assert f"Of {len(ROWS)} rows {sources['page']} name such a page, {sources[PARTNERS]} GitHub's" in text
    assert f"and {sources[OBSERVED]} are marked as observed" in text
