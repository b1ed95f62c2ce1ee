"""What reports can be grouped by, as columns of the ledger, of its rollup and of practice."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, cast, func, literal_column

from src.models import CostRecord, DailyCost, HintSource, Problem, Response, Session

TIMES = ("day", "week", "month")
GROUPS = (*TIMES, "operation", "model", "provider", "student", "grade", "problem")
ROLLED_UP = {*TIMES, "operation", "model", "provider"}
PRACTISED = {*TIMES, "student", "grade", "problem"}

# What `hints_viewed` calls the source of a hint that was paid for; all others are free.
PAID_SOURCE = HintSource.CLAUDE.value

# Spelt out, not bound: PostgreSQL takes two parameters for two expressions, and cannot group.
NO_MODEL: ColumnElement[str] = literal_column("''")
_UTC: ColumnElement[str] = literal_column("'UTC'")
_SQLITE_STEPS: dict[str, tuple[ColumnElement[str], ...]] = {
    "day": (),
    "week": (literal_column("'weekday 0'"), literal_column("'-6 days'")),
    "month": (literal_column("'start of month'"),),
}


def time_column(dialect: str, group: str, column: Any) -> Any:
    """Return the first day of the day, week or month of an instant or a date, in UTC."""
    if dialect == "sqlite":
        return func.date(column, *_SQLITE_STEPS[group], type_=Date())
    moment = column if isinstance(column.type, Date) else func.timezone(_UTC, column)
    if group == "day":
        return cast(moment, Date)
    return cast(func.date_trunc(literal_column(f"'{group}'"), moment), Date)


def rollup_column(dialect: str, group: str) -> Any:
    """Return a group as a column of the rollup."""
    if group in TIMES:
        day = DailyCost.day
        return day if group == "day" else time_column(dialect, group, day)
    names = {"operation": "operation", "model": "model", "provider": "api_provider"}
    return getattr(DailyCost, names[group])


def record_column(dialect: str, group: str) -> Any:
    """Return a group as a column of the ledger, joined with the problems."""
    if group in TIMES:
        return time_column(dialect, group, CostRecord.recorded_at)
    return {
        "operation": CostRecord.operation,
        "model": func.coalesce(CostRecord.model, NO_MODEL),
        "provider": CostRecord.api_provider,
        "student": CostRecord.student_id,
        "grade": CostRecord.grade,
        "problem": Problem.external_id,
    }[group]


def practice_column(dialect: str, group: str) -> Any:
    """Return a group as a column of the responses, joined with their sessions and problems."""
    if group in TIMES:
        return time_column(dialect, group, Response.created_at)
    return {"student": Session.student_id, "grade": Problem.grade, "problem": Problem.external_id}[
        group
    ]


def paid_hints(dialect: str) -> Any:
    """Return how many of the hints of a response were paid for."""
    if dialect == "sqlite":
        return literal_column(
            "(SELECT count(*) FROM json_each(responses.hints_viewed) WHERE "  # noqa: S608 - constant
            f"json_extract(value, '$.source') = '{PAID_SOURCE}')"
        )
    path = f'$[*] ? (@.source == "{PAID_SOURCE}")'
    return func.jsonb_array_length(
        func.jsonb_path_query_array(Response.hints_viewed, literal_column(f"'{path}'::jsonpath"))
    )


def show(group: str, value: Any) -> str:
    """Write the value of a group for people and spreadsheets."""
    if value is None or value == "":
        return "-"
    shown: dict[str, Callable[[date], str]] = {
        "week": lambda day: "{}-W{:02}".format(*day.isocalendar()[:2]),
        "month": lambda day: f"{day:%Y-%m}",
    }
    return shown[group](value) if group in shown else str(value)
