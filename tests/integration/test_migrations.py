"""The history of the schema, on both databases and by both doors."""

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, inspect, text

from src import database
from src.errors import DatabaseError, SchemaMismatch
from src.models import Base
from src.storage import schema
from src.storage.schema import SchemaState
from src.storage.triggers import EXPECTED, list_triggers, set_aside
from tests.fixtures.factories import make_streak, make_student
from tests.fixtures.postgres import Databases

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(params=["sqlite", "postgresql"])
async def empty_url(
    request: pytest.FixtureRequest, tmp_path: Path, postgres_databases: Databases
) -> AsyncGenerator[str]:
    """The address of a database without tables."""
    on_server = request.param == "postgresql"
    url = f"sqlite:///{tmp_path}/empty.db"
    if on_server:
        url = await postgres_databases.create(migrated=False)
    database.configure(url)
    yield url
    await database.dispose()
    database.configure()
    if on_server:
        await postgres_databases.drop(url)


async def list_tables() -> set[str]:
    async with database.get_engine().connect() as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


def run_alembic(url: str, *words: str, folder: Path = ROOT) -> str:
    """Run Alembic's own command line, as a developer would."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "alembic", "-c", str(ROOT / "alembic.ini"), *words],
        cwd=folder,
        env=os.environ | {"DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


async def test_init_and_drop(empty_url: str) -> None:
    await database.init_db()
    assert await list_tables() == {*Base.metadata.tables, "alembic_version"}
    await database.init_db()
    await database.drop_db()
    assert await list_tables() == set()
    await database.init_db()
    assert await schema.schema_state(database.get_engine()) is SchemaState.CURRENT


async def test_the_migrations_lead_to_the_models(database_url: str) -> None:
    await schema.check(database.get_engine())


async def test_a_difference_from_the_models_is_found(database_url: str) -> None:
    async with database.session_scope() as db:
        await db.execute(text("DROP INDEX idx_sessions_student_created"))
    with pytest.raises(SchemaMismatch, match="idx_sessions_student_created"):
        await schema.check(database.get_engine())


async def test_tables_are_what_the_models_would_create(
    database_url: str, postgres_databases: Databases, tmp_path: Path
) -> None:
    """Column types, defaults and constraints too, where Alembic's comparison is lenient."""
    migrated = await _describe(database_url)
    created_url = f"sqlite:///{tmp_path}/created.db"
    if database_url.startswith("postgresql"):
        created_url = await postgres_databases.create(migrated=False)
    engine = database.create_engine(created_url)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await engine.dispose()
    assert migrated == await _describe(created_url)
    if database_url.startswith("postgresql"):
        await postgres_databases.drop(created_url)


async def _describe(url: str) -> dict[str, object]:
    def read(connection: Connection) -> dict[str, object]:
        inspector = inspect(connection)
        return {
            name: [
                sorted(map(_plain, found))
                for found in (
                    inspector.get_columns(name),
                    inspector.get_indexes(name),
                    inspector.get_foreign_keys(name),
                    inspector.get_check_constraints(name),
                    inspector.get_unique_constraints(name),
                    [inspector.get_pk_constraint(name)],
                )
            ]
            for name in set(inspector.get_table_names()) - {"alembic_version"}
        }

    engine = database.create_engine(url)
    async with engine.connect() as connection:
        tables = await connection.run_sync(read)
    await engine.dispose()
    return tables


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return str(sorted((key, _plain(part)) for key, part in value.items()))
    return str(value)


async def test_alembic_works_by_itself(empty_url: str, tmp_path: Path) -> None:
    run_alembic(empty_url, "upgrade", "head")
    assert "No new upgrade operations detected" in run_alembic(empty_url, "check", folder=tmp_path)
    assert schema.get_head() in run_alembic(empty_url, "current").split()
    run_alembic(empty_url, "downgrade", "-1")
    assert await schema.schema_state(database.get_engine()) in {
        SchemaState.EMPTY,
        SchemaState.BEHIND,
    }


async def test_autogenerate_has_nothing_to_do(database_url: str, tmp_path: Path) -> None:
    """In a copy of the folder: the revision that is written belongs to nobody."""
    shutil.copy(ROOT / "alembic.ini", tmp_path)
    shutil.copytree(ROOT / "alembic", tmp_path / "alembic")
    versions = tmp_path / "alembic" / "versions"
    before = set(versions.glob("*.py"))
    done = subprocess.run(
        [sys.executable, "-m", "alembic", "revision", "--autogenerate", "-m", "nothing"],
        cwd=tmp_path,
        env=os.environ | {"DATABASE_URL": database_url, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    [written] = set(versions.glob("*.py")) - before
    assert written.read_text().count("    pass\n") == 2


async def test_down_and_up_again_with_rows_in_every_parent(database_url: str) -> None:
    async with database.session_scope() as db:
        db.add(make_student())
    engine = database.get_engine()
    await schema.downgrade(engine, "-1")
    await schema.upgrade(engine)
    assert await schema.schema_state(engine) is SchemaState.CURRENT


async def test_an_unknown_revision_is_explained(database_url: str) -> None:
    with pytest.raises(SchemaMismatch, match="nonsense"):
        await schema.upgrade(database.get_engine(), "nonsense")


async def test_a_file_is_migrated_at_start(tmp_path: Path) -> None:
    engine = database.create_engine(f"sqlite:///{tmp_path}/new.db")
    assert await schema.schema_state(engine) is SchemaState.EMPTY
    await schema.prepare_schema(engine)
    assert await schema.schema_state(engine) is SchemaState.CURRENT
    await schema.prepare_schema(engine)
    await engine.dispose()


async def test_a_server_is_never_migrated_at_start(postgres_url: str) -> None:
    engine = database.get_engine()
    await schema.prepare_schema(engine)
    await schema.downgrade(engine, "base")
    with pytest.raises(SchemaMismatch, match="no tables yet: run `dars db upgrade`"):
        await schema.prepare_schema(engine)
    assert await schema.schema_state(engine) is SchemaState.EMPTY


async def test_a_database_that_cannot_store_bangla_is_refused(
    postgres_databases: Databases,
) -> None:
    ascii_only = "TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'"
    url = await postgres_databases.create(migrated=False, options=ascii_only)
    engine = database.create_engine(url)
    for refused in (schema.upgrade, schema.prepare_schema):
        with pytest.raises(DatabaseError, match="SQL_ASCII, which has no Bangla"):
            await refused(engine)
    await engine.dispose()
    await postgres_databases.drop(url)


async def test_a_database_of_a_newer_version_stops_the_start(database_url: str) -> None:
    async with database.session_scope() as db:
        await db.execute(text("UPDATE alembic_version SET version_num = 'from_the_future'"))
    engine = database.get_engine()
    assert await schema.schema_state(engine) is SchemaState.AHEAD
    with pytest.raises(SchemaMismatch, match="ahead of this version"):
        await schema.prepare_schema(engine)


async def test_a_migration_that_leaves_a_row_alone_is_undone(sqlite_url: str) -> None:
    engine = database.get_engine()
    async with database.session_scope() as db:
        db.add(make_student())
        await db.flush()
        db.add(make_streak(student_id=1))

    async def orphan_the_streak() -> None:
        async with schema.migration_connection(engine) as connection:
            await connection.execute(text("DELETE FROM students"))

    with pytest.raises(DatabaseError, match="rows of streaks would refer to nothing"):
        await orphan_the_streak()
    async with database.session_scope() as db:
        assert await db.scalar(text("SELECT count(*) FROM students")) == 1
        assert await db.scalar(text("PRAGMA foreign_keys")) == 1


async def test_changing_a_parent_keeps_its_children(database_url: str) -> None:
    """SQLite replaces a changed table: with foreign keys on, that would empty its children."""

    def allow_grade_nine(connection: Connection) -> None:
        operations = Operations(MigrationContext.configure(connection))
        with set_aside(connection), operations.batch_alter_table("students") as batch:
            batch.drop_constraint(operations.f("ck_students_grade"), type_="check")
            batch.create_check_constraint(
                operations.f("ck_students_grade"), "grade BETWEEN 6 AND 9"
            )

    async with database.session_scope() as db:
        db.add(make_student(grade=8))
        await db.flush()
        db.add(make_streak(student_id=1, current_streak=4))
    async with schema.migration_connection(database.get_engine()) as connection:
        await connection.run_sync(allow_grade_nine)
    async with database.session_scope() as db:
        await db.execute(text("UPDATE students SET grade = 9"))
        assert await db.scalar(text("SELECT current_streak FROM streaks")) == 4
        assert await db.run_sync(lambda sync: list_triggers(sync.connection())) == EXPECTED


@pytest.mark.parametrize("name", EXPECTED)
async def test_a_trigger_that_is_gone_is_found(database_url: str, name: str) -> None:
    on_server = database_url.startswith("postgresql")
    async with database.session_scope() as db:
        where = f" ON {EXPECTED[name]}" if on_server else ""
        await db.execute(text(f"DROP TRIGGER {name}{where}"))
    with pytest.raises(SchemaMismatch, match=name):
        await schema.check(database.get_engine())
