"""Accounts and machines whose place gives them away, whatever their name; services that stand there stay."""

import pytest

from codeedit.pipeline.ingest.anonymize import Anonymizer

ANONYMIZER = Anonymizer(b"a key for tests")
HASH = "$6$Wq8nT2kLpZs4$" + "k7RzX1vQ9mYb3NcJ5tLd" * 4 + "aB3dE6"

FOUND = [
    ("by [@qorvane](https://github.com/qorvane)", "qorvane"),
    ("| Nguyễn Thanh Hà | [@haqorv](https://github.com/haqorv) | 2021 |", "haqorv"),
    ("| Björn Ó Ruairc | [@bjornor](https://github.com/bjornor) | 2021 |", "Björn Ó Ruairc"),
    ("| Giulia Moretti | @gmqorv | build |", "gmqorv"),
    ("- Giulia Moretti (https://github.com/qorvane)", "qorvane"),
    ("[core]\n\teditor = vi\n[github]\n\tuser = qorvane\n", "qorvane"),
    ("[mirror]\nrepository = https://pypi.kestrel.dev/simple\nusername = qorvane\npassword = x\n", "qorvane"),
    ("machine ftp.kestrel.dev login qorvane password Fjord-violin-88\n", "qorvane"),
    ("\n*:*:*:qorvane:Fjord-violin-88\n", "qorvane"),
    (f"root:*:1:0:::\nqorvane:{HASH}:19712:0:99999:7:::\n", "qorvane"),
    ("web1 ansible_host=10.0.0.4 ansible_user=qorvane\n", "qorvane"),
    ("git clone https://qorvane:Fjord-violin-88@github.com/kestrel/tools", "qorvane"),
    ("* Quicker start by @qorvane in https://github.com/kestrel/tools/pull/4", "qorvane"),
    ("* Quicker start, by @qorvane (#4)", "qorvane"),
    ("[sendemail]\n\tsmtpuser = qorvane\n", "qorvane"),
    ("root ALL=(ALL) ALL\nqorvane ALL=(ALL) NOPASSWD: ALL", "qorvane"),
    ("AllowUsers deploy brelkin qorvane@10.0.0.*", "brelkin"),
    ("sudo usermod -aG docker qorvane", "qorvane"),
    ("mount -t cifs //KW-SRV-204/archive /mnt", "KW-SRV-204"),
    ("# built on qorvane@KW-SRV-204\n", "qorvane@KW-SRV-204"),
    (r"net use Z: \\KW-SRV-204\archive", "KW-SRV-204"),
    ("\nHost KW-SRV-204\n  Port 22\n", "KW-SRV-204"),
    ("[Peer]\n# qorva-xps13\nPublicKey = k\n", "qorva-xps13"),
    ("hosts: renate-thinkpad2", "renate-thinkpad2"),
    ("// the printer at Giulia Moretti's desk", "Giulia Moretti"),
    ("# runs on Giulia's laptop only", "Giulia"),
    ("  - name: Giulia telefon\n", "Giulia"),
    ("// XXX Giulia says that this is enough", "Giulia"),
    ("// NOTE: Giulia wants this gone", "Giulia"),
    ("# as per Giulia, keep both", "Giulia"),
    ("# according to Giulia this holds", "Giulia"),
    ("// Renate Voss's proof of the bound", "Renate Voss"),
]
LEFT = [
    "see [tools](https://github.com/kestrel/tools) and [@dependabot](https://github.com/apps/dependabot)",
    '| Kestrel Tools | [site](https://github.com/kestrel) |\nimport "github.com/kestrel/tools"',
    "| React Router | @remix | npm |",
    "[client]\nuser = ledger\npassword_file = /run/pw\n",
    "user = current\nreturn user\n",
    "[pypi]\nusername = __token__\n",
    "machine ftp.kestrel.dev login anonymous password\n",
    "*:*:*:postgres:\n# pg:5432:ledger:ledger_ro:",
    "web1 ansible_user=deploy\nweb2 ansible_user=ec2-user\nweb3 ansible_user=netops",
    "https://oauth2:$TOKEN@gitlab.com/kestrel/tools",
    "npm i esbuild@ES-2015; user@v2; 5 W per Kelvin of difference",
    "handled by @property (see #4)",
    "%admin ALL=(ALL) ALL\ndeploy ALL=(ALL) ALL\nAllowUsers ubuntu deploy\nusermod -aG docker jenkins",
    "// ISO-8859-1, //UTF-16/32",
    r"path = '\\ISO-8859-1'; '\\Users'",
    "Host *\nHost web-1\nHostName 10.0.0.4",
    "cross-xps13 = dell-latitude",
    "the printer at the user's desk; today's branch",
    "name: Kitchen telefon",
    "// XXX Windows says no; per Request, NOTE: Python wants this",
]


@pytest.mark.parametrize(("text", "value"), FOUND)
def test_what_a_place_gives_to_a_person_is_found(text: str, value: str) -> None:
    spans = ANONYMIZER.redact(text).spans

    assert value in [text[span.start : span.end] for span in spans]


@pytest.mark.parametrize("system", ["root", "www-data", "nobody", "postgres", "sshd", "messagebus"])
def test_a_systems_account_before_a_hash_stays(system: str) -> None:
    text = f"{system}:{HASH}:19712:0:99999:7:::\n"

    assert ANONYMIZER.redact(text).text.startswith(f"{system}:")


@pytest.mark.parametrize("text", LEFT)
def test_look_alikes_stay(text: str) -> None:
    assert ANONYMIZER.redact(text).text == text


@pytest.mark.parametrize("text", ["the link [@qorvane](https://github.com/qorvane) ends"])
def test_a_linked_mention_goes_from_the_address_too(text: str) -> None:
    assert "qorvane" not in ANONYMIZER.redact(text).text
