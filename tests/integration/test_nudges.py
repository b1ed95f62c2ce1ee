"""Nudges on both databases: who is due, who is claimed, what becomes of it."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from typer.testing import CliRunner

from cli.main import app
from src import clock, database
from src.accounts import service as accounts
from src.clock import local_day
from src.errors import FloodLimit, MaybeSent, MessageRefused, NotSent, PupilBlockedBot
from src.language import Language
from src.models import OutboxKind, OutboxMessage, OutboxOutcome, SessionStatus, Streak, Student
from src.nudges import service
from src.nudges.rules import Variant
from src.nudges.service import Nudge
from src.nudges.writer import NudgeWriter
from src.outbox import service as outbox
from src.outbox.delivery import Delivery
from src.outbox.lane import Lane
from src.outbox.service import Result
from tests.fixtures.factories import make_outbox_message, make_session, make_streak, make_student

DHAKA = "Asia/Dhaka"
TODAY = date(2026, 3, 10)
DONE = SessionStatus.COMPLETED


def at(text: str, day: date = TODAY) -> datetime:
    """Return a local time in Dhaka, such as "18:00", as an instant."""
    return datetime.fromisoformat(f"{day} {text}+06:00").astimezone(UTC)


async def add(*rows: Any) -> list[int]:
    async with database.session_scope() as db:
        db.add_all(rows)
        await db.flush()
        return [row.id for row in rows]


def due_student(**values: Any) -> Student:
    """Return a pupil of some days ago who is due at six in the evening of the day."""
    defaults = {"registered_at": at("10:00", date(2026, 3, 8)), "next_nudge_at": at("18:00")}
    return make_student(**defaults | values)


async def plan(now: datetime) -> int:
    async with database.session_scope() as db:
        return await service.plan(db, now)


async def all_nudges() -> Sequence[OutboxMessage]:
    async with database.session_scope() as db:
        return (await db.scalars(select(OutboxMessage).order_by(OutboxMessage.id))).all()


async def the_student(student_id: int) -> Student:
    async with database.session_scope() as db:
        return await db.get_one(Student, student_id)


async def claim(nudge_id: int, now: datetime) -> Nudge | None:
    async with database.session_scope() as db:
        waiting = await outbox.lock(db, nudge_id)
        if waiting is None:
            return None
        found = await service.prepare(db, waiting, now)
        if isinstance(found, OutboxOutcome):
            await outbox.skip(db, nudge_id, found)
            return None
        await outbox.claim(db, nudge_id, now, found.variant)
        return found


@pytest.mark.usefixtures("database_url")
async def test_who_is_due_gets_one_row_and_the_next_day() -> None:
    [due, _] = await add(due_student(), due_student(next_nudge_at=at("19:00")))
    assert await plan(at("18:00")) == 1
    assert await plan(at("18:00")) == 0
    [nudge] = await all_nudges()
    assert (nudge.student_id, nudge.local_day, nudge.outcome) == (due, TODAY, None)
    assert (nudge.due_at, nudge.expires_at) == (at("18:00"), at("21:00"))
    assert (await the_student(due)).next_nudge_at == at("18:00", date(2026, 3, 11))


@pytest.mark.usefixtures("database_url")
async def test_after_an_outage_goes_out_what_is_still_in_time() -> None:
    """Down until half past eight in Dhaka: in Tokyo it is then half past eleven."""
    await add(
        due_student(),
        due_student(timezone="Asia/Tokyo", next_nudge_at=datetime(2026, 3, 10, 9, tzinfo=UTC)),
    )
    assert await plan(at("20:30")) == 2
    outcomes = sorted(str(n.outcome) for n in await all_nudges())
    assert outcomes == ["None", "skipped_late"]


@pytest.mark.usefixtures("database_url")
async def test_each_missed_day_says_why() -> None:
    await add(due_student())
    while await plan(at("19:00", date(2026, 3, 12))):
        pass
    assert [(n.local_day.day, n.outcome) for n in await all_nudges()] == [
        (10, OutboxOutcome.SKIPPED_LATE),
        (11, OutboxOutcome.SKIPPED_LATE),
        (12, None),
    ]


async def mend(now: datetime) -> None:
    async with database.session_scope() as db:
        assert await service.mend(db, 0, now) is None


@pytest.mark.usefixtures("database_url")
async def test_a_clock_that_was_ahead_takes_no_reminder_away() -> None:
    [student] = await add(due_student())
    while await plan(at("19:00", date(2026, 3, 13))):
        pass
    assert (await the_student(student)).next_nudge_at == at("18:00", date(2026, 3, 14))
    await mend(at("10:00"))
    days = []
    for day in (10, 11, 12, 13):
        today = date(2026, 3, day)
        assert (await the_student(student)).next_nudge_at == at("18:00", today)
        assert await plan(at("18:00", today)) == 1
        days.append((await all_nudges())[-1].local_day.day)
    assert days == [10, 11, 12, 13]
    assert {n.outcome for n in await all_nudges()} == {None}


@pytest.mark.usefixtures("database_url")
async def test_a_nudge_that_was_sent_by_a_wrong_clock_is_that_days_nudge() -> None:
    [student] = await add(due_student())
    tomorrow = date(2026, 3, 11)
    await add(
        make_outbox_message(
            student_id=student,
            subject=str(tomorrow),
            local_day=tomorrow,
            due_at=at("18:00", tomorrow),
            claimed_at=at("18:00", tomorrow),
            outcome=OutboxOutcome.SENT,
        )
    )
    await mend(at("10:00"))
    assert await plan(at("18:00")) == 1
    assert (await the_student(student)).next_nudge_at == at("18:00", tomorrow)
    assert await plan(at("18:00", tomorrow)) == 1
    assert [n.local_day.day for n in await all_nudges()] == [11, 10]
    assert (await the_student(student)).next_nudge_at == at("18:00", date(2026, 3, 12))


@pytest.mark.usefixtures("database_url")
@pytest.mark.parametrize("practised_today", [False, True])
async def test_practice_on_days_to_come_does_not_stand_for_today(practised_today: bool) -> None:
    later = at("10:00", date(2026, 3, 13))
    [student] = await add(
        due_student(last_active_at=later, next_nudge_at=at("18:00", date(2026, 3, 14)))
    )
    counted = {"last_counted_at": later, "last_completed_at": later}
    async with database.session_scope() as db:
        day = date(2026, 3, 13)
        db.add(make_streak(student_id=student, last_practice_date=day, **counted))
    await add(make_session(student_id=student, created_at=later, status=DONE))
    if practised_today:
        await add(make_session(student_id=student, created_at=at("09:00"), status=DONE))
    async with database.session_scope() as db:
        await service.reschedule(db, student, at("10:00"))
    first = 11 if practised_today else 10
    assert (await the_student(student)).next_nudge_at == at("18:00", date(2026, 3, first))


@pytest.mark.usefixtures("database_url")
async def test_who_writes_after_a_clock_was_ahead_is_due_as_if_it_had_not_been() -> None:
    ahead = clock.now() + timedelta(days=3)
    [student] = await add(
        make_student(
            telegram_id=77,
            registered_at=clock.now() - timedelta(days=1),
            last_active_at=ahead,
            next_nudge_at=ahead,
        )
    )
    async with database.session_scope() as db:
        await accounts.enter(db, 77, "en", clock.now())
    due_at = (await the_student(student)).next_nudge_at
    assert due_at is not None
    assert due_at < clock.now() + timedelta(days=2)


async def test_planners_at_once_make_one_row_each(postgres_url: str) -> None:
    await add(*(due_student() for _ in range(1200)))
    while sum(await asyncio.gather(*(plan(at("18:01")) for _ in range(4)))):
        pass
    nudges = await all_nudges()
    assert len(nudges) == len({n.student_id for n in nudges}) == 1200


@pytest.mark.usefixtures("database_url")
async def test_a_late_planner_with_an_old_list_adds_nothing() -> None:
    [student] = await add(due_student())
    await plan(at("18:00"))
    async with database.session_scope() as db:
        await db.execute(update(Student).values(next_nudge_at=at("18:00")))
    await plan(at("18:02"))
    assert len(await all_nudges()) == 1
    assert (await the_student(student)).next_nudge_at == at("18:00", date(2026, 3, 11))


@pytest.mark.usefixtures("database_url")
async def test_of_many_claims_at_once_one_wins() -> None:
    await add(due_student(telegram_id=77))
    await plan(at("18:00"))
    [nudge] = await all_nudges()
    won = await asyncio.gather(*(claim(nudge.id, at("18:01")) for _ in range(8)))
    [claimed] = [found for found in won if found is not None]
    assert claimed == Nudge(77, Language.EN, Variant.FIRST_DAYS, 0)


@pytest.mark.usefixtures("database_url")
@pytest.mark.parametrize(
    ("change", "now", "outcome"),
    [
        ({"nudges_enabled": False}, "18:05", OutboxOutcome.SKIPPED_UNWANTED),
        ({"blocked_at": at("18:01")}, "18:05", OutboxOutcome.SKIPPED_UNWANTED),
        ({"timezone": "Asia/Tokyo"}, "18:05", OutboxOutcome.SKIPPED_LATE),
        ({}, "21:00", OutboxOutcome.SKIPPED_LATE),
    ],
)
async def test_the_claim_looks_again(
    change: dict[str, Any], now: str, outcome: OutboxOutcome
) -> None:
    await add(due_student())
    await plan(at("18:00"))
    async with database.session_scope() as db:
        if change:
            await db.execute(update(Student).values(**change))
    [nudge] = await all_nudges()
    assert await claim(nudge.id, at(now)) is None
    [nudge] = await all_nudges()
    assert (nudge.outcome, nudge.claimed_at) == (outcome, None)


@pytest.mark.usefixtures("database_url")
async def test_who_has_practised_meanwhile_is_left_alone() -> None:
    [student] = await add(due_student())
    await plan(at("18:00"))
    async with database.session_scope() as db:
        today = local_day(at("18:02"), DHAKA)
        db.add(Streak(student_id=student, current_streak=1, last_practice_date=today))
    [nudge] = await all_nudges()
    assert await claim(nudge.id, at("18:05")) is None
    [nudge] = await all_nudges()
    assert nudge.outcome == OutboxOutcome.SKIPPED_PRACTISED


@pytest.mark.usefixtures("database_url")
async def test_the_words_know_the_streak() -> None:
    [student] = await add(due_student())
    yesterday = date(2026, 3, 9)
    await add_streak(student, days=4, last=yesterday)
    await plan(at("18:00"))
    [nudge] = await all_nudges()
    found = await claim(nudge.id, at("18:00"))
    assert found is not None
    assert (found.variant, found.streak) == (Variant.STREAK, 4)
    assert [n.variant for n in await all_nudges()] == ["streak"]


async def add_streak(student: int, days: int, last: date) -> None:
    async with database.session_scope() as db:
        db.add(
            Streak(
                student_id=student,
                current_streak=days,
                longest_streak=days,
                last_practice_date=last,
                last_timezone=DHAKA,
                last_counted_at=at("18:00", last),
                last_completed_at=at("18:00", last),
            )
        )


@pytest.mark.usefixtures("database_url")
async def test_what_no_turn_came_for_is_closed() -> None:
    await add(due_student())
    await plan(at("18:00"))
    async with database.session_scope() as db:
        assert await outbox.waiting(db, list(OutboxKind), at("20:59"), 10) != []
        assert await outbox.waiting(db, list(OutboxKind), at("21:00"), 10) == []
    assert [n.outcome for n in await all_nudges()] == [OutboxOutcome.SKIPPED_CAPACITY]


@pytest.mark.usefixtures("database_url")
async def test_a_claim_that_was_never_stamped_is_reported_and_not_sent() -> None:
    await add(due_student())
    await plan(at("18:00"))
    [nudge] = await all_nudges()
    assert await claim(nudge.id, at("18:00")) is not None
    for minute, outcome in (("18:09", None), ("18:11", OutboxOutcome.AMBIGUOUS)):
        async with database.session_scope() as db:
            await outbox.tidy(db, at(minute))
            assert await outbox.waiting(db, list(OutboxKind), at(minute), 10) == []
        assert [n.outcome for n in await all_nudges()] == [outcome]


async def test_a_lost_queue_is_filled_again(postgres_url: str) -> None:
    await add(due_student())
    queue = text("SELECT entrypoint, dedupe_key FROM dars_jobs.pgqueuer")
    for _ in range(2):
        await plan(at("18:00"))
        async with database.session_scope() as db:
            await outbox.tidy(db, at("18:00"))
        async with database.session_scope() as db:
            assert (await db.execute(queue)).all() == [("send_nudges", "send_nudges")]
            await db.execute(text("TRUNCATE dars_jobs.pgqueuer"))


@pytest.mark.usefixtures("database_url")
async def test_what_a_pupil_does_keeps_the_time_right(db: AsyncSession) -> None:
    clock_now = clock.now()
    student = make_student(telegram_id=77, registered_at=None, consented_at=None, timezone=DHAKA)
    db.add(student)
    await db.flush()
    pupil = await accounts.enter(db, 77, "en", clock_now)

    async def due() -> datetime | None:
        await db.refresh(student)
        return student.next_nudge_at

    assert await due() is None
    pupil = await accounts.consent(db, pupil, "Rima", clock_now)
    pupil = await accounts.choose_timezone(db, await accounts.choose_grade(db, pupil, 7), DHAKA)
    assert await due() is None
    pupil = await accounts.finish(db, pupil, clock_now, enabled=True)
    first = await due()
    assert first is not None
    assert first.astimezone(UTC).time() == time(12, 0)
    assert clock_now < first <= clock_now + timedelta(days=1)
    await accounts.choose_nudges(db, pupil, enabled=True, at=time(20, 0))
    assert (await due() or clock_now).time() == time(14, 0)
    await accounts.choose_timezone(db, pupil, "Asia/Tokyo")
    assert (await due() or clock_now).time() == time(11, 0)
    await accounts.choose_nudges(db, pupil, enabled=False)
    assert await due() is None
    await accounts.choose_nudges(db, pupil, enabled=True)
    assert await due() is not None
    await accounts.mark_blocked(db, 77, clock_now)
    assert await due() is None
    await accounts.enter(db, 77, "en", clock_now)
    assert await due() is not None


@pytest.mark.usefixtures("database_url")
async def test_a_silent_pupil_who_begins_again_is_due_again(db: AsyncSession) -> None:
    now = clock.now()
    student = make_student(registered_at=now - timedelta(days=90), timezone=DHAKA)
    db.add(student)
    await db.flush()
    await service.reschedule(db, student.id, now)
    due_at = select(Student.next_nudge_at)
    assert await db.scalar(due_at) is None
    db.add(make_session(student_id=student.id, status=SessionStatus.ACTIVE))
    await db.flush()
    await service.reschedule(db, student.id, now)
    assert await db.scalar(due_at) is not None


class Post:
    """A sender that does what it is told to, and remembers."""

    def __init__(self, *plans: Exception | None) -> None:
        self.plans = list(plans)
        self.sent: list[int] = []

    async def send_nudge(self, nudge: Nudge) -> None:
        plan = self.plans.pop(0) if self.plans else None
        if plan is not None:
            raise plan
        self.sent.append(nudge.chat_id)


def writers(post: Post) -> Mapping[OutboxKind, NudgeWriter]:
    return {OutboxKind.NUDGE: NudgeWriter(post.send_nudge)}


async def deliver(post: Post, *, rounds: int = 1) -> bool:
    more = False
    lane = Lane(500, 60)
    delivery = Delivery(database.session_scope, writers(post), lane, asyncio.Event())
    for _ in range(rounds):
        more = await delivery.run()
    return more


async def add_waiting(count: int) -> None:
    """Add pupils whose nudge waits, whatever the time of the day is: in a zone where it is noon."""
    now = clock.now()
    zone = f"Etc/GMT{now.hour - 12:+d}"
    for student in await add(*(make_student(timezone=zone) for _ in range(count))):
        await add(make_outbox_message(student_id=student, local_day=local_day(now, zone)))


@pytest.mark.usefixtures("database_url")
async def test_a_batch_is_sent_and_stamped() -> None:
    await add_waiting(5)
    post = Post()
    assert await deliver(post) is False
    assert len(set(post.sent)) == len(post.sent) == 5
    assert [n.outcome for n in await all_nudges()] == [OutboxOutcome.SENT] * 5
    assert all(n.sent_at and n.claimed_at and n.sent_at >= n.claimed_at for n in await all_nudges())


@pytest.mark.usefixtures("database_url")
@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (PupilBlockedBot(), OutboxOutcome.BLOCKED),
        (MessageRefused(), OutboxOutcome.FAILED),
        (MaybeSent(), OutboxOutcome.AMBIGUOUS),
    ],
)
async def test_what_failed_for_good_is_not_tried_again(
    error: Exception, outcome: OutboxOutcome
) -> None:
    await add_waiting(1)
    post = Post(error)
    assert await deliver(post, rounds=2) is False
    [nudge] = await all_nudges()
    assert (post.sent, nudge.outcome, nudge.error) == ([], outcome, type(error).__name__)


@pytest.mark.usefixtures("database_url")
@pytest.mark.parametrize("error", [FloodLimit(0.2), NotSent()])
async def test_what_certainly_did_not_arrive_is_sent_later(error: Exception) -> None:
    await add_waiting(2)
    post = Post(error)
    assert await deliver(post) is False
    assert len(set(post.sent)) == len(post.sent) == 2
    assert [n.outcome for n in await all_nudges()] == [OutboxOutcome.SENT] * 2


@pytest.mark.usefixtures("database_url")
async def test_stopping_leaves_the_rest_unclaimed() -> None:
    await add_waiting(3)
    stopping = asyncio.Event()
    stopping.set()
    post = Post()
    assert (
        await Delivery(database.session_scope, writers(post), Lane(100, 60), stopping).run() is True
    )
    assert post.sent == []
    assert {n.claimed_at for n in await all_nudges()} == {None}


@pytest.mark.usefixtures("database_url")
async def test_a_result_can_release_a_claim(db: AsyncSession) -> None:
    student = make_student()
    db.add(student)
    await db.flush()
    nudge = make_outbox_message(student_id=student.id, claimed_at=clock.now())
    db.add(nudge)
    await db.flush()
    await outbox.record(db, Result(nudge.id, None, error="NotSent"))
    assert await outbox.waiting(db, [OutboxKind.NUDGE], clock.now(), 5) == [nudge.id]


def test_the_status_tells_what_became_of_them(database_url: str) -> None:
    asyncio.run(_prepare_status())
    result = CliRunner().invoke(app, ["nudges", "status", "--format", "json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert [(c["outcome"], c["messages"]) for c in found["counts"]] == [("sent", 2), ("waiting", 1)]
    assert found["scheduled"] == 1
    table = CliRunner().invoke(app, ["nudges", "status"])
    assert "waiting" in table.stdout


async def _prepare_status() -> None:
    soon = clock.now() + timedelta(hours=1)
    ids = await add(make_student(next_nudge_at=soon), make_student(), make_student())
    sent = {"outcome": OutboxOutcome.SENT, "variant": "streak"}
    await add(
        make_outbox_message(student_id=ids[0], **sent),
        make_outbox_message(student_id=ids[1], **sent),
        make_outbox_message(student_id=ids[2]),
    )
    await database.dispose()
