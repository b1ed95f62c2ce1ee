"""What a teacher sees of a class: the same as each pupil, true at every moment, and cheap."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select, update

from bot.views import classes as views
from bot.words import words
from cli.demo_class import seed_class
from src import clock, database
from src.accounts import service as accounts
from src.database import session_scope
from src.insights.flags import Flag, FlagKind
from src.models import Session, Student
from src.teaching import report, service
from src.teaching.report import ClassReport
from src.teaching.results import TeacherCard
from tests.fixtures.classes import (
    Browser,
    add_answers,
    add_class,
    add_problems,
    add_teacher,
    browsing,
)
from tests.integration.test_web_pages import Page

pytestmark = pytest.mark.usefixtures("database_url")
TOPICS = ("ratio", "sets", "fractions", "angles", "percent", "algebra")


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with browsing() as found:
        yield found


@pytest.fixture
async def seeded() -> TeacherCard:
    """The teacher of thirty simulated pupils with a month of answers."""
    async with session_scope() as db:
        for topic in TOPICS:
            await add_problems(db, 6, topic=topic)
        return await seed_class(db, clock.now())


async def seen_by(teacher: TeacherCard) -> ClassReport:
    async with session_scope() as db:
        [card] = await service.classes_of(db, teacher.id)
        return await report.class_report(db, teacher.id, card.id, clock.now())


async def test_thirty_pupils_see_what_their_teacher_sees_and_a_page_stays_cheap(
    seeded: TeacherCard, browser: Browser
) -> None:
    """One class for all three questions: to make it takes longer than to look at it."""
    found = await seen_by(seeded)
    await browser.come_in(seeded)
    await see_the_same(found, seeded, browser)
    kinds_take_turns(found)
    await count_statements_of_pages(found, seeded, browser)


async def see_the_same(found: ClassReport, seeded: TeacherCard, browser: Browser) -> None:
    shown = Page((await browser.get(f"/classes/{found.card.id}")).text).rows[1:]
    assert len(found.members) == len(shown) == 30
    by_name = {row[0]: row[1:] for row in shown}
    for number, member in enumerate(found.members):
        async with session_scope() as db:
            pupil = await accounts.find_student(db, member.id)
            assert pupil is not None
            [offer] = await service.memberships(db, pupil)
            own = await report.own_report(db, member.id, offer.id, clock.now())
        assert (own.member, list(own.flags)) == (member, found.flags_of(member.id))
        said = views.seen(words("en"), offer, own).text
        assert line_of(by_name[member.name]) in said
        lines = len(member.topics) + bool(member.all.asked) + len(own.flags)
        assert said.count("\n• ") == lines
        if number < 3:
            page = (await browser.get(f"/classes/{offer.id}/pupils/{member.id}")).text
            assert Page(page).rows[1][1:6] == by_name[member.name][:5]
            assert page.count('class="state ') == len(own.answers)


def line_of(cells: list[str]) -> str:
    """Return what the chat says for a row of the page."""
    asked, alone, _, solved, hints, last = cells
    if asked == "0":
        return "No problem was asked"
    day = words("en").day(date.fromisoformat(last))
    return f"All: asked {asked}, right alone {alone}, solved {solved}, hints {hints}, last {day}"


def kinds_take_turns(found: ClassReport) -> None:
    first = found.flags[:5]
    assert len({flag.kind for flag in first}) >= 4
    assert len({flag.pupil for flag in first}) == 5
    assert {one.name for one in found.too_little} == {"সাকিব", "নিলয়"}
    away = [found.member(int(f.pupil)) for f in found.flags if f.kind is FlagKind.AWAY]
    assert away
    assert all((one.today - (one.all.last_day or one.today)).days > 4 for one in away)


async def count_statements_of_pages(
    found: ClassReport, seeded: TeacherCard, browser: Browser
) -> None:
    async with session_scope() as db:
        empty = await service.make_class(db, seeded, "7B", 7, clock.now())
    here = f"/classes/{found.card.id}"
    full = await count_statements(browser, here)
    none = await count_statements(browser, f"/classes/{empty.id}")
    pupil = await count_statements(browser, f"{here}/pupils/{found.members[0].id}")
    # Whose look was noted within the hour saves two.
    assert abs(full - none) <= 2
    assert max(full, none) <= 12
    assert pupil <= 16


async def count_statements(browser: Browser, path: str) -> int:
    seen: list[str] = []
    engine = database.get_engine().sync_engine

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert (await browser.get(path)).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


async def stuck_on(student_id: int, teacher: TeacherCard) -> list[Flag]:
    found = await seen_by(teacher)
    return [flag for flag in found.flags_of(student_id) if flag.kind is FlagKind.STUCK]


async def test_a_flag_ends_by_the_answers_that_made_it() -> None:
    async with session_scope() as db:
        teacher = await add_teacher(db)
        _, [student] = await add_class(db, teacher, ["Anik"])
        hard = await add_problems(db, 13, topic="ratio")
        easy = await add_problems(db, 12, topic="sets")
        at = clock.now() - timedelta(days=5)
        for n in range(0, 10, 5):
            then = at + timedelta(hours=n)
            await add_answers(db, student, then, [(p, "right") for p in easy[n : n + 5]])
            await add_answers(db, student, then, [(p, "wrong") for p in hard[n : n + 5]])
    [flag] = await stuck_on(student, teacher)
    assert (flag.topic, flag.evidence["right"], flag.evidence["answers"]) == ("ratio", 0, 10)
    async with session_scope() as db:
        later = clock.now() - timedelta(hours=1)
        await add_answers(db, student, later, [(p, "right") for p in hard[10:]])
    assert await stuck_on(student, teacher) == []


async def test_who_is_away_for_months_is_still_away() -> None:
    async with session_scope() as db:
        teacher = await add_teacher(db)
        _, [student] = await add_class(db, teacher, ["Anik"])
        problems = await add_problems(db, 5)
        for days in range(60, 75):
            at = clock.now() - timedelta(days=days)
            await add_answers(db, student, at, [(problem, "right") for problem in problems])
    found = await seen_by(teacher)
    assert [(flag.kind, flag.evidence["days"]) for flag in found.flags] == [("away", 60)]
    assert (found.too_little, found.member(student).all.asked) == ([], 0)


async def test_an_answer_of_one_changes_nothing_of_another() -> None:
    async with session_scope() as db:
        teacher = await add_teacher(db)
        _, [first, second] = await add_class(db, teacher, ["Anik", "Bela"])
        problems = await add_problems(db, 4)
        at = clock.now() - timedelta(hours=9)
        await add_answers(db, second, at, [(problems[0], "wrong")])
    for hour, how in enumerate(("right", "wrong", "hint", "opened")):
        before = (await seen_by(teacher)).member(second)
        async with session_scope() as db:
            given = [(problems[hour], how)]
            await add_answers(db, first, at + timedelta(hours=hour), given)
        after = await seen_by(teacher)
        assert after.member(second) == before
        # The live value is the recomputed one: there is no other.
        assert after.member(first).all.asked == min(hour + 1, 3)


async def test_an_expired_try_counts_and_a_problem_in_hand_too() -> None:
    async with session_scope() as db:
        teacher = await add_teacher(db)
        _, [student] = await add_class(db, teacher, ["Anik"])
        problems = await add_problems(db, 2)
        at = clock.now() - timedelta(hours=1)
        responses = await add_answers(
            db, student, at, [(problems[0], "opened"), (problems[1], "opened")]
        )
        responses[0].attempts, responses[0].last_verdict = 2, "wrong"
    figures = (await seen_by(teacher)).member(student)
    assert (figures.all.asked, figures.all.alone, figures.opened) == (1, 0, 1)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue", "America/New_York"])
async def test_days_are_those_of_the_pupil_also_at_the_ends_of_the_earth(zone: str) -> None:
    async with session_scope() as db:
        teacher = await add_teacher(db)
        _, [student] = await add_class(db, teacher, ["Anik"])
        problems = await add_problems(db, 1)
        await db.execute(update(Student).values(timezone=zone))
        at = clock.now() - timedelta(minutes=1)
        await add_answers(db, student, at, [(problems[0], "right")])
        await db.execute(update(Session).values(date=clock.local_day(at, zone)))
    member = (await seen_by(teacher)).member(student)
    assert member.all.last_day == clock.local_day(at, zone)
    assert member.today - timedelta(days=1) <= member.all.last_day <= member.today


async def test_a_clock_that_ran_ahead_makes_no_day_of_the_future_and_nobody_away() -> None:
    async with session_scope() as db:
        teacher = await add_teacher(db)
        _, [student] = await add_class(db, teacher, ["Anik"])
        problems = await add_problems(db, 12)
        at = clock.now() + timedelta(days=40)
        for n in (0, 5):
            await add_answers(db, student, at, [(p, "right") for p in problems[n : n + 5]])
        await db.execute(update(Session).values(created_at=clock.now()))
    found = await seen_by(teacher)
    member = found.member(student)
    assert member.all.last_day == member.today
    assert found.flags == []


async def test_a_teachers_own_pupil_is_not_in_the_class() -> None:
    async with session_scope() as db:
        teacher = await add_teacher(db)
        await add_class(db, teacher, ["Anik"])
        db.add(Student(telegram_id=77, person_id=teacher.person_id, name="Trial", grade=7))
        await db.flush()
    assert [one.name for one in (await seen_by(teacher)).members] == ["Anik"]


async def test_who_left_and_came_back_shows_nothing_of_the_time_between() -> None:
    async with session_scope() as db:
        teacher = await add_teacher(db)
        card, [student] = await add_class(db, teacher, ["Anik"])
        problems = await add_problems(db, 2)
        pupil = await accounts.find_student(db, student)
        assert pupil is not None
        await service.leave(db, pupil, card.id, clock.now())
        await add_answers(db, student, clock.now() - timedelta(minutes=5), [(problems[0], "wrong")])
        assert card.code is not None
        await service.join(db, pupil, card.code, clock.now(), sees_before=False)
        await add_answers(db, student, clock.now(), [(problems[1], "right")])
    figures = (await seen_by(teacher)).member(student).all
    assert (figures.asked, figures.alone) == (1, 1)


async def test_gone_pupils_are_in_no_class() -> None:
    async with session_scope() as db:
        teacher = await add_teacher(db)
        _, [student] = await add_class(db, teacher, ["Anik"])
        row = (await db.scalars(select(Student).where(Student.id == student))).one()
        row.deleted_at = clock.now()
    assert (await seen_by(teacher)).members == []
