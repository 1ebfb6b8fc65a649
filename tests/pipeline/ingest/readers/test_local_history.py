"""Histories made here by the description of VS Code's folders."""

from __future__ import annotations

import json
import os

import pytest

from codeedit.pipeline.ingest import read_sessions, replay
from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.records import ContentEvent, EditEvent, Origin

TIME = 1_700_000_000_000


def save(folder, resource, *entries, **fields):
    """Write one file's folder; an entry is (id, seconds, text) and its source, if any."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = []
    for name, seconds, text, *source in entries:
        if text is not None:
            (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        listed.append({"id": name, "timestamp": TIME + 1_000 * seconds})
        if source:
            listed[-1]["source"] = source[0]
    value = {"version": 1, "resource": resource, "entries": listed, **fields}
    (folder / "entries.json").write_text(json.dumps(value))


def read(path):
    quarantine = Quarantine()
    sessions = list(read_sessions(path, quarantine=quarantine))
    assert quarantine.read == quarantine.kept + len(quarantine.records)
    return sessions, quarantine


def test_list_is_known_whatever_the_order_of_its_keys(tmp_path):
    save(tmp_path / "0", URI, ("aaaa.py", 0, "a\n"), ("bbbb.py", 5, "b\n"), note=1)
    value = json.loads((tmp_path / "0" / "entries.json").read_text())
    turned = dict(sorted(value.items()))
    assert next(iter(turned)) == "entries"
    (tmp_path / "0" / "entries.json").write_text(json.dumps(turned, indent=2), "utf-8-sig")
    (session,), quarantine = read(tmp_path)
    assert list(replay(session).values()) == ["b\n"]
    assert quarantine.records == []


URI = "file:///home/nblixen/p/a%20b.py"


def test_saves_of_all_files_are_one_session_in_order(tmp_path):
    save(tmp_path / "-1a2b", URI, ("aB3x.py", 0, "x = 1\n"), ("Q9zz.py", 65, "x = 12\n"))
    save(tmp_path / "77f0", "file:///home/nblixen/p/c.py", ("aaaa.py", 30, "c\n"))
    (session,), quarantine = read(tmp_path)
    assert session.events == (
        ContentEvent(0, "p/a b.py", "x = 1\n"),
        ContentEvent(30_000, "p/c.py", "c\n"),
        EditEvent(65_000, "p/a b.py", 5, 0, "2"),
    )
    assert (session.project, session.identities) == ("p", ("nblixen",))
    assert (quarantine.read, quarantine.records) == (3, [])


def test_history_among_other_logs_is_one(tmp_path, recording):
    save(tmp_path / "History" / "-1a2b", URI, ("aB3x.py", 0, "x"), ("Q9zz.py", 65, "y"))
    recording.open(0, "a.py", "x").write(tmp_path / "log")
    sessions, quarantine = read(tmp_path)
    assert [session.source for session in sessions] == ["local-history", "vscode-recording"]
    assert quarantine.records == []


@pytest.mark.parametrize("given", ["", "entries.json"])
def test_folder_of_one_file_will_do(tmp_path, given):
    save(tmp_path / "-1a2b", URI, ("aB3x.py", 0, "x"), ("Q9zz.py", 65, "y"))
    assert replay(read(tmp_path / "-1a2b" / given)[0][0]) == {"p/a b.py": "y"}


def test_rest_of_half_an_hour_ends_a_session(tmp_path):
    save(tmp_path / "0", URI, ("aaaa.py", 0, "x"), ("bbbb.py", 1_801, "y"), ("cccc.py", 1_900, "z"))
    sessions, _ = read(tmp_path)
    assert [len(session.events) for session in sessions] == [1, 2]


def test_places_that_one_save_changed_are_one_action(tmp_path):
    save(tmp_path / "0", URI, ("aaaa.py", 0, "a\nb\nc\n"), ("bbbb.py", 5, "A\nb\nC\n"))
    (session,), _ = read(tmp_path)
    assert [event.joined for event in session.events[1:]] == [False, True]


@pytest.mark.parametrize(
    ("source", "origin"),
    [
        ("searchReplace.source", Origin.HUMAN),
        ("undoRedo.source", Origin.HUMAN),
        ("Some Assistant", Origin.AGENT),
    ],
)
def test_source_tells_who_wrote_it(tmp_path, source, origin):
    save(tmp_path / "0", URI, ("aaaa.py", 0, "a"), ("bbbb.py", 5, "b", source))
    assert read(tmp_path)[0][0].events[1].origin is origin


def test_moved_file_is_no_edit(tmp_path):
    save(tmp_path / "0", URI, ("aaaa.py", 0, "a"), ("bbbb.py", 5, "b", "moved.source"))
    assert [type(event) for event in read(tmp_path)[0][0].events] == [ContentEvent, ContentEvent]


def test_snapshot_that_is_not_listed_counts_by_its_own_time(tmp_path):
    save(tmp_path / "0", URI, ("aaaa.py", 0, "a"))
    (tmp_path / "0" / "bbbb.py").write_text("b")
    os.utime(tmp_path / "0" / "bbbb.py", (TIME // 1_000 + 9, TIME // 1_000 + 9))
    (session,), _ = read(tmp_path)
    assert session.events[1] == EditEvent(9_000, "p/a b.py", 0, 1, "b")


def test_listed_snapshot_that_is_missing_is_counted(tmp_path):
    save(tmp_path / "0", URI, ("aaaa.py", 0, "a"), ("bbbb.py", 5, None))
    assert read(tmp_path)[1].reasons() == {"snapshot is missing": 1}


def test_snapshot_that_is_no_text_parts_those_around_it(tmp_path):
    save(tmp_path / "0", URI, ("aaaa.py", 0, "a"), ("bbbb.py", 5, b"\xff\xfe"), ("cccc.py", 9, "c"))
    (session,), quarantine = read(tmp_path)
    assert quarantine.reasons() == {"not UTF-8": 1}
    assert [type(event) for event in session.events] == [ContentEvent, ContentEvent]


def test_wrong_types_are_counted(tmp_path):
    save(tmp_path / "0", URI, entries=[{"id": 3}, {"id": "aaaa.py", "timestamp": -1}, 7])
    assert read(tmp_path)[1].reasons() == {"wrong type of a field": 3}


def test_list_of_an_unknown_version_is_counted(tmp_path):
    save(tmp_path / "0", URI, ("aaaa.py", 0, "a"), version=2)
    assert read(tmp_path)[1].reasons() == {"unknown version of the format": 1}


def test_damaged_history_raises_nothing(endure, tmp_path):
    texts = [("aaaa.py", 0, "a\n"), ("bbbb.py", 5, "b\n"), ("cccc.py", 9_999, "é😀\n", "x")]
    save(tmp_path / "0", URI, *texts)
    save(tmp_path / "-1", URI.replace("a%20b", "c"), *texts)
    endure((tmp_path / "0" / "entries.json").read_bytes(), cases=500, name="0/entries.json")
    endure(b"a\xc3\xa9\n\xf0\x9f\x98\x80\n", cases=100, name="-1/bbbb.py")
