"""A database for one benchmark: migrated, on a PostgreSQL of its own, gone afterwards."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from src import database
from tests.fixtures.postgres import Databases, provide_server


@asynccontextmanager
async def fresh_engine() -> AsyncIterator[AsyncEngine]:
    """Yield an engine for it whose statements may take as long as they need."""
    with provide_server() as server:
        databases = Databases(server)
        await databases.prepare()
        url = await databases.create()
        engine = database.create_engine(url, statement_timeout=None)
        try:
            yield engine
        finally:
            await engine.dispose()
            await databases.drop(url)
            await databases.close()
