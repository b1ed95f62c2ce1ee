"""``dars db relationships``: planted faults are named, and a healthy database has none."""

import asyncio
import json
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import ForeignKey, MetaData, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from typer.testing import CliRunner

from cli.db import app
from src import database
from src.models.base import NAMING_CONVENTION
from src.operations.relationships import faults_of_models, verify_relationships
from src.storage.schema import migration_connection
from tests.fixtures.factories import make_streak, make_student


async def faults() -> list[str]:
    return (await verify_relationships(database.get_engine())).faults


async def run(*statements: str) -> None:
    async with migration_connection(database.get_engine()) as connection:
        await _run(connection, *statements)


async def _run(connection: AsyncConnection, *statements: str) -> None:
    for statement in statements:
        await connection.execute(text(statement))


@pytest.mark.usefixtures("database_url")
async def test_a_healthy_database_has_no_fault() -> None:
    found = await verify_relationships(database.get_engine())
    assert found.ok, found.faults
    assert min(found.tables, found.relationships, found.foreign_keys, found.triggers) > 8


@pytest.mark.usefixtures("database_url")
async def test_a_missing_trigger_and_a_missing_index_are_named() -> None:
    on_server = database.get_engine().dialect.name == "postgresql"
    of = " ON students" if on_server else ""
    await run(f"DROP TRIGGER students_to_people_insert{of}")
    assert "students_to_people_insert" in " ".join(await faults())
    await run("DROP INDEX idx_responses_problem")
    assert "idx_responses_problem" in " ".join(await faults())


async def test_orphans_are_counted(sqlite_url: str) -> None:
    async with AsyncSession(database.get_engine()) as db:
        db.add_all([make_student(id=901), make_streak(student_id=901)])
        await db.commit()
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as raw:
        raw.execute("DELETE FROM students")
        raw.commit()
    assert await faults() == ["streaks.student_id: 1 rows refer to no row of students"]


def test_the_command_prints_json_and_exits_with_1_where_something_is_wrong(
    sqlite_url: str,
) -> None:
    well = CliRunner().invoke(app, ["relationships", "--format", "json"])
    assert well.exit_code == 0
    assert json.loads(well.output)["ok"] is True
    asyncio.run(run("DROP INDEX idx_responses_problem"))
    ill = CliRunner().invoke(app, ["relationships"])
    assert ill.exit_code == 1
    assert "fault: " in ill.output
    assert "idx_responses_problem" in ill.output


def test_what_is_wrong_with_models_is_named() -> None:
    class Planted(DeclarativeBase):
        metadata = MetaData(naming_convention=NAMING_CONVENTION)

    class School(Planted):
        __tablename__ = "schools"
        id: Mapped[int] = mapped_column(primary_key=True)
        rooms: Mapped[list["Room"]] = relationship(back_populates="school", lazy="raise")

    class Room(Planted):
        __tablename__ = "rooms"
        id: Mapped[int] = mapped_column(primary_key=True)
        school_id: Mapped[int] = mapped_column(ForeignKey("schools.id", ondelete="CASCADE"))
        twin_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), index=True)
        school: Mapped[School] = relationship(back_populates="rooms")

    class Desk(Planted):
        __tablename__ = "desks"
        id: Mapped[int] = mapped_column(primary_key=True)
        room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), index=True)
        room: Mapped[Room] = relationship(lazy="raise")

    assert faults_of_models(Planted) == [
        "Desk.room: no other side (back_populates)",
        "Room.school: loads by itself (lazy is 'select', not 'raise')",
        "rooms.twin_id: a foreign key without a relationship, and no reason is given",
        "rooms.twin_id: says nothing of what a deletion of rooms does",
        "School.rooms: the database deletes, and the relationship would do so too",
        "rooms.school_id: a foreign key without an index that begins with it",
    ]
