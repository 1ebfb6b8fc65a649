"""One line of a plan: a verl setting, its value, and where it comes from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum


class Origin(StrEnum):
    """Who decided a setting."""

    PAPER = "paper"  # DESIGN's source: the paper, or the algorithm's own
    CODEEDIT = "codeedit"  # needed to run it here
    FLAG = "flag"  # an option of the command line
    OVERRIDE = "override"  # given after --
    VERL = "verl"  # its default


Value = bool | int | float | str | None | list[str] | list[float] | dict[str, str]


@dataclass(frozen=True, slots=True)
class Setting:
    """A dotted key of verl's configuration and its value."""

    key: str  # with a leading "+" where verl's own configuration does not have it
    value: Value
    origin: Origin

    @property
    def path(self) -> str:
        """The key without its sign."""
        return self.key.lstrip("+")

    def as_override(self) -> str:
        """Return the setting as hydra's command line takes it."""
        return f"{self.key}={_render(self.value)}"


def _render(value: Value) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return _quote(value)
    if isinstance(value, list):
        return "[" + ",".join(_render(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{key}:{_quote(item)}" for key, item in value.items()) + "}"
    return json.dumps(value)


def _quote(text: str) -> str:
    """Quote for hydra's grammar, in which a backslash stands for itself unless a quote follows."""
    body = text.replace("'", "\\'")
    trailing = len(body) - len(body.rstrip("\\"))
    return f"'{body}{chr(92) * trailing}'"


def paper(key: str, value: Value) -> Setting:
    """Return a setting of the paper."""
    return Setting(key, value, Origin.PAPER)


def ours(key: str, value: Value) -> Setting:
    """Return a setting of codeedit."""
    return Setting(key, value, Origin.CODEEDIT)


def flag(key: str, value: Value) -> Setting:
    """Return a setting that an option asked for."""
    return Setting(key, value, Origin.FLAG)
