"""JSON lines in, JSON lines out: the anonymizer as a filter for other programs.

A row with `text` gives `{"id", "spans": [{"start", "end", "kind", "area"}]}`; one with `events`, a list of
`[start, deleted, inserted]` from the empty text on, gives `{"id", "states"}`: the text after each event.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from codeedit.errors import InputError
from codeedit.pipeline.ingest.anonymize.anonymizer import Anonymizer


def answers(lines: Iterable[str], anonymizer: Anonymizer) -> Iterator[str]:
    """Yield an answer for each row.

    Raises:
        InputError: a line that is no such row; its content is not repeated.
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield json.dumps(_answer(json.loads(line), anonymizer), ensure_ascii=False)
            except (ValueError, KeyError, TypeError):
                hint = 'each line is {"id", "text"} or {"id", "events"}'
                raise InputError("not a row", where=f"-:{number}", hint=hint) from None


def _answer(row: dict[str, Any], anonymizer: Anonymizer) -> dict[str, Any]:
    if "events" not in row:
        spans = anonymizer.redact(row["text"]).spans
        found = [{"start": s.start, "end": s.end, "kind": s.kind, "area": s.area} for s in spans]
        return {"id": row["id"], "spans": found}
    edits = anonymizer.redact_edits(
        [(int(start), int(gone), str(come)) for start, gone, come in row["events"]]
    )
    states, text = [], ""
    for start, deleted, inserted in edits:
        text = text[:start] + inserted + text[start + deleted :]
        states.append(text)
    return {"id": row["id"], "states": states}
