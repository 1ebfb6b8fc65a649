"""One file for every page: a shell, what the page shows first, an index of its rows, and the rows in parts.

A page is HTML that needs nothing from outside. Its rows stand at its end, some to a part, each part gzip in
base64 on a line of its own, and are unpacked when one of them is looked at; the index in front of them is all
that lists and filters need. So a page with many rows is there as soon as one with few.

A content security policy names the hashes of the page's own script and style: whatever the code in the rows
says, nothing else can run, and nothing can be sent anywhere but to the server that the page may come from.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Any

from codeedit.errors import InputError
from codeedit.eval.store import replacing

ROWS_PER_PART = 16
_LEVEL = 3  # of gzip; 6 takes three times as long and leaves two thirds
_SCRIPTS = (
    *("dom", "source", "diff", "code", "facets", "list", "browser", "task"),
    *("summary", "answers", "curves", "compare", "main"),
)
_STYLES = ("page", "browser", "code", "summary", "curves")
_PART = re.compile(r'<script type="text/plain" id="part-\d+">([A-Za-z0-9+/=]*)</script>\n')

Detail = Mapping[str, Any]  # all that is shown of one row


@dataclass(frozen=True, slots=True)
class Facet:
    """What rows can be filtered by."""

    name: str
    label: str
    order: tuple[str, ...] = ()  # of its values; those not named follow, the most frequent first


@dataclass(frozen=True, slots=True)
class Entry:
    """What the list and the filters know of a row."""

    id: str  # names it in links
    title: str
    note: str  # a few characters beside the title
    facets: Mapping[str, tuple[str, ...]]  # by the facet's name; a row may have several values


@dataclass(frozen=True, slots=True)
class Page:
    """A page without its rows' details."""

    kind: str  # which view the script shows: tasks, report or compare
    title: str
    noun: str  # what a row is called
    entries: Sequence[Entry]
    facets: tuple[Facet, ...]
    content: Mapping[str, Any] = field(default_factory=dict)  # what the kind's own views show


def write_page(path: Path, page: Page, details: Iterable[Detail]) -> None:
    """Write a page that stands alone.

    Args:
        path: of the HTML file.
        page: what it is.
        details: one for each of the page's entries, in their order; taken a part at a time.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        file.write(render_front(page, served=False))
        for number, part in enumerate(_parts(details)):
            file.write(f'<script type="text/plain" id="part-{number}">{_pack(part)}</script>\n')
        file.write("</body>\n</html>\n")


def render_front(page: Page, *, served: bool) -> str:
    """Return a page without its rows: all of it, where they are ``served``."""
    script = '"use strict";\n(() => {\n' + "".join(_asset(f"{name}.js") for name in _SCRIPTS) + "})();\n"
    style = "".join(_asset(f"{name}.css") for name in _STYLES)
    server = "'self'" if served else "'none'"
    policy = (
        f"default-src 'none'; script-src 'sha256-{_hash(script)}'; style-src 'sha256-{_hash(style)}'; "
        f"img-src data:; connect-src {server}; base-uri 'none'; form-action 'none'"
    )
    head = {
        "kind": page.kind,
        "title": page.title,
        "noun": page.noun,
        "served": served,
        "rows": len(page.entries),
        "rows_per_part": ROWS_PER_PART,
        "facets": [{"name": facet.name, "label": facet.label, "order": facet.order} for facet in page.facets],
        "content": page.content,
    }
    parts = {
        "POLICY": policy,
        "STYLE": style,
        "HEAD": _embed(head),
        "INDEX": _pack(_index(page)),
        "SCRIPT": script,
    }
    shell = _asset("page.html")
    pieces = re.split(r"<!--([A-Z]+)-->", shell)  # what stands in the data is never looked into
    return "".join(parts[piece] if at % 2 else piece for at, piece in enumerate(pieces))


def read_details(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a page that stands alone, as they were written.

    Raises:
        InputError: the file cannot be read, or is none of ours.
    """
    try:
        with path.open(encoding="utf-8") as file:
            for line in file:
                if found := _PART.fullmatch(line):
                    yield from json.loads(gzip.decompress(base64.b64decode(found[1])))
    except (OSError, EOFError, ValueError) as error:
        hint = "make it again with the same codeedit eval"
        raise InputError("not a page of an evaluation", where=str(path), hint=hint) from error


def _parts(details: Iterable[Detail]) -> Iterator[list[Detail]]:
    iterator = iter(details)
    while part := list(islice(iterator, ROWS_PER_PART)):
        yield part


def _index(page: Page) -> dict[str, Any]:
    """Return the entries by column; what repeats stands once."""
    entries = page.entries
    return {
        "id": [entry.id for entry in entries],
        "title": _column([entry.title for entry in entries]),
        "note": _column([entry.note for entry in entries]),
        "facets": {
            facet.name: _column([entry.facets.get(facet.name, ()) for entry in entries])
            for facet in page.facets
        },
    }


def _column(values: Sequence[Any]) -> dict[str, Any]:
    codes: dict[Any, int] = {}
    coded = [codes.setdefault(value, len(codes)) for value in values]
    return {"values": list(codes), "codes": coded}


def _pack(value: Any) -> str:  # noqa: ANN401 - JSON
    text = json.dumps(value, separators=(",", ":"), default=str)
    return base64.b64encode(gzip.compress(text.encode(), _LEVEL, mtime=0)).decode()


def _embed(value: Any) -> str:  # noqa: ANN401 - JSON
    """Return JSON that holds no character with which HTML could end or begin anything."""
    text = json.dumps(value, default=str)  # ASCII
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _asset(name: str) -> str:
    return (files(__package__) / "assets" / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
