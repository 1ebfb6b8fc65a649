"""What an identifier says about the value beside it: password, secret, token, key, or nothing.

`smtpPassword`, `SERVICE_API_KEY` and `client-secret` hold secrets; `token_type`, `password_field`,
`primary_key` and `password.min.length` do not.  The last word decides, a few words before it qualify.
"""

# ruff: noqa: E501, SIM905 - tables of words and patterns

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache


class Hint(StrEnum):
    """What kind of value a name promises."""

    PASSWORD = "password"  # noqa: S105 - a word, not a secret
    SECRET = "secret"  # noqa: S105
    TOKEN = "token"  # noqa: S105
    KEY = "key"
    PIN = "pin"  # some digits
    WEAK = "weak"  # only a value that is random beyond doubt is one
    NONE = ""


_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+|\d+")

_BEFORE_PASS = (
    "store key db user root my sql admin ftp mail smtp wifi ldap auth sudo become login http rpc redis require enc bind svc"
).split()
# The end of a word decides, so that `dbpassword` and `authtoken` are understood too.
_ENDINGS = (
    (
        Hint.PASSWORD,
        (
            "password",
            "passwd",
            "passwort",
            "passphrase",
            "passcode",
            "pwd",
            "passwrd",
            "paswd",
            "paswrd",
            "paswword",
            "pssword",
            "psswrd",
            "pswrd",
        ),
    ),
    (Hint.PASSWORD, tuple(f"{word}pass" for word in _BEFORE_PASS)),
    (
        Hint.PASSWORD,
        tuple(
            f"{word}pw"
            for word in "root bind db admin user sys email mail smtp ftp ldap sudo vnc my app key master rcon service svc ssh host".split()
        ),
    ),
    (
        Hint.PASSWORD,
        (
            "kennwort",
            "senhas",
            "adgangskode",
            "heslo",
            "haslo",
            "parool",
            "lozinka",
            "geslo",
            "salasana",
            "passord",
            "jelszo",
            "jelszava",
            "parola",
            "sandi",
            "contrasena",
            "authtok",
            "senha",
            "wachtwoord",
            "pword",
        ),
    ),
    (Hint.SECRET, ("secret", "credential", "mnemonic")),
    (
        Hint.KEY,
        tuple(
            f"{word}key"
            for word in "sign signing hmac aes cipher crypt crypto encrypt encryption decryption private priv master deploy".split()
        ),
    ),
    (Hint.WEAK, ("sessionid", "sessid", "sessionkey")),
    (
        Hint.TOKEN,
        ("token", "apikey", "accesskey", "secretkey", "authkey", "jwt", "appskey", "nwkskey", "appkey"),
    ),
)
_WHOLE = {
    "pass": Hint.PASSWORD,
    "psw": Hint.PASSWORD,
    "pw": Hint.PASSWORD,
    "pswd": Hint.PASSWORD,
    "psk": Hint.PASSWORD,
    "totp": Hint.TOKEN,
    "assword": Hint.PASSWORD,
    "passe": Hint.PASSWORD,
    "mdp": Hint.PASSWORD,
    "clave": Hint.PASSWORD,
    "haslo": Hint.PASSWORD,
    "heslo": Hint.PASSWORD,
    "sifre": Hint.PASSWORD,
    "parola": Hint.PASSWORD,
    "passord": Hint.PASSWORD,
    "losenord": Hint.PASSWORD,
    "salasana": Hint.PASSWORD,
    "masterauth": Hint.PASSWORD,
    "tok": Hint.TOKEN,
    "sas": Hint.TOKEN,
    "secrets": Hint.SECRET,
    "creds": Hint.SECRET,
    "cred": Hint.SECRET,
    "credentials": Hint.SECRET,
    "credits": Hint.NONE,
    "pepper": Hint.SECRET,
    "pat": Hint.TOKEN,
    "bearer": Hint.TOKEN,
    "tokens": Hint.TOKEN,
    "passwords": Hint.PASSWORD,
    "auth": Hint.WEAK,
    "oauth": Hint.WEAK,
    "authorization": Hint.WEAK,
    "authentication": Hint.WEAK,
    "signature": Hint.WEAK,
    "sig": Hint.WEAK,
    "cookie": Hint.WEAK,
    "session": Hint.WEAK,
    "sid": Hint.WEAK,
    "salt": Hint.TOKEN,
    "dsn": Hint.WEAK,
    "license": Hint.WEAK,
    "seed": Hint.WEAK,
    "otp": Hint.WEAK,
    "webhook": Hint.WEAK,
    "plaintext": Hint.WEAK,
    "pin": Hint.PIN,
    "puk": Hint.PIN,
    "pincode": Hint.PIN,
    "connection": Hint.WEAK,
}
_KEY_QUALIFIERS = frozenset(
    "totp otp hotp mfa api access secret private encryption decryption encrypt decrypt enc signing sign master auth oauth service "
    "app application account storage shared deploy deployment license client ssh hmac aes jwt session webhook "
    "authentication isakmp admin server subscription function functions integration project write ingest ingestion consumer merchant "
    "instrumentation tls crypto cipher security token vault wallet bot maps sas root user cookie data kms fernet "
    "django flask rails recovery backup activation host fcm vapid publishable sdk rest "
    "push upload device relay ingress billing payment payments license licence gateway partner vendor reporting analytics".split()
)
# Keys that somebody may have chosen, as a password.
_CHOSEN = frozenset(
    "secret encryption decryption encrypt decrypt enc signing sign master hmac aes crypto cipher shared".split()
)
_NOT_KEYS = frozenset(
    "primary foreign public cache sort partition row map dict lookup index group registry hot shortcut i18n "
    "translation unique composite storagekey object field column hash range react query event keyboard arrow "
    "config preference preferences settings setting locale label message attribute attr header metadata item list "
    "property dictionary".split()
)
_NEUTRAL = frozenset(
    "value val str string text raw plain plaintext prod production dev development test staging default env current "
    "old new b64 base64 encoded hex live main primary secondary tmp temp my the local remote backup literal const "
    "data arg bytes as or get set with".split()
)
_NOT_VALUES = frozenset(
    "type types field fields header headers name names id ids length len min max count url uri endpoint path paths "
    "file files filename dir directory folder hint label prompt policy regex pattern format prefix suffix ttl expiry "
    "expires expiration expire expired exp lifetime age timeout duration enabled disabled enable required require "
    "strength input placeholder error errors message msg manager provider service store factory class version "
    "algorithm algo alg size index idx list map set array reset change changed forgot update updated created at "
    "generator generate validator validate validation verify verification encoder decoder parser bucket limit usage "
    "budget window stream scanner kind param params parameter column key_id status state role roles scope scopes "
    "method mode mechanism issuer audience subject title description text_field button form page view screen "
    "component modal dialog tab icon visible hidden show toggle match matches mismatch confirm confirmation event "
    "handler callback listener hook middleware filter interceptor context config option options setting settings "
    "rotation location source sources ref reference refs resolver lookup arn resource group test tests spec mock "
    "code_challenge position pos start end offset line span node next prev first last iterator iter buffer separator "
    "delimiter sep is has can should must not no missing invalid empty blank weak strong color class_name css "
    "selector locator xpath alias aliases comment rule rules check checker history attempts attempt retries "
    "interval schedule cost rate number num date time timestamp created_at updated_at language lang locale "
    "property properties attr attribute attributes pairs ring chain board down up press code codes".split()
)
_LEXER_WORDS = frozenset("next prev previous last first peek lex lexer eos bos pad unk mask sep".split())
_SECOND_FACTORS = frozenset({"totp", "otp", "hotp", "mfa", "2fa", "fa"})
_SIGNED = frozenset({"amz", "goog"})  # a signed URL's X-Amz-Credential names a key and a scope
_PHRASES = frozenset("seed recovery backup secret wallet mnemonic".split())
_CODES = frozenset(
    "recovery backup unlock access door gate alarm safe scratch security entry lock pairing activation verification sms tan puk passcode".split()
)
# What is identified: HashiCorp's secret_id is a secret, and where a server keeps its credentials is none.
_IDS = {"secret": Hint.WEAK, "credential": Hint.NONE, "credentials": Hint.NONE}
_HASHED = frozenset({"hash", "hashed", "digest", "crypt"})


# Words of other languages that are not ASCII, and what they tell.
_FOREIGN = dict.fromkeys(
    "contrase\xf1a contrase\xf1as hasło hasła şifre şifresi l\xf6senord l\xf6senordet пароль пароля паролем паролі 密码 密碼 口令 パスワード 비밀번호 암호 סיסמה κωδικός jelsz\xf3 tunnuss\xf3na รหัสผ่าน पासवर्ड".split(),
    "password",
) | {
    "токен": "token",
    "токены": "token",
    "令牌": "token",
    "секрет": "secret",
    "schl\xfcssel": "api_key",
    "mật khẩu": "password",
    "ключ": "key",
}
_FOREIGN_WORD = re.compile("|".join(sorted(map(re.escape, _FOREIGN), key=len, reverse=True)), re.IGNORECASE)
_SHORT = {2: "pw", 3: "pwd", 4: "pass", 5: "passe", 6: "passwd", 7: "passwd_"}


_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_ASCII = bytes(range(128))
_FOREIGN_LETTERS = frozenset(c for word in _FOREIGN for c in word + word.upper() if not c.isascii())
_REACH = max(map(len, _FOREIGN))  # characters that such a word has beside one beyond ASCII, at most


def beyond_ascii(text: str) -> str:
    """Return a text's characters beyond ASCII."""
    return text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")


def understood(text: str) -> str:
    """Return a text as long, in which words of other languages that tell of secrets are English ones."""

    def english(match: re.Match[str]) -> str:
        word, size = _FOREIGN[match[0].lower()], len(match[0])
        return _SHORT[size] if len(word) > size else word.ljust(size, "_")

    if _FOREIGN_LETTERS.isdisjoint(beyond_ascii(text)):
        return text
    parts: list[str] = []
    done = 0
    for start, end in around_beyond_ascii(text, _REACH):
        parts += text[done:start], _FOREIGN_WORD.sub(english, text[start:end])
        done = end
    return "".join([*parts, text[done:]])


def around_beyond_ascii(text: str, reach: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches in which words with a letter beyond ASCII lie whole, that many characters on its sides."""
    start = end = position = 0
    for line in text.split("\n"):  # most are ASCII, which a string knows of itself
        if not line.isascii():
            for match in _BEYOND_ASCII.finditer(text, position, position + len(line)):
                if match.start() - reach > end:
                    if end:
                        yield start, end
                    start = max(0, match.start() - reach)
                end = min(len(text), match.end() + reach)
        position += len(line) + 1
    if end:
        yield start, end


# Providers: a random value beside one is a key of theirs.
_PROVIDERS = frozenset(
    "cohere mistral anthropic openai deepseek groq stripe slack twilio sendgrid mailgun datadog sentry algolia intercom mixpanel amplitude vultr linode hetzner cloudflare digitalocean godaddy namecheap pagerduty opsgenie newrelic snyk codecov circleci mapbox deepl pusher ably heroku netlify vercel supabase airtable zendesk hubspot shopify plaid braintree coinbase binance infura etherscan ipinfo maxmind openweather thingspeak fastly okta duo onelogin jumpcloud pingdom bugsnag rollbar honeycomb loggly papertrail sumologic contentful contentstack storyblok typesense meilisearch qdrant weaviate pinecone zilliz cloudinary imgix uploadcare filestack vimeo spotify tmdb omdb giphy unsplash pexels pixabay mapquest tomtom locationiq geocodio ipstack abstractapi currencylayer openexchangerates alphavantage finnhub quandl tiingo bitfinex kucoin moralis blockfrost helius chargebee recurly zuora lemonsqueezy gumroad adyen klarna razorpay paystack flutterwave mollie sumup mailjet postmark sparkpost mandrill klaviyo onesignal vonage nexmo plivo sinch messagebird telnyx webex ringcentral livekit freshdesk gorgias hotjar fullstory rudderstack statsig optimizely launchdarkly configcat bitrise appveyor buildkite codefresh bitly rebrandly docusign pandadoc hellosign lob easypost shippo aftership shipstation elevenlabs assemblyai deepgram perplexity firecrawl tavily serpapi scrapingbee brightdata apify".split()
)


# Names of one kind of file, whose words say less: Kubernetes', routers', WebLogic's; or more: git's identifies a key.
_OF_FILES = {
    "stringData": Hint.SECRET,
    "key-string": Hint.SECRET,
    "signingkey": Hint.NONE,
    "user.signingkey": Hint.NONE,
}


@lru_cache(maxsize=8192)
def hint(name: str) -> Hint:
    """Return what a name promises; names are split at case changes, digits and punctuation."""
    name = name[-80:]
    words = [word.lower() for word in _WORDS.findall(name if name.isascii() else understood(name))]
    while len(words) > 1 and (words[-1].isdigit() or words[-1] in _NEUTRAL):
        if words[-1] in ("primary", "secondary", "set", "get", "data") and words[-2] == "key":
            break
        words.pop()
    if name in _OF_FILES or not words:
        return _OF_FILES.get(name, Hint.NONE)
    last = words[-1]
    special = _of_ending(words)
    if special is not None:
        return special
    direct = _of_word(last)
    if direct is not Hint.NONE:
        return _not_counted(direct, words)
    if last in ("key", "keys"):
        return _of_key(words[:-1])
    if last in _NOT_VALUES or (last.endswith("s") and last[:-1] in _NOT_VALUES):
        return Hint.NONE
    if any(_of_word(word) not in (Hint.NONE, Hint.WEAK) for word in words[:-1]):
        return Hint.WEAK
    if "key" in words[:-1]:
        return Hint.WEAK if _of_key(words[: words.index("key")]) is Hint.KEY else Hint.NONE
    return Hint.NONE


# Last words that tell of something behind some others: a recovery phrase, a security answer, an entry code.
_BEHIND_A_WORD = {
    "phrase": (_PHRASES, Hint.SECRET),
    "answer": (frozenset(("secret", "security")), Hint.PASSWORD),
    "code": (_CODES, Hint.PIN),
    "codes": (_CODES, Hint.PIN),
}


def _of_ending(words: list[str]) -> Hint | None:
    """Return what a name promises whose last word needs those before it."""
    last, before = words[-1], words[:-1]
    if last in _BEHIND_A_WORD and _BEHIND_A_WORD[last][0].intersection(before):
        return _BEHIND_A_WORD[last][1]
    if last == "code" and before[-1:] == ["pin"]:
        return Hint.PIN
    if last == "id" and before and before[-1] in _IDS:
        return _IDS[before[-1]]
    if last.endswith("community") or (last == "string" and "community" in before):
        return Hint.SECRET
    if last == "token" and before[-2:] == ["public", "key"]:
        return Hint.NONE
    if last == "key" and before[-1:] == ["idempotency"]:
        return Hint.NONE
    if last == "credential" and _SIGNED.intersection(before):
        return Hint.NONE
    if last in _HASHED and any(_of_word(word) is Hint.PASSWORD for word in before):
        return Hint.WEAK
    return None


# How a word has to end before its endings are looked through: most words do not.
_LAST_TWO = frozenset(ending[-2:] for _, endings in _ENDINGS for ending in endings)


@lru_cache(maxsize=8192)
def _of_word(word: str) -> Hint:
    whole = Hint.WEAK if word in _PROVIDERS else _WHOLE.get(word)
    if whole is not None:
        return whole
    if word[-2:] not in _LAST_TWO:
        return Hint.NONE
    for found, endings in _ENDINGS:
        if word.endswith(endings):
            return found
    return Hint.NONE


def _not_counted(found: Hint, words: list[str]) -> Hint:
    """`tokens`, `next_token` and the like name pieces of text more often than credentials."""
    if words[-1] in ("token", "tokens") and len(words) > 1 and words[-2] in _LEXER_WORDS:
        return Hint.NONE
    if words[-1] in ("seed", "secret") and _SECOND_FACTORS.intersection(words[:-1]):
        return Hint.TOKEN
    return Hint.WEAK if words[-1] in ("tokens", "passwords", "secrets") else found


def _of_key(qualifiers: list[str]) -> Hint:
    if not qualifiers or qualifiers[-1] in _NOT_KEYS:
        return Hint.NONE
    if qualifiers[-1] in _CHOSEN and not any(word in _NOT_KEYS for word in qualifiers):
        return Hint.SECRET
    if any(word in _KEY_QUALIFIERS or _of_word(word) not in (Hint.NONE, Hint.WEAK) for word in qualifiers):
        return Hint.KEY if not any(word in _NOT_KEYS for word in qualifiers) else Hint.WEAK
    return Hint.WEAK
