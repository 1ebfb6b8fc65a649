r"""The rules file: TOML, checked when it is read.

    [[rule]]
    name = "ticket"                  # also the kind, unless `kind` is given
    pattern = 'ACME-([0-9]{6})'      # google-re2; a group holds the value
    area = "personal"                # or "secret", the default
    keywords = ["ticket"]            # one of them in the same line
    min_entropy = 2.0                # bits per character
    example = "ticket ACME-471193"   # has to be found
    not = ["ticket ACME-old"]        # nothing is found here

    [allow]
    values = ["build@our.example"]
    patterns = ['.*@lists\.our\.example']
    paths = ["tests/fixtures/*"]

No message repeats a pattern's or an example's text: examples may be real values.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeedit.errors import InputError
from codeedit.pipeline.ingest.anonymize.rules import Allow, Rule, Rules, compiled

_RULE_KEYS = ("name", "kind", "pattern", "area", "keywords", "min_entropy", "example", "not")
_ALLOW_KEYS = ("values", "patterns", "paths")
_AREAS = ("secret", "personal")
_KIND = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_LARGEST = 1 << 20  # bytes


def load_rules(file: Path) -> Rules:
    """Read and check a rules file.

    Raises:
        InputError: it cannot be read, is no TOML, or holds something that is no rule; with file and line.
    """
    try:
        if file.stat().st_size > _LARGEST:
            raise InputError("too large for a rules file", where=str(file), hint="name a TOML file")
        text = file.read_bytes().decode("utf-8")
    except OSError as error:
        raise InputError(error.strerror or "cannot be read", where=str(file), hint="see --rules") from None
    except UnicodeDecodeError:
        raise InputError("not UTF-8", where=str(file), hint="a rules file is TOML") from None
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        last = max(1, text.rstrip("\n").count("\n") + 1)
        raise InputError(
            "not TOML", where=f"{file}:{line[1] if line else last}", hint="patterns go in single quotes"
        ) from None
    place = _Place(str(file), text.splitlines())
    place.known(table, ("rule", "allow"))
    entries = table.get("rule", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise place.error("[rule] is a list", "rule", "", hint="write [[rule]] above each rule")
    rules: list[Rule] = []
    for number, entry in enumerate(entries):
        rule = _rule(entry, place.at(f"rule {number}"))
        if any(rule.name == other.name for other in rules):
            raise place.at(f"rule {number}").error("two rules of one name", "name", "", hint="rename one")
        rules.append(rule)
    return Rules(tuple(rules), _allow(table.get("allow", {}), place.at("allow")))


@dataclass(frozen=True, slots=True)
class _Place:
    """A table of the file, to say where in it something is wrong."""

    file: str
    lines: list[str]
    table: str = ""  # "rule 0", "allow" or the file itself

    def at(self, table: str) -> _Place:
        return _Place(self.file, self.lines, table)

    def error(self, message: str, key: str, item: str = "", *, hint: str) -> InputError:
        """Return an error at a key of the table, or at the table's head."""
        named = f"{self.table.partition(' ')[0]}: " if self.table else ""
        return InputError(f"{named}{item}{message}", where=f"{self.file}:{self._line(key)}", hint=hint)

    def known(self, table: Mapping[str, Any], keys: tuple[str, ...]) -> None:
        """See that a table has no other keys.

        Raises:
            InputError: it has.
        """
        for key in table:
            if key not in keys:
                near = difflib.get_close_matches(key, keys, n=1, cutoff=0.5)
                guess = f"did you mean {near[0]}? " if near else ""
                raise self.error(f"unknown key {key!r}", key, hint=f"{guess}known: {', '.join(keys)}")

    def _line(self, key: str) -> int:
        """Return the 1-based line of a key in the table, of the table's head, or 1."""
        kind, _, number = self.table.partition(" ")
        head, count = 0, -1
        for line, text in enumerate(self.lines, 1):
            opened = re.match(r"\s*\[\[?\s*[\"']?(\w+)", text)
            if opened:
                if head:
                    break
                count += opened[1] == kind
                if opened[1] == kind and count == int(number or 0):
                    head = line
            elif (head or not self.table) and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[.=]", text):
                return line
            if not self.table and opened and opened[1] == key:
                return line
        return head or 1


def _rule(entry: dict[str, Any], place: _Place) -> Rule:
    _check_strings(entry, place)
    name = entry["name"]
    for key in ("name", "kind"):
        if not _KIND.fullmatch(entry.get(key, name)):
            raise place.error(
                f"not a {key}",
                key,
                hint="use small letters, digits, - and _, 64 at most: it stands in reports",
            )
    if entry.get("area", "secret") not in _AREAS:
        raise place.error("unknown area", "area", hint=f"known: {', '.join(_AREAS)}")
    entropy = entry.get("min_entropy", 0.0)
    if isinstance(entropy, bool) or not isinstance(entropy, int | float) or not 0 <= entropy <= 8:
        raise place.error(
            "min_entropy is no number from 0 to 8", "min_entropy", hint="3.0 is usual for tokens"
        )
    rule = Rule(
        name=name,
        kind=entry.get("kind", name),
        pattern=_pattern(entry["pattern"], place, "pattern", groups=1),
        area=entry.get("area", "secret"),
        keywords=_strings(entry, "keywords", place),
        min_entropy=float(entropy),
    )
    if not any(True for _ in rule.find(entry["example"])):
        raise place.error(
            "finds nothing in its example",
            "example",
            f"{name}: ",
            hint="change the pattern, its keywords or min_entropy, or the example",
        )
    for number, counter in enumerate(_strings(entry, "not", place), 1):
        if any(True for _ in rule.find(counter)):
            raise place.error(
                f"finds something in entry {number} of `not`",
                "not",
                f"{name}: ",
                hint="make the pattern stricter",
            )
    return rule


def _check_strings(entry: dict[str, Any], place: _Place) -> None:
    place.known(entry, _RULE_KEYS)
    for key in ("name", "pattern", "example"):
        if key not in entry:
            raise place.error(f"{key} is missing", "name", hint="a rule has a name, a pattern and an example")
    for key in ("name", "kind", "pattern", "area", "example"):
        if not isinstance(entry.get(key, ""), str):
            raise place.error(f"{key} is no string", key, hint='write it as key = "…"')


def _allow(entry: object, place: _Place) -> Allow:
    if not isinstance(entry, dict):
        raise place.error("is a table", "allow", hint="write [allow] above its keys")
    place.known(entry, _ALLOW_KEYS)
    patterns = _strings(entry, "patterns", place)
    return Allow(
        values=frozenset(_strings(entry, "values", place)),
        patterns=tuple(_pattern(pattern, place, "patterns") for pattern in patterns),
        paths=_strings(entry, "paths", place),
    )


def _strings(entry: dict[str, Any], key: str, place: _Place) -> tuple[str, ...]:
    values = entry.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) and value for value in values):
        raise place.error(f"{key} is no list of strings", key, hint=f'write it as {key} = ["…", "…"]')
    return tuple(values)


def _pattern(pattern: str, place: _Place, key: str, *, groups: int | None = None) -> str:
    """Check a pattern of google-re2.

    Raises:
        InputError: it is none, has too many groups, or matches nothing at all.
    """
    import re2

    try:
        engine = compiled(pattern)
    except re2.error as error:
        raise place.error(f"not a pattern of google-re2 ({_reason(error)})", key, hint=_SYNTAX) from None
    if groups is not None and engine.groups > groups:
        raise place.error(
            "more than one group", key, hint="one group holds the value; write (?:…) for the others"
        )
    if engine.fullmatch("") is not None or engine.search("") is not None:
        raise place.error("matches the empty text", key, hint="ask for at least one character")
    return pattern


_SYNTAX = "see https://github.com/google/re2/wiki/Syntax; it has no look-around and no back-references"


def _reason(error: Exception) -> str:
    """Return what google-re2 objects to, without the text that it quotes."""
    text = error.args[0] if error.args else ""
    text = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return text.partition(":")[0].strip() or "bad syntax"
