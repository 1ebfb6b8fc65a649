"""Given names that stand alone, and secrets that their place in a line gives away; words stay."""

import pytest

from codeedit.pipeline.ingest.anonymize import Anonymizer

ANONYMIZER = Anonymizer(b"a key for tests")

FOUND = [
    ("// Giulia: please check the order of these\n", "Giulia"),
    ("x = 1;  -- Giulia wanted this\n", "Giulia"),
    ("# from Giulia, last spring\n", "Giulia"),
    ("Code review feedback from Giulia\n", "Giulia"),
    ('engine = "mssql+pyodbc://sa:fjord@violin88@10.1.2.3/erp"', "fjord@violin88"),
    ('if (request.args.get("key") != "k3Fq9ZtLw2Xp7RbV5mNc") return;', "k3Fq9ZtLw2Xp7RbV5mNc"),
    ('if (strcmp(input, "fj0rd!violin8") == 0) grant();', "fj0rd!violin8"),
    ('if (pin === "7302") unlock();', "7302"),
    ("Entry code: 7302\n", "7302"),
    ("SIM PUK: 73024981\n", "73024981"),
    ("Temporary password for the bench: fjord7302\n", "fjord7302"),
    ('SECRETS = {"db": "k3Fq9ZtLw2Xp7RbV5mNc", "cache": "x8Jq3PtLw2Zp7RbV5mNd"}', "x8Jq3PtLw2Zp7RbV5mNd"),
    ('session({ secret: "fjord violin kettle bramble" })', "fjord violin kettle bramble"),
    ('process.env.SESSION_SECRET ||= "fjordViolin73";', "fjordViolin73"),
    ("GET /cb?state=a&code=4/0k3Fq9ZtLw2Xp7RbV5mNcQs8Td", "4/0k3Fq9ZtLw2Xp7RbV5mNcQs8Td"),
    ('args: ["-u", "root", "-p", "fjord7302x"]', "fjord7302x"),
    ("smbclient //nas/share -U 'root%fjord7302'", "fjord7302"),
    ('lftp -e "open -u root,fj0rd!302 ftp.kestrel.dev; quit"', "fj0rd!302"),
    (
        "byte[] KEY = { " + "(byte) 0x3a, (byte) 0xec, (byte) 0x94, (byte) 0x4e, " * 2 + "(byte) 7 };",
        "(byte) 0x94",
    ),
    ("char[] password = {'f','j','R','7','v','Q','2','x'};", "'R','7'"),
    (
        "key_bytes = bytes([162, 129, 130, 76, 154, 21, 123, 86, 215, 232, 78, 55, 181, 28, 230, 168])",
        "130, 76",
    ),
    ("<password>{k3Fq9ZtLw2Xp7RbV5mNcQs8TdYh4Gj6Ka1==}</password>", "k3Fq9ZtLw2Xp7RbV5mNcQs8TdYh4Gj6Ka1=="),
]
FOUND += [
    ('signer = TimestampSigner("k3Fq9ZtLw2Xp7RbV5mNcQs8TdYh4Gj6K")', "k3Fq9ZtLw2Xp7RbV5mNcQs8TdYh4Gj6K"),
    ("[db]\ndb_pw = fjordviolin73\n", "fjordviolin73"),
    ("COPY --chown=bkessel . /app\n", "bkessel"),
    ("telnet 138.145.189.22 25\n", "138.145.189.22"),
    ('data = "/scratch/users/bkessel/run7"', "bkessel"),
    ("-- maintainer mschwarz\n", "mschwarz"),
]
FOUND += [
    ("PSWRD=fjordViolin733\n", "fjordViolin733"),
    ("Authorization: NTLM TlRMTVNTUAABk3Fq9ZtLw2Xp7RbV5mNcQs8TdYh4Gj6K", "k3Fq9ZtLw2Xp7RbV5mNcQs8TdYh4Gj6K"),
    ("jwt_secret: 'fjord-violin-7'", "fjord-violin-7"),
    ('kdf.derive(b"fjord violin kettle bramble")', "fjord violin kettle bramble"),
    ("# Giulia and Eoin decided to keep this\n", "Eoin"),
    ("approved_by: qorvane\n", "qorvane"),
    ('"modifiedBy": "Giulia Moretti",', "Giulia Moretti"),
    ("ERROR 1045: Access denied for user 'dbaptista'@'localhost'", "dbaptista"),
]
KEPT = [
    "// Ruby: please see the other file\n",
    "// Clang wants this\n",
    'if (kind == "content-type-2") return;',
    'if (sha == "9f2c4be07d1a6358c0e4f7a92b6d81533c5e0a47") return;',
    "GET /list?code=invalid_parameter_value",
    'TOKENS = {"next": "previous-token", "peek": "current-token"}',
    "byte[] IV = { 0, 1, 2, 3, 4, 5, 6, 7 };",
    'digest = "k3Fq9ZtLw2Xp7RbV5mNcQs8TdYh4Gj6K"',
    'assetId: "k3Fq9ZtLw2Xp7RbV5mNcQs8TdYh4Gj6K",',
    'name = "getUserNameFromSessionStorage"',
    "sorted_by: name\n",
    "approved_by: system\n",
    "Status of the password check: running",
]


@pytest.mark.parametrize(("text", "value"), FOUND)
def test_what_its_place_gives_away_is_found(text: str, value: str) -> None:
    assert value not in ANONYMIZER.redact(text).text


@pytest.mark.parametrize("text", KEPT)
def test_what_looks_alike_stays(text: str) -> None:
    assert ANONYMIZER.redact(text).text == text
