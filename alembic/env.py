"""How Alembic reaches the database: through the connection that it is given, or its own."""

import asyncio
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import JSON

from src.database import create_migration_engine
from src.models import Base
from src.models.types import Money, MoneySum, UtcDateTime
from src.storage.schema import migration_connection


def render_item(kind: str, item: object, autogen: AutogenContext) -> str | Literal[False]:
    """Print our own types as plain ones: a migration never changes with the code."""
    if kind == "server_default" and "CURRENT_TIMESTAMP" in str(getattr(item, "arg", "")):
        return 'sa.text("CURRENT_TIMESTAMP")'
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Money):
        precision = 24 if isinstance(item, MoneySum) else 16
        return f'sa.Numeric({precision}, 10).with_variant(sa.BigInteger(), "sqlite")'
    if isinstance(item, JSON) and not isinstance(item, JSONB):
        autogen.imports.add("from sqlalchemy.dialects.postgresql import JSONB")
        return 'sa.JSON().with_variant(JSONB(), "postgresql")'
    return False


def migrate(connection: Connection) -> None:
    """Run on a connection that is already in a transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        compare_server_default=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


async def migrate_by_itself() -> None:
    """Open a connection of our own: Alembic was started from its command line."""
    engine = create_migration_engine()
    try:
        async with migration_connection(engine) as connection:
            await connection.run_sync(migrate)
    finally:
        await engine.dispose()


def print_sql() -> None:
    """Print the statements for PostgreSQL instead of running them (``--sql``)."""
    options: dict[str, Any] = {"dialect_opts": {"paramstyle": "named"}}
    context.configure(
        dialect_name="postgresql", target_metadata=Base.metadata, literal_binds=True, **options
    )
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if context.is_offline_mode():
    print_sql()
elif given is not None:
    migrate(given)
else:
    asyncio.run(migrate_by_itself())
