"""Who is read again, how politely, and what a dead token or a school that is away comes to."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import delete, func, select, text, update

from sandbox.canvas.config import SchoolConfig
from sandbox.canvas.run import RunningSchool, start
from sandbox.canvas.seed import CLIENT_ID, CLIENT_SECRET, token_of
from src import clock, database
from src.canvas.connections import NoConnection
from src.canvas.refresh import (
    CanvasReader,
    SyncOrder,
    ask_sync,
    get_users_for_canvas_refresh,
    prune_runs,
)
from src.clients.canvas_errors import CanvasAway, TokenDead
from src.clients.canvas_oauth import OAuthTokens, exchange_code
from src.models import (
    CanvasAssignment,
    CanvasConnection,
    CanvasCourse,
    CanvasHost,
    CanvasLifecycle,
    SyncPriority,
    SyncRun,
)
from src.storage.keyring import Keyring, make_key
from tests.acceptance.school_client import Person
from tests.acceptance.test_canvas_oauth import agree, key_of
from tests.fixtures import factories as make
from tests.fixtures.schools import network

# What is asked of the database runs on both; what is asked of a school on one of them.
on_both = pytest.mark.usefixtures("database_url")
on_one = pytest.mark.usefixtures("sqlite_url")
KEYS = Keyring([make_key()])
REFRESH = SyncPriority.REFRESH
QUICK: dict[str, Any] = {"retries": 0, "pause_seconds": 0.01}


@pytest.fixture
def school() -> Iterator[RunningSchool]:
    running = start(SchoolConfig(port=0))
    yield running
    running.stop()


async def reader_of(**settings: Any) -> CanvasReader:
    return CanvasReader(network(**QUICK | settings), KEYS, database.session_scope)


@pytest.fixture
async def reader() -> AsyncGenerator[CanvasReader]:
    made = await reader_of()
    yield made
    await made.close()


async def connect(url: str, *names: str, **values: Any) -> list[int]:
    """Save a connection for each of some people of the first school, all of them due."""
    async with database.session_scope() as db:
        host = (await db.scalars(select(CanvasHost).where(CanvasHost.url == url))).one_or_none()
        if host is None:
            host = make.make_canvas_host(url=url)
            db.add(host)
            await db.flush()
        rows = []
        for name in names:
            secret = KEYS.seal(SecretStr(token_of(name)))
            defaults = {"secret": secret, "next_sync_at": clock.now() - timedelta(minutes=1)}
            rows.append(make.make_canvas_connection(host_id=host.id, **defaults | values))
        db.add_all(rows)
        await db.flush()
        return [row.id for row in rows]


async def read_before(reader: CanvasReader, url: str, count: int) -> list[int]:
    """Save connections of one pupil that were read whole an hour ago: one request is enough."""
    [first] = await connect(url, "rahim")
    await reader.sync(SyncOrder(first))
    known = (await row_of(first)).planner_seen
    ago = clock.now() - timedelta(hours=1)
    await disconnect_all()
    return await connect(url, *["rahim"] * count, planner_seen=known, last_sync_at=ago)


async def disconnect_all() -> None:
    async with database.session_scope() as db:
        await db.execute(update(CanvasConnection).values(secret=None))
        await db.execute(delete(SyncRun))


async def row_of(number: int) -> CanvasConnection:
    async with database.session_scope() as db:
        return (
            await db.scalars(select(CanvasConnection).where(CanvasConnection.id == number))
        ).one()


async def due() -> list[int]:
    async with database.session_scope() as db:
        return await get_users_for_canvas_refresh(db, clock.now())


@on_both
async def test_those_who_waited_longest_are_read_and_due_again_later(
    school: RunningSchool, reader: CanvasReader
) -> None:
    numbers = await read_before(reader, school.url, 12)
    async with database.session_scope() as db:
        longest = clock.now() - timedelta(days=1)
        last = CanvasConnection.id == numbers[-1]
        await db.execute(update(CanvasConnection).where(last).values(next_sync_at=longest))
    waiting = await due()
    assert waiting == [numbers[-1], *numbers[:9]]
    assert await reader.refresh_some(asyncio.Event()) == 10
    assert await due() == numbers[9:-1]
    assert await reader.refresh_some(asyncio.Event()) == 2
    assert await reader.refresh_some(asyncio.Event()) == 0
    row = await row_of(numbers[0])
    assert row.next_sync_at
    assert timedelta(minutes=55) < row.next_sync_at - clock.now() < timedelta(minutes=61)
    async with database.session_scope() as db:
        runs = (await db.scalars(select(SyncRun))).all()
    assert {(run.priority, run.succeeded, run.error) for run in runs} == {(REFRESH, True, None)}
    assert len(runs) == 12


@on_both
async def test_all_who_are_due_are_read_once_and_then_nobody_is(school: RunningSchool) -> None:
    reader = await reader_of(refresh_requests_per_hour=1000)
    good = await read_before(reader, school.url, 12)
    numbers = [*good, *await connect(school.url, *["mina"] * 3)]
    Person(school).post("faults", {"revoke": [token_of("mina")]})
    assert await reader.refresh_all(asyncio.Event()) == 15
    assert await reader.refresh_all(asyncio.Event()) == 0
    await reader.close()
    async with database.session_scope() as db:
        runs = (await db.execute(select(SyncRun.connection_id, SyncRun.succeeded))).all()
    assert sorted(number for number, _ in runs) == sorted(numbers)
    assert {number for number, succeeded in runs if succeeded} == set(good)


@on_both
async def test_between_two_whole_readings_the_planner_says_what_to_read(
    school: RunningSchool, reader: CanvasReader
) -> None:
    [number] = await connect(school.url, "rahim")
    assert await reader.refresh_some(asyncio.Event()) == 1
    rahim, teacher = Person(school, "rahim"), Person(school, "farida")
    begin = (clock.now() - timedelta(days=1)).date().isoformat()
    items = rahim.get(f"planner/items?per_page=100&start_date={begin}")
    one = next(row for row in items if row["plannable_type"] == "assignment")
    path = f"courses/{one['course_id']}/assignments/{one['plannable_id']}"
    teacher.send("PUT", path, assignment__due_at=clock.now() + timedelta(days=5))
    await reader.sync(SyncOrder(number, REFRESH))
    await reader.sync(SyncOrder(number, REFRESH))
    async with database.session_scope() as db:
        runs = (await db.scalars(select(SyncRun.requests).order_by(SyncRun.id))).all()
        task = CanvasAssignment.canvas_id == one["plannable_id"]
        due_at = (await db.scalars(select(CanvasAssignment.due_at).where(task))).one()
    assert runs[1:] == [7, 1]
    assert due_at
    assert due_at > clock.now() + timedelta(days=4)


@on_both
async def test_two_workers_share_those_who_are_due(
    school: RunningSchool, reader: CanvasReader
) -> None:
    await read_before(reader, school.url, 12)
    other = await reader_of()
    done = await asyncio.gather(*(one.refresh_some(asyncio.Event()) for one in (reader, other)))
    await other.close()
    assert sum(done) == 12
    async with database.session_scope() as db:
        assert await db.scalar(select(func.count()).select_from(SyncRun)) == 12


@on_both
async def test_a_token_that_died_is_not_asked_again(
    school: RunningSchool, reader: CanvasReader
) -> None:
    [number] = await connect(school.url, "rahim")
    Person(school, "rahim").post("faults", {"revoke": [token_of("rahim")]})
    assert await reader.refresh_some(asyncio.Event()) == 1
    assert (await row_of(number)).token_invalid_at
    async with database.session_scope() as db:
        await db.execute(text("UPDATE canvas_connections SET next_sync_at = '2026-01-01'"))
    assert await due() == []
    with pytest.raises(NoConnection, match="refuses its token"):
        await reader.sync(SyncOrder(number))


@on_one
async def test_who_asks_is_told_that_the_token_is_dead(
    school: RunningSchool, reader: CanvasReader
) -> None:
    [number] = await connect(school.url, "rahim")
    Person(school, "rahim").post("faults", {"revoke": [token_of("rahim")]})
    with pytest.raises(TokenDead):
        await reader.sync(SyncOrder(number))


@on_both
async def test_a_school_that_is_away_is_left_alone_for_longer_and_longer(
    school: RunningSchool, reader: CanvasReader
) -> None:
    numbers = await connect(school.url, "rahim", "mina")
    Person(school, "rahim").post("faults", {"error_rate": 1})
    pauses = []
    for _ in range(3):
        with pytest.raises(CanvasAway):
            await reader.sync(SyncOrder(numbers[0]))
        async with database.session_scope() as db:
            until = (await db.scalars(select(CanvasHost.paused_until))).one()
            assert until
            pauses.append(round((until - clock.now()) / timedelta(minutes=1)))
    assert pauses == [5, 10, 20]
    assert await due() == []
    Person(school, "rahim").post("faults", {})
    await reader.sync(SyncOrder(numbers[0]))
    async with database.session_scope() as db:
        assert await db.scalar(select(func.count()).select_from(CanvasLifecycle))


async def paused() -> bool:
    async with database.session_scope() as db:
        return (await db.scalars(select(CanvasHost.paused_until))).one() is not None


@on_one
@pytest.mark.parametrize("alone", [False, True])
async def test_a_school_that_goes_away_inside_a_course_is_left_alone_too(
    school: RunningSchool, reader: CanvasReader, alone: bool
) -> None:
    """Nor is it asked in vain for each course that is left."""
    [number] = await connect(school.url, "farida")
    await reader.sync(SyncOrder(number))
    async with database.session_scope() as db:
        course = await db.scalar(select(func.min(CanvasCourse.canvas_id)))
    faults = {
        "error_rate": 1,
        "paths": [f"/api/v1/courses/{course}/" if alone else "/api/v1/courses/"],
    }
    Person(school).post("faults", faults)
    result = await reader.sync(SyncOrder(number, course_id=course if alone else None))
    assert not result.success
    assert await paused()
    assert len(result.problems) == (1 if alone else 3)
    if not alone:
        assert result.requests == 2


@on_one
async def test_our_own_limit_is_no_fault_of_the_school(school: RunningSchool) -> None:
    [number] = await connect(school.url, "farida")
    polite = await reader_of(refresh_requests_per_hour=3)
    result = await polite.sync(SyncOrder(number, REFRESH))
    await polite.close()
    assert (result.success, result.requests) == (False, 3)
    assert all("our own limit" in reason for reason in map(str, result.problems.values()))
    assert not await paused()


@on_one
async def test_what_is_asked_again_counts_for_the_hour_too(school: RunningSchool) -> None:
    [number] = await connect(school.url, "farida")
    polite = await reader_of(refresh_requests_per_hour=3, retries=9)
    Person(school).post("faults", {"error_rate": 1})
    begun = Person(school).ask("GET", "/school/stats").body["calls"]
    with pytest.raises(CanvasAway):
        await polite.sync(SyncOrder(number, REFRESH))
    await polite.close()
    assert Person(school).ask("GET", "/school/stats").body["calls"] - begun == 3
    assert await paused()


@on_one
async def test_the_background_asks_so_much_an_hour_and_a_person_what_they_need(
    school: RunningSchool,
) -> None:
    """No course is left out for ever: the one that was not read for longest is first."""
    [number] = await connect(school.url, "farida")
    polite = await reader_of(refresh_requests_per_hour=8)
    begun = Person(school).ask("GET", "/school/stats").body["calls"]
    seen = set()
    for _ in range(4):
        await polite.sync(SyncOrder(number, REFRESH))
        async with database.session_scope() as db:
            found = await db.execute(select(CanvasCourse.canvas_id, CanvasCourse.fetched_at))
            seen |= {course for course, at in found if at}
    calls = Person(school).ask("GET", "/school/stats").body["calls"] - begun
    assert 0 < calls <= 8
    assert len(seen) == 1
    async with database.session_scope() as db:
        await db.execute(text("DELETE FROM sync_runs"))
    await polite.sync(SyncOrder(number, REFRESH))
    result = await polite.sync(SyncOrder(number))
    await polite.close()
    assert result.success
    assert result.requests > 8


@on_both
async def test_what_was_claimed_and_not_read_is_due_at_once(
    school: RunningSchool, reader: CanvasReader
) -> None:
    numbers = await connect(school.url, "rahim")
    stopping = asyncio.Event()
    stopping.set()
    await reader.refresh_some(stopping)
    assert await due() == numbers


@on_both
async def test_who_asks_is_due_even_if_the_queue_loses_it(school: RunningSchool) -> None:
    [number] = await connect(school.url, "rahim", next_sync_at=None)
    assert await due() == []
    async with database.session_scope() as db:
        await ask_sync(db, number, SyncPriority.ONBOARDING, clock.now())
    assert await due() == [number]


@on_both
async def test_a_rehearsal_is_no_run(school: RunningSchool, reader: CanvasReader) -> None:
    [number] = await connect(school.url, "farida")
    result = await reader.sync(SyncOrder(number, dry_run=True))
    assert result.added > 10
    async with database.session_scope() as db:
        assert await db.scalar(select(func.count()).select_from(SyncRun)) == 0
        assert await db.scalar(select(func.count()).select_from(CanvasCourse)) == 0


@on_both
async def test_old_runs_are_forgotten(school: RunningSchool) -> None:
    [number] = await connect(school.url, "rahim")
    async with database.session_scope() as db:
        old = clock.now() - timedelta(days=31)
        db.add(make.make_sync_run(connection_id=number, begun_at=old))
        db.add(make.make_sync_run(connection_id=number))
    async with database.session_scope() as db:
        assert await prune_runs(db, clock.now() - timedelta(days=30)) == 1


async def oauth_connection(school: RunningSchool) -> tuple[int, OAuthTokens]:
    """Save the connection of somebody who has agreed, and whose token of an hour is over."""
    async with network(**QUICK) as net:
        tokens = await exchange_code(net, key_of(school.url), agree(school, key_of(school.url)))
    Person(school).post("faults", {"expire": [tokens.access_token.get_secret_value()]})
    assert tokens.refresh_token
    [number] = await connect(
        *(school.url, "mina"),
        kind="oauth",
        secret=KEYS.seal(tokens.access_token),
        refresh_secret=KEYS.seal(tokens.refresh_token),
        token_expires_at=clock.now() - timedelta(minutes=1),
    )
    async with database.session_scope() as db:
        secret = KEYS.seal(SecretStr(CLIENT_SECRET))
        await db.execute(update(CanvasHost).values(client_id=CLIENT_ID, client_secret=secret))
    return number, tokens


@on_one
async def test_a_token_of_an_hour_is_renewed(school: RunningSchool, reader: CanvasReader) -> None:
    number, tokens = await oauth_connection(school)
    result = await reader.sync(SyncOrder(number))
    assert result.success
    row = await row_of(number)
    assert row.secret
    assert KEYS.open(row.secret) != tokens.access_token
    assert row.token_expires_at
    assert row.token_expires_at - clock.now() > timedelta(minutes=55)
    kept = row.secret
    await reader.sync(SyncOrder(number))
    assert (await row_of(number)).secret == kept


@on_one
async def test_who_took_the_right_back_is_not_asked_again(
    school: RunningSchool, reader: CanvasReader
) -> None:
    number, _ = await oauth_connection(school)
    async with database.session_scope() as db:
        dead = KEYS.seal(SecretStr("7~" + "x" * 62))
        await db.execute(update(CanvasConnection).values(refresh_secret=dead))
    with pytest.raises(TokenDead):
        await reader.sync(SyncOrder(number))
    assert (await row_of(number)).token_invalid_at
    assert await due() == []
