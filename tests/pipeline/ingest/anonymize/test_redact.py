"""What is found in a text, what is left, and what a placeholder is."""

import base64
import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from codeedit.pipeline.ingest.anonymize import Anonymizer
from codeedit.pipeline.ingest.anonymize.placeholders import Placeholders, is_placeholder

KEY = b"a key for tests"
ANONYMIZER = Anonymizer(KEY)
RANDOM = "q8WmZ2xK5vTn7LbR3cYd9HfJ4gPs6A1e"
HEX = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"
USERINFO = base64.b64encode(b"deploy:Zx81mQpw!").decode()

SECRETS = [
    (f'apiKey: "{RANDOM}"', RANDOM),
    (f"API_KEY={RANDOM}", RANDOM),
    (f'if (token == "{RANDOM}") {{', RANDOM),
    (f'"{RANDOM}".equals(apiKey)', RANDOM),
    (f'client.setSecretKey("{RANDOM}");', RANDOM),
    (f'#define API_TOKEN "{RANDOM}"', RANDOM),
    (f'const SECRET: &str = "{RANDOM}";', RANDOM),
    (f'mapOf("client_secret" to "{RANDOM}")', RANDOM),
    (f'@Value("${{api.token:{RANDOM}}}")', RANDOM),
    (f'os.environ.get("API_TOKEN", "{RANDOM}")', RANDOM),
    (f"./deploy --secret-key={RANDOM} --env x", RANDOM),
    (f"secret_key_base: {HEX}", HEX),
    ("password: Tr0ub4dor&3", "Tr0ub4dor&3"),
    ("DB_PASS=Sunflower88", "Sunflower88"),
    ("<password>Winter2023!</password>", "Winter2023!"),
    ("Server=x;User Id=sa;Password=Qw3rty!Zx9;Encrypt=True", "Qw3rty!Zx9"),
    ('{\\"password\\": \\"Nested!Pw77\\"}', "Nested!Pw77"),
    ("postgres://app:Blu3Fish9@db.corp.io/x", "Blu3Fish9"),
    (f"Authorization: Basic {USERINFO}", USERINFO),
    (f"-H 'Authorization: Bearer {RANDOM}'", RANDOM),
    ("curl -u ci:Blu3Fish9 https://x.io", "Blu3Fish9"),
    ("mysql -u root -pS3cur3P4ss shop", "S3cur3P4ss"),
    ("ALTER USER x IDENTIFIED BY 'Jk8#mPz2';", "Jk8#mPz2"),
    ("machine x.io login ci password Kx8mQ2pLw9", "Kx8mQ2pLw9"),
    ("$2b$12$" + "StCznR2iBKBytrgOXc7fCQ/rCu5.H6xS/9SnQvFQE7xRzFN7TOg4T", "StCznR2iBKBytrgOXc7fCQ"),
    (f'token = "{RANDOM}" \\\n    "{RANDOM[::-1]}"', RANDOM[::-1]),
    (f"//registry.npmjs.org/:_authToken={RANDOM}", RANDOM),
]
PERSONAL = [
    ("# ask nora.blix@fjordtech.no first", "nora.blix@fjordtech.no"),
    (" * @author Nora Blix", "Nora Blix"),
    ("// Copyright (c) 2019-2021 Søren Ødegård. All rights reserved.", "Søren Ødegård"),
    ("Signed-off-by: Nora Blix <nora@blix.no>", "Nora Blix"),
    ('"author": {"name": "Nora Blix"}', "Nora Blix"),
    ("// TODO(nblix): later", "nblix"),
    ("/Users/nblix/src/a.ts", "nblix"),
    ("C:\\\\Users\\\\nblix\\\\src", "nblix"),
    ("file:///home/nblix/a", "nblix"),
    ("/mnt/c/Users/Nora Blix/src", "Nora Blix"),
    ("ssh nblix@build7", "nblix@build7"),
    ('host = "81.2.69.142"', "81.2.69.142"),
    ("http://[2a02:6b8:0:1::5]/", "2a02:6b8:0:1::5"),
    ("call +44 20 7946 3158", "+44 20 7946 3158"),
    ("(415) 867-5309", "(415) 867-5309"),
    ("HWaddr 3c:22:fb:8a:11:9d", "3c:22:fb:8a:11:9d"),
]
KEPT = [
    "token = next(tokens)",
    "String token = lexer.nextToken();",
    'password = os.environ["DB_PASSWORD"]',
    'val smtpPassword = System.getenv("SMTP_PASSWORD")',
    'password = getpass.getpass("Your password: ")',
    "def login(user: str, password: str) -> None:",
    'password = "changeme"',
    'api_key = "YOUR_API_KEY"',
    'api_key = "sk-xxxxxxxxxxxxxxxxxxxxxxxx"',
    "password: ${{ secrets.DB_PASSWORD }}",
    'password: "{{ vault_password }}"',
    'token_type = "Bearer"',
    'token_url = "https://auth.corp.io/oauth2/token"',
    'primary_key = "customer_id_2"',
    'cache_key = "user:profile:v2"',
    'eos_token = "<|endoftext|>"',
    "max_tokens=4096",
    f"commit {HEX}",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    '"integrity": "sha512-j5vVxvtz5lhhjKP9XsnY2x09uCuRM0biib9TS04RRbqtjYw7gRJsicw61MlXSVrNtBg8KBeFR0ZqQyz"',
    'build_id = "123e4567-e89b-42d3-a456-426614174000"',
    "postgres://user:password@localhost/db",
    "postgres://app:${DB_PASSWORD}@db/x",
    "git@github.com:org/repo.git",
    "import x from '@babel/core'",
    "alice@example.org",
    "out = weights @ inputs",
    'version = "10.15.7.1"',
    "192.168.1.1 10.0.0.1 127.0.0.1 198.51.100.7 169.254.169.254",
    "std::vector<ab::cd::ef>",
    "fe80::1 2001:db8::1",
    "2024-01-01T12:34:56+00:00",
    "/home/user/app /Users/Shared/data /home/$USER/x",
    'router.get("/users/:id/profile")',
    "TODO(#123): x",
    "Copyright (c) 2024 The Apache Software Foundation",
    "from typing import List",
    "-----BEGIN CERTIFICATE-----",
    'createToken("NUMERIC", "0|[1-9]\\\\d*")',
]


@pytest.mark.parametrize(("text", "value"), SECRETS)
def test_a_secret_is_found(text, value):
    redacted = ANONYMIZER.redact(text)
    assert value[:6] not in redacted.text
    assert {span.area for span in redacted.spans} == {"secret"}


@pytest.mark.parametrize(("text", "value"), PERSONAL)
def test_personal_data_is_found(text, value):
    redacted = ANONYMIZER.redact(text)
    assert value not in redacted.text
    assert "personal" in {span.area for span in redacted.spans}


@pytest.mark.parametrize("text", KEPT)
def test_a_look_alike_is_left(text):
    assert ANONYMIZER.redact(text).text == text


@pytest.mark.parametrize("text", [text for text, _ in SECRETS + PERSONAL])
def test_a_redacted_text_is_clean(text):
    redacted = ANONYMIZER.redact(text).text
    assert ANONYMIZER.findings(redacted) == []
    assert ANONYMIZER.redact(redacted).text == redacted


def test_a_span_is_the_sensitive_part_of_the_original():
    text = "postgres://app:Blu3Fish9@db.corp.io/x"
    (span,) = ANONYMIZER.redact(text).spans
    assert text[span.start : span.end] == "Blu3Fish9"
    assert (span.kind, span.area) == ("url_password", "secret")


def test_offsets_count_code_points_of_any_width():
    text = 'größe = "日本😀"; password = "Blu3Fish!9"'
    (span,) = ANONYMIZER.redact(text).spans
    assert text[span.start : span.end] == "Blu3Fish!9"


def test_a_value_is_replaced_wherever_it_stands():
    text = f'token = "{RANDOM}"\nlog("used {RANDOM}")\n'
    assert RANDOM not in ANONYMIZER.redact(text).text


def test_one_key_gives_one_placeholder_and_another_key_another():
    assert Placeholders(KEY).of(RANDOM) == Placeholders(KEY).of(RANDOM)
    assert Placeholders(KEY).of(RANDOM) != Placeholders(b"other").of(RANDOM)


@given(st.text(min_size=1))
def test_a_placeholder_keeps_length_and_classes(value):
    made = Placeholders(KEY).of(value)
    assert len(made) == len(value)
    for char, to in zip(value, made, strict=True):
        assert char.isspace() == to.isspace()
        if char.isascii():
            assert (char.isdigit(), char.islower(), char.isupper()) == (
                to.isdigit(),
                to.islower(),
                to.isupper(),
            )


@given(st.text(alphabet="abcXYZ019-_é", min_size=4))
@example("--0X0")
@example("_0x1.")
def test_a_placeholder_shares_at_most_three_leading_characters(value):
    assert Placeholders(KEY).of(value)[:4] != value[:4]


@given(st.text(alphabet="abcXYZ019", min_size=6), st.data())
def test_every_part_of_a_placeholder_is_one(value, data):
    made = Placeholders(KEY).of(value)
    start = data.draw(st.integers(0, len(made) - 1))
    assert is_placeholder(made[start:])


@pytest.mark.parametrize("escape", ["\\n", "\\t", "\\u00e9", "\\\\"])
def test_an_escape_sequence_stays(escape):
    assert escape in Placeholders(KEY).of(f"Abc1{escape}def2")


pieces = st.one_of(
    st.text(max_size=12),
    st.sampled_from([text for text, _ in SECRETS + PERSONAL] + KEPT),
    st.sampled_from(
        ["\n", '"', "'", "password = ", "token: ", "://", "@", "-----BEGIN PRIVATE " + "KEY-----", "\\"]
    ),
)


@given(st.lists(pieces, max_size=8).map("".join))
@example("password = \ud800")
@example('"' * 50)
@settings(max_examples=200, deadline=None)
def test_any_text_keeps_its_length_and_what_lies_outside_the_spans(text):
    redacted = ANONYMIZER.redact(text)
    assert len(redacted.text) == len(text)
    inside = {position for span in redacted.spans for position in range(span.start, span.end)}
    assert all(a == b for n, (a, b) in enumerate(zip(text, redacted.text, strict=True)) if n not in inside)


@given(st.lists(pieces, max_size=8).map("".join))
@settings(max_examples=200, deadline=None)
def test_redacting_any_text_twice_changes_nothing_more(text):
    once = ANONYMIZER.redact(text).text
    assert ANONYMIZER.redact(once).text == once


def test_a_cut_through_a_value_does_not_show_it():
    draw = random.Random(2)
    for _ in range(20):
        token = "gh" + "p_" + "".join(draw.choices("ABCDEFGHJKabcdefghkmnp23456789", k=36))
        whole = f'token = "{token}"'
        cut = draw.randrange(24, len(whole) - 1)
        parts = ANONYMIZER.redact(whole[:cut]).text + ANONYMIZER.redact(whole[cut:]).text
        assert token[:8] not in parts
