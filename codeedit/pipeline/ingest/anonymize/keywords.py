"""Words that tell of a value beside them, and whether anything beside one could be its value.

google-re2 finds the words; what stands beside one is then matched from the word on.  One pattern of both would be
slower by far on fresh text: its states are as many as the mixtures of what may stand beside each word.

Patterns are matched in `latin` bytes.  None may look farther than a few lines, and each has to fail in time
that is linear in what it looks at: a repetition that the next item could also match is possessive (`*+`).
"""

# ruff: noqa: E501 - tables of words and patterns

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from codeedit.pipeline.ingest.anonymize.engine import LinearPattern
from codeedit.pipeline.ingest.anonymize.names import Hint, hint
from codeedit.pipeline.ingest.anonymize.shapes import rare_pairs
from codeedit.pipeline.ingest.anonymize.words import word_start

# RE2's syntax, ASCII, case-insensitive.
KEYWORDS = (
    r"pass|assword|pwd|pasw|pssw|\b(?:cohere|mistral|anthropic|openai|deepseek|groq|stripe|slack|twilio|sendgrid|mailgun|datadog|sentry|algolia|intercom|mixpanel|amplitude|vultr|linode|hetzner|cloudflare|digitalocean|godaddy|namecheap|pagerduty|opsgenie|newrelic|snyk|codecov|circleci|mapbox|deepl|pusher|ably|heroku|netlify|vercel|supabase|airtable|zendesk|hubspot|shopify|plaid|braintree|coinbase|binance|infura|etherscan|ipinfo|maxmind|openweather|thingspeak|fastly|okta|duo|onelogin|jumpcloud|pingdom|bugsnag|rollbar|honeycomb|loggly|papertrail|sumologic|contentful|contentstack|storyblok|typesense|meilisearch|qdrant|weaviate|pinecone|zilliz|cloudinary|imgix|uploadcare|filestack|vimeo|spotify|tmdb|omdb|giphy|unsplash|pexels|pixabay|mapquest|tomtom|locationiq|geocodio|ipstack|abstractapi|currencylayer|openexchangerates|alphavantage|finnhub|quandl|tiingo|bitfinex|kucoin|moralis|blockfrost|helius|chargebee|recurly|zuora|lemonsqueezy|gumroad|adyen|klarna|razorpay|paystack|flutterwave|mollie|sumup|mailjet|postmark|sparkpost|mandrill|klaviyo|onesignal|vonage|nexmo|plivo|sinch|messagebird|telnyx|webex|ringcentral|livekit|freshdesk|gorgias|hotjar|fullstory|rudderstack|statsig|optimizely|launchdarkly|configcat|bitrise|appveyor|buildkite|codefresh|bitly|rebrandly|docusign|pandadoc|hellosign|lob|easypost|shippo|aftership|shipstation|elevenlabs|assemblyai|deepgram|perplexity|firecrawl|tavily|serpapi|scrapingbee|brightdata|apify)\b|community|(?:recovery|backup|unlock|access|door|gate|alarm|safe|scratch|security|lock|pairing|activation|sms|entry)[ _-]?code|psw|secret|token|cred|key|auth|jwt|\bpat\b|bearer|mnemonic|seed|salt|pepper|cookie|signature|\bsig\b|session|"
    r"stringdata|license|webhook|dsn|plaintext|(?:recovery|backup|wallet)_?phrase|connection|kennwort|contrasena|senha|wachtwoord|pword|(?:\b|_)(?:[th]?otp|pin|puk|security_?answer|pincode|pin_code|sid|pw|tok|mdp|clave|haslo|heslo|jelszo|jelszava|sifre|"
    r"parola|losenord|salasana|sas)(?:\b|_)|[a-z]pw(?:\b|_)|sessid|psk|2fa|mfa|(?-i:[a-z](?:Pin|PIN)\b)"
)
KEYWORD = LinearPattern(rf"(?i){KEYWORDS}")
LONGEST_WORD = 20  # characters of a word and those on its sides
LINE_LIMIT = 4000  # characters of a line that are read from a name on

# What stands behind the name that a word is in; the rest of the name is matched before.
_BEHIND = (
    r"[\"'`]?\]?(?:[ \t]++[=:>?]?|[=:>?])[=>]?[ \t]*+(?:!!?\w+ |&\w+ )?[^\s\"'`<>,;&|()\[\]{}]{6}",
    r"[\"'`]?\]?[ \t]*+[=:>,]{1,3}[ \t]*+[\"'`]?\d{4,8}(?:[\"'`,;)\]\s]|$)",
    r"[\"'\])]*(?=[^\"'`\n;:=(\\]{0,200}+[:=(\\])[^\"'`\n;]{0,200}+\n[ \t]*[=+(]?[ \t]*[\"'`][^\"'`\s]{6}",  # a literal in the next
    r"[ ](?:(?:\d|0x|string|plaintext|text|ascii|ascii-text|cipher|simple|encrypted|ENC|key-string|--?\w+|md5|sha256)[ ]){1,2}[\"']?\S{6}",
    r"[ \t]*:[ \t]*[|>][+-]?[ \t]*\n",
    r"[ ]?=[ ]?\{[^{}\n\"']{5,100}\}",  # of a connection string
    r"[ ]?[=:][ ]?[a-z]{3,12}[ ][a-z]{2,12}[ ][a-z]{2,12}",  # a phrase
    r"</\w+>\s*<",
    r"><!\[CDATA\[",
    r">\{[A-Za-z0-9+/]{24}",
    r"[\"'][^<>\n]*>[^<>\n]",
    r"[\"'][ ]?\{\s",
    r"[\"']?[ \t]*[:=][^\n]{0,40}[{\[(]\s*\n",
    r"[\"']?:[ ]*\n",
    r"[:?]?[ ]?[\"']\)?;?\s*\n",
    r"[\"']?\]?[ ]*=[ ]*\[\[",
    r"[ ](?=[^<>\n=]{0,200}+=)[^<>\n]{0,400}+>",
    r"[ ]?=>?[ ]?(?:qq?|%[qQ]?)[{(\[|]",
    r"\nV[ ]\d",
    r"\?{1,3}[ ]?[!-~]{6}",  # particles and brackets beyond Latin-1
    r"(?:[*_]{2}:|:[*_]{2})[ ]*\S{5}",
    r"[\"'`)]?(?:[ ]/?[\w\x80-\xff?][\w\x80-\xff?/]*+){0,5}(?:[ ](?:is|was|ist|war|lautet|est|era|es|er|now|to|=|->|:|\?|\xe9|\xe8|\xe4r)|:)[ ]",
)
_BESIDE = re.compile(
    # The word before `value` and its like may go over into it.
    rf"(?i:[\w.\-]*+(?:{'|'.join(_BEHIND)})"
    r"|[\w.\-]*[\"']?:?\s*+(?:,\s*+)?[\"']?(?:value|val|default|content|data)[\"']?[ ]?[:=])".encode()
)
_LITERAL = re.compile(rb"[\"'`][^\"'`\s]{5}")  # counts anywhere behind the word in its line
_IN_COMMENT = re.compile(rb"[\w.\-]*+:?[ ]+\S{8}")
_COMMENT = re.compile(rb"[#*]|//")
# A literal that a name is compared with, or the value of the entry whose key the name is.
_BEFORE = re.compile(
    rb"(?i)[\"'](?:,[ ]?(?:for_?key|forkey|key|name|label|account|as|with_?key)[ ]?[:=][ ]?[\"']|,[ ]?|\)?\.\w*eq\w*\(|[ ]?[!=~<>]==?[ ]?|\){0,2}[;,]?[ ]{1,4}(?:#|//|/\*|--)[ ]?(?:\w{1,16}[ ]){0,2}|[ ]+where[ ]+[\w.`\"\[\]]{1,40}[ ]?=[ ]?N?')[\w.$>\-]*\Z"
)
# Methods that compare with a value or take one, so that what they are called on names it.
_METHOD = re.compile(
    r"\.(?:equals(?:IgnoreCase)?|eq|ne|compareTo|isEqual\w*|set|set_?value|setText|send_?keys|fill|type|put|push|add|append|assign|copy_from|as_deref|toBe|to_eq)\Z"
)
_NAME_MARKS = frozenset("_.-")
_NAME_RIGHT = re.compile(r"[\w\-]*(?:\.[\w\-]+)*")
_QUALIFIED = re.compile(
    r"(?i)(?:api|access|secret|private|auth|license|signing|option|encryption|aes|hmac|master)[ ]\Z"
)
_BEFORE_LIMIT = 120  # characters from that literal's end to the word
_BEHIND_LIMIT = 600  # characters beyond the line


class Name(NamedTuple):
    """A name that promises something, around a telling word."""

    last: int  # where the word that it stands in ends, exclusive: after a method's name
    left: int  # where the name begins
    right: int  # where it ends, exclusive
    promise: Hint


_CODE = re.compile(r"(?i)[a-z]+[ ]code\Z")


def words_before(text: str, ends: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield a part of each telling word of an ASCII text, to its end: enough to see the name that it is in.

    Args:
        text: ASCII.
        ends: where telling words end, ascending.
    """
    for end in ends:
        if text[end - 4 : end] in ("code", "Code", "CODE") and (match := _CODE.search(text, end - 24, end)):
            yield match.start(), end  # two words
        else:
            yield end - 1, end


def telling_names(text: str, words: Iterable[tuple[int, int]]) -> list[Name]:
    """Return the names that promise something, by position.

    Args:
        text: code points.
        words: where telling words stand in it.
    """
    names: list[Name] = []
    position = 0
    for first, last in words:
        if last <= position:
            continue
        right = last
        behind = text[last : last + 1]
        left = word_start(text, first, max(0, first - 64), "_.-")
        while text[left] in "-.":  # a flag's dashes
            left += 1
        if behind in _NAME_MARKS or behind.isalnum():
            right = _NAME_RIGHT.match(text, last, min(len(text), last + 80)).end()  # type: ignore[union-attr]
            while right > last and "\u3040" <= text[right - 1] <= "\u309f":  # a particle of Japanese
                right -= 1
            behind = text[right : right + 1]
        whole = position = right
        if behind == "(" and (method := _METHOD.search(text, left, right)):
            right = method.start()
        if hint(name := text[left:right]) is Hint.NONE and name.lower() != "key":
            continue  # a third of all
        promise = _promise(text, left, right)
        if promise is not Hint.NONE:
            names.append(Name(whole, left, right, promise))
    return names


def _promise(text: str, left: int, right: int) -> Hint:
    """Return what the name at [left, right) promises where it stands."""
    before = text[left - 1 : left]
    if before == ":" and text[left - 2 : left] == "::" and text[right : right + 1] in ("'", '"'):
        return Hint.NONE  # a type within a string
    name = text[left:right]
    if right - left == 3 and name.lower() == "key":
        if text[max(0, left - 7) : left].lower() == "public ":
            return Hint.NONE
        if before in ("?", "&") or _QUALIFIED.search(text, max(0, left - 12), left):
            return Hint.KEY
        return Hint.WEAK
    if name.lower() == "pass" and text[right : right + 2] == " `":
        return Hint.NONE  # the verb
    found = hint(name)
    if found is Hint.WEAK and before not in ("?", "&", "-") and _SIGNATURE.match(text, left, right + 140):
        return Hint.NONE  # of a document, a commit, a certificate
    return found


_SIGNATURE = re.compile(r"(?i)[\w.\-]*sig(?:nature)?[\"'`]?\s{0,2}[:=]?\s{0,4}[\"'`]?(?:0x)?[0-9a-f]{32}")


# What a value that a weak name has is part of: eight characters with a digit, words with hyphens, a phrase, or a run of a
# token, if it is not made of words.
_RANDOM = re.compile(
    rb"(?<![^\s\"'`])(?=[^\s\"'`]{8})[^\s\"'`\d]*+\d|[A-Za-z]{3}-[A-Za-z]{3,12}-[A-Za-z]{3}|[a-z]{3,8}(?: [a-z]{3,8}){11}"
)
_HEX_LETTERS = re.compile(rb"[a-f]{16}|[A-F]{16}")
_LEAST_RARE = 3  # pairs, as in `is_random`
_RUN = re.compile(rb"[\w+/=.~:%-]{20,}")
_GOES_ON = frozenset(b"{[(:=|>\\<\"'`+")  # a line that ends so has its value in the next ones
# A router's names are weak, and so may be its passwords; `auth: account:password`.
_DEVICE = re.compile(
    rb"(?i)(?:tacacs|radius|isakmp|ikev|keyring|digest|pre-shared|local|remote|neighbor|peer|standby|vrrp|glbp|ospf|eigrp|isis|bgp|ntp|snmp|ppp|wpa-psk|enable|ipsec|pptp|l2tp|line|aaa)\b|auth\w{0,8}[\"']?[ ]?[:=]"
)


def _may_be_random(raw: bytes, first: int, line_end: int) -> bool:
    """Say whether a line, or those that it goes on in, may have a value that is random beyond doubt.

    Args:
        raw: a text, as `latin` bytes.
        first: where a name stands in the line.
        line_end: where the line ends.
    """
    start = max(raw.rfind(b"\n", max(0, first - LINE_LIMIT), first) + 1, first - LINE_LIMIT)
    end = min(line_end, first + LINE_LIMIT)
    last = raw[start:end].rstrip()[-1:]
    if not last or last[0] in _GOES_ON:
        return True
    if last not in b".;)}":
        following = raw.find(b"\n", line_end + 1)
        end = min(end + _BEHIND_LIMIT, following if following >= 0 else len(raw))
    if _RANDOM.search(raw, start, end) or _DEVICE.search(raw, start, first + 40):
        return True
    return any(_unlike_words(run[0]) for run in _RUN.finditer(raw, start, end))


def _unlike_words(run: bytes) -> bool:
    """Say whether a run may have something random in it that has no digits: pairs of letters that are rare in words."""
    return (
        b"%" in run
        or rare_pairs(run.decode("latin-1"))[0] >= _LEAST_RARE
        or _HEX_LETTERS.search(run) is not None
    )


def next_telling(raw: bytes, names: Sequence[Name], number: int, position: int) -> tuple[int, int] | None:
    """Return where the next line is to be read from, and the first name that counts; ``None`` at the end.

    Args:
        raw: a text, as `latin` bytes.
        names: the names in it.
        number: the first name that counts.
        position: where to look from; what lies before counts as another line.
    """
    line_end = literal = none_before = -1
    for which in range(number, len(names)):
        last, first, _, promise = names[which]
        if first < position:
            continue
        if first >= line_end:
            line_end = raw.find(b"\n", first)
            line_end = len(raw) if line_end < 0 else line_end
        limit = min(line_end, last + LINE_LIMIT)
        if literal < last and none_before < limit:  # no stretch of a line is searched twice
            found = _LITERAL.search(raw, max(last, none_before - 5), limit)
            literal, none_before = (found.start(), none_before) if found else (literal, limit)
        start = first if last <= literal < limit else _beside(raw, first, last, limit, position)
        if start >= 0 and (promise is not Hint.WEAK or _may_be_random(raw, first, line_end)):
            return start, which
    return None


def _beside(raw: bytes, first: int, last: int, limit: int, position: int) -> int:
    """Return where to read from if something beside a name may be its value, -1 otherwise."""
    limit += _BEHIND_LIMIT
    if _BESIDE.match(raw, last, limit):
        return first
    if _IN_COMMENT.match(raw, last, limit):
        line = max(position, raw.rfind(b"\n", position, first) + 1)
        if comment := _COMMENT.search(raw, line, first):
            return comment.start()
    before = _BEFORE.search(raw, max(position, first - _BEFORE_LIMIT), first)
    return before.start() if before else -1
