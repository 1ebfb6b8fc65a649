"""Made-up secrets and personal data in the sample logs, to check that no data set made from them has any.

Every value follows a published format and belongs to nobody.  Values stand here in pieces, and those with
a provider's prefix are typed key by key in the logs, so that no scanner takes these files for a leak.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Planted:
    """One planted value."""

    kind: str
    value: str  # the part that must not be found in anything made from the logs
    log: str  # the sample log's name without its suffix
    way: str  # typed, pasted, loaded, or in the log's header


@dataclass(frozen=True, slots=True)
class Owner:
    """A made-up person whose editor wrote a log."""

    account: str
    name: str
    mail: str


OWNERS = (
    Owner("tobrekke", "Tove Obrekke", "tove.obrekke" + "@" + "quillmere-labs.io"),
    Owner("mvalsandt", "Mirko Valsandt", "m.valsandt" + "@" + "osterholt-data.net"),
    Owner("okwudike", "Ngozi Okwudike", "ngozi" + "@" + "okwudike-works.org"),
    Owner("jfenwyck", "Jory Fenwyck", "jory.fenwyck" + "@" + "quillmere-labs.io"),
    Owner("ysorrento", "Yara Sorrentino", "yara.s" + "@" + "halloway-mills.dev"),
)


def github_token() -> str:
    """Return a token of GitHub's classic form: prefix, 30 characters, six check digits (CRC-32, base 62)."""
    body = "q7Rz2LxVbN" + "4kTw9HsYcM" + "1dJf6GpEuA"
    number = zlib.crc32(body.encode())
    digits = ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = _BASE62[digit] + digits
    return "gh" + "p_" + body + digits


def aws_key_id() -> str:
    """Return an AWS access key id: AKIA and sixteen letters and digits of base 32."""
    return "AK" + "IA" + "W3XQ" + "Z7KD" + "2MVJ" + "5RTB"


TYPED_PASSWORD = "gravel" + "-Otter" + "-4471"
PASTED_PASSWORD = "Xu9!" + "bramble" + "Kite62"
URL_PASSWORD = "k3ttle" + "Sparrow" + "08"
LOADED_PASSWORD = "m0ss" + "Lantern" + "#93"
ADDRESS = "26." + "118." + "47." + "203"

TYPED_LOG = "python-1"
PASTED_LOG = "javascript-1"
LOADED_LOG = "java-1"
CORRECTED_LOG = "kotlin-1"  # typed too, with an error taken back in the middle


def typed_lines() -> tuple[str, ...]:
    """Return lines of Python that are typed key by key."""
    return (f'ACCESS_KEY_ID = "{aws_key_id()}"', f'GITHUB_TOKEN = "{github_token()}"')


def corrected_line() -> str:
    """Return a line of Kotlin that is typed with a wrong key in the middle of the password."""
    return f'val password = "{TYPED_PASSWORD}"'


def pasted_lines(owner: Owner) -> tuple[str, ...]:
    """Return lines of JavaScript that are pasted."""
    url = f"postgres://{owner.account}:{URL_PASSWORD}@db.{owner.mail.partition('@')[2]}:5432/prod"
    return (f'const password = "{PASTED_PASSWORD}";', f'const databaseUrl = "{url}";')


def loaded_header(owner: Owner) -> tuple[str, ...]:
    """Return comment lines of a file as it is loaded, in the syntax of Java and C."""
    return (
        f"// Author: {owner.name} <{owner.mail}>",
        f"// Copyright (c) 2024 {owner.name}",
        f"// Data from /home/{owner.account}/exports/daily.csv, host {ADDRESS}",
        f"// db.password={LOADED_PASSWORD}",
    )


def planted(owners: dict[str, Owner]) -> tuple[Planted, ...]:
    """Return every planted value.

    Args:
        owners: whose log it is, by the log's name.
    """
    pasting, loading = owners[PASTED_LOG], owners[LOADED_LOG]
    values = [
        Planted("aws_access_key_id", aws_key_id(), TYPED_LOG, "typed"),
        Planted("github_token", github_token(), TYPED_LOG, "typed"),
        Planted("password", TYPED_PASSWORD, CORRECTED_LOG, "typed"),
        Planted("password", PASTED_PASSWORD, PASTED_LOG, "pasted"),
        Planted("url_password", URL_PASSWORD, PASTED_LOG, "pasted"),
        Planted("account", pasting.account, PASTED_LOG, "pasted"),
        Planted("password", LOADED_PASSWORD, LOADED_LOG, "loaded"),
        Planted("email", loading.mail, LOADED_LOG, "loaded"),
        Planted("author", loading.name, LOADED_LOG, "loaded"),
        Planted("home_path", f"/home/{loading.account}", LOADED_LOG, "loaded"),
        Planted("ipv4", ADDRESS, LOADED_LOG, "loaded"),
    ]
    values += [Planted("account", owner.account, log, "header") for log, owner in owners.items()]
    return tuple(values)
