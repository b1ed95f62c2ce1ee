"""`dars stats` on both databases: each figure against rows that are known."""

import asyncio
import csv
import json
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from cli.main import app
from src import database
from src.models import DisputeDecision, OutboxOutcome, Problem, SessionStatus
from tests.fixtures.factories import (
    make_cost_record,
    make_dispute,
    make_outbox_message,
    make_problem,
    make_response,
    make_session,
    make_student,
)

MONDAY = date(2026, 3, 2)
HINTS = [{"step": 1, "source": "authored"}, {"step": 2, "source": "model"}]


def at(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), timezone(timedelta(0)))


async def dars(*words: str) -> Result:
    await database.dispose()
    return await asyncio.to_thread(CliRunner().invoke, app, ["stats", *words])


async def stats(topic: str, *words: str) -> list[dict[str, Any]]:
    span = ("--from", "2026-03-01", "--to", "2026-03-31", "--format", "json")
    result = await dars(topic, *span, *words)
    assert result.exit_code == 0, (result.output, result.exception)
    rows: list[dict[str, Any]] = json.loads(result.output)[topic]
    return rows


@pytest.fixture
async def month(database_url: str) -> None:
    """Two pupils: one practises on two Mondays, one on a Tuesday and not to the end."""
    tuesday, later = MONDAY + timedelta(days=1), MONDAY + timedelta(days=7)
    async with database.session_scope() as db:
        easy = make_problem(external_id="G6-EASY-001", topic="fractions")
        hard = make_problem(external_id="G6-HARD-001", topic="ratio")
        never = make_problem(external_id="G6-NEVER-001", topic="ratio")
        one = make_student(registered_at=at(MONDAY))
        two = make_student(registered_at=at(tuesday))
        db.add_all([easy, hard, never, one, two])
        await db.flush()
        for student, day, done in ((one, MONDAY, True), (one, later, True), (two, tuesday, False)):
            status = SessionStatus.COMPLETED if done else SessionStatus.EXPIRED
            practice = make_session(
                student_id=student.id,
                date=day,
                status=status,
                started_at=at(day),
                completed_at=at(day) if done else None,
                problems_correct=4 if done else 0,
                total_time_seconds=600 if done else 0,
            )
            db.add(practice)
            await db.flush()
            right = {"is_correct": True, "attempts": 1, "closed_at": at(day)}
            wrong = {"attempts": 3, "closed_at": at(day), "hints_used": 2, "hints_viewed": HINTS}
            db.add(make_response(session_id=practice.id, problem_id=easy.id, **right))
            response = make_response(
                session_id=practice.id,
                problem_id=hard.id,
                time_spent_seconds=300,
                skipped=not done,
                **wrong,
            )
            db.add(response)
            await db.flush()
        declined = {"decision": DisputeDecision.DECLINED, "decided_at": at(tuesday)}
        db.add(make_dispute(response_id=response.id, attempt=3, **declined))
        for student, day in ((one, later), (two, later)):
            sent = {"sent_at": at(day, 11), "outcome": OutboxOutcome.SENT, "variant": "keep"}
            db.add(make_outbox_message(student_id=student.id, local_day=day, **sent))
        db.add(make_cost_record(recorded_at=at(MONDAY), cost_usd="0.0015"))
        db.add(make_cost_record(recorded_at=at(tuesday), cost_usd="0.25"))


@pytest.mark.usefixtures("month")
async def test_activity_by_day_week_and_month() -> None:
    days = await stats("activity")
    assert [row["period"] for row in days] == ["2026-03-02", "2026-03-03", "2026-03-09"]
    assert days[0] == {
        "period": "2026-03-02",
        "pupils": 1,
        "new_pupils": 1,
        "sessions": 1,
        "finished": 1,
        "problems": 2,
        "solved": 1,
    }
    weeks = await stats("activity", "--by", "week")
    assert [(row["period"], row["pupils"], row["sessions"]) for row in weeks] == [
        ("2026-03-02", 2, 2),
        ("2026-03-09", 1, 1),
    ]
    [month] = await stats("activity", "--by", "month")
    assert (month["period"], month["pupils"], month["new_pupils"]) == ("2026-03-01", 2, 2)
    assert (month["sessions"], month["finished"], month["problems"]) == (3, 2, 6)


@pytest.mark.usefixtures("month")
async def test_retention_topics_and_problems() -> None:
    assert await stats("retention") == [
        {"cohort": "2026-03-02", "week": 0, "pupils": 2, "share": 1.0},
        {"cohort": "2026-03-02", "week": 1, "pupils": 1, "share": 0.5},
    ]
    fractions, ratio = await stats("topics")
    assert (fractions["asked"], fractions["first_right"], fractions["accuracy"]) == (3, 3, 1.0)
    assert (ratio["asked"], ratio["solved"], ratio["hints"], ratio["seconds"]) == (3, 0, 6, 900)
    lists: dict[str, list[str]] = {}
    for row in await stats("problems"):
        lists.setdefault(row["list"], []).append(row["problem"])
    assert lists["hardest"] == ["G6-HARD-001", "G6-EASY-001"]
    assert lists["most skipped"] == ["G6-HARD-001"]
    assert lists["slowest"][0] == "G6-HARD-001"
    assert lists["never asked"] == ["G6-NEVER-001"]
    [hardest, *_] = await stats("problems")
    assert (hardest["answered"], hardest["skipped"], hardest["disputed"]) == (3, 1, 1)


@pytest.mark.usefixtures("month")
async def test_nudges_sessions_features_and_costs() -> None:
    assert await stats("nudges") == [
        {"period": "2026-03-09", "variant": "keep", "sent": 2, "came": 1, "share": 0.5}
    ]
    [month] = await stats("sessions", "--by", "month")
    assert (month["begun"], month["finished"], month["abandoned"]) == (3, 2, 1)
    assert (month["solved_of_five"], month["minutes"]) == (4.0, 10.0)
    features = {row["feature"]: row for row in await stats("features", "--by", "month")}
    assert features["hint: authored"]["times"] == features["hint: model"]["times"] == 3
    assert features["hint: model"]["pupils"] == 2
    assert features["dispute raised"]["times"] == features["dispute declined"]["times"] == 1
    [spent] = await stats("costs", "--by", "month")
    assert (spent["calls"], float(spent["dollars"])) == (2, 0.2515)


@pytest.mark.usefixtures("month")
async def test_all_of_it_as_a_table_and_one_as_csv() -> None:
    span = ("--from", "2026-03-01", "--to", "2026-03-31")
    result = await dars(*span)
    assert result.exit_code == 0
    for title in ("activity", "retention", "topics", "problems", "nudges", "sessions", "costs"):
        assert title in result.output
    result = await dars("topics", *span, "--format", "csv")
    rows = list(csv.DictReader(result.output.splitlines()))
    assert [(row["topic"], row["solved"]) for row in rows] == [("fractions", "3"), ("ratio", "0")]


@pytest.mark.usefixtures("database_url")
async def test_nothing_is_nothing_and_what_cannot_be_is_told() -> None:
    result = await dars("activity")
    assert (result.exit_code, result.output) == (0, "activity: nothing\n")
    async with database.read_scope() as db:
        assert not list(await db.scalars(select(Problem.id)))
    for words, said in (
        (("--format", "csv"), "name a topic"),
        (("activity", "--from", "31.3.2026"), "write a date such as"),
        (("activity", "--from", "2026-03-02", "--to", "2026-03-01"), "is after --to"),
    ):
        assert said in str((await dars(*words)).exception)
