"""All SQL of connections."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from src.models import CanvasConnection, CanvasHost, ConnectionKind, Sealed
from src.storage.statements import insert_for


async def lock_host(db: AsyncSession, url: str) -> CanvasHost:
    """Lock the row of a school, making it for one that is new: so two connects wait in line."""
    make = insert_for(db)(CanvasHost).values(url=url).on_conflict_do_nothing()
    await db.execute(make)
    found = await db.scalars(select(CanvasHost).where(CanvasHost.url == url).with_for_update())
    return found.one()


async def find(
    db: AsyncSession, person_id: int | None, label: str | None, host_id: int, user_id: int | None
) -> CanvasConnection | None:
    """Lock the connection that an owner has: a label's, or a person's with this account.

    A feed has no account: a person has one at a school.
    """
    query = select(CanvasConnection).with_for_update()
    if person_id is None:
        return (await db.scalars(query.where(CanvasConnection.label == label))).one_or_none()
    account = query.where(
        CanvasConnection.person_id == person_id,
        CanvasConnection.host_id == host_id,
        CanvasConnection.canvas_user_id == user_id
        if user_id is not None
        else CanvasConnection.kind == ConnectionKind.FEED,
    )
    return (await db.scalars(account)).one_or_none()


async def lock(db: AsyncSession, connection_id: int) -> CanvasConnection | None:
    """Lock a connection."""
    query = select(CanvasConnection).where(CanvasConnection.id == connection_id)
    return (await db.scalars(query.with_for_update())).one_or_none()


async def everything(db: AsyncSession) -> Sequence[CanvasConnection]:
    """Return all connections with their schools."""
    query = select(CanvasConnection).options(selectinload(CanvasConnection.host))
    return (await db.scalars(query.order_by(CanvasConnection.id))).all()


async def of_label(db: AsyncSession, label: str) -> CanvasConnection | None:
    """Return the connection of a label with its school."""
    query = select(CanvasConnection).options(selectinload(CanvasConnection.host))
    return (await db.scalars(query.where(CanvasConnection.label == label))).one_or_none()


async def get(db: AsyncSession, connection_id: int) -> CanvasConnection | None:
    """Return a connection with its school."""
    query = select(CanvasConnection).options(selectinload(CanvasConnection.host))
    return (await db.scalars(query.where(CanvasConnection.id == connection_id))).one_or_none()


async def of_person(db: AsyncSession, person_id: int) -> Sequence[CanvasConnection]:
    """Return the connections of a person with their schools, in the order they were made."""
    query = select(CanvasConnection).options(selectinload(CanvasConnection.host))
    mine = query.where(CanvasConnection.person_id == person_id).order_by(CanvasConnection.id)
    return (await db.scalars(mine)).all()


async def host(db: AsyncSession, url: str) -> CanvasHost | None:
    """Return a school."""
    return (await db.scalars(select(CanvasHost).where(CanvasHost.url == url))).one_or_none()


async def set_key(db: AsyncSession, url: str, client_id: str, secret: Sealed) -> None:
    """Keep the key that a school gave out."""
    row = await lock_host(db, url)
    row.client_id, row.client_secret = client_id, secret
