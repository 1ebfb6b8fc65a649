from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from codeedit.pipeline.ingest.bursts import Burst, bursts
from codeedit.pipeline.ingest.document import to_lf
from codeedit.pipeline.ingest.history import MAX_DIFF_CHARS, MAX_EDITS, History, burst_diff
from codeedit.records import ContentEvent, EditEvent, Session


def patched(text: str, diff: str) -> str:
    """Apply a unified diff and check its line numbers."""
    source, made, at = text.split("\n"), [], 0
    for line in diff.split("\n") if diff else []:
        header = re.fullmatch(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", line)
        if header:
            begin = int(header[1]) - (header[2] != "0")
            made += source[at:begin]
            at = begin
            assert len(made) == int(header[3]) - (header[4] != "0")
            continue
        assert line[0] == "+" or source[at] == line[1:]
        made += [] if line[0] == "-" else [line[1:]]
        at += line[0] != "+"
    return "\n".join(made + source[at:])


@given(
    st.lists(st.sampled_from(["", "a", "bb", "c"]), max_size=30),
    st.sampled_from(["\n", "\r\n"]),
    st.lists(
        st.tuples(st.integers(0, 99), st.integers(0, 9), st.text("x\r\n", max_size=4)), min_size=1, max_size=4
    ),
)
def test_diff_turns_the_text_before_into_the_text_after(lines, line_end, edits):
    text = line_end.join(lines)
    events: list[ContentEvent | EditEvent] = [ContentEvent(0, "a", text)]
    for start, deleted, inserted in edits:
        begin = min(start, len(text))
        count = min(deleted, len(text) - begin)
        events.append(EditEvent(0, "a", begin, count, inserted))
        text = text[:begin] + inserted + text[begin + count :]
    for burst in bursts(Session("s", "test", "p", tuple(events))):
        assert isinstance(burst, Burst)
        assert patched(to_lf(burst.before), burst_diff(burst)) == to_lf(burst.after)


def test_diff_reads_as_people_know_it(typing):
    (burst,) = bursts(typing().swap("width * height", "height * width").session())
    assert isinstance(burst, Burst)
    expected = [
        "@@ -1,6 +1,6 @@",
        " def area(width, height):",
        '     """Return the area."""',
        "-    return width * height",
        "+    return height * width",
        " ",
        " ",
        " def volume(width, height, depth):",
    ]
    assert burst_diff(burst).split("\n") == expected


def test_text_typed_and_undone_leaves_no_trace(typing):
    (burst,) = bursts(typing().edit(0, 0, "a").edit(0, 1, "").session())
    history = History()
    assert isinstance(burst, Burst)
    history.add(burst)
    assert history.at(1_000) == ()


def test_history_is_oldest_first_with_ages(typing):
    session = typing().edit(0, 0, "a\n").edit(2, 0, "b\n", after=60_000).session()
    history = History()
    for burst in bursts(session):
        assert isinstance(burst, Burst)
        history.add(burst)
    assert [edit.age_ms for edit in history.at(70_000)] == [70_000, 10_000]


def test_history_keeps_the_newest(typing):
    made = typing()
    for number in range(MAX_EDITS + 5):
        made.edit(0, 0, f"{number}\n", after=60_000)
    history = History()
    for burst in bursts(made.session()):
        assert isinstance(burst, Burst)
        history.add(burst)
    edits = history.at(made.time)
    assert len(edits) == MAX_EDITS
    assert f"+{MAX_EDITS + 4}" in edits[-1].diff


def test_long_diff_keeps_whole_hunks(typing):
    text = "".join(f"{number}\n" * 20 for number in range(40))
    made = typing(text=text)
    for number, at in enumerate(range(len(text) - 1, 0, -60)):
        made.edit(at, 0, "x" * 100, joined=number > 0)
    (burst,) = bursts(made.session())
    assert isinstance(burst, Burst)
    diff = burst_diff(burst)
    assert 0 < len(diff) <= MAX_DIFF_CHARS
    patched(text, diff)
