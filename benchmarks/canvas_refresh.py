"""10,000 pupils' connections to 500 schools, refreshed by their planners: two workers, PostgreSQL.

A school answers after 200 ms. Of most pupils the planner says that nothing has changed; of some it
says something new of one course, which is then read whole. All schools are one process with 500
ports on 127.0.0.1, which sends what it was given: measured is the reader, not a school. Each worker
is a process with a pool of its own, and does what the job `refresh_canvas` does.
"""

import argparse
import asyncio
import json
import multiprocessing
import resource
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import quantiles
from typing import Any

from pydantic import SecretStr
from sqlalchemy import func, insert, select

from src import clock, database
from src.canvas.planner import PlannerSeen, first_look
from src.canvas.refresh import CanvasReader
from src.clients.canvas import CanvasClient
from src.clients.canvas_models import WireCourse
from src.clients.canvas_network import CanvasNetwork
from src.models import CanvasConnection, CanvasHost, ConnectionKind, SyncRun
from src.settings import CanvasSettings, get_settings
from src.storage.keyring import Keyring, make_key
from tests.fixtures.postgres import Databases, provide_server

LATENCY = 0.2
COURSES, ITEMS, CHANGED = 3, 30, 20
MOST_SECONDS, MOST_POOL = 300.0, 0.8
TAG = 'W/"unchanged"'
Json = dict[str, Any]


def _item(number: int) -> Json:
    course, due = 1 + number % COURSES, f"2026-12-{1 + number % 28:02}T17:59:00Z"
    about = {"id": str(number), "title": f"Task {number}", "due_at": due, "points_possible": 10}
    kind = {"plannable_type": "assignment", "plannable_id": str(number), "plannable_date": due}
    work = {"submitted": False, "excused": False, "graded": False, "late": False}
    return {**kind, "plannable": about, "course_id": str(course), "submissions": work}


def _course(number: int) -> Json:
    seat = {"type": "student", "user_id": "7", "enrollment_state": "active"}
    return {"id": str(number), "name": f"Course {number}", "enrollments": [seat]}


def _answer(path: str) -> object:
    """What a school says to a path."""
    parts = path.partition("?")[0].removeprefix("/api/v1/").split("/")
    if parts[0] == "planner":
        return [_item(number) for number in range(1, ITEMS + 1)]
    course = int(parts[1])
    if len(parts) == 2:
        return _course(course)
    mine = [number for number in range(1, ITEMS + 1) if 1 + number % COURSES == course]
    if parts[2] == "assignments":
        rows = [{**_item(one)["plannable"], "course_id": str(course)} for one in mine]
        return [{**row, "name": row["title"]} for row in rows]
    if parts[2] == "enrollments":
        seat = {"id": str(course * 10), "course_id": str(course), "user_id": "7"}
        user = {"id": "7", "name": "Pupil"}
        return [{**seat, "type": "StudentEnrollment", "enrollment_state": "active", "user": user}]
    return {"grading_periods": []} if parts[2] == "grading_periods" else []


async def _be_school(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while head := await reader.readuntil(b"\r\n\r\n"):
        path = head.split(b" ", 2)[1].decode()
        await asyncio.sleep(LATENCY)
        if TAG.encode() in head:
            writer.write(b"HTTP/1.1 304 Not Modified\r\nETag: " + TAG.encode() + b"\r\n\r\n")
            continue
        body = json.dumps(_answer(path)).encode()
        tag = f"ETag: {TAG}\r\n" if "/planner/" in path else ""
        head_out = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        writer.write(f"{head_out}{tag}Content-Length: {len(body)}\r\n\r\n".encode() + body)


async def _line(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        await _be_school(reader, writer)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def serve(schools: int, ports: "multiprocessing.SimpleQueue[list[int]]") -> None:
    """Be all schools."""

    async def run() -> None:
        servers = [await asyncio.start_server(_line, "127.0.0.1", 0) for _ in range(schools)]
        ports.put([server.sockets[0].getsockname()[1] for server in servers])
        await asyncio.Event().wait()

    asyncio.run(run())


def work(url: str, key: SecretStr, found: "multiprocessing.SimpleQueue[Json]") -> None:
    """Be a worker, until nobody is due."""

    async def run() -> Json:
        database.configure(url)
        pool: Any = database.get_engine().pool
        network = CanvasNetwork(CanvasSettings(), allow_loopback=True)
        reader = CanvasReader(network, Keyring([key]), database.session_scope)
        stopping, used = asyncio.Event(), list[float]()
        settings = get_settings().database
        room = settings.pool_size + settings.max_overflow

        async def look() -> None:
            while True:
                await asyncio.sleep(0.02)
                used.append(pool.checkedout() / room)

        looking = asyncio.create_task(look())
        begun = time.monotonic()
        done = await reader.refresh_all(stopping)
        seconds = time.monotonic() - begun
        looking.cancel()
        await reader.close()
        await database.dispose()
        usage = resource.getrusage(resource.RUSAGE_SELF)
        cpu, memory = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
        return {"seconds": seconds, "done": done, "pool": used, "cpu": cpu, "mb": memory}

    found.put(asyncio.run(run()))


async def prepare(pupils: int, ports: list[int], key: SecretStr) -> None:
    """Save the connections as a whole sync of an hour ago left them; of some a course has moved."""
    now, ring = clock.now(), Keyring([key])
    seen = await _seen(ports[0], now)
    moved = replace(seen, courses={**seen.courses, 1: "before"}, tag=None).as_json()
    async with database.session_scope() as db:
        made = [{"url": f"http://127.0.0.1:{port}"} for port in ports]
        hosts = list(await db.scalars(insert(CanvasHost).returning(CanvasHost.id), made))
        common: Json = {"kind": ConnectionKind.TOKEN, "last_sync_at": now - timedelta(hours=1)}
        rows = [
            {
                **common,
                "label": f"pupil {number}",
                "secret": ring.seal(SecretStr(f"7~{number:062}")),
                "host_id": hosts[number % len(hosts)],
                "next_sync_at": now - timedelta(seconds=pupils - number),
                "planner_seen": seen.as_json() if number % CHANGED else moved,
            }
            for number in range(pupils)
        ]
        await db.execute(insert(CanvasConnection), rows)


async def _seen(port: int, now: datetime) -> PlannerSeen:
    async with CanvasNetwork(CanvasSettings(), allow_loopback=True) as network:
        client = CanvasClient(network, f"http://127.0.0.1:{port}", SecretStr("7~" + "x" * 62))
        courses = [WireCourse.model_validate(_course(1 + one)) for one in range(COURSES)]
        seen = await first_look(client, courses, now)
    assert seen
    return seen


async def check(pupils: int) -> None:
    """Make sure that everybody was read, once."""
    async with database.read_scope() as db:
        ran = select(func.count(), func.sum(SyncRun.requests)).where(SyncRun.succeeded)
        runs, requests = (await db.execute(ran)).one()
        late = await db.scalar(
            select(func.count()).where(CanvasConnection.next_sync_at < clock.now())
        )
    moved = len(range(0, pupils, CHANGED))
    assert (runs, late) == (pupils, 0), (runs, late)
    assert requests == pupils + 6 * moved, requests


async def run(pupils: int, schools: int, workers: int) -> int:
    """Measure; 1 if a limit is not kept."""
    context, key = multiprocessing.get_context("spawn"), make_key()
    ports: multiprocessing.SimpleQueue[list[int]] = context.SimpleQueue()
    answers: multiprocessing.SimpleQueue[Json] = context.SimpleQueue()
    school = context.Process(target=serve, args=(schools, ports), daemon=True)
    school.start()
    with provide_server() as server:
        databases = Databases(server)
        await databases.prepare()
        url = await databases.create()
        database.configure(url)
        await prepare(pupils, await asyncio.to_thread(ports.get), key)
        crew = [context.Process(target=work, args=(url, key, answers)) for _ in range(workers)]
        for one in crew:
            one.start()
        found = [await asyncio.to_thread(answers.get) for _ in crew]
        for one in crew:
            one.join()
        await check(pupils)
        await database.dispose()
        await databases.close()
    school.terminate()
    return report(pupils, schools, found)


def report(pupils: int, schools: int, found: list[Json]) -> int:
    """Print what was measured beside the limits."""
    seconds = max(one["seconds"] for one in found)
    pool = [share for one in found for share in one["pool"]]
    p99, mean = quantiles(pool, n=100)[98], sum(pool) / len(pool)
    allowed = MOST_SECONDS * pupils / 10_000
    print(f"{pupils} pupils, {schools} schools, {len(found)} workers, {LATENCY * 1000:.0f} ms")
    print(
        f"wall time  {seconds:.0f} s (most {allowed:.0f}), {pupils / seconds:.0f} pupils a second"
    )
    print(f"pool       {mean:.0%} on average, p99 {p99:.0%} (most {MOST_POOL:.0%})")
    cpu = sum(one["cpu"] for one in found) * 1000 / pupils
    print(f"CPU        {cpu:.1f} ms a pupil; memory {max(one['mb'] for one in found):.0f} MB")
    return int(seconds > allowed or p99 > MOST_POOL)


def main() -> int:
    """Run as told."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pupils", type=int, default=10_000)
    parser.add_argument("--schools", type=int, default=500)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    return asyncio.run(run(given.pupils, given.schools, given.workers))


if __name__ == "__main__":
    sys.exit(main())
