"""Values without quotes beside a telling name: the rest of a line of settings, the next word, a part of a connection string."""

# ruff: noqa: E501 - tables of words and patterns

from __future__ import annotations

import re
from collections.abc import Iterator

from codeedit.pipeline.ingest.anonymize.findings import Finding
from codeedit.pipeline.ingest.anonymize.judge import counts, finding_of
from codeedit.pipeline.ingest.anonymize.names import Hint, hint
from codeedit.pipeline.ingest.anonymize.phrases import is_few_words, is_passphrase, is_phrase, is_plain_word
from codeedit.pipeline.ingest.anonymize.shapes import (
    is_interleaved,
    is_jumbled,
    is_random,
    is_shuffled,
    is_strong,
)
from codeedit.pipeline.ingest.anonymize.simple import is_dotted, is_likely
from codeedit.pipeline.ingest.anonymize.words import takes_a_blank

# `name = value`, `name: value`, `--name value`, `ENV NAME value`, `<name>value</name>`, `name=value;`.
_BARE = re.compile(
    r"""(?x) (?P<operator> (?:["'`]?\]?|[*_]{2})[ \t]*(?:=>|[:?]=|[=:])(?:[*_]{2}(?=[ ]))?[ \t]* | [ \t]{1,20} | > )
    (?P<value> (?=(?:[^\s"'`<>,;|(){}\[\]\\]){6}) (?:[^\s"'`<>,;&|(){}\[\]\\]++|&(?![\w.%\-]{1,200}[=;]|&|[\s]|$))++ )"""
)
_SHORTEST_BARE, _LONGEST_BARE = 6, 1050  # characters of a value; of one and what stands before it
# As routers and installers have it: password 7 …, rootpw --plaintext …
_SPACED = re.compile(
    r"(?:[ \t]+(?:\d|0x|string|password|plaintext|--?\w+|sha256|md5|text|ascii|ascii-text|cipher|simple|encrypted|ENC|key-string)(?=[ \t])){1,2}[ \t]+[\"']?(?P<value>[^\s\"']{6,120})"
)
# The beginning of a line of a router's, a switch's or a firewall's configuration.
_DEVICE = re.compile(
    r"(?i)[ \t]*(?:set[ ]|no[ ])?(?:[\w.:/-]+[ ]+){0,8}?(?:(?:tacacs|radius)[\w-]*(?:[ ](?:server|host))?|isakmp|ikev\d|keyring|message-digest-key|authentication-key|pre-shared-key|(?:local|remote)[ ]|neighbor|peer|standby|vrrp|glbp|ospf|eigrp|isis|bgp|ntp|snmp-server|snmp|ppp|wpa-psk|enable|ipsec|pptp|l2tp|line|aaa)(?:[ ][\w.:/-]+){0,6}?[ ]*"
)
_WHOLE_LINE = re.compile(
    r"[ \t]*(?:=>|[:?]=|[=:])[ \t]*(?:(?:!!?|&)\w{0,12}[ ])?(?P<value>[^\s\"'`#][^\s\"'`]{4,512})[ \t]*(?:#[^\n]*)?$",
    re.MULTILINE,
)
# The beginning of a line of settings: a name in capitals or with dots before an equals sign, or a colon.
_SETTING = re.compile(
    r"^[+-]?[ \t]*(?:export[ ]|set[ ]|ENV[ ]|ARG[ ]|-[ ])?(?:[A-Z][A-Z0-9_]*|[\w\-]*[.\-][\w.\-]*|[a-z]\w*(?=:)|[A-Za-z]\w*(?=:?=\Z)|[A-Z]\w*(?=:[ ]))(?:=|:[ ]|[ ]=[ ]|[ ][:?]=[ ]|[ ])[^=]*\Z",
    re.MULTILINE,
)
_PLAIN_LINE = re.compile(
    r"(?P<operator>=|:[ ]|[ ][:?]?=[ ](?=[^\n=]*$)|[ ])(?P<value>[a-z]{4}(?:[ ][a-z]{4}){3}|[a-z]{6,24}|[A-Za-z]{4,16}\d{1,4}[!?]?|(?:[A-Z][a-z]{2,12}){2,4}|[A-Za-z][a-z]{2,11}(?:[ ][a-z]{2,12}){1,9}(?:[ ]\d{1,4})?|\w{2,16}(?:\.\w{1,16}){1,3})[ \t]*$",
    re.MULTILINE,
)
# A line of YAML: an entry without the marks of code behind it.
_ENTRY = re.compile(
    r"[ \t]*(?:- )?[\w.\-/]+:(?:[ ][^\n]*[^\s{}();,\[])?[ \t]*$|[ \t]*- [^\n{}();]*$|[ \t]*#|---",
    re.MULTILINE,
)
# `- { name: app, password: word }`
_FLOW = re.compile(r"[ \t]*(?:- |[\w.\-]+: )\{ ?(?:[\w.\-]+: [^\s{}\"'(),;]+, )*\Z")
_FLOW_WORDS = re.compile(
    r": (?P<value>[a-z]{6,24}|[a-z]{3,12}(?: [a-z]{2,12}){1,5})(?=(?:, [\w.\-]+: [^\n{}\"'();]*)? ?\}[ \t]*(?:$|#))",
    re.MULTILINE,
)
# A setting that is commented out: an identifier, so that it is no sentence about passwords.
_COMMENTED = re.compile(r"[ \t]*(?:[;#]|--|//|<!--)[ ]?")
_IDENTIFIER = re.compile(r"\w*(?:[a-z][A-Z]|_)\w*")
_WORDS_ALONE = re.compile(
    r"(?:=|: ?| = )(?P<value>(?:[A-Z][a-z]{2,12}){2,4}|[a-z]{6,24})(?=[ \t]*(?:-->)?[ \t]*$)", re.MULTILINE
)
_PLAIN_HEAD = re.compile(r"[+-]?[ \t]*(?:-[ ])?(?:(?:export|ENV|ARG|set)[ ])?")
_LINE_HEAD = re.compile(r"^[+-]?\s*(?:(?:export|set|ENV|ARG|env|-|--|\#|;|//)\s+)*[\w.\-]*$")
_CODE_LINE = re.compile(r"[A-Za-z_][\w.]*[(\[]|.*[;{,]\Z")
_DIGITS_BEHIND = re.compile(
    r"[A-Za-z]+\d{3,}|[a-z]{3,}(?:[A-Z][a-z]{2,})+\d{2}|[^\W\d_]{4,}_\d{4}|[A-Z][a-z]+(?:[A-Z][a-z]+)*\d{2,}!?"
)  # as in a chosen password
# Of a connection string, where a value may have the marks that part others.
_BRACED = re.compile(r"[ ]?=[ ]?\{(?P<value>[^{}\n\"']{5,100})\}(?=[;\"'\s]|\Z)")
# Directives whose first argument is a header's name.
_HEADER = re.compile(
    r"[ \t]*(?:(?:\w+_)?(?:set|add)_header|(?:fastcgi|uwsgi|scgi)_param|proxy_cookie\w*|(?:Request)?Header[ ]+\w+|http-request[ ]+(?:set|add)-header|set)[ ]+"
)
_CODE_VALUE = re.compile(
    r"""(?x) [A-Za-z_$]\w* \$? (?: (?:\.|->|::|\?\.|!\.) [A-Za-z_$]\w* )* (?:\?|!!|;)* | [*&]+\w+ """
)
_TO_CAPITAL = re.compile(r"[a-z](?=[A-Z])|[A-Z]{2}(?=[a-z])")
CODE_MARKS = re.compile(r"[(){}\[\]<>;/=]|^[#$@-]")


def bare_values(text: str, line_start: int, left: int, right: int, promise: Hint) -> Iterator[Finding]:
    """Judge a value without quotes of the name at [left, right): one at most."""
    head = text[line_start:left]
    braced = _BRACED.match(text, right) if promise is Hint.PASSWORD and ";" in head else None
    if braced and counts(braced["value"], promise, quoted=True, firm=True):
        yield finding_of(*braced.span("value"), promise)
        return
    span = _rest_of_line(text, line_start, left, right, promise)
    if span is None:
        match = _bare(text, right)
        if text[right : right + 1] in (" ", "\t"):
            span = _behind_blanks(text, right, head, promise, match)
        if span is None and match is not None:
            span = _next_word(text, left, head, promise, match)
    if span:
        yield finding_of(*span, promise)


Extent = tuple[int, int]  # code points, half-open


def _rest_of_line(text: str, line_start: int, left: int, right: int, promise: Hint) -> Extent | None:
    """Return the value of a line of settings, which has nothing else."""
    head = text[line_start:left]
    if promise is Hint.PASSWORD and _PLAIN_HEAD.fullmatch(head) and (plain := _PLAIN_LINE.match(text, right)):
        value = plain["value"]
        words = is_phrase(value) or is_few_words(value) if " " in value else is_plain_word(value)
        if "." in value:
            words = is_dotted(value) and value[-1].isdigit()
        if words and _is_setting(text, line_start, left, plain):
            return plain.span("value")
    if promise is Hint.PASSWORD and (apart := _set_apart(text, left, right, head)):
        return apart.span("value")
    whole = _WHOLE_LINE.match(text, right) if _LINE_HEAD.match(head) else None
    if whole is None or _CODE_LINE.match(whole["value"]):
        return None
    value = whole["value"]
    firm = _SETTING.search(text, line_start, whole.start("value")) is not None
    numbered = promise is Hint.PASSWORD and any(c.isdigit() for c in value)
    if not (firm and numbered) and _is_code(value, 12):
        return None
    return whole.span("value") if counts(value, promise, quoted=False, firm=firm) else None


def _set_apart(text: str, left: int, right: int, head: str) -> re.Match[str] | None:
    """Match words that are a password in YAML's flow, or in a setting that a comment takes out."""
    if "{" in head and _FLOW.fullmatch(head):
        words = _FLOW_WORDS.match(text, right)
    elif _COMMENTED.fullmatch(head) and _IDENTIFIER.fullmatch(text, left, right):
        words = _WORDS_ALONE.match(text, right)
    else:
        return None
    return words if words and is_plain_word(words["value"]) else None


def _bare(text: str, right: int) -> re.Match[str] | None:
    match = _BARE.match(text, right, right + _LONGEST_BARE)
    return match if match and len(match["value"]) >= _SHORTEST_BARE else None


def _is_setting(text: str, line_start: int, left: int, plain: re.Match[str]) -> bool:
    """Say whether a name in front of plain words is a setting's: in capitals, with dots, before four groups, or YAML's."""
    name, operator, words = text[left : plain.start()], plain["operator"], plain["value"].count(" ")
    if operator == " ":
        leads = text[line_start:left].lstrip() in ("ENV ", "ARG ", "set ") or name.lower() in _DIRECTIVES
        return not words and leads
    if words >= (2 if operator == "=" else 3):
        return True
    if operator == " = " and (name.count(".") >= 2 or _in_section(text, line_start)):
        return True
    if operator.startswith(" "):
        return name.isupper() if operator != " = " else _NUMBERED.fullmatch(plain["value"]) is not None
    if name.isupper() or "." in name:
        return True
    if operator == ": ":
        return _is_yaml(text, line_start, plain.end())
    return _in_section(text, line_start) or (
        operator == "=" and _among_settings(text, line_start, plain.end())
    )


_LINE_OF_SETTINGS = re.compile(r"[A-Za-z][\w.\-]*=[^\"'(){}\[\],;$+*]*|[ \t]*|[#;][^\n]*")
_NO_CODE = re.compile(r"=(?:[\d.]+|\S*[/:@.\-]\S*)\s*\Z|^[\w.]*[.\-]\w+=")


def _among_settings(text: str, line_start: int, line_end: int) -> bool:
    """Say whether three lines on each side are settings and nothing else, and two of them can be no code."""
    low, high = line_start, line_end
    for _ in range(3):
        low = text.rfind("\n", 0, max(0, low - 1)) + 1 if low else 0
        following = text.find("\n", high + 1)
        high = len(text) if following < 0 else following
    lines = [*text[low:line_start].split("\n"), *text[line_end + 1 : high].split("\n")]
    return (
        high - low < 1_000
        and all(_LINE_OF_SETTINGS.fullmatch(line) for line in lines)
        and sum(_NO_CODE.search(line) is not None for line in lines) >= 2
    )


_NUMBERED = re.compile(r"[A-Za-z]{4,16}\d{2,4}[!?]?")

# Directives of servers, whose argument a blank parts from them.
_DIRECTIVES = frozenset(["requirepass", "masterauth", "rootpw", "bindpw", "olcrootpw"])
_SECTION = re.compile(
    r"(?:\A|\n)[ \t]*\[[^\[\]\n]{1,60}\][ \t]*\n(?:[ \t]*(?:[#;][^\n]*|[\w.\-]+[ \t]*=[^\n\"'(){}]*)?\n)*\Z"
)


def _in_section(text: str, line_start: int) -> bool:
    """Say whether a line stands in a section of an INI file, below its title and settings without quotes."""
    return _SECTION.search(text, max(0, line_start - 800), line_start) is not None


def _is_yaml(text: str, line_start: int, line_end: int) -> bool:
    """Say whether the lines before and behind one are YAML's, and one of them is there."""
    before = text.rfind("\n", 0, max(0, line_start - 1)) + 1
    beside = [text[before : line_start - 1]] if line_start else []
    after = text.find("\n", line_end + 1)
    beside.append(text[line_end + 1 : len(text) if after < 0 else after])
    beside = [line for line in beside if line.strip()]
    return bool(beside) and all(_ENTRY.match(line) for line in beside)


def _behind_blanks(
    text: str, right: int, head: str, promise: Hint, match: re.Match[str] | None
) -> Extent | None:
    """Return the value that only blanks, or a word of a router's or an installer's, part from its name."""
    device = len(head) < 120 and head[-1:] in (" ", "") and _DEVICE.fullmatch(head) is not None
    if promise is Hint.WEAK and not device:
        return None
    spaced = _SPACED.match(text, right)
    if spaced and (is_likely(spaced["value"]) or is_random(spaced["value"].replace("$", ""), 8)):
        return spaced.span("value")
    if match is None or not match["operator"].isspace() or CODE_MARKS.search(head.strip(" \t#*@$-")):
        return None
    value = match["value"].rstrip(".:?*,")
    end = text.find("\n", match.end())
    end = min(len(text), match.end() + 80) if end < 0 else end
    header = _HEADER.fullmatch(head) is not None and text[match.end() : end].strip() == ";"
    if (
        CODE_MARKS.search(text, match.end(), end)
        and not header
        and not (
            text.startswith(" (", match.end())
            and (is_strong(value) or is_passphrase(value) or _DIGITS_BEHIND.fullmatch(value))
        )
    ):
        return None
    last = match.end() == end
    mixed = (
        any(c.isdigit() for c in value)
        or is_shuffled(value)
        or is_random(value, 8)
        or (last and (is_passphrase(value) or (device and _is_mixed(value))))
        or any(c in "!#$%^&+~" for c in value[1:-1])
    )
    if device and mixed and last and _is_mixed(value):
        return match.start("value"), match.start("value") + len(value)
    if is_likely(value) and mixed and hint(value) is Hint.NONE and not CODE_MARKS.search(value):
        return match.start("value"), match.start("value") + len(value)
    return None


def _is_mixed(value: str) -> bool:
    """Say whether the case of letters changes as in no word."""
    return value.isalnum() and len(_TO_CAPITAL.findall(value)) >= 2 and value[1:] != value[1:].lower()


def _next_word(text: str, left: int, head: str, promise: Hint, match: re.Match[str]) -> Extent | None:
    """Return the word behind an operator, if it is no code: in a flag, an address, a connection string, a log."""
    behind = text[match.end() : match.end() + 1]
    if behind in ("(", "[", "{") or not _separates(
        match["operator"], text, left, head, match["value"], ends=behind in ("", "\n", ";")
    ):
        return None
    value = match["value"].rstrip(".:?*")
    first = match.start("value")
    if value[:1] == "-" and text[left - 2 : left] == "${":  # ${NAME:-value}
        value, first = value[1:], first + 1
    span = first, first + len(value)
    # `;Password=word;` of a connection string, `&token=...` of an address
    among = match["operator"] == "=" and text[left - 1 : left] in _AMONG and behind in _AMONG_ENDS
    if match["operator"] == "=" and behind in _AMONG_ENDS:
        among = (
            among or text[left - 2 : left] == "--" or (text[left - 1 : left] == "-" and text[left] in "PD")
        )
        among = among or (text[left : match.start()].isupper() and _PLAIN_HEAD.fullmatch(head) is not None)
    among = among or (match["operator"] == "=" and behind in _AMONG_ENDS and _FLAG.search(head) is not None)
    among = among or (match["operator"] == ":" and behind == "}" and text[left - 2 : left] == "${")
    if among and counts(value, promise, quoted=True, firm=True):
        return span
    if (promise is Hint.WEAK and ":" in value) or _is_code(value, 16):
        return None
    return span if counts(value, promise, quoted=False) else None


def _is_code(value: str, least: int) -> bool:
    """Say whether a word may be an identifier or an expression."""
    code = "->" in value or "::" in value or "()" in value or _CODE_VALUE.fullmatch(value)
    return bool(code) and not is_random(value, least) and not _chosen(value) and not is_jumbled(value)


_FLAG = re.compile(r"[ ]--[\w-]{2,40}=[\"']?\Z")  # of a command that takes names with values
_AMONG = frozenset(";&?\"'` (,")
_AMONG_ENDS = frozenset(";&\"'` )") | {"", "\n"}


def _chosen(value: str) -> bool:
    """Say whether a word that could be an identifier has a chosen password's digits."""
    return bool(_DIGITS_BEHIND.fullmatch(value)) or is_interleaved(value) or is_shuffled(value)


def _separates(operator: str, text: str, left: int, head: str, value: str, *, ends: bool) -> bool:
    """Say whether what stands between a name and a word makes the word the name's value."""
    if operator.isspace():
        return takes_a_blank(head) or (ends and (is_strong(value) or is_random(value)))
    return operator != ">" or text[left - 1 : left] in ("<", ":")
