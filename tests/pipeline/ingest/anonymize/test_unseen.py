"""Recall by class on lines that a generator makes: templates times values drawn by a seed, none of them written down here."""

# ruff: noqa: E501 - templates

import random
import string

import pytest

from codeedit.pipeline.ingest.anonymize import Anonymizer

ANONYMIZER = Anonymizer(b"a key for tests")
LEAST_RECALL = 0.95
LEAST_KEPT = 0.98
LINES = 60  # of each class and seed
SEEDS = (3, 17)

WORDS = [
    "otter",
    "granite",
    "willow",
    "copper",
    "lantern",
    "meadow",
    "cobalt",
    "walnut",
    "glacier",
    "saddle",
    "orchid",
    "velvet",
    "tundra",
    "falcon",
    "quartz",
    "mustard",
    "kettle",
    "lagoon",
    "timber",
    "raven",
]
GIVEN = [
    "Priyanka",
    "Dmitri",
    "Agnieszka",
    "Matteo",
    "Zeynep",
    "Haruto",
    "Ingrid",
    "Thibault",
    "Adaeze",
    "Nikolaos",
]
SURNAMES = [
    "Kulkarni",
    "Kuznetsova",
    "Kowalczyk",
    "Rinaldi",
    "Yildirim",
    "Matsumoto",
    "Lindqvist",
    "Delacroix",
    "Okonkwo",
    "Papadopoulos",
]
LETTERS = string.ascii_letters + string.digits

PASSWORDS = {
    "assignment": ['db_password = "{}"', "const ftpPassword = '{}';", 'smtp_pwd: "{}",', 'adminPasswd := "{}"', 'let root_pw = "{}";'],
    "setting": ["DB_PASSWORD={}", "spring.mail.password={}", "requirepass {}", "bindpw {}", "  password: {}"],
    "call": ['ds.setPassword("{}");', 'pymysql.connect("db1", "app", "{}", "shop")', 'new NetworkCredential("svc", "{}")', 'assertEquals("{}", config.getDbPassword());'],
    "command": ["mysqldump -u app -p{} shop", "sshpass -p {} ssh ops@10.0.0.4", "net use Z: //nas/share /user:svc {}", "mc alias set nas http://10.0.0.9:9000 svc {}", "lftp -u svc,{} sftp://10.0.0.9"],
    "statement": ["CREATE USER app IDENTIFIED BY '{}';", "UPDATE settings SET value = '{}' WHERE name = 'smtp_password';", "ALTER ROLE app LOGIN PASSWORD '{}';", "SET PASSWORD FOR 'app'@'%' = PASSWORD('{}');"],
    "device": ["crypto isakmp key {} address 10.9.9.9", "tacacs-server key {}", " neighbor 10.2.2.2 password {}", " key-string {}", "snmp-server community {} RO", "        set passwd {}"],
    "note": ["# the db password is {}", "// old passphrase was {}", 'return "{}"  # proxy_password', "login: ops / {}", "| host | user | password |\n| --- | --- | --- |\n| db1 | ops | {} |"],
    "url": ["amqp://svc:{}@mq.internal:5672/shop", "jdbc:mysql://db1:3306/shop?user=app&password={}", "Server=db1;Uid=app;Pwd={};"],
}  # fmt: skip
TOKENS = {
    "assignment": ['api_token = "{}"', 'private static final String SIGNING_SECRET = "{}";', "webhookSecret: '{}',", 'std::string session_secret{{"{}"}};'],
    "header": ["Authorization: Bearer {}", 'curl -H "X-Api-Key: {}" https://api.internal', "Cookie: lang=en; sid={}", "https://api.internal/items?access_token={}"],
    "file": ["{{name: API_TOKEN, value: {}}}", '<add key="ApiSecret" value="{}"/>', "export CLIENT_SECRET={}", "aws_secret_access_key = {}"],
}  # fmt: skip
PEOPLE = {
    "name": ["# Author: {name}", "/* Copyright (c) 2021 {name} */", "Reviewed-by: {name} <{user}@nordlicht.dev>", "cn: {name}", "FN:{name}", "<fullName>{name}</fullName>"],
    "home": ["open('/home/{user}/data.csv')", "file:///Users/{user}/x.txt", "C:\\Users\\{user}\\x", "/mnt/c/Users/{user}/x", "path=C%3A%5CUsers%5C{user}%5Cx"],
    "mail": ["contact {user}@nordlicht.dev", "{user} at nordlicht dot dev", "{user}&#64;nordlicht.dev", "{user} [at] nordlicht.dev"],
    "account": ["{user}:x:1000:1000::/srv/x:/bin/sh", "ssh {user}@build7.nordlicht.dev", "# TODO({user}): free it"],
    "phone": ["call +49 160 {digits}", 'phone = "+33 6 12 {pairs}"', "mobile 0171 {digits}"],
}  # fmt: skip
ALIKE = [
    'checksum = "{hex64}"', 'commit = "{hex40}"', 'request_id = "{uuid}"', "password = os.environ['DB_PASSWORD']", 'password_hint = "{word}"', 'cache_key = "{word}:{word}:v2"',
    'api_key = "your-api-key"', "token = next(tokens)", "password: ${{DB_PASSWORD}}", 'secret_name = "prod/{word}/db"', "public key {hex64}", 'token_url = "https://auth.example.com/{word}"',
    "# {word} keys are sorted by {word}", "key: app.kubernetes.io/{word}", "integrity: sha256-{hex40}", 'version = "{two}.{two}.{two}"', "mask 192.168.{two}.{two}",
]  # fmt: skip


def _password(draw: random.Random) -> str:
    word = lambda: draw.choice(WORDS)  # noqa: E731 - short for this table
    some = lambda size: "".join(draw.choices(LETTERS, k=size))  # noqa: E731
    digits = str(draw.randint(1000, 9999))
    return draw.choice(
        [
            f"{word().title()}{draw.choice('!#')}{digits}{word()}",
            f"{word().title()}{word().title()}{digits}",
            f"{some(5)}7{some(8)}3x",
            f"{word()}-{word()}-{word()}-{digits}",
            f"{digits[:3]}{word()}!{some(2)}x",
        ]
    )


def _token(draw: random.Random) -> str:
    return draw.choice(
        [
            "".join(draw.choices(LETTERS, k=draw.choice([32, 40]))) + "4x",
            "".join(draw.choices("0123456789abcdef", k=draw.choice([32, 40]))),
            "".join(draw.choices(LETTERS + "_-", k=36)) + "9k",
        ]
    )


def _recall(templates: list[str], draw: random.Random, value: object) -> float:
    """Return the share of lines whose value is gone."""
    gone = 0
    for number in range(LINES):
        secret = value(draw)  # type: ignore[operator]
        line = templates[number % len(templates)].format(secret)
        gone += secret not in ANONYMIZER.redact(f"first line\n{line}\n").text
    return gone / LINES


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("place", PASSWORDS)
def test_passwords_of_a_generator_are_found(place, seed):
    assert _recall(PASSWORDS[place], random.Random(seed), _password) >= LEAST_RECALL


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("place", TOKENS)
def test_tokens_of_a_generator_are_found(place, seed):
    assert _recall(TOKENS[place], random.Random(seed), _token) >= LEAST_RECALL


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("place", PEOPLE)
def test_people_of_a_generator_are_found(place, seed):
    draw = random.Random(seed)
    gone = 0
    for number in range(LINES):
        given, surname = draw.choice(GIVEN), draw.choice(SURNAMES)
        values = {
            "name": f"{given} {surname}",
            "user": f"{given[0]}{surname}{draw.randint(2, 9)}".lower(),
            "digits": str(draw.randint(2000000, 9999999)),
            "pairs": " ".join(str(draw.randint(10, 99)) for _ in range(3)),
        }
        template = PEOPLE[place][number % len(PEOPLE[place])]
        hidden = ANONYMIZER.redact(f"first line\n{template.format(**values)}\n").text
        gone += not any(f"{{{name}}}" in template and value in hidden for name, value in values.items())
    assert gone / LINES >= LEAST_RECALL


@pytest.mark.parametrize("seed", SEEDS)
def test_lines_of_a_generator_that_look_alike_stay(seed):
    draw = random.Random(seed)
    digits = "0123456789abcdef"
    kept = 0
    for number in range(LINES * 3):
        values = {
            "hex64": "".join(draw.choices(digits, k=64)),
            "hex40": "".join(draw.choices(digits, k=40)),
            "uuid": "-".join("".join(draw.choices(digits, k=size)) for size in (8, 4, 4, 4, 12)),
            "word": draw.choice(WORDS),
            "two": str(draw.randint(10, 99)),
        }
        line = f"first line\n{ALIKE[number % len(ALIKE)].format(**values)}\n"
        kept += ANONYMIZER.redact(line).text == line
    assert kept / (LINES * 3) >= LEAST_KEPT
