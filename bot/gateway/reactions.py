"""A sign on a pupil's own message: beside the replies, and left out wherever it would cost them."""

import asyncio

import structlog
from telegram.error import RetryAfter, TelegramError

from bot.context import DarsBot
from bot.replies import React

log = structlog.get_logger()

# Spelt so for what is said at ``sender.SEND``.
REACT = "setmessagereaction"
# Where more are under way the bot is busy, and Telegram's patience is for the replies.
MOST_AT_ONCE = 4


class Reactions:
    """Reacts to messages in tasks of its own; whatever stands in the way, nothing is tried again.

    Args:
        bot: Who reacts.
    """

    def __init__(self, bot: DarsBot) -> None:
        self._bot = bot
        self._tasks: set[asyncio.Task[None]] = set()
        self._quiet_until = 0.0

    def show(self, chat_id: int, reaction: React) -> None:
        """Begin to react, unless the bot is busy or Telegram wants to be left alone."""
        loop = asyncio.get_running_loop()
        if len(self._tasks) >= MOST_AT_ONCE or loop.time() < self._quiet_until:
            return
        task = loop.create_task(self._call(chat_id, reaction))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _call(self, chat_id: int, reaction: React) -> None:
        emoji = [{"type": "emoji", "emoji": reaction.emoji}]
        place = {"chat_id": chat_id, "message_id": reaction.message_id, "reaction": emoji}
        try:
            await self._bot.do_api_request(REACT, place)
        except RetryAfter as limit:
            wait = limit.retry_after
            seconds = wait if isinstance(wait, int) else wait.total_seconds()
            self._quiet_until = asyncio.get_running_loop().time() + seconds
        except TelegramError as fault:
            log.debug("no reaction", error=type(fault).__name__)
