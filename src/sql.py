"""The one difference between our two databases that statements must know: who spells INSERT."""

from collections.abc import Callable

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

Insert = postgresql.Insert | sqlite.Insert


def insert_for(db: AsyncSession) -> Callable[..., postgresql.Insert]:
    """Return the dialect's own ``insert``, which knows ON CONFLICT.

    Both spell the methods alike; the PostgreSQL type stands for both.
    """
    if db.get_bind().dialect.name == "sqlite":
        return sqlite.insert  # type: ignore[return-value]  # same methods, no common base
    return postgresql.insert
