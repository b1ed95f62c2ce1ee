"""Sends replies, and goes on sending until each is delivered or refused for good."""

import asyncio
import contextlib
import io
from collections import OrderedDict
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import segno
import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.context import DarsBot
from bot.gateway.pictures import Pictures, is_unknown_file
from bot.gateway.reactions import Reactions
from bot.gateway.sheets import Sheets
from bot.gateway.stars import show_invoice
from bot.gateway.transport import never_left
from bot.replies import (
    Button,
    CostChart,
    Drawing,
    DropKeyboard,
    Invoice,
    Keyboard,
    Picture,
    QrCode,
    React,
    Reply,
    Rewrite,
    Say,
    Thinking,
    Toast,
    Unsay,
    laid_out,
)
from src.costs.chart import draw_days
from src.errors import FloodLimit, MaybeSent, MessageRefused, NotSent, PupilBlockedBot
from src.metrics import REPLIES_GIVEN_UP

log = structlog.get_logger()

# Telegram takes names of methods in any case. Spelt like this the library sends it as it is; its
# own method decodes the answer, which nobody reads, at the price of two statements.
SEND = "sendmessage"
PAUSES = (0.3, 1.0, 2.0, 4.0, 8.0, 15.0)
# What Telegram wants to wait for longer is parked in the outbox: seconds for one pause, for all.
LONGEST_WAIT = 3.0
# Chats whose question is remembered, to be quoted: some hundred bytes each.
MOST_QUESTIONS = 20_000
LONGEST_WHOLE = 30.0
_NO_PREVIEW = {"is_disabled": True}


@dataclass(frozen=True, slots=True)
class Left:
    """What Telegram does not take now.

    Attributes:
        replies: In their order, the first of them refused.
        seconds: For how long it wants to be left alone.
    """

    replies: list[Reply]
    seconds: float


class Sender:
    """Turns replies into calls of the Bot API."""

    def __init__(self, bot: DarsBot) -> None:
        self._bot = bot
        self._reactions = Reactions(bot)
        self._questions: OrderedDict[int, int] = OrderedDict()
        self._pictures = Pictures(bot)
        self._sheets = Sheets()

    async def send(
        self, chat_id: int, replies: Sequence[Reply], *, query_id: str | None = None
    ) -> Left | None:
        """Send replies in order. One that Telegram refuses is logged and left out.

        Only the first message makes a sound.

        Args:
            chat_id: The pupil's private chat.
            replies: What to say; a tap is answered even where no toast is among them.
            query_id: The tap that is being answered, if any.

        Returns:
            What Telegram does not take for some time; None when all is said.

        Raises:
            PupilBlockedBot: The pupil has blocked the bot.
        """
        if query_id is not None:
            toast = next((r for r in replies if isinstance(r, Toast)), Toast())
            with contextlib.suppress(FloodLimit):
                await self._insist(chat_id, toast, query_id)
        silent = False
        for number, reply in enumerate(replies):
            if isinstance(reply, Thinking):
                await self.show_thinking(chat_id)
            elif isinstance(reply, React):
                self._reactions.show(chat_id, reply)
            elif not isinstance(reply, Toast):
                try:
                    await self._insist(chat_id, reply, query_id, silent=silent)
                except FloodLimit as limit:
                    return Left(list(replies[number:]), limit.seconds)
                silent = silent or isinstance(reply, Say | CostChart | Drawing)
        return None

    async def show_thinking(self, chat_id: int) -> None:
        """Show for five seconds that something is being written; a fault only leaves it out."""
        try:
            await self._bot.send_chat_action(chat_id, ChatAction.TYPING)
        except TelegramError as fault:
            log.info("not shown that a hint is being made", error=type(fault).__name__)

    async def send_once(self, chat_id: int, message: Reply) -> None:
        """Send a message without a second try: what may have arrived is never sent again.

        Raises:
            PupilBlockedBot: The pupil has blocked the bot.
            FloodLimit: Telegram wants a pause; nothing was sent.
            NotSent: Nothing can have arrived.
            MaybeSent: It may have arrived.
            MessageRefused: Telegram refuses it for good.
        """
        await self._once(self._call(chat_id, message, None))

    async def send_file(self, chat_id: int, name: str, content: bytes, caption: str) -> None:
        """Send a file without a second try; raises as `send_once`."""
        await self._once(
            self._bot.send_document(
                chat_id, content, filename=name, caption=caption, parse_mode=ParseMode.HTML
            )
        )

    async def _once(self, sending: Awaitable[object]) -> None:
        try:
            await sending
        except RetryAfter as limit:
            raise FloodLimit(seconds_of(limit)) from None
        except Forbidden:
            raise PupilBlockedBot from None
        except NetworkError as fault:
            if isinstance(fault, BadRequest):
                raise MessageRefused from None
            raise (NotSent if never_left(fault) else MaybeSent) from None
        except TelegramError:
            raise MessageRefused from None

    async def _insist(
        self, chat_id: int, reply: Reply, query_id: str | None, *, silent: bool = False
    ) -> None:
        """Send a reply, with pauses, until Telegram takes it or refuses it for good.

        Raises:
            FloodLimit: Telegram wants a longer pause than anybody should wait for here.
            PupilBlockedBot: The pupil has blocked the bot.
        """
        begun, pauses = asyncio.get_running_loop().time(), iter(PAUSES)
        while True:
            try:
                return await self._call(chat_id, reply, query_id, silent=silent)
            except RetryAfter as limit:
                # It uses up no try: Telegram says when it will take the reply.
                seconds = seconds_of(limit)
                waited = asyncio.get_running_loop().time() - begun
                if seconds > LONGEST_WAIT or waited + seconds > LONGEST_WHOLE:
                    raise FloodLimit(seconds) from None
                await asyncio.sleep(seconds)
            except Forbidden:
                raise PupilBlockedBot from None
            except BadRequest as refusal:
                # An old tap, or an edit that changes nothing: expected after a redelivery.
                log.info("reply refused", reply=type(reply).__name__, reason=refusal.message)
                return None
            except NetworkError as fault:
                pause = next(pauses, None)
                if pause is None:
                    REPLIES_GIVEN_UP.inc()
                    log.warning(
                        "reply given up", reply=type(reply).__name__, error=type(fault).__name__
                    )
                    return None
                await asyncio.sleep(pause)
            except TelegramError as fault:
                log.warning("reply refused", reply=type(reply).__name__, error=type(fault).__name__)
                return None

    async def _call(
        self, chat_id: int, reply: Reply, query_id: str | None, *, silent: bool = False
    ) -> None:
        match reply:
            case Say():
                await self._say(chat_id, reply, silent=silent)
            case Picture():
                await self._show(chat_id, reply, silent=silent)
            case Rewrite(message_id, text, keyboard):
                await self._bot.edit_message_text(
                    text,
                    chat_id=chat_id,
                    message_id=message_id,
                    parse_mode=ParseMode.HTML,
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                    reply_markup=_markup(keyboard),
                )
            case CostChart(caption, days, limit):
                photo = await asyncio.to_thread(_draw, days, limit)
                html = ParseMode.HTML
                await _read(self._bot.send_photo(chat_id, photo, caption=caption, parse_mode=html))
            case Drawing():
                await self._draw(chat_id, reply, silent=silent)
            case Invoice():
                await show_invoice(self._bot, chat_id, reply)
            case Unsay(message_id):
                await self._bot.delete_message(chat_id, message_id)
            case QrCode():
                await self._upload(chat_id, reply, _qr_code(reply.link), silent=silent)
            case DropKeyboard(message_id, keyboard):
                markup = _markup(keyboard)
                await self._bot.edit_message_reply_markup(chat_id, message_id, reply_markup=markup)
            case Toast(text) if query_id is not None:
                await self._bot.answer_callback_query(query_id, text or None)

    async def _say(self, chat_id: int, said: Say, *, silent: bool) -> None:
        """Send a message, as a reply to the question where it quotes it."""
        asked = self._questions.get(chat_id) if said.quotes else None
        if said.quotes and not asked:
            said = replace(said, text=f"<blockquote>{said.quotes}</blockquote>\n\n{said.text}")
        message = _message(chat_id, said, silent=silent)
        if asked:
            reply = {"message_id": asked, "allow_sending_without_reply": True}
            message["reply_parameters"] = reply
        sent = await self._post(message)
        if said.asks and isinstance(sent, dict):
            self._remember(chat_id, sent.get("message_id"))

    async def _post(self, message: dict[str, Any]) -> object:
        """Send a message; one whose effect Telegram refuses comes without."""
        try:
            return await self._bot.do_api_request(SEND, message)
        except BadRequest:
            if message.pop("message_effect_id", None) is None:
                raise
            return await self._bot.do_api_request(SEND, message)

    def _remember(self, chat_id: int, message_id: object) -> None:
        """Note which message asks the question of a chat; of the longest silent none is noted."""
        if isinstance(message_id, int):
            self._questions[chat_id] = message_id
            self._questions.move_to_end(chat_id)
            if len(self._questions) > MOST_QUESTIONS:
                self._questions.popitem(last=False)

    async def _show(self, chat_id: int, picture: Picture, *, silent: bool) -> None:
        """Send a picture by its name, or upload it; without one its words go with the text."""
        photo = await self._pictures.find(picture)
        if isinstance(photo, str):
            try:
                await self._send_photo(chat_id, picture, photo, silent=silent)
            except BadRequest as refusal:
                if not is_unknown_file(refusal):
                    raise
                await self._pictures.forget(picture)
                photo = await self._pictures.find(picture)
            else:
                return
        if photo is None:
            text = f"{picture.caption}\n\n{picture.words}"
            said = Say(text, picture.keyboard, asks=True)
            await self._say(chat_id, said, silent=silent)
        else:
            sent = await self._send_photo(chat_id, picture, photo, silent=silent)
            if sent is not None:
                await self._pictures.keep(picture, sent)

    async def _send_photo(
        self, chat_id: int, picture: Picture, photo: str | bytes, *, silent: bool
    ) -> Message | None:
        """Send a picture; None where Telegram took it and did not say how it is called."""
        sent = await self._upload(chat_id, picture, photo, silent=silent)
        self._remember(chat_id, sent and sent.message_id)
        return sent

    async def _upload(
        self, chat_id: int, shown: Picture | Drawing | QrCode, photo: str | bytes, *, silent: bool
    ) -> Message | None:
        sending = self._bot.send_photo(
            chat_id,
            photo,
            caption=shown.caption,
            parse_mode=ParseMode.HTML,
            reply_markup=_markup(shown.keyboard),
            disable_notification=silent or None,
        )
        return await _read(sending)

    async def _draw(self, chat_id: int, drawing: Drawing, *, silent: bool) -> None:
        """Send a sheet by its name, or drawn; where it cannot be drawn its words are sent."""
        photo = await self._sheets.find(drawing.sheet)
        if isinstance(photo, str):
            try:
                await self._upload(chat_id, drawing, photo, silent=silent)
            except BadRequest as refusal:
                if not is_unknown_file(refusal):
                    raise
                self._sheets.forget(drawing.sheet)
                photo = await self._sheets.find(drawing.sheet)
            else:
                return
        if photo is None:
            await self._say(chat_id, Say(drawing.caption, drawing.keyboard), silent=silent)
            return
        sent = await self._upload(chat_id, drawing, photo, silent=silent)
        if sent is not None and sent.photo:
            self._sheets.keep(drawing.sheet, sent.photo[-1].file_id)


async def _read(sending: Awaitable[Message]) -> Message | None:
    """Send; None where what Telegram answers cannot be decoded: it has taken the message."""
    try:
        return await sending
    except (AttributeError, KeyError, TypeError, ValueError) as fault:
        log.info("what came of a message cannot be read", error=type(fault).__name__)
        return None


def _draw(days: Sequence[Sequence[str]], limit: str) -> bytes:
    return draw_days([(date.fromisoformat(day), Decimal(usd)) for day, usd in days], Decimal(limit))


def _message(chat_id: int, said: Say, *, silent: bool) -> dict[str, Any]:
    """Return the parameters of a message."""
    message: dict[str, Any] = {
        "chat_id": chat_id,
        "text": said.text,
        "parse_mode": ParseMode.HTML.value,
        "link_preview_options": _NO_PREVIEW,
    }
    if silent:
        message["disable_notification"] = True
    if said.effect and chat_id > 0:
        message["message_effect_id"] = said.effect
    if said.keyboard:
        rows = [[_button(button) for button in row] for row in laid_out(said.keyboard)]
        message["reply_markup"] = {"inline_keyboard": rows}
    return message


def _qr_code(link: str) -> bytes:
    picture = io.BytesIO()
    segno.make(link, error="m").save(picture, kind="png", scale=10, border=4)
    return picture.getvalue()


def _button(button: Button) -> dict[str, Any]:
    does = {"url": button.url} if button.url else {"callback_data": button.data}
    plain = {"text": button.text} | does
    return plain | {"style": button.style} if button.style else plain


def _markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    if not keyboard:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(**_button(b)) for b in row] for row in laid_out(keyboard)]
    )


def seconds_of(limit: RetryAfter) -> float:
    """Return for how long Telegram wants to be left alone."""
    wait = limit.retry_after
    return wait if isinstance(wait, int) else wait.total_seconds()
