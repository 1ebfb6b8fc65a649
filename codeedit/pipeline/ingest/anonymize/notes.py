"""Passwords in notes that speak of a login, and of no password: `you get in with …`, `Credentials: demo …`, `wifi: …`."""

# ruff: noqa: E501 - patterns

from __future__ import annotations

import re
from collections.abc import Iterator

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.shapes import is_strong
from codeedit.pipeline.ingest.anonymize.simple import is_likely

# RE2's syntax.
ANCHOR = (
    r"(?i:\b(?:get|gets|got|log|logs|logged|sign|signed)[ ]?(?:in|into|on)[ ](?:\w+[ ]){0,3}(?:with|using)[ ]"
    r"|\b(?:credentials?|creds|zugang|zugangsdaten|identifiants|credenciales|credenziali|inloggegevens|anmeldung)[*`]{0,2}:[*]{0,2}[ ]|\bas (?:the|its|a|our|their) (?:\w+ )?(?:password|passphrase)\b|\b(?:password|passphrase|pw|pwd) (?:was )?(?:changed |rotated |reset )?from |\b(?:wi-?fi|wlan)\b)"
)
_LEAD = re.compile(
    r"(?i)(?P<net>wi-?fi|wlan)|(?P<before>as [\w ]+?(?:password|passphrase))|(?P<change>[\w ]+ from )|[\w -]+?(?:with|using)[ ]|\w+[*`]{0,2}:[*]{0,2}[ ]"
)
_PROSE = re.compile(r"[^(){}\[\]=;<>|\\]*\Z")
_COMMENT = re.compile(r"\s*(?:#|//|/?\*|--|;|%|<!--)")
_TOKEN = re.compile(r"[\"'`*(]{0,2}(?P<value>[^\s\"'`*,()]{8,64})")
# A number behind a word, at the end of a note.
_LAST = re.compile(
    r"[^\n]{0,40}?(?::| is| ist| est| es)[ ][\"'`]?(?P<value>[a-z]{5,16}\d{2,4}[!?]?)[\"'`]?[.]?[ \t]*(?:\n|\Z)"
)
_LONGEST = 66  # characters of a password and what is around it
_MOST = 100  # characters of a note that are read


def note_at(text: str, start: int) -> Iterator[Finding]:
    """Find a password in the rest of a note that speaks of a login at `start`."""
    line = max(text.rfind("\n", max(0, start - 200), start) + 1, start - 200, 0)
    lead = _LEAD.match(text, start)
    if lead is None or not (_COMMENT.match(text, line) or _PROSE.match(text[line:start].replace("`", ""))):
        return
    end = text.find("\n", lead.end())
    end = min(len(text) if end < 0 else end, lead.end() + _MOST)
    if lead["net"] and (last := _LAST.match(text, lead.end())) and is_likely(last["value"]):
        yield Finding(*last.span("value"), "password", "secret", Rank.CONTEXT)
        return
    first = max(line, start - _LONGEST) if lead["before"] else lead.end()
    for token in _TOKEN.finditer(text, first, start if lead["before"] else end):
        value = token["value"].rstrip(".:;")
        if is_strong(value) and _PROSE.match(value):
            first = token.start("value")
            yield Finding(first, first + len(value), "password", "secret", Rank.CONTEXT)
            if not lead["change"]:
                return
