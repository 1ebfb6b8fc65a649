"""Secrets among the arguments of a call: `connect(host, user, password)`, `Fernet(key)`, `auth=(user, password)`.

The function's name promises a credential; which argument it is shows in its shape.
"""

# ruff: noqa: E501 - patterns

from __future__ import annotations

import re
from collections.abc import Iterator

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.names import Hint, hint
from codeedit.pipeline.ingest.anonymize.pairs import is_shared, is_user
from codeedit.pipeline.ingest.anonymize.phrases import (
    is_chosen,
    is_few_words,
    is_linked_phrase,
    is_mnemonic,
    is_phrase,
    is_plain_word,
)
from codeedit.pipeline.ingest.anonymize.shapes import is_digest, is_dummy, is_random, is_strong, is_technical
from codeedit.pipeline.ingest.anonymize.simple import is_dotted, is_likely, is_simple

# Names of functions, their last word before the bracket; RE2's syntax, case-insensitive.
LOGIN = (
    r"(?:connect|ftp|ftp_tls|login|log_in|logon|log_on|signin|sign_in|sign_in_with_password|auth|authenticate|authentication|credentials?|getconnection|"
    r"pdo|bind|simple_bind(?:_s)?|sql\.open|wifi\.begin|authenticationtoken|userpass|passwordauthentication|"
    r"sequelize|mysqli|basic|basic\.encode|setcredentials|keystore\.getkey|credentials?(?:provider)?\.\w+|passwordcredentials?|_plain|plainauth|basicauthentication|basicauthinterceptor|getsession|addidentity|principalcontext|directoryentry|networkcredential(?:\]::new)?|networkproxy|protect|unprotect|with_pass|basic_auth|preemptive\(\)\.basic|inlinedata|create_?user|wifi_begin|ldap_bind)"
)
CIPHER = (
    r"(?:hmac(?:\.new|\.digest)?|hmac_?sha\w+|createhmac|createcipheriv|createdecipheriv|fernet|secretkeyspec|aes\.new|aesgcm|chacha20\w*|secretbox|pbkdf2\w*|derive(?:_?key)?|scrypt|kdf|"
    r"jwt\.(?:sign|encode|decode|verify)|jws\.sign|(?:en|de)crypt\w*|algorithm\.hmac\w*|hmac256|hmac512|cookie_?parser|securecookie\.new|newcookiestore|new_?signer|urlsafetimedserializer|"
    r"totp|hotp|pgp_sym_(?:en|de)crypt|pbekeyspec|sign|signwith|hmacshakeyfor|withsecret|from_?secret)"
)
_SPLIT = re.compile(
    r"""(?x) [brufLN@$]{0,2} (?P<quote>["'`]) (?P<value>(?:(?!(?P=quote))[^\\\n]|\\.){0,300}) (?P=quote)
    | (?P<open>[(\[{]) | (?P<close>[)\]}]) | (?P<comma>,) | (?P<end>;|\n[ \t]*\n)"""
)
_NAMED = re.compile(r"""(?P<name>\w+)["']?[ ]?[:=][ ]?\Z""")
_LIMIT = 400  # characters of a call that are read
_DEEPEST = 8  # brackets within brackets
_HOST = re.compile(
    r"[\w\-]+(?:\.[\w\-]+)*\.[A-Za-z]{2,}(?::\d+)?|[a-z]+\d{1,2}|\w*:.*|.*(?:[\\/<>]|SHA|AES|DES|utf|UTF|TLS|SSL).*"
)


_CONNECTS = re.compile(r"(?i)(?:get)?connect|bind|pdo|sequelize|mysqli|sql")
# Functions whose last argument is a password, even a plain word.
_TAKES_A_PASSWORD = re.compile(
    r"(?i)(?:log_?in|log_?on|sign_?in|authenticate|basic_?auth|(?:http)?basic|basicauth\w*|getconnection|pdo|mysqli|simple_bind|wifi[._]begin|passwordauthentication|networkcredential|passwordcredentials?|credentials?|userpass|plainauth|_plain|auth|create_?user|set_?credentials|ldap_bind|add_?identity|signinwithemailandpassword|creds?|users|accounts)\w{0,12}(?:\.\w{2,20}|\]::new)?(?:[(\"' =:\[]|\Z)"
)
_LIST = re.compile(r"\w+[\"']?[ ]?[=:][ ]?[(\[{]")
_ENDS = re.compile(r"\s*\)|[\"']?\s*[\]}]|[ \t]*$", re.MULTILINE)
_USERS = re.compile(r"(?i)users|accounts")
# A password is their third argument.
_THIRD = re.compile(r"(?i)(?:mysqli?_p?connect|mysqli|mysql_real_connect|dbi->connect)\(\Z")
_KEYWORD = re.compile(r"(?i)auth=\([ ]?\Z")
_REDIS = re.compile(r"(?i)redis\w*[.:>-]+\Z")
_WORD_AND_NUMBER = re.compile(r"[A-Za-z]{4,}\d{2}")
_RUBY = re.compile(r"(?i)basic_auth [\"']")


def _literals(text: str, start: int) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield the literals of the bracket that opens before `start`, with how many commas stand before each."""
    depth, commas = 0, 0
    for token in _SPLIT.finditer(text, start, min(len(text), start + _LIMIT)):
        if token["quote"]:
            yield commas, token
        elif token["open"]:
            depth += 1
            if depth > _DEEPEST:
                return
        elif token["close"]:
            depth -= 1
            if depth < 0:
                return
        elif token["comma"]:
            commas += 1
        else:
            return


def _is_alone(value: str) -> bool:
    """Say whether the only argument of `auth(…)` is a password: as redis has it."""
    return is_strong(value) or (
        len(value) >= 8 and sum(c.isdigit() for c in value) >= 2 and (is_likely(value) or is_dotted(value))
    )


# Functions whose argument is a wallet's key.
WALLET = r"(?:\bnew (?:\w+\.)?wallet|privatekeytoaccount|account\.from_key|from_?private_?key|from_?secret_?key|from_?mnemonic|from_?seed|keypair\.\w+|importprivkey|loadwallet)"
_WALLET_KEY = re.compile(
    r"0x[0-9a-fA-F]{64}|[0-9a-fA-F]{64}|[5KL][1-9A-HJ-NP-Za-km-z]{50,51}|[1-9A-HJ-NP-Za-km-z]{80,90}"
)


def wallet_at(text: str, start: int) -> Iterator[Finding]:
    """Find the private key or the words among the arguments of a wallet's function whose name begins at `start`."""
    bracket = text.find("(", start, start + 60)
    if bracket < 0:
        return
    for _, literal in _literals(text, bracket + 1):
        value = literal["value"]
        if (_WALLET_KEY.fullmatch(value) and not is_dummy(value)) or is_mnemonic(value):
            yield Finding(*literal.span("value"), "wallet_key", "secret", Rank.CONTEXT)
            return


def verified_at(text: str, start: int) -> Iterator[Finding]:
    """Find the password that a hash function or a check gets first, whose name begins at `start`."""
    bracket = text.find("(", start, start + 60)
    literal = next(_literals(text, bracket + 1), None) if bracket >= 0 else None
    if literal and not literal[0] and is_strong(literal[1]["value"]):
        yield Finding(*literal[1].span("value"), "password", "secret", Rank.CONTEXT)


def login_at(text: str, start: int) -> Iterator[Finding]:
    """Find the password among the arguments of a login whose name begins at `start`."""
    ruby = _RUBY.match(text, start)  # basic_auth 'user', 'password'
    bracket = ruby.end() - 2 if ruby else text.find("(", start, start + 60)
    listed = _LIST.match(text, start)  # auth = ("user", "password"), creds = [("user", "password"), …]
    bracket = listed.end() - 1 if listed else bracket
    if bracket < 0:
        return
    keyed = not _CONNECTS.match(text, start, bracket)  # no host among the arguments
    plain = _TAKES_A_PASSWORD.match(text, start)
    third = _THIRD.search(text, max(0, start - 8), bracket + 1) is not None
    before = value = ""
    for commas, literal in _literals(text, bracket + 1):
        before, value = value, literal["value"]
        number = commas and keyed and _WORD_AND_NUMBER.fullmatch(value)
        last = plain is not None and _ENDS.match(text, literal.end()) is not None
        last = last or (third and commas == 2)
        if is_dummy(value) or is_digest(value) or "://" in value or (";" in value and "=" in value):
            continue
        if _HOST.fullmatch(value) and not (number or (last and (value.isalnum() or is_linked_phrase(value)))):
            continue
        named = _NAMED.search(text, max(0, literal.start() - 48), literal.start())
        if named and hint(named["name"]) is Hint.NONE:
            continue
        if not commas:
            redis = _REDIS.search(text, max(0, start - 8), start) and is_simple(value)
            if text[start : start + 4].lower() == "auth" and (redis or _is_alone(value)):
                yield Finding(*literal.span("value"), "password", "secret", Rank.CONTEXT)
                return
            continue
        word = last and (listed is None or _has_password(text, start, before)) and _is_word(value)
        if is_strong(value) or (
            len(value) >= 6
            and commas
            and (
                word
                or is_likely(value)
                or is_dotted(value)
                or is_linked_phrase(value)
                or (len(value) >= 8 and is_phrase(value))
            )
        ):
            yield Finding(*literal.span("value"), "password", "secret", Rank.CONTEXT)
            if listed is None:
                return


def _has_password(text: str, start: int, user: str) -> bool:
    """Say whether a word beside an account is its password in a list whose name begins at `start`: a list of users may have roles."""
    if _KEYWORD.match(text, start, start + 6):  # of a function that sends a request
        return True
    return is_shared(user) if _USERS.match(text, start) else is_user(user)


def _is_word(value: str) -> bool:
    """Say whether a value may be a password where nothing else is expected."""
    return is_simple(value) or is_few_words(value) or (value.isdigit() and len(set(value)) >= 4)


# Functions whose key is often a password that somebody chose.
_CHOSEN_KEY = re.compile(
    r"(?i)(?:hmac(?:\.new|\.digest)?|hmac_?sha\w+|createhmac|createcipher\w*|pbkdf2\w*|derive(?:_?key)?|jwt\.\w+|jws\.sign|cookie_?parser|pgp_sym_\w+|pbekeyspec|algorithm\.hmac\w*|urlsafetimedserializer|securecookie\.new|newcookiestore)\("
)


def cipher_at(text: str, start: int) -> Iterator[Finding]:
    """Find the key among the arguments of a cipher or signature whose name begins at `start`; digests stay."""
    bracket = text.find("(", start, start + 60)
    if bracket < 0:
        return
    chosen = _CHOSEN_KEY.match(text, start) is not None
    ordered = _ORDERED.match(text, start)
    place = 1 if ordered and ordered["second"] else 0
    for commas, literal in _literals(text, bracket + 1):
        value = literal["value"]
        if ordered and commas == place and _is_key_of_cipher(value, ordered):
            yield Finding(*literal.span("value"), "secret", "secret", Rank.CONTEXT)
            return
        if chosen and _is_chosen_key(text, literal):
            yield Finding(*literal.span("value"), "secret", "secret", Rank.CONTEXT)
            return
        if is_random(value) and not is_digest(value) and any(c.isdigit() for c in value):
            yield Finding(*literal.span("value"), "secret", "secret", Rank.CONTEXT)
            return


# Functions of which one argument is the key, in letters or in digits.
_ORDERED = re.compile(
    r"(?i)(?P<first>(?P<hmac>hmac(?:\.new|\.digest))|aes\.new|aesgcm|secretkeyspec|fernet|secretbox|chacha20\w*)\(|(?P<second>(?P<create>createhmac)|create(?:de)?cipheriv|(?P<jwt>jwt\.(?:sign|verify|encode|decode)))\("
)


def _is_key_of_cipher(value: str, ordered: re.Match[str]) -> bool:
    """Say whether the argument where a key stands is one: digits or a word where one signs, letters as many as a key has."""
    if len(value) < 8 or is_dummy(value) or is_technical(value) or value.startswith("ey"):
        return False
    signs = ordered["jwt"] or ordered["hmac"] or ordered["create"]
    if (signs and is_digest(value)) or (ordered["jwt"] and is_simple(value)):
        return True
    return len(value) in (16, 24, 32) and is_likely(value) and not is_digest(value)


def _is_chosen_key(text: str, literal: re.Match[str]) -> bool:
    """Say whether an argument may be a password or a phrase: neither a named one, nor an algorithm, nor what is signed."""
    value = literal["value"]
    if len(value) < 8 or is_digest(value) or is_dummy(value) or value.startswith("ey"):
        return False
    if _NAMED.search(text, max(0, literal.start() - 48), literal.start()):
        return False
    if _LINKED_WORDS.fullmatch(value) and is_plain_word(value):
        return True
    return is_phrase(value) or (is_likely(value) and not is_technical(value) and not _HOST.fullmatch(value))


_LINKED_WORDS = re.compile(r"[a-z]{3,12}(?:-[a-z]{2,12}){2,6}")
_BEFORE_CHARS = re.compile(r"\"(?P<value>[^\"\\\n]{6,100})\Z")


def characters_at(text: str, start: int) -> Iterator[Finding]:
    """Find the password in `"…".toCharArray()`, Java's form for passwords, whose closing quote stands at `start`."""
    match = _BEFORE_CHARS.search(text, max(0, start - 102), start)
    if match and (is_chosen(match["value"]) or is_phrase(match["value"])) and not is_digest(match["value"]):
        yield Finding(*match.span("value"), "password", "secret", Rank.CONTEXT)
