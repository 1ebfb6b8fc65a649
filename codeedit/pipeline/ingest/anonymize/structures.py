"""Secrets that their own structure gives away: key blocks, JWTs, URLs, headers, hashes, command lines.

Every function gets a text and where one of its anchors stands, and yields findings near it; each looks at a
bounded stretch only.
"""

# ruff: noqa: E501 - tables of words and patterns

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from urllib.parse import unquote

from codeedit.pipeline.ingest.anonymize.engine import LinearPattern, latin
from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.formats import FORMATS, WORDY, Format
from codeedit.pipeline.ingest.anonymize.phrases import PLAIN_PASSWORDS
from codeedit.pipeline.ingest.anonymize.placeholders import is_placeholder
from codeedit.pipeline.ingest.anonymize.shapes import entropy, is_dummy, is_password, is_random

_BY_PREFIX: dict[str, list[Format]] = {}
for _format in FORMATS:
    _BY_PREFIX.setdefault(_format.prefix, []).append(_format)

_TOKEN_DUMMY = LinearPattern(
    r"(?i)example|x{5,}|\*{3}|your[_-]|place[_-]?holder|replace[_-]|0{9,}|1234567890|abcdefgh|\.{3}|<[A-Za-z_ -]{3,}>"
)


def format_at(text: str, start: int, prefix: str) -> Finding | None:
    """Find a token of a published format whose prefix stands at `start`."""
    for entry in _BY_PREFIX.get(prefix, ()):
        match = entry.pattern.match(text, start)
        if match is None:
            continue
        body = match[0][len(prefix) :]
        if (
            _TOKEN_DUMMY.start(latin(body)) >= 0
            or is_placeholder(match[0])
            or len(set(body)) < min(6, len(body) // 2)
        ):
            continue
        if entropy(body) < 2.4 or (
            prefix.isalpha() and len(prefix) < 4 and not any(c.isdigit() for c in body)
        ):
            continue
        if prefix in WORDY and not is_random(re.sub(r"[^A-Za-z0-9]", "", body)):
            continue
        first = start + _key_in(match[0]) if entry.in_address else start
        return Finding(first, match.end(), entry.kind, "secret", Rank.FORMAT)
    return None


def _key_in(address: str) -> int:
    """Return where the key begins that an address ends with."""
    return max(address.rfind("/"), address.rfind("=")) + 1


_JWT = re.compile(
    r"(?<![A-Za-z0-9_\-+/])ey[JK][A-Za-z0-9_-]{8,4000}(?:\.[A-Za-z0-9_-]{8,8000}(?:\.[A-Za-z0-9_-]{0,4000}){0,3})(?![A-Za-z0-9_])"
)


# The claims of the token that introductions to JSON web tokens show.
_SAMPLE_JWT = "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9l"


def jwt_at(text: str, start: int) -> Iterator[Finding]:
    """Find a JSON web token or web encryption at `start`."""
    match = _JWT.match(text, start)
    if match and _SAMPLE_JWT not in match[0] and not is_placeholder(match[0]):
        yield Finding(start, match.end(), "jwt", "secret", Rank.FORMAT)


# scheme://user:password@host; anchored at "://".
_USERINFO = re.compile(
    r"://(?P<user>[^\s:/?#@\"'`<>\\{}|]{0,80}(?:\$?\{[^{}\s]{1,40}\})?)(?P<colon>:(?P<password>[^\s\"'`<>]{0,200}?))?@(?=[A-Za-z0-9\[_${%<*-])"
)
_SHORTEST_PASSWORD = 4  # characters; shorter ones in URLs are of examples
_OPEN_USERINFO = re.compile(
    r"://[\w.%+\-]{0,80}:(?P<password>[^\s/@\"'`<>{}()\[\],;:?#]{8,200})(?![^\s\"'`])"
)


def url_at(text: str, start: int) -> Iterator[Finding]:
    """Find a password, or a token in the user's place, in the URL whose `://` stands at `start`."""
    match = _USERINFO.match(text, start) or _OPEN_USERINFO.match(text, start)
    if match is None:
        return
    if match.re is _OPEN_USERINFO:  # no host yet
        value = match["password"]
        if any(c.isalpha() for c in value) and (is_random(value, 12) or is_password(value, 8)):
            yield Finding(*match.span("password"), "url_password", "secret", Rank.STRUCTURE)
        return
    password = match["password"]
    end = _password_end(text, match.end("password"))
    password = text[match.start("password") : end] if password else password
    if not password or password in ("x-oauth-basic", "x"):
        user = match["user"]
        if len(user) >= 16 and is_random(user) and not is_placeholder(user):
            yield Finding(*match.span("user"), "url_token", "secret", Rank.STRUCTURE)
        return
    if re.search(r"[/?#](?:[^@]*$)", password) and not re.search(r"[0-9!$%^&*=]", password):
        return
    if (
        len(unquote(password)) < _SHORTEST_PASSWORD
        or password.lower() in PLAIN_PASSWORDS
        or is_dummy(password)
        or password.startswith(("$", "%(", "{", "<", "#{"))
    ):
        return
    if password.isdigit() and len(password) <= 5:
        return
    yield Finding(match.start("password"), end, "url_password", "secret", Rank.STRUCTURE)


def _password_end(text: str, end: int) -> int:
    """Return where a password ends that may have an @ in it, before the one that ends it; the first one stands at `end`."""
    while end >= 0 and (more := _AT_WITHIN.match(text, end)):
        end = more.end()
    return end


_AT_WITHIN = re.compile(r"@[^\s\"'`<>/@,;?#(){}]{1,60}(?=@[A-Za-z0-9\[_])")
_SCHEME = re.compile(
    r"(?i)(?:(?<![A-Za-z0-9_])(?P<scheme>basic|bearer|token|apikey|api-key|digest|negotiate|ntlm|splunk|ssws|genie\w+|key|bot|oauth)[ ]{1,3}(?:token=)?[\"']?|(?P<bare>authorization)[\"'\]]{0,2}\s{0,3}[:=,]\s{0,3}[\"']?)"
    r"(?P<value>[A-Za-z0-9+/=_.~:|\-]{8,4096})"
)


def header_at(text: str, start: int) -> Iterator[Finding]:
    """Find the credential of an authorization header whose scheme or name stands at `start`."""
    match = _SCHEME.match(text, start)
    if match is None:
        return
    value = match["value"]
    if is_dummy(value) and not value.endswith("=="):
        return
    scheme = (match["scheme"] or "").lower()
    if scheme == "basic":
        good = _is_userinfo(value)
    elif scheme in ("bearer", "oauth", "bot", "splunk", "ssws"):
        good = is_random(value, 12) or value.startswith("eyJ")
    else:
        line_start = max(text.rfind("\n", 0, start) + 1, start - 200)
        before = text[line_start:start].lower()
        good = ("auth" in before or not scheme) and is_random(value, 16)
    if good:
        yield Finding(*match.span("value"), "auth_header", "secret", Rank.STRUCTURE)


def _is_userinfo(value: str) -> bool:
    """Say whether a value is the base64 of `user:password`."""
    try:
        plain = base64.b64decode(value + "=" * (-len(value) % 4), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return False
    user, colon, password = plain.partition(":")
    if not colon or not plain.isprintable() or is_placeholder(value):
        return False
    return (
        bool(password)
        and not is_dummy(password)
        and (user, password)
        not in {("user", "pass"), ("user", "password"), ("username", "password"), ("Aladdin", "open sesame")}
    )


_HASH = re.compile(
    r"""(?x) (?: \$(?:2[abxy]?|1|5|6|7|y|gy|md5|apr1|P|H|S|sha1|argon2(?:id|i|d)|scrypt|pbkdf2(?:-\w+)?|bcrypt-sha256|5\$rounds)\$ [./A-Za-z0-9$=,+\-]{20,400}
    | \$(?:1|apr1|5|6)\$ [./A-Za-z0-9]{0,16} \$ [./A-Za-z0-9]{16,90}
    | (?:pbkdf2_sha(?:1|256|512)|bcrypt_sha256|scrypt|argon2|md5|sha1)\$ [^\s"'`]{24,300}
    | (?:scrypt|pbkdf2):[\w:]{3,30}\$ [^\s"'`]{24,300}
    | \$(?:8|9|14)\$ [./A-Za-z0-9$]{40,90} | \$sha1\$\d{1,6}\$[./A-Za-z0-9]{8,40}\$[./A-Za-z0-9]{28}
    | SCRAM-SHA-(?:1|256|512)\$\d{3,7}:[A-Za-z0-9+/=]{8,48}\$[A-Za-z0-9+/=:]{40,200} | grub\.pbkdf2\.sha\d{1,3}\.\d{3,7}\.[0-9A-F]{32,256}\.[0-9A-F]{32,256}
    | (?:sha256|sha512|bcrypt|pbkdf2|scrypt|argon2)\$\d{0,7}\$?[A-Za-z0-9./+]{4,40}\$[A-Za-z0-9./+=]{32,160} | \*[0-9A-F]{40}(?![0-9A-F])
    | \{(?:SSHA|SHA|SMD5|SSHA256|SSHA384|SSHA512|CRYPT|PBKDF2[\w-]*|ARGON2|BCRYPT|MD5|x-\w+|(?:no|b)?crypt)\} [A-Za-z0-9+/=$.,]{16,200} )"""
)


def hash_at(text: str, start: int) -> Iterator[Finding]:
    """Find the hash of a password, in the notations of crypt(3), Django, Werkzeug and LDAP."""
    match = _HASH.match(text, start)
    if (
        match
        and not is_placeholder(re.sub(r"^\W*[A-Za-z0-9_-]{1,14}[$}:]", "", match[0]))
        and len(set(match[0])) > 10
        and "..." not in match[0]
        and "xxxx" not in match[0]
    ):
        yield Finding(start, match.end(), "password_hash", "secret", Rank.STRUCTURE)


_NTLM = re.compile(r"(?<![A-Za-z0-9])[a-f0-9]{32}:[a-f0-9]{31}\Z")


def ntlm_at(text: str, start: int) -> Iterator[Finding]:
    """Find the two hashes of a Windows account, whose last digit stands at `start`."""
    match = _NTLM.search(text, max(0, start - 66), start)
    if match and not is_placeholder(match[0]):
        yield Finding(match.start(), start + 1, "password_hash", "secret", Rank.STRUCTURE)


# Kind, what one of stands in or before each, pattern.
_UNPREFIXED: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = (
    (
        "discord_token",
        (".",),
        re.compile(
            r"(?<![A-Za-z0-9_\-.])[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}(?![A-Za-z0-9_])"
        ),
    ),
    (
        "telegram_token",
        (":",),
        re.compile(
            r"(?:(?<![A-Za-z0-9_])\d{8,10}:AA[A-Za-z0-9_-]{31,35}|(?<=/bot)\d{8,10}:[A-Za-z0-9_-]{32,38})(?![A-Za-z0-9_-])"
        ),
    ),
    (
        "azure_ad_secret",
        ("Q~",),
        re.compile(r"(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.\-]{31,34}(?![A-Za-z0-9_~.-])"),
    ),
    (
        "azure_devops_token",
        ("JQQJ99",),
        re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{18,30}(?![A-Za-z0-9])"),
    ),
    (
        "firebase_key",
        (":APA91b",),
        re.compile(r"(?<![A-Za-z0-9_-])AAAA[A-Za-z0-9_-]{7}:APA91b[A-Za-z0-9_-]{120,160}"),
    ),
    (
        "facebook_app_token",
        ("|",),
        re.compile(r"(?<![A-Za-z0-9])\d{15,16}\|[A-Za-z0-9_-]{27}(?![A-Za-z0-9_-])"),
    ),
    (
        "fal_key",
        (":",),
        re.compile(
            r"(?<![A-Za-z0-9-])[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}:[a-f0-9]{32}(?![A-Za-z0-9])"
        ),
    ),
    ("ghost_admin_key", (":",), re.compile(r"(?<![A-Za-z0-9-])[a-f0-9]{24}:[a-f0-9]{64}(?![A-Za-z0-9])")),
    (
        "aws_secret_access_key",
        (", ",),
        re.compile(r"""(?<=[A-Z0-9]{16}["'], ["'])[A-Za-z0-9/+]{40}(?=["'])"""),
    ),
    ("vault_unseal_key", ("Unseal Key ",), re.compile(r"(?<=Unseal Key \d: )[A-Za-z0-9+/]{43,88}={0,2}")),
    ("twilio_token", ("AC",), re.compile(r"""(?<=AC[a-f0-9]{32}["'], ["'])[a-f0-9]{32}(?=["'])""")),
    ("twilio_sid", ("AC",), re.compile(r"""(?<![A-Za-z0-9])AC[a-f0-9]{32}(?=["'], ["'][a-f0-9]{32}["'])""")),
    ("mailchimp_key", ("-us",), re.compile(r"(?<![A-Za-z0-9])[a-f0-9]{32}-us\d{1,2}(?![A-Za-z0-9])")),
    (
        "webhook_url",
        ("hooks.slack.com/",),
        re.compile(
            r"(?<=hooks\.slack\.com/)(?:services|workflows|triggers)/[A-Za-z0-9]{8,12}/[A-Za-z0-9]{8,20}/[A-Za-z0-9/]{16,60}"
        ),
    ),
    ("webhook_url", ("/api/webhooks/",), re.compile(r"(?<=/api/webhooks/)\d{17,20}/[A-Za-z0-9_-]{60,80}")),
    (
        "webhook_url",
        ("/webhookb2/",),
        re.compile(r"(?<=webhook\.office\.com/)webhookb2/[A-Za-z0-9@/\-]{60,240}"),
    ),
    (
        "paseto",
        (
            ".local.",
            ".public.",
        ),
        re.compile(
            r"(?<![A-Za-z0-9_.])v[1-4]\.(?:local|public)\.[A-Za-z0-9_-]{40,4000}(?:\.[A-Za-z0-9_-]{4,2000})?"
        ),
    ),
    (
        "webhook_url",
        ("hooks.zapier.com/",),
        re.compile(r"(?<=hooks\.zapier\.com/hooks/catch/)\d{4,10}/[A-Za-z0-9]{5,12}"),
    ),
    (
        "webhook_url",
        ("/webhook/",),
        re.compile(r"(?<=/webhook/)[a-f0-9]{8}-[a-f0-9-]{27}[A-Za-z0-9@/\-]{40,200}"),
    ),
    (
        "webhook_url",
        ("maker.ifttt.com/",),
        re.compile(r"(?<=maker\.ifttt\.com/trigger/)[\w-]{1,60}/(?:json/)?with/key/[A-Za-z0-9_-]{18,60}"),
    ),
    (
        "webhook_url",
        ("chat.googleapis.com/",),
        re.compile(
            r"(?<=chat\.googleapis\.com/v1/spaces/)[\w-]{6,20}/messages\?key=[A-Za-z0-9_-]{20,50}(?:&token=[A-Za-z0-9_%-]{20,60})?"
        ),
    ),
    ("webhook_url", ("/hooks/",), re.compile(r"(?<=/hooks/)[a-z0-9]{26}(?![A-Za-z0-9])")),
    (
        "terraform_token",
        (".atlasv1.",),
        re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_\-=]{60,70}"),
    ),
    (
        "maxmind_key",
        ("_mmk",),
        re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk(?![A-Za-z0-9])"),
    ),
    (
        "newrelic_key",
        (
            "NRAL",
            "nral",
            "NRMA",
        ),
        re.compile(
            r"(?<![A-Za-z0-9])(?:[a-f0-9]{36}NRAL|[a-f0-9]{32}FFFFNRAL|[a-z0-9]{6}[a-f0-9]{30}nral|eu01xx[a-f0-9]{26}FFFFNRAL|(?:AA|eu01xx)[a-f0-9]{34,40}-NRMA)(?![A-Za-z0-9])"
        ),
    ),
    (
        "azure_devops_token",
        ("AZDO",),
        re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])"),
    ),
    (
        "azure_key",
        (
            "+ASt",
            "AzFu",
            "AzSe",
            "+ABa",
            "+AMC",
            "AIoT",
            "APIM",
            "ACDb",
            "+ACR",
            "AzCa",
        ),
        re.compile(
            r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{33,80}(?:\+ASt|AzFu|AzSe|\+ABa|\+AMC|AIoT|APIM|ACDb|\+ACR|AzCa)[A-Za-z0-9+/]{4,6}={0,2}(?![A-Za-z0-9+/=])"
        ),
    ),
    (
        "azure_openai_key",
        ("JQQJ99",),
        re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{26}(?![A-Za-z0-9])"),
    ),
    (
        "openai_key",
        ("T3BlbkFJ",),
        re.compile(r"(?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{16,100}T3BlbkFJ[A-Za-z0-9_-]{16,100}"),
    ),
    ("sentry_dsn", ("sentry",), re.compile(r"(?<=://)[a-f0-9]{32}(?::[a-f0-9]{32})?(?=@[a-z0-9.]*sentry)")),
)


def unprefixed_near(text: str, start: int) -> Iterator[Finding]:
    """Find a token that is known by its middle, near `start`."""
    low, high = max(0, start - 64), min(len(text), start + 280)
    around = text[max(0, low - 64) : high]
    for kind, marks, pattern in _UNPREFIXED:
        if not any(mark in around for mark in marks):  # most have none
            continue
        match = pattern.search(text, low, high)
        if (
            match
            and match.start() <= start + 48
            and not is_placeholder(match[0])
            and _TOKEN_DUMMY.start(latin(match[0])) < 0
            and entropy(match[0]) > (2.5 if kind == "webhook_url" else 3)
        ):
            first = _url_start(text, match.start()) if kind == "webhook_url" else match.start()
            yield Finding(first, match.end(), kind, "secret", Rank.FORMAT)


_URL_BEFORE = re.compile(r"https?://[\w.\-/]{3,120}\Z")


def _url_start(text: str, start: int) -> int:
    """Return where the address begins whose end `start` lies in: who has the whole can post, and it names the room."""
    match = _URL_BEFORE.search(text, max(0, start - 130), start)
    return match.start() if match else start
