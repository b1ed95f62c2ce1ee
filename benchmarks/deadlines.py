"""What is due among a million tasks: who is to be reminded, a pupil's list, many new ones at once.

Ten thousand pupils with a hundred tasks each, most of them done, as after some years; reminders of
500 are due. The floor is a lookup of one task by its key in the same run. Sizes are those of the
table with all its indexes.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles

from sqlalchemy import text

from src import database
from src.accounts import service as accounts
from src.accounts.pupil import Pupil
from src.deadlines import queries, service
from src.deadlines.results import NewTask
from src.models import TaskSource
from src.storage import schema
from tests.fixtures import factories as make
from tests.fixtures.postgres import Databases, provide_server

NOW = datetime(2026, 3, 10, 6, 0, tzinfo=UTC)
EACH = 100
FLAGS = ", ".join(f"reminder_{tier}_sent" for tier in ("1w", "3d", "1d", "12h", "3h", "1h"))
# Nine of ten are done; of the open ones, those of 500 are to be told now.
FILL = """
INSERT INTO tasks (student_id, source, canvas_assignment_id, connection_id, canvas_course_id,
  course, title, url, due_at, done_at, is_ticked, is_deleted, next_reminder_at, {flags},
  write_attempts)
SELECT 1 + (n - 1) / {each}, 'canvas_assignment', n, NULL, 1 + n % 6, 'Bangladesh and the world',
  'Essay on the history of my village, part ' || (n % 40), 'https://canvas.example/courses/' ||
  (1 + n % 6) || '/assignments/' || n, {due}, CASE WHEN n % 10 < 9 THEN {due} END, false, false,
  CASE WHEN n % 10 = 9 THEN CASE WHEN n <= {late} THEN {past} ELSE {ahead} END END,
  {none}, 0 FROM {numbers}
"""


async def fill(tasks: int) -> Pupil:
    """Make pupils and tasks; return one pupil in the middle."""
    server = database.get_engine().dialect.name == "postgresql"
    pupils = tasks // EACH
    async with database.session_scope() as db:
        for start in range(0, pupils, 1000):
            db.add_all([make.make_student() for _ in range(min(1000, pupils - start))])
            await db.flush()
            db.expunge_all()
        zone = "::timestamptz" if server else ""
        stamp = "+00" if server else ".000000"
        due = f"'2026-03-11 09:00:00{stamp}'{zone}"
        past, ahead = f"'2026-03-10 05:00:00{stamp}'{zone}", f"'2026-04-10 05:00:00{stamp}'{zone}"
        numbers = f"generate_series(1, {tasks}) n"
        if not server:
            counting = f"SELECT 1 AS n UNION ALL SELECT n + 1 FROM c WHERE n < {tasks}"
            numbers = f"(WITH RECURSIVE c(n) AS ({counting}) SELECT n FROM c)"
        names = {"flags": FLAGS, "each": EACH, "late": 5000, "none": ", ".join(["false"] * 6)}
        dates = {"due": due, "past": past, "ahead": ahead, "numbers": numbers}
        await db.execute(text(FILL.format(**names, **dates)))
    async with database.get_engine().connect() as line:
        await line.execution_options(isolation_level="AUTOCOMMIT")
        await line.execute(text("VACUUM ANALYZE tasks" if server else "ANALYZE"))
    async with database.session_scope() as db:
        found = await accounts.find_student(db, pupils // 2)
        assert found is not None
    return found


async def timed(work: Callable[[], Awaitable[object]], rounds: int) -> list[float]:
    """Return how many milliseconds each round took, after one that warms up."""
    await work()
    found = []
    for _ in range(rounds):
        begun = time.perf_counter()
        await work()
        found.append((time.perf_counter() - begun) * 1000)
    return found


async def measure(url: str, tasks: int, rounds: int) -> None:
    """Print what looks at the tasks cost on a database."""
    database.configure(url)
    engine = database.get_engine()
    await schema.upgrade(engine)
    pupil = await fill(tasks)
    name = engine.dialect.name

    async def due() -> None:
        async with database.read_scope() as db:
            assert len(await queries.due_students(db, NOW, 500)) > 0

    async def page() -> None:
        async with database.read_scope() as db:
            assert (await service.tasks_page(db, pupil, NOW)).tasks

    async def key() -> None:
        async with database.read_scope() as db:
            await db.execute(text("SELECT title FROM tasks WHERE id = 77"))

    made = iter(range(10 * tasks, 100 * tasks, 500))

    async def bulk() -> None:
        first = next(made)
        new = [
            NewTask(TaskSource.CANVAS_ASSIGNMENT, f"Task {n}", NOW + timedelta(days=9))
            for n in range(first, first + 500)
        ]
        async with database.session_scope() as db:
            assert await service.bulk_create_tasks(db, pupil, new, NOW, is_news=False) == 500

    floor = median(await timed(key, rounds))
    for what, work, times in (("due", due, rounds), ("list", page, rounds), ("500 new", bulk, 10)):
        spent = await timed(work, times)
        last = quantiles(spent, n=20)[-1]
        print(
            f"{name}: {what}: median {median(spent):.1f} ms, p95 {last:.1f} ms, "
            f"{median(spent) / floor:.1f} times a lookup by key ({floor:.2f} ms)"
        )
    if name == "postgresql":
        async with database.read_scope() as db:
            size = await db.scalar(text("SELECT pg_total_relation_size('tasks')")) or 0
        print(f"{name}: {size / tasks:.0f} bytes a task with indexes")
    await database.dispose()


async def run(tasks: int, rounds: int) -> None:
    """Measure both databases."""
    with tempfile.TemporaryDirectory() as folder:
        await measure(f"sqlite:///{Path(folder) / 'tasks.db'}", tasks, rounds)
    with provide_server() as server:
        databases = Databases(server)
        await databases.prepare()
        url = await databases.create(migrated=False)
        await measure(url, tasks, rounds)
        await databases.drop(url)
        await databases.close()


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=40)
    given = parser.parse_args()
    asyncio.run(run(given.tasks, given.rounds))


if __name__ == "__main__":
    main()
