"""The webhook: updates that Telegram delivers by itself, to any number of processes.

Telegram sends the next message of a chat only after a 2xx, and whatever got another answer again.
So an update is answered 200 only when it is over: committed, and its reply sent or parked. A
message and a tap of one pupil may still come to two processes at once: the pupil's row is their
lock.
"""

import asyncio
import hmac
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import structlog
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Lifespan
from telegram import Update

from bot.context import DarsBot
from bot.keeping import ABANDONED_AFTER, Keeper
from bot.lanes import Lanes, Outcome
from bot.run import opened
from bot.updates import bot_id_of, is_database_away
from src import clock, inbox, logs
from src.database import session_scope
from src.errors import SettingsError
from src.inbox import UpdateKey
from src.metrics import DELIVERIES_REFUSED
from src.settings import WebhookSettings, get_settings

log = structlog.get_logger()

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
LARGEST_UPDATE = 1 << 20
MOST_UPDATE_ID = 1 << 62
# Seconds after which Telegram is asked to deliver again.
RETRY_AFTER = {Outcome.DATABASE_AWAY: 3, Outcome.TRY_AGAIN: 1}


class Receiver:
    """Takes deliveries and answers each when its update is over."""

    def __init__(self, bot: DarsBot, lanes: Lanes, keeper: Keeper, secret: str) -> None:
        self._bot = bot
        self._lanes, self._keeper = lanes, keeper
        self._secret = secret.encode()

    async def receive(self, request: Request) -> Response:
        """Answer a delivery: 200 when it need not come again, 503 when it must, 4xx for rubbish."""
        given = request.headers.get(SECRET_HEADER, "").encode()
        if not hmac.compare_digest(given, self._secret):
            return _refuse(401, "secret")
        try:
            body = await _read(request)
        except ClientDisconnect:
            return _refuse(400, "cut")
        if body is None:
            return _refuse(413, "size")
        data = _decode(body)
        if data is None:
            return _refuse(400, "json")
        return await self._handle(data)

    async def _handle(self, data: dict[str, Any]) -> Response:
        try:
            outcome = await self._outcome(Update.de_json(data, self._bot), data)
        except Exception as error:  # noqa: BLE001 - the edge: any shape may come
            return await self._count_unreadable(data["update_id"], error)
        return Response() if outcome.over else _come_again(outcome)

    async def _outcome(self, update: Update, sent: dict[str, Any]) -> Outcome:
        """Return what became of an update; one that is kept has been taken.

        Telegram sends a pupil's next message only after a 2xx, to whichever process: so here only
        a crowd is kept, which it never sends. Everything else ends within the cut.
        """
        entry = self._lanes.begin(update, sent)
        if self._lanes.is_crowded(entry.lane) and await self._keeper.keep([entry]):
            return Outcome.KEPT
        return await entry.task

    async def _count_unreadable(self, update_id: int, error: Exception) -> Response:
        """Refuse an update of an unknown shape, until it is set aside like one that fails."""
        log.error(
            "update cannot be read",
            update_id=update_id,
            error=type(error).__name__,
            where=logs.where(error),
        )
        try:
            async with session_scope() as db:
                key = UpdateKey(bot_id_of(self._bot), update_id)
                given_up = await inbox.record_failure(db, key, type(error).__name__, [])
        except Exception as fault:  # raised again unless the database is away
            if is_database_away(fault):
                return _come_again(Outcome.DATABASE_AWAY)
            raise
        return Response() if given_up else _refuse(400, "update")


async def _read(request: Request) -> bytes | None:
    """Return the body; None for one that is larger than any update."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_UPDATE:
            return None
    return bytes(body)


def _decode(body: bytes) -> dict[str, Any] | None:
    """Return the JSON object of an update; None for anything else."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return None
    number = data.get("update_id")
    return data if type(number) is int and 0 <= number < MOST_UPDATE_ID else None


def _refuse(status: int, reason: str) -> Response:
    DELIVERIES_REFUSED.labels(reason).inc()
    return Response(status_code=status)


def _come_again(outcome: Outcome) -> Response:
    return Response(status_code=503, headers={"Retry-After": str(RETRY_AFTER[outcome])})


def path_of(settings: WebhookSettings) -> str:
    """Return the path that Telegram calls."""
    return urlsplit(settings.url or "").path or "/"


def secret_of(settings: WebhookSettings) -> str:
    """Return the secret that proves a delivery.

    Raises:
        SettingsError: None is set.
    """
    if settings.secret is None:
        raise SettingsError(
            "DARS_WEBHOOK_SECRET: missing; 16 to 256 letters, digits, - and _, "
            "such as `openssl rand -hex 32` prints"
        )
    return settings.secret.get_secret_value()


def create_app(
    settings: WebhookSettings,
    receiver: Receiver | None = None,
    lifespan: Lifespan[Starlette] | None = None,
) -> Starlette:
    """Return the application.

    Args:
        settings: Say where Telegram calls.
        receiver: Who takes deliveries; None if the lifespan makes one.
        lifespan: What is open while the application lives; puts a receiver into its state.
    """

    async def receive(request: Request) -> Response:
        taker: Receiver = request.app.state.receiver
        return await taker.receive(request)

    app = Starlette(routes=[Route(path_of(settings), receive, methods=["POST"])], lifespan=lifespan)
    app.state.receiver = receiver
    return app


def create() -> Starlette:
    """Return the application in a process that has just begun, as uvicorn's workers do.

    Raises:
        SettingsError: The secret is missing.
    """
    settings = get_settings()
    logs.configure(settings.process, settings.secrets)
    clock.shift(settings.process.clock_shift)
    secret = secret_of(settings.webhook)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None]:
        async with opened(settings, asyncio.Event(), patience=8) as (bot, lanes, keeper):
            app.state.receiver = Receiver(bot, lanes, keeper, secret)
            async with keeper.running(ABANDONED_AFTER):
                yield

    return create_app(settings.webhook, lifespan=lifespan)
