"""Words that tell of a value beside them, and whether anything beside one could be its value.

google-re2 finds the words; what stands beside one is then matched from the word on.  One pattern of both would be
slower by far on fresh text: its states are as many as the mixtures of what may stand beside each word.

Patterns are matched in `latin` bytes.  None may look farther than a few lines, and each has to fail in time
that is linear in what it looks at: a repetition that the next item could also match is possessive (`*+`).
"""

# ruff: noqa: E501 - tables of words and patterns

from __future__ import annotations

import re

from codeedit.pipeline.ingest.anonymize.engine import LinearPattern

# RE2's syntax, ASCII, case-insensitive.
KEYWORDS = (
    r"pass|pwd|psw|secret|token|cred|key|auth|jwt|\bpat\b|bearer|mnemonic|seed|salt|pepper|cookie|signature|\bsig\b|session|"
    r"license|webhook|dsn|plaintext|(?:recovery|backup|wallet)_?phrase|connection|kennwort|contrasena|senha|wachtwoord|pword|(?:\b|_)(?:[th]?otp|pin|pincode|pin_code|sid|pw|tok|mdp|clave|haslo|heslo|sifre|"
    r"parola|losenord|salasana|sas)(?:\b|_)|(?:root|bind|db|admin|user)pw|sessid|psk|2fa|mfa"
)
KEYWORD = LinearPattern(rf"(?i){KEYWORDS}")
LINE_LIMIT = 4000  # characters of a line that are read from a name on

# What stands behind the name that a word is in; the rest of the name is matched before.
_BEHIND = (
    r"[\"'`]?\]?(?:[ \t]++[=:>]?|[=:>])[=>]?[ \t]*+(?:!!?\w+ |&\w+ )?[^\s\"'`<>,;&|()\[\]{}]{6}",
    r"[\"'\])]*(?=[^\"'`\n;:=(\\]{0,200}+[:=(\\])[^\"'`\n;]{0,200}+\n[ \t]*[=+(]?[ \t]*[\"'`][^\"'`\s]{6}",  # a literal in the next
    r"[ \t]*:[ \t]*[|>][+-]?[ \t]*\n",
    r"</\w+>\s*<",
    r"><!\[CDATA\[",
    r"[\"'][^<>\n]*>[^<>\n]",
    r"[\"'][ ]?\{\s",
    r"[\"']?[ \t]*[:=][^\n]{0,40}[{\[(]\s*\n",
    r"[\"']?:[ ]*\n",
    r"[:?]?[ ]?[\"']\)?;?\s*\n",
    r"[\"']?\]?[ ]*=[ ]*\[\[",
    r"[ ](?=[^<>\n=]{0,200}+=)[^<>\n]{0,400}+>",
    r"[ ]?=>?[ ]?(?:qq?|%[qQ]?)[{(\[|]",
    r"\nV[ ]\d",
    r"(?:[*_]{2}:|:[*_]{2})[ ]*\S{5}",
    r"[\"'`)]?(?:[ ]\w++){0,4}[ ](?:is|was|to|=|->|:|\?)[ ]",
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
    rb"(?i)[\"'](?:,[ ]?(?:for_?key|forkey|key|name|label|account|as|with_?key)[ ]?[:=][ ]?[\"']|,[ ]?|\)?\.\w*eq\w*\(|[ ]?[!=~<>]==?[ ]?)[\w.$>\-]*\Z"
)
_BEFORE_LIMIT = 120  # characters from that literal's end to the word
_BEHIND_LIMIT = 600  # characters beyond the line


def next_telling(raw: bytes, position: int) -> int:
    """Return where the next line's first word with something beside it begins, -1 without one.

    Args:
        raw: a text, as `latin` bytes.
        position: where to look from; what lies before counts as another line.
    """
    line_end = literal = none_before = -1
    for first, last in KEYWORD.spans(raw, position, len(raw)):
        if first >= line_end:
            line_end = raw.find(b"\n", first)
            line_end = len(raw) if line_end < 0 else line_end
        limit = min(line_end, last + LINE_LIMIT)
        if literal < last and none_before < limit:  # no stretch of a line is searched twice
            found = _LITERAL.search(raw, max(last, none_before - 5), limit)
            literal, none_before = (found.start(), none_before) if found else (literal, limit)
        if last <= literal < limit:
            return first
        limit += _BEHIND_LIMIT
        if _BESIDE.match(raw, last, limit):
            return first
        if _IN_COMMENT.match(raw, last, limit):
            line = max(position, raw.rfind(b"\n", position, first) + 1)
            if comment := _COMMENT.search(raw, line, first):
                return comment.start()
        if before := _BEFORE.search(raw, max(position, first - _BEFORE_LIMIT), first):
            return before.start()
    return -1
