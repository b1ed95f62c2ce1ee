"""Which index would help, and which does not: measured on a copy, never made.

PostgreSQL's planner says what it would cost; that is a guess, so what could help is built on a
scratch database and timed. On SQLite there is no such copy: its plans are read, untimed.
"""

import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from datetime import time as time_of_day
from statistics import median
from typing import Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from src.models import Base
from src.models.relationships import WITHOUT_INDEX
from src.operations.plans import MOST_COLUMNS, IndexWish, wishes
from src.operations.query_monitor import KeptStatement

ROUNDS = 20
SECONDS_A_STATEMENT = 10.0
LEAST_FACTOR = 2.0
LEAST_MS_SAVED = 5.0
MOST_WRITE_LOSS = 0.10
WRITES = 200
COPIED_ROWS = 3_000
LEAST_ROWS_ON_SQLITE = 1000
_LIST_SIZE = 100
_LIMIT = 100
_TABLES = r"\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)(?:\s+(?:AS\s+)?(?!ON\b|SET\b|WHERE\b|JOIN\b)(\w+))?"
_TABLE = re.compile(_TABLES, re.IGNORECASE)
_COMPARED = re.compile(
    r"(?:(\w+)\.)?(\w+)\s*(=|<=|>=|<|>|IN|= ANY)\s*\(*\s*(?:CAST\()?(\$\d+|\?)", re.IGNORECASE
)
_JOINED = re.compile(r"(\w+)\.(\w+) = (\w+)\.(\w+)")
BUSY_SCANS = 10_000
_UNUSED = text("""
    SELECT s.indexrelname, s.relname, c.relpages * current_setting('block_size')::bigint
    FROM pg_stat_user_indexes AS s JOIN pg_index AS i USING (indexrelid)
    JOIN pg_class AS c ON c.oid = s.indexrelid
    JOIN pg_stat_user_tables AS t ON t.relid = s.relid
    WHERE s.idx_scan = 0 AND NOT indisunique AND t.seq_scan + coalesce(t.idx_scan, 0) >= :busy
        AND s.schemaname = current_schema()
    ORDER BY 3 DESC
""")
_LEADING = text("""
    SELECT indexrelid::regclass::text AS index, attname FROM pg_index
    JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
""")
_WRITTEN = re.compile(r"\b(?:INSERT INTO|UPDATE) (\w+)")
_LIMITED = re.compile(r"\bLIMIT (\$\d+)")
_NUMBERS = {"integer", "bigint", "smallint", "double precision", "real", "numeric"}
_SCANNED = re.compile(r"SCAN (\w+)(?! USING)")


@dataclass(frozen=True, slots=True)
class Advice:
    """An index that would help.

    Attributes:
        function: Which of ours runs the statement.
        statement: Its text.
        sql: What makes the index.
        before_ms: Median of a call without it; None where nothing was timed.
        after_ms: With it.
        write_loss: By which share an insert into the table takes longer with it.
    """

    function: str
    statement: str
    sql: str
    before_ms: float | None = None
    after_ms: float | None = None
    write_loss: float | None = None


@dataclass(frozen=True, slots=True)
class Advised:
    """What was found.

    Attributes:
        add: Indexes that would help.
        refused: Those that would, but for what they cost the writes.
        looked_at: How many statements were looked at.
        not_replayed: The functions of those that could not be run on the copy.
    """

    add: list[Advice] = field(default_factory=list)
    refused: list[Advice] = field(default_factory=list)
    looked_at: int = 0
    not_replayed: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class IndexFaults:
    """What is wrong with the indexes that there are.

    Attributes:
        duplicate: One that another one covers, and which.
        without_index: Foreign keys without one.
        unused: Of tables in busy use, those that no query has used since counting began.
    """

    duplicate: list[str]
    without_index: list[str]
    unused: list[str]


async def advise(
    engine: AsyncEngine,
    statements: Sequence[KeptStatement],
    *,
    least_ms: float = LEAST_MS_SAVED,
) -> Advised:
    """Find what would help some statements, and time it.

    Args:
        engine: A copy that nobody else uses: indexes are built in it and dropped again. On SQLite
            the database itself, which is only asked.
        statements: What is run, the dearest first.
        least_ms: What an index has to save of a call.
    """
    found = Advised(looked_at=len(statements))
    if engine.dialect.name == "sqlite":
        async with engine.connect() as connection:
            for statement in statements:
                await _look_on_sqlite(connection, statement, found)
        return found
    async with engine.connect() as connection:
        copy = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await copy.execute(text("SET statement_timeout = '30s'"))
        await copy.execute(text("ANALYZE"))
        rows = await copy.execute(_LEADING)
        leading = {str(row[0]): str(row[1]) for row in rows}
        bench = _Bench(copy, found, least_ms, leading, _write_times(statements))
        for statement in statements:
            await bench.look_at(statement)
    return found


async def find_faults(engine: AsyncEngine) -> IndexFaults:
    """Look at the indexes that there are."""
    async with engine.connect() as connection:
        unused = list[str]()
        if engine.dialect.name == "postgresql":
            rows = await connection.execute(_UNUSED, {"busy": BUSY_SCANS})
            unused = [f"{index} on {table}: {size:,} bytes" for index, table, size in rows]
        return await connection.run_sync(_find_faults, unused)


def _find_faults(connection: Connection, unused: list[str]) -> IndexFaults:
    inspector, duplicate, lacking = inspect(connection), list[str](), list[str]()
    for table in Base.metadata.sorted_tables:
        indexes = _indexes(inspector, table.name)
        duplicate += _duplicates(table.name, indexes)
        leading = {index.columns[0] for index in indexes if index.columns}
        for key in inspector.get_foreign_keys(table.name):
            column = key["constrained_columns"][0]
            if column not in leading and f"{table.name}.{column}" not in WITHOUT_INDEX:
                lacking.append(f"{table.name}.{column}: {_create(table.name, [column], '')}")
    return IndexFaults(duplicate, lacking, unused)


@dataclass(frozen=True, slots=True)
class _Index:
    name: str
    columns: tuple[str, ...]
    where: str
    unique: bool


def _indexes(inspector: Any, table: str) -> list[_Index]:
    """Return the indexes of a table, those of its keys and unique constraints too."""
    primary = inspector.get_pk_constraint(table)
    found = [_Index(primary["name"] or "key", tuple(primary["constrained_columns"]), "", True)]
    found += [
        _Index(one["name"] or "", tuple(one["column_names"]), "", unique=True)
        for one in inspector.get_unique_constraints(table)
    ]
    for one in inspector.get_indexes(table):
        if one.get("duplicates_constraint"):
            continue
        options = one.get("dialect_options", {})
        given = [options.get(name) for name in ("postgresql_where", "sqlite_where")]
        where = next((one for one in given if one is not None), "")
        columns = tuple(str(name) for name in one["column_names"])
        found.append(_Index(one["name"], columns, str(where), bool(one["unique"])))
    return found


def _duplicates(table: str, indexes: Sequence[_Index]) -> list[str]:
    return [
        f"{one.name} on {table}: {other.name} covers it"
        for place, one in enumerate(indexes)
        for number, other in enumerate(indexes)
        if one is not other
        and not one.unique
        and one.where == other.where
        and other.columns[: len(one.columns)] == one.columns
        and (len(other.columns) > len(one.columns) or other.unique or number < place)
    ]


def _create(table: str, columns: Iterable[str], where: str, how: str = "CONCURRENTLY ") -> str:
    names = list(columns)
    condition = f" WHERE {where}" if where else ""
    listed = ", ".join(names)
    return f"CREATE INDEX {how}idx_{table}_{'_'.join(names)} ON {table} ({listed}){condition}"


@dataclass(frozen=True, slots=True)
class _Candidate:
    table: str
    columns: tuple[str, ...]
    where: str


class _Bench:
    """Builds what could help on a copy, and times it."""

    def __init__(
        self,
        copy: AsyncConnection,
        found: Advised,
        least_ms: float,
        leading: Mapping[str, str],
        write_seconds: Mapping[str, float],
    ) -> None:
        self._copy, self._found = copy, found
        self._least_ms, self._leading, self._write_seconds = least_ms, leading, write_seconds
        self._values: dict[tuple[str, str], list[Any]] = {}

    async def look_at(self, statement: KeptStatement) -> None:
        """Explain a statement, and try what could help it."""
        if statement.text.lstrip().upper().startswith(("INSERT", "BEGIN", "WITH FIRST", "COPY")):
            return
        try:
            values = await self._arguments(statement)
            plan = await self._explain(statement.text, values)
            await self._try_all(statement, values, wishes(plan, self._leading))
        except (DBAPIError, ValueError, TypeError):
            self._found.not_replayed.append(statement.name)

    async def _try_all(
        self, statement: KeptStatement, values: Sequence[Any], found: Sequence[IndexWish]
    ) -> None:
        candidates = [one for wish in found for one in await self._candidates(wish)]
        if not candidates:
            return
        before = await self._time(statement.text, values)
        if before < self._least_ms:
            return
        timed = [(await self._time_with(one, statement, values), one) for one in candidates]
        best = min(timed, key=lambda one: (one[0], len(one[1].columns)))
        # Of two that are about as good, the one that costs the writes less.
        near = [one for one in timed if one[0] <= best[0] * 1.2 + 0.1]
        after, chosen = min(near, key=lambda one: (len(one[1].columns), one[0]))
        if before / max(after, 1e-6) >= LEAST_FACTOR and before - after >= self._least_ms:
            await self._judge(statement, chosen, before, after)

    async def _judge(
        self, statement: KeptStatement, chosen: _Candidate, before: float, after: float
    ) -> None:
        sql = _create(chosen.table, chosen.columns, chosen.where)
        loss = await self._write_loss(chosen)
        advice = Advice(
            function=statement.name,
            statement=" ".join(statement.text.split()),
            sql=f"{sql};",
            before_ms=round(before, 2),
            after_ms=round(after, 2),
            write_loss=round(loss, 3),
        )
        (self._found.add if loss <= MOST_WRITE_LOSS else self._found.refused).append(advice)

    async def _candidates(self, wish: IndexWish) -> list[_Candidate]:
        """Return what to try for a wish, but for what an index covers already."""
        equal = sorted(wish.equal, key=(await self._distinct(wish.table)).get)  # type: ignore[arg-type]
        whole = tuple([*equal, *wish.then][:MOST_COLUMNS])
        tried = [_Candidate(wish.table, whole, wish.where)] if whole else []
        if equal and len(whole) > 1:
            tried.append(_Candidate(wish.table, (equal[0],), ""))
        indexes = await self._copy.run_sync(lambda c: _indexes(inspect(c), wish.table))
        return [one for one in tried if not _is_covered(one, indexes)]

    async def _distinct(self, table: str) -> dict[str, float]:
        """Return a number by column, the less the more different values it holds."""
        rows = await self._copy.execute(
            text("SELECT attname, n_distinct FROM pg_stats WHERE tablename = :table"),
            {"table": table},
        )
        known = {name: float(number) for name, number in rows}
        columns = Base.metadata.tables[table].columns.keys()
        return {
            name: (known[name] - 1e12 if known[name] < 0 else -known[name]) if name in known else 0
            for name in columns
        }

    async def _time_with(
        self, candidate: _Candidate, statement: KeptStatement, values: Sequence[Any]
    ) -> float:
        """Return the median with an index, which is dropped again."""
        where = f" WHERE {candidate.where}" if candidate.where else ""
        columns = ", ".join(candidate.columns)
        await self._run(f"CREATE INDEX advised ON {candidate.table} ({columns}){where}")
        try:
            await self._run(f"ANALYZE {candidate.table}")
            return await self._time(statement.text, values)
        finally:
            await self._run("DROP INDEX advised")

    async def _time(self, statement: str, values: Sequence[Any]) -> float:
        """Return the median milliseconds of some calls; what they change is taken back."""
        took, end = list[float](), time.perf_counter() + SECONDS_A_STATEMENT
        while len(took) < ROUNDS and (len(took) < 3 or time.perf_counter() < end):
            await self._run("BEGIN")
            try:
                begun = time.perf_counter()
                await self._run(statement, values)
                took.append((time.perf_counter() - begun) * 1000)
            finally:
                await self._run("ROLLBACK")
        return median(took)

    async def _explain(self, statement: str, values: Sequence[Any]) -> Mapping[str, Any]:
        await self._run("BEGIN")
        try:
            asked = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}"
            found = (await self._copy.exec_driver_sql(asked, tuple(values))).scalar_one()
        finally:
            await self._run("ROLLBACK")
        plan: Mapping[str, Any] = found[0]["Plan"]
        return plan

    async def _run(self, statement: str, values: Sequence[Any] = ()) -> None:
        await self._copy.exec_driver_sql(statement, tuple(values))

    async def _write_loss(self, candidate: _Candidate) -> float:
        """Return by which share a write takes longer with an index.

        Rows of the table go one by one, in turn, into two copies of it, with and without. What that
        adds is compared with what writes to the table take, by our own timings if there are any.
        """
        columns = Base.metadata.tables[candidate.table].columns.keys()
        listed = ", ".join(f'"{name}"' for name in columns)
        await self._fill_copies(candidate, listed)
        took: dict[str, list[float]] = {"advice_without": [], "advice_with": []}
        try:
            for number in range(1, WRITES + 1):
                for table, times in took.items():
                    begun = time.perf_counter()
                    await self._run(
                        f"INSERT INTO {table} ({listed}) SELECT {listed} "  # noqa: S608 - ours
                        "FROM advice_rows WHERE advice_place = $1",
                        (number,),
                    )
                    times.append(time.perf_counter() - begun)
        finally:
            await self._run("DROP TABLE advice_without, advice_with, advice_rows")
        without, with_ = (median(times) for times in took.values())
        return (with_ - without) / max(without, self._write_seconds.get(candidate.table, 0.0))

    async def _fill_copies(self, candidate: _Candidate, listed: str) -> None:
        table, where = candidate.table, f" WHERE {candidate.where}" if candidate.where else ""
        await self._run(
            f"CREATE TABLE advice_rows AS SELECT row_number() OVER () AS advice_place, t.* "  # noqa: S608
            f"FROM (SELECT {listed} FROM {table} LIMIT {COPIED_ROWS + WRITES}) AS t"
        )
        await self._run("CREATE UNIQUE INDEX ON advice_rows (advice_place)")
        await self._run("ANALYZE advice_rows")
        for copy in ("advice_without", "advice_with"):
            await self._run(f"CREATE TABLE {copy} (LIKE {table} INCLUDING ALL)")
            for key in Base.metadata.tables[table].foreign_keys:
                await self._run(
                    f"ALTER TABLE {copy} ADD FOREIGN KEY ({key.parent.name}) "
                    f"REFERENCES {key.column.table.name} ({key.column.name})"
                )
            await self._run(
                f"INSERT INTO {copy} ({listed}) SELECT {listed} FROM advice_rows "  # noqa: S608
                f"WHERE advice_place > {WRITES}"
            )
        await self._run(f"CREATE INDEX ON advice_with ({', '.join(candidate.columns)}){where}")

    async def _arguments(self, statement: KeptStatement) -> list[Any]:
        """Return values for a statement: what is kept of a call, and for the rest rows there are.

        Raises:
            DBAPIError: PostgreSQL does not take the statement.
            ValueError: A kept value is not of the type that it wants.
        """
        await self._run(f"PREPARE asked AS {statement.text}")
        try:
            asked = text(
                "SELECT parameter_types::text[] FROM pg_prepared_statements WHERE name = 'asked'"
            )
            types = await self._copy.scalar(asked) or []
        finally:
            await self._run("DEALLOCATE asked")
        places = _columns_of_parameters(statement.text)
        limits = set(_LIMITED.findall(statement.text))
        kept = [*(statement.sample or ()), *[{"type": "lost"}] * len(types)]
        return [
            _LIMIT
            if f"${number}" in limits
            else await self._argument(type_, value, places.get(f"${number}"))
            for number, (type_, value) in enumerate(zip(types, kept, strict=False), 1)
        ]

    async def _argument(self, type_: str, kept: Any, place: tuple[str, str] | None) -> Any:
        if not isinstance(kept, dict):
            return kept
        if "at" in kept:
            return _instant(type_, kept["at"])
        size = min(int(kept.get("many", 1)), _LIST_SIZE)
        values = await self._known(place, size) if place else []
        if type_.endswith("[]"):
            return values
        return values[0] if values else _any(type_)

    async def _known(self, place: tuple[str, str], size: int) -> list[Any]:
        """Return values of a column, from the middle of its table."""
        known = self._values.get(place)
        if known is None or len(known) < size:
            table, column = place
            pages = f"FROM pg_class WHERE oid = '{table}'::regclass"
            half = f"(SELECT greatest(reltuples, 0)::bigint / 2 {pages})"
            rows = await self._copy.exec_driver_sql(
                f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL "  # noqa: S608 - ours
                f"OFFSET {half} LIMIT {max(size, 5)}"
            )
            known = self._values[place] = [row[0] for row in rows]
        return known[:size]


def _write_times(statements: Sequence[KeptStatement]) -> dict[str, float]:
    """Return how long writes to a table take, in seconds, on an average of our own timings."""
    calls, seconds = Counter[str](), defaultdict[str, float](float)
    for one in statements:
        for table in set(_WRITTEN.findall(one.text)):
            calls[table] += one.calls
            seconds[table] += one.seconds
    return {table: seconds[table] / number for table, number in calls.items() if number}


def _instant(type_: str, said: str) -> Any:
    if type_.startswith("timestamp"):
        return datetime.fromisoformat(said)
    return time_of_day.fromisoformat(said) if type_.startswith("time") else date.fromisoformat(said)


def _any(type_: str) -> Any:
    """Return a value where nothing is known but its type.

    Raises:
        ValueError: None would do.
    """
    if type_ in _NUMBERS:
        return 1
    if type_ == "interval":
        raise ValueError("nobody knows how long")
    return ""


def _columns_of_parameters(statement: str) -> dict[str, tuple[str, str]]:
    """Return with which column of which table each parameter is compared."""
    aliases = _aliases(statement)
    found = {}
    for alias, column, _, parameter in _COMPARED.findall(_conditions(statement)):
        for table in [aliases.get(alias)] if alias else sorted(set(aliases.values())):
            if table and column in Base.metadata.tables[table].columns:
                found[parameter] = (table, column)
                break
    return found


def _conditions(statement: str) -> str:
    """Return a statement without what an UPDATE sets."""
    is_update = statement.lstrip().upper().startswith("UPDATE")
    return statement.partition("WHERE")[2] if is_update else statement


def _aliases(statement: str) -> dict[str, str]:
    """Return the tables of a statement by the names that they have in it."""
    found = {}
    for table, alias in _TABLE.findall(statement):
        if table in Base.metadata.tables:
            found[alias or table] = table
            found.setdefault(table, table)
    return found


def _is_covered(candidate: _Candidate, indexes: Sequence[_Index]) -> bool:
    """Return whether an index begins with the same columns, in whatever order."""
    size = len(candidate.columns)
    return any(
        set(index.columns[:size]) == set(candidate.columns)
        and (not index.where or index.where.strip("()") == candidate.where)
        for index in indexes
    )


async def _look_on_sqlite(
    connection: AsyncConnection, statement: KeptStatement, found: Advised
) -> None:
    """Read the plan of a statement: a scan of many rows for some that are compared."""
    marks = statement.text.count("?")
    try:
        plan = await connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement.text}", (None,) * marks
        )
        details = list(plan.scalars(3))
    except DBAPIError:
        found.not_replayed.append(statement.name)
        return
    aliases = _aliases(statement.text)
    for detail in details:
        scanned = _SCANNED.fullmatch(detail)
        table = aliases.get(scanned[1]) if scanned else None
        if scanned and table and await _is_large(connection, table):
            await _advise_on_sqlite(connection, statement, table, scanned[1], found)


async def _advise_on_sqlite(
    connection: AsyncConnection, statement: KeptStatement, table: str, alias: str, found: Advised
) -> None:
    columns = _compared_with(statement.text, table, alias)[:MOST_COLUMNS]
    indexes = await connection.run_sync(lambda c: _indexes(inspect(c), table))
    leading = {index.columns[0] for index in indexes if index.columns and not index.where}
    # Where an index begins with one of them, the planner had its choice.
    if columns and not leading & set(columns):
        sql = f"{_create(table, columns, '', '')};"
        found.add.append(Advice(statement.name, " ".join(statement.text.split()), sql))


def _compared_with(statement: str, table: str, alias: str) -> list[str]:
    """Return the columns of a table that are compared with one value, then one of a range."""
    known = Base.metadata.tables[table].columns
    compared = [
        (column, how)
        for name, column, how, _ in _COMPARED.findall(_conditions(statement))
        if name in {alias, ""} and column in known
    ]
    equal = [column for column, how in compared if how in {"=", "IN"}]
    for one, left, other, right in _JOINED.findall(statement):
        equal += [left] if one == alias else [right] if other == alias else []
    ranged = [column for column, how in compared if how not in {"=", "IN"}]
    return list(dict.fromkeys([*equal, *ranged[:1]]))


async def _is_large(connection: AsyncConnection, table: str) -> bool:
    one = f"SELECT 1 FROM {table} LIMIT 1 OFFSET {LEAST_ROWS_ON_SQLITE}"  # noqa: S608 - ours
    return (await connection.exec_driver_sql(one)).first() is not None
