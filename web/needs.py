"""What routes ask for: the transaction, the instant, the settings."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from src import clock
from src.database import get_session
from src.settings import Settings


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


async def _now() -> datetime:
    return clock.now()


# By default the commit would come after the answer: one that fails would follow a 200.
Db = Annotated[AsyncSession, Depends(get_session, scope="function")]
Now = Annotated[datetime, Depends(_now)]
Ours = Annotated[Settings, Depends(_settings)]
