"""Recordings of version 2, made here by the format's description."""

from __future__ import annotations

import io
import json
import tarfile

import pytest

from codeedit.pipeline.ingest import read_sessions, replay
from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.records import CursorEvent, Origin

ROOT = "/home/nblixen/app"
DIFF = "--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,2 @@\n x = 1\n-y = 2\n+y = 3\n"


class Chunks:
    """A session in the making, with a snapshot at its beginning."""

    def __init__(self, **texts):
        self.events, self.time = [], 1_768_000_000_000
        self.texts = {f"{ROOT}/{name.replace('_py', '.py')}": text for name, text in texts.items()}
        self.add("workspace_snapshot", snapshotId="snapshot_001")

    def add(self, kind, sequence=None, **fields):
        self.time += 1_000
        number = len(self.events) + 1 if sequence is None else sequence
        self.events.append({"sequence": number, "timestamp": self.time, "type": kind, **fields})
        return self

    def act(self, kind, file="a.py", source="user", **fields):
        return self.add("action", action={"kind": kind, "source": source, "file": file, **fields})

    def edit(self, at, length, text, **fields):
        return self.act("edit", diff={"rangeOffset": at, "rangeLength": length, "text": text}, **fields)

    def see(self, content, first=1, file="a.py"):
        viewport = {"file": file, "startLine": first, "endLine": first, "content": content}
        return self.add("observation", observation={"viewport": viewport, "activeTerminal": None})

    def files(self):
        half = len(self.events) // 2
        made = {"snapshots/snapshot_001.json": json.dumps(self.texts)}
        for index, events in enumerate((self.events[:half], self.events[half:])):
            chunk = {
                "version": "2.0",
                "sessionId": "s",
                "startTime": 1,
                "chunkIndex": index,
                "events": events,
            }
            made[f"chunk_{index:03d}.json"] = json.dumps(chunk)
        return made

    def write(self, folder):
        for name, text in self.files().items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        return folder

    def read(self, tmp_path):
        quarantine = Quarantine()
        sessions = list(read_sessions(self.write(tmp_path / "session"), quarantine=quarantine))
        assert quarantine.read == quarantine.kept + len(quarantine.records)
        return sessions, quarantine


def test_documents_start_from_a_snapshot(tmp_path):
    made = Chunks(a_py="😀=1\n").edit(3, 1, "2").edit(0, 0, "x", file="new.py")
    (session,), quarantine = made.read(tmp_path)
    assert replay(session) == {"a.py": "😀=2\n"}
    assert quarantine.reasons() == {"unknown document": 1}
    assert session.identities == ("nblixen",)


def test_packed_parts_are_read_as_they_are(tmp_path):
    made = Chunks(a_py="x = 1\n").edit(4, 1, "2")
    with tarfile.open(tmp_path / "source_part_001.tar.gz", "w:gz") as packed:
        for name, text in made.files().items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            packed.addfile(member, io.BytesIO(text.encode()))
    (session,) = read_sessions(tmp_path)
    assert replay(session) == {"a.py": "x = 2\n"}


def test_folder_is_one_log_among_others(tmp_path, recording):
    Chunks(a_py="x").edit(0, 1, "y").write(tmp_path / "session")
    recording.open(0, "b.py", "z").write(tmp_path / "log")
    quarantine = Quarantine()
    sessions = list(read_sessions(tmp_path, quarantine=quarantine))
    assert [session.source for session in sessions] == ["vscode-recording", "crowd-code"]
    assert quarantine.records == []


def test_visible_lines_are_compared(tmp_path):
    made = Chunks(a_py="x = 1\ny = 2\n").edit(4, 1, "3").see("x = 3\ny = 2\n").see("y = 2", first=2)
    made.see("y = 9", first=2).edit(0, 1, "z")
    (session,), quarantine = made.read(tmp_path)
    assert quarantine.reasons() == {"visible lines are other than the replay has": 1, "document in doubt": 1}
    assert (quarantine.agreed, quarantine.disagreed) == (2, 1)
    assert replay(session) == {"a.py": "x = 3\ny = 2\n"}


def test_change_of_an_agent_is_applied_and_marked(tmp_path):
    made = Chunks(a_py="x = 1\ny = 2\n").act("file_change", source="agent", changeType="change", diff=DIFF)
    (session,), _ = made.read(tmp_path)
    assert replay(session) == {"a.py": "x = 1\ny = 3\n"}
    assert session.events[1].origin is Origin.AGENT


def test_change_that_does_not_fit_is_put_away(tmp_path):
    made = Chunks(a_py="x = 1\n").act("file_change", source="agent", changeType="change", diff=DIFF)
    _, quarantine = made.edit(0, 0, "z").read(tmp_path)
    assert quarantine.reasons() == {"diff that does not fit its document": 1, "document in doubt": 1}


def test_created_document_is_known(tmp_path):
    diff = "--- /dev/null\n+++ b/n.py\n@@ -0,0 +1,2 @@\n+a\n+b\n"
    made = Chunks(a_py="x").act("file_change", "n.py", "agent", changeType="create", diff=diff)
    (session,), _ = made.edit(0, 1, "c", file="n.py").read(tmp_path)
    assert replay(session) == {"n.py": "c\nb\n"}


def test_selection_counts_utf16_columns(tmp_path):
    places = {"selectionStart": {"line": 0, "character": 2}, "selectionEnd": {"line": 0, "character": 3}}
    made = Chunks(a_py="😀ab\n").act("selection", selectedText="a", **places)
    (session,), _ = made.read(tmp_path)
    assert session.events[1] == CursorEvent(0, "a.py", 1, 2)


def test_missing_snapshot_is_counted(tmp_path):
    made = Chunks(a_py="x").add("workspace_snapshot", snapshotId="snapshot_009")
    assert made.read(tmp_path)[1].reasons() == {"snapshot is missing or damaged": 1}


def test_events_that_are_missing_put_all_documents_in_doubt(tmp_path):
    made = Chunks(a_py="x").edit(0, 0, "y").edit(0, 0, "lost").edit(0, 0, "z")
    del made.events[2]
    assert made.read(tmp_path)[1].reasons() == {"document in doubt": 1}


def test_foreign_file_in_the_folder_is_counted(tmp_path):
    folder = Chunks(a_py="x").edit(0, 0, "y").write(tmp_path / "session")
    (folder / "notes.txt").write_text("x")
    quarantine = Quarantine()
    list(read_sessions(folder, quarantine=quarantine))
    assert quarantine.reasons() == {"not a part of the recording": 1}


def test_chunk_is_known_whatever_the_order_of_its_keys(tmp_path):
    Chunks(a_py="x = 1\n").edit(0, 0, "# ").write(tmp_path)
    for chunk in tmp_path.glob("chunk_*.json"):
        turned = dict(sorted(json.loads(chunk.read_text()).items(), key=lambda item: item[0] == "events"))
        chunk.write_text(json.dumps({"note": "x", **turned}, indent=1))
    (session,) = read_sessions(tmp_path)
    assert replay(session) == {"a.py": "# x = 1\n"}


@pytest.mark.parametrize("name", ["chunk_000.json", "chunk_001.json", "snapshots/snapshot_001.json"])
def test_damaged_chunk_raises_nothing(endure, tmp_path, name):
    made = Chunks(a_py="x = 1\ny = 2\n", b_py="é😀\n").edit(4, 1, "3").see("x = 3\ny = 2\n")
    made.act("file_change", "b.py", "agent", changeType="delete").edit(0, 0, "1", file="b.py")
    made.act("file_change", source="agent", changeType="change", diff=DIFF.replace("x = 1", "x = 3"))
    made.act(
        "selection", selectionStart={"line": 1, "character": 0}, selectionEnd={"line": 1, "character": 1}
    )
    endure(made.write(tmp_path).joinpath(name).read_bytes(), cases=500, name=name)
