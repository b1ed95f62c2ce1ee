"""The board with a million pupils on it: own place, neighbours and the first, on both databases.

The floor is the histogram of one grade by plain SQL in the same run: to tell a place somebody has
to count who stands above it. Medians of interleaved rounds; every pupil is on the board, which is
the worst case, and two of five streaks are dead.
"""

import argparse
import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from statistics import median

from sqlalchemy import text

from src import database
from src.storage import schema
from src.streaks import board
from src.streaks.board import Ranked
from tests.fixtures.postgres import Databases, provide_server

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
WEEK = date(2026, 3, 9)
LIMIT = 3.0
COLUMNS = (
    "student_id, current_streak, alive_until, board_grade, board_name, solved_week, solved_alone"
)
VALUES = """
n, 1 + (n * 791) % 400 / (1 + n % 13), {until}, 6 + n % 3,
'brave-tiger', '2026-03-09', (n * 31) % 60
"""
UNTIL = "CASE WHEN n % 5 < 2 THEN '2026-03-01 00:00:00{zone}' ELSE '2026-03-12 00:00:00{zone}' END"
HISTOGRAM = """
SELECT current_streak, count(*) FROM streaks WHERE board_grade = 7 AND current_streak > 0
AND alive_until > '2026-03-10 12:00:00{zone}' GROUP BY current_streak
"""


async def fill(url: str, pupils: int) -> None:
    """Put pupils on the board; they need no account for it."""
    more = ", milestones_achieved, freezes, longest_streak"
    into = f"INSERT INTO streaks ({COLUMNS}{more})"
    if url.startswith("sqlite"):
        until = UNTIL.format(zone=".000000")
        numbers = f"SELECT 1 AS n UNION ALL SELECT n + 1 FROM c WHERE n < {pupils}"
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file, file:
            file.execute(
                f"WITH RECURSIVE c(n) AS ({numbers}) "
                f"{into} SELECT {VALUES.format(until=until)}, '[]', 0, 0 FROM c"
            )
        return
    until = f"({UNTIL.format(zone='+00')})::timestamptz"
    values = VALUES.format(until=until).replace("'2026-03-09'", "'2026-03-09'::date")
    async with database.get_engine().begin() as connection:
        await connection.execute(
            text("ALTER TABLE streaks DROP CONSTRAINT fk_streaks_student_id_students")
        )
        await connection.execute(
            text(f"{into} SELECT {values}, '[]', 0, 0 FROM generate_series(1, {pupils}) n")
        )


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    begun = time.perf_counter()
    await work()
    return (time.perf_counter() - begun) * 1000


async def measure(url: str, pupils: int, rounds: int) -> None:
    """Print what looks at the board cost on a database."""
    database.configure(url)
    engine = database.get_engine()
    is_server = engine.dialect.name == "postgresql"
    await schema.upgrade(engine)
    await fill(url, pupils)
    async with engine.connect() as connection:
        free = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await free.execute(text("VACUUM ANALYZE streaks" if is_server else "ANALYZE"))
    middle = pupils // 2 // 3 * 3 + 1

    async def look(by: Ranked, who: int) -> None:
        async with database.read_scope() as db:
            found = await board.look(db, who, by, NOW, "Asia/Dhaka")
        assert found is not None
        assert any(one.is_own for one in (*found.top, *found.around))

    async def floor() -> None:
        async with database.read_scope() as db:
            zone = "+00" if is_server else ".000000"
            await db.execute(text(HISTOGRAM.format(zone=zone)))

    async def leave(who: int) -> None:
        async with database.session_scope() as db:
            await board.leave(db, who)

    works = {
        "floor": floor,
        "by streak": lambda: look(Ranked.STREAK, middle),
        "by solved": lambda: look(Ranked.SOLVED, middle),
    }
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            times[name].append(await timed(work))
    medians = {name: median(each) for name, each in times.items()}
    left = median([await timed(partial(leave, who)) for who in range(1, rounds + 1)])
    ratio = medians["by streak"] / medians["floor"]
    print(f"{engine.dialect.name}, {pupils:,} pupils on the board:")
    print("  " + ", ".join(f"{name} {each:.1f} ms" for name, each in medians.items()))
    print(f"  leaving {left:.1f} ms; by streak {ratio:.2f} of the floor (wanted: at most {LIMIT})")
    await database.dispose()


async def main() -> None:
    """Measure on both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pupils", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        await measure(f"sqlite:///{Path(folder) / 'board.db'}", options.pupils, options.rounds)
    with provide_server() as server:
        databases = Databases(server)
        await databases.prepare()
        url = await databases.create()
        await measure(url, options.pupils, options.rounds)
        await databases.close()


if __name__ == "__main__":
    asyncio.run(main())
