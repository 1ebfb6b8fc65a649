"""Values in files and entries of a fixed form: tables, key blocks, logs, prompts; and what is left."""

import pytest

from codeedit.pipeline.ingest.anonymize import Anonymizer

ANONYMIZER = Anonymizer(b"a key for tests")
WORD = "Kx8mQ2pLw9Zt"
CHOSEN = "Harbor!4417"
TOKEN = "q8WmZ2xK5vTn7LbR3cYd9HfJ4gPs6A1e"
HEX = "5b1c0de47a93f2686e0d4cb8a917f35c"
HEX64 = HEX[::-1] + HEX
BASE64 = "mQ3vX8kZ1pLw7RtYb2NcHs5GjD9fEuAoTi4xKq6WzVM"
PHRASE = "ribbon bamboo canyon quartz"
BODY = "AAAAC3NzaC1lZDI1NTE5AAAAI" + BASE64

TABLES = [
    (f"name,login,password\nx,ops,{CHOSEN}\n", CHOSEN),
    (f"login;api_key;active\nops;{TOKEN};1\n", TOKEN),
    (f"| host | user | password |\n|---|---|---|\n| db1 | ops | {CHOSEN} |\n", CHOSEN),
    (f"INSERT INTO users (id, password) VALUES (1, '{CHOSEN}'), (2, '{WORD}');", WORD),
    ("INSERT INTO people (email, name) VALUES ('mo@kestrel.dev', 'Maren Oduya');", "Maren Oduya"),
]

KEYS = [
    (f'{{"kty": "oct", "k": "{BASE64}"}}', BASE64),
    (f'{{"d": "{BASE64}", "crv": "P-256", "kty": "EC"}}', BASE64),
    (f"-----BEGIN OpenVPN Static key V1-----\n{HEX}\n{HEX}\n-----END OpenVPN Static key V1-----", HEX),
    (f"-----BEGIN OPENSSH PRIVATE KEY-----\n{BASE64}\n-----END OPENSSH PRIVATE KEY-----", BASE64),
    ("key: LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0t" + BASE64, BASE64),
    (f"Private-Lines: 1\n{BASE64}AbCd\n", BASE64),
    (f'const wallet = new Wallet("0x{HEX64}");', HEX64),
]

SECRETS = [
    (f"user worker on >{WORD} ~jobs:* +@all", WORD),
    (f'"jdbc:oracle:thin:scott/{WORD}@//db:1521/ORCL"', WORD),
    (f"- **Password:** {CHOSEN}", CHOSEN),
    (f"password\nV 12\n{WORD}\n", WORD),
    (f'store.set("{CHOSEN}", forKey: "password")', CHOSEN),
    (f"const pass = 'it\\'s{WORD}';", WORD),
    ('passwd = "vrXiv[Z9Xrmiq01"', "vrXiv[Z9Xrmiq01"),
    ("dsn = 'host=db password=Quartz&804Velvet dbname=shop'", "Quartz&804Velvet"),
    (f"<passphrase>{PHRASE}</passphrase>", PHRASE),
    ("KEYSTORE_PASSWORD=ribbonbamboo\n", "ribbonbamboo"),
    (f"proxy_set_header X-Api-Key {HEX};", HEX),
    (f'buildConfigField("String", "API_KEY", "\\"{TOKEN}\\"")', TOKEN),
    (f'TOKEN = "{TOKEN[:16]}" + \\\n    "{TOKEN[16:]}"', TOKEN[16:]),
    (f"# the old token was {HEX}", HEX),
    (f"http.basic_auth 'svc', '{CHOSEN}'", CHOSEN),
    (f'verify("{CHOSEN}", &hash)', CHOSEN),
    ('ConvertTo-SecureString "ab(9)Xq7;Lm" -AsPlainText', "ab(9)Xq7;Lm"),
    ('pin_code = "592716"', "592716"),
    ('password: "84017295"', "84017295"),
    (f'{{"github-oauth": {{"github.com": "{HEX}"}}}}', HEX),
]

SECRETS += [
    ('smtp.login(EMAIL, "xvku lfgb kccu dhmf")', "lfgb"),
    ('totp = pyotp.TOTP("ZOFCM3QATFHSUNERK5OVEAWMB77V2PVZ")', "ZOFCM3QATFHS"),
    (f'assert.Equal(t, "{CHOSEN}", cfg.Password)', CHOSEN),
    (f"<secret><![CDATA[{CHOSEN}]]></secret>", CHOSEN),
    (f"vault login {TOKEN}", TOKEN),
    (f'expect "password:"; send "{WORD}\\r"', WORD),
    (f"Wi-Fi: office / {CHOSEN}", CHOSEN),
]

PEOPLE = [
    ("Thanks to Maren Oduya (@mo) for the report.", "Maren Oduya"),
    ("# Translated by Maren Oduya\n", "Maren Oduya"),
    ("#   김민준 <minjun@kestrel.dev>\n", "김민준"),
    ("# ping moduya@mo-attic7\n", "moduya"),
    ("DHCPACK on 10.0.0.9 to 9c:d6:27:bd:68:8d (mo-attic7) via eth0", "mo-attic7"),
    ("Ask Maren Oduya (maren@kestrel.dev) first", "Maren Oduya"),
    ("Maren Oduya,maren@kestrel.dev,Lagos", "Maren Oduya"),
    (f"ssh-ed25519 {BODY} Maren Oduya", "Maren Oduya"),
    (f"ssh-ed25519 {BODY} moduya@attic", "moduya"),
    ("/// \\author Maren Oduya\n", "Maren Oduya"),
    (".. sectionauthor:: Марта Ивановна\n", "Марта Ивановна"),
    ("// © 2021 佐藤 花子\n", "佐藤 花子"),
    ("Author: דנה לוי\n", "דנה לוי"),
    ("<Authors>Ana Brandt;Maren Oduya</Authors>", "Maren Oduya"),
    ("1f2e3d4c (Maren Oduya 2023-01-02 10:00:00 +0100 12) int x;", "Maren Oduya"),
    ("\n  [ Maren Oduya ]\n  * Fix the build.\n", "Maren Oduya"),
    ("<developer>\n <id>moduya</id>\n <name>Maren Oduya</name>\n</developer>", "Maren Oduya"),
    ("# TODO (Maren Oduya): split\n", "Maren Oduya"),
    ('{"firstName": "Maren", "lastName": "Oduya"}', "Oduya"),
    ("write to moduya at kestrel dot dev", "moduya"),
    ("moduya [at] kestrel [dot] dev", "moduya"),
    ("/docs/ @moduya\n", "moduya"),
    ('assignee: "@moduya"', "moduya"),
    ("ssh -l moduya build", "moduya"),
    ("\\\\files\\users$\\moduya\\x", "moduya"),
    ('open("~moduya/public_html")', "moduya"),
    ("Mar  1 10:11:12 mo-attic7 sshd[8]: Accepted publickey for moduya from 10.0.0.1 port 2", "mo-attic7"),
    ("Mar  1 10:11:12 mo-attic7 sshd[8]: Accepted publickey for moduya from 10.0.0.1 port 2", "moduya"),
    ("root@mo-attic7:/# id", "mo-attic7"),
    ("Linux mo-attic7 6.1.0-13-amd64 #1 SMP", "mo-attic7"),
    ("sftp://moduya@files.internal/home", "moduya"),
]

LEFT = [
    "var jwt = require('jsonwebtoken');",
    "nameserver 2001:4860:4860::8888\n",
    "user,password,role\nops,changeme,admin\n",
    "name,token,count\nnext,identifier,3\n",
    "def login(user, password, host):\n    pass\n",
    '{"kty": "RSA", "n": "' + BASE64 + '", "e": "AQAB"}',
    'Password string `json:"password" validate:"required,min=8"`',
    "X-Amz-Credential=%2F20240101%2Fus-east-1%2Fs3%2Faws4_request",
    '{"firstName": "First name", "lastName": "Last name"}',
    '{"firstName": "Vorname", "lastName": "Nachname"}',
    "// @author\n",
    "// @param password the password\n",
    "@import '~bootstrap/scss/bootstrap';",
    "led_pin = 12345678 if big else 13",
    'Hostname: "waf-1.eu-west-1.amazonaws.com"',
    "pkg:github/some-org/lib@0.11.0#upstream",
    "ls -l notes",
    "look at line dot product",
    "root@localhost:/# id",
    "PASSWORD=required\n",
    'label: "Support Desk", "desk@example.com"',
    '<email label="Mail Address">x@example.org</email>',
]


@pytest.mark.parametrize(("text", "value"), TABLES)
def test_a_value_below_its_name_goes(text, value):
    assert value not in ANONYMIZER.redact(text).text


@pytest.mark.parametrize(("text", "value"), KEYS)
def test_key_material_goes(text, value):
    assert value not in ANONYMIZER.redact(text).text


@pytest.mark.parametrize(("text", "value"), SECRETS)
def test_a_secret_goes(text, value):
    assert value not in ANONYMIZER.redact(text).text


@pytest.mark.parametrize(("text", "value"), PEOPLE)
def test_a_person_or_a_machine_goes(text, value):
    assert value not in ANONYMIZER.redact(text).text


@pytest.mark.parametrize("text", LEFT)
def test_what_looks_alike_is_left(text):
    assert ANONYMIZER.redact(text).text == text


def test_the_parts_of_a_public_key_stay():
    text = f"ssh-ed25519 {BODY} moduya@attic"
    assert ANONYMIZER.redact(text).text.startswith(f"ssh-ed25519 {BODY} ")
