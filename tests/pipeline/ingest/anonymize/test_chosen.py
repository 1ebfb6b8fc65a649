"""Secrets that somebody chose, or that only what takes them gives away; what looks alike stays."""

import pytest

from codeedit.pipeline.ingest.anonymize import Anonymizer

ANONYMIZER = Anonymizer(b"a key for tests")
HEX = "9f2c4be07d1a6358c0e4f7a92b6d81533c5e0a47d1b2f6e8a9037c4d5e6f1a2b"

FOUND = [
    ('shared_key = "violin-kettle-fjord"', "violin-kettle-fjord"),
    ('const encryptionKey = "violin-kettle";', "violin-kettle"),
    ('secret: "bramble_kettle_fjord"', "bramble_kettle_fjord"),
    ('static final String SECRET = "kettledrum73";', "kettledrum73"),
    (f'const client = new SearchClient("{HEX}");', HEX),
    (f'let api = Api::new("https://api.kestrel.dev", "{HEX}");', HEX),
    (f"sdk.authenticate('{HEX[:40]}')", HEX[:40]),
    (f'crypto.createHmac("sha256", "{HEX}")', HEX),
    ("jwt.sign(payload, 'kettledrum')", "kettledrum"),
    ('AES.new(b"fjord7violin3abc", AES.MODE_GCM)', "fjord7violin3abc"),
    ('mysqli_connect("db", "bkessel", "kettledrum", "shop");', "kettledrum"),
    ('requests.get(url, auth=("shop", "kettledrum"))', "kettledrum"),
    ('if (password.equals("kettledrum73")) open();', "kettledrum73"),
    ("ALTER USER shop IDENTIFIED BY kettle73;", "kettle73"),
    ("    proxy_set_header X-Auth-Token kettle73drum;\n", "kettle73drum"),
    ("jdbc:sqlserver://db;databaseName=x;user=shop;password={kett;le73}", "kett;le73"),
    ("TOTP: NB2W45DFOIZA4DQO\n", "NB2W45DFOIZA4DQO"),
    ("# pin code for the gate is 7302\n", "7302"),
    ("port=5432\nhost=db.kestrel.dev\nwpa_passphrase=kettledrum\nssid=net-5\n", "kettledrum"),
    ("// you can get in with Kettle2021!\n", "Kettle2021!"),
    ("Credentials: shop Kett#73le\n", "Kett#73le"),
    ("- the wifi here: kettledrum73\n", "kettledrum73"),
]
FOUND += [  # four words and more with one mark between
    ('password = "Kettle-Violin-Otter-Fjord"', "Kettle-Violin-Otter-Fjord"),
    ('password = "kettle.violin.otter.fjord"', "kettle.violin.otter.fjord"),
    ("password: Kettle-Violin-Otter-Fjord\n", "Kettle-Violin-Otter-Fjord"),
    ("sshpass -p Kettle-Violin-Otter-Fjord ssh shop@vm7", "Kettle-Violin-Otter-Fjord"),
    ('Private Const DB_PWD As String = "Kettle+Violin+Otter+Fjord"', "Kettle+Violin+Otter+Fjord"),
    ('client_secret = "Kettle.Violin.Otter.Fjord"', "Kettle.Violin.Otter.Fjord"),
    ('req.SetBasicAuth("kettle", "Kettle-Violin-Otter-Fjord")', "Kettle-Violin-Otter-Fjord"),
    ('ftp.login("shop", "kettle.violin.otter.fjord")', "kettle.violin.otter.fjord"),
    ('.basic_auth("shop", Some("Kettle.Violin.Otter.Fjord"))', "Kettle.Violin.Otter.Fjord"),
    ("DBI->connect(\"dbi:mysql:shop\", 'root', 'kettle_violin_otter_fjord');", "kettle_violin_otter_fjord"),
]
FOUND += [
    ('ENV.fetch("DB_PASS") { "kettledrum" }', "kettledrum"),
    ('var password string = "kettledrum"', "kettledrum"),
    ("app.secret_key = 'kettle-im-fjord'", "kettle-im-fjord"),
    ("# default creds admin/kettle73\n", "kettle73"),
    ("Changed the admin password from Kettle#73 to Violin#74\n", "Violin#74"),
    ("fix: stop using Kettle#73 as the db password\n", "Kettle#73"),
    ("kubectl create secret generic x --from-literal=password=kettle73\n", "kettle73"),
    ('ConvertTo-SecureString -AsPlainText "Kettle73" -Force', "Kettle73"),
    ('[System.Net.NetworkCredential]::new("shop", "kettledrum")', "kettledrum"),
    ('expect "assword:"\nsend "kettle73\\r"\n', "kettle73"),
    ("[api]\napikey=9f21kk44kettle\n", "9f21kk44kettle"),
]
KEPT = [
    'password = "spring.datasource.primary.password"',
    'secret = "Access-Control-Allow-Origin"',
    "auth: Cross-Origin-Resource-Policy\n",
    "password = kettle.violin.otter.fjord\n",
    'connect("mail.kettle.otter.net", "shop")',
    "Use the name as the password field's label.\n",
    "password from the environment to the process\n",
    'ENV.fetch("DB_PASS") { raise "not set" }',
    "influx -username shop\n",
    'secret = "web-tls-cert"',
    'encryption_key = "customer-managed-key"',
    'sort_key = "violin-kettle"',
    'master_key = "role-name"',
    'secret = "webhook-01"',
    f'digest = Digest("{HEX}")',
    f'client.check(Client("{HEX}") == sha256(data))',
    f'commit = Api("{HEX[:40]}").commit',
    'jwt.decode(token, key, algorithms=["RS256"])',
    'createHmac("sha256", secret)',
    'hmac.new(key, b"message to be signed", sha256)',
    'auth = ("basic", "digest")',
    "password = passed\nname = other\nuser = someone\n",
    "def f(password=password,\n  user=user,\n",
    "wifi: rtl8821 and 802.11ac\n",
    "// log in with your account\n",
    'logger.info("sign in with {}", provider)',
    "proxy_set_header X-Auth-Token $http_token;\n",
    "style={{password: 1}}; x={value}",
]


@pytest.mark.parametrize(("text", "value"), FOUND)
def test_what_was_chosen_is_found(text: str, value: str) -> None:
    assert value not in ANONYMIZER.redact(text).text


@pytest.mark.parametrize("text", KEPT)
def test_what_looks_alike_stays(text: str) -> None:
    assert ANONYMIZER.redact(text).text == text


OF_SERVICES = [
    "postgres://shop:Fjord-violin-88@db.kestrel.dev/shop",
    "amqp://queue9a:Fjord-violin-88@queue9a:5672/",
    "Server=db1;Database=ledgerly;User Id=ledgerly;Password=Fjord-violin-88;",
    'connect(host="h", user="erp", password="Fjord-violin-88")',
]


@pytest.mark.parametrize("text", OF_SERVICES)
def test_an_account_called_as_its_database_or_host_stays(text: str) -> None:
    spans = ANONYMIZER.redact(text).spans
    assert [span.area for span in spans] == ["secret"]
