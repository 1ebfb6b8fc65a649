"""The formats as data: the rows of `providers.tsv`, (kind, prefixes, body, source); see `formats`."""

from __future__ import annotations

from importlib.resources import files

PARTNERS = "partners"
OBSERVED = "observed"


def _rows() -> tuple[tuple[str, str, str, str], ...]:
    text = files(__package__).joinpath("providers.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return tuple((kind, prefixes, body, source) for kind, prefixes, body, source in rows)


ROWS = _rows()
