"""How a dispute ends: the figures, the record, the pupil, the operators, the commands."""

import asyncio
import csv
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select
from typer.testing import CliRunner

from bot.views.disputes import settled
from bot.words import words
from cli.main import app
from src import clock, database, jobs
from src.accounts import service as accounts
from src.answers import grade
from src.errors import NoSuchDispute, NotSent
from src.language import Language
from src.models import (
    Attempt,
    AuditAction,
    AuditEvent,
    Dispute,
    DisputeDecision,
    OutboxKind,
    OutboxMessage,
    Person,
    Response,
    Session,
    SessionStatus,
    Streak,
)
from src.outbox.delivery import Draft
from src.outbox.rules import is_quiet, next_waking
from src.outbox.service import Waiting
from src.practice import dispute_queries as disputes
from src.practice import service as practice
from src.practice.results import DisputeNews, NewDisputes, ProblemCard
from src.practice.writer import SettledWriter
from src.streaks import replay
from tests.fixtures.factories import (
    make_attempt,
    make_dispute,
    make_problem,
    make_response,
    make_session,
    make_student,
)
from tests.integration.test_housekeeping import ONCE, make_context

NOON = datetime(2026, 3, 2, 6, tzinfo=UTC)  # in Dhaka


@dataclass(frozen=True)
class Case:
    """A pupil who defends an answer."""

    student: int
    session: int
    response: int
    dispute: int


async def add_case(
    typed: str = "0.76",
    *,
    session: dict[str, Any] | None = None,
    answered: int = 1,
    **response: Any,
) -> Case:
    """Add a pupil with a session of which some problems are answered and the first is defended."""
    now = clock.now()
    async with database.session_scope() as db:
        problems, student = [make_problem() for _ in range(5)], make_student()
        db.add_all([*problems, student])
        await db.flush()
        values = {"current_index": answered} | (session or {})
        practised = make_session(
            student_id=student.id, problem_ids=[p.id for p in problems], **values
        )
        db.add(practised)
        await db.flush()
        given = {"closed_at": now, "attempts": 3, "last_verdict": "wrong"} | response
        rows = [
            make_response(session_id=practised.id, problem_id=problem.id, **given)
            for problem in problems[: max(answered, 1)]
        ]
        db.add_all(rows)
        await db.flush()
        dispute = make_dispute(response_id=rows[0].id, attempt=3, typed=typed)
        db.add_all([dispute, make_attempt(response_id=rows[0].id, number=3, typed=typed)])
        await db.flush()
        return Case(student.id, practised.id, rows[0].id, dispute.id)


async def settle(case: Case, *, accepted: bool, at: datetime | None = None) -> DisputeDecision:
    async with database.session_scope() as db:
        return await practice.settle_dispute(
            db, case.dispute, accepted=accepted, actor="operator", at=at or clock.now()
        )


async def one(model: type[Any], **where: Any) -> Any:
    async with database.read_scope() as db:
        return (await db.scalars(select(model).filter_by(**where))).one()


async def all_of(model: type[Any]) -> list[Any]:
    async with database.read_scope() as db:
        return list(await db.scalars(select(model)))


async def test_an_accepted_answer_counts_as_right(database_url: str) -> None:
    case = await add_case(misconception="carried wrongly")
    assert await settle(case, accepted=True) is DisputeDecision.ACCEPTED
    response = await one(Response, id=case.response)
    assert (response.is_correct, response.last_verdict) == (True, "correct")
    assert (response.misconception, response.attempts) == (None, 3)
    assert (await one(Session, id=case.session)).problems_correct == 1
    assert (await one(Attempt)).verdict == "correct"
    dispute = await one(Dispute)
    assert (dispute.decision, dispute.decided_by) == ("accepted", "operator")
    event = await one(AuditEvent)
    assert (event.action, event.subject_kind, event.actor) == (
        AuditAction.SETTLE,
        "dispute",
        "operator",
    )
    assert (event.subject_id, event.detail["decision"]) == (case.dispute, "accepted")
    message = await one(OutboxMessage)
    assert (message.kind, message.student_id) == (OutboxKind.SETTLED, case.student)


async def test_a_declined_answer_changes_no_figure_and_is_told(database_url: str) -> None:
    case = await add_case()
    assert await settle(case, accepted=False) is DisputeDecision.DECLINED
    assert not (await one(Response, id=case.response)).is_correct
    assert (await one(Session, id=case.session)).problems_correct == 0
    assert (await one(Attempt)).verdict == "wrong"
    assert len(await all_of(OutboxMessage)) == 1


async def test_the_first_decision_stays_and_is_told_once(database_url: str) -> None:
    case = await add_case()
    first = await settle(case, accepted=True)
    assert await settle(case, accepted=True) is await settle(case, accepted=False) is first
    assert (await one(Session, id=case.session)).problems_correct == 1
    assert len(await all_of(OutboxMessage)) == len(await all_of(AuditEvent)) == 1


async def test_of_two_who_decide_at_once_one_is_heard(database_url: str) -> None:
    case = await add_case()
    both = await asyncio.gather(
        *(settle(case, accepted=accepted) for accepted in (True, False, True, False))
    )
    assert len(set(both)) == 1
    right = (await one(Session, id=case.session)).problems_correct
    assert right == (both[0] is DisputeDecision.ACCEPTED)
    assert len(await all_of(OutboxMessage)) == len(await all_of(AuditEvent)) == 1


async def test_what_was_solved_meanwhile_is_not_counted_twice(database_url: str) -> None:
    case = await add_case(session={"problems_correct": 1}, is_correct=True)
    await settle(case, accepted=True)
    assert (await one(Session, id=case.session)).problems_correct == 1


async def test_a_problem_that_is_still_open_is_closed_and_the_next_one_waits(
    database_url: str,
) -> None:
    case = await add_case(answered=0, closed_at=None, attempts=1)
    await settle(case, accepted=True)
    session = await one(Session, id=case.session)
    assert (session.current_index, session.problems_correct, session.is_paused) == (1, 1, True)
    response = await one(Response, id=case.response)
    assert response.is_correct
    assert response.closed_at is not None


async def test_the_last_problem_that_is_still_open_finishes_the_session(database_url: str) -> None:
    case = await add_case(answered=5)
    async with database.session_scope() as db:
        session = await db.get_one(Session, case.session)
        last = await db.get_one(Response, case.response + 4)
        session.current_index, last.closed_at, last.attempts = 4, None, 1
        dispute = await db.get_one(Dispute, case.dispute)
        dispute.response_id = last.id
    await settle(case, accepted=True)
    session = await one(Session, id=case.session)
    assert (session.status, session.problems_correct) == (SessionStatus.COMPLETED, 1)
    assert (await one(Streak)).current_streak == 1


async def test_a_session_that_ran_out_is_corrected_too(database_url: str) -> None:
    case = await add_case(
        session={"status": SessionStatus.EXPIRED}, answered=0, closed_at=None, attempts=1
    )
    await settle(case, accepted=True)
    assert (await one(Session, id=case.session)).problems_correct == 1
    assert (await one(Response, id=case.response)).closed_at is not None


async def test_a_streak_that_hung_on_it_is_corrected(database_url: str) -> None:
    now = clock.now()
    case = await add_case(
        session={
            "status": SessionStatus.COMPLETED,
            "completed_at": now,
            "started_at": now - timedelta(minutes=5),
        },
        answered=5,
        skipped=True,
    )
    async with database.session_scope() as db:
        await replay.verify(db, case.student, repair=True)
    assert all(streak.current_streak == 0 for streak in await all_of(Streak))
    await settle(case, accepted=True)
    assert (await one(Streak)).current_streak == 1
    async with database.read_scope() as db:
        assert await replay.find_suspects(db, [case.student]) == []


async def test_a_dispute_goes_with_its_pupil(database_url: str) -> None:
    case = await add_case()
    async with database.session_scope() as db:
        pupil = await accounts.find_student(db, case.student)
        assert pupil is not None
        await accounts.erase(db, pupil)
    assert await all_of(Dispute) == []
    with pytest.raises(NoSuchDispute):
        await settle(case, accepted=True)


async def test_who_is_erased_while_it_is_decided_leaves_nothing(database_url: str) -> None:
    case = await add_case()

    async def erase() -> None:
        async with database.session_scope() as db:
            await db.execute(delete(Person))

    await asyncio.gather(settle(case, accepted=True), erase(), return_exceptions=True)
    assert await all_of(Dispute) == await all_of(OutboxMessage) == []


def test_what_is_decided_at_night_is_told_in_the_morning() -> None:
    for at in (NOON + timedelta(hours=hours) for hours in range(24)):
        due = next_waking(at, "Asia/Dhaka")
        assert not is_quiet(due, "Asia/Dhaka")
        assert at <= due <= at + timedelta(hours=11)
        assert (due == at) == (not is_quiet(at, "Asia/Dhaka"))


async def test_news_that_came_late_to_the_outbox_wait_for_the_morning(sqlite_url: str) -> None:
    case = await add_case()
    await settle(case, accepted=True)
    sent: list[DisputeNews] = []

    async def send(news: DisputeNews) -> None:
        sent.append(news)

    writer, message = SettledWriter(send), await one(OutboxMessage)
    waiting = Waiting(
        *(message.id, message.kind, case.student, message.subject, None, message.local_day),
        *(1, (await one(Person)).language),
    )
    async with database.read_scope() as db:
        midnight = NOON + timedelta(hours=12)
        assert await writer.prepare(db, waiting, midnight) == midnight + timedelta(hours=8)
        draft = await writer.prepare(db, waiting, NOON)
        found = await disputes.news(db, case.dispute)
    assert found is not None
    assert not found[0].is_open
    assert isinstance(draft, Draft)
    await draft.send()
    assert [(news.accepted, news.typed) for news in sent] == [(True, "0.76")]


async def test_operators_hear_of_each_dispute_once(sqlite_url: str) -> None:
    heard: list[NewDisputes] = []

    async def hear(new: NewDisputes) -> None:
        heard.append(new)

    async def fail(new: NewDisputes) -> None:
        raise NotSent

    await jobs.tell_disputes(telling(fail), ONCE)
    first, second = await add_case(), await add_case()
    with pytest.raises(NotSent):
        await jobs.tell_disputes(telling(fail), ONCE)
    for _ in range(2):
        await jobs.tell_disputes(telling(hear), ONCE)
    [new] = heard
    assert new.ids == [first.dispute, second.dispute]
    assert len(new.problems) == 2


def telling(report: Callable[[NewDisputes], Awaitable[None]]) -> jobs.JobContext:
    context = make_context()
    object.__setattr__(context, "report", report)
    return context


@pytest.mark.parametrize("is_open", [True, False])
@pytest.mark.parametrize("language", ["en", "bn"])
def test_a_declined_answer_to_an_open_problem_gives_nothing_away(
    is_open: bool, language: str
) -> None:
    problem = ProblemCard(
        *(1, "fractions", 1, 1, "How much?", "কত?", "3/4", "number", {}, None, [], []),
        *("It is 3/4.", "৩/৪।"),
    )
    news = DisputeNews(1, Language(language), False, "0.76", problem, is_open=is_open)
    said = settled(words(language), news).text
    assert ("3/4" in said or "৩/৪" in said) is not is_open
    assert "0.76" in said


async def run(*args: str) -> tuple[int, str]:
    """Run a command in a thread: it starts a loop of its own."""
    await database.dispose()
    result = await asyncio.to_thread(CliRunner().invoke, app, ["content", "disputes", *args])
    return result.exit_code, result.output


async def test_what_a_pupil_defends_is_listed_without_the_pupil(database_url: str) -> None:
    case = await add_case("0.75 [bold]cm[/bold]")
    code, output = await run("list")
    assert code == 0
    for part in (f"{case.dispute}  G7-TEST-", "What is 1/2 + 1/4?", "stored: 3/4", "0.75 [bold]cm"):
        assert part in output
    _, output = await run("list", "--format", "json")
    [found] = json.loads(output)
    assert found["typed"] == "0.75 [bold]cm[/bold]"
    assert "student" not in output
    assert found["grader_now"].startswith("unreadable")


async def test_what_a_pupil_defends_moves_no_cursor(sqlite_url: str) -> None:
    await add_case("4\x1b]0;PWNED\x07\x1b[2J\x9b1m")
    for output_format in ("table", "json"):
        _, output = await run("list", "--format", output_format)
        assert "\\u001b]0;PWNED\\u0007" in output
        assert not set("\x1b\x07\x9b") & set(output)


async def test_without_disputes_it_says_so(sqlite_url: str) -> None:
    assert await run("list") == (0, "No answers wait to be looked at.\n")


async def test_an_accepted_answer_becomes_a_case_for_the_grader(
    sqlite_url: str, tmp_path: Path
) -> None:
    first, second = await add_case('0.75, "I think"'), await add_case("০.৭৫")
    file = tmp_path / "cases.csv"
    code, output = await run("accept", str(first.dispute), "--export", str(file))
    assert code == 0
    assert f"{first.dispute} G7-TEST-" in output
    assert ": accepted" in output
    for _ in range(2):
        ids = [str(first.dispute), str(second.dispute)]
        await run("accept", *ids, "--export", str(file))
    with file.open(encoding="utf-8", newline="") as rows, CORPUS.open(encoding="utf-8") as corpus:
        cases = list(csv.DictReader(rows))
        assert list(cases[0]) == next(csv.reader(corpus))
    assert [json.loads(case["typed_json"]) for case in cases] == ['0.75, "I think"', "০.৭৫"]
    last = cases[-1]
    verdict = grade(
        json.loads(last["typed_json"]),
        last["stored"],
        last["answer_type"],
        json.loads(last["options"]),
    )
    assert verdict.outcome == last["verdict"]


CORPUS = Path(__file__).parents[1] / "corpus" / "answers.csv"


async def test_a_declined_answer_leaves_the_list_and_is_no_case(
    sqlite_url: str, tmp_path: Path
) -> None:
    case, file = await add_case(), tmp_path / "cases.csv"
    _, output = await run("decline", str(case.dispute))
    assert ": declined" in output
    _, output = await run("accept", str(case.dispute), "--export", str(file))
    assert ": declined" in output
    assert "0 cases" in output
    assert (await run("list"))[1] == "No answers wait to be looked at.\n"
    assert "declined" in (await run("list", "--settled"))[1]


async def test_a_number_that_is_no_dispute_is_named(sqlite_url: str) -> None:
    await database.dispose()
    result = await asyncio.to_thread(
        CliRunner().invoke, app, ["content", "disputes", "accept", "17"]
    )
    assert isinstance(result.exception, NoSuchDispute)
    assert str(result.exception) == "there is no dispute 17"
