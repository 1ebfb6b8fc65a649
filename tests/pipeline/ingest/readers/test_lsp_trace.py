"""Traces in all forms; incremental ones are made here, since no public sample was found."""

from __future__ import annotations

import json

import pytest

from codeedit.pipeline.ingest import read_sessions, replay
from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.pipeline.ingest.readers.lsp_messages import time_of_day
from codeedit.records import ContentEvent, EditEvent

ROOT = "file:///Users/nblixen/shop"
URI = f"{ROOT}/src/box%20one.py"
PATH = "src/box one.py"


class Trace:
    """A trace in the making, in either form."""

    def __init__(self, encoding=None, sync=2, root=ROOT):
        self.messages = []
        self.version = 0
        capabilities = {"textDocumentSync": sync, **({"positionEncoding": encoding} if encoding else {})}
        self.add("10:00:00", "Sending request", "initialize", {"rootUri": root}, "0")
        self.add("10:00:00", "Received response", "initialize", {"capabilities": capabilities}, "0")

    def add(self, time, head, method, arg, number=None):
        self.messages.append((time, head, method, arg, number))
        return self

    def send(self, what, arg, time="10:00:01"):
        return self.add(time, "Sending notification", f"textDocument/did{what}", arg)

    def open(self, text, uri=URI, time="10:00:01"):
        self.version = 1
        return self.send("Open", {"textDocument": {"uri": uri, "version": 1, "text": text}}, time)

    def change(self, *changes, time="10:00:02", version=None, uri=URI):
        self.version = self.version + 1 if version is None else version
        document = {"uri": uri, "version": self.version}
        return self.send("Change", {"textDocument": document, "contentChanges": list(changes)}, time)

    def text(self):
        parts = []
        for time, head, method, arg, number in self.messages:
            name = method if number is None else f"{method} - ({number})"
            body = "Result" if "response" in head else "Params"
            after = " in 2ms." if "response" in head else "."
            parts.append(
                f"[Trace - {time}] {head} '{name}'{after}\n{body}: {json.dumps(arg, indent=4)}\n\n\n"
            )
        return "".join(parts)

    def json(self):
        values = [
            {
                "time": time,
                "msg": head,
                "msgKind": head.lower()
                .replace("sending", "send")
                .replace("received", "recv")
                .replace(" ", "-"),
                "msgType": method,
                "arg": arg,
            }
            for time, head, method, arg, _ in self.messages
        ]
        return json.dumps(values, indent=1)

    def lines(self, prefix=True):
        parts = []
        for number, (_, head, method, arg, asked) in enumerate(self.messages):
            direction, kind = head.split()
            value = {
                "isLSPMessage": True,
                "type": f"{'send' if direction == 'Sending' else 'receive'}-{kind}",
            }
            message = {"jsonrpc": "2.0", **({"id": int(asked)} if asked else {})}
            message |= {"result": arg} if kind == "response" else {"method": method, "params": arg}
            value |= {"message": message, "timestamp": 1_700_000_000_000 + 1_000 * number}
            parts.append(f"{'[LSP   - 10:00:01 AM] ' if prefix else ''}{json.dumps(value)}\n")
        return "".join(parts)

    def bare_lines(self):
        return self.lines(prefix=False)

    def read(self, tmp_path, form="text"):
        (tmp_path / "trace").write_text(getattr(self, form)(), "utf-8")
        quarantine = Quarantine()
        sessions = list(read_sessions(tmp_path / "trace", quarantine=quarantine))
        assert quarantine.read == quarantine.kept + len(quarantine.records)
        return sessions, quarantine


def span(start, end, text, **fields):
    names = ("line", "character")
    places = {"start": dict(zip(names, start, strict=True)), "end": dict(zip(names, end, strict=True))}
    return {"range": places, "text": text, **fields}


@pytest.mark.parametrize("form", ["text", "json", "lines", "bare_lines"])
def test_full_and_incremental_changes_apply_in_all_forms(tmp_path, form):
    made = Trace().open("x = 1\ny = 2\n").change({"text": "x = 12\ny = 2\n"})
    made.change(span((1, 4), (1, 5), "3"), span((0, 0), (0, 0), "# "))
    (session,), quarantine = made.read(tmp_path, form)
    assert replay(session) == {PATH: "# x = 12\ny = 3\n"}
    assert session.events[1] == EditEvent(1_000, PATH, 5, 0, "2")
    assert (session.project, session.identities) == ("shop", ("nblixen",))
    assert quarantine.records == []


def test_changes_of_one_message_apply_one_after_the_other(tmp_path):
    made = Trace().open("abc").change(span((0, 0), (0, 0), "\n"), span((1, 0), (1, 1), "x"))
    assert replay(made.read(tmp_path)[0][0]) == {PATH: "\nxbc"}


@pytest.mark.parametrize(("encoding", "column"), [(None, 3), ("utf-16", 3), ("utf-8", 5), ("utf-32", 2)])
def test_columns_count_what_the_server_agreed_to(tmp_path, encoding, column):
    made = Trace(encoding).open("a😀b\r\nc").change(span((0, column), (0, column + 1), "X"))
    for form in ("text", "json", "lines"):
        assert replay(made.read(tmp_path, form)[0][0]) == {PATH: "a😀X\r\nc"}


def test_column_beyond_the_line_is_its_end(tmp_path):
    made = Trace().open("ab\r\nc\n").change(span((0, 99), (0, 99), "!"))
    assert replay(made.read(tmp_path)[0][0]) == {PATH: "ab!\r\nc\n"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (span((7, 0), (7, 0), "x"), "line past the end of the document"),
        (span((0, 1), (0, 0), "x"), "range that ends before it begins"),
        (span((0, 0), (0, 1), "x", rangeLength=2), "length of a range is not the stated one"),
        (span((0, 0), (0, "1"), "x"), "wrong type of a field"),
        (span((0, 10**30), (0, 10**30), "x"), "wrong type of a field"),
        ({"range": {}, "text": "x"}, "wrong type of a field"),
        ({"text": 3}, "wrong type of a field"),
    ],
)
def test_change_that_does_not_fit_puts_the_rest_of_its_document_away(tmp_path, change, reason):
    made = Trace().open("a😀\n").change(change).change(span((0, 0), (0, 0), "x"))
    (session,), quarantine = made.read(tmp_path)
    assert replay(session) == {PATH: "a😀\n"}
    assert quarantine.reasons() == {reason: 1, "document in doubt": 1}


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ((span((0, 1), (0, 1), "\ud83d"), span((0, 2), (0, 2), "\ude00")), "a😀b\n"),
        ((span((0, 1), (0, 1), "😀"), span((0, 2), (0, 3), "", rangeLength=1)), "a\ud83db\n"),
        ((span((0, 1), (0, 1), "😀"), span((0, 1), (0, 2), ""), span((0, 1), (0, 2), "")), "ab\n"),
    ],
)
def test_characters_may_come_and_go_by_halves(tmp_path, changes, text):
    made = Trace().open("ab\n")
    for change in changes:
        made.change(change)
    (session,), quarantine = made.read(tmp_path)
    assert (quarantine.records, replay(session)) == ([], {PATH: text})


def test_offset_inside_the_bytes_of_a_character_stops_its_document(tmp_path):
    made = Trace("utf-8").open("a😀\n").change(span((0, 2), (0, 3), "x"))
    (session,), quarantine = made.read(tmp_path)
    assert quarantine.reasons() == {"offset inside a character": 1}
    assert replay(session) == {PATH: "a😀\n"}


def test_whole_text_ends_the_doubt(tmp_path):
    made = Trace().open("a").change(span((7, 0), (7, 0), "x")).change({"text": "b"})
    (session,), quarantine = made.read(tmp_path)
    assert replay(session) == {PATH: "b"}
    assert not [event for event in session.events if isinstance(event, EditEvent)]
    assert len(quarantine.records) == 1


def test_text_that_differs_when_a_document_is_opened_again_is_no_edit(tmp_path):
    made = Trace().open("a").send("Close", {"textDocument": {"uri": URI}}).open("b")
    (session,), _ = made.read(tmp_path)
    assert [type(event) for event in session.events] == [ContentEvent, ContentEvent]


def test_change_of_a_closed_document_is_not_guessed(tmp_path):
    made = Trace().open("a").send("Close", {"textDocument": {"uri": URI}}).change(span((0, 0), (0, 0), "x"))
    assert made.read(tmp_path)[1].reasons() == {"unknown document": 1}


def test_version_that_goes_back_and_a_repeated_change_are_put_away(tmp_path):
    change = span((0, 0), (0, 0), "x")
    made = Trace().open("a").change(change, version=3).change(change, version=3).change(change, version=2)
    (session,), quarantine = made.read(tmp_path)
    assert quarantine.reasons() == {"repeated entry": 1, "document version goes back": 1}
    assert replay(session) == {PATH: "xa"}


def test_messages_without_versions_apply_in_order(tmp_path):
    made = Trace()
    made.send("Open", {"textDocument": {"uri": URI, "text": "a"}})
    for text in "xy":
        document = {"uri": URI, "version": None}
        made.send("Change", {"textDocument": document, "contentChanges": [span((0, 0), (0, 0), text)]})
    (session,), quarantine = made.read(tmp_path)
    assert replay(session) == {PATH: "yxa"}
    assert quarantine.records == []


def test_message_with_a_time_of_an_unknown_form_happens_at_the_time_before(tmp_path):
    made = Trace().open("a", time="10:00:02").change({"text": "ab"}, time="10 Uhr 3")
    (session,), quarantine = made.read(tmp_path)
    assert [event.time_ms for event in session.events] == [0, 0]
    assert quarantine.records == []


def test_saved_text_is_compared(tmp_path):
    made = Trace().open("a").send("Save", {"textDocument": {"uri": URI}, "text": "a"})
    made.send("Save", {"textDocument": {"uri": URI}, "text": "b"})
    (session,), quarantine = made.read(tmp_path)
    assert (quarantine.agreed, quarantine.disagreed) == (1, 1)
    assert replay(session) == {PATH: "b"}


def test_session_goes_on_past_midnight(tmp_path):
    made = Trace().open("a", time="11:59:59 PM").change({"text": "ab"}, time="12:00:01 AM")
    (session,), _ = made.read(tmp_path)
    assert [event.time_ms for event in session.events] == [0, 2_000]


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("00:00:00", 0),
        ("12:00:00 AM", 0),
        ("12:42:34 PM", 45_754_000),
        ("1:02:03.5 pm", 46_923_500),
        ("25:00:00", None),
        ("now", None),
    ],
)
def test_times_of_day(text, time):
    assert time_of_day(text) == time


def test_received_messages_are_no_edits(tmp_path):
    document = {"uri": URI, "version": 2}
    arg = {"textDocument": document, "contentChanges": [{"text": "b"}]}
    made = Trace().open("a").add("10:00:02", "Received notification", "textDocument/didChange", arg)
    assert replay(made.read(tmp_path)[0][0]) == {PATH: "a"}


def test_lost_head_of_a_message_puts_all_documents_in_doubt(tmp_path):
    made = Trace().open("a").change({"text": "b"}).change(span((0, 0), (0, 0), "x"))
    text = made.text().splitlines(keepends=True)
    heads = [number for number, line in enumerate(text) if "didChange" in line]
    del text[heads[0]]
    (tmp_path / "trace").write_text("".join(text))
    quarantine = Quarantine()
    (session,) = read_sessions(tmp_path / "trace", quarantine=quarantine)
    assert quarantine.reasons() == {"not a message of a trace": 1, "document in doubt": 1}
    assert replay(session) == {PATH: "a"}


def test_server_that_starts_again_begins_a_session(tmp_path):
    made = Trace().open("a")
    made.messages += Trace().open("b").messages
    sessions, _ = made.read(tmp_path)
    assert [replay(session) for session in sessions] == [{PATH: "a"}, {PATH: "b"}]


def test_document_outside_of_the_workspace_has_no_home_folder(tmp_path):
    uri = "file:///c%3A/Users/nblixen/notes/a.py"
    (session,), _ = Trace().open("a", uri=uri).read(tmp_path)
    assert replay(session) == {"notes/a.py": "a"}
    assert session.identities == ("nblixen",)


@pytest.mark.parametrize("form", ["text", "json", "lines"])
def test_damaged_traces_raise_nothing(endure, form):
    made = Trace("utf-8").open("def f():\n    return 1\n").open("é\n", uri=f"{ROOT}/b.py")
    made.send("Save", {"textDocument": {"uri": URI}, "text": "def f():\n    return 1\n"})
    for number in range(4):
        made.change(span((1, 4 + number), (1, 6), "ab"), {"text": f"x = {number}\ny\n"}, time="11:00:14")
    endure(getattr(made, form)().encode(), cases=700)


def plain_texts(messages):
    """Replay a full trace in the plainest way."""
    texts = {}
    for message in messages:
        if message["msgKind"] != "send-notification":
            continue
        if message["msgType"] == "textDocument/didOpen":
            texts[message["arg"]["textDocument"]["uri"]] = message["arg"]["textDocument"]["text"]
        elif message["msgType"] == "textDocument/didChange":
            texts[message["arg"]["textDocument"]["uri"]] = message["arg"]["contentChanges"][0]["text"]
    return texts


@pytest.mark.parametrize(("name", "count"), [("css.log.json", 99), ("sample.log.json", 122)])
def test_real_traces_replay(shared, name, count):
    file = shared / "data" / "lsp" / name
    quarantine = Quarantine()
    (session,) = read_sessions(file, quarantine=quarantine)
    expected = plain_texts(json.loads(file.read_text()))
    assert sorted(replay(session).values()) == sorted(expected.values())
    assert (quarantine.read, quarantine.records) == (count, [])


def test_real_raw_trace_replays(shared):
    quarantine = Quarantine()
    (session,) = read_sessions(shared / "data" / "lsp" / "css.log", quarantine=quarantine)
    assert (quarantine.read, quarantine.records) == (1_193, [])
    kinds = [type(event) for event in session.events]
    assert (kinds.count(ContentEvent), kinds.count(EditEvent)) == (4, 92)
    assert "/Users" not in str(session.events)
