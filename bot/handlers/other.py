"""Everything else a pupil or Telegram can send: each gets a clear answer and the way back."""

from telegram import ChatMember, Message, MessageEntity, Update

from bot.context import DarsContext, Turn
from bot.handlers.common import ends_dialog, say_and_lead_on
from bot.replies import Reply
from bot.words import words
from src.accounts import service as accounts
from src.language import language_of


@ends_dialog
async def help_(turn: Turn) -> list[Reply]:
    """Answer /help."""
    return await say_and_lead_on(turn, "help")


@ends_dialog
async def unknown_command(turn: Turn) -> list[Reply]:
    """Answer a command that does not exist."""
    return await say_and_lead_on(turn, "unknown-command")


async def unreadable(turn: Turn) -> list[Reply]:
    """Answer a sticker, a photo, a voice message and the like."""
    return await say_and_lead_on(turn, "only-text")


async def edited(turn: Turn) -> list[Reply]:
    """Answer the edit of an old message: what was judged stays."""
    return await say_and_lead_on(turn, "edited")


@ends_dialog
async def unknown_tap(turn: Turn) -> list[Reply]:
    """Answer a button that this version does not know."""
    _ = turn.tap
    return await say_and_lead_on(turn, "stale")


async def membership(turn: Turn) -> list[Reply]:
    """Note that the pupil blocked the bot or came back to it."""
    change = turn.update.my_chat_member
    if change is not None and change.new_chat_member.status == ChatMember.BANNED:
        await accounts.mark_blocked(turn.db, turn.pupil.telegram_id, turn.at)
    elif turn.pupil.blocked_at is not None:
        await accounts.welcome_back(turn.db, turn.pupil)
    return []


async def group(update: Update, context: DarsContext) -> None:
    """Point to the private chat, where the bot is spoken to; nothing else happens in groups."""
    message, user = update.message, update.effective_user
    if message is None or user is None or not _is_for(context.bot.username, message):
        return
    t = words(language_of(user.language_code))
    await message.reply_text(t("group", bot=f"@{context.bot.username}"))


def _is_for(username: str, message: Message) -> bool:
    """Return whether a message of a group is a command, not of another bot, or names this one."""
    name = f"@{username}".casefold()
    marked = message.parse_entities([MessageEntity.BOT_COMMAND, MessageEntity.MENTION])
    marked |= message.parse_caption_entities([MessageEntity.MENTION])
    for entity, text in marked.items():
        _, at, addressed = text.casefold().partition("@")
        if f"@{addressed}" == name or (entity.type == entity.BOT_COMMAND and not at):
            return True
    return False
