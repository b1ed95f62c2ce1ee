"""How a command gets its database."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from src import database
from src.storage import schema


@asynccontextmanager
async def connected() -> AsyncGenerator[None]:
    """Make sure that the database answers and its schema fits; close it after the command.

    Raises:
        DatabaseError: It does not answer or has another schema.
    """
    try:
        await database.wait_for_database()
        await schema.prepare_schema(database.get_engine())
        yield
    finally:
        await database.dispose()
