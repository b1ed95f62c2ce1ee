"""Every problem of the library is answered rightly through the bot, in both scripts."""

import asyncio
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import select

from bot.run import run_polling
from sandbox.run import Running
from src import database
from src.content.plan import PLAN_NAME, read_plan
from src.content.service import load_library
from src.models import Problem, Response, Session
from tests.acceptance.conftest import bot_settings
from tests.acceptance.handled import until_handled
from tests.acceptance.pupil import Pupil
from tests.fixtures.factories import make_session, make_student

ROOT = Path(__file__).resolve().parents[2]
BANGLA = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")
TRUTH = {"true": "সত্য", "false": "মিথ্যা"}
AT_ONCE = 8


def typed_answer(problem: Problem, language: str) -> str:
    """Return the stored answer as a pupil of a language types it."""
    if language == "en":
        return problem.answer
    if problem.answer_type == "choice":
        return problem.answer.translate(str.maketrans("ABCD", "কখগঘ"))
    if problem.answer_type == "boolean":
        return TRUTH[problem.answer.lower()]
    if problem.answer_type == "text":
        accepted = [problem.answer, *problem.answer_options.get("accept", [])]
        return next(str(text) for text in accepted if not str(text).isascii())
    return problem.answer.translate(BANGLA)


async def prepare(
    problems: Sequence[Problem], language: str, telegram_ids: Iterator[int]
) -> list[int]:
    """Give each five problems to a pupil of their own; return the pupils' Telegram ids."""
    pupils = []
    async with database.session_scope() as db:
        for start in range(0, len(problems), 5):
            five = [problems[(start + n) % len(problems)].id for n in range(5)]
            telegram_id = next(telegram_ids)
            pupil = make_student(telegram_id=telegram_id, language=language)
            db.add(pupil)
            await db.flush()
            db.add(make_session(student_id=pupil.id, problem_ids=five, timezone="Asia/Dhaka"))
            pupils.append(telegram_id)
    return pupils


@pytest.mark.timeout(300)  # two answers a problem
async def test_each_problem_is_answered_rightly_in_both_scripts(
    sqlite_url: str, sandbox: Running, http: aiohttp.ClientSession
) -> None:
    async with database.session_scope() as db:
        await load_library(db, ROOT / "content")
        base = select(Problem).where(Problem.variant_of.is_(None)).order_by(Problem.external_id)
        problems = list(await db.scalars(base))
    planned = read_plan(ROOT / "content" / PLAN_NAME).places.values()
    assert len(problems) == sum(sum(place.wanted.values()) for place in planned)
    by_id = {problem.id: problem for problem in problems}
    telegram_ids = count(9001)
    languages = {
        telegram_id: language
        for language in ("en", "bn")
        for telegram_id in await prepare(problems, language, telegram_ids)
    }
    stopping = asyncio.Event()
    running = asyncio.create_task(run_polling(bot_settings(sandbox), stopping))
    room = asyncio.Semaphore(AT_ONCE)

    async def practise(telegram_id: int, language: str) -> None:
        pupil = Pupil(http, sandbox.url, telegram_id, language_code=language)
        async with database.session_scope() as db:
            wanted = await db.scalar(
                select(Session.problem_ids).where(Session.student.has(telegram_id=telegram_id))
            )
        assert wanted is not None
        async with room:
            for problem_id in wanted:
                await pupil.post(typed_answer(by_id[problem_id], language))

    await asyncio.gather(*(practise(who, language) for who, language in languages.items()))
    await until_handled(5 * len(languages), patience=240)
    stopping.set()
    await running
    async with database.session_scope() as db:
        wrong = await db.execute(
            select(Problem.external_id, Response.student_answer)
            .join(Response)
            .where(Response.is_correct.is_(False))
        )
        judged = list(await db.scalars(select(Response.problem_id).distinct()))
        unfinished = list(await db.scalars(select(Session).where(Session.status == "active")))
    assert list(wrong) == []
    assert unfinished == []
    assert len(judged) == len(problems)
