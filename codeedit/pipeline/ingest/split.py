"""The split into train and test, by what is bound together and never by row.

Sessions are bound together by tasks that are the same or nearly so.  Where a session goes is drawn from a
hash of its id, so the same logs always give the same split.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TEST_SHARE: Final = 0.10


class Place(NamedTuple):
    """Two numbers of 63 bits that a session's id gives: the same in every run, whatever the key."""

    order: int  # which of two equal tasks is kept, and which session draws for those bound to it
    draw: int  # below ``TEST_SHARE`` of the range: test


def place(session_id: str) -> Place:
    """Return a session's place.

    Args:
        session_id: before anonymizing.
    """
    digest = hashlib.sha256(b"codeedit split\0" + session_id.encode("utf-8", "replace")).digest()
    return Place(int.from_bytes(digest[:8], "big") >> 1, int.from_bytes(digest[8:16], "big") >> 1)


def bind(db: DuckDBPyConnection) -> None:
    """Find what is bound together.

    Args:
        db: has ``sessions`` (``session`` as a number, ``place``, ``draw``) and ``links`` (``x``, ``y``: two
            sessions, any number of times); gets ``bound`` (``session``, ``component``: the smallest session).
    """
    db.execute("CREATE TABLE bound AS SELECT DISTINCT session, session AS component FROM sessions")
    db.execute(
        "CREATE TABLE both_ways AS SELECT DISTINCT x, y FROM"
        " (SELECT x, y FROM links UNION ALL SELECT y, x FROM links) WHERE x <> y"
    )
    while True:
        # The smallest component among a session's own and its neighbours', then that one's own component.
        db.execute(
            "CREATE OR REPLACE TABLE nearer AS"
            " SELECT b.session, min(least(b.component, coalesce(n.component, b.component))) AS component"
            " FROM bound b LEFT JOIN both_ways e ON e.x = b.session LEFT JOIN bound n ON n.session = e.y"
            " GROUP BY b.session"
        )
        db.execute(
            "CREATE OR REPLACE TABLE jumped AS SELECT n.session, least(n.component, t.component) AS component"
            " FROM nearer n JOIN nearer t ON t.session = n.component"
        )
        changed = db.execute(
            "SELECT count(*) FROM bound b JOIN jumped j USING (session) WHERE b.component <> j.component"
        ).fetchone()
        db.execute("DROP TABLE bound")
        db.execute("ALTER TABLE jumped RENAME TO bound")
        if changed is None or not changed[0]:
            break
    db.execute("DROP TABLE nearer")
    db.execute("DROP TABLE both_ways")


def choose_test(db: DuckDBPyConnection) -> None:
    """Choose what goes to test: about a tenth, and something where anything is left to train on.

    What is bound together draws once, through its session with the smallest place.  A component with more
    than a tenth of the tasks is trained on unless nothing else could be tested on, and the largest always.

    Args:
        db: as for `bind`, with ``bound`` and ``kept`` (``session``, a row per task); gets ``test_sessions``.
    """
    db.execute(
        "CREATE TABLE components AS"
        " SELECT b.component, arg_min(s.draw, s.place) AS draw, sum(coalesce(k.tasks, 0)) AS tasks"
        " FROM (SELECT DISTINCT session, place, draw FROM sessions) s JOIN bound b USING (session)"
        " LEFT JOIN (SELECT session, count(*) AS tasks FROM kept GROUP BY session) k USING (session)"
        " GROUP BY b.component HAVING sum(coalesce(k.tasks, 0)) > 0"
    )
    db.execute(
        "CREATE TABLE ordered AS SELECT component, draw, tasks,"
        " row_number() OVER (ORDER BY tasks DESC, draw DESC) AS size_rank,"
        " sum(tasks) OVER () AS all_tasks FROM components"
    )
    db.execute(
        "CREATE TABLE chosen AS SELECT component FROM ordered"
        " WHERE draw < ? AND tasks <= ? * all_tasks AND size_rank > 1",
        [int(TEST_SHARE * 2**63), TEST_SHARE],
    )
    db.execute(
        "INSERT INTO chosen SELECT component FROM ordered"
        " WHERE size_rank > 1 AND NOT EXISTS (FROM chosen) ORDER BY draw, component LIMIT 1"
    )
    db.execute("CREATE TABLE test_sessions AS SELECT session FROM bound JOIN chosen USING (component)")
