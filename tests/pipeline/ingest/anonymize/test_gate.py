"""The look at all anchors at once: it changes nothing but the time that a scan takes."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeedit.pipeline.ingest.anonymize import gate, scan
from codeedit.pipeline.ingest.anonymize.engine import latin

pytest.importorskip("hyperscan")
TABLES = [["ab+c", "xy"], [r"\bkey", r"q[^\s]b"]]
PIECES = [
    'password = "Kx8mQ2pLw9Zt"\n',
    "# Signed-off-by: Maren Oduya <maren@kestrel.dev>\n",
    "see /home/moduya/src, 84.17.3.9 and +49 170 5550 198\n",
    "TÉL: 0170 2233445\n",
    "postgres://app:Kx8mQ2pLw9Zt@db/shop ",
    "mysql -u a -pKx8mQ2pLw9Zt ",
    "id,password\n1,Kx8mQ2pLw9Zt\n",
    "\x0b",
    "token",
    "://",
    "@",
    '"',
    " ",
    "\n",
    "é",
    "😀",
    "a" * 90,
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=60)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty folder for what is kept."""
    monkeypatch.setenv("CODEEDIT_CACHE", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def gates(tmp_path_factory):
    """The scan's gate, made now, and one that is never there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CODEEDIT_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setattr(gate, "_COMPILE_AFTER", 0)
        made = gate.Gate(scan.ANCHORS)
        assert made.ends(b"x") is not None
    without = gate.Gate([])
    without._tried = without._failed = True
    return made, without


def found(text, one, monkeypatch):
    monkeypatch.setattr(scan, "_GATE", one)
    return scan.candidates(text)


@given(TEXTS)
def test_the_findings_are_the_same_with_and_without(gates, text):
    with pytest.MonkeyPatch.context() as patch:
        assert found(text, gates[0], patch) == found(text, gates[1], patch)


@given(TEXTS)
def test_every_end_that_google_re2_finds_is_among_those_told(gates, text):
    raw = latin(text)
    ends = gates[0].ends(raw)
    for family, part in zip(scan._PASSES, scan._PARTS, strict=True):
        told = {end for table in ends[part] for end in table}
        assert {end for _, end in family._pass.spans(raw, 0, len(raw))} <= told


def test_it_is_made_when_much_has_been_read_and_kept_for_the_next_process(cache, monkeypatch):
    monkeypatch.setattr(gate, "_COMPILE_AFTER", 10)
    one = gate.Gate(TABLES)
    assert one.ends(b"xabbc") is None
    assert not list(cache.iterdir())
    assert one.ends(b"xabbc key") == [[5], [9]]
    assert len(list(cache.iterdir())) == 1
    assert gate.Gate(TABLES).ends(b"xabbc") == [[5], []]


def test_what_is_kept_is_another_file_for_other_anchors(cache, monkeypatch):
    monkeypatch.setattr(gate, "_COMPILE_AFTER", 0)
    gate.Gate(TABLES).ends(b"x")
    gate.Gate(TABLES[:1]).ends(b"x")
    assert len(list(cache.iterdir())) == 2


def test_a_damaged_file_is_made_again(cache, monkeypatch):
    monkeypatch.setattr(gate, "_COMPILE_AFTER", 0)
    gate.Gate(TABLES).ends(b"x")
    kept = next(cache.iterdir())
    kept.write_bytes(kept.read_bytes()[:-9])
    one = gate.Gate(TABLES)
    assert one.ends(b"xabbc") is None
    assert one.ends(b"xabbc") == [[5], []]
    assert gate.Gate(TABLES).ends(b"xabbc") == [[5], []]


def test_a_folder_that_cannot_be_written_to_is_no_error(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CODEEDIT_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr(gate, "_COMPILE_AFTER", 0)
    assert gate.Gate(TABLES).ends(b"xabbc") == [[5], []]


def test_without_hyperscan_google_re2_finds_the_same():
    script = (
        "import sys; sys.modules['hyperscan'] = None\n"
        "from codeedit.pipeline.ingest.anonymize import Anonymizer, gate\n"
        "gate._COMPILE_AFTER = 0\n"
        "print(Anonymizer(b'k').redact('password = \"Kx8mQ2pLw9Zt\"').spans[0].kind)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "password\n"
