"""Health says why, and tries a write: to read is not enough."""

from pathlib import Path

from sqlalchemy import text

from src import database
from src.operations import health
from src.storage import schema


async def test_a_database_that_takes_no_write_is_not_well(tmp_path: Path) -> None:
    engine = database.create_engine(f"sqlite:///{tmp_path}/dars.db")
    await schema.upgrade(engine)
    assert (await health.check(engine, 60)).ok
    async with engine.connect() as connection:
        await connection.execute(text("PRAGMA query_only = ON"))
        await connection.commit()
    found = await health.check(engine, 60)
    await engine.dispose()
    assert not found.ok
    assert found.faults == ["the database takes no write: attempt to write a readonly database"]
