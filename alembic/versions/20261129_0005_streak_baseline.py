"""Streaks by days with work: each is recounted, and what was counted by older rules is kept.

The rules stand here as they were on this day: a migration never changes with the code. Where they
give less than is stored, the stored streak stays, as the baseline from which counting goes on.

Revision: 0005, after 0004, 2026-11-29
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None

INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
A_DAY = timedelta(hours=24)
PUPILS_AT_ONCE = 500
COLUMNS = {
    "current": "current_streak",
    "longest": "longest_streak",
    "freezes": "freezes",
    "last_day": "last_practice_date",
    "last_timezone": "last_timezone",
    "last_counted_at": "last_counted_at",
    "last_completed_at": "last_completed_at",
    "milestones": "milestones_achieved",
}
INSTANTS = ("last_counted_at", "last_completed_at")
NO_STREAK: dict[str, Any] = dict.fromkeys(COLUMNS) | {
    "current": 0,
    "longest": 0,
    "freezes": 0,
    "milestones": [],
}
STREAKS = sa.table(
    "streaks",
    sa.column("student_id", sa.BigInteger()),
    sa.column("current_streak", sa.Integer()),
    sa.column("longest_streak", sa.Integer()),
    sa.column("freezes", sa.SmallInteger()),
    sa.column("last_practice_date", sa.Date()),
    sa.column("last_timezone", sa.String()),
    sa.column("last_counted_at", INSTANT),
    sa.column("last_completed_at", INSTANT),
    sa.column("milestones_achieved", JSON),
    sa.column("baseline", JSON),
)
SESSIONS = sa.table(
    "sessions",
    sa.column("id", sa.BigInteger()),
    sa.column("student_id", sa.BigInteger()),
    sa.column("status", sa.String()),
    sa.column("started_at", INSTANT),
    sa.column("completed_at", INSTANT),
    sa.column("timezone", sa.String()),
)
RESPONSES = sa.table(
    "responses",
    sa.column("session_id", sa.BigInteger()),
    sa.column("skipped", sa.Boolean()),
    sa.column("closed_at", INSTANT),
)


def upgrade() -> None:
    """Add the column and recount every streak, pupil by pupil."""
    op.add_column("streaks", sa.Column("baseline", JSON))
    if not op.get_context().as_sql:
        recount_all(op.get_bind())


def downgrade() -> None:
    """Drop the column; the streaks stay as they are."""
    with op.batch_alter_table("streaks") as batch:
        batch.drop_column("baseline")


def recount_all(db: sa.Connection) -> None:
    after = 0
    while rows := next_streaks(db, after):
        for row in rows:
            recount(db, row.student_id, stored_state(row))
        after = rows[-1].student_id


def next_streaks(db: sa.Connection, after: int) -> list[sa.Row[Any]]:
    of_later = sa.select(STREAKS).where(STREAKS.c.student_id > after)
    return list(db.execute(of_later.order_by(STREAKS.c.student_id).limit(PUPILS_AT_ONCE)))


def recount(db: sa.Connection, student_id: int, stored: dict[str, Any]) -> None:
    """Store what the sessions give, or more where more is stored."""
    state, last = dict(NO_STREAK), 0
    for last, begun, ended, zone, worked_at in finished_sessions(db, student_id):  # noqa: B007
        state = finish(state, begun, ended, zone, worked_at)
    kept = keep_what_is_more(stored, state)
    values = {column: kept[field] for field, column in COLUMNS.items()}
    if kept != state:
        values["baseline"] = {"state": in_json(kept), "after": last}
    of_pupil = sa.update(STREAKS).where(STREAKS.c.student_id == student_id)
    db.execute(of_pupil.values(**values))


def stored_state(row: sa.Row[Any]) -> dict[str, Any]:
    state = {field: getattr(row, column) for field, column in COLUMNS.items()}
    instants = {name: aware(state[name]) for name in INSTANTS}
    return state | instants | {"milestones": list(state["milestones"])}


def aware(instant: datetime | None) -> datetime | None:
    """Give an instant its zone, which SQLite drops."""
    if instant is None:
        return None
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def in_json(state: dict[str, Any]) -> dict[str, Any]:
    texts = ("last_day", *INSTANTS)
    return state | {name: state[name] and state[name].isoformat() for name in texts}


def keep_what_is_more(stored: dict[str, Any], counted: dict[str, Any]) -> dict[str, Any]:
    """Return the recount, or what is stored where that is more; nothing reached is lost."""
    no_less = counted["current"] >= stored["current"] and (
        stored["last_day"] is None
        or (counted["last_day"] is not None and counted["last_day"] >= stored["last_day"])
    )
    return (counted if no_less else stored) | {
        "longest": max(stored["longest"], counted["longest"]),
        "freezes": max(stored["freezes"], counted["freezes"]),
        "milestones": list(dict.fromkeys([*counted["milestones"], *stored["milestones"]])),
    }


def finished_sessions(
    db: sa.Connection, student_id: int
) -> Iterator[tuple[int, datetime, datetime, str, list[datetime]]]:
    """Yield id, begin, end and zone of each finished session, and when its problems were closed."""
    s, r = SESSIONS.c, RESPONSES.c
    worked = sa.and_(r.session_id == s.id, r.skipped.is_(False))
    rows = db.execute(
        sa.select(s.id, s.started_at, s.completed_at, s.timezone, r.closed_at)
        .select_from(SESSIONS.outerjoin(RESPONSES, worked))
        .where(s.student_id == student_id, s.status == "completed")
        .order_by(s.id)
    )
    for key, found in groupby(rows, key=lambda row: row[:4]):
        begun, ended = aware(key[1]), aware(key[2] or key[1])
        instants = [instant for row in found if (instant := aware(row[4]))]
        assert begun is not None
        assert ended is not None
        yield key[0], begun, ended, key[3], sorted(instants)


def finish(
    state: dict[str, Any],
    begun: datetime,
    ended: datetime,
    zone: str,
    worked_at: list[datetime],
) -> dict[str, Any]:
    """Return the state after a session."""
    if not worked_at:
        return state
    zones, after, first = {zone, state["last_timezone"] or zone}, state, True
    for instant in worked_at:
        day = min(instant.astimezone(ZoneInfo(name)).date() for name in zones)
        if after["last_day"] is None or day > after["last_day"]:
            goes_on = after if not first else first_day(after, begun, day)
            after, first = count(goes_on, instant, day, zone), False
    return after | {"last_completed_at": max(state["last_completed_at"] or ended, ended)}


def first_day(state: dict[str, Any], begun: datetime, day: date) -> dict[str, Any]:
    """Return what the first new day of a session is added to."""
    if state["last_day"] is None:
        return state
    missed, last = (day - state["last_day"]).days - 1, state["last_completed_at"]
    if missed == 0 or (last is not None and begun - last <= A_DAY):
        return state
    if missed <= state["freezes"]:
        return state | {"freezes": state["freezes"] - missed}
    return state | {"current": 0}


def count(state: dict[str, Any], at: datetime, day: date, zone: str) -> dict[str, Any]:
    """Add a day."""
    current, counted_at = state["current"] + 1, state["last_counted_at"]
    settled = not state["last_timezone"] or counted_at is None or at - counted_at >= A_DAY
    is_milestone = current in {3, 7, 14, 30, 50} or current % 100 == 0
    reached = [current] * (is_milestone and current not in state["milestones"])
    return state | {
        "current": current,
        "longest": max(state["longest"], current),
        "freezes": state["freezes"] + (current % 7 == 0 and state["freezes"] < 2),
        "last_day": day,
        "last_timezone": zone if settled else state["last_timezone"],
        "last_counted_at": at,
        "milestones": [*state["milestones"], *reached],
    }
