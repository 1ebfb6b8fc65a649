"""Names in sentences, accounts made of names, and passwords beside an account, where no word tells."""

# ruff: noqa: RUF001 - letters of names

import pytest

from codeedit.pipeline.ingest.anonymize import Anonymizer
from codeedit.pipeline.ingest.anonymize.persons import accounts_of, is_account

ANONYMIZER = Anonymizer(b"a key for tests")

PEOPLE = [
    ("// ask Renate Voss before you change this", "Renate Voss"),
    ("# last touched by somebody; see Giulia Moretti", "Giulia Moretti"),
    ("rate = 4  # agreed with Hiroshi Tanabe", "Hiroshi Tanabe"),
    ("| Noor Haddad | on call |", "Noor Haddad"),
    ("{Lewandowska, Agnieszka}", "Lewandowska, Agnieszka"),
    ("/// Kerem Yıldırım", "Kerem Yıldırım"),
]
ACCOUNTS = [
    ('owner: "gmoretti"', "gmoretti"),
    ("assignees: [hannahb, tvolkov]", "tvolkov"),
    ("ssh_user = renate.voss", "renate.voss"),
    ("docker login -u sandraw -p x", "sandraw"),
    ("r4410 | mkowalski | 2019-02-03", "mkowalski"),
    ("thanks @rsubramaniam!", "rsubramaniam"),
    ("rsync -a build/ dvorama@$(HOST):/srv", "dvorama"),
    ("\nwatching:\n  - build\n  - gmoretti\n", "gmoretti"),
]
PAIRS = [
    ('VALID = {"hannahb": "violin-Fjord-17"}', "violin-Fjord-17"),
    ('demo.launch(auth=("ops", "Cargo@2007"))', "Cargo@2007"),
    ("| fileserver | `gmoretti` | Harbor!4417 |\nuser\n", ""),
    ("log in with `ops` / `Harbor!4417`", "Harbor!4417"),
    ('url = "ops:Harbor!4417"', "Harbor!4417"),
    (': EAP "anchor89"', "anchor89"),
    ('("Saffron$271", True)', "Saffron$271"),
    ("static const uint8_t kAesKey[8] = { 0x3C, 0x42, 0xBB, 0xA7, 0xC6, 0x4E, 0xFC, 0x3F };", "0x3C, 0x42"),
    (r'aes_key = b"\x3c\x42\xbb\xa7\xc6\x4e\xfc\x3f"', r"\x3c\x42"),
]
FIRM = [
    ("snmp-server community fjW2mQx8 RO", "fjW2mQx8"),
    ("backup_code: 593820", "593820"),
    ("# пароль: rotfuchs12", "rotfuchs12"),
    ("密码:KoalaPasta25", "KoalaPasta25"),
    ('password = "rotfuchs"', "rotfuchs"),
    ("root_password=griffin38", "griffin38"),
    ("enable password 7 050EE34392A0E69C05A3", "050EE34392A0E69C05A3"),
    ("das Passwort lautet Madrid_2006", "Madrid_2006"),
    ('os.getenv("RCON_PW") or "throttle48"', "throttle48"),
    ("<password>archive14</password>", "archive14"),
    ("Server=db;Uid=app;Pwd=rotfuchs12;", "rotfuchs12"),
    ('secret_id = "6c8ca8f9-889e-47d5-a1a1-417b9d91c3a9"', "6c8ca8f9-889e"),
]
LEFT = [
    "// Public Methods",
    "Licensed under the Apache License",
    "from Julia import Main",
    'paths = ["module1", "module2"]',
    "user: control",
    "@pytest.mark.parametrize",
    '"password": "Password",\n  "logging": {',
    '{"host": "nginx:1.21-alpine"}',
    "static const uint8_t table[8] = { 0x3C, 0x42, 0xBB, 0xA7, 0xC6, 0x4E, 0xFC, 0x3F };",
    "password: !secret mqtt_password",
    'X-Api-Key: "00000000-0000-0000-0000-000000000000"',
    "X509Credentials x509Credentials = null;",
    'if kind == "datetime64" or kind == "complex64":',
    'fingerprint_key = "19:e8:c8:82:42:c1:10:0b:3d:15:20:8c:e5:55:54:1b"',
    "John Doe",
]


@pytest.mark.parametrize(("text", "value"), PEOPLE + ACCOUNTS + [pair for pair in PAIRS if pair[1]] + FIRM)
def test_what_no_other_rule_tells_of_goes(text, value):
    assert value not in ANONYMIZER.redact(text).text


@pytest.mark.parametrize("text", LEFT)
def test_what_only_resembles_it_stays(text):
    assert ANONYMIZER.redact(text).text == text


def test_the_account_of_a_found_name_goes_wherever_it_stands():
    redacted = ANONYMIZER.redact("# Marek Dvořák\nif who == mdvorak:\n    pass\n")
    assert "mdvorak" not in redacted.text


@pytest.mark.parametrize("word", ["mdvorak", "marekd", "marek.dvorak", "dvorama", "ZIELIMA", "renate"])
def test_a_word_made_of_a_name_is_an_account(word):
    assert is_account(word)


@pytest.mark.parametrize("word", ["control", "ingest", "value", "admin", "string", "bert-base-uncased"])
def test_a_word_of_programs_is_no_account(word):
    assert not is_account(word)


def test_a_name_of_one_word_has_no_accounts():
    assert list(accounts_of("Cher")) == []


def test_the_bytes_of_a_key_stay_numbers():
    text = "key = [0x3C, 0x42, 0xBB, 0xA7, 0xC6, 0x4E, 0xFC, 0x3F]"
    redacted = ANONYMIZER.redact(text).text
    namespace = {}
    exec(redacted, namespace)
    assert len(namespace["key"]) == 8


def test_the_bytes_of_a_key_are_not_found_again():
    redacted = ANONYMIZER.redact("key = [0x3C, 0x42, 0xBB, 0xA7, 0xC6, 0x4E, 0xFC, 0x3F]").text
    assert ANONYMIZER.findings(redacted) == []
