"""Rules and exceptions of a team's own."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeedit.errors import InputError
from codeedit.pipeline.ingest.anonymize import Anonymizer, anonymize_session
from codeedit.pipeline.ingest.anonymize.rules import NO_RULES, Allow, Rule, Rules
from codeedit.pipeline.ingest.anonymize.rules_file import load_rules
from codeedit.pipeline.ingest.anonymize.session import clean_path
from codeedit.records import ContentEvent, EditEvent, Session

KEY = b"a key for tests"
TICKET = Rule("ticket", "ticket", r"ACME-(\d{6})", area="personal")
PASSWORD = 'password = "Xk29vQ!mZp47"\n'


def anonymizer(*rules, **allow):
    return Anonymizer(KEY, rules=Rules(rules, Allow(**allow)))


def typed(text, start=0):
    return [(start + offset, 0, char) for offset, char in enumerate(text)]


def states(edits):
    text = ""
    for start, deleted, inserted in edits:
        text = text[:start] + inserted + text[start + deleted :]
        yield text


def session(*events, following=()):
    return Session(id="s", source="test", project="p", events=events, following=following)


def test_a_rule_finds_its_group_only():
    redacted = anonymizer(TICKET).redact("see ACME-182536.\n")
    assert [(span.start, span.end, span.kind, span.area) for span in redacted.spans] == [
        (9, 15, "ticket", "personal")
    ]
    assert redacted.text.startswith("see ACME-")
    assert "182" not in redacted.text


def test_a_rule_counts_characters_and_not_bytes():
    redacted = anonymizer(TICKET).redact("Größe 😀 \ud800 ACME-182536\n")
    assert redacted.text.startswith("Größe 😀 \ud800 ACME-")
    assert redacted.spans[0].start == 15


def test_a_redacted_text_has_no_findings():
    own = anonymizer(TICKET, Rule("word", "word", r"[A-Z]{4}-\S+"))
    redacted = own.redact("ACME-182536 and ACME-\\n\\x41\n").text
    assert own.findings(redacted) == []


def test_a_keyword_has_to_stand_in_the_same_line():
    rule = Rule("badge", "badge", r"\b\d{8}\b", keywords=("Badge",))
    assert anonymizer(rule).redact("badge: 18253647\nn = 28253647\n").spans[0].start == 7
    assert len(anonymizer(rule).redact("badge: 18253647\nn = 28253648\n").spans) == 1


def test_a_value_of_low_entropy_is_none():
    rule = Rule("code", "code", r"code=(\w+)", min_entropy=2.5)
    assert anonymizer(rule).redact("code=aaaabbbb").spans == ()
    assert anonymizer(rule).redact("code=a8f3kq2z").spans


def test_no_state_of_a_typed_value_keeps_its_beginning():
    value = "182536"
    edits = [*typed('x = "ACME-'), *typed(value, 10), (16, 0, '"')]
    for state in states(anonymizer(TICKET).redact_edits(edits)):
        assert value[:4] not in state


def test_a_value_that_a_rule_finds_once_is_replaced_in_the_whole_session():
    clean = anonymize_session(
        session(
            ContentEvent(0, "a.py", "n = 182536\n"),
            ContentEvent(1, "b.py", "# ACME-182536\n"),
            following=(EditEvent(2, "a.py", 0, 0, "m = 182536\n"),),
        ),
        anonymizer(TICKET),
    )
    texts = [*(event.text for event in clean.session.events), clean.session.following[0].inserted]
    assert not [text for text in texts if "182536" in text]
    assert {finding.found_by for found in clean.found.values() for finding in found.values()} == {
        "own/ticket",
        "dictionary",
    }


def test_rules_see_paths():
    made = clean_path("notes/ACME-182536/a.py", anonymizer(TICKET))
    assert made.startswith("notes/ACME-")
    assert "182536" not in made


def test_what_the_user_asked_for_is_clean_too():
    event = EditEvent(1, "a.py", 0, 0, "y\n", hint="use ACME-182536")
    clean = anonymize_session(session(ContentEvent(0, "a.py", "x\n"), event), anonymizer(TICKET))
    assert clean.session.events[1].hint.startswith("use ACME-")
    assert "182536" not in clean.session.events[1].hint
    assert [finding.rule for finding in clean.found[""].values()] == ["ticket"]


def test_an_allowed_value_stays_and_others_go():
    own = anonymizer(values=frozenset({"Xk29vQ!mZp47"}))
    text = PASSWORD + 'password = "Yk38wR!nBq56"\n'
    assert own.redact(text).text.startswith(PASSWORD)
    assert len(own.redact(text).spans) == 1


def test_an_allowed_pattern_has_to_match_the_whole_value():
    own = anonymizer(patterns=(r"[a-z]+@our-lists\.dev",))
    assert own.redact("mail dev@our-lists.dev\n").spans == ()
    assert own.redact("mail x.dev@our-lists.dev\n").spans


def test_an_allowed_value_that_is_typed_stays():
    own = anonymizer(values=frozenset({"jane.long.name@our-lists.dev"}))
    edits = [*typed("# jane.long.name@our-lists.de"), (0, 0, ""), (29, 0, "v"), (30, 0, "\n"), (0, 0, "# \n")]
    assert own.redact_edits(edits) == edits


def test_an_identity_that_is_allowed_stays():
    own = anonymizer(values=frozenset({"nblixen"})).with_identities(["nblixen", "Nora Blixen"])
    assert own.redact("nblixen, Nora Blixen").text.startswith("nblixen, ")
    assert len(own.redact("nblixen, Nora Blixen").spans) == 1


def test_an_allowed_file_stays_as_it_is():
    clean = anonymize_session(
        session(ContentEvent(0, "tests/data/a.py", PASSWORD), ContentEvent(1, "src/a.py", PASSWORD)),
        anonymizer(paths=("tests/*",)),
    )
    assert clean.session.events[0].text == PASSWORD
    assert clean.session.events[1].text != PASSWORD
    assert clean.untouched == {"tests/data/a.py"}


@pytest.mark.parametrize(
    ("pattern", "path", "lets"),
    [
        ("tests/*", "tests/a/b.py", True),
        ("tests/*", "/home/x/tests/b.py", True),
        ("tests/*", "mytests/b.py", False),
        ("*.snap", "a/b.snap", True),
        ("*.snap", "a/b.snap.py", False),
        ("a/b.py", "a\\b.py", True),
    ],
)
def test_path_patterns(pattern, path, lets):
    assert Allow(paths=(pattern,)).lets_file(path) is lets


def test_rules_can_be_sent_to_other_processes():
    rules = Rules((TICKET,), Allow(frozenset({"a"}), ("b+",), ("c",)))
    assert pickle.loads(pickle.dumps(rules)) == rules
    assert pickle.loads(pickle.dumps(NO_RULES)) == NO_RULES


@given(st.text(alphabet="ACME-0123456789 \n\"'é😀", max_size=80))
def test_whatever_a_rule_finds_is_gone_and_all_else_stays(text):
    own = anonymizer(TICKET, Rule("hash", "hash", r"\d{4,5}"))
    redacted = own.redact(text)
    assert len(redacted.text) == len(text)
    assert own.findings(redacted.text) == []
    inside = {i for span in redacted.spans for i in range(span.start, span.end)}
    assert all(a == b for i, (a, b) in enumerate(zip(text, redacted.text, strict=True)) if i not in inside)


# --- the file ---------------------------------------------------------------

GOOD = """\
[[rule]]
name = "ticket"
pattern = 'ACME-([0-9]{6})'
area = "personal"
keywords = ["acme"]
min_entropy = 1.5
example = "see ACME-182536"
not = ["ACME-18"]

[[rule]]
name = "badge"
kind = "employee"
pattern = 'B[0-9]{7}'
example = "B1825364"

[allow]
values = ["a@our-lists.dev"]
patterns = ['.*@our-lists\\.dev']
paths = ["tests/*"]
"""


def load(tmp_path, text):
    (tmp_path / "rules.toml").write_text(text, "utf-8")
    return load_rules(tmp_path / "rules.toml")


def test_a_file_holds_rules_and_exceptions(tmp_path):
    rules = load(tmp_path, GOOD)
    assert [(rule.name, rule.kind, rule.area) for rule in rules.rules] == [
        ("ticket", "ticket", "personal"),
        ("badge", "employee", "secret"),
    ]
    assert rules.allow == Allow(frozenset({"a@our-lists.dev"}), (r".*@our-lists\.dev",), ("tests/*",))


def test_an_empty_file_has_no_rules(tmp_path):
    assert load(tmp_path, "") == NO_RULES


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("keywords =", "keyword =", 5, "did you mean keywords"),
        ("[allow]", "[allowed]", 16, "did you mean allow"),
        ("paths =", "files =", 19, "unknown key 'files'"),
        ("'ACME-([0-9]{6})'", "'ACME-([0-9]{6}'", 3, "missing )"),
        ("'ACME-([0-9]{6})'", "'(?<=ACME-)[0-9]+'", 3, "not a pattern of google-re2"),
        ("'ACME-([0-9]{6})'", "'(ACME)-([0-9]{6})'", 3, "more than one group"),
        ("'B[0-9]{7}'", "'B?[0-9]*'", 13, "matches the empty text"),
        ("'.*@our-lists\\.dev'", "'.*'", 18, "matches the empty text"),
        ("see ACME-182536", "see ACMI-182536", 7, "finds nothing in its example"),
        ("min_entropy = 1.5", "min_entropy = 4.5", 7, "finds nothing in its example"),
        ('["ACME-18"]', '["ACME-182537"]', 8, "finds something in entry 1"),
        ('"personal"', '"private"', 4, "known: secret, personal"),
        ("1.5", "true", 6, "no number from 0 to 8"),
        ('name = "badge"', 'name = "ticket"', 11, "two rules of one name"),
        ('name = "badge"', 'name = "Our Badge"', 11, "not a name"),
        ('example = "B1825364"', "", 11, "example is missing"),
        ('["acme"]', '"acme"', 5, "no list of strings"),
        ('"B1825364"', "B1825364", 14, "not TOML"),
        ("[[rule]]", "[rule]", 1, ""),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path, old, new, line, message):
    with pytest.raises(InputError) as caught:
        load(tmp_path, GOOD.replace(old, new, 1))
    said = str(caught.value)
    assert message in said
    if message:
        assert f"rules.toml:{line}:" in said
    assert "182536" not in said


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match="none"):
        load_rules(tmp_path / "none")


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "rules.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="not UTF-8"):
        load_rules(tmp_path / "rules.toml")
