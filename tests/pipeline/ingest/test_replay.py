from __future__ import annotations

from codeedit.pipeline.ingest import replay
from codeedit.records import ContentEvent, EditEvent, Session


def session(*events: ContentEvent | EditEvent, following: tuple[EditEvent, ...] = ()) -> Session:
    return Session("s", "test", "p", events, following)


def test_replay_keeps_surrogate_pairs_and_line_ends():
    events = (
        ContentEvent(0, "a", "x😀\r\ny"),
        EditEvent(1, "a", 2, 2, "\r\n\r\n"),
        EditEvent(2, "a", 1, 1, "😀😀"),
    )
    assert replay(session(*events)) == {"a": "x😀😀\r\n\r\ny"}


def test_content_takes_the_place_of_what_was_there():
    assert replay(session(ContentEvent(0, "a", "old"), ContentEvent(1, "a", "new"))) == {"a": "new"}


def test_renamed_document_is_there_under_its_new_path_only():
    events = ContentEvent(0, "a", "text"), ContentEvent(1, "b", "text", renamed_from="a")
    assert replay(session(*events)) == {"b": "text"}


def test_stated_next_edit_is_no_part_of_the_replay():
    following = (EditEvent(1, "a", 0, 0, "x"),)
    assert replay(session(ContentEvent(0, "a", "text"), following=following)) == {"a": "text"}
