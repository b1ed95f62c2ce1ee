"""Pictures of figures on their way to Telegram: uploaded once, then sent by their name."""

from collections.abc import Awaitable, Callable
from functools import partial

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Message
from telegram.error import BadRequest

from bot.context import DarsBot
from bot.replies import Picture
from src.content import pictures
from src.content.pictures import PictureKey
from src.database import read_scope, session_scope
from src.errors import DatabaseUnavailable
from src.language import Language

log = structlog.get_logger()

AWAY = (SQLAlchemyError, DatabaseUnavailable, OSError)

_UNKNOWN_FILE = ("wrong file identifier", "wrong remote file", "file reference", "file_id")


class Pictures:
    """Knows what each picture is called; what it does not know it looks up."""

    def __init__(self, bot: DarsBot) -> None:
        self._bot = bot
        self._names: dict[PictureKey, str] = {}

    async def find(self, picture: Picture) -> str | bytes | None:
        """Return what to send: a name, the bytes, or None where the picture is not drawn yet."""
        key = self._key(picture)
        if key in self._names:
            return self._names[key]
        try:
            async with read_scope() as db:
                name = await pictures.find_file(db, key)
                if name is None:
                    return await pictures.find_drawing(db, key)
        except AWAY as error:
            log.warning("a picture cannot be looked up", error=type(error).__name__)
            return None
        self._names[key] = name
        return name

    async def keep(self, picture: Picture, sent: Message) -> None:
        """Remember the name of a picture that was uploaded."""
        if sent.photo:
            key = self._key(picture)
            self._names[key] = sent.photo[-1].file_id
            await self._write(partial(pictures.keep_file, key=key, file_id=self._names[key]))

    async def forget(self, picture: Picture) -> None:
        """Forget a name that Telegram does not know."""
        key = self._key(picture)
        self._names.pop(key, None)
        await self._write(partial(pictures.forget_file, key=key))

    async def _write(self, step: Callable[[AsyncSession], Awaitable[None]]) -> None:
        """Write; what is not written costs one more upload and must not send anything twice."""
        try:
            async with session_scope() as db:
                await step(db)
        except AWAY as error:
            log.warning("the name of a picture is not written", error=type(error).__name__)

    def _key(self, picture: Picture) -> PictureKey:
        return PictureKey(self._bot.id, picture.digest, Language(picture.language))


def is_unknown_file(refusal: BadRequest) -> bool:
    """Return whether Telegram refused a photo because it does not know its name."""
    return any(part in refusal.message.lower() for part in _UNKNOWN_FILE)
