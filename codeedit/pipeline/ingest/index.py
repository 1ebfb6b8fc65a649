"""All tasks of an ingest side by side: what repeats or resembles another is taken out, and the rest is split.

DuckDB does it out of core: its tables lie on disk and its memory is limited, so that no list of all tasks is
ever held.  Texts are not part of it; they stay in the units' files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from codeedit.errors import CodeEditError
from codeedit.pipeline.ingest.resemblance import THRESHOLD
from codeedit.pipeline.ingest.split import bind, choose_test
from codeedit.pipeline.ingest.unit_file import SessionCounts
from codeedit.pipeline.syntax import LANGUAGES

if TYPE_CHECKING:
    import pyarrow as pa

_MEMORY: Final = "1GB"
_BATCH: Final = 256  # units that are read at once
_FETCH: Final = 256

SPLITS: Final = ("train", "test")


class Repetitions(NamedTuple):
    """How many tasks repeat others."""

    same: int
    near: int


class Index:
    """The tasks of all units, by the number of their unit and row.

    Args:
        folder: an empty one for the tables.
        threads: at most.
    """

    def __init__(self, folder: Path, threads: int) -> None:
        import duckdb

        self._folder = folder
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": _MEMORY,
            "temp_directory": str(folder / "spill"),
            "threads": threads,
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        self._db = duckdb.connect(str(folder / "index.duckdb"), config=settings)
        self._sessions: list[tuple[int, str, int, int]] = []
        self._units: list[tuple[int, str]] = []
        self._replaced: list[tuple[str, str, str]] = []
        self._db.execute("CREATE TABLE replaced (project VARCHAR, path VARCHAR, kind VARCHAR)")
        self._db.execute("CREATE TABLE session_ids (unit INT, id VARCHAR, place BIGINT, draw BIGINT)")
        self._db.execute(
            "CREATE TABLE read_rows (unit INT, row INT, id VARCHAR, session VARCHAR, time_ms BIGINT,"
            " language VARCHAR, no_change BOOL, kinds VARCHAR[], input INT, output INT,"
            " place UINTEGER[], change UINTEGER[], repeats INT, bands INT[], content BIGINT)"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()
        if kind is not None and kind.__module__.endswith("duckdb"):
            hint = "see that there is room on the disk, and run the same command again to go on"
            where = str(self._folder.parent)
            raise CodeEditError(f"DuckDB failed: {kind.__name__}", where=where, hint=hint) from error

    def add(self, number: int, path: Path, sessions: Sequence[SessionCounts]) -> None:
        """Add a unit.

        Args:
            number: its place among all units.
            path: its file.
            sessions: its sessions, tasks or not.
        """
        self._sessions += [(number, session.id, *session.place) for session in sessions]
        for session in sessions:
            self._replaced += [(value.project, value.path, value.kind) for value in session.replaced]
        if any(session.tasks for session in sessions):
            self._units.append((number, str(path)))
        if len(self._units) >= _BATCH or len(self._sessions) + len(self._replaced) >= 100 * _BATCH:
            self._take_in()

    def _take_in(self) -> None:
        self._insert("session_ids", self._sessions, ("unit", "id", "place", "draw"))
        self._insert("replaced", self._replaced, ("project", "path", "kind"))
        if self._units:
            self._db.register("new_units", _columns(self._units, ("unit", "filename")))
            self._db.execute(
                "INSERT INTO read_rows SELECT unit, file_row_number, id, session, time_ms, language,"
                " no_change, list_transform(redactions, lambda one: one.kind), input_chars, output_chars,"
                " sketch_place, sketch_change, sketch_repeats, sketch_bands, sketch_content"
                " FROM read_parquet(?, filename = true, file_row_number = true)"
                " JOIN new_units USING (filename)",
                [[path for _, path in self._units]],
            )
            self._db.unregister("new_units")
            self._units.clear()

    def _insert(self, table: str, rows: list[Any], names: Sequence[str]) -> None:
        if rows:
            self._db.register("new_rows", _columns(rows, names))
            self._db.execute(f"INSERT INTO {table} FROM new_rows")
            self._db.unregister("new_rows")
            rows.clear()

    def take_out_repetitions(self) -> Repetitions:
        """Take out what repeats or resembles another task, after the last unit was added.

        Of tasks with the same content the first is kept, and so are, of near-duplicates, as many as do not
        resemble one that comes before and is kept.  Tasks come in the order of their sessions' places, and
        within a session by time: neither the logs' order nor the key bears on it.
        """
        self._take_in()
        db = self._db
        db.execute(
            "CREATE TABLE sessions AS"
            " SELECT row_number() OVER (ORDER BY place, id) AS session, id, place, draw"
            " FROM (SELECT id, min(place) AS place, min(draw) AS draw FROM session_ids GROUP BY id)"
        )
        db.execute(
            "CREATE TABLE tasks AS SELECT row_number() OVER (ORDER BY s.session, time_ms, unit, row) AS n,"
            " s.session, r.* EXCLUDE (session, place, change, repeats, bands)"
            " FROM read_rows r JOIN sessions s ON s.id = r.session"
        )
        db.execute("CREATE TABLE same AS SELECT n, session, min(n) OVER (PARTITION BY id) AS kept FROM tasks")
        db.execute(
            "CREATE TABLE links AS SELECT DISTINCT a.session AS x, b.session AS y"
            " FROM same a JOIN tasks b ON b.n = a.kept WHERE a.session <> b.session"
        )
        self._find_near()
        self._settle_near()
        db.execute(
            "CREATE TABLE kept AS SELECT t.n, t.session, unit, row, language, no_change, kinds, input, output"
            " FROM tasks t JOIN same s USING (n) WHERE s.kept = n AND n NOT IN (SELECT n FROM dropped)"
        )
        total, first, left = (self._count(f"FROM {what}") for what in ("same", "same WHERE n = kept", "kept"))
        return Repetitions(total - first, first - left)

    def _find_near(self) -> None:
        """Make ``near``: pairs of tasks at or above the threshold; ``alike``: those with the same features.

        Of the latter one stands for all when they are compared with others.
        """
        db = self._db
        db.execute(
            "CREATE TABLE shapes AS SELECT f.content, f.n, place, change, repeats, bands"
            " FROM (SELECT content, min(n) AS n FROM tasks JOIN same USING (n) WHERE kept = n"
            " GROUP BY content) f JOIN tasks t USING (n) JOIN read_rows r USING (unit, row)"
        )
        db.execute("DROP TABLE read_rows")
        db.execute(
            "CREATE TABLE pairs AS WITH entries AS (SELECT n, unnest(bands) AS band FROM shapes)"
            " SELECT DISTINCT a.n AS x, b.n AS y FROM entries a JOIN entries b"
            " ON a.band = b.band AND a.n < b.n"
        )
        over, under = THRESHOLD
        db.execute(
            "CREATE TABLE near AS SELECT x, y FROM (SELECT x, y, len(list_intersect(a.place, b.place))"
            " + least(a.repeats, b.repeats) * len(list_intersect(a.change, b.change)) AS common,"
            " len(a.place) + a.repeats * len(a.change) + len(b.place) + b.repeats * len(b.change) AS sizes"
            " FROM pairs JOIN shapes a ON a.n = x JOIN shapes b ON b.n = y)"
            " WHERE common * ? >= (sizes - common) * ?",
            [under, over],
        )
        db.execute(
            "CREATE TABLE alike AS SELECT h.n AS x, t.n AS y FROM tasks t JOIN same s USING (n)"
            " JOIN shapes h USING (content) WHERE s.kept = t.n AND t.n <> h.n"
        )
        db.execute(
            "INSERT INTO links SELECT DISTINCT a.session, b.session FROM (FROM near UNION ALL FROM alike)"
            " JOIN tasks a ON a.n = x JOIN tasks b ON b.n = y WHERE a.session <> b.session"
        )
        db.execute("DROP TABLE pairs")
        db.execute("DROP TABLE shapes")

    def _settle_near(self) -> None:
        """Make ``dropped``: each task that resembles a kept one before it, as if gone through one by one."""
        db = self._db
        db.execute("CREATE TABLE dropped AS SELECT y AS n FROM alike")  # what the first resembles, they do
        db.execute("CREATE TABLE open_pairs AS FROM near")
        while self._count("FROM open_pairs"):
            # Who stands first in all its open pairs is kept, and its partners are dropped.
            db.execute(
                "CREATE OR REPLACE TABLE out_now AS SELECT DISTINCT y AS n FROM open_pairs"
                " WHERE x NOT IN (SELECT y FROM open_pairs)"
            )
            db.execute("INSERT INTO dropped FROM out_now")
            db.execute(
                "CREATE OR REPLACE TABLE still_open AS SELECT x, y FROM open_pairs"
                " WHERE x NOT IN (FROM out_now) AND y NOT IN (FROM out_now)"
            )
            db.execute("DROP TABLE open_pairs")
            db.execute("ALTER TABLE still_open RENAME TO open_pairs")

    def split(self) -> None:
        """Choose which sessions go to test, after repetitions were taken out."""
        bind(self._db)
        choose_test(self._db)
        self._db.execute(
            "CREATE TABLE placed AS SELECT unit, row, language, no_change, kinds, input, output,"
            " session IN (FROM test_sessions) AS test FROM kept"
        )

    def sessions_with_tasks(self) -> int:
        """Return how many sessions have tasks."""
        return self._count("FROM (SELECT DISTINCT session FROM kept)")

    def count(self, split: str) -> int:
        """Return how many tasks a split has."""
        return self._count(f"FROM placed WHERE test = {split == 'test'}")

    def rows(self, split: str) -> Iterator[tuple[int, list[int]]]:
        """Yield each unit with tasks in a split, by number, and its rows there."""
        found = self._db.cursor().execute(
            "SELECT unit, list(row ORDER BY row) FROM placed WHERE test = ? GROUP BY unit ORDER BY unit",
            [split == "test"],
        )
        while some := found.fetchmany(_FETCH):
            yield from some

    def languages(self) -> dict[str, dict[str, Any]]:
        """Return Table 1's rows by language, in the paper's order."""
        found = self._db.execute(
            "SELECT language, count(*), min(input), max(input), min(output), max(output)"
            " FROM placed GROUP BY language"
        ).fetchall()
        total = sum(count for _, count, *_ in found)
        rows = {
            name: {
                "count": count,
                "percent": round(100 * count / total, 2),
                "input_chars": [least_input, most_input],
                "output_chars": [least_output, most_output],
            }
            for name, count, least_input, most_input, least_output, most_output in found
        }
        return {name: rows[name] for name in LANGUAGES if name in rows}

    def no_change(self) -> int:
        """Return how many tasks leave their range as it is."""
        return self._count("FROM placed WHERE no_change")

    def touched(self) -> tuple[int, dict[str, int]]:
        """Return how many tasks have placeholders, and how many have some of each kind."""
        by_kind = self._db.execute(
            "SELECT kind, count(*) FROM (SELECT unnest(list_distinct(kinds)) AS kind FROM placed)"
            " GROUP BY kind"
        ).fetchall()
        return self._count("FROM placed WHERE len(kinds) > 0"), dict(by_kind)

    def files(self) -> Iterator[tuple[str, str, dict[str, int]]]:
        """Yield project, path and number of replaced values by kind of each file, the most values first."""
        found = self._db.cursor().execute(
            "SELECT project, path, list(kind ORDER BY kind), list(number ORDER BY kind)"
            " FROM (SELECT project, path, kind, count(*) AS number FROM replaced GROUP BY ALL)"
            " GROUP BY project, path ORDER BY sum(number) DESC, project, path"
        )
        while some := found.fetchmany(_FETCH):
            for project, path, kinds, numbers in some:
                yield project, path, dict(zip(kinds, numbers, strict=True))

    def _count(self, source: str) -> int:
        found = self._db.execute(f"SELECT count(*) {source}").fetchone()
        return int(found[0]) if found else 0


def _columns(rows: Sequence[tuple[Any, ...]], names: Sequence[str]) -> pa.Table:
    import pyarrow as pa

    return pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))
