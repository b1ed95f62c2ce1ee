"""How long an import writes, against raw COPY of the same rows into the same table.

Prints the medians of interleaved rounds and their ratio, a second import of the same rows, and how
the memory of reading and gathering grows with the number of rows.
"""

import argparse
import asyncio
import csv
import gc
import io
import time
import tracemalloc
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from src import database
from src.content.checks import check_row
from src.content.faults import Source
from src.content.reader import ParsedRow, read_file
from src.content.rows import ProblemRow
from src.content.service import gather, import_spool
from src.content.spool import STORED, Spool, to_record
from src.content.variant_files import write_rows
from src.storage import schema
from tests.fixtures.postgres import Databases, provide_server

LIBRARY = Path(__file__).parent.parent / "content"
EMPTY = "TRUNCATE problems RESTART IDENTITY CASCADE"
"""Before each round; CHECKPOINT too, so that no round pays for the one before it."""


def make_rows(count: int) -> Iterator[ProblemRow]:
    """Repeat the library under other ids, with every text made different."""
    problems = [
        item.problem
        for path in sorted(LIBRARY.glob("problems-grade-*.csv"))
        for item in read_file(path)
        if isinstance(item, ParsedRow)
    ]
    for number in range(count):
        problem = problems[number % len(problems)]
        mark = f"{number // 1000:03d}-{number % 1000:03d}"
        yield problem.model_copy(
            update={
                "external_id": f"G{problem.grade}-BENCH-{mark}",
                "question_en": f"{problem.question_en} ({number})",
                "question_bn": f"{problem.question_bn} ({number})",
            }
        )


def make_floor(rows: Iterator[ProblemRow]) -> io.BytesIO:
    """Return the rows in the shape that COPY reads."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows(to_record(row) for row in rows)
    return io.BytesIO(buffer.getvalue().encode())


async def copy_raw(engine: AsyncEngine, source: io.BytesIO) -> None:
    """The floor: one COPY and a commit."""
    source.seek(0)
    async with engine.begin() as connection:
        await connection.execute(text("SELECT 1"))
        driver: Any = (await connection.get_raw_connection()).driver_connection
        await driver.copy_to_table("problems", source=source, columns=STORED, format="csv")


async def write(engine: AsyncEngine, spool: Spool) -> None:
    """What ``dars content import`` does once the rows are checked."""
    async with AsyncSession(engine) as db, db.begin():
        await import_spool(db, spool)


async def measure(work: Callable[[], Awaitable[None]]) -> float:
    gc.collect()
    begun = time.perf_counter()
    await work()
    return time.perf_counter() - begun


async def empty(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text(EMPTY))
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("CHECKPOINT"))


async def compare_postgresql(spool: Spool, floor: io.BytesIO, rounds: int) -> None:
    with provide_server() as server:
        databases = Databases(server)
        await databases.prepare()
        engine = database.create_engine(await databases.create())
        raw, ours, again = [], [], []
        for _ in range(rounds):
            await empty(engine)
            raw.append(await measure(lambda: copy_raw(engine, floor)))
            await empty(engine)
            ours.append(await measure(lambda: write(engine, spool)))
            again.append(await measure(lambda: write(engine, spool)))
        await engine.dispose()
        await databases.close()
    print(f"PostgreSQL, {spool.count:,} rows, medians of {rounds} rounds")
    print(f"  raw COPY                     {median(raw):6.2f} s   1.00")
    print(
        f"  import, all new              {median(ours):6.2f} s   {median(ours) / median(raw):.2f}"
    )
    print(
        f"  import again, all unchanged  {median(again):6.2f} s   {median(again) / median(raw):.2f}"
    )


async def time_sqlite(spool: Spool) -> None:
    with TemporaryDirectory() as folder:
        engine = database.create_engine(f"sqlite:///{folder}/bench.db")
        await schema.upgrade(engine)
        first = await measure(lambda: write(engine, spool))
        again = await measure(lambda: write(engine, spool))
        await engine.dispose()
    print(f"SQLite, {spool.count:,} rows: all new {first:.2f} s, all unchanged {again:.2f} s")


def time_checks() -> float:
    """Return what checking a row costs, in milliseconds of CPU."""
    rows = [*make_rows(300)]
    begun = time.process_time()
    for row in rows:
        check_row(row)
    return (time.process_time() - begun) / len(rows) * 1_000


def show_memory(counts: tuple[int, ...]) -> None:
    """Print the peak of Python's memory while files of different lengths are gathered."""
    for count in counts:
        with TemporaryDirectory() as folder, Spool() as spool:
            path = Path(folder) / "problems-bench.csv"
            write_rows(path, make_rows(count))
            tracemalloc.start()
            gather([path], spool, check=lambda _: ())
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            size = path.stat().st_size
        print(f"  {count:>7,} rows, {size / 1e6:6.1f} MB of CSV: peak {peak / 1e6:5.1f} MB")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    with Spool() as spool:
        for number, problem in enumerate(make_rows(chosen.rows), start=2):
            spool.add(ParsedRow(Source("bench.csv", number), problem))
        asyncio.run(compare_postgresql(spool, make_floor(make_rows(chosen.rows)), chosen.rounds))
        asyncio.run(time_sqlite(spool))
    print(f"Checks of single rows: {time_checks():.1f} ms of CPU a row")
    print("Memory of reading and gathering, without the checks of single rows")
    show_memory((chosen.rows // 10, chosen.rows))


if __name__ == "__main__":
    main()
