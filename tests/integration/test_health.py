"""Health says why, and tries a write: to read is not enough."""

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from typer.testing import CliRunner

from cli.main import app
from src import database
from src.operations import health
from src.settings import OperatorSettings
from src.storage import schema
from tests.fixtures.factories import make_worker

LIMITS = OperatorSettings()


async def test_a_database_that_takes_no_write_is_not_well(tmp_path: Path) -> None:
    engine = database.create_engine(f"sqlite:///{tmp_path}/dars.db")
    await schema.upgrade(engine)
    async with AsyncSession(engine) as db, db.begin():
        db.add(make_worker())
    assert (await health.check(engine, LIMITS)).ok
    async with engine.connect() as connection:
        await connection.execute(text("PRAGMA query_only = ON"))
        await connection.commit()
    found = await health.check(engine, LIMITS)
    await engine.dispose()
    assert not found.ok
    assert found.faults == ["the database takes no write: attempt to write a readonly database"]


def test_a_mistyped_path_is_named_and_nothing_is_made_there(tmp_path: Path) -> None:
    file = tmp_path / "mistyped" / "dars.db"
    database.configure(f"sqlite:///{file}")
    result = CliRunner().invoke(app, ["health"])
    database.configure()
    assert result.exit_code == 1
    assert f"fault: the database does not answer: there is no file {file}" in result.output
    assert list(tmp_path.iterdir()) == []
