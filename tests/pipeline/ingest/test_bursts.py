from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from codeedit.pipeline.ingest.bursts import IDLE_MS, PAUSE_MS, Burst, Clock, Pause, bursts
from codeedit.records import ContentEvent, CursorEvent, EditEvent, Origin, Session


def runs(typing) -> list[Burst]:
    return [burst for burst in bursts(typing.session()) if isinstance(burst, Burst)]


def pauses(typing) -> list[Pause]:
    return [pause for pause in bursts(typing.session()) if isinstance(pause, Pause)]


def test_keystrokes_near_each_other_are_one_burst(typing):
    session = typing().edit(0, 0, "a").edit(1, 0, "b").edit(2, 0, "c")
    (burst,) = runs(session)
    assert (burst.before, burst.after) == (session.events[0].text, session.texts[session.path])


def test_rest_ends_a_burst(typing):
    assert len(runs(typing().edit(0, 0, "a").edit(1, 0, "b", after=IDLE_MS))) == 2


def test_another_document_ends_a_burst(typing):
    session = typing().open("b.py", "").edit(0, 0, "a").edit(0, 0, "b", path="b.py").edit(1, 0, "c")
    assert [burst.path for burst in runs(session)] == ["shop/box.py", "b.py", "shop/box.py"]


def test_far_edit_ends_a_burst(typing):
    session = typing(text="x\n" * 50).edit(0, 0, "a").edit(60, 0, "b")
    assert len(runs(session)) == 2


def test_far_cursor_ends_a_burst(typing):
    session = typing(text="x\n" * 50).edit(0, 0, "a").caret(90).caret(1).edit(1, 0, "b")
    assert len(runs(session)) == 2


def test_near_cursor_does_not_end_a_burst(typing):
    assert len(runs(typing(text="x\n" * 50).edit(0, 0, "a").caret(6).edit(6, 0, "b"))) == 1


def test_new_content_ends_a_burst(typing):
    session = typing().edit(0, 0, "a").open("shop/box.py", "new").edit(0, 0, "b")
    assert [burst.before for burst in runs(session)][1] == "new"


def test_agents_text_joins_the_burst_that_it_finishes(typing):
    session = typing().edit(0, 0, "a").edit(1, 0, "bc", origin=Origin.AGENT)
    assert [burst.origin for burst in runs(session)] == [Origin.AGENT]


def test_typing_after_the_agents_text_is_a_burst_of_its_own(typing):
    session = typing().edit(0, 0, "ab", origin=Origin.AGENT).edit(2, 0, "c").edit(3, 0, "d")
    assert [(burst.origin, len(burst.edits)) for burst in runs(session)] == [
        (Origin.AGENT, 1),
        (Origin.HUMAN, 2),
    ]


def test_many_carets_are_one_burst(typing):
    session = (
        typing(text="x\n" * 50).edit(80, 0, "a").edit(40, 0, "a", joined=True).edit(0, 0, "a", joined=True)
    )
    assert len(runs(session)) == 1


def test_cursor_of_a_burst_is_the_last_caret_at_the_edit(typing):
    (burst,) = runs(typing().caret(30).caret(5).edit(4, 1, ""))
    assert burst.cursor == 5


def test_cursor_is_the_edits_start_where_the_caret_is_elsewhere(typing):
    (burst,) = runs(typing(text="x\n" * 50).caret(90).edit(4, 1, ""))
    assert burst.cursor == 4


def test_clock_never_goes_back():
    clock = Clock()
    for time_ms in (100, 50, 60, 10**12, 0, 5):
        clock.tick(time_ms)
    assert clock.now == 10 + 10**12 - 60 + 5


def test_resting_cursor_is_a_pause(typing):
    session = typing().edit(0, 0, "a").caret(8).caret(9, after=PAUSE_MS)
    (pause,) = pauses(session)
    assert (pause.cursor, pause.text) == (8, session.texts[session.path])


def test_rest_after_an_edit_alone_is_no_pause(typing):
    assert pauses(typing().caret(0).edit(0, 0, "a").caret(9, after=PAUSE_MS)) == []


def test_stated_next_edit_is_the_last_burst(typing):
    made = typing().edit(0, 0, "a")
    following = EditEvent(made.time, made.path, 1, 0, "b")
    *_, last = bursts(made.session((following,)))
    assert isinstance(last, Burst)
    assert last.stated
    assert last.after.startswith("ab")


EVENTS = st.lists(
    st.tuples(st.sampled_from("eeec"), st.integers(0, 99), st.integers(0, 9), st.text("ab\n", max_size=4)),
    max_size=25,
)


@given(EVENTS)
def test_bursts_put_together_are_the_whole_session(moves: list[tuple[str, int, int, str]]):
    text = "one\ntwo\nthree\n" * 8
    events: list[ContentEvent | EditEvent | CursorEvent] = [ContentEvent(0, "a", text)]
    final = text
    for number, (kind, at, deleted, inserted) in enumerate(moves):
        begin = min(at, len(final))
        count = min(deleted, len(final) - begin)
        if kind == "c":
            events.append(CursorEvent(number, "a", begin, begin))
        else:
            events.append(EditEvent(number, "a", begin, count, inserted))
            final = final[:begin] + inserted + final[begin + count :]
    for burst in bursts(Session("s", "test", "p", tuple(events))):
        assert isinstance(burst, Burst)
        assert burst.before == text
        text = burst.after
        assert burst.before[: burst.prefix] == burst.after[: burst.prefix]
        assert burst.suffix == 0 or burst.before[-burst.suffix :] == burst.after[-burst.suffix :]
    assert text == final
