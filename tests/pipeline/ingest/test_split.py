"""Sessions that are bound together go to the same side; the rest is drawn."""

from __future__ import annotations

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from codeedit.pipeline.ingest.split import TEST_SHARE, bind, choose_test, place

COUNTS = st.lists(st.integers(1, 40), min_size=2, max_size=25)
LINKS = st.lists(st.tuples(st.integers(0, 24), st.integers(0, 24)), max_size=20)


def split(tasks: dict[str, int], links: list[tuple[str, str]] = ()) -> set[str]:
    """Return the sessions in test; sessions by id with their number of tasks."""
    order = sorted(tasks, key=place)
    number = {session: at for at, session in enumerate(order)}
    with duckdb.connect() as db:
        db.execute("CREATE TABLE sessions (session INT, place BIGINT, draw BIGINT)")
        db.execute("CREATE TABLE links (x INT, y INT)")
        db.execute("CREATE TABLE kept (session INT)")
        for session in order:
            db.execute("INSERT INTO sessions VALUES (?, ?, ?)", [number[session], *place(session)])
            db.execute("INSERT INTO kept SELECT ? FROM range(?)", [number[session], tasks[session]])
        for x, y in links:
            db.execute("INSERT INTO links VALUES (?, ?)", [number[x], number[y]])
        bind(db)
        choose_test(db)
        return {order[session] for (session,) in db.execute("FROM test_sessions").fetchall()}


def components(tasks, links):
    """The same by plain search."""
    left, made = set(tasks), []
    while left:
        group, edge = set(), {left.pop()}
        while edge:
            group |= edge
            edge = {b for x, y in links for a, b in ((x, y), (y, x)) if a in edge} - group
        made.append(frozenset(group))
        left -= group
    return made


def named(counts, pairs):
    tasks = {f"session {number}": count for number, count in enumerate(counts)}
    links = [(f"session {x}", f"session {y}") for x, y in pairs if max(x, y) < len(counts)]
    return tasks, links


@settings(max_examples=40)
@given(COUNTS, LINKS)
def test_what_is_bound_together_is_on_one_side(counts, pairs):
    tasks, links = named(counts, pairs)
    test = split(tasks, links)
    groups = components(tasks, links)
    assert all(group <= test or not group & test for group in groups)
    assert bool(test) == (len(groups) > 1)
    assert len(test) < len(tasks)


def test_a_long_chain_is_one_component():
    tasks, links = named([1] * 200, [(number, number + 1) for number in range(198)])
    assert split(tasks, links) == {"session 199"}


def test_one_session_alone_is_trained_on():
    assert split({"only": 5}) == set()


def test_about_a_tenth_goes_to_test():
    tasks, _ = named([3] * 1_000, [])
    assert 0.07 < len(split(tasks)) / len(tasks) < 0.13


def test_a_component_with_most_tasks_is_trained_on():
    for number in range(30):
        tasks = {f"large {number}": 100, "a": 1, "b": 1}
        assert f"large {number}" not in split(tasks)


def test_a_session_of_its_own_right_stays_in_test_when_others_come():
    tasks, _ = named([1] * 40, [])
    own = {session for session in tasks if place(session).draw < TEST_SHARE * 2**63}
    more, _ = named([1] * 60, [])
    assert own
    assert split(tasks) == own
    assert own <= split(more)


def test_sessions_without_tasks_do_not_count():
    with_tasks = {"a": 3, "b": 3}
    assert split(with_tasks | {"c": 0, "d": 0}) == split(with_tasks)
