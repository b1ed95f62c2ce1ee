"""What is known of pupils: counted in as they practise, replayed, corrected, erased with them."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from typer.testing import CliRunner

from cli.main import app
from src import database
from src.accounts import service as accounts
from src.models import (
    Dispute,
    MissedFamily,
    ProblemRating,
    PupilRating,
    Response,
    Session,
    SkillState,
)
from src.practice import service as practice
from src.privacy.service import erase_person
from tests.fixtures.factories import make_problem, make_student

BEGUN = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def add_pupils(count: int = 2) -> list[int]:
    """Add pupils and a library: three families of a problem and two variants, three alone."""
    async with database.session_scope() as db:
        for n in range(12):
            family = f"kin-{n // 3}" if n < 9 else None
            first = n < 9 and n % 3 == 0
            db.add(
                make_problem(
                    external_id=family if family and first else f"one-{n}",
                    variant_of=None if first else family,
                    grade=7,
                    topic=f"topic {n % 4}",
                    subtopic=f"part {n % 2}",
                    difficulty=1 + n % 3,
                    answer="12",
                )
            )
        students = [make_student(grade=7) for _ in range(count)]
        db.add_all(students)
        await db.flush()
        return [student.id for student in students]


async def practise(student_id: int, rng: Random, at: datetime, *, problems: int = 5) -> None:
    """Let a pupil answer problems of a session somehow, each update in its own transaction."""
    await step(student_id, at, "start")
    for _ in range(problems):
        moves = rng.choice(["12", "12", "12", "hint 12", "7 12", "7 8 9", "skip", "hint skip"])
        for move in moves.split():
            at += timedelta(seconds=40)
            await step(student_id, at, move)


async def step(student_id: int, at: datetime, move: str) -> None:
    """Do what one update does."""
    async with database.session_scope() as db:
        pupil = await accounts.find_student(db, student_id)
        assert pupil is not None
        place = await practice.active_place(db, student_id)
        if move == "start":
            await practice.start_or_resume(db, pupil, place, at)
            return
        assert place is not None
        if place.is_paused:
            await practice.go_on(db, place, at)
        if move == "hint":
            await practice.give_hint(db, place)
        elif move == "skip":
            await practice.skip(db, pupil, place, at)
        else:
            await practice.submit_answer(db, pupil, place, move, at)


def command(*words: str) -> tuple[int, Any]:
    result = CliRunner().invoke(app, ["mastery", *words])
    return result.exit_code, result.stdout


def verify() -> tuple[int, Any]:
    code, said = command("verify", "--format", "json")
    return code, json.loads(said)["differences"]


async def some_weeks() -> list[int]:
    """Let two pupils practise for a while; some sessions run out, one is about to be finished."""
    students = await add_pupils()
    rng = Random(4)
    for day in range(12):
        for student_id in students:
            count = rng.choice([5, 5, 5, 2, 0])
            await practise(student_id, rng, BEGUN + timedelta(days=2 * day), problems=count)
    await practise(students[0], rng, BEGUN + timedelta(days=30), problems=3)
    return students


async def count(model: type[Any]) -> int:
    async with database.read_scope() as db:
        return await db.scalar(select(func.count()).select_from(model)) or 0


def run(work: Any) -> Any:
    """Run some work and close its connections, which belong to its loop."""

    async def whole() -> Any:
        try:
            return await work
        finally:
            await database.dispose()

    return asyncio.run(whole())


def test_what_was_counted_session_by_session_is_what_a_replay_gives(database_url: str) -> None:
    run(some_weeks())
    assert run(count(SkillState)) > 4
    assert run(count(MissedFamily)) > 2
    assert run(count(ProblemRating)) > 6
    assert verify() == (0, [])


def test_damage_is_found_and_a_rebuild_repairs_it(database_url: str) -> None:
    run(some_weeks())

    async def damage() -> None:
        async with database.session_scope() as db:
            await db.execute(update(PupilRating).values(value=3.0))
            await db.execute(update(SkillState).values(average=0.99))
            await db.execute(delete(MissedFamily))
            await db.execute(update(ProblemRating).values(right=ProblemRating.right + 1))

    run(damage())
    code, found = verify()
    whats = {one["what"].split(" ")[0] for one in found}
    assert (code, whats >= {"pupil", "topic", "problem"}) == (1, True)
    assert any(one["stored"] is None and one["what"].startswith(("kin", "one")) for one in found)
    assert "differences" in command("verify")[1]
    assert command("rebuild") == (0, "2 pupils counted in again\n")
    assert verify() == (0, [])
    assert run(count(SkillState)) > 4


def test_practice_from_before_is_counted_in_with_the_next_session(database_url: str) -> None:
    students = run(some_weeks())

    async def forget_and_go_on() -> None:
        async with database.session_scope() as db:
            for model in (SkillState, MissedFamily, PupilRating, ProblemRating):
                await db.execute(delete(model))
        for student_id in students:
            await practise(student_id, Random(1), BEGUN + timedelta(days=40))

    run(forget_and_go_on())
    assert verify() == (0, [])
    assert run(count(PupilRating)) == 2


def test_an_answer_that_was_right_after_all_is_counted_anew(database_url: str) -> None:
    async def defend() -> tuple[Any, Any]:
        [student_id] = await add_pupils(1)
        at = BEGUN
        await step(student_id, at, "start")
        for move in ["7", "8", "9", "12", "12", "12", "12"]:
            at += timedelta(seconds=40)
            await step(student_id, at, move)
        async with database.session_scope() as db:
            pupil = await accounts.find_student(db, student_id)
            assert pupil is not None
            first = await db.scalar(select(func.min(Response.id)))
            assert first is not None
            before = await db.scalar(select(PupilRating.value))
            waiting = await db.scalar(select(MissedFamily.next_session))
            assert waiting == 2
            await practice.dispute(db, pupil, first, attempt=1, at=at)
            dispute = await db.scalar(select(Dispute.id))
            assert dispute is not None
        async with database.session_scope() as db:
            await practice.settle_dispute(db, dispute, accepted=True, actor="operator", at=at)
        async with database.read_scope() as db:
            assert await db.scalar(select(MissedFamily.next_session)) is None
            right = await db.scalar(select(func.sum(ProblemRating.right)))
            return before, (await db.scalar(select(PupilRating.value)), right)

    before, (after, right) = run(defend())
    assert after > before
    assert right == 5
    assert verify() == (0, [])


def test_nothing_of_an_erased_pupil_stays_in_the_sums(database_url: str) -> None:
    students = run(some_weeks())

    async def erase() -> None:
        async with database.session_scope() as db:
            pupil = await accounts.find_student(db, students[0])
            assert pupil is not None
            await erase_person(db, pupil)

    before = run(count(SkillState))
    run(erase())
    assert 0 < run(count(SkillState)) < before
    assert run(count(PupilRating)) == 1
    assert verify() == (0, [])


def why(telegram_id: int, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["practice", "why", str(telegram_id), *options])
    return result.exit_code, result.stdout


@pytest.mark.usefixtures("database_url")
def test_an_operator_is_told_why_a_pupil_has_these_five() -> None:
    async def miss_and_begin() -> int:
        [student_id] = await add_pupils(1)
        for n, move in enumerate(["start", *["skip"] * 5, "start"]):
            await step(student_id, BEGUN + timedelta(hours=n), move)
        async with database.session_scope() as db:
            pupil = await accounts.find_student(db, student_id)
            assert pupil is not None
            return pupil.telegram_id

    telegram_id = run(miss_and_begin())
    code, said = why(telegram_id, "--format", "json")
    chosen = json.loads(said)["chosen"]
    assert code == 0
    assert [one["slot"] for one in chosen].count("missed") == 2
    [over] = {tuple(one["passed_over"]) for one in chosen if one["slot"] == "missed"}
    assert len(over) >= 2
    code, said = why(telegram_id)
    assert (code, said.count("missed")) == (0, 2)

    async def from_before() -> None:
        async with database.session_scope() as db:
            await db.execute(update(Session).values(picks=None))

    run(from_before())
    assert "not kept" in why(telegram_id)[1]
    assert CliRunner().invoke(app, ["practice", "why", "1"]).exit_code == 1


@pytest.mark.usefixtures("database_url")
def test_the_parts_of_a_stem_are_asked_one_after_another_and_an_operator_is_told() -> None:
    async def practise_until_a_stem() -> tuple[int, list[int | None]]:
        [student_id] = await add_pupils(1)
        async with database.session_scope() as db:
            named = {"grade": 7, "topic": "topic 1", "stem": "G7-ST-01", "answer": "12"}
            for n in (1, 2, 3):
                db.add(make_problem(external_id=f"ST-{n}", part=n, difficulty=n, **named))
        for _ in range(2):
            for move in ["start", *["12"] * 5]:
                await step(student_id, BEGUN, move)
        parts = []
        for move in ["start", *["12"] * 4]:
            await step(student_id, BEGUN + timedelta(days=1), move)
            async with database.session_scope() as db:
                place = await practice.active_place(db, student_id)
                assert place is not None
                parts.append(place.problem.part)
                pupil = await accounts.find_student(db, student_id)
        assert pupil is not None
        return pupil.telegram_id, parts

    telegram_id, parts = run(practise_until_a_stem())
    assert parts == [None, 1, 2, 3, None]
    code, said = why(telegram_id)
    assert (code, said.count(" stem ")) == (0, 3)


@pytest.mark.usefixtures("database_url")
def test_two_pupils_may_finish_at_the_same_time() -> None:
    async def together() -> None:
        students = await add_pupils(6)
        await asyncio.gather(*(practise(s, Random(s), BEGUN) for s in students))

    run(together())
    assert run(count(PupilRating)) == 6
    assert verify() == (0, [])
