"""Recordings and traces, real ones and made ones, replayed a second time in the plainest way."""

from __future__ import annotations

import gzip
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeedit.pipeline.ingest import read_sessions, replay
from codeedit.pipeline.ingest.quarantine import Quarantine

LOGS = Path(__file__).resolve().parents[3] / "examples" / "logs"
BOM, GRIN, ACUTE = "\ufeff", "\U0001f600", "e\u0301"
PIECES = ("a", "ß", ACUTE, "漢", GRIN, "\r\n", "\n", "\r", BOM, "\u2028", "\x0c", "\t", '"', "\\n")
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
IN_HALVES = st.lists(st.sampled_from((*PIECES, "\ud83d", "\ude00")), max_size=12).map("".join)


def ends(data: bytes) -> tuple[dict[str, str], Quarantine]:
    """Return what codeedit replays from a log, and its quarantine."""
    quarantine = Quarantine()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "log").write_bytes(data)
        (session,) = read_sessions(Path(folder) / "log", quarantine=quarantine)
    assert quarantine.read == quarantine.kept + len(quarantine.records)
    return replay(session), quarantine


# --- replay in the plainest way: lists of units, nothing shared with codeedit -------------


def units(text: str, encoding: str = "utf-16") -> list[bytes]:
    """Return a text's code units, each as its bytes."""
    width = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    data = text.encode(encoding if width == 1 else f"{encoding}-le", "surrogatepass")
    return [data[at : at + width] for at in range(0, len(data), width)]


def joined(made: list[bytes], encoding: str = "utf-16") -> str:
    """Return the text of code units."""
    return b"".join(made).decode(encoding if encoding == "utf-8" else f"{encoding}-le", "surrogatepass")


def plain_recording(log: list[dict[str, Any]]) -> dict[str, str]:
    """Return the documents that a VS Code recording ends with, by path."""
    documents: dict[int, list[bytes]] = {}
    paths: dict[int, str] = {}
    stored: dict[str, list[bytes]] = {}
    for entry in log:
        number = entry.get("id")
        match entry["kind"]:
            case "documentEncountered":
                paths[number] = entry["relativePath"].replace("\\", "/")
            case "setContent":
                documents[number] = units(entry["content"])
            case "storeContent":
                stored[entry["contentId"]] = list(documents[number])
            case "restoreContent":
                documents[number] = list(stored[entry["contentId"]])
            case "changed":
                for start, end, text in reversed(entry["edit"]):
                    documents[number][start:end] = units(text)
    return {paths[number]: joined(document) for number, document in documents.items()}


def plain_trace(trace: dict[str, Any]) -> str:
    """Return the text that an editing trace ends with."""
    document = list(trace.get("startContent", ""))
    for transaction in trace["txns"]:
        for at, deleted, inserted in transaction["patches"]:
            document[at : at + deleted] = inserted
    return "".join(document)


def plain_server_trace(messages: list[tuple[str, dict[str, Any]]], encoding: str) -> dict[str, str]:
    """Return the documents that the notifications of a language server trace end with, by URI."""
    documents: dict[str, str] = {}
    for method, arg in messages:
        uri = arg["textDocument"]["uri"]
        if method == "textDocument/didOpen":
            documents[uri] = arg["textDocument"]["text"]
        if method != "textDocument/didChange":
            continue
        for change in arg["contentChanges"]:
            if "range" not in change:
                documents[uri] = joined(units(change["text"]))  # two halves are a character, as JSON has them
                continue
            start, end = (
                _offset(documents[uri], change["range"][side], encoding) for side in ("start", "end")
            )
            made = units(documents[uri], encoding)
            made[start:end] = units(change["text"], encoding)
            documents[uri] = joined(made, encoding)
    return documents


def _offset(text: str, position: dict[str, int], encoding: str) -> int:
    lines = text.split("\n")
    above = sum(len(units(line + "\n", encoding)) for line in lines[: position["line"]])
    line = lines[position["line"]].removesuffix("\r")
    return above + min(position["character"], len(units(line, encoding)))


def log_of(data: bytes) -> list[dict[str, Any]]:
    """Return a recording's entries from either form of file."""
    try:
        return json.loads(data)["log"]
    except (ValueError, KeyError):
        return [json.loads(line) for line in data.splitlines() if line.strip()]


# --- recordings -------------------------------------------------------------


class Person:
    """Someone who edits several documents, with undo, renames, clocks that jump and lines that repeat."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw, self.log, self.time = draw, list[dict[str, Any]](), 1_700_000_000_000
        self.texts: dict[int, list[bytes]] = {}
        self.stored: dict[str, tuple[int, list[bytes]]] = {}
        self.versions = {} if draw(st.booleans()) else None
        self.add("header", documentType="workspaceRecording@1.0", repoRootUri="file:///p", uuid="u")

    def add(self, kind: str, **fields: Any) -> None:
        self.time += self.draw(st.sampled_from((0, 40, 40, 900, 12_000, -90_000, 86_400_000)))
        self.log.append({"kind": kind, "time": self.time, **fields})

    def version(self, number: int) -> dict[str, int]:
        if self.versions is None:
            return {}
        self.versions[number] = self.versions.get(number, 0) + self.draw(st.integers(1, 3))
        return {"v": self.versions[number]}

    def open(self, number: int) -> None:
        self.add("documentEncountered", id=number, relativePath=f"src\\{number}.py")
        content = self.draw(TEXTS)
        self.add("setContent", id=number, content=content, **self.version(number))
        self.texts[number] = units(content)

    def edit(self, number: int) -> None:
        size = len(self.texts[number])
        cuts = sorted(self.draw(st.lists(st.integers(0, size), min_size=2, max_size=6)))
        spans = zip(cuts[::2], cuts[1::2], strict=False)
        edit = [[start, end, self.draw(IN_HALVES)] for start, end in spans]
        made = list(self.texts[number])
        for start, end, text in reversed(edit):
            made[start:end] = units(text)
        self.texts[number] = made
        self.add("changed", id=number, edit=edit, note=len(self.log), **self.version(number))

    def store(self, number: int) -> None:
        name = f"c{len(self.log)}"
        self.stored[name] = number, list(self.texts[number])
        self.add("storeContent", id=number, contentId=name)

    def restore(self, number: int) -> None:
        if self.stored:
            name = self.draw(st.sampled_from(sorted(self.stored)))
            number, text = self.stored[name]
            self.texts[number] = list(text)
            self.add("restoreContent", id=number, contentId=name, **self.version(number))

    def rename(self, number: int) -> None:
        self.add("documentEncountered", id=number, relativePath=f"src/{number}-{len(self.log)}.py")

    def again(self, _: int) -> None:
        self.log.append(self.log[-1])

    def other(self, number: int) -> None:
        self.add(self.draw(st.sampled_from(("opened", "closed", "focused"))), id=number)
        self.add("selectionChanged", id=number, selection=[[0, 0], [0, 0]])
        self.add("event", data={"sourceId": "InlineCompletions.fetch", "kind": "end", "result": []})
        self.add("bookmark")


@st.composite
def recordings(draw: st.DrawFn) -> list[dict[str, Any]]:
    person = Person(draw)
    for number in range(draw(st.integers(1, 3))):
        person.open(number)
    for _ in range(draw(st.integers(0, 25))):
        act = draw(st.sampled_from(("edit",) * 8 + ("store", "restore", "rename", "again", "other")))
        getattr(person, act)(draw(st.sampled_from(sorted(person.texts))))
    return person.log


def without_repetitions(log: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [entry for at, entry in enumerate(log) if at == 0 or entry is not log[at - 1]]


@settings(max_examples=150)
@given(recordings(), st.sampled_from(("document", "lines")), st.booleans())
def test_made_recordings_end_as_they_do_on_code_units(log, form, packed):
    text = json.dumps({"log": log}) if form == "document" else "".join(f"{json.dumps(e)}\r\n" for e in log)
    data = text.encode("utf-8-sig")
    made, quarantine = ends(gzip.compress(data) if packed else data)
    assert made == plain_recording(without_repetitions(log))
    assert set(quarantine.reasons()) <= {"repeated entry"}
    assert quarantine.disagreed <= sum(entry["kind"] == "restoreContent" for entry in log)


def test_real_recordings_end_as_they_do_on_code_units(shared):
    quarantine = Quarantine()
    files = sorted((shared / "data" / "recordings").rglob("*.json"))
    for file in files:
        (session,) = read_sessions(file, quarantine=quarantine)
        assert replay(session) == plain_recording(log_of(file.read_bytes()))
    assert len(files) == 14
    assert quarantine.records == []
    assert (quarantine.agreed, quarantine.disagreed) == (8, 0)


@pytest.mark.parametrize("file", sorted(LOGS.glob("*-1.*")), ids=lambda file: file.name)
def test_sample_recordings_end_as_they_do_on_code_units(file):
    (session,) = read_sessions(file)
    assert replay(session) == plain_recording(log_of(file.read_bytes()))


# --- editing traces ---------------------------------------------------------


@settings(max_examples=60)
@given(st.data(), TEXTS)
def test_made_traces_end_as_they_do_on_code_points(data, start):
    document, transactions = list(start), []
    for second in range(data.draw(st.integers(1, 15))):
        patches = []
        for _ in range(data.draw(st.integers(1, 3))):
            at, to = sorted(data.draw(st.integers(0, len(document))) for _ in range(2))
            patches.append([at, to - at, data.draw(TEXTS)])
            document[at:to] = patches[-1][2]
        transactions.append({"time": f"2020-09-10T10:00:{second:02d}.000Z", "patches": patches})
    trace = {"startContent": start, "endContent": "".join(document), "txns": transactions}
    made, quarantine = ends(gzip.compress(json.dumps(trace).encode()))
    assert list(made.values()) == ["".join(document)]
    assert (quarantine.records, quarantine.agreed) == ([], 1)


def test_real_trace_ends_as_it_does_on_code_points(shared):
    file = shared / "data" / "editing-traces" / "rustcode.json.gz"
    (session,) = read_sessions(file)
    trace = json.loads(gzip.decompress(file.read_bytes()))
    assert list(replay(session).values()) == [plain_trace(trace)] == [trace["endContent"]]


# --- language server traces -------------------------------------------------


@settings(max_examples=60)
@given(st.data(), st.sampled_from(("utf-8", "utf-16", "utf-32")), st.sampled_from(("text", "json")))
def test_made_server_traces_end_as_they_do_on_code_units(data, encoding, form):
    pieces = [
        piece for piece in PIECES if piece not in ("\r", BOM)
    ]  # a lone CR ends a line in the protocol only
    if encoding == "utf-16":
        pieces += ["\ud83d", "\ude00"]
    texts = st.lists(st.sampled_from(pieces), max_size=8).map("".join)
    uri = "file:///p/a.py"
    messages: list[tuple[str, dict[str, Any]]] = [
        ("textDocument/didOpen", {"textDocument": {"uri": uri, "version": 1, "text": data.draw(texts)}})
    ]
    for version in range(2, data.draw(st.integers(2, 12))):
        changes: list[dict[str, Any]] = []
        for _ in range(data.draw(st.integers(1, 3))):
            partial = [
                *messages,
                ("textDocument/didChange", {"textDocument": {"uri": uri}, "contentChanges": changes}),
            ]
            now = plain_server_trace(partial, encoding)[uri]
            places = sorted(data.draw(st.integers(0, len(now))) for _ in range(2))
            places = [at - (now[at - 1 : at + 1] == "\r\n") for at in places]
            if data.draw(st.booleans()):
                start, end = (position(now, at, encoding) for at in places)
                changes.append({"range": {"start": start, "end": end}, "text": data.draw(texts)})
            else:
                changes.append({"text": data.draw(texts)})
        document = {"uri": uri, "version": version}
        messages.append(("textDocument/didChange", {"textDocument": document, "contentChanges": changes}))
    made, quarantine = ends(written(messages, encoding, form).encode())
    assert made == {"p/a.py": plain_server_trace(messages, encoding)[uri]}
    assert quarantine.records == []


def position(text: str, at: int, encoding: str) -> dict[str, int]:
    above = text[:at]
    column = units(above[above.rfind("\n") + 1 :], encoding)
    return {"line": above.count("\n"), "character": len(column)}


def written(messages: list[tuple[str, dict[str, Any]]], encoding: str, form: str) -> str:
    agreed = {"capabilities": {"positionEncoding": encoding}, "serverInfo": {"name": "s"}}
    if form == "json":
        values = [
            {"msgKind": "recv-response", "msgType": "initialize", "time": "9:59:59 AM", "arg": agreed},
            *(
                {"msgKind": "send-notification", "msgType": m, "time": "10:00:00 AM", "arg": arg}
                for m, arg in messages
            ),
        ]
        return json.dumps(values)
    head = "[Trace - 9:59:59 AM] Received response 'initialize - (0)' in 9ms."
    parts = [f"{head}\nResult: {json.dumps(agreed)}\n\n\n"]
    parts += [
        f"[Trace - 10:00:00 AM] Sending notification '{method}'.\nParams: {json.dumps(arg, indent=4)}\n\n\n"
        for method, arg in messages
    ]
    return "".join(parts)
