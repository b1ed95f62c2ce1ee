"""What background jobs close and delete, and what they leave alone."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from src import clock, database, jobs
from src.costs.alerts import Alert
from src.errors import ClockWrong
from src.jobs import JOBS, JobContext
from src.models import (
    OutboxKind,
    OutboxMessage,
    OutboxOutcome,
    ReceivedUpdate,
    Session,
    SessionStatus,
    Student,
)
from src.nudges.service import Nudge
from src.nudges.writer import NudgeWriter
from src.operations import housekeeping
from src.outbox.delivery import Delivery
from src.outbox.lane import Lane
from src.practice.results import NewDisputes
from src.queue import Work
from tests.fixtures.factories import (
    make_outbox_message,
    make_received_update,
    make_session,
    make_student,
)

ONCE = Work({}, 1, last=False)


class Nobody:
    """Has nothing to send."""

    async def send_nudge(self, nudge: Nudge) -> None:
        raise AssertionError("nothing is to be sent")

    async def report(self, new: NewDisputes) -> None:
        raise AssertionError("there is nothing to report")

    async def warn(self, alert: Alert) -> None:
        raise AssertionError("there is nothing to warn of")


def make_context(clock_shift: timedelta = timedelta()) -> JobContext:
    scope, stopping, nobody = database.session_scope, asyncio.Event(), Nobody()
    writers = {OutboxKind.NUDGE: NudgeWriter(nobody.send_nudge)}
    return JobContext(
        session_scope=scope,
        stopping=stopping,
        heartbeat=timedelta(seconds=30),
        clock_shift=clock_shift,
        outbox=Delivery(scope, writers, Lane(25, 15), stopping),
        warn=nobody.warn,
        report=nobody.report,
    )


async def test_sessions_whose_time_is_over_expire(db: AsyncSession) -> None:
    now = clock.now()
    students = [make_student() for _ in range(3)]
    db.add_all(students)
    await db.flush()
    over, open_, done = (student.id for student in students)
    db.add_all(
        [
            make_session(student_id=over, expires_at=now),
            make_session(student_id=open_, expires_at=now + timedelta(seconds=1)),
            make_session(student_id=done, expires_at=now, status=SessionStatus.COMPLETED),
        ]
    )
    await db.flush()
    assert await housekeeping.expire_sessions(db, now) == 1
    assert await housekeeping.expire_sessions(db, now) == 0
    expired = select(Session.student_id).where(Session.status == SessionStatus.EXPIRED)
    assert list(await db.scalars(expired)) == [over]


async def test_records_are_kept_as_long_as_they_may_be_needed(db: AsyncSession) -> None:
    now = clock.now()
    for hours in (0, 47, 71, 73, 200):
        db.add(make_received_update(update_id=hours, created_at=now - timedelta(hours=hours)))
    await db.commit()
    for job in JOBS:
        if job.name in {"expire_sessions", "prune"}:
            await job.run(make_context(), ONCE)
    kept = await db.scalars(select(ReceivedUpdate.update_id).order_by(ReceivedUpdate.update_id))
    assert list(kept) == [0, 47, 71]


async def test_old_nudges_are_forgotten_but_none_that_is_undecided(db: AsyncSession) -> None:
    now = clock.now()
    db.add(make_student(id=1))
    await db.flush()
    sent = OutboxOutcome.SENT
    for days, outcome in ((90, sent), (89, None), (59, sent)):
        at = now - timedelta(days=days)
        db.add(make_outbox_message(student_id=1, local_day=at.date(), due_at=at, outcome=outcome))
    await db.flush()
    assert await housekeeping.prune_messages(db, now - timedelta(days=60)) == 1
    assert len(list(await db.scalars(select(OutboxMessage.id)))) == 2


async def test_a_worker_with_a_wrong_clock_plans_nothing(postgres_url: str) -> None:
    async with database.session_scope() as db:
        db.add(make_student(next_nudge_at=clock.now()))
    hours = timedelta(hours=6)
    clock.shift(hours)
    try:
        with pytest.raises(ClockWrong):
            await jobs.plan_nudges(make_context(), ONCE)
        with pytest.raises(ClockWrong):
            await jobs.send_outbox(make_context(), ONCE)
        async with database.session_scope() as db:
            assert await db.scalar(select(OutboxMessage.id)) is None
        await jobs.plan_nudges(make_context(clock_shift=hours), ONCE)
    finally:
        clock.shift(timedelta())
    async with database.session_scope() as db:
        assert await db.scalar(select(OutboxMessage.id)) is not None


@pytest.mark.usefixtures("database_url")
async def test_planning_goes_on_until_nobody_is_due() -> None:
    due = clock.now() - timedelta(seconds=1)
    async with database.session_scope() as db:
        db.add_all(make_student(next_nudge_at=due) for _ in range(1101))
    await jobs.plan_nudges(make_context(), ONCE)
    async with database.session_scope() as db:
        assert len(list(await db.scalars(select(OutboxMessage.id)))) == 1101
        left = select(Student.id).where(Student.next_nudge_at <= due)
        assert await db.scalar(left) is None
        await db.execute(update(Student).values(next_nudge_at=None))
