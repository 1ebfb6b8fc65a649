"""Accounts that their place gives away: beside a password, behind a command, in a log, among people."""

import pytest

from codeedit.pipeline.ingest.anonymize import Anonymizer
from codeedit.pipeline.ingest.anonymize.logins import is_handle

ANONYMIZER = Anonymizer(b"a key for tests")

FOUND = [
    ('db.connect("db.kestrel.dev", "qorvane", "Fjord-violin-88")', "qorvane"),
    ('users = {"bkessel": "Fjord-violin-88"}', "bkessel"),
    ("curl --user qorvane:Fjord-violin-88 https://kestrel.dev/", "qorvane"),
    ("url: postgres://qorvane:Fjord-violin-88@db.kestrel.dev/app", "qorvane"),
    ('"Data Source=sql1;User ID=qorvane;Password=Fjord-violin-88"', "qorvane"),
    ('psql "host=db user=qorvane password=Fjord-violin-88"', "qorvane"),
    ("docker login -u qorvane -p Fjord-violin-88 registry.kestrel.dev", "qorvane"),
    ("schtasks /create /ru qorvane /rp Fjord-violin-88 /tn nightly", "qorvane"),
    ("<username>qorvane</username>\n<password>Fjord-violin-88</password>", "qorvane"),
    ("basic_auth:\n  username: qorvane\n  password: Fjord-violin-88\n", "qorvane"),
    ("CREATE USER qorvane IDENTIFIED BY 'Fjord-violin-88';", "qorvane"),
    ("| user | password |\n| --- | --- |\n| qorvane | Fjord-violin-88 |\n", "qorvane"),
    ("su - qorvane -c id", "qorvane"),
    ("sudo -u qorvane crontab -l", "qorvane"),
    ("chown -R qorvane:staff /srv/app", "qorvane"),
    ("sudo useradd -m -G docker qorvane\n", "qorvane"),
    ("Access denied for user 'qorvane'@'localhost'", "qorvane"),
    ("Signed in as bkessel", "bkessel"),
    ("sudo: qorvane : TTY=pts/0 ; PWD=/ ; COMMAND=/bin/ls", "qorvane"),
    ("uid=1001(owl42) gid=1002(qorvane) groups=1002(qorvane)", "qorvane"),
    ("-rw-r--r-- 1 root qorvane 220 Feb 2 2022 .bashrc", "qorvane"),
    ("assignees: [owl42, bkessel]", "bkessel"),
    ("reviewers:\n  - owl42\n  - bkessel\n", "bkessel"),
    ('approvers: "owl42, bkessel"', "bkessel"),
    ('config.setUsername("bkessel");', "bkessel"),
    ("// Author: qorvane\n", "qorvane"),
    ("// TODO qorvane 2020-11-11 handle nulls", "qorvane"),
    ("# maintained by @qorvane\n", "qorvane"),
]
FOUND += [
    ("user bkessel logged in from 10.0.0.4", "bkessel"),
    ("uid=bkessel,ou=people,dc=kestrel,dc=dev", "bkessel"),
    ("Deployed by bkessel at 10:00", "bkessel"),
    ("git@github.com:bkessel/dotfiles.git", "bkessel"),
    ("// bkessel: check this\n", "bkessel"),
    ("/var/mail/bkessel", "bkessel"),
    ("KESTREL\\bkessel", "bkessel"),
    ("<owner>qorvane</owner>", "qorvane"),
    ("Invalid user owl42 from 10.0.0.4", "owl42"),
]
FOUND += [
    ("GRANT SELECT, INSERT ON orders TO app_rw, bkessel;", "bkessel"),
    ("CREATE ROLE mschwarz WITH LOGIN;", "mschwarz"),
    ("REASSIGN OWNED BY bkessel TO postgres;", "bkessel"),
    ("alter table orders owner to giulia_moretti;", "giulia_moretti"),
    ("revoke all on schema x from `bkessel`@`%`;", "bkessel"),
    ("assignee: orvyn_dev", "orvyn_dev"),
    ('reviewers: ["ops-giulia", "deploy-jw"]', "deploy-jw"),
    ("session opened for user root by qorvane(uid=1001)", "qorvane"),
    ("Merge pull request #12 from qorvane/topic", "qorvane"),
    ("slack: @bkessel\n", "bkessel"),
    ("https://www.linkedin.com/in/bkessel", "bkessel"),
]
KEPT = [
    "GRANT SELECT ON orders TO reporting, app_writer;",
    "CREATE USER app_writer;",
    "alter role loader set search_path = app;",
    'reviewers: ["deploy-bot", "core-dev", "platform-ops"]',
    "grant access to the store\n",
    "url: postgres://app:Fjord-violin-88@db.kestrel.dev/app",
    'connect("db.kestrel.dev", "root", "Fjord-violin-88")',
    'set_option(ctx, "root_password", "Fjord-violin-88")',
    "AccountName=lanternstore;AccountKey=fjordviolin;",
    "chown -R www-data:www-data /srv",
    "su - postgres -c psql",
    "total = user_total + 1  # created by default\n",
    "int total = 0; // written by hand\n",
    "reviewers: reviewers,",
    "The service is running as expected.",
    "// kwargs: passed on\n",
    "<user>admin</user>",
    "https://github.com/urllib3/urllib3",
    "# rstrip: takes blanks off\n",
    "assignees: [team-core, bot]",
]


@pytest.mark.parametrize(("text", "account"), FOUND)
def test_an_account_is_found_where_one_stands(text: str, account: str) -> None:
    spans = ANONYMIZER.redact(text).spans
    assert any(text[span.start : span.end] == account and span.area == "personal" for span in spans), [
        text[span.start : span.end] for span in spans
    ]


@pytest.mark.parametrize("text", KEPT)
def test_services_and_words_stay(text: str) -> None:
    assert not [span for span in ANONYMIZER.redact(text).spans if span.area == "personal"]


@pytest.mark.parametrize("word", ["bkessel", "mschwarz", "owl42", "tbrandt"])
def test_an_initial_before_a_name_or_a_number_behind_a_word_makes_a_handle(word: str) -> None:
    assert is_handle(word)


@pytest.mark.parametrize("word", ["string", "frame", "utf8", "user1", "sha256", "nbytes", "throttle", "mqtt"])
def test_words_of_programs_are_no_handles(word: str) -> None:
    assert not is_handle(word)
