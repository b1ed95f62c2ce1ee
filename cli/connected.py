"""How a command has its database."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from src import database
from src.storage import schema


@asynccontextmanager
async def connected() -> AsyncGenerator[None]:
    """Have a database that answers and whose schema fits, and close it behind the command.

    Raises:
        DatabaseError: It does not answer or has another schema.
    """
    try:
        await database.wait_for_database()
        await schema.prepare_schema(database.get_engine())
        yield
    finally:
        await database.dispose()
