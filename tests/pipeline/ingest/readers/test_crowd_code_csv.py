r"""Recordings of version 1, made here by the format's description.

A backslash is not escaped, so ``\n`` in a program's source looks like a line end.
"""

from __future__ import annotations

import pytest

from codeedit.pipeline.ingest import read_sessions, replay
from codeedit.pipeline.ingest.document import Document
from codeedit.pipeline.ingest.quarantine import Quarantine
from codeedit.pipeline.ingest.readers.crowd_code_text import escape, unescape_document, unescape_fragment
from codeedit.records import ContentEvent, CursorEvent, EditEvent

HEADER = "Sequence,Time,File,RangeOffset,RangeLength,Text,Language,Type"
SOURCES = {
    "a.py": 'def f():\n\tprint("a\\n", \'b\\t\')  # it\'s\n\treturn r"\\n"\n',
    "b.c": "#define X(a) \\\n  f(a)\nint main(void) {\n\tputs(\"a\\\\n\\n\");\n\treturn '\\n';\n}\n",
    "c.rs": "fn f<'a>(x: &'a str) -> &'static str {\n    let c = '\\n';\n    \"a\\n\"\n}\n",
    "d.js": "// don't\nconst a = 'x\\n';\n/* it's */\nconst b = `one\ntwo`;\n",
    "h.ts": "const a = b.replace(/\\r\\n|[/\\n]/g, '') / 2;\nconst c = a / 1;\n",
    "e.lua": "--[[ it's\n]]\nlocal a = 'x\\n' -- don't\nlocal b = 1\n",
    "f.go": 'package a\n\nfunc f() string {\n\treturn "a\\tb\\r\\n"\n}\n',
    "g.py": 'def f():\n    """It\'s\n    two."""\n    return "\\n"\n',
}


class Csv:
    """A CSV in the making."""

    def __init__(self, path="src/a.py"):
        self.path, self.rows, self.time = path, [], 0

    def add(self, kind, offset=0, length=0, text="", *, after=100, path=None, sequence=None):
        self.time += after
        number = len(self.rows) + 1 if sequence is None else sequence
        written = escape(text).replace('"', '""')
        row = f'{number},{self.time},"{path or self.path}",{offset},{length},"{written}",python,{kind}'
        self.rows.append(row)
        return self

    def text(self):
        return "\n".join([HEADER, *self.rows]) + "\n"

    def read(self, tmp_path):
        (tmp_path / "source.csv").write_text(self.text(), "utf-8", newline="")
        quarantine = Quarantine()
        sessions = list(read_sessions(tmp_path / "source.csv", quarantine=quarantine))
        assert quarantine.read == quarantine.kept + len(quarantine.records)
        return sessions, quarantine


def test_rows_become_a_session(tmp_path):
    made = Csv().add("tab", text='x = 1\nprint("x")\n').add("selection_mouse", 5).add("content", 5, 0, "0")
    made.add("selection_keyboard", 6).add("terminal_command", text="python src/a.py", path="TERMINAL")
    (session,), quarantine = made.read(tmp_path)
    assert replay(session) == {"src/a.py": 'x = 10\nprint("x")\n'}
    assert session.events[1:3] == (
        CursorEvent(100, "src/a.py", 5, 5),
        EditEvent(200, "src/a.py", 5, 0, "0"),
    )
    assert quarantine.records == []


@pytest.mark.parametrize("path", SOURCES)
def test_escapes_in_a_program_are_told_from_line_ends(path):
    assert unescape_document(escape(SOURCES[path]), path) == SOURCES[path]


def test_prose_keeps_its_line_ends():
    assert unescape_document(r"it's\nhere\n", "notes.txt") == "it's\nhere\n"


@pytest.mark.parametrize(
    ("raw", "before", "text"),
    [
        (r"\n    ", 'x = "', "\n    "),
        (r'a\n"', 'x = "', r'a\n"'),
        (r"a\nb", "x = ", "a\nb"),
        (r'f("a\n")', "x = ", r'f("a\n")'),
        (r"a\b", "", r"a\b"),
    ],
)
def test_inserted_text_is_read_by_what_stands_before_it(raw, before, text):
    document = Document(before)
    assert unescape_fragment(raw, "a.py", document, len(before), len(before)) == text


@pytest.mark.parametrize("text", ['x = "open\ny = "a\\n"\n', "x = 'a\n' = \"b\\n\n"])
def test_document_that_can_be_read_in_two_ways_is_put_away(tmp_path, text):
    made = Csv().add("tab", text=text).add("content", 0, 0, "z").add("tab", path="b.py", text="b = 1\n")
    (session,), quarantine = made.read(tmp_path)
    assert replay(session) == {"b.py": "b = 1\n"}
    assert [(record.line, record.reason) for record in quarantine.records] == [
        (2, "text that can be read in two ways"),
        (3, "document in doubt"),
    ]


def test_insertion_that_can_be_read_in_two_ways_puts_the_rest_away(tmp_path):
    made = (
        Csv()
        .add("tab", text="a = 1\n")
        .add("content", 6, 0, 'b = "c\nd = "e\\nf\n')
        .add("content", 0, 1, "z")
    )
    (session,), quarantine = made.read(tmp_path)
    assert replay(session) == {"src/a.py": "a = 1\n"}
    assert [record.line for record in quarantine.records] == [3, 4]


def test_errors_elsewhere_do_no_harm_where_all_strings_are_closed(tmp_path):
    text = 'x = = 1\nprint("a\\n")\n'
    (session,), quarantine = Csv().add("tab", text=text).read(tmp_path)
    assert replay(session) == {"src/a.py": text}
    assert quarantine.records == []


def test_offsets_count_utf16_and_crlf_as_two(tmp_path):
    made = Csv().add("tab", text="😀\r\nb").add("content", 4, 1, "c")
    assert replay(made.read(tmp_path)[0][0]) == {"src/a.py": "😀\r\nc"}


def test_many_carets_are_one_action(tmp_path):
    made = Csv().add("tab", text="a\na\n").add("content", 2, 1, "b").add("content", 0, 1, "b", after=1)
    (session,), _ = made.read(tmp_path)
    assert replay(session) == {"src/a.py": "b\nb\n"}
    assert [event.joined for event in session.events[1:]] == [False, True]


def test_selected_text_that_differs_puts_the_rest_of_the_document_away(tmp_path):
    made = Csv().add("tab", text="one two\n").add("selection_mouse", 4, 3, "tow").add("content", 0, 1, "")
    (session,), quarantine = made.read(tmp_path)
    assert quarantine.reasons() == {
        "selected text is another than the replay has": 1,
        "document in doubt": 1,
    }
    assert replay(session) == {"src/a.py": "one two\n"}


def test_misread_escape_shows_in_a_selection_behind_it(tmp_path):
    source = "const a = `x\\n`;\nlet b = 1;\n"
    at = source.index("let")
    made = Csv("a.js").add("tab", text=source).add("selection_mouse", at, 3, "let").add("content", at, 3, "")
    (session,), quarantine = made.read(tmp_path)
    assert len(quarantine.records) == 2
    assert not [event for event in session.events if isinstance(event, EditEvent)]


def test_text_after_a_checkout_is_stated_anew(tmp_path):
    made = Csv().add("tab", text="a\n").add("git_branch_checkout", text="Switched from branch 'a' to 'b'")
    made.add("content", 0, 1, "z").add("tab", text="b\n").add("content", 0, 1, "c")
    (session,), quarantine = made.read(tmp_path)
    assert quarantine.reasons() == {"unknown document": 1}
    assert replay(session) == {"src/a.py": "c\n"}


def test_later_tab_without_text_states_nothing(tmp_path):
    made = Csv().add("tab", text="a\n").add("tab", path="b.py").add("tab").add("content", 0, 1, "c")
    assert replay(made.read(tmp_path)[0][0]) == {"src/a.py": "c\n", "b.py": ""}


def test_repeated_row_counts_once_and_missing_rows_put_all_documents_in_doubt(tmp_path):
    made = Csv().add("tab", text="a").add("content", 0, 0, "x").add("content", 0, 0, "x", sequence=2)
    made.add("content", 0, 0, "y", sequence=9)
    (session,), quarantine = made.read(tmp_path)
    assert quarantine.reasons() == {"repeated entry": 1, "document in doubt": 1}
    assert replay(session) == {"src/a.py": "xa"}


def test_offset_past_the_end_puts_the_document_away(tmp_path):
    made = Csv().add("tab", text="a").add("content", 7, 0, "x").add("content", 0, 0, "y")
    _, quarantine = made.read(tmp_path)
    assert quarantine.reasons() == {"edit past the end of the document": 1, "document in doubt": 1}


@pytest.mark.parametrize(
    "row", ["1,2", '1,x,"a",0,0,"",python,tab', '1,2,"a",0,0,"a"b",python,tab', "1," * 9]
)
def test_row_that_is_none_is_put_away(tmp_path, row):
    made = Csv()
    made.rows = [row]
    sessions, quarantine = made.read(tmp_path)
    assert (sessions, quarantine.reasons()) == ([], {"not a row of a recording": 1})


def test_home_folder_names_the_owner_and_goes_from_the_path(tmp_path):
    (session,), _ = Csv("/home/nblixen/app/a.py").add("tab", text="a").read(tmp_path)
    assert session.events == (ContentEvent(0, "app/a.py", "a"),)
    assert session.identities == ("nblixen",)


def test_damaged_csv_raises_nothing(endure):
    made = Csv().add("tab", text=SOURCES["a.py"]).add("tab", text=SOURCES["d.js"], path="d.js")
    for number in range(5):
        made.add("content", number, 1, "\n\t").add("selection_mouse", number, 1, "\n", path="d.js")
    made.add("git_branch_checkout").add("tab", text="é😀").add("content", 1, 2, '"')
    endure(made.text().encode(), cases=900)
