"""``dars costs`` as an operator runs it, and the reports behind it, on both databases."""

import asyncio
import csv
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from typer.testing import CliRunner

from cli.main import app, main
from src import clock, database
from src.costs.reports import make_report
from src.errors import InvalidReport
from src.models import CostRecord, CostStatus, DailyCost
from tests.fixtures.factories import (
    make_cost_record,
    make_problem,
    make_response,
    make_session,
    make_student,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
BEFORE_MIDNIGHT = datetime(2026, 10, 31, 23, 59, 59, 999_999, tzinfo=UTC)
HAIKU, SONNET = "claude-haiku-5-5", "claude-sonnet-5-5"


@pytest.fixture
async def ledger(database_url: str) -> str:
    """Two pupils, two problems, four costs, five hints."""
    async with database.session_scope() as db:
        await add_practice(db)
    return database_url


async def add_practice(db: AsyncSession) -> None:
    problems = [make_problem(external_id=f"G7-COST-{n:03d}") for n in range(4)]
    problems.append(make_problem(external_id="G6-COST-004", grade=6))
    pupils = [make_student(), make_student()]
    db.add_all([*problems, *pupils])
    await db.flush()
    ids = [problem.id for problem in problems]
    sessions = [make_session(student_id=pupil.id, problem_ids=ids) for pupil in pupils]
    db.add_all(sessions)
    await db.flush()
    free, paid = {"step": 1, "source": "authored"}, {"step": 2, "source": "claude"}
    at = {"created_at": NOON, "hints_used": 2, "is_correct": True}
    db.add_all(
        [
            make_response(
                session_id=sessions[0].id, problem_id=ids[0], hints_viewed=[free, paid], **at
            ),
            make_response(
                session_id=sessions[1].id, problem_id=ids[0], hints_viewed=[free, free], **at
            ),
            make_response(
                session_id=sessions[1].id,
                problem_id=ids[4],
                hints_viewed=[free],
                **at | {"is_correct": False},
            ),
        ]
    )

    def cost(usd: str, at: datetime, pupil: int, problem: int, **more: Any) -> CostRecord:
        whose = {"student_id": pupils[pupil].id, "session_id": sessions[pupil].id}
        what = {"problem_id": ids[problem], "grade": problems[problem].grade}
        return make_cost_record(cost_usd=usd, recorded_at=at, **whose, **what, **more)

    db.add_all(
        [
            cost("0.0000000001", NOON, 0, 0, cache_read_tokens=7),
            cost("0.2", NOON, 1, 4, model=SONNET, operation="other"),
            cost("0.3", NOON - timedelta(days=1), 0, 0, cache_write_tokens=5),
            cost("0.4", BEFORE_MIDNIGHT, 0, 0, api_provider="compatible", model=None),
            cost("99", NOON, 0, 0, status="reserved"),
            cost("0", NOON, 0, 0, status="released"),
        ]
    )


async def run(*args: str) -> str:
    """Run a command in a thread: it starts a loop of its own."""
    await database.dispose()
    result = await asyncio.to_thread(CliRunner().invoke, app, ["costs", *args])
    assert result.exit_code == 0, result.output
    return result.output


async def rows_of(*args: str) -> list[dict[str, Any]]:
    period = ("--from", "2026-10-01", "--to", "2026-11-20")
    output = await run("report", *period, "--format", "json", *args)
    rows: list[dict[str, Any]] = json.loads(output)["rows"]
    return rows


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("day", {"2026-10-31": "0.4", "2026-11-19": "0.3", "2026-11-20": "0.2000000001"}),
        ("week", {"2026-W44": "0.4", "2026-W47": "0.5000000001"}),
        ("month", {"2026-10": "0.4", "2026-11": "0.5000000001"}),
        ("operation", {"hint_generation": "0.7000000001", "other": "0.2"}),
        ("model", {"-": "0.4", HAIKU: "0.3000000001", SONNET: "0.2"}),
        ("provider", {"claude": "0.5000000001", "compatible": "0.4"}),
        ("student", {"1": "0.7000000001", "2": "0.2"}),
        ("grade", {"7": "0.7000000001", "6": "0.2"}),
        ("problem", {"G7-COST-000": "0.7000000001", "G6-COST-004": "0.2"}),
    ],
)
async def test_every_group_adds_up_exactly(
    ledger: str, group: str, expected: dict[str, str]
) -> None:
    rows = await rows_of("--by", group)
    found = {row[group]: Decimal(row["usd"]) for row in rows}
    assert found == {key: Decimal(usd) for key, usd in expected.items()}


async def test_groups_combine(ledger: str) -> None:
    rows = await rows_of("--by", "month", "--by", "model")
    found = [(row["month"], row["model"], Decimal(row["usd"])) for row in rows]
    assert found == [
        ("2026-10", "-", Decimal("0.4")),
        ("2026-11", HAIKU, Decimal("0.3000000001")),
        ("2026-11", SONNET, Decimal("0.2")),
    ]
    rows = await rows_of("--by", "student", "--by", "week")
    assert len(rows) == 3


async def test_tokens_are_reported_with_those_of_the_cache(ledger: str) -> None:
    [row] = [row for row in await rows_of("--by", "model") if row["model"] == HAIKU]
    assert (row["calls"], row["input_tokens"], row["output_tokens"]) == (2, 200, 100)
    assert (row["cache_read_tokens"], row["cache_write_tokens"]) == (7, 5)


async def test_what_the_money_gave(ledger: str) -> None:
    rows = {row["problem"]: row for row in await rows_of("--by", "problem")}
    first = rows["G7-COST-000"]
    assert (first["hints"], first["free_share"]) == (4, "0.7500")
    assert (first["pupils"], first["sessions"], first["right_after_hint"]) == (2, 2, 2)
    assert (first["usd_per_pupil"], first["usd_per_session"]) == ("0.350000", "0.350000")
    assert first["usd_per_right_after_hint"] == "0.350000"
    other = rows["G6-COST-004"]
    assert (other["free_share"], other["usd_per_right_after_hint"]) == ("1.0000", None)


async def test_a_group_without_costs_shows_its_free_hints(ledger: str) -> None:
    async with database.session_scope() as db:
        await db.execute(update(CostRecord).values(status=CostStatus.RELEASED, cost_usd=0))
    [row] = await rows_of("--by", "day")
    assert (row["day"], row["calls"], row["usd"], row["hints"]) == ("2026-11-20", 0, "0", 5)


async def test_a_model_does_not_claim_the_hints_of_others(ledger: str) -> None:
    rows = await rows_of("--by", "model")
    assert {row["hints"] for row in rows} == {None}
    assert {row["free_share"] for row in rows} == {None}
    assert {row["pupils"] for row in rows} == {2}


async def test_the_total_is_that_of_all_rows(ledger: str) -> None:
    for by in ("model", "student"):
        output = await run(
            "report", "--from", "2026-11-19", "--to", "2026-11-20", "--by", by, "--format", "json"
        )
        total = json.loads(output)["total"]
        assert Decimal(total["usd"]) == Decimal("0.5000000001")
        assert (total["calls"], total["hints"], total["free_share"]) == (3, 5, "0.8000")


async def test_a_spreadsheet_gets_exact_amounts(ledger: str) -> None:
    output = await run(
        "report", "--from", "2026-11-20", "--to", "2026-11-20", "--by", "model", "--format", "csv"
    )
    rows = list(csv.DictReader(io.StringIO(output)))
    assert [(row["model"], row["usd"]) for row in rows] == [
        (SONNET, "0.2000000000"),
        (HAIKU, "0.0000000001"),
    ]


async def test_a_table_for_people(ledger: str) -> None:
    output = await run("report", "--from", "2026-10-01", "--to", "2026-11-20", "--by", "model")
    assert "0.900000" in output
    assert SONNET in output


@pytest.mark.usefixtures("noon")
async def test_without_options_it_is_the_last_thirty_days_by_day(sqlite_url: str) -> None:
    async with database.session_scope() as db:
        today = clock.now()
        for days in (0, 29, 30):
            db.add(make_cost_record(recorded_at=today - timedelta(days=days), cost_usd="0.1"))
    output = json.loads(await run("report", "--format", "json"))
    assert len(output["rows"]) == 2
    assert output["to"] == today.date().isoformat()


async def test_nothing_spent_is_no_error(database_url: str) -> None:
    assert await rows_of("--by", "student") == []
    assert "0.000000" in await run("report")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--from", "yesterday"), "--from: 'yesterday' is not a date such as 2026-11-21"),
        (("--to", "2026-02-30"), "--to: '2026-02-30' is not a date"),
        (("--to", "0001-01-01"), "--to: there are no costs in the year 1"),
        (("--to", "9999-12-31"), "--to: there are no costs in the year 9999"),
        (("--from", "2026-11-02", "--to", "2026-11-01"), "would end (2026-11-01) before it begins"),
        (("--by", "weather"), "no report by 'weather'; there are: day, week, month"),
        (("--by", "day", "--by", "day"), "grouped by the same twice"),
        (("--format", "pdf"), "no format 'pdf'; there are: table, csv, json"),
    ],
)
def test_what_cannot_be_reported_is_explained(
    sqlite_url: str,
    arguments: tuple[str, ...],
    complaint: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["costs", "report", *arguments])
    assert exit_.value.code == 1
    printed = capsys.readouterr().err
    assert complaint in printed
    assert "Traceback" not in printed


async def test_weeks_and_months_agree_with_the_calendar(db: AsyncSession) -> None:
    """Both databases compute them; here they are checked against Python for two years."""
    first = date(2025, 12, 20)
    days = [first + timedelta(days=n) for n in range(400)]
    noon: Callable[[date], datetime] = lambda day: datetime(  # noqa: E731 - one line
        day.year, day.month, day.day, 12, tzinfo=UTC
    )
    db.add_all([make_cost_record(cost_usd="0.01", recorded_at=noon(day)) for day in days])
    await db.flush()
    for by, name in (
        ("week", lambda day: "{}-W{:02}".format(*day.isocalendar()[:2])),
        ("month", lambda day: day.strftime("%Y-%m")),
    ):
        expected = {name(day): sum(name(other) == name(day) for other in days) for day in days}
        for groups in ([by], [by, "student"]):
            report = await make_report(db, days[0], days[-1], groups)
            assert {line.keys[0]: line.spending.calls for line in report.lines} == expected


async def test_an_empty_period_is_refused(db: AsyncSession) -> None:
    with pytest.raises(InvalidReport):
        await make_report(db, date(2026, 1, 2), date(2026, 1, 1), [])


@pytest.mark.usefixtures("noon")
async def test_the_budget_command_shows_what_is_left(database_url: str) -> None:
    async with database.session_scope() as db:
        student = make_student()
        db.add(student)
        await db.flush()
        db.add(make_cost_record(cost_usd="0.02", student_id=student.id))
        db.add(make_cost_record(cost_usd="0.01", student_id=student.id, status="reserved"))
        db.add(make_cost_record(cost_usd="1.5"))
    lines = {line["budget"]: line for line in json.loads(await run("budget", "--format", "json"))}
    assert lines["day"]["spent_usd"] == lines["month"]["spent_usd"] == "1.5200000000"
    assert lines["day"]["reserved_usd"] == "0.0100000000"
    assert lines["day"]["left_usd"] == "3.4700000000"
    assert lines["pupil_day"]["student"] == 1
    assert lines["pupil_day"]["left_usd"] == "0.0200000000"
    assert (lines["pupil_day"]["calls"], lines["pupil_day"]["most_calls"]) == (2, 60)
    assert (lines["day"]["calls"], lines["day"]["most_calls"]) == (None, None)
    table = await run("budget")
    assert "no. 1" in table
    assert re.search(r"0\.020000\W+2\W+60\b", table)


async def test_recover_settles_what_nobody_will(database_url: str) -> None:
    async with database.session_scope() as db:
        old = clock.now() - timedelta(minutes=11)
        db.add(make_cost_record(cost_usd="0.02", status="reserved", recorded_at=old))
        db.add(make_cost_record(cost_usd="0.02", status="reserved"))
    assert "worst case: 1." in await run("recover")
    assert "worst case: 0." in await run("recover")


async def test_rebuild_puts_a_spoilt_rollup_right(ledger: str) -> None:
    before = await rows_of("--by", "day", "--by", "model")
    assert "wrong: 0." in await run("rebuild")
    async with database.session_scope() as db:
        await db.execute(update(DailyCost).values(calls=DailyCost.calls + 1))
    assert "wrong: 4." in await run("rebuild")
    assert await rows_of("--by", "day", "--by", "model") == before
