"""A week of reminders in all time zones, with workers that are killed anywhere.

A tier is never missed, never told twice but where a kill left it unstamped, never in quiet hours,
and never of what is done, gone or has another date by then.
"""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import available_timezones

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from src import database
from src.deadlines import reminders, rules, service
from src.deadlines.results import DueNotice
from src.deadlines.rules import TIERS, Tier
from src.models import OutboxKind, OutboxMessage, OutboxOutcome, Student, Task
from src.outbox import report
from src.outbox import service as outbox
from src.outbox.rules import is_quiet
from src.outbox.service import Result, Waiting
from tests.fixtures import factories as make

BEGIN = datetime(2026, 3, 23, tzinfo=UTC)
END = BEGIN + timedelta(days=9)
# The days on which clocks change in Europe lie in it.
ZONES = sorted(available_timezones() - {"localtime", "Factory"})
NEVER = datetime.max.replace(tzinfo=UTC)
KINDS = (OutboxKind.REMINDER,)
_MINUTE = timedelta(minutes=1)
# A worker looks each minute; one that was killed holds a message for that long.
SLACK = timedelta(minutes=20)


class Killed(Exception):  # noqa: N818 - names what happened
    """The process is gone: its transaction is rolled back, what it did before stays."""


@dataclass
class Life:
    """What held of a task from an instant on.

    Attributes:
        since: From when on.
        due_at: When it was due; None: nothing is to be told.
        until: Until when that held.
    """

    since: datetime
    due_at: datetime | None
    until: datetime = NEVER


@dataclass
class Week:
    """The world of one run."""

    random: Random
    kills: int
    killed: Counter[str] = field(default_factory=Counter)
    lives: dict[int, list[Life]] = field(default_factory=dict)
    zones: dict[int, str] = field(default_factory=dict)
    sends: list[tuple[int, datetime, list[tuple[int, datetime | None]]]] = field(
        default_factory=list
    )
    now: datetime = BEGIN

    async def plant(self, pupils: int, tasks: int) -> None:
        """Make pupils everywhere, each with some tasks of the week."""
        async with database.session_scope() as db:
            rows = [make.make_student(timezone=zone) for zone in self._some_zones(pupils)]
            db.add_all(rows)
            await db.flush()
            for row in rows:
                for _ in range(tasks):
                    due_at = BEGIN + timedelta(minutes=self.random.randrange(30, 9 * 24 * 60))
                    task = make.make_task(student_id=row.id, due_at=due_at)
                    service.rearm(task, row.timezone, BEGIN, is_news=False)
                    db.add(task)
                    await db.flush()
                    self.lives[task.id] = [Life(BEGIN, due_at)]
                    self.zones[task.id] = row.timezone

    def _some_zones(self, count: int) -> list[str]:
        """Return zones, each of them once before any twice."""
        found: list[str] = []
        while len(found) < count:
            found += self.random.sample(ZONES, len(ZONES))
        return found[:count]

    @asynccontextmanager
    async def process(self) -> AsyncIterator[None]:
        """What a process does until it is killed."""
        try:
            yield
        except Killed:
            self.kills -= 1

    def may_die(self, where: str, chance: float = 0.03) -> None:
        if self.kills > 0 and self.random.random() < chance:
            self.killed[where] += 1
            raise Killed

    async def run(self, changes: int) -> None:
        """Let the week pass; at some instants something changes."""
        when = sorted(
            BEGIN + timedelta(minutes=self.random.randrange(9 * 24 * 60)) for _ in range(changes)
        )
        while self.now < END:
            while when and when[0] <= self.now:
                await self._change(when.pop(0))
            for _ in range(1 + (self.random.random() < 0.3)):
                async with self.process():
                    await self._work()
            self.now = await self._next(when)

    async def _next(self, when: list[datetime]) -> datetime:
        async with database.read_scope() as db:
            first = await db.scalar(select(func.min(Task.next_reminder_at)))
            open_ = select(func.min(OutboxMessage.due_at)).where(OutboxMessage.outcome.is_(None))
            second = await db.scalar(open_)
        # What waits for the next look is looked at each minute.
        busy = second is not None and second <= self.now
        instants = [one for one in (first, second, *when[:1]) if one is not None]
        soonest = min(instants, default=END)
        return max(self.now + _MINUTE * (1 if busy else self.random.randint(1, 4)), soonest)

    async def _change(self, at: datetime) -> None:
        task_id = self.random.choice(list(self.lives))
        async with database.session_scope() as db:
            task = await db.get_one(Task, task_id)
            student = await db.get_one(Student, task.student_id)
            what = self.random.choice(["move", "undate", "tick", "delete"])
            if task.done_at or task.is_deleted:
                return
            if what == "move" or (what == "undate" and task.due_at is None):
                ahead = timedelta(minutes=self.random.randrange(1, 6 * 24 * 60))
                service.move(task, self.now + ahead, self.now)
            elif what == "undate":
                service.move(task, None, self.now)
            elif what == "tick":
                task.done_at, task.is_ticked = self.now, True
            else:
                task.is_deleted = True
            service.rearm(task, student.timezone, self.now, is_news=True)
            lives = self.lives[task_id]
            lives[-1].until = self.now
            due_at = task.due_at if service.is_open(task) else None
            lives.append(Life(self.now, due_at))

    async def _work(self) -> None:
        """Do what one worker does in a minute: plan, tidy, send."""
        async with database.session_scope() as db:
            await reminders.plan(db, self.now)
            self.may_die("while planning")
        async with database.session_scope() as db:
            await outbox.tidy(db, self.now)
            ids = await outbox.waiting(db, KINDS, self.now, 500)
        results: list[Result] = []
        for message_id in ids:
            await self._send(message_id, results)
        async with database.session_scope() as db:
            self.may_die("before the stamp", 0.02 * bool(results))
            for result in results:
                await outbox.record(db, result)

    async def _send(self, message_id: int, results: list[Result]) -> None:
        async with database.session_scope() as db:
            waiting = await outbox.lock(db, message_id)
            found = await self._prepare(db, waiting) if waiting else None
            self.may_die("while claiming", 0.01)
        if isinstance(found, DueNotice):
            self.may_die("before sending", 0.01)
            told = [(one.id, one.due_at) for one in found.tasks]
            self.sends.append((message_id, self.now, told))
            self.may_die("after sending", 0.01)
            results.append(Result(message_id, OutboxOutcome.SENT, self.now))

    async def _prepare(self, db: AsyncSession, waiting: Waiting) -> object:
        found = await reminders.prepare(db, waiting, self.now)
        if isinstance(found, OutboxOutcome):
            await outbox.skip(db, waiting.id, found)
        elif isinstance(found, datetime):
            await outbox.postpone(db, waiting.id, found)
        else:
            await outbox.claim(db, waiting.id, self.now, None)
        return found

    # What has to hold.

    def expected(self) -> list[tuple[int, Tier, datetime, Life]]:
        """Return each tier that was to be told: of which task, when, and while what held."""
        found = []
        for task_id, lives in self.lives.items():
            for life in lives:
                if life.due_at is None:
                    continue
                for tier in TIERS:
                    at = rules.reminder(life.due_at, tier, self.zones[task_id])
                    # What should have come before is told at once where the date is news.
                    if at <= life.since == BEGIN or at + SLACK >= min(life.until, END):
                        continue
                    if at > life.since:
                        found.append((task_id, tier, at, life))
        return found

    def misses(self, late: set[int]) -> list[tuple[int, Tier, datetime]]:
        """Return the tiers that nobody was told of and that were not counted as too late."""
        told: dict[tuple[int, datetime | None], list[datetime]] = {}
        for _, at, tasks in self.sends:
            for key in tasks:
                told.setdefault(key, []).append(at)
        return [
            (task_id, tier, at)
            for task_id, tier, at, life in self.expected()
            if task_id not in late
            and not any(at <= one < life.until for one in told.get((task_id, life.due_at), []))
        ]

    def faults(self) -> list[str]:
        """Return what was told when it should not have been."""
        found = []
        for _, at, tasks in self.sends:
            for task_id, due_at in tasks:
                life = next(one for one in self.lives[task_id] if one.since <= at < one.until)
                if is_quiet(at, self.zones[task_id]):
                    found.append(f"{task_id} in quiet hours")
                if life.due_at is None or life.due_at != due_at or at >= life.due_at:
                    found.append(f"{task_id} of what is not so any more")
        return found


async def live_through(week: Week, pupils: int, tasks: int, changes: int) -> None:
    await week.plant(pupils, tasks)
    await week.run(changes)
    async with database.read_scope() as db:
        rows = list(await db.scalars(select(OutboxMessage)))
        assert await reminders_left(db, week.now) == 0
    late = {
        number
        for row in rows
        if row.outcome in {OutboxOutcome.SKIPPED_LATE, OutboxOutcome.SKIPPED_CAPACITY}
        for number, _ in row.payload or ()
    }
    assert week.faults() == []
    assert week.misses(late) == []
    counts = Counter(message_id for message_id, _, _ in week.sends)
    twice = {message_id for message_id, count in counts.items() if count > 1}
    # Those that a kill left unstamped, and no others; they are counted.
    assert twice <= {row.id for row in rows if row.error == "Abandoned"}
    unstamped = week.killed["after sending"] + week.killed["before the stamp"]
    assert len(twice) <= 100 * unstamped
    async with database.read_scope() as db:
        found = await report.count(db, week.now, 30, OutboxKind.REMINDER)
    counted = sum(one.messages for one in found if one.outcome == report.MAYBE_TWICE)
    assert len(twice) <= counted
    keys = Counter((row.student_id, row.subject, row.revision) for row in rows)
    assert max(keys.values(), default=1) == 1


async def reminders_left(db: AsyncSession, now: datetime) -> int:
    waiting = select(func.count()).where(Task.next_reminder_at <= now - SLACK)
    return await db.scalar(waiting) or 0


async def test_a_hundredth_of_the_week(sqlite_url: str) -> None:
    week = Week(Random(1), kills=6)
    await live_through(week, pupils=10, tasks=3, changes=12)
    assert sum(len(tasks) for _, _, tasks in week.sends) >= 100
    assert week.killed.total() > 0


@pytest.mark.soak
async def test_the_whole_week(database_url: str) -> None:
    week = Week(Random(7), kills=100)
    await live_through(week, pupils=750, tasks=4, changes=1500)
    told = sum(len(tasks) for _, _, tasks in week.sends)
    assert told >= 10_000
    assert week.killed.total() == 100
