"""VS Code workspace recordings, as the Copilot Chat extension's recorder writes them.

Source: the recorder's files, ``workspaceRecording@1.0``: one JSON object with a ``log`` array (and
sometimes ``nextUserEdit``), or the same entries one per line.  Offsets are UTF-16 code units; all
replacements of one entry refer to the text before it; the order of the log, not ``time``, is the truth.

What could not be understood is put into quarantine.  Where that leaves a document's text in doubt,
the rest of the document follows it, until ``setContent`` or ``restoreContent`` states the text anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.pipeline.ingest.readers.fields import Unreadable
from codeedit.pipeline.ingest.readers.json_entries import Record, read_records
from codeedit.pipeline.ingest.readers.recording_session import RecordingSession
from codeedit.records import Session

NEXT_EDIT: Final = "nextUserEdit"
_KINDS: Final = (
    "header|meta|applicationStart|documentEncountered|setContent|storeContent|restoreContent|opened|closed"
    "|focused|changed|selectionChanged|documentEvent|event|bookmark"
)
_SNIFF = re.compile(rb'"kind"\s*:\s*"(?:' + _KINDS.encode() + rb')"')


class VSCodeRecording:
    """Reader of ``*.workspaceRecording.jsonl`` and ``*.recording.w.json``."""

    name = "vscode-recording"

    def sniff(self, head: bytes) -> bool:
        """Whether an entry of a known kind stands near the beginning."""
        return _SNIFF.search(head) is not None

    def read(self, path: Path, quarantine: Quarantine) -> Iterator[Session]:
        """Yield the file's sessions: one, or several where recordings were put one after the other.

        Raises:
            OSError: the file cannot be read.
        """
        session = RecordingSession(self.name, path.name, quarantine)
        for record in read_records(path, beside=(NEXT_EDIT,)):
            quarantine.read += 1
            if record.broken:
                quarantine.add(record.line, record.broken)
                if not record.last:
                    session.doubt_everything()
                continue
            if session.begins_another(record.value):
                yield from session.finish()
                session = RecordingSession(self.name, path.name, quarantine)
            _take(session, record, quarantine)
        yield from session.finish()


def _take(session: RecordingSession, record: Record, quarantine: Quarantine) -> None:
    value: Any = record.value
    try:
        if record.key == NEXT_EDIT:
            session.next_user_edit(value)
        else:
            session.take(value)
    except Unreadable as error:
        quarantine.add(record.line, error.reason)
