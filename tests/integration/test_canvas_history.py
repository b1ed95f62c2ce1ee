"""The history only grows: the database itself refuses all else, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from src import clock, database
from src.models import (
    AssignmentScore,
    Base,
    CanvasConnection,
    GradeHistory,
)
from src.models.base import OfConnection
from tests.fixtures import factories as make

HISTORY = ("grade_history", "assignment_scores")
# How somebody would try it, by name; {table} is one of the two.
ATTACKS = {
    "update": "UPDATE {table} SET number = 7",
    "update that changes nothing": "UPDATE {table} SET number = number",
    "delete": "DELETE FROM {table}",
    "delete one": "DELETE FROM {table} WHERE number = 1",
    "delete the connection": "DELETE FROM canvas_connections",
    "delete the owner": "DELETE FROM people",
}
ON_SQLITE = {
    "replace by id": "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    "replace by key": "REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}",
    "update or replace": "UPDATE OR REPLACE {table} SET number = 2",
    "replace the connection": "REPLACE INTO canvas_connections SELECT * FROM canvas_connections",
    "upsert": "INSERT INTO {table} SELECT * FROM {table} WHERE true "
    "ON CONFLICT DO UPDATE SET number = 9",
}
ON_POSTGRESQL = {
    "truncate": "TRUNCATE {table}",
    "truncate the connections": "TRUNCATE canvas_connections CASCADE",
    "upsert": "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id) DO UPDATE SET number = 9",
    "merge": "MERGE INTO {table} t USING {table} s ON t.id = s.id WHEN MATCHED THEN DELETE",
    "with": "WITH gone AS (DELETE FROM {table} RETURNING 1) SELECT count(*) FROM gone",
}


async def plant(db: AsyncSession) -> CanvasConnection:
    """Save a pupil's connection with two rows of each history and one row of the rest."""
    person, host = make.make_person(), make.make_canvas_host()
    db.add_all([person, host])
    await db.flush()
    connection = make.make_canvas_connection(host_id=host.id, person_id=person.id, label=None)
    db.add(connection)
    await db.flush()
    db.add_all(
        maker(connection_id=connection.id, number=number, **{column: whose})
        for maker, column in (
            (make.make_grade_history, "canvas_user_id"),
            (make.make_assignment_score, "canvas_user_id"),
        )
        for whose in (1, 2)
        for number in (1, 3)
    )
    db.add_all(
        [
            make.make_canvas_student(connection_id=connection.id, canvas_id=1),
            make.make_student_metadata(connection_id=connection.id),
            make.make_canvas_lifecycle(connection_id=connection.id, canvas_id=1),
        ]
    )
    await db.commit()
    return connection


async def history(db: AsyncSession) -> list[tuple[object, ...]]:
    rows = [
        tuple(row) for name in HISTORY for row in await db.execute(text(f"SELECT * FROM {name}"))
    ]
    return sorted(rows, key=str)


@pytest.mark.parametrize("attack", list(ATTACKS | ON_SQLITE | ON_POSTGRESQL))
@pytest.mark.parametrize("table", HISTORY)
async def test_the_history_cannot_be_changed(db: AsyncSession, table: str, attack: str) -> None:
    on_server = db.get_bind().dialect.name == "postgresql"
    statements = ATTACKS | (ON_POSTGRESQL if on_server else ON_SQLITE)
    if attack not in statements:
        return
    await plant(db)
    before = await history(db)
    names = [column.name for column in Base.metadata.tables[table].columns if column.name != "id"]
    statement = statements[attack].format(table=table, columns=", ".join(names))
    with pytest.raises(IntegrityError, match="only grows"):
        await db.execute(text(statement))
    await db.rollback()
    assert await history(db) == before
    assert len(before) == 8


async def test_an_erasure_opens_what_it_names_and_nothing_else(db: AsyncSession) -> None:
    connection = await plant(db)
    db.add(make.make_erasure(connection_id=connection.id, kind="student", canvas_id=1))
    await db.commit()
    for table in HISTORY:
        with pytest.raises(IntegrityError, match="only grows"):
            await db.execute(text(f"DELETE FROM {table} WHERE canvas_user_id = 2"))
        await db.rollback()
        with pytest.raises(IntegrityError, match="only grows"):
            await db.execute(text(f"UPDATE {table} SET number = 5 WHERE canvas_user_id = 1"))
        await db.rollback()
        await db.execute(text(f"DELETE FROM {table} WHERE canvas_user_id = 1"))
        await db.commit()
    assert len(await history(db)) == 4


async def test_an_erasure_that_is_done_opens_nothing(db: AsyncSession) -> None:
    connection = await plant(db)
    db.add(make.make_erasure(connection_id=connection.id, done_at=clock.now()))
    await db.commit()
    with pytest.raises(IntegrityError, match="only grows"):
        await db.execute(text("DELETE FROM canvas_connections"))


async def test_an_erasure_of_another_connection_opens_nothing(db: AsyncSession) -> None:
    connection = await plant(db)
    db.add(make.make_erasure(connection_id=connection.id + 1))
    await db.commit()
    with pytest.raises(IntegrityError, match="only grows"):
        await db.execute(text("DELETE FROM assignment_scores"))


async def test_a_connection_that_is_erased_takes_all_of_it_along(db: AsyncSession) -> None:
    connection = await plant(db)
    db.add(make.make_erasure(connection_id=connection.id))
    await db.flush()
    await db.execute(text("DELETE FROM people"))
    await db.commit()
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, OfConnection):
            assert await db.scalar(select(func.count()).select_from(mapper)) == 0


async def test_history_that_is_new_is_taken(db: AsyncSession) -> None:
    connection = await plant(db)
    later = clock.now() + timedelta(hours=1)
    db.add(make.make_grade_history(connection_id=connection.id, number=4, observed_at=later))
    db.add(make.make_assignment_score(connection_id=connection.id, number=4, observed_at=later))
    await db.commit()
    assert await db.scalar(select(func.max(GradeHistory.number))) == 4
    assert await db.scalar(select(func.max(AssignmentScore.number))) == 4


async def test_one_number_is_given_once(database_url: str) -> None:
    """Two syncs that saw the same last row cannot both add the next one."""
    async with database.session_scope() as db:
        connection = await plant(db)
    async with database.session_scope() as db:
        db.add(make.make_assignment_score(connection_id=connection.id, number=1))
        with pytest.raises(IntegrityError):
            await db.flush()
        await db.rollback()
