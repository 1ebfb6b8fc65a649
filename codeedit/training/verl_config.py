"""verl's configuration, composed by hydra from verl's own files, without importing verl or torch."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from codeedit.errors import InputError

_SEE = "see verl's trainer/config/{}.yaml; +key=value adds a key that is not there"


def compose(verl: Path, overrides: Sequence[str], name: str = "ppo_trainer") -> dict[str, Any]:
    """Return verl's resolved configuration.

    Args:
        verl: the folder of the verl package.
        overrides: in hydra's grammar; later ones win.
        name: of the configuration.

    Raises:
        InputError: an override names a key that verl does not have, cannot be read, or has a value of
            another type than the key's default.
    """
    from hydra.errors import HydraException
    from omegaconf.errors import OmegaConfBaseException

    for override in overrides:
        _check_grammar(override)
    try:
        resolved = _compose(verl, name, tuple(overrides), resolve=True)
    except (HydraException, OmegaConfBaseException) as error:
        known = list(flat(defaults(verl, name)))
        raise _input_error(error, overrides, known, _SEE.format(name)) from error
    known_types = defaults(verl, name)
    for override in reversed(overrides):  # the last of a key has its value
        _check_type(override, resolved, known_types)
    return resolved


@cache
def _compose(verl: Path, name: str, overrides: tuple[str, ...], *, resolve: bool) -> dict[str, Any]:
    from hydra import compose as hydra_compose
    from hydra import initialize_config_dir
    from omegaconf import OmegaConf

    with initialize_config_dir(str(verl / "trainer/config"), version_base=None):
        config = hydra_compose(name, overrides=list(overrides))
    container: Any = OmegaConf.to_container(config, resolve=resolve)
    return dict(container)


def defaults(verl: Path, name: str) -> dict[str, Any]:
    """Return verl's configuration as its files have it, nested, with references as ``${…}``."""
    return _compose(verl, name, (), resolve=False)


def flat(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a nested configuration by dotted key; an empty part is a value."""
    values: dict[str, Any] = {}

    def walk(value: object, prefix: str) -> None:
        if isinstance(value, dict) and value:
            for name, inner in value.items():
                walk(inner, f"{prefix}.{name}" if prefix else str(name))
        else:
            values[prefix] = value

    walk(config, "")
    return values


def override_key(override: str) -> str:
    """Return the dotted key of an override, without its sign."""
    return override.partition("=")[0].lstrip("+~").partition("@")[0]


def lookup(config: dict[str, Any], key: str) -> Any:  # noqa: ANN401 - whatever verl has there
    """Return the value at a dotted key, or None."""
    value: Any = config
    for part in key.split("."):
        if not isinstance(value, dict) or part not in value:
            return None
        value = value[part]
    return value


def _check_grammar(override: str) -> None:
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    try:
        OverridesParser.create().parse_override(override)
    except HydraException as error:
        raise InputError(f"not a verl override: {override}", hint="write it as key=value") from error


def _check_type(override: str, resolved: dict[str, Any], before: dict[str, Any]) -> None:
    """Refuse a word where verl's default is a number or a truth value: verl would fail minutes later."""
    key = override_key(override)
    default, value = lookup(before, key), lookup(resolved, key)
    if value is None:
        return
    if isinstance(default, bool) and not isinstance(value, bool):
        raise InputError(f"{key} is {value!r}, but it must be true or false", where=override)
    if isinstance(default, int | float) and not isinstance(value, int | float):
        raise InputError(f"{key} is {value!r}, but it must be a number", where=override)


def _input_error(error: Exception, overrides: Sequence[str], known: Sequence[str], see: str) -> InputError:
    text = " ".join(str(error).split())
    found = re.search(r"Could not override '([^']+)'", text) or re.search(r"full_key: (\S+)", text)
    key = found[1] if found else ""
    where = next((override for override in overrides if override_key(override) == key), "")
    if "Could not override" in text or "not in struct" in text:
        near = difflib.get_close_matches(key, known, n=1)
        guess = f"did you mean {near[0]}? " if near else ""
        return InputError(f"verl has no setting {key or text}", where=where, hint=guess + see)
    if "Could not append" in text or "already" in text:
        return InputError(f"verl has this setting already: {text}", where=where, hint="leave out the +")
    return InputError(f"verl's configuration cannot be composed: {text}", where=where, hint=see)
