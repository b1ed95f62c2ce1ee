"""The triggers that the database must have, and how a migration keeps them on SQLite."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

# By name, and on which table. Each is made by a migration, on both databases.
EXPECTED = {
    "roll_up_costs_insert": "cost_records",
    "roll_up_costs_update": "cost_records",
    "roll_up_costs_delete": "cost_records",
    "students_to_people_insert": "students",
    "students_to_people_update": "students",
    "students_to_people_delete": "students",
    "people_to_students_update": "people",
    "notifications_to_outbox_insert": "notifications",
    "notifications_to_outbox_update": "notifications",
    "count_pupil_days_insert": "responses",
    "count_pupil_days_update": "responses",
    "count_pupil_days_delete": "responses",
    "count_pupil_days_session": "sessions",
    "keep_grade_history_update": "grade_history",
    "keep_grade_history_delete": "grade_history",
    "keep_grade_history_whole": "grade_history",
    "keep_assignment_scores_update": "assignment_scores",
    "keep_assignment_scores_delete": "assignment_scores",
    "keep_assignment_scores_whole": "assignment_scores",
}
_ON_SQLITE = text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
_ON_POSTGRESQL = text(
    "SELECT tgname, relname, '' FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
    "WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
)


def list_triggers(connection: Connection) -> dict[str, str]:
    """Return the triggers that there are, and on which table each is."""
    return {name: table for name, table, _ in _read(connection)}


@contextmanager
def set_aside(connection: Connection) -> Iterator[None]:
    """Take all triggers away and put them back, where a batch migration would lose them.

    On SQLite a changed table is a new one: its triggers go with the old one, and those of other
    tables that name it stop the change.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    kept = _read(connection)
    for name, _, _ in kept:
        connection.execute(text(f"DROP TRIGGER {name}"))
    yield
    for _, _, statement in kept:
        connection.exec_driver_sql(statement)


def _read(connection: Connection) -> list[tuple[str, str, str]]:
    query = _ON_SQLITE if connection.dialect.name == "sqlite" else _ON_POSTGRESQL
    return [(name, table, statement) for name, table, statement in connection.execute(query)]
