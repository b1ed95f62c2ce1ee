"""How it is going: figures for operators, over all pupils, with nobody's name or number.

Days are the pupils' own where a session or a nudge has one, and UTC otherwise; a period is named by
its first day, a week by its Monday.
"""

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Date, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from src.models import DailyCost

Rows = list[dict[str, Any]]
MOST_PROBLEMS = 10


class SumBy(StrEnum):
    """What figures are summed up by."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Topic(StrEnum):
    """What is asked about."""

    ACTIVITY = "activity"
    RETENTION = "retention"
    TOPICS = "topics"
    PROBLEMS = "problems"
    NUDGES = "nudges"
    SESSIONS = "sessions"
    FEATURES = "features"
    COSTS = "costs"


@dataclass(frozen=True, slots=True)
class Span:
    """Which days are looked at, and by what they are summed up.

    Attributes:
        since: The first day.
        until: The last day.
        by: The period of a row.
    """

    since: date
    until: date
    by: SumBy = SumBy.DAY


async def read(db: AsyncSession, topic: Topic, span: Span) -> Rows:
    """Return the figures of a topic, a dictionary a row, each with the same keys."""
    return await _READERS[topic](db, span)


async def _activity(db: AsyncSession, span: Span) -> Rows:
    practised = await _ask(
        db,
        span,
        """SELECT {date} AS period, count(DISTINCT student_id) AS pupils, count(*) AS sessions,
        sum(CASE WHEN status = 'completed' THEN 1 ELSE 0 END) AS finished
        FROM sessions WHERE date BETWEEN :since AND :until GROUP BY 1""",
        date="date",
    )
    answered = await _ask(
        db,
        span,
        """SELECT {date} AS period, sum(asked) AS problems, sum(solved) AS solved
        FROM pupil_days WHERE local_day BETWEEN :since AND :until GROUP BY 1""",
        date="local_day",
    )
    joined = await _ask(
        db,
        span,
        """SELECT {date} AS period, count(*) AS new_pupils
        FROM students WHERE {day} BETWEEN :since AND :until GROUP BY 1""",
        date=_utc_day(db, "registered_at"),
        day=_utc_day(db, "registered_at"),
    )
    names = ("pupils", "new_pupils", "sessions", "finished", "problems", "solved")
    return _side_by_side([practised, answered, joined], names)


async def _retention(db: AsyncSession, span: Span) -> Rows:
    """Count who came again, by the week of the first session and the weeks since then."""
    week = Span(span.since, span.until, SumBy.WEEK)
    rows = await _ask(
        db,
        week,
        """WITH firsts AS (SELECT student_id, min(local_day) AS day FROM pupil_days GROUP BY 1),
        seen AS (SELECT DISTINCT student_id, {date} AS week FROM pupil_days
            WHERE local_day BETWEEN :since AND :until)
        SELECT {first} AS cohort, week, count(*) AS pupils
        FROM seen JOIN firsts ON firsts.student_id = seen.student_id
        WHERE firsts.day BETWEEN :since AND :until GROUP BY 1, 2 ORDER BY 1, 2""",
        date="local_day",
        first="firsts.day",
    )
    sizes = {row["cohort"]: row["pupils"] for row in rows if row["cohort"] == row["week"]}
    return [
        {
            "cohort": row["cohort"],
            "week": _weeks_between(row["cohort"], row["week"]),
            "pupils": row["pupils"],
            "share": _share(row["pupils"], sizes.get(row["cohort"])),
        }
        for row in rows
    ]


async def _topics(db: AsyncSession, span: Span) -> Rows:
    rows = await _ask(
        db,
        span,
        """SELECT topic, count(DISTINCT student_id) AS pupils, sum(asked) AS asked,
        sum(first_right) AS first_right, sum(solved) AS solved, sum(hints) AS hints,
        sum(seconds) AS seconds, sum(finished) AS finished
        FROM pupil_days WHERE local_day BETWEEN :since AND :until GROUP BY 1 ORDER BY 1""",
    )
    for row in rows:
        row["accuracy"] = _share(row["solved"], row["finished"])
    return rows


async def _problems(db: AsyncSession, span: Span) -> Rows:
    """List the hardest, most skipped and slowest problems, and those that nobody was ever asked."""
    figures = await _ask(
        db,
        span,
        """SELECT external_id AS problem, count(*) AS answered,
        sum(CASE WHEN is_correct THEN 1 ELSE 0 END) AS solved,
        sum(CASE WHEN skipped THEN 1 ELSE 0 END) AS skipped,
        sum(hints_used) AS hints, sum(time_spent_seconds) AS seconds,
        sum(CASE WHEN EXISTS (SELECT 1 FROM disputes WHERE response_id = r.id)
            THEN 1 ELSE 0 END) AS disputed
        FROM responses r JOIN sessions s ON s.id = r.session_id
        JOIN problems p ON p.id = r.problem_id
        WHERE s.date BETWEEN :since AND :until AND closed_at IS NOT NULL
        GROUP BY 1 ORDER BY 1""",
    )
    for row in figures:
        row["accuracy"] = _share(row["solved"], row["answered"])
        row["seconds"] = round(row["seconds"] / row["answered"])
    never = await _ask(
        db,
        span,
        """SELECT external_id AS problem FROM problems p
        WHERE status = 'active' AND NOT EXISTS (SELECT 1 FROM responses WHERE problem_id = p.id)
        ORDER BY 1""",
    )
    skipped = [row for row in figures if row["skipped"]]
    lists = {
        "hardest": sorted(figures, key=lambda row: (row["accuracy"], -row["answered"])),
        "most skipped": sorted(skipped, key=lambda row: -row["skipped"] / row["answered"]),
        "slowest": sorted(figures, key=lambda row: -row["seconds"]),
        "never asked": never,
    }
    names = ("answered", "accuracy", "skipped", "hints", "seconds", "disputed")
    return [
        {"list": title, "problem": row["problem"]} | {name: row.get(name) for name in names}
        for title, rows in lists.items()
        for row in rows[:MOST_PROBLEMS]
    ]


async def _nudges(db: AsyncSession, span: Span) -> Rows:
    """Count nudges by wording, and who began a session within a day of one."""
    rows = await _ask(
        db,
        span,
        """SELECT {date} AS period, variant, count(*) AS sent,
        sum(CASE WHEN EXISTS (SELECT 1 FROM sessions s WHERE s.student_id = n.student_id
            AND s.started_at >= n.sent_at AND {came}) THEN 1 ELSE 0 END) AS came
        FROM outbox n WHERE kind = 'nudge' AND outcome = 'sent'
        AND local_day BETWEEN :since AND :until GROUP BY 1, 2 ORDER BY 1, 2""",
        date="local_day",
        came=_within_a_day(db, "s.started_at", "n.sent_at"),
    )
    for row in rows:
        row["share"] = _share(row["came"], row["sent"])
    return rows


async def _sessions(db: AsyncSession, span: Span) -> Rows:
    rows = await _ask(
        db,
        span,
        """SELECT {date} AS period, count(*) AS begun,
        sum(CASE WHEN status = 'completed' THEN 1 ELSE 0 END) AS finished,
        sum(CASE WHEN status = 'expired' THEN 1 ELSE 0 END) AS abandoned,
        sum(CASE WHEN status = 'active' THEN 1 ELSE 0 END) AS open,
        sum(CASE WHEN status = 'completed' THEN problems_correct ELSE 0 END) AS solved,
        sum(total_time_seconds) AS seconds
        FROM sessions WHERE date BETWEEN :since AND :until GROUP BY 1 ORDER BY 1""",
        date="date",
    )
    for row in rows:
        solved, seconds = row.pop("solved"), row.pop("seconds")
        row["solved_of_five"] = _mean(solved, row["finished"])
        row["minutes"] = _mean(seconds / 60, row["finished"])
    return rows


async def _features(db: AsyncSession, span: Span) -> Rows:
    """Count what else was used: hints by source, disputes, confidence, who blocked the bot."""
    return await _ask(
        db,
        span,
        """SELECT {date} AS period, 'hint: ' || {source} AS feature, count(*) AS times,
        count(DISTINCT student_id) AS pupils
        FROM responses r JOIN sessions s ON s.id = r.session_id, {each}
        WHERE s.date BETWEEN :since AND :until GROUP BY 1, 2
        UNION ALL SELECT {date}, 'confidence told', count(*), count(DISTINCT student_id)
        FROM responses r JOIN sessions s ON s.id = r.session_id
        WHERE s.date BETWEEN :since AND :until AND confidence_level IS NOT NULL GROUP BY 1
        UNION ALL SELECT {date}, 'dispute raised', count(*), count(DISTINCT student_id)
        FROM disputes d JOIN responses r ON r.id = d.response_id JOIN sessions s
        ON s.id = r.session_id WHERE s.date BETWEEN :since AND :until GROUP BY 1
        UNION ALL SELECT {date}, 'dispute ' || decision, count(*), count(DISTINCT student_id)
        FROM disputes d JOIN responses r ON r.id = d.response_id JOIN sessions s
        ON s.id = r.session_id WHERE s.date BETWEEN :since AND :until AND decision IS NOT NULL
        GROUP BY 1, 2
        UNION ALL SELECT {blocked}, 'bot blocked', count(*), count(*)
        FROM people WHERE {blocked_day} BETWEEN :since AND :until GROUP BY 1
        ORDER BY 1, 2""",
        date="s.date",
        blocked=_utc_day(db, "blocked_at"),
        blocked_day=_utc_day(db, "blocked_at"),
        source=_HINT[_dialect(db)][0],
        each=_HINT[_dialect(db)][1],
    )


async def _costs(db: AsyncSession, span: Span) -> Rows:
    """Sum up the rollup of the ledger; money is added here, where it is exact on both databases."""
    spent: defaultdict[tuple[str, str, str], list[Decimal]] = defaultdict(list)
    calls: Counter[tuple[str, str, str]] = Counter()
    days = select(DailyCost).where(DailyCost.day.between(span.since, span.until))
    for one in await db.scalars(days):
        key = (_first_day(one.day, span.by).isoformat(), str(one.operation), one.model)
        spent[key].append(one.cost_usd)
        calls[key] += one.calls
    return [
        {"period": key[0], "operation": key[1], "model": key[2], "calls": calls[key]}
        | {"dollars": str(sum(spent[key], Decimal(0)))}
        for key in sorted(spent)
    ]


def _first_day(day: date, by: SumBy) -> date:
    if by is SumBy.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if by is SumBy.MONTH else day


_READERS: dict[Topic, Callable[[AsyncSession, Span], Awaitable[Rows]]] = {
    Topic.ACTIVITY: _activity,
    Topic.RETENTION: _retention,
    Topic.TOPICS: _topics,
    Topic.PROBLEMS: _problems,
    Topic.NUDGES: _nudges,
    Topic.SESSIONS: _sessions,
    Topic.FEATURES: _features,
    Topic.COSTS: _costs,
}
# What names the period of a day, and the elements of a response's hints with their source.
_PERIODS = {
    ("postgresql", SumBy.DAY): "{}",
    ("postgresql", SumBy.WEEK): "date_trunc('week', {})::date",
    ("postgresql", SumBy.MONTH): "date_trunc('month', {})::date",
    ("sqlite", SumBy.DAY): "date({})",
    ("sqlite", SumBy.WEEK): "date({}, 'weekday 0', '-6 days')",
    ("sqlite", SumBy.MONTH): "date({}, 'start of month')",
}
_HINT = {
    "postgresql": (
        "(shown ->> 'source')",
        "jsonb_array_elements(CAST(r.hints_viewed AS jsonb)) AS shown",
    ),
    "sqlite": ("json_extract(shown.value, '$.source')", "json_each(r.hints_viewed) AS shown"),
}
# Places of `{...}` that hold a day of which the period is wanted.
_OF_PERIOD = ("date", "first", "blocked")


async def _ask(db: AsyncSession, span: Span, statement: str, **places: str) -> Rows:
    """Run a statement; its places are our own words, its days are parameters."""
    period = _PERIODS[_dialect(db), span.by]
    filled = {
        name: period.format(place) if name in _OF_PERIOD else place
        for name, place in places.items()
    }
    days = (bindparam("since", type_=Date), bindparam("until", type_=Date))
    used = [day for day in days if f":{day.key}" in statement]
    query = text(statement.format(**filled)).bindparams(*used)
    values = {"since": span.since, "until": span.until}
    rows = await db.execute(query, {day.key: values[day.key] for day in used})
    return [{name: _plain(value) for name, value in row.items()} for row in rows.mappings()]


def _dialect(db: AsyncSession) -> str:
    return db.get_bind().dialect.name


def _utc_day(db: AsyncSession, column: str) -> str:
    """Return the UTC day of an instant."""
    if _dialect(db) == "sqlite":
        return f"date({column})"
    return f"({column} AT TIME ZONE 'UTC')::date"


def _within_a_day(db: AsyncSession, later: str, earlier: str) -> str:
    if _dialect(db) == "sqlite":
        return f"julianday({later}) - julianday({earlier}) <= 1"
    return f"{later} <= {earlier} + interval '1 day'"


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _side_by_side(parts: Iterable[Rows], names: tuple[str, ...]) -> Rows:
    """Return one row a period; what a part does not have is 0."""
    periods: dict[str, dict[str, Any]] = {}
    for row in (row for part in parts for row in part):
        periods.setdefault(row["period"], dict.fromkeys(names, 0)).update(row)
    return [{"period": period} | periods[period] for period in sorted(periods)]


def _weeks_between(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days // 7


def _share(part: float, whole: float | None) -> float | None:
    return round(part / whole, 3) if whole else None


def _mean(total: float, number: int) -> float | None:
    return round(total / number, 1) if number else None
