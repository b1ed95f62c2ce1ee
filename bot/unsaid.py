"""What becomes of words that do not reach their reader: parked for later, or the reader noted."""

from datetime import timedelta

from bot.gateway.sender import Left
from bot.replies import Toast, Unsay, pack
from src import clock
from src.accounts import service as accounts
from src.database import session_scope
from src.outbox import service as outbox
from src.outbox.service import Parked


async def park(chat_id: int, subject: str, left: Left) -> bool:
    """Have replies said later, by the outbox; False where the person is not known.

    Args:
        chat_id: The person's private chat.
        subject: What they answer; parked twice, they are said once.
        left: What to say, and for how long Telegram wants to be left alone.
    """
    # A toast is for now or never.
    replies = [reply for reply in left.replies if not isinstance(reply, Toast | Unsay)]
    if not replies:
        return True
    parked = Parked(chat_id, subject, pack(replies))
    async with session_scope() as db:
        return await outbox.park(db, parked, clock.now(), timedelta(seconds=left.seconds))


async def has_parked(chat_id: int) -> bool:
    """Return whether something is still to be said in a private chat."""
    async with session_scope() as db:
        return await outbox.has_parked(db, chat_id, clock.now())


async def note_blocked(chat_id: int) -> None:
    """Note that a person has blocked the bot."""
    async with session_scope() as db:
        await accounts.mark_blocked(db, chat_id, clock.now())
