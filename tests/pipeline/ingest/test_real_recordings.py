"""Real recordings, replayed a second time in the plainest way."""

from __future__ import annotations

import json
from pathlib import Path

from codeedit.pipeline.ingest import read_sessions, replay
from codeedit.pipeline.ingest.quarantine import Quarantine


def plain_replay(file: Path) -> dict[str, str]:
    """Replay on UTF-16 bytes, whole documents at a time."""
    documents, paths, stored = {}, {}, {}
    for entry in json.loads(file.read_text("utf-8"))["log"]:
        number = entry.get("id")
        match entry["kind"]:
            case "documentEncountered":
                paths[number] = entry["relativePath"].replace("\\", "/")
            case "setContent":
                documents[number] = entry["content"].encode("utf-16-le")
            case "storeContent":
                stored[entry["contentId"]] = documents[number]
            case "restoreContent":
                documents[number] = stored[entry["contentId"]]
            case "changed":
                for start, end, text in reversed(entry["edit"]):
                    before = documents[number]
                    documents[number] = before[: 2 * start] + text.encode("utf-16-le") + before[2 * end :]
    return {paths[number]: text.decode("utf-16-le") for number, text in documents.items()}


def test_replay_equals_a_plain_one_and_all_restated_contents(shared):
    files = sorted((shared / "data" / "recordings").rglob("*.json"))
    quarantine = Quarantine()
    for file in files:
        (session,) = read_sessions(file, quarantine=quarantine)
        assert replay(session) == plain_replay(file)
    assert len(files) == 14
    assert quarantine.records == []
    assert (quarantine.agreed, quarantine.disagreed) == (8, 0)
