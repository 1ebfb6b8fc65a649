"""Rules and exceptions of a team's own: what the built-in rules cannot know, and what is to stay.

A value that a rule finds is treated like any other: in histories, in the session's dictionary, in paths, and
in the second look at finished rows.  Patterns are google-re2's, so no rule can make a run hang.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import translate
from functools import cache
from typing import Any

from codeedit.pipeline.ingest.anonymize.findings import Finding, Rank
from codeedit.pipeline.ingest.anonymize.placeholders import is_placeholder, is_replaceable
from codeedit.pipeline.ingest.anonymize.shapes import entropy

_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: where its pattern matches, a value stands."""

    name: str
    kind: str  # what reports and placeholders' counts call the value
    pattern: str  # google-re2; the first group, where there is one, is the value
    area: str = "secret"  # or "personal"
    keywords: tuple[str, ...] = ()  # one of them has to stand in the match's lines, in any case of letters
    min_entropy: float = 0.0  # bits per character of the value

    def find(self, text: str) -> Iterator[Finding]:
        """Yield the values in a text; placeholders are none."""
        subject = text if text.isascii() else _SURROGATES.sub("?", text)
        lowered = text.lower() if self.keywords else ""
        if self.keywords and not any(word.lower() in lowered for word in self.keywords):
            return
        for match in compiled(self.pattern).finditer(subject):
            start, end = match.span(1 if match.re.groups else 0)
            value = text[start:end]
            if end <= start or is_placeholder(value) or not is_replaceable(value):
                continue
            if entropy(value) >= self.min_entropy and self._is_told(text, match.start(), match.end()):
                yield Finding(start, end, self.kind, self.area, Rank.OWN, self.name)

    def _is_told(self, text: str, start: int, end: int) -> bool:
        """Say whether a keyword stands in the lines of a match, or none is asked for."""
        if not self.keywords:
            return True
        last = text.find("\n", end)
        lines = text[text.rfind("\n", 0, start) + 1 : len(text) if last < 0 else last].lower()
        return any(word.lower() in lines for word in self.keywords)


@dataclass(frozen=True, slots=True)
class Allow:
    """What is never replaced."""

    values: frozenset[str] = frozenset()
    patterns: tuple[str, ...] = ()  # google-re2; each has to match a whole value
    paths: tuple[str, ...] = ()  # shell patterns; files that stay as they are

    def lets(self, value: str) -> bool:
        """Say whether a value stays: a listed one, or one that a pattern matches as a whole."""
        if value in self.values:
            return True
        return bool(self.patterns) and any(
            compiled(pattern).fullmatch(_SURROGATES.sub("?", value)) for pattern in self.patterns
        )

    def lets_file(self, path: str) -> bool:
        """Say whether a file stays as it is; a pattern may begin at any folder, its ``*`` spans slashes."""
        plain = path.replace("\\", "/")
        return any(_shell(pattern).search(plain) for pattern in self.paths)


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules and exceptions of one file."""

    rules: tuple[Rule, ...] = ()
    allow: Allow = Allow()

    def find(self, text: str) -> Iterator[Finding]:
        """Yield the values that the rules find."""
        for rule in self.rules:
            yield from rule.find(text)


NO_RULES = Rules()


@cache
def compiled(pattern: str) -> Any:  # noqa: ANN401 - re2 has no types
    """Compile a pattern of google-re2.

    Raises:
        re2.error: it is none.
    """
    import re2

    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)


@cache
def _shell(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:\A|/){translate(pattern.removeprefix('./').removeprefix('/'))}")
