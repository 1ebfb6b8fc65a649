from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from codeedit.pipeline.ingest import read_sessions, replay
from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.records import ContentEvent, CursorEvent, EditEvent, Origin, Session


def read(path: Path) -> tuple[list[Session], Quarantine]:
    quarantine = Quarantine()
    return list(read_sessions(path, quarantine=quarantine)), quarantine


def one(recording: Any, folder: Path, **beside: Any) -> tuple[Session, Quarantine]:
    sessions, quarantine = read(recording.write(folder / "log", **beside))
    assert len(sessions) == 1
    return sessions[0], quarantine


def reasons(quarantine: Quarantine) -> list[str]:
    assert quarantine.read == quarantine.kept + len(quarantine.records)
    return [record.reason for record in quarantine.records]


def test_replacements_of_one_entry_refer_to_the_text_before_it(recording, tmp_path):
    recording.open(0, "a.py", "one two").change(0, [0, 3, "first"], [4, 7, "second"])
    assert replay(one(recording, tmp_path)[0]) == {"a.py": "first second"}


def test_replacements_of_one_entry_are_joined_last_position_first(recording, tmp_path):
    recording.open(0, "a.py", "one two").change(0, [0, 3, "1"], [4, 7, "2"])
    edits = [event for event in one(recording, tmp_path)[0].events if isinstance(event, EditEvent)]
    assert [(edit.start, edit.joined) for edit in edits] == [(4, False), (0, True)]


def test_utf16_offsets_become_code_points(recording, tmp_path):
    recording.open(0, "a.py", "😀😀x").change(0, [4, 5, "y"]).caret(0, 2, 4)
    *_, edit, caret = one(recording, tmp_path)[0].events
    assert isinstance(edit, EditEvent)
    assert (edit.start, edit.deleted) == (2, 1)
    assert isinstance(caret, CursorEvent)
    assert (caret.start, caret.end) == (1, 2)


def test_lines_and_document_give_the_same_session(recording, tmp_path):
    recording.open(0, "a.py", "x").change(0, [1, 1, "y"])
    (tmp_path / "lines").write_text(recording.lines())
    assert list(read_sessions(tmp_path / "lines")) == [one(recording, tmp_path)[0]]


def test_several_recordings_in_one_file_are_several_sessions(recording, tmp_path):
    recording.open(0, "a.py", "x").header(uuid="u-2").open(0, "b.py", "y")
    sessions, _ = read(recording.write(tmp_path / "log"))
    assert [replay(session) for session in sessions] == [{"a.py": "x"}, {"b.py": "y"}]


def test_backslashes_become_slashes(recording, tmp_path):
    recording.open(0, "src\\a.py", "x")
    assert list(replay(one(recording, tmp_path)[0])) == ["src/a.py"]


def test_restored_content_is_the_stored_one(recording, tmp_path):
    recording.open(0, "a.py", "x").change(0, [0, 0, "y"]).add("storeContent", id=0, contentId="c")
    recording.change(0, [0, 2, "z"]).add("restoreContent", id=0, contentId="c")
    session, quarantine = one(recording, tmp_path)
    assert replay(session) == {"a.py": "yx"}
    assert (quarantine.agreed, quarantine.disagreed) == (0, 1)


def test_restated_content_that_agrees_is_counted(recording, tmp_path):
    recording.open(0, "a.py", "x").change(0, [0, 0, "y"]).add("setContent", id=0, content="yx")
    assert one(recording, tmp_path)[1].agreed == 1


def test_restored_content_that_was_never_stored_leaves_the_document_in_doubt(recording, tmp_path):
    recording.open(0, "a.py", "x").add("restoreContent", id=0, contentId="c").change(0, [0, 0, "y"])
    session, quarantine = one(recording, tmp_path)
    assert reasons(quarantine) == ["restored content was never stored", "document in doubt"]
    assert replay(session) == {"a.py": "x"}


def test_renamed_document_goes_on_under_its_new_path(recording, tmp_path):
    recording.open(0, "a.py", "x").add("documentEncountered", id=0, relativePath="b.py").change(
        0, [1, 1, "y"]
    )
    assert replay(one(recording, tmp_path)[0]) == {"b.py": "xy"}


def test_document_is_replaced_by_another_of_its_path(recording, tmp_path):
    recording.open(0, "a.py", "x").open(1, "a.py", "new").change(0, [0, 0, "y"])
    session, quarantine = one(recording, tmp_path)
    assert replay(session) == {"a.py": "new"}
    assert reasons(quarantine) == ["document in doubt"]


def test_empty_edit_is_no_event(recording, tmp_path):
    recording.open(0, "a.py", "x").change(0)
    session, quarantine = one(recording, tmp_path)
    assert [type(event) for event in session.events] == [ContentEvent]
    assert reasons(quarantine) == []


@pytest.mark.parametrize("source", ["inlineSuggestion.accept", "inlineCompletionAccept", "Chat.applyEdits"])
def test_accepted_suggestion_is_the_agents(recording, tmp_path, source):
    recording.open(0, "a.py", "x").change(0, [0, 0, "y"], v=2).change(0, [0, 0, "z"], v=3)
    cause = {"sourceId": "TextModel.setChangeReason", "source": source, "v": 2}
    recording.add("documentEvent", id=0, data=cause)
    origins = [event.origin for event in one(recording, tmp_path)[0].events if isinstance(event, EditEvent)]
    assert origins == [Origin.AGENT, Origin.HUMAN]


@pytest.mark.parametrize("source", ["snippet", "formatEditsCommand", "rename"])
def test_the_users_own_commands_stay_human(recording, tmp_path, source):
    recording.open(0, "a.py", "x").change(0, [0, 0, "y"], v=2)
    cause = {"sourceId": "TextModel.setChangeReason", "source": source, "v": 2}
    recording.add("documentEvent", id=0, data=cause)
    assert one(recording, tmp_path)[0].events[-1].origin is Origin.HUMAN


def test_cause_in_the_changes_own_metadata_counts(recording, tmp_path):
    recording.open(0, "a.py", "x").change(0, [0, 0, "y"], metadata={"source": "inlineCompletionAccept"})
    assert one(recording, tmp_path)[0].events[-1].origin is Origin.AGENT


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        ([[4, 5, "y"]], "edit past the end of the document"),
        ([[-1, 0, "y"]], "wrong type of a field"),
        ([[1, 0, "y"]], "wrong type of a field"),
        ([[0, 1, "y"], [0, 1, "z"]], "overlapping replacements"),
        ([[0.5, 1, "y"]], "wrong type of a field"),
        ([[True, 1, "y"]], "wrong type of a field"),
        ([[0, 1, None]], "wrong type of a field"),
        ([[0, 1]], "wrong type of a field"),
        ("y", "wrong type of a field"),
        (None, "wrong type of a field"),
        ([[0, 10**30, "y"]], "edit past the end of the document"),
    ],
)
def test_edit_that_cannot_be_applied_stops_its_document_alone(recording, tmp_path, edit, reason):
    recording.open(0, "a.py", "x😀").open(1, "b.py", "b")
    recording.add("changed", id=0, edit=edit).change(0, [0, 0, "lost"]).change(1, [0, 0, "a"])
    session, quarantine = one(recording, tmp_path)
    assert reasons(quarantine) == [reason, "document in doubt"]
    assert replay(session) == {"a.py": "x😀", "b.py": "ab"}


def test_character_that_comes_in_two_halves_is_one_in_the_end(recording, tmp_path):
    recording.open(0, "a.py", "ab").change(0, [1, 1, "\ud83d"]).change(0, [0, 0, "x"]).change(
        0, [3, 3, "\ude00"]
    )
    session, quarantine = one(recording.change(0, [4, 4, "y"]), tmp_path)
    assert (reasons(quarantine), replay(session)) == ([], {"a.py": "xa😀yb"})


def test_character_that_is_deleted_by_halves_leaves_nothing(recording, tmp_path):
    recording.open(0, "a.py", "a😀b").change(0, [2, 3, ""]).change(0, [1, 2, ""])
    session, quarantine = one(recording, tmp_path)
    assert (reasons(quarantine), replay(session)) == ([], {"a.py": "ab"})


def test_half_that_stays_is_replayed_as_typed(recording, tmp_path):
    recording.open(0, "a.py", "ab").change(0, [1, 1, "\ud83d"])
    assert replay(one(recording, tmp_path)[0]) == {"a.py": "a\ud83db"}


def test_new_content_ends_the_doubt(recording, tmp_path):
    recording.open(0, "a.py", "x").change(0, [7, 7, "y"]).add("setContent", id=0, content="good")
    recording.change(0, [4, 4, "!"])
    assert replay(one(recording, tmp_path)[0]) == {"a.py": "good!"}


def test_edit_of_an_unknown_document_is_put_away(recording, tmp_path):
    recording.open(0, "a.py", "x").change(7, [0, 0, "y"])
    assert reasons(one(recording, tmp_path)[1]) == ["unknown document"]


def test_edit_before_any_content_is_put_away(recording, tmp_path):
    recording.open(0, "a.py", "x").add("documentEncountered", id=1, relativePath="b.py").change(
        1, [0, 0, "y"]
    )
    assert reasons(one(recording, tmp_path)[1]) == ["document without content"]


def test_repeated_change_is_applied_once(recording, tmp_path):
    recording.open(0, "a.py", "x").change(0, [0, 0, "y"], v=2)
    recording.entries.append(recording.entries[-1])
    session, quarantine = one(recording, tmp_path)
    assert replay(session) == {"a.py": "yx"}
    assert reasons(quarantine) == ["repeated entry"]


def test_repeated_line_of_an_old_recorder_is_applied_once(recording, tmp_path):
    recording.open(0, "a.py", "x").change(0, [0, 0, "y"])
    (tmp_path / "log").write_text(recording.lines() + recording.lines().splitlines()[-1])
    (session,), quarantine = read(tmp_path / "log")
    assert replay(session) == {"a.py": "yx"}
    assert reasons(quarantine) == ["repeated entry"]


def test_same_change_at_another_time_is_another_change(recording, tmp_path):
    recording.open(0, "a.py", "x").change(0, [0, 0, "y"]).change(0, [0, 0, "y"])
    assert replay(one(recording, tmp_path)[0]) == {"a.py": "yyx"}


def test_version_that_goes_back_leaves_the_document_in_doubt(recording, tmp_path):
    recording.open(0, "a.py", "x").change(0, [0, 0, "y"], v=5).change(0, [0, 0, "z"], v=4)
    assert reasons(one(recording, tmp_path)[1]) == ["document version goes back"]


def test_unknown_kind_that_might_change_a_document_leaves_it_in_doubt(recording, tmp_path):
    recording.open(0, "a.py", "x").add("chonged", id=0, edit=[[0, 0, "y"]]).change(0, [0, 0, "z"])
    assert reasons(one(recording, tmp_path)[1]) == ["unknown kind of entry", "document in doubt"]


def test_unknown_kind_without_an_edit_does_no_harm(recording, tmp_path):
    recording.open(0, "a.py", "x").add("applauded", id=0).change(0, [0, 0, "z"])
    session, quarantine = one(recording, tmp_path)
    assert reasons(quarantine) == ["unknown kind of entry"]
    assert replay(session) == {"a.py": "zx"}


def test_broken_line_leaves_all_documents_in_doubt(recording, tmp_path):
    recording.open(0, "a.py", "x").change(0, [0, 0, "y"]).change(0, [0, 0, "z"])
    lines = recording.lines().splitlines()
    lines[3] = lines[3][:-4]
    (tmp_path / "log").write_text("\n".join(lines) + "\n")
    (session,), quarantine = read(tmp_path / "log")
    assert [(record.line, record.reason) for record in quarantine.records] == [
        (4, "not JSON"),
        (5, "document in doubt"),
    ]
    assert replay(session) == {"a.py": "x"}


def test_truncated_last_line_is_put_away_alone(recording, tmp_path):
    recording.open(0, "a.py", "x").change(0, [0, 0, "y"]).change(0, [0, 0, "z"])
    (tmp_path / "log").write_text(recording.lines()[:-9])
    (session,), quarantine = read(tmp_path / "log")
    assert [(record.line, record.reason) for record in quarantine.records] == [(5, "file ends in the middle")]
    assert replay(session) == {"a.py": "yx"}


def test_truncated_document_gives_the_entries_before_the_cut(recording, tmp_path):
    recording.open(0, "a.py", "x").change(0, [0, 0, "y"]).change(0, [0, 0, "z"])
    (tmp_path / "log").write_text(json.dumps({"log": recording.entries}, indent=1)[:-30])
    (session,), quarantine = read(tmp_path / "log")
    assert reasons(quarantine) == ["file ends in the middle"]
    assert replay(session) == {"a.py": "yx"}


def test_invalid_utf8_in_a_change_is_put_away(recording, tmp_path):
    recording.open(0, "a.py", "x").change(0, [0, 0, "QQ"]).change(0, [0, 0, "z"])
    (tmp_path / "log").write_bytes(recording.document().encode().replace(b"QQ", b"\xff"))
    (session,), quarantine = read(tmp_path / "log")
    assert reasons(quarantine) == ["text is not UTF-8", "document in doubt"]
    assert replay(session) == {"a.py": "x"}


def test_invalid_utf8_never_becomes_half_of_a_character(recording, tmp_path):
    recording.open(0, "a.py", "\N{GRINNING FACE}").change(0, [1, 2, "QQ"])
    (tmp_path / "log").write_bytes(recording.document().encode().replace(b"QQ", b"\x80"))
    (session,), quarantine = read(tmp_path / "log")
    assert reasons(quarantine) == ["text is not UTF-8"]
    assert replay(session) == {"a.py": "\N{GRINNING FACE}"}


def test_deep_nesting_is_put_away(recording, tmp_path):
    recording.open(0, "a.py", "x")
    (tmp_path / "log").write_text(recording.lines() + "[" * 100_000 + "]" * 100_000 + "\n")
    assert reasons(read(tmp_path / "log")[1]) == ["not JSON"]


@pytest.mark.parametrize("value", [None, 3, [], "text", {"kind": 4}, {"id": 0}])
def test_value_that_is_no_entry_is_put_away(recording, tmp_path, value):
    recording.open(0, "a.py", "x").entries.append(value)
    assert reasons(one(recording, tmp_path)[1]) == ["not an entry of a recording"]


def test_selection_past_the_end_is_put_away_without_doubt(recording, tmp_path):
    recording.open(0, "a.py", "x").caret(0, 9).change(0, [0, 0, "y"])
    session, quarantine = one(recording, tmp_path)
    assert reasons(quarantine) == ["selection that is not in the document"]
    assert replay(session) == {"a.py": "yx"}


def test_next_edit_of_a_known_path_belongs_to_that_document(recording, tmp_path):
    recording.open(0, "a.py", "x").open(1, "b.py", "y").change(1, [0, 0, "z"])
    session, _ = one(recording, tmp_path, nextUserEdit={"edit": [[1, 1, "!"]], "relativePath": "a.py"})
    assert [(edit.path, edit.start, edit.inserted) for edit in session.following] == [("a.py", 1, "!")]


def test_next_edit_of_an_unknown_path_belongs_to_the_last_edited_document(recording, tmp_path):
    recording.open(0, "a.py", "x").open(1, "b.py", "y").change(1, [0, 0, "z"]).caret(0, 0)
    value = {"edit": [[1, 1, "!"]], "relativePath": "../../Users/ada/b.py"}
    session, _ = one(recording, tmp_path, nextUserEdit=value)
    assert [edit.path for edit in session.following] == ["b.py"]


@pytest.mark.parametrize("value", [3, {"edit": [[9, 9, "!"]]}, {"edit": 1, "relativePath": "a.py"}])
def test_next_edit_that_cannot_be_resolved_is_put_away(recording, tmp_path, value):
    recording.open(0, "a.py", "x").change(0, [0, 0, "z"])
    session, quarantine = one(recording, tmp_path, nextUserEdit=value)
    assert session.following == ()
    assert len(quarantine.records) == 1


def test_times_count_from_the_first_event(recording, tmp_path):
    recording.open(0, "a.py", "x").change(0, [0, 0, "z"], after=500)
    assert [event.time_ms for event in one(recording, tmp_path)[0].events] == [100, 600]


def test_owner_comes_from_the_repositorys_home_folder(recording, tmp_path):
    session, _ = one(recording.open(0, "a.py", "x"), tmp_path)
    assert (session.identities, session.project) == (("ada",), "shop")


def test_session_keeps_its_id_when_the_log_grows(recording, tmp_path):
    before = one(recording.open(0, "a.py", "x"), tmp_path)[0].id
    assert one(recording.change(0, [0, 0, "y"]), tmp_path)[0].id == before


def test_quarantine_never_quotes_the_log(recording, tmp_path):
    recording.open(0, "a.py", "x").add("secretive", id=0, content="hunter2").change(0, [9, 9, "hunter2"])
    assert "hunter2" not in str(one(recording, tmp_path)[1].records)
