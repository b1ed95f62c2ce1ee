"""Pupils, what they practised, what it says of them, the library, and what the model cost."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from src.clock import local_day
from src.insights import calculate_grade_momentum, generate_performance_insights
from src.insights.practice import PracticeAnswer
from src.insights.service import answers_of
from src.teaching import lists
from src.teaching.lists import Filter
from src.teaching.tokens import ApiCaller, ApiScope, note_look
from web.api.calling import may
from web.api.forms import (
    CostOut,
    Day,
    Id,
    InsightsOut,
    MomentumOut,
    OneId,
    PageOf,
    ProblemOut,
    ResponseOut,
    SessionOut,
    Since,
    StreakOut,
    StudentOut,
)
from web.api.paging import Pages
from web.api.sentences import in_words
from web.needs import Db, Now

router = APIRouter(tags=["practice"])
_Grade = Annotated[int | None, Query(ge=6, le=8)]
_Topic = Annotated[str | None, Query(max_length=100, pattern=r"^[^\x00]*$")]
_MONTH = timedelta(days=30)


@router.get("/students")
async def students(
    db: Db,
    pages: Pages,
    caller: Annotated[ApiCaller, may(ApiScope.STUDENTS)],
    now: Now,
    grade: _Grade = None,
) -> PageOf[StudentOut]:
    """List pupils: with an operator's token all who agreed, with a teacher's those of classes."""
    await note_look(db, caller, "students", None, now)
    found = await lists.students(db, caller, Filter(grade=grade), pages.part)
    return pages.page(PageOf[StudentOut], found)


@router.get("/students/{student_id}")
async def student(
    db: Db, student_id: Id, caller: Annotated[ApiCaller, may(ApiScope.STUDENTS)], now: Now
) -> StudentOut:
    """Show a pupil."""
    await note_look(db, caller, "students", student_id, now)
    return StudentOut.model_validate(await lists.student(db, caller, student_id))


@router.get("/students/{student_id}/insights")
async def insights(
    db: Db, student_id: Id, caller: Annotated[ApiCaller, may(ApiScope.INSIGHTS)], now: Now
) -> InsightsOut:
    """Say what practice says of a pupil: at most five sentences, each number that of a query."""
    since = await lists.agreed_since(db, caller, student_id)
    await note_look(db, caller, "insights", student_id, now)
    answers = (await answers_of(db, [student_id], since))[student_id]
    return _insights(student_id, answers)


def _insights(student_id: int, answers: list[PracticeAnswer]) -> InsightsOut:
    days = [answer.at.date() for answer in answers]
    return InsightsOut(
        student_id=student_id,
        first_day=min(days, default=None),
        last_day=max(days, default=None),
        answers=len(answers),
        momentum=MomentumOut.model_validate(calculate_grade_momentum(answers)),
        sentences=in_words(generate_performance_insights(answers)),
    )


@router.get("/sessions")
async def sessions(
    db: Db,
    pages: Pages,
    caller: Annotated[ApiCaller, may(ApiScope.SESSIONS)],
    *,
    now: Now,
    student_id: OneId = None,
    since: Since = None,
) -> PageOf[SessionOut]:
    """List sessions."""
    await note_look(db, caller, "sessions", student_id, now)
    only = Filter(student_id=student_id, since=since)
    return pages.page(PageOf[SessionOut], await lists.sessions(db, caller, only, pages.part))


@router.get("/responses")
async def responses(
    db: Db,
    pages: Pages,
    caller: Annotated[ApiCaller, may(ApiScope.RESPONSES)],
    *,
    now: Now,
    student_id: OneId = None,
    session_id: OneId = None,
    since: Since = None,
) -> PageOf[ResponseOut]:
    """List what pupils did with problems."""
    await note_look(db, caller, "responses", student_id, now)
    only = Filter(student_id=student_id, session_id=session_id, since=since)
    return pages.page(PageOf[ResponseOut], await lists.responses(db, caller, only, pages.part))


@router.get("/streaks")
async def streaks(
    db: Db,
    pages: Pages,
    caller: Annotated[ApiCaller, may(ApiScope.STREAKS)],
    student_id: OneId = None,
) -> PageOf[StreakOut]:
    """List days in a row, as they were on the last day with practice."""
    only = Filter(student_id=student_id)
    return pages.page(PageOf[StreakOut], await lists.streaks(db, caller, only, pages.part))


@router.get("/problems")
async def problems(
    db: Db,
    pages: Pages,
    _caller: Annotated[ApiCaller, may(ApiScope.PROBLEMS)],
    grade: _Grade = None,
    topic: _Topic = None,
) -> PageOf[ProblemOut]:
    """List the problems that may be chosen, with their answers."""
    only = Filter(grade=grade, topic=topic)
    return pages.page(PageOf[ProblemOut], await lists.problems(db, only, pages.part))


@router.get("/problems/{problem_id}")
async def problem(
    db: Db, problem_id: Id, _caller: Annotated[ApiCaller, may(ApiScope.PROBLEMS)]
) -> ProblemOut:
    """Show a problem, also one that is chosen no more."""
    return ProblemOut.model_validate(await lists.problem(db, problem_id))


@router.get("/costs")
async def costs(
    db: Db,
    pages: Pages,
    _caller: Annotated[ApiCaller, may(ApiScope.COSTS)],
    now: Now,
    first: Day = None,
    last: Day = None,
) -> PageOf[CostOut]:
    """List what calls of the model came to, by day, operation and model."""
    until = last or local_day(now, "UTC")
    begin = first or local_day(now - _MONTH, "UTC")
    return pages.page(PageOf[CostOut], await lists.costs(db, begin, until, pages.part))
