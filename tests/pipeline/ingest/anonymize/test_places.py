"""What the rules find, by the kind of place, and what they leave."""

import random
import string

import pytest

from codeedit.pipeline.ingest.anonymize import Anonymizer
from codeedit.pipeline.ingest.anonymize.names import Hint, hint
from codeedit.pipeline.ingest.anonymize.phrases import is_phrase
from codeedit.pipeline.ingest.anonymize.shapes import is_digest, is_shuffled, is_strong

ANONYMIZER = Anonymizer(b"a key for tests")
WORD = "Kx8mQ2pLw9Zt"
CHOSEN = "Harbor!4417"
TOKEN = "q8WmZ2xK5vTn7LbR3cYd9HfJ4gPs6A1e"
HEX = "9f86d081884c7d659a2feaa0c55ad015"
BASE64 = "mQ3vX8kZ1pLw7RtYb2NcHs5GjD9fEuAoTi4xKq6WzVM="
PASSWORD_HASH = "./Zx81mQpwTn7LbR3cYd9HfJ4gPs6A1eKx8mQ2pLw9ZtRb"

CALLS = [
    (f'pymysql.connect("db1", "app", "{CHOSEN}", "orders")', CHOSEN),
    (f'DriverManager.getConnection(url, "scott", "{WORD}");', WORD),
    (f'requests.get(url, auth=("svc", "{CHOSEN}"))', CHOSEN),
    (f'req.SetBasicAuth("ops", "{CHOSEN}")', CHOSEN),
    (f'Client::new().basic_auth("svc", Some("{WORD}"))', WORD),
    (f'sql.Open("mysql", "svc:{WORD}@tcp(10.0.0.5:3306)/shop")', WORD),
    (f'createHmac("sha256", "{TOKEN}")', TOKEN),
    (f'new SecretKeySpec("{TOKEN}".getBytes(), "AES")', TOKEN),
    (f'keyStore.load(in, "{WORD}".toCharArray());', WORD),
    (f'password.equals("{CHOSEN}")', CHOSEN),
    (f'driver.findElement(By.id("password")).sendKeys("{CHOSEN}");', CHOSEN),
    (f'child.expect("Password:")\nchild.sendline("{CHOSEN}")', CHOSEN),
    ('imap.login("svc", "chestnut")', "chestnut"),
    ('r = get(url, auth=("svc", "earthenware"))', "earthenware"),
    ('val creds = Credentials("svc", "treacle")', "treacle"),
    ('creds = [("svc", "gandalf"), ("ops", "nuthatch")]', "nuthatch"),
    ('val pair = "svc" to "Foxglove_3"', "Foxglove_3"),
    ('assertEquals("canyon lantern cobble", cfg.getPassword());', "canyon lantern cobble"),
    ('strcpy(cfg->sudo_pass, "coppergravel49");', "coppergravel49"),
    ('every { vault.password } returns "peppercobble"', "peppercobble"),
    ('static const char password[] = "TideCedarFalcon";', "TideCedarFalcon"),
    ('const char *pw[] = {"sprocket12", "gasket!34"};', "sprocket12"),
    ('session["password"] = @"MagnetCanyonOrbit";', "MagnetCanyonOrbit"),
    (f'let k = hex!("{HEX}"); // aes key', HEX),
]
PLAIN_WORDS = [
    ("app:\n  user: svc\n  password: greenfinch\n", "greenfinch"),
    ("  db:\n    password: puffin rock isle\n", "puffin rock isle"),
    ("MYSQL_PWD=sandpiper\n", "sandpiper"),
    ("ENV WIFI_PASSWORD pikachu\n", "pikachu"),
    ("PGPASSWORD=larkspur psql -h db", "larkspur"),
    ("./gradlew -Psigning.password=seashanty", "seashanty"),
    ("export WIFI_PASSWORD ?= 18walrus10violin\n", "18walrus10violin"),
    ("+redis_auth_pass=phoenix14\n", "phoenix14"),
    ('password = "plum pudding 4"', "plum pudding 4"),
    ('password = "panther"', "panther"),
    ("| host | password |\n|---|---|\n| db | yellowhammer |\n", "yellowhammer"),
    ("CREATE USER app IDENTIFIED BY 'bluebell';", "bluebell"),
    ("Invoke-Sqlcmd -Username svc -Password millstone", "millstone"),
    ("cmdkey /add:nas /user:svc /pass:wheelbarrow", "wheelbarrow"),
    ('gpg --batch --passphrase "otter moss fern" -d x', "otter moss fern"),
    ("echo 'ballast' | sudo -S reboot", "ballast"),
    ("machine api.io login svc password saltmarsh", "saltmarsh"),
    ("Server=x;Uid=svc;Pwd=weathervane;", "weathervane"),
    ("steamcmd +login svc Pinball.Sofa3 +quit", "Pinball.Sofa3"),
    ("[client]\nuser=svc\npassword=harvestmoon\n", "harvestmoon"),
    ('cfg.password = process.env.DB_PASSWORD || "harvestmoon"', "harvestmoon"),
    ("image: x${DB_PASSWORD:-harvestmoon}", "harvestmoon"),
    ("The admin password is 'harvestmoon'.", "harvestmoon"),
    ("- { name: app, password: greenfinch }", "greenfinch"),
    ("; pdfPassword = SaffronMagnetMango", "SaffronMagnetMango"),
]
ENTRIES = [
    (f'- name: DB_PASSWORD\n  value: "{CHOSEN}"', CHOSEN),
    (f'{{"name": "API_TOKEN", "value": "{TOKEN}"}}', TOKEN),
    (f'<property name="connection.password">{WORD}</property>', WORD),
    (f"<key>ApiSecret</key>\n<string>{TOKEN}</string>", TOKEN),
    (f'<wsse:Password Type="text">{WORD}</wsse:Password>', WORD),
    (f'variable "db_password" {{\n  type    = string\n  default = "{CHOSEN}"\n}}', CHOSEN),
    (f'PASSWORDS = {{\n    "alice": "{WORD}",\n}}', WORD),
    (f"secrets:\n  smtp: {TOKEN}\n", TOKEN),
    (f"password:\n  {WORD}\n", WORD),
    (f'Password string `default:"{CHOSEN}"`', CHOSEN),
    (f'basic_auth: "svc:{WORD}"', WORD),
    (f"my $password = q{{{WORD}}};", WORD),
    (f"INSERT INTO users (login, password) VALUES ('bob', '{CHOSEN}');", CHOSEN),
]
COMMANDS = [
    (f"sqlplus scott/{WORD}@//db:1521/XE", WORD),
    (f"openssl rsa -in k.pem -passin pass:{WORD}", WORD),
    (f"echo 'root:{WORD}' | chpasswd", WORD),
    (f'echo "{TOKEN}" | docker login -u ci --password-stdin', TOKEN),
    (f"smbclient //srv/s -U bob%{WORD}", WORD),
    (f'args: ["sshpass", "-p", "{WORD}", "ssh"]', WORD),
    (f"machine api.io\n  login svc\n  password {WORD}", WORD),
    (f"db.io:5432:shop:svc:{WORD}\n", WORD),
    (f"requirepass {TOKEN}\n", TOKEN),
    (f"PRAGMA key = '{WORD}';", WORD),
]
SENTENCES = [
    (f"# the password for staging was {CHOSEN}, rotate it", CHOSEN),
    (f"// token {TOKEN} expires soon", TOKEN),
    (f"/* api key {TOKEN} */", TOKEN),
    (f"* The API key is `{TOKEN}`.", TOKEN),
    ("# password changed to rainy7night", "rainy7night"),
    ("# reset the password to rainy7night", "rainy7night"),
]
STRUCTURES = [
    ("v4.local." + TOKEN * 3, TOKEN),
    ("SCRAM-SHA-256$4096:" + BASE64[:24] + "$" + BASE64 + ":" + BASE64, BASE64),
    (f"Administrator:500:{HEX}:{HEX[::-1]}:::", HEX),
    ("enable secret 9 $9$" + PASSWORD_HASH[:14] + "$" + PASSWORD_HASH[:43], PASSWORD_HASH[:12]),
    ("https://" + TOKEN + ":@pkgs.io/simple", TOKEN),
    ("https://hooks.zapier.com/hooks/catch/1234567/a1b2c3d/", "1234567/a1b2c3d"),
]


@pytest.mark.parametrize(("text", "value"), CALLS + ENTRIES + COMMANDS + SENTENCES + STRUCTURES + PLAIN_WORDS)
def test_a_secret_is_found_where_it_stands(text, value):
    redacted = ANONYMIZER.redact(text)
    assert value[:8] not in redacted.text
    assert ANONYMIZER.redact(redacted.text).text == redacted.text


PEOPLE = [
    ("# by Nora Blix, 2019", "Nora Blix"),
    ("authors:\n  - Nora Blix\n  - Ola Ødegård", "Ola Ødegård"),
    ('author = {name: "Nora Blix"}', "Nora Blix"),
    ('name = "Nora Blix"\nemail = "nora@blix.no"', "Nora Blix"),
    ('ADMINS = [("Nora Blix", "nora@blix.no")]', "Nora Blix"),
    ("SPDX-FileContributor: Nora Blix", "Nora Blix"),
    ("GIT_AUTHOR_NAME='Nora Blix'", "Nora Blix"),
    ("Autor: Nora Blix", "Nora Blix"),
    ("cp x nora.blix@fjord.no.txt", "nora.blix@fjord.no"),
    ("see nora.blix@fjord.no/x.json", "nora.blix@fjord.no"),
    ("# TODO: @nblix look", "nblix"),
    ("// todo(nblix) fix", "nblix"),
]
MACHINES = [
    ('{"lastName": "Mokoena", "email": "user@example.com"}', "Mokoena"),
    ("hostname: pg-main.quillstone.dev\n", "pg-main.quillstone.dev"),
    ('"mac": "B883414C9416"', "B883414C9416"),
    ("// TODO tobias: check", "tobias"),
    ("export USER=nblix", "nblix"),
    ("COMPUTERNAME=DESKTOP-7KQ2M9X", "DESKTOP-7KQ2M9X"),
    ("[nblix@fjell7 src]$ make", "nblix@fjell7"),
    ("Host b\n    HostName b.io\n    User nblix\n", "nblix"),
    ("sftp://nblix@fjord.no/x", "nblix"),
    ("uid=1000(nblix)", "nblix"),
    ("$Author: nblix $", "nblix"),
    ("Noras-MacBook-Pro.local", "Noras"),
    ("/nfs/home/nblix/x", "nblix"),
    ("\\\\nas\\home\\nblix", "nblix"),
    ("hw b827.eb53.fd6e", "b827.eb53.fd6e"),
    ("https://wa.me/4915118645297", "4915118645297"),
]


@pytest.mark.parametrize(("text", "value"), PEOPLE + MACHINES)
def test_a_person_or_machine_is_found(text, value):
    redacted = ANONYMIZER.redact(text)
    assert value not in redacted.text
    assert {span.area for span in redacted.spans} == {"personal"}


LEFT = [
    'NEXUS = credentials("nexus-deployer")',
    'hmacKey: "scram-sha-256"',
    "interface Login {\n  user: string\n  password: string\n}",
    "const login = {\n  user: name,\n  password: entered\n};",
    'password: "Enter a new password"',
    'passwordHint: "three words and more"',
    'log("bad creds", request_id="926e08aa-d6b3-4011-bad8-7b68752e8be8")',
    'models = {"speech": "hubert", "text": "albert"}',
    "mysql -u root -ppassword",
    f" * Signature: {HEX}{HEX}",
    '{lastName: "Required", email: "Required"}',
    'init("TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256", 0xc037)',
    '#define TLS1_TXT_DHE_PSK_WITH_AES_128_CBC_SHA "DHE-PSK-AES128-CBC-SHA"',
    "# define TLS1_CK_DHE_PSK_WITH_AES_128_CBC_SHA 0x0300008E",
    r'#define TLS_MD_MASTER_SECRET_CONST "\x6d\x61\x73\x74\x65\x72\x20\x73\x65\x63\x72\x65\x74"',
    " * @BAG_SECRET: PKCS-12 bag with secret keys.",
    "# License: 3-clause BSD.",
    "#define XkbChangeTypesOfKey\t\tSrvXkbChangeTypesOfKey",
    'newSecretKey("PBKDF2WithHmacSHA256", salt)',
    "return { user: name, password: entered };",
    'credentials = ["email", "profile"]',
    'form.label(password="Confirm it again")',
    'db.connect("localhost", 5432, "mydb")',
    'login("admin", "admin")',
    "connect(sender, SIGNAL(clicked()), receiver, SLOT(onClick()))",
    f'connect({{host: h, commit: "{HEX}"}})',
    'hmac.new(key, b"The quick brown fox jumps", "sha256")',
    'Cipher.getInstance("AES/GCM/NoPadding")',
    f'AES.new(bytes.fromhex("{HEX}"))',
    '<property name="password.min.length">12</property>',
    "- name: TOKEN_URL\n  value: https://auth.corp.io/token",
    'variable "db_password" {\n  type = string\n}',
    'echo "$PASS" | sudo -S ls',
    "mysql -uroot -p$MYSQL_PASS",
    "-- the password is checked by the server",
    "# token kinds are listed in tokens.md",
    "USER=root HOSTNAME=localhost USERNAME=postgres",
    "hostname: redis-master-0",
    "import Home from './home/Home'",
    '"AWS::IAM::AccessKey": "72c2d9dd90025459"',
    "ssh root@server",
    "version 1234.5678.9012",
    "# by default",
    "// by Using This",
    "x = test_ThisIsALongNameOfATestCaseInCamel",
    "password = 'correct horse battery staple'",
    "name: Release Drafter",
    "# key addition to layer3: halves the cost",
    "client.sendSecret = !!options.withSecrets;",
    'out("-----BEGIN PRIVATE KEY-----")\nwriteAll(pair.ownPart.bytes())\nout("-----END PRIVATE KEY-----")',
    "`ftp://an%20a:b%20b@host/`",
    'RenewToken string `wire:"bytes,4,opt,name=renew_token,json=renewToken,proto3"`',
    'key = "outgoing_frames_queue"',
]


@pytest.mark.parametrize("text", LEFT)
def test_what_looks_alike_is_left(text):
    assert ANONYMIZER.redact(text).text == text


def test_a_class_beside_a_name_is_no_password():
    spans = ANONYMIZER.redact('("hubert", "Conv2DFeatureReader"),').spans
    assert [span for span in spans if span.area == "secret"] == []


@pytest.mark.parametrize("value", ["Htz4FNsnAARF", "cJDfGHviJXDX", WORD])
def test_random_case_is_known(value):
    assert is_shuffled(value)


@pytest.mark.parametrize(
    "value", ["getUserNameById", "getHTTPResponse2", "SOME_CONSTANT", "toUpperCaseIfAny", "passwordfield"]
)
def test_an_identifiers_humps_are_not_random_case(value):
    assert not is_shuffled(value)


@pytest.mark.parametrize(
    "value", [HEX, "123e4567-e89b-42d3-a456-426614174000", "x509Certificate", "RFC7519#3"]
)
def test_a_digest_or_reference_is_not_strong(value):
    assert not is_strong(value)


def test_a_uuid_is_a_digest():
    assert is_digest("123e4567-e89b-42d3-a456-426614174000")


def test_a_sentence_is_no_phrase():
    assert is_phrase("ribbon bamboo canyon quartz")
    assert not is_phrase("enter the phrase here")


@pytest.mark.parametrize(
    ("name", "promise"),
    [
        ("rootpw", Hint.PASSWORD),
        ("ldap.bind.credentials", Hint.SECRET),
        ("totp_seed", Hint.TOKEN),
        ("storepass", Hint.PASSWORD),
        ("mdp", Hint.PASSWORD),
        ("bypass", Hint.NONE),
        ("compass", Hint.NONE),
        ("enclave", Hint.NONE),
    ],
)
def test_a_name_promises(name, promise):
    assert hint(name) is promise


def test_what_follows_a_common_prefix_must_be_random():
    draw = random.Random(3)
    body = "".join(draw.choices(string.ascii_letters + string.digits, k=30))
    assert body[:8] not in ANONYMIZER.redact(f"x = live_{body}").text
