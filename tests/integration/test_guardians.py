"""Adults whom pupils chose: both agree, once a week, ended by either, and nothing hidden."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select, update

from bot.views.guardians import news, overview, week_text
from bot.words import words
from src import clock, database
from src.accounts import service as accounts
from src.accounts.pupil import Pupil
from src.errors import StaleAction
from src.models import (
    AuditAction,
    AuditEvent,
    Guardian,
    OutboxKind,
    OutboxMessage,
    OutboxOutcome,
    Person,
    Student,
)
from src.outbox.delivery import Draft
from src.outbox.service import Waiting
from src.privacy.service import erase_person
from src.teaching import guardians
from src.teaching.guardian_rules import next_message
from src.teaching.guardian_writer import GuardianWriter
from src.teaching.guardians import GuardianNews, GuardianState
from tests.fixtures.factories import (
    make_problem,
    make_response,
    make_session,
    make_skill_state,
    make_student,
)

pytestmark = pytest.mark.usefixtures("database_url")
FRIDAY = datetime(2026, 3, 6, 11, 0, tzinfo=UTC)  # 17:00 in Dhaka
THURSDAY = FRIDAY - timedelta(days=1)


async def add_pupil(**values: object) -> Pupil:
    async with database.session_scope() as db:
        student = make_student(**values)
        db.add(student)
        await db.flush()
        found = await accounts.find(db, student.telegram_id or 0)
        assert found is not None
        return found


async def add_adult() -> Pupil:
    """Somebody who has just come by a link: nothing is kept but who, and the language."""
    async with database.session_scope() as db:
        return await accounts.enter(db, 77, "bn", THURSDAY)


async def agreed(pupil: Pupil, adult: Pupil) -> int:
    async with database.session_scope() as db:
        code = await guardians.invite(db, pupil, THURSDAY)
        await guardians.agree(db, code, adult, "Farida", THURSDAY)
    async with database.read_scope() as db:
        return (await db.scalars(select(Guardian.id).order_by(Guardian.id.desc()))).first() or 0


async def confirmed() -> tuple[Pupil, Pupil, int]:
    pupil, adult = await add_pupil(name="Mitu"), await add_adult()
    number = await agreed(pupil, adult)
    async with database.session_scope() as db:
        await guardians.confirm(db, pupil, number, THURSDAY)
    return pupil, adult, number


async def practise(pupil: Pupil, day: datetime, topic: str, *, right: bool, count: int = 3) -> None:
    async with database.session_scope() as db:
        problems = [make_problem(topic=topic) for _ in range(5)]
        db.add_all(problems)
        await db.flush()
        one = make_session(
            student_id=pupil.id,
            problem_ids=[problem.id for problem in problems],
            date=clock.local_day(day, pupil.timezone),
            status="completed",
        )
        db.add(one)
        await db.flush()
        for problem in problems[:count]:
            done = {"is_correct": right, "attempts": 1, "closed_at": day}
            db.add(make_response(session_id=one.id, problem_id=problem.id, **done))


async def messages() -> list[OutboxMessage]:
    async with database.read_scope() as db:
        return list(await db.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


async def prepared(now: datetime) -> list[GuardianNews | OutboxOutcome | datetime]:
    """Return what the writer makes of each message that waits."""
    sent: list[GuardianNews] = []

    async def send(_chat: int, _language: object, found: GuardianNews) -> None:
        sent.append(found)

    results: list[GuardianNews | OutboxOutcome | datetime] = []
    for one in await messages():
        async with database.read_scope() as db:
            person = await db.get_one(Person, one.person_id)
            waiting = Waiting(
                *(one.id, one.kind, one.student_id, one.subject, None, one.local_day),
                *(person.telegram_id, person.language),
            )
            found = await GuardianWriter(send).prepare(db, waiting, now)
        if isinstance(found, Draft):
            await found.send()
            results.append(sent[-1])
        else:
            results.append(found)
    return results


async def test_nothing_is_told_before_both_have_agreed() -> None:
    pupil, adult = await add_pupil(name="Mitu"), await add_adult()
    await practise(pupil, THURSDAY, "sets", right=True)
    number = await agreed(pupil, adult)
    async with database.session_scope() as db:
        assert await guardians.plan(db, FRIDAY + timedelta(days=30)) == 0
    [asked] = await prepared(FRIDAY)
    assert asked == GuardianNews(number, "Farida", pupil="Mitu"), "who is that?"
    assert isinstance(asked, GuardianNews)
    assert "Mitu, <b>Farida</b> opened" in news(words("en"), asked).text
    async with database.session_scope() as db:
        line = await guardians.confirm(db, pupil, number, THURSDAY)
        again = await guardians.confirm(db, pupil, number, THURSDAY)
        assert (line.state, line.name, again) == (GuardianState.CONFIRMED, "Farida", line)
        [ward] = await guardians.of_person(db, adult.person_id)
        assert (ward.name, ward.is_confirmed) == ("Mitu", True)
    assert await prepared(FRIDAY) == [OutboxOutcome.SKIPPED_UNWANTED], "nobody is asked twice"


async def test_a_week_is_told_once_and_it_is_what_the_pupil_reads() -> None:
    pupil, _, number = await confirmed()
    await practise(pupil, THURSDAY, "sets", right=True)
    await practise(pupil, THURSDAY - timedelta(days=1), "circle", right=False)
    async with database.session_scope() as db:
        db.add(
            make_skill_state(
                student_id=pupil.id,
                topic="sets",
                mastered_on=THURSDAY.date(),
                due_on=THURSDAY.date() + timedelta(days=9),
            )
        )
    for late in (0, 0, 3):
        async with database.session_scope() as db:
            await guardians.plan(db, FRIDAY + timedelta(hours=late))
    _, week = await messages()
    assert (week.kind, week.subject) == (OutboxKind.GUARDIAN, f"week:{number}:2026-03-06")
    assert week.student_id == pupil.id
    _, told = await prepared(FRIDAY)
    assert isinstance(told, GuardianNews)
    assert told.week is not None
    assert (told.week.days, told.week.problems) == (2, 6)
    assert (list(told.week.learnt), told.week.hard) == (["sets"], "circle")
    async with database.read_scope() as db:
        own = await guardians.week_of(db, pupil.id, FRIDAY.date())
        lines = await guardians.of_pupil(db, pupil, FRIDAY)
    for language in ("en", "bn"):
        t = words(language)
        said = news(t, told).text
        assert said == week_text(t, own)
        assert said in overview(t, lines, own, 4, ()).text, "the pupil reads the same words"
        assert "3/4" not in said, "no answer"
    async with database.session_scope() as db:
        await guardians.plan(db, FRIDAY + timedelta(days=7))
    assert len(await messages()) == 3


async def test_nights_are_quiet_and_weeks_of_silence_are_not_told_again_and_again() -> None:
    pupil, _, _ = await confirmed()
    await practise(pupil, THURSDAY - timedelta(days=8), "sets", right=True)
    async with database.session_scope() as db:
        await guardians.plan(db, FRIDAY)
    midnight = datetime(2026, 3, 6, 18, tzinfo=UTC)
    assert (await prepared(midnight))[1] == midnight + timedelta(hours=8)
    told = (await prepared(FRIDAY))[1]
    assert isinstance(told, GuardianNews)
    assert told.week is not None
    assert told.week.days == 0
    assert "No practice" in week_text(words("en"), told.week)
    later = FRIDAY + timedelta(days=7)
    assert (await prepared(later))[1] is OutboxOutcome.SKIPPED_UNWANTED


Ending = Callable[[Pupil, Pupil, int], Awaitable[None]]


async def by_pupil(pupil: Pupil, _adult: Pupil, number: int) -> None:
    async with database.session_scope() as db:
        assert await guardians.end_by_pupil(db, pupil, number, FRIDAY) == "Farida"


async def by_adult(_pupil: Pupil, adult: Pupil, number: int) -> None:
    async with database.session_scope() as db:
        assert await guardians.end_by_adult(db, adult.person_id, number, FRIDAY) == "Mitu"


async def by_erasing_the_pupil(pupil: Pupil, _adult: Pupil, _number: int) -> None:
    async with database.session_scope() as db:
        await erase_person(db, pupil)


async def by_erasing_the_adult(_pupil: Pupil, adult: Pupil, _number: int) -> None:
    async with database.session_scope() as db:
        await erase_person(db, adult)


async def by_blocking(_pupil: Pupil, adult: Pupil, _number: int) -> None:
    async with database.session_scope() as db:
        await accounts.mark_blocked(db, adult.telegram_id, FRIDAY)


@pytest.mark.parametrize(
    "end", [by_pupil, by_adult, by_erasing_the_pupil, by_erasing_the_adult, by_blocking]
)
async def test_either_ends_it_at_once_even_what_waits_is_not_told(end: Ending) -> None:
    pupil, adult, number = await confirmed()
    await practise(pupil, THURSDAY, "sets", right=True)
    async with database.session_scope() as db:
        await guardians.plan(db, FRIDAY)
    await end(pupil, adult, number)
    assert set(await prepared(FRIDAY)) <= {OutboxOutcome.SKIPPED_UNWANTED}
    async with database.session_scope() as db:
        assert await guardians.plan(db, FRIDAY + timedelta(days=30)) == 0
        assert await guardians.of_person(db, adult.person_id) == []
        with pytest.raises(StaleAction):
            await guardians.confirm(db, pupil, number, FRIDAY)


async def test_two_adults_at_most_and_a_new_link_takes_the_place_of_one_that_nobody_took() -> None:
    pupil = await add_pupil()
    async with database.session_scope() as db:
        first = await guardians.invite(db, pupil, THURSDAY)
        second = await guardians.invite(db, pupil, THURSDAY)
        rows = list(await db.scalars(select(Guardian)))
        assert [row.code_hash for row in rows] == [sha256(second.encode()).hexdigest()]
        assert await guardians.open_invitation(db, first, 0, THURSDAY) is None
        later = THURSDAY + guardians.OPEN_FOR
        assert await guardians.open_invitation(db, second, 0, later) is None
    for _ in range(guardians.MOST):
        await agreed(pupil, await add_pupil())
    async with database.session_scope() as db:
        assert len(await guardians.of_pupil(db, pupil, FRIDAY)) == 2
        with pytest.raises(StaleAction):
            await guardians.invite(db, pupil, FRIDAY)


async def test_a_link_is_for_one_other_person_once() -> None:
    pupil, adult, other = await add_pupil(), await add_adult(), await add_pupil()
    async with database.session_scope() as db:
        code = await guardians.invite(db, pupil, THURSDAY)
        own = await guardians.open_invitation(db, code, pupil.person_id, THURSDAY)
        assert own is not None
        assert own.is_own
        with pytest.raises(StaleAction):
            await guardians.agree(db, code, pupil, "Mitu", THURSDAY)
        await guardians.agree(db, code, adult, "Farida", THURSDAY)
        with pytest.raises(StaleAction):
            await guardians.agree(db, code, other, "Rahim", THURSDAY)
        code = await guardians.invite(db, pupil, THURSDAY)
        again = await guardians.open_invitation(db, code, adult.person_id, THURSDAY)
        assert again is not None
        assert again.is_known
        with pytest.raises(StaleAction):
            await guardians.agree(db, code, adult, "Farida", THURSDAY)


async def test_nobody_touches_what_is_not_theirs() -> None:
    pupil, adult, number = await confirmed()
    stranger = await add_pupil()
    async with database.session_scope() as db:
        for act in (guardians.confirm, guardians.end_by_pupil):
            with pytest.raises(StaleAction):
                await act(db, stranger, number, FRIDAY)
        for person in (stranger.person_id, pupil.person_id):
            with pytest.raises(StaleAction):
                await guardians.end_by_adult(db, person, number, FRIDAY)
        assert len(await guardians.of_person(db, adult.person_id)) == 1


async def test_an_adult_is_no_silent_newcomer_and_each_step_is_noted() -> None:
    pupil, adult, number = await confirmed()
    async with database.session_scope() as db:
        await db.execute(update(Person).values(updated_at=THURSDAY))
        assert await accounts.forget_silent(db, FRIDAY) == 0
        await guardians.end_by_pupil(db, pupil, number, FRIDAY)
        events = list(await db.scalars(select(AuditEvent).order_by(AuditEvent.id)))
        assert [(one.action, one.actor, one.subject_id) for one in events] == [
            (AuditAction.CONNECT, f"person:{adult.person_id}", number),
            (AuditAction.CONNECT, f"person:{pupil.person_id}", number),
            (AuditAction.DISCONNECT, f"person:{pupil.person_id}", number),
        ]
        await db.execute(update(Person).values(updated_at=THURSDAY))
        assert await accounts.forget_silent(db, FRIDAY) == 1
        assert await db.scalar(select(Student.id).where(Student.telegram_id == 77)) is None


async def test_what_was_due_long_ago_is_not_told_late() -> None:
    await confirmed()
    async with database.session_scope() as db:
        late = FRIDAY + timedelta(days=3)
        assert await guardians.plan(db, late) == 1
        [row] = list(await db.scalars(select(Guardian)))
        assert row.next_at == next_message(late, "Asia/Dhaka")
    assert len(await messages()) == 1, "only the question to the pupil"
