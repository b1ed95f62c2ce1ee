"""How long the page of a class of sixty takes among many pupils, while answers come in.

On PostgreSQL, through the application as a browser meets it, session, membership, look and page
included. Sixty pupils have a year of five answers a day; the rest of the table is other people's.
"""

import argparse
import asyncio
import time
from statistics import median, quantiles

import httpx2
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from src import clock, database
from src.settings import Settings
from src.teaching import entering, service
from tests.fixtures.classes import add_teacher
from tests.fixtures.postgres import Databases, provide_server
from web.app import create_app

PUPILS, DAYS = 60, 365
LIMIT_MS = 100.0
ANSWERS_A_SECOND = 20
PAGES = 60
# Triggers would count two million answers one by one; the page does not read what they keep.
FILL = """
SET session_replication_role = replica;
INSERT INTO people (id, telegram_id, language)
    SELECT n, n, 'en' FROM generate_series(1000, 1000 + :people) n;
INSERT INTO students (id, person_id, name, grade, language, timezone, nudge_time, nudges_enabled)
    SELECT n, n, 'Pupil ' || n, 7, 'en', 'Asia/Dhaka', '18:00', false
    FROM generate_series(1000, 1000 + :people) n;
INSERT INTO problems (id, external_id, content_version, status, grade, topic, subtopic,
        textbook_ref, question_en, question_bn, answer, answer_type, answer_options, hints,
        solution_en, solution_bn, misconceptions, difficulty, estimated_time_minutes, source,
        license, author, reviewer)
    SELECT n, 'P' || n, 1, 'active', 7, 'topic-' || n % 10, '', '', 'What?', 'কত?', '1', 'number',
        '{}', '[{}, {}, {}]', '', '', '[]', 1, 2, '', '', '', '' FROM generate_series(1, 400) n;
INSERT INTO sessions (id, student_id, date, status, problem_ids, seed, current_index,
        problems_correct, total_time_seconds, started_at, shown_at, timezone, expires_at,
        created_at)
    SELECT n, 1000 + n % (:people + 1), CAST(d AS date), 'completed', '[1, 2, 3, 4, 5]', 0, 5,
        3, 300, d, d, 'Asia/Dhaka', d + interval '1 day', d
    FROM (SELECT n, CAST(:now AS timestamptz) - (n / (:people + 1)) * interval '1 day'
        - interval '2 hours' AS d FROM generate_series(0, :sessions - 1) n) made;
INSERT INTO responses (session_id, problem_id, is_correct, attempts, last_verdict,
        time_spent_seconds, hints_used, hints_viewed, asked_confidence, skipped, disputed,
        shown_at, closed_at)
    SELECT s.id, 1 + (s.id * 7 + n * 80) % 400, random() < 0.7, 1, 'correct', 30 + n * 9, 0, '[]',
        false, false, false, s.started_at, s.started_at + n * interval '1 minute'
    FROM sessions s, generate_series(1, 5) n;
INSERT INTO class_members (class_id, student_id, joined_at, consent_version, sees_before)
    SELECT :class, n, CAST(:now AS timestamptz) - interval '400 days', '1', true
    FROM generate_series(1000, 999 + :pupils) n;
SET session_replication_role = DEFAULT
"""


async def fill(engine: AsyncEngine, responses: int, class_id: int) -> None:
    """Fill the tables; every pupil practises each day, so that few of them make a year."""
    sessions = responses // 5
    people = max(PUPILS, sessions // DAYS)
    values = {"people": people, "sessions": sessions, "now": clock.now(), "class": class_id}
    async with engine.begin() as connection:
        for statement in FILL.split(";"):
            given = values | {"pupils": PUPILS}
            used = {name: value for name, value in given.items() if f":{name}" in statement}
            await connection.execute(text(statement), used)
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("VACUUM ANALYZE"))


async def answer_all_the_time(engine: AsyncEngine, stopping: asyncio.Event) -> int:
    """Let pupils of the class answer, a commit each; return how many did."""
    done = 0
    statement = text(
        "UPDATE responses SET time_spent_seconds = time_spent_seconds + 1 WHERE id = :id"
    )
    while not stopping.is_set():
        async with engine.begin() as connection:
            await connection.execute(statement, {"id": 1 + done % 300})
        done += 1
        await asyncio.sleep(1 / ANSWERS_A_SECOND)
    return done


async def open_pages(client: httpx2.AsyncClient, path: str) -> list[float]:
    """Return how many milliseconds each of the pages took."""
    taken = []
    for _ in range(PAGES):
        begun = time.perf_counter()
        answer = await client.get(path)
        taken.append(1000 * (time.perf_counter() - begun))
        assert answer.status_code == 200
    return taken


async def measure(responses: int) -> int:
    """Print what the page takes; 1 if it is more than it may."""
    async with database.session_scope() as db:
        teacher = await add_teacher(db)
        card = await service.make_class(db, teacher, "7A", 7, clock.now())
        secret = await entering.make_link(db, teacher, clock.now())
    engine = database.get_engine()
    filling = database.create_migration_engine()
    await fill(filling, responses, card.id)
    await filling.dispose()
    transport = httpx2.ASGITransport(app=create_app(Settings()))
    stopping, statements = asyncio.Event(), []
    async with httpx2.AsyncClient(transport=transport, base_url="http://dars.test") as client:
        await client.post(f"/in/{secret}")
        await open_pages(client, f"/classes/{card.id}")
        answering = asyncio.create_task(answer_all_the_time(engine, stopping))
        busy = time.process_time()
        taken = await open_pages(client, f"/classes/{card.id}")
        busy = 1000 * (time.process_time() - busy) / PAGES
        stopping.set()
        answers = await answering
        event.listen(
            engine.sync_engine, "before_cursor_execute", lambda *a: statements.append(a[2])
        )
        await client.get(f"/classes/{card.id}")
    late = quantiles(taken, n=20)[-1]
    print(
        f"page of a class of {PUPILS} among {responses:,} answers, {answers} more coming in: "
        f"median {median(taken):.0f} ms, p95 {late:.0f} ms (at most {LIMIT_MS:.0f}), "
        f"{len(statements)} statements by the library; {busy:.0f} ms of this process's CPU a page"
    )
    return int(late > LIMIT_MS)


async def run(responses: int) -> int:
    """Measure on a database of its own."""
    with provide_server() as server:
        databases = Databases(server)
        await databases.prepare()
        url = await databases.create()
        database.configure(url)
        try:
            return await measure(responses)
        finally:
            await database.dispose()
            await databases.drop(url)
            await databases.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--responses", type=int, default=200_000)
    raise SystemExit(asyncio.run(run(parser.parse_args().responses)))


if __name__ == "__main__":
    main()
