"""Reading schools again: who is due, how much may be asked, and what a failure means.

The rows say who is due; the queue only carries work, and losing it loses nothing. What a person
started follows Canvas' own limits alone; the background has one more of ours, for politeness.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncSession

from src import clock, queue
from src.canvas import connections
from src.canvas.connections import Account, NoConnection
from src.canvas.fetch import in_time
from src.canvas.planner import PlannerSeen
from src.canvas.queries import refresh as queries
from src.canvas.results import SyncResult
from src.canvas.sync import (
    Progress,
    Scope,
    Target,
    sync_all_canvas_courses,
    sync_by_planner,
    sync_canvas_course,
)
from src.clients import canvas_oauth as oauth
from src.clients.canvas import CanvasClient, read_feed
from src.clients.canvas_errors import CanvasAway, CanvasError, NotThere, Throttled, TokenDead
from src.clients.canvas_network import CanvasNetwork
from src.clients.canvas_oauth import OAuthKey
from src.errors import DarsError, SyncError
from src.models import CanvasConnection, ConnectionKind, Sealed, SyncPriority, SyncRun
from src.storage.keyring import Keyring

log = structlog.get_logger()

SYNC = "sync_canvas"
# Side by side in a process; two thirds of its connections to the database, if all write at once.
AT_ONCE = 10
HOUR = timedelta(hours=1)
# A school that does not answer is left alone for so long; doubled with each failure, up to the
# last one.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=2)
_MOST_RUNS = 1000
_LOOK_BACK = timedelta(days=1)
# Beyond the longest sync: a claim of a worker that never comes back is free again.
_MARGIN = timedelta(minutes=5)
# A token of OAuth lives for an hour; a sync is not to outlive it by much.
_RENEW_BEFORE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class SyncOrder:
    """Which reading is wanted.

    Attributes:
        connection_id: Whose.
        priority: Why.
        course_id: One course only; None: all.
        dry_run: Whether nothing is kept.
        progress: Told how many courses are done.
    """

    connection_id: int
    priority: SyncPriority = SyncPriority.ASKED
    course_id: int | None = None
    dry_run: bool = False
    progress: Progress | None = None


async def get_users_for_canvas_refresh(
    db: AsyncSession, now: datetime, limit: int = AT_ONCE
) -> list[int]:
    """Return the connections that are due and waited longest, locked until the end.

    One is left out whose token is dead, whose school is paused, or that another worker has.
    """
    return list(await queries.due(db, now, limit))


async def ask_sync(
    db: AsyncSession, connection_id: int, priority: SyncPriority, now: datetime
) -> None:
    """Have a connection read soon; if the queue loses it, the next refresh reads it."""
    await queries.set_next(db, [connection_id], now)
    payload = {"id": connection_id, "priority": str(priority)}
    ahead = priority is SyncPriority.ONBOARDING
    await queue.enqueue(
        db, SYNC, payload, key=f"canvas:{connection_id}", priority=2 if ahead else 1
    )


async def prune_runs(db: AsyncSession, before: datetime) -> int:
    """Delete runs that began before an instant; return how many, a thousand at most."""
    return await queries.prune_runs(db, before, _MOST_RUNS)


async def _together(work: list[Coroutine[Any, Any, None]]) -> None:
    """Wait for all; an error of one ends the others before it is raised."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class CanvasReader:
    """Reads schools for whoever asks, and says afterwards what came of it.

    Args:
        network: Shared by all of the process.
        keyring: Opens the tokens.
        session_scope: Opens a transaction; it commits at the end.
    """

    def __init__(self, network: CanvasNetwork, keyring: Keyring, session_scope: Scope) -> None:
        self._network, self._keyring, self._scope = network, keyring, session_scope
        self._settings = network.settings

    async def close(self) -> None:
        """Close all lines to schools."""
        await self._network.aclose()

    async def refresh_some(self, stopping: asyncio.Event) -> int:
        """Read ten of those that are due, side by side; return how many there were.

        Errors of one are its own; when stopping is set, what was claimed is due again at once.
        """
        ids = await self._claim(AT_ONCE)
        await asyncio.gather(*(self._refresh(number, stopping) for number in ids))
        return len(ids)

    async def refresh_all(self, stopping: asyncio.Event) -> int:
        """Read those that are due, ten side by side, until nobody is; return how many.

        A slow school holds one of the places and nobody else.
        """
        waiting, taking, count = list[int](), asyncio.Lock(), 0

        async def take() -> int | None:
            async with taking:
                if not waiting and not stopping.is_set():
                    waiting.extend(reversed(await self._claim(AT_ONCE)))
                return waiting.pop() if waiting else None

        async def read_on() -> None:
            nonlocal count
            while (number := await take()) is not None:
                await self._refresh(number, stopping)
                count += 1

        await _together([read_on() for _ in range(AT_ONCE)])
        return count

    async def _claim(self, most: int) -> list[int]:
        """Take connections that are due, so that no other worker does."""
        now = clock.now()
        claimed = now + timedelta(seconds=self._settings.sync_seconds) + _MARGIN
        async with self._scope() as db:
            ids = await get_users_for_canvas_refresh(db, now, most)
            if ids:
                await queries.set_next(db, ids, claimed)
        return ids

    async def _refresh(self, connection_id: int, stopping: asyncio.Event) -> None:
        if stopping.is_set():
            async with self._scope() as db:
                await queries.set_next(db, [connection_id], clock.now())
            return
        try:
            await self.sync(SyncOrder(connection_id, SyncPriority.REFRESH))
        except DarsError as error:
            log.info("a school was not read", connection=connection_id, error=type(error).__name__)

    async def client(self, connection_id: int) -> CanvasClient:
        """Return a client for a connection, its token renewed where that was due.

        Raises:
            NoConnection: There is none, or it has no token that lives.
            TokenDead: The school refuses the token; it is not asked again.
            CanvasError: The school could not be asked.
        """
        async with self._scope() as db:
            row = await queries.connection(db, connection_id)
        if row is None:
            raise NoConnection("there is no such connection")
        row = await self._with_token(row, clock.now())
        return connections.client_of(self._network, row, self._keyring)

    async def read_feed(self, connection_id: int) -> bytes:
        """Return the calendar file of a connection that is one, and note that it was read.

        Raises:
            NoConnection: There is none, or its address is forgotten.
            CanvasError: It could not be read; `NotThere`: the address is not valid any more.
        """
        now = clock.now()
        async with self._scope() as db:
            row = await queries.connection(db, connection_id)
        if row is None or row.secret is None:
            raise NoConnection("there is no such connection")
        try:
            body = await read_feed(self._network, self._keyring.open(row.secret))
        except NotThere:
            async with self._scope() as db:
                await connections.token_died(db, row.id, row.secret, now)
            raise
        interval = timedelta(minutes=self._settings.refresh_minutes)
        async with self._scope() as db:
            await queries.set_read(db, connection_id, now + interval, planner=None, at=now)
        return body

    async def find(self, address: str, kind: ConnectionKind, secret: Sealed) -> Account:
        """Ask a school whose a token or a feed is, before anything of it is kept.

        Raises:
            CanvasError: It is nobody's, or the school could not be asked.
        """
        opened = self._keyring.open(secret)
        if kind is ConnectionKind.FEED:
            return await connections.find_feed(self._network, opened)
        return await connections.find_account(CanvasClient(self._network, address, opened))

    async def sync(self, order: SyncOrder) -> SyncResult:
        """Read a connection and mirror what it sees.

        Raises:
            NoConnection: There is none, or it has no token that lives.
            TokenDead: The school refuses the token; it is not asked again.
            CanvasError: The school could not be read; it is left alone for a while.
            SyncError: What was read could not be kept.
        """
        now = clock.now()
        async with self._scope() as db:
            row = await queries.connection(db, order.connection_id)
            used = await queries.requests_since(db, order.connection_id, now - HOUR)
        if row is None:
            raise NoConnection("there is no such connection")
        row = await self._with_token(row, now)
        client = connections.client_of(self._network, row, self._keyring)
        if order.priority is SyncPriority.REFRESH:
            client.most_requests = self._settings.refresh_requests_per_hour - used
            if client.most_requests <= 0:
                return await self._put_off(row, now)
        return await self._run(order, row, client, now)

    async def _with_token(self, row: CanvasConnection, now: datetime) -> CanvasConnection:
        """Return the connection with a token of OAuth that still lives for a while.

        Raises:
            TokenDead: The school gives none any more; it is not asked again.
            CanvasError: The school could not be asked.
        """
        ends, kept, used = row.token_expires_at, row.refresh_secret, row.secret
        is_over = ends is None or ends - now < _RENEW_BEFORE
        if row.kind is not ConnectionKind.OAUTH or kept is None or used is None or not is_over:
            return row
        host = row.host
        secret = self._keyring.open(host.client_secret) if host.client_secret else SecretStr("")
        key = OAuthKey(host.url, host.client_id or "", secret, redirect_uri="")
        try:
            tokens = await oauth.refresh(self._network, key, self._keyring.open(kept))
        except TokenDead:
            async with self._scope() as db:
                await connections.token_died(db, row.id, used, now)
            raise
        ends = now + timedelta(seconds=tokens.expires_in)
        async with self._scope() as db:
            await queries.set_token(db, row.id, used, self._keyring.seal(tokens.access_token), ends)
            found = await queries.connection(db, row.id)
        if found is None:
            raise NoConnection("there is no such connection")
        return found

    async def _put_off(self, row: CanvasConnection, now: datetime) -> SyncResult:
        """Wait until the hour has room again; nothing was asked."""
        async with self._scope() as db:
            await queries.set_next(db, [row.id], now + HOUR / 4)
        return SyncResult(success=False)

    async def _run(
        self, order: SyncOrder, row: CanvasConnection, client: CanvasClient, now: datetime
    ) -> SyncResult:
        target = Target(row.id, self._scope, order.dry_run, order.progress)
        result, failure = SyncResult(success=False), None
        try:
            async with in_time(self._settings.sync_seconds):
                if order.course_id is None:
                    result = await self._read(order, row, client, target, now)
                else:
                    result = await sync_canvas_course(client, order.course_id, target, now)
        except (CanvasError, SyncError) as error:
            failure = error
        result.requests = client.requests
        if not order.dry_run:
            await self._note(order, row, result, failure, now)
        if failure is not None:
            raise failure
        return result

    async def _read(
        self,
        order: SyncOrder,
        row: CanvasConnection,
        client: CanvasClient,
        target: Target,
        now: datetime,
    ) -> SyncResult:
        """Read what has changed where a planner tells, otherwise and once a day everything."""
        every = timedelta(hours=self._settings.refresh_whole_hours)
        seen = PlannerSeen.of_json(row.planner_seen) if row.planner_seen else None
        is_asked = order.priority is not SyncPriority.REFRESH
        if seen is not None and not is_asked and now - seen.whole_at < every:
            return await sync_by_planner(client, seen, target, now)
        return await sync_all_canvas_courses(client, target, now)

    async def _note(
        self,
        order: SyncOrder,
        row: CanvasConnection,
        result: SyncResult,
        failure: DarsError | None,
        begun: datetime,
    ) -> None:
        """Keep what came of it, and when the connection and its school may be asked again."""
        now = clock.now()
        interval = timedelta(minutes=self._settings.refresh_minutes)
        run = SyncRun(connection_id=row.id, priority=order.priority, begun_at=begun, ended_at=now)
        run.succeeded = failure is None and result.success
        run.requests, run.counts = result.requests, asdict(result.counts)
        run.error = type(failure).__name__ if failure else None
        async with self._scope() as db:
            if not await queries.is_there(db, row.id):
                return
            db.add(run)
            await db.flush()
            if isinstance(failure, TokenDead):
                assert row.secret is not None
                await connections.token_died(db, row.id, row.secret, now)
            away = failure or result.failure
            if isinstance(away, (CanvasAway, Throttled)):
                await self._pause(db, row, away, now)
            if failure is None and order.course_id is None:
                kept = result.planner.as_json() if result.planner else None
                at = begun if result.success else None
                await queries.set_read(db, row.id, now + interval, planner=kept, at=at)
            elif order.course_id is None:
                await queries.set_next(db, [row.id], now + interval)

    async def _pause(
        self, db: AsyncSession, row: CanvasConnection, failure: DarsError, now: datetime
    ) -> None:
        count = await queries.failures_since(db, row.host_id, now - _LOOK_BACK)
        pause = min(FIRST_PAUSE * 2 ** max(0, min(count, 10) - 1), LONGEST_PAUSE)
        if isinstance(failure, Throttled):
            pause = max(pause, timedelta(seconds=failure.seconds))
        await queries.pause_host(db, row.host_id, now + pause)
