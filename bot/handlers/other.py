"""Everything else a pupil or Telegram can send: each gets a clear answer and the way back."""

from telegram import ChatMember, Update

from bot.context import DarsContext, Turn
from bot.handlers.common import ask_step, ends_dialog, way_back
from bot.replies import Reply, Say
from bot.words import words
from src.accounts import service as accounts


@ends_dialog
async def help_(turn: Turn) -> list[Reply]:
    """Answer /help."""
    return await _say_or_register(turn, "help")


@ends_dialog
async def unknown_command(turn: Turn) -> list[Reply]:
    """Answer a command that does not exist."""
    return await _say_or_register(turn, "unknown-command")


async def unreadable(turn: Turn) -> list[Reply]:
    """Answer a sticker, a photo, a voice message and the like."""
    return await _say_or_register(turn, "only-text")


async def edited(turn: Turn) -> list[Reply]:
    """Answer the edit of an old message: what was judged stays."""
    return await _say_or_register(turn, "edited")


@ends_dialog
async def unknown_tap(turn: Turn) -> list[Reply]:
    """Answer a button that this version does not know."""
    _ = turn.tap
    return await _say_or_register(turn, "stale")


async def _say_or_register(turn: Turn, key: str) -> list[Reply]:
    said = turn.words(key)
    if turn.pupil.registered_at is not None:
        return [Say(said, await way_back(turn))]
    return [Say(said), *ask_step(turn.pupil.language, turn.pupil.dialog)]


async def membership(turn: Turn) -> list[Reply]:
    """Note that the pupil blocked the bot or came back to it."""
    change = turn.update.my_chat_member
    if change is not None and change.new_chat_member.status == ChatMember.BANNED:
        await accounts.mark_blocked(turn.db, turn.pupil.telegram_id, turn.at)
    return []


async def group(update: Update, context: DarsContext) -> None:
    """Point to the private chat; nothing else happens in groups."""
    message, user = update.effective_message, update.effective_user
    if message is None or user is None or update.edited_message is not None:
        return
    language = "bn" if user.language_code == "bn" else "en"
    await message.reply_text(words(language)("group", bot=f"@{context.bot.username}"))
