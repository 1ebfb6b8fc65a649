"""Reads a user's own template from its TOML and Jinja files, and tries it on a probe task."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeedit.errors import InputError
from codeedit.pipeline.prompt_builder.markers import CURSOR, Escaper
from codeedit.pipeline.prompt_builder.probe import probe
from codeedit.pipeline.prompt_builder.templates.custom import AnswerForm, Custom

if TYPE_CHECKING:
    import jinja2

_TOP = {"prompt": str, "system": str, "plain": bool, "cursor": str, "markers": list, "answer": dict}
_ANSWER = {"start": str, "end": str, "no_change": str}


def read_template(path: Path) -> Custom:
    """Return the template of a TOML file.

    Raises:
        InputError: a file is missing or cannot be read; the message names file and line.  Or the template
            loses the range, the cursor or the hint, or cannot read its own answer.
    """
    try:
        stamp = path.stat().st_mtime_ns
    except OSError:
        hint = "give a name, or the path of a .toml file; see docs/prompts.md"
        raise InputError("no such template", where=str(path), hint=hint) from None
    return _read(path.absolute(), stamp)


@lru_cache(maxsize=16)
def _read(path: Path, stamp: int) -> Custom:  # noqa: ARG001 - a changed file is read again
    settings = _settings(path)
    form = AnswerForm(**settings.get("answer", {}))
    cursor = settings.get("cursor", CURSOR)
    markers = [text for text in (cursor, form.start, form.end, form.no_change) if text]
    markers += [text for text in settings.get("markers", []) if text not in markers]
    _check_markers(markers, path)
    prompt_file = path.parent / settings["prompt"]
    custom = Custom(
        name=str(path),
        prompt_file=str(prompt_file),
        template=_compiled(prompt_file),
        shows_related=_names_related(prompt_file),
        answer=form,
        escaper=Escaper(markers),
        cursor=cursor,
        markers=tuple(markers),
        system=settings.get("system", ""),
        plain=settings.get("plain", False),
    )
    probe(custom, where=str(prompt_file))
    return custom


def _settings(path: Path) -> dict[str, Any]:
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"not TOML: {error}", where=str(path)) from None
    except (OSError, UnicodeDecodeError):
        raise InputError("cannot be read as text", where=str(path)) from None
    _check_keys(settings, _TOP, str(path))
    _check_keys(settings.get("answer", {}), _ANSWER, f"{path}: [answer]")
    if not all(isinstance(text, str) and text for text in settings.get("markers", [])):
        raise InputError("markers must be texts", where=str(path))
    if "prompt" not in settings:
        raise InputError("no prompt", where=str(path), hint='name the Jinja file: prompt = "mine.jinja"')
    return settings


def _check_keys(settings: Mapping[str, Any], known: Mapping[str, type], where: str) -> None:
    for key, value in settings.items():
        if key not in known:
            raise InputError(f"unknown key {key!r}", where=where, hint=f"known: {', '.join(known)}")
        if not isinstance(value, known[key]):
            kind = {str: "a text", bool: "true or false", list: "a list", dict: "a table"}[known[key]]
            raise InputError(f"{key} must be {kind}", where=where)


def _check_markers(markers: list[str], path: Path) -> None:
    """Check what makes escaping reversible."""
    for marker in markers:
        others = "".join(other[1:] for other in markers)
        if len(marker) < 2 or "\\" in marker or "\n" in marker or marker[0] in others:
            raise InputError(
                f"{marker!r} cannot be a marker",
                where=str(path),
                hint="it needs two characters or more, no backslash and no line end, and a first character "
                "that occurs nowhere else in the markers, as in <new>",
            )
    if len(set(markers)) < len(markers):
        raise InputError("two markers are the same", where=str(path))


def _names_related(path: Path) -> bool:
    from jinja2 import Environment, meta

    return "related" in meta.find_undeclared_variables(Environment().parse(path.read_text(encoding="utf-8")))  # noqa: S701


def _compiled(path: Path) -> jinja2.Template:
    from jinja2 import StrictUndefined, TemplateSyntaxError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise InputError("the prompt's Jinja file cannot be read as text", where=str(path)) from None
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
    try:
        code = environment.compile(source, filename=str(path))
        return environment.template_class.from_code(environment, code, environment.make_globals(None))
    except TemplateSyntaxError as error:
        raise InputError(f"broken Jinja: {error.message}", where=f"{path}:{error.lineno}") from None
