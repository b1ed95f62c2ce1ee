"""Tasks and reminders on both databases: the list, own tasks, what is told and what is not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from src import database
from src.accounts import service as accounts
from src.accounts.pupil import Pupil
from src.deadlines import digests, reminders, service
from src.deadlines.results import DueNotice, Meant, NewTask
from src.deadlines.rules import TIERS, Tier
from src.deadlines.writer import DeadlineWriter, Notice
from src.errors import StaleAction
from src.models import OutboxKind, OutboxMessage, OutboxOutcome, Student, Task, TaskSource
from src.outbox import service as outbox
from src.outbox.delivery import Draft
from tests.fixtures import factories as make

DHAKA = "Asia/Dhaka"
ASSIGNMENT = TaskSource.CANVAS_ASSIGNMENT


def at(text: str) -> datetime:
    """Read local Dhaka time, such as "2026-03-01 18:00", as an instant."""
    return datetime.fromisoformat(f"{text}+06:00").astimezone(UTC)


NOW = at("2026-03-04 12:00")
FRIDAY = at("2026-03-06 17:00")


async def new_pupil(**values: Any) -> Pupil:
    async with database.session_scope() as db:
        row = make.make_student(timezone=DHAKA, **values)
        db.add(row)
        await db.flush()
        found = await accounts.find_student(db, row.id)
    assert found is not None
    return found


async def add(pupil: Pupil, title: str, due_at: datetime | None, now: datetime = NOW) -> int:
    async with database.session_scope() as db:
        new = NewTask(TaskSource.MANUAL, title, due_at)
        return (await service.add_manual(db, pupil, new, now)).id


async def the_task(task_id: int) -> Task:
    async with database.session_scope() as db:
        return await db.get_one(Task, task_id)


async def plan(now: datetime) -> int:
    async with database.session_scope() as db:
        return await reminders.plan(db, now)


async def messages() -> list[OutboxMessage]:
    async with database.session_scope() as db:
        return list(await db.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


async def prepare(message_id: int, now: datetime) -> object:
    async with database.session_scope() as db:
        waiting = await outbox.lock(db, message_id)
        assert waiting is not None
        return await reminders.prepare(db, waiting, now)


async def test_an_own_task_is_in_the_list(database_url: str) -> None:
    pupil = await new_pupil()
    today = await add(pupil, "Read chapter 3", at("2026-03-04 17:00"))
    friday = await add(pupil, "History essay", FRIDAY)
    later = await add(pupil, "Science fair", at("2026-03-20 10:00"))
    undated = await add(pupil, "Find a pen", None)
    past = await add(pupil, "Poster", at("2026-03-03 10:00"))
    async with database.session_scope() as db:
        page = await service.tasks_page(db, pupil, NOW)
        due = await service.get_tasks_due_today(db, pupil, NOW)
        week = await service.get_tasks_this_week(db, pupil, NOW)
        overdue = await service.get_overdue_tasks(db, pupil, NOW)
    assert [one.id for one in page.tasks] == [today, friday, later, undated, past]
    assert not page.has_more
    assert [one.id for one in due] == [today]
    assert [one.id for one in week] == [today, friday]
    assert [one.id for one in overdue] == [past]


async def test_a_long_list_has_pages(database_url: str) -> None:
    pupil = await new_pupil()
    for n in range(9):
        await add(pupil, f"Task {n}", FRIDAY + timedelta(hours=n))
    async with database.session_scope() as db:
        first = await service.tasks_page(db, pupil, NOW)
        second = await service.tasks_page(db, pupil, NOW, 1)
        beyond = await service.tasks_page(db, pupil, NOW, 7)
    assert (len(first.tasks), first.has_more) == (6, True)
    assert (len(second.tasks), second.has_more) == (3, False)
    assert beyond == first


async def test_the_same_task_twice_is_one(database_url: str) -> None:
    pupil = await new_pupil()
    assert await add(pupil, "Essay", FRIDAY) == await add(pupil, "Essay", FRIDAY)


async def test_a_month_is_counted_by_comparison(database_url: str) -> None:
    pupil = await new_pupil()
    await add(pupil, "Essay", FRIDAY)
    await add(pupil, "Poster", FRIDAY)
    async with database.session_scope() as db:
        row = await db.get_one(Student, pupil.id)
        assert (row.manual_tasks_this_month, row.manual_tasks_month) == (2, date(2026, 3, 1))
    await add(pupil, "Model", FRIDAY + timedelta(days=40), at("2026-04-01 00:10"))
    async with database.session_scope() as db:
        row = await db.get_one(Student, pupil.id)
        assert (row.manual_tasks_this_month, row.manual_tasks_month) == (1, date(2026, 4, 1))


async def test_bulk_create_finds_duplicates(database_url: str) -> None:
    pupil = await new_pupil()
    async with database.session_scope() as db:
        connection = await _connection(db, pupil)
        new = [
            NewTask(ASSIGNMENT, f"Task {n}", FRIDAY, canvas_assignment_id=n) for n in range(1, 600)
        ]
        new = [replace(one, connection_id=connection) for one in new]
        assert await service.bulk_create_tasks(db, pupil, new, NOW, is_news=False) == 599
        assert await service.bulk_create_tasks(db, pupil, new, NOW, is_news=False) == 0
        more = [*new[:3], replace(new[0], canvas_assignment_id=1000)]
        assert await service.bulk_create_tasks(db, pupil, more, NOW, is_news=False) == 1


async def _connection(db: Any, pupil: Pupil) -> int:
    host = make.make_canvas_host()
    db.add(host)
    await db.flush()
    row = make.make_canvas_connection(
        host_id=host.id, person_id=pupil.person_id, label=None, canvas_user_id=7
    )
    db.add(row)
    await db.flush()
    number: int = row.id
    return number


async def test_nobody_changes_the_task_of_another(database_url: str) -> None:
    task = await add(await new_pupil(), "Essay", FRIDAY)
    other = await new_pupil()
    async with database.session_scope() as db:
        with pytest.raises(StaleAction):
            await service.tick(db, other, task, NOW, is_done=True)
        with pytest.raises(StaleAction):
            await service.get_task(db, other, task)


async def test_what_the_pupil_has_just_typed_is_not_told_back(database_url: str) -> None:
    pupil = await new_pupil()
    task = await the_task(await add(pupil, "Essay", FRIDAY))
    # Two days and five hours before: a week and three days are over.
    sent = [tier for tier in TIERS if getattr(task, tier.flag)]
    assert sent == [Tier.WEEK, Tier.THREE_DAYS]
    assert task.next_reminder_at == FRIDAY - timedelta(days=1)
    assert await plan(NOW) == 0


async def test_a_reminder_is_taken_once(database_url: str) -> None:
    pupil = await new_pupil()
    task_id = await add(pupil, "Essay", FRIDAY)
    then = FRIDAY - timedelta(days=1)
    assert await plan(then) == 1
    assert await plan(then) == 0
    [message] = await messages()
    assert (message.kind, message.outcome) == (OutboxKind.REMINDER, None)
    assert message.expires_at == FRIDAY
    task = await the_task(task_id)
    assert task.reminder_1d_sent
    # Five in the morning is too early: eight.
    assert task.next_reminder_at == at("2026-03-06 08:00")
    notice = await prepare(message.id, then)
    assert isinstance(notice, DueNotice)
    assert [one.title for one in notice.tasks] == ["Essay"]


async def test_several_at_once_are_one_message(database_url: str) -> None:
    pupil = await new_pupil()
    for title in ("Essay", "Poster", "Model"):
        await add(pupil, title, FRIDAY)
    assert await plan(FRIDAY - timedelta(days=1)) == 3
    [message] = await messages()
    notice = await prepare(message.id, FRIDAY - timedelta(days=1))
    assert isinstance(notice, DueNotice)
    assert len(notice.tasks) == 3


@pytest.mark.parametrize("change", ["tick", "delete", "move", "undate", "gone"])
async def test_what_changed_meanwhile_is_not_told(database_url: str, change: str) -> None:
    """Rule 37: nobody is reminded of undated work."""
    pupil = await new_pupil()
    task_id = await add(pupil, "Essay", FRIDAY)
    then = FRIDAY - timedelta(days=1)
    await plan(then)
    [message] = await messages()
    async with database.session_scope() as db:
        task = await db.get_one(Task, task_id)
        if change == "tick":
            await service.tick(db, pupil, task_id, then, is_done=True)
        elif change == "delete":
            await service.delete(db, pupil, task_id, then, is_deleted=True)
        elif change == "gone":
            task.gone_at = then
        else:
            service.move(task, FRIDAY + timedelta(days=1) if change == "move" else None, then)
            service.rearm(task, DHAKA, then, is_news=True)
    assert await prepare(message.id, then) is OutboxOutcome.SKIPPED_UNWANTED


async def test_a_moved_date_is_told_again(database_url: str) -> None:
    pupil = await new_pupil()
    task_id = await add(pupil, "Essay", FRIDAY)
    then = FRIDAY - timedelta(days=1)
    await plan(then)
    moved = FRIDAY + timedelta(days=2)
    async with database.session_scope() as db:
        task = await db.get_one(Task, task_id)
        service.move(task, moved, then)
        service.rearm(task, DHAKA, then, is_news=True)
    # Three days before the new date: that tier comes now, and then that of the day.
    assert await plan(then) == 1
    assert await plan(moved - timedelta(days=1)) == 1
    assert len(await messages()) == 3


async def test_a_date_that_comes_near_is_told_at_once(database_url: str) -> None:
    pupil = await new_pupil()
    task_id = await add(pupil, "Essay", FRIDAY + timedelta(days=30))
    soon = NOW + timedelta(hours=6)
    async with database.session_scope() as db:
        task = await db.get_one(Task, task_id)
        service.move(task, soon, NOW)
        service.rearm(task, DHAKA, NOW, is_news=True)
    assert await plan(NOW) == 1
    [message] = await messages()
    assert isinstance(await prepare(message.id, NOW), DueNotice)


async def test_too_late_is_counted(database_url: str) -> None:
    """Nobody looked until the deadline was over."""
    pupil = await new_pupil()
    await add(pupil, "Essay", FRIDAY)
    assert await plan(FRIDAY + timedelta(minutes=5)) == 1
    [message] = await messages()
    assert message.outcome is OutboxOutcome.SKIPPED_LATE
    assert await plan(FRIDAY + timedelta(minutes=6)) == 0


async def test_in_quiet_hours_it_waits_or_is_too_late(database_url: str) -> None:
    pupil = await new_pupil()
    await add(pupil, "Essay", at("2026-03-06 07:00"))
    await add(pupil, "Poster", at("2026-03-06 17:00"))
    # No worker came in the evening; at eleven at night nobody is woken.
    night = at("2026-03-05 23:00")
    await plan(night)
    found = {(one.outcome, one.due_at) for one in await messages()}
    assert found == {(OutboxOutcome.SKIPPED_LATE, night), (None, at("2026-03-06 08:00"))}
    waiting = next(one for one in await messages() if one.outcome is None)
    assert await prepare(waiting.id, at("2026-03-05 23:30")) == at("2026-03-06 08:00")
    notice = await prepare(waiting.id, at("2026-03-06 08:00"))
    assert isinstance(notice, DueNotice)
    assert [one.title for one in notice.tasks] == ["Poster"]


async def test_a_tier_can_be_switched_off(database_url: str) -> None:
    pupil = await new_pupil()
    await add(pupil, "Essay", FRIDAY)
    async with database.session_scope() as db:
        await service.toggle_tier(db, pupil, Tier.DAY)
    assert await plan(FRIDAY - timedelta(days=1)) == 1
    assert await messages() == []
    assert await plan(at("2026-03-06 08:00")) == 1
    assert len(await messages()) == 1


async def test_tomorrow_again(database_url: str) -> None:
    pupil = await new_pupil()
    task_id = await add(pupil, "Find a pen", None)
    async with database.session_scope() as db:
        told = await service.snooze(db, pupil, task_id, NOW)
    assert told == at("2026-03-05 12:00")
    assert await plan(told) == 1
    [message] = await messages()
    assert isinstance(await prepare(message.id, told), DueNotice)
    assert await plan(told + timedelta(days=3)) == 0
    soon = await add(pupil, "Poster", at("2026-03-05 09:00"))
    async with database.session_scope() as db:
        with pytest.raises(StaleAction):
            await service.snooze(db, pupil, soon, NOW)


async def test_who_moves_is_told_by_their_own_clock(database_url: str) -> None:
    pupil = await new_pupil()
    async with database.session_scope() as db:
        new = NewTask(TaskSource.MANUAL, "Essay", due_on=date(2026, 3, 6))
        task_id = (await service.add_manual(db, pupil, new, NOW)).id
    assert (await the_task(task_id)).due_at == at("2026-03-06 23:59")
    async with database.session_scope() as db:
        there = await accounts.choose_timezone(db, pupil, "America/New_York")
        await service.moved_home(db, there, NOW)
    due_at = datetime(2026, 3, 7, 4, 59, tzinfo=UTC)
    assert (await the_task(task_id)).due_at == due_at


async def test_the_digest_of_monday(database_url: str) -> None:
    pupil = await new_pupil()
    await add(pupil, "Essay", at("2026-03-11 17:00"))
    async with database.session_scope() as db:
        await service.choose_digest(db, pupil, NOW, wanted=True)
    monday = at("2026-03-09 08:00")
    async with database.session_scope() as db:
        assert await digests.plan(db, monday - timedelta(minutes=1)) == 0
        assert await digests.plan(db, monday) == 1
        assert await digests.plan(db, monday) == 0
    [message] = await messages()
    async with database.session_scope() as db:
        waiting = await outbox.lock(db, message.id)
        assert waiting is not None
        digest = await digests.prepare(db, waiting, monday)
    assert not isinstance(digest, OutboxOutcome | datetime)
    assert [one.title for one in digest.tasks] == ["Essay"]


async def test_no_digest_in_the_holidays(database_url: str) -> None:
    pupil = await new_pupil(holidays_from=date(2026, 3, 8), holidays_until=date(2026, 3, 20))
    await add(pupil, "Essay", at("2026-03-11 17:00"))
    async with database.session_scope() as db:
        await service.choose_digest(db, pupil, NOW, wanted=True)
        assert await digests.plan(db, at("2026-03-09 08:00")) == 1
    assert await messages() == []


@pytest.mark.parametrize("is_shared", [False, True])
async def test_on_a_shared_phone_a_reminder_says_who_is_meant(
    database_url: str, *, is_shared: bool
) -> None:
    pupil = await new_pupil(name="Rima")
    if is_shared:
        async with database.session_scope() as db:
            more = {"person_id": pupil.person_id, "position": 2, "telegram_id": None}
            db.add(make.make_student(name="Mitu", **more))
    await add(pupil, "Essay", FRIDAY)
    then = FRIDAY - timedelta(days=1)
    await plan(then)
    [message] = await messages()
    sent: list[Notice] = []

    async def send(notice: Notice) -> None:
        sent.append(notice)

    async with database.session_scope() as db:
        waiting = await outbox.lock(db, message.id)
        assert waiting is not None
        draft = await DeadlineWriter(send).prepare(db, waiting, then)
    assert isinstance(draft, Draft)
    assert draft.variant == "task"
    await draft.send()
    assert [one.meant for one in sent] == [Meant(pupil.id, "Rima") if is_shared else None]


async def test_who_is_hidden_is_told_nothing_and_holds_nobody_up(database_url: str) -> None:
    hidden, pupil = await new_pupil(), await new_pupil()
    for one in (hidden, pupil):
        await add(one, "Essay", FRIDAY)
    async with database.session_scope() as db:
        (await db.get_one(Student, hidden.id)).deleted_at = NOW
    assert await plan(FRIDAY - timedelta(days=1)) == 1
    assert [one.student_id for one in await messages()] == [pupil.id]
    assert await plan(FRIDAY - timedelta(days=1)) == 0
