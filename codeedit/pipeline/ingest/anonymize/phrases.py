"""Passwords of words: one that stands alone, some with a number, a phrase, a wallet's; and the words that are none."""

# ruff: noqa: E501, SIM905 - tables of words and patterns

from __future__ import annotations

import re

from codeedit.pipeline.ingest.anonymize.shapes import (
    is_dummy,
    is_password,
    is_random,
    is_technical,
    rare_pairs,
)

PLAIN_PASSWORDS = frozenset(
    "password passwd pass pwd secret user username postgres root guest test mysql redis admin example changeme token "
    "mypassword password123 pw rabbitmq mongo mongodb neo4j minio xxx foo bar baz key apikey api_key default dbpass dbpassword "
    "userpass p w your".split()
)

_PASSPHRASE = re.compile(
    r"[A-Za-z]{3,12}(?:([-_.+])[A-Za-z]{3,12})(?:\1[A-Za-z]{3,12}){0,8}[-_.+]?\d{2,6}|[a-z]{3,12}(?:-[a-z]{3,12}){3,8}"
)

_CAPITALIZED = re.compile(r"[A-Z][a-z]{2,11}(?:-[A-Z][a-z]{2,11}){3,8}")

_INTERFACE_WORDS = re.compile(
    r"(?i)pass|field|input|login|user|form|button|toggle|token|secret|key|label|error|reset|page|class|icon|text|api|auth"
)

# Words that have such a word within.
_HOLD_ONE = re.compile(
    r"(?i)monkey|turkey|donkey|whiske?y|hockey|jockey|mickey|platform|uniform|perform|rapid|capital|compass|passion|passport|passenger|author|pages|silicon|lexicon|classic|texture"
)

_MNEMONIC = re.compile(r"[a-z]{3,8}(?: [a-z]{3,8}){11,23}")

# As telephones and browsers propose them: three groups of six.
_IDENTIFIERS = re.compile(r"[A-Z]?[a-z]+(?:-[A-Z]?[a-z]+)*|[A-Z-]+|[\d-]+|[0-9a-f-]+")

_PROPOSED = re.compile(r"(?=[^A-Z]*[A-Z]|[^\d]*\d)[A-Za-z0-9]{6}-[A-Za-z0-9]{6}-[A-Za-z0-9]{6}")


def is_passphrase(value: str) -> bool:
    """Say whether a value is some words with digits behind, or four and more words, none of them an interface's."""
    if _PROPOSED.fullmatch(value) and not _IDENTIFIERS.fullmatch(value):
        return not is_dummy(value)
    capitals = _CAPITALIZED.fullmatch(value) and not _OF_SYSTEMS.search(value.lower())  # no header's name
    return (
        bool(_PASSPHRASE.fullmatch(value) or capitals)
        and not _of_interface(value)
        and not is_dummy(value)
        and not is_technical(value)
    )


def is_chosen(value: str) -> bool:
    """Say whether a value may be a password where one is expected: chosen, generated, or a phrase."""
    return is_password(value) or is_random(value, 8) or is_passphrase(value)


_FUNCTION_WORDS = re.compile(
    r"\b(?:the|your|you|is|are|for|to|of|and|or|not|must|enter|please|here|this|that|with|from|a|an|be|in|on|no|new)\b"
)

_NO_PASSWORDS = re.compile(
    r"(?i)requir|option|disabl|enabl|prompt|keychain|default|plain|encrypt|hidden|string|value|empty|manual|vault|config|enter|valid|change"
    r"|wrong|incorrect|mismatch|missing|unknown|forgot|remember|hash|bcrypt|scrypt|argon|pbkdf|digest|basic|saml|kerberos|varchar|number|object|array|unset|undefined"
    r"|length|strength|short|expire|locked|secure|visib|toggle|phone|mail|match|grant|scope|account|admin|guest|anonymous|public|private|internal|external|update|create|delete|submit"
    r"|confirm|repeat|again|current|sample|dummy|example|generat|random|custom|environ|variable|param|argument|header|cookie|session"
    r"|client|server|database|bearer|oauth|keyring|interactive|terminal|stdin|constant|result|response|request|expect|actual|credential|username|property"
)

# Words that say the same, but are parts of other words too: panther, basket, golden.
_NO_PASSWORD = frozenset(
    "none ask store weak ldap bool null text type name email root new old my your the test tests demo fake foo bar baz file path hide show "
    "true false this self data list dict map item base auto code line item args opts kwargs rand salt body json yaml form page icon auth api key keys val str int float bytes char".split()
)

_WORDS_WITHIN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


def is_plain_word(value: str) -> bool:
    """Say whether a word, or some words, may be a password where nothing else is expected."""
    return (
        value not in PLAIN_PASSWORDS
        and not is_dummy(value)
        and not _of_interface(value)
        and not _NO_PASSWORDS.search(value)
        and not any(word.lower() in _NO_PASSWORD for word in _WORDS_WITHIN.findall(value))
    )


def _of_interface(value: str) -> bool:
    """Say whether a value has a word of forms and settings in it."""
    return bool(_INTERFACE_WORDS.search(_HOLD_ONE.sub("", value)))


# A word, or words, and a number: `horse chestnut 5`; or three words and more.
_FEW_WORDS = re.compile(
    r"[a-z]{3,12}(?: [a-z]{2,12}){2,8}(?: \d{1,4})?[!?.]?|[A-Za-z][a-z]{2,11}(?: [A-Za-z]?[a-z]{1,11}){0,4} \d{1,4}[!?.]?"
)


def is_few_words(value: str) -> bool:
    """Say whether a value is three words and more, or some and a number, that make no sentence and no label."""
    return (
        bool(_FEW_WORDS.fullmatch(value))
        and not _FUNCTION_WORDS.search(value.lower())
        and is_plain_word(value)
    )


_GROUPS = re.compile(
    r"[a-z]{4}(?: [a-z]{4}){3}|(?=[^\d]*\d)[a-z0-9]{4}(?: [a-z0-9]{4}){3}"
)  # a mail provider's password for an application

_PHRASE = re.compile(r"[a-z]{3,12}(?: [a-z]{3,12}){3,9}")


def is_phrase(value: str) -> bool:
    """Say whether a value is four and more words that make no sentence, as in a passphrase, or groups of letters."""
    if _GROUPS.fullmatch(value):
        rare, total = rare_pairs(value)
        return rare >= 0.25 * total or sum(c.isdigit() for c in value) >= 2
    return bool(_PHRASE.fullmatch(value)) and not _FUNCTION_WORDS.search(value) and not _of_interface(value)


_LINKED = re.compile(r"[a-z]{4,12}-[a-z]{4,12}|[a-z]{3,12}(?:([-_.])[a-z]{2,12})(?:\1[a-z]{3,12}){1,6}")
# What the names of systems' parts are made of.
_OF_SYSTEMS = re.compile(
    r"app|web|tls|ssl|cert|prod|stag|devel|test|service|cluster|regist|docker|kube|aws|gcp|azure|pull|image|deploy|build|release|backend|frontend|worker|queue|redis|postgres|mysql|mongo|kafka|grafana|monitor|backup|hook|ingress|gateway|git|node|stor|bucket|group|role|polic|manag|operator|control"
    r"|system|platform|project|team|data|hmac|state|local|global|share|invalid|missing|name|path|file|sign|crypt|bearer|cookie|refresh|access|code|flow|type|mode|info|base|http|json|null|none|some|ring|cach|list|item|index|event|log|view|model|util|tool|core|main|host|proxy|cloud|block|chain|stream|message|attribute|element|column|order|time|date|left|right|before|after|start|stop|begin|end\b|set\b|get\b|has\b|not\b"
)


def is_linked(value: str) -> bool:
    """Say whether a value is two words and more with hyphens between, none of them a system's: `copper-otter`."""
    return bool(_LINKED.fullmatch(value)) and is_plain_word(value) and not _OF_SYSTEMS.search(value)


_LINKED_PHRASE = re.compile(
    r"[a-z]{3,12}(?P<mark>[-_.+])[a-z]{3,12}(?:(?P=mark)[a-z]{3,12}){2,7}|[A-Z][a-z]{2,11}(?P<sign>[-_.+])[A-Z][a-z]{2,11}(?:(?P=sign)[A-Z][a-z]{2,11}){2,7}"
)


def is_linked_phrase(value: str) -> bool:
    """Say whether a literal is four words and more with one mark between, none of them a system's: `Otter.Velvet.Anchor.Plum`."""
    return (
        _LINKED_PHRASE.fullmatch(value) is not None
        and is_plain_word(value)
        and not _OF_SYSTEMS.search(value.lower())
    )


def is_mnemonic(value: str) -> bool:
    """Say whether a value is a wallet's twelve to twenty-four words."""
    return bool(_MNEMONIC.fullmatch(value)) and len(set(value.split())) >= 10
