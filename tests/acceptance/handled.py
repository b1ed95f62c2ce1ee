"""Waiting until updates are over: one that is acknowledged may still wait for its turn."""

import asyncio

from sqlalchemy import func, select

from src import database
from src.models import ReceivedUpdate
from tests.acceptance.pupil import PATIENCE_SECONDS


async def until_handled(updates: int, patience: float = PATIENCE_SECONDS) -> None:
    """Wait until so many updates are over."""
    row = ReceivedUpdate
    over = select(func.count()).select_from(row).where(row.handled_at.is_not(None))
    async with asyncio.timeout(patience):
        while True:
            async with database.read_scope() as db:
                done = await db.scalar(over) or 0
            if done >= updates:
                return
            await asyncio.sleep(0.05)
