"""What runs in the background, and when: every job is defined in ``JOBS``.

To add a job:

1. Write what it does in the feature's own service. Its rows must say what is due and what is done:
   the queue only carries work and may lose it or carry it twice.
2. Write a function ``async def name(context: JobContext, work: Work) -> None`` here. It opens its
   transactions with ``context.session_scope()`` and holds none while it waits for somebody else.
3. Add a ``Job`` to ``JOBS``: with a ``schedule`` (as in a crontab, UTC), or put into the queue by
   ``await queue.enqueue(db, "name", {"id": 7}, key="name:7")`` in the transaction that makes the
   work due. A rollback then removes the job, and while a job with a key waits or runs there is no
   second one with it.
4. Work that is put in by key needs a job that runs ``at_start`` and puts in again what the rows say
   is due: a queue that was lost, or one in memory, begins empty.

A job that raises is run again after a growing pause, up to ``attempts`` times (``work.last`` is
true for the last one); one that raises ``queue.TryLater(delay)`` chooses the pause itself. A long
job watches ``context.stopping``: seven seconds after it is set the job is cancelled and goes back
into the queue. What a job needs from a door (sending, a client) is a field of ``JobContext``.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from src import clock, queue
from src.canvas import arrivals
from src.canvas import refresh as canvas
from src.canvas.connections import NoConnection
from src.canvas.refresh import CanvasReader, SyncOrder
from src.clients.canvas_errors import CanvasError
from src.content import pictures
from src.costs.alerts import Alert, tell_alerts
from src.costs.ledger import recover_orphans
from src.deadlines import digests, following, reminders, schools, writing
from src.deadlines import service as deadlines
from src.deadlines.joining import Joiner
from src.deadlines.results import CalendarFile
from src.errors import (
    ClockWrong,
    DatabaseError,
    FloodLimit,
    NotSent,
    PupilBlockedBot,
    SendingError,
    StarsRefused,
)
from src.hints import service as hints
from src.hints.maker import HintMaker
from src.models import SyncPriority
from src.nudges import service as nudges
from src.operations import announcements, daily, housekeeping, retention
from src.operations.daily import DailyFigures
from src.outbox import service as outbox
from src.outbox.delivery import Delivery
from src.practice import service as practice
from src.practice.results import NewDisputes
from src.premium import ends
from src.premium import reconcile as stars
from src.premium.reconcile import StarsGateway
from src.privacy import service as privacy
from src.privacy.service import SendExport
from src.queue import Job, TryLater, Work
from src.settings import KeepSettings
from src.teaching import guardians

log = structlog.get_logger()

Step = Callable[[AsyncSession], Awaitable[int]]

RECONCILE_AGAIN = timedelta(minutes=10)
LARGEST_CLOCK_ERROR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class JobContext:
    """What jobs work with; the edge that runs them makes it.

    Attributes:
        session_scope: Opens a transaction; it commits at the end.
        stopping: Set when the process is to stop.
        heartbeat: A job of a worker that was silent for so long is taken over.
        clock_shift: By how much the clock of this process is moved on purpose.
        outbox: Sends what Dars writes first, at the pace of the one lane.
        warn: Tells the operators that a budget is nearly or wholly used up.
        report: Tells the operators that pupils defend answers.
        hints: Makes and sends the hints that were asked for.
        canvas: Reads schools.
        stars: Does at Telegram what is asked for about Stars.
        joiner: Takes people to their schools.
        send_calendar: Sends a calendar file.
        tell_daily: Tells the operators who want it how a day went; None where nobody does.
        send_export: Makes a file of what is kept of somebody and sends it.
        keep: For how long what is kept.
    """

    session_scope: Callable[[], AbstractAsyncContextManager[AsyncSession]]
    stopping: asyncio.Event
    heartbeat: timedelta
    clock_shift: timedelta
    outbox: Delivery
    warn: Callable[[Alert], Awaitable[None]]
    report: Callable[[NewDisputes], Awaitable[None]]
    hints: HintMaker | None = None
    canvas: CanvasReader | None = None
    stars: StarsGateway | None = None
    joiner: Joiner | None = None
    send_calendar: Callable[[CalendarFile], Awaitable[None]] | None = None
    send_export: SendExport | None = None
    keep: KeepSettings = KeepSettings()  # noqa: RUF009 - frozen
    tell_daily: Callable[[DailyFigures], Awaitable[None]] | None = None


async def plan_nudges(context: JobContext, _work: Work) -> None:
    """Find the pupils who are due, and see to what was left over."""
    async with context.session_scope() as db:
        await _check_clock(db, context.clock_shift)
        await outbox.tidy(db, clock.now())
    await _repeat(context, lambda db: nudges.plan(db, clock.now()))


async def mend_nudges(context: JobContext, _work: Work) -> None:
    """Reckon anew when pupils are due of whom a clock that was ahead has written."""
    after: int | None = 0
    while after is not None and not context.stopping.is_set():
        async with context.session_scope() as db:
            await _check_clock(db, context.clock_shift)
            after = await nudges.mend(db, after, clock.now())


async def send_outbox(context: JobContext, _work: Work) -> None:
    """Send what waits in the outbox; when this process stops, another one goes on."""
    async with context.session_scope() as db:
        await _check_clock(db, context.clock_shift)
    if await context.outbox.run():
        raise TryLater


async def _check_clock(db: AsyncSession, shift: timedelta) -> None:
    """Stop a process whose clock is wrong: it would nudge pupils at night.

    Raises:
        ClockWrong: It differs from the clock of the server by more than five minutes.
    """
    if db.get_bind().dialect.name == "postgresql":
        there = (await db.execute(select(func.current_timestamp()))).scalar_one()
        here = clock.now() - shift
        if abs(here - there) > LARGEST_CLOCK_ERROR:
            raise ClockWrong(f"the clock of this process is {here - there} off")


async def plan_guardians(context: JobContext, _work: Work) -> None:
    """Put what adults are told of a week into the outbox."""
    await _repeat(context, lambda db: guardians.plan(db, clock.now()))


async def watch_costs(context: JobContext, _work: Work) -> None:
    """Settle reservations that nobody will settle, and tell what budgets have come to."""
    await _repeat(context, lambda db: recover_orphans(db, clock.now()))
    await tell_alerts(context.session_scope, context.warn, clock.now())


async def tell_disputes(context: JobContext, _work: Work) -> None:
    """Tell the operators which answers pupils defend; one killed in between tells it once more."""
    async with context.session_scope() as db:
        new = await practice.untold_disputes(db)
    if new is None:
        return
    await context.report(new)
    async with context.session_scope() as db:
        await practice.note_told(db, new, clock.now())


async def make_hint(context: JobContext, work: Work) -> None:
    """Make and send a hint that a pupil asked for."""
    if context.hints is not None:
        await context.hints.run(work.payload["id"])


async def resume_hints(context: JobContext, _work: Work) -> None:
    """Go on with hints that were left over, and forget those that were sent."""
    async with context.session_scope() as db:
        await hints.enqueue_unsent(db)
    keep = timedelta(hours=context.keep.hint_requests_hours)
    await _repeat(context, lambda db: hints.prune(db, clock.now() - keep))
    if context.hints is not None:
        await context.hints.prepare()


async def refresh_canvas(context: JobContext, _work: Work) -> None:
    """Read the schools' connections that are due, while any is."""
    if context.canvas is not None:
        await context.canvas.refresh_all(context.stopping)
        await _follow(context)


async def _follow(context: JobContext) -> None:
    """Bring the lists of pupils to what was read of their schools."""
    done = 1
    while context.canvas is not None and done and not context.stopping.is_set():
        done = await following.follow_some(context.session_scope, context.canvas, clock.now())


async def connect_canvas(context: JobContext, work: Work) -> None:
    """Take somebody to their school, and tell them what is due there."""
    if context.joiner is not None:
        await context.joiner.run(work.payload["id"])


async def resume_arrivals(context: JobContext, _work: Work) -> None:
    """Go on with those who were on their way to a school, and tell of tokens that are dead."""
    async with context.session_scope() as db:
        await arrivals.resume(db, clock.now())
    await _repeat(context, lambda db: schools.tell(db, clock.now()))


async def plan_reminders(context: JobContext, _work: Work) -> None:
    """Put reminders of deadlines and digests that are due into the outbox."""
    async with context.session_scope() as db:
        await _check_clock(db, context.clock_shift)
    await _repeat(context, lambda db: reminders.plan(db, clock.now()))
    await _repeat(context, lambda db: digests.plan(db, clock.now()))


async def write_tasks(context: JobContext, _work: Work) -> None:
    """Write own tasks into calendars of schools, and take out what was deleted here."""
    done = 1
    while context.canvas is not None and done and not context.stopping.is_set():
        done = await writing.write_some(context.session_scope, context.canvas, clock.now())


async def send_calendar(context: JobContext, work: Work) -> None:
    """Make the calendar file of a pupil and send it."""
    async with context.session_scope() as db:
        file = await deadlines.calendar_file(db, work.payload["id"], clock.now())
    if file is not None and context.send_calendar is not None:
        await context.send_calendar(file)


async def sync_canvas(context: JobContext, work: Work) -> None:
    """Read a school because somebody asked; a failure is theirs to see, and tried again later."""
    if context.canvas is not None:
        priority = SyncPriority(work.payload["priority"])
        try:
            await context.canvas.sync(SyncOrder(work.payload["id"], priority))
        except (CanvasError, NoConnection) as error:
            log.info("a school was not read", error=type(error).__name__)
        await _follow(context)


async def settle_stars(context: JobContext, _work: Work) -> None:
    """Do at Telegram what is asked for about Stars, and see whose premium ends."""
    if context.stars is not None:
        await stars.settle(context.session_scope, context.stars, clock.now())
    async with context.session_scope() as db:
        await ends.plan(db, clock.now())


async def reconcile_stars(context: JobContext, _work: Work) -> None:
    """Count payments and refunds of which no update came, by Telegram's own account."""
    if context.stars is not None:
        try:
            await stars.reconcile(context.session_scope, context.stars, clock.now())
        except (StarsRefused, SendingError) as error:
            log.warning("Stars are not reconciled", error=type(error).__name__)
            raise TryLater(RECONCILE_AGAIN) from None


async def draw_figures(context: JobContext, _work: Work) -> None:
    """Draw what problems show and nobody has drawn yet."""
    await pictures.draw_missing(context.session_scope, context.stopping.is_set)


async def export_data(context: JobContext, work: Work) -> None:
    """Send somebody all that is kept of them; who cannot be reached can ask once more."""
    export_id, send = work.payload["id"], context.send_export
    if send is None:
        return
    try:
        await privacy.send_export(context.session_scope, send, export_id)
    except FloodLimit as limit:
        raise TryLater(timedelta(seconds=limit.seconds)) from None
    except NotSent:
        raise TryLater from None
    except SendingError as error:
        log.info("an export was not delivered", error=type(error).__name__)
        async with context.session_scope() as db:
            await privacy.give_up_export(db, export_id)
    except PupilBlockedBot:
        async with context.session_scope() as db:
            await privacy.give_up_export(db, export_id)


async def resume_exports(context: JobContext, _work: Work) -> None:
    """Go on with exports that were left over."""
    async with context.session_scope() as db:
        await privacy.enqueue_unsent(db)


async def tell_daily_figures(context: JobContext, _work: Work) -> None:
    """Tell the operators who want it how yesterday went."""
    if context.tell_daily is None:
        return
    now = clock.now()
    async with context.session_scope() as db:
        figures = await daily.read(db, now.date() - timedelta(days=1), now)
    await context.tell_daily(figures)


async def plan_announcements(context: JobContext, _work: Work) -> None:
    """Put what operators announce into the outbox, some hundred people at a time."""
    await _repeat(context, lambda db: announcements.plan_some(db, clock.now()))


async def expire_sessions(context: JobContext, _work: Work) -> None:
    """Note which sessions are over."""
    await _repeat(context, lambda db: housekeeping.expire_sessions(db, clock.now()))


async def prune(context: JobContext, _work: Work) -> None:
    """Delete records that nobody needs any more."""
    await retention.prune(context.session_scope, context.keep, context.stopping)


async def _repeat(context: JobContext, step: Step) -> None:
    """Repeat a step, each in a short transaction of its own, until nothing is left to do."""
    done = 1
    while done and not context.stopping.is_set():
        async with context.session_scope() as db:
            done = await step(db)


JOBS: tuple[Job[JobContext], ...] = (
    Job("plan_nudges", plan_nudges, schedule="* * * * *", at_start=True),
    Job("mend_nudges", mend_nudges, schedule="7 * * * *", at_start=True),
    Job(outbox.SEND, send_outbox, at_once=1),
    Job(hints.MAKE, make_hint),
    Job("resume_hints", resume_hints, schedule="* * * * *", at_start=True),
    # Two at most: a tick that meets a long one would add another each minute.
    Job("refresh_canvas", refresh_canvas, schedule="* * * * *", at_start=True, at_once=2),
    Job(canvas.SYNC, sync_canvas),
    Job("settle_stars", settle_stars, schedule="* * * * *", at_start=True, at_once=1),
    Job("reconcile_stars", reconcile_stars, schedule="23 3 * * *", at_start=True, at_once=1),
    Job(arrivals.CONNECT, connect_canvas),
    Job("resume_arrivals", resume_arrivals, schedule="* * * * *", at_start=True),
    Job("plan_reminders", plan_reminders, schedule="* * * * *", at_start=True),
    # Each minute: what a school did not take is tried again.
    Job(deadlines.WRITE, write_tasks, schedule="* * * * *", at_start=True),
    Job(deadlines.CALENDAR, send_calendar),
    Job("draw_figures", draw_figures, schedule="*/5 * * * *", at_start=True),
    Job(privacy.EXPORT, export_data, at_once=2),
    Job("resume_exports", resume_exports, schedule="*/5 * * * *", at_start=True),
    # Nine in the morning in Dhaka: yesterday is over nearly everywhere.
    Job("tell_daily_figures", tell_daily_figures, schedule="0 3 * * *", at_once=1),
    Job("plan_announcements", plan_announcements, schedule="* * * * *", at_start=True, at_once=1),
    Job("expire_sessions", expire_sessions, schedule="*/10 * * * *", at_start=True),
    Job("plan_guardians", plan_guardians, schedule="*/10 * * * *", at_start=True, at_once=1),
    Job("tell_disputes", tell_disputes, schedule="*/10 * * * *", at_start=True, at_once=1),
    Job("watch_costs", watch_costs, schedule="* * * * *", at_start=True),
    Job("prune", prune, schedule="17 * * * *"),
)


async def run(database: AsyncEngine, context: JobContext) -> None:
    """Run the jobs of this process until ``context.stopping`` is set."""
    beating = asyncio.create_task(_keep_beating(context))
    try:
        await queue.run_worker(
            database, JOBS, context, context.stopping, heartbeat=context.heartbeat
        )
    finally:
        beating.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await beating


async def _keep_beating(context: JobContext) -> None:
    """Note again and again that this process runs jobs; it goes on while the database is away."""
    while True:
        try:
            async with context.session_scope() as db:
                await queue.beat(db, clock.now())
        except (SQLAlchemyError, DatabaseError, OSError) as error:
            log.warning("a worker could not say that it is there", error=type(error).__name__)
        await asyncio.sleep(context.heartbeat.total_seconds() / 3)
