"""From a token to the list, in the background: the moment for which somebody connects a school.

The row of the arrival says what is left to do; it goes when the pupil was told, so whatever is
killed goes on from there, and at worst tells twice.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from src import clock
from src.accounts import service as accounts
from src.accounts.pupil import Pupil
from src.canvas import arrivals, connections
from src.canvas.connections import Grant, Owner
from src.canvas.refresh import CanvasReader, SyncOrder
from src.clients.canvas_errors import (
    AddressRefused,
    AnswerUnreadable,
    CanvasAway,
    CanvasError,
    NotThere,
    Throttled,
    TokenDead,
    TokenMalformed,
)
from src.deadlines import queries, service
from src.deadlines.following import follow
from src.deadlines.results import TaskPage
from src.errors import DarsError
from src.language import Language
from src.models import CanvasArrival, ConnectionKind, SyncPriority

log = structlog.get_logger()

Scope = Callable[[], AbstractAsyncContextManager[AsyncSession]]
# After so long a pupil hears that the school is slow.
PATIENCE = 4.0
PAUSE = timedelta(minutes=1)
MOST_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class SchoolNews:
    """What came of connecting a school.

    Attributes:
        chat_id: The pupil's private chat.
        language: ``bn`` or ``en``.
        address: The school's.
        state: ``connected``, ``slow``, or why not: ``token``, ``feed``, ``address``, ``away``,
            ``unreadable``.
        timezone: IANA name.
        now: The present, aware.
        courses: The names of the courses, of a school that was read.
        page: What is due, of a school that was read.
    """

    chat_id: int
    language: Language
    address: str
    state: str
    timezone: str
    now: datetime
    courses: tuple[str, ...] = ()
    page: TaskPage = field(default_factory=lambda: TaskPage((), 0, has_more=False))


class SchoolTeller(Protocol):
    """Puts into words what came of connecting a school, and says it."""

    async def show_thinking(self, chat_id: int) -> None:
        """Show that something is being done."""
        ...

    async def unsay(self, chat_id: int, message_id: int) -> None:
        """Delete a message of the pupil's."""
        ...

    async def tell_school(self, news: SchoolNews) -> None:
        """Say it, until it is delivered or refused for good."""
        ...


class Joiner:
    """Takes people to their schools.

    Args:
        scope: Opens a transaction; none is open while a school is asked.
        reader: Asks the schools.
        teller: Says what came of it.
    """

    def __init__(self, scope: Scope, reader: CanvasReader, teller: SchoolTeller) -> None:
        self._scope, self._reader, self._teller = scope, reader, teller

    async def run(self, arrival_id: int) -> None:
        """Take one person to their school, and tell them what is due there."""
        async with self._scope() as db:
            arrival = await arrivals.claim(db, arrival_id, clock.now())
            pupil = await _pupil_of(db, arrival) if arrival else None
        if arrival is None or pupil is None:
            return
        if arrival.message_id is not None:
            # Once more: whoever took it may have been killed before it was deleted.
            await self._teller.unsay(pupil.telegram_id, arrival.message_id)
        await self._teller.show_thinking(pupil.telegram_id)
        working = asyncio.create_task(self._join(arrival, pupil))
        done, _ = await asyncio.wait({working}, timeout=PATIENCE)
        if not done:
            await self._teller.tell_school(_news(arrival, pupil, "slow"))
        await working

    async def _join(self, arrival: CanvasArrival, pupil: Pupil) -> None:
        try:
            connection_id = await self._connect(arrival, pupil)
        except CanvasError as error:
            return await self._refuse(arrival, pupil, error)
        assert arrival.kind is not None
        # What cannot be read now is read by the next refresh.
        with suppress(DarsError):
            await self._read(connection_id, arrival.kind)
        await self._tell(arrival, pupil, connection_id)
        return None

    async def _connect(self, arrival: CanvasArrival, pupil: Pupil) -> int:
        """Return the connection: by a log-in it is kept already, else the school is asked first."""
        kind, secret = arrival.kind, arrival.secret
        assert kind is not None
        assert secret is not None
        if kind is not ConnectionKind.OAUTH:
            account = await self._reader.find(arrival.address, kind, secret)
        async with self._scope() as db:
            if kind is ConnectionKind.OAUTH:
                rows = await connections.of_person(db, pupil.person_id)
                row = next((one for one in rows if one.secret == secret), None)
                if row is None:
                    raise TokenDead("it was ended meanwhile")
            else:
                owner, grant = Owner(person_id=pupil.person_id), Grant(kind, secret)
                row = await connections.keep(db, owner, account, grant, clock.now())
            await queries.follow(db, row.id, pupil.id)
            if await queries.choices(db, pupil.id) is None:
                await service.choose_digest(db, pupil, clock.now(), wanted=True)
            return row.id

    async def _read(self, connection_id: int, kind: ConnectionKind) -> None:
        if kind is not ConnectionKind.FEED:
            await self._reader.sync(SyncOrder(connection_id, SyncPriority.ONBOARDING))
        await follow(self._scope, self._reader, connection_id, clock.now())

    async def _tell(self, arrival: CanvasArrival, pupil: Pupil, connection_id: int) -> None:
        now = clock.now()
        async with self._scope() as db:
            names = tuple(one.name for one in await service.courses(db, pupil))
            page = await service.tasks_page(db, pupil, now)
        news = _news(arrival, pupil, "connected", names, page)
        await self._teller.tell_school(news)
        assert arrival.secret is not None
        async with self._scope() as db:
            await arrivals.done(db, arrival.id, arrival.secret)

    async def _refuse(self, arrival: CanvasArrival, pupil: Pupil, error: CanvasError) -> None:
        state = _reason(error, arrival.kind)
        log.info("a school was not connected", error=type(error).__name__)
        if state == "away" and arrival.attempts < MOST_ATTEMPTS:
            if arrival.attempts == 1:
                await self._teller.tell_school(_news(arrival, pupil, "slow"))
            async with self._scope() as db:
                await arrivals.release(db, arrival.id, clock.now(), PAUSE * arrival.attempts)
            return
        await self._teller.tell_school(_news(arrival, pupil, state))
        assert arrival.secret is not None
        async with self._scope() as db:
            await arrivals.refused(db, arrival.id, arrival.secret)


async def _pupil_of(db: AsyncSession, arrival: CanvasArrival) -> Pupil | None:
    return await accounts.find_person(db, arrival.person_id)


def _news(
    arrival: CanvasArrival,
    pupil: Pupil,
    state: str,
    courses: tuple[str, ...] = (),
    page: TaskPage | None = None,
) -> SchoolNews:
    return SchoolNews(
        pupil.telegram_id,
        pupil.language,
        arrival.address,
        state,
        pupil.timezone,
        clock.now(),
        courses,
        page or TaskPage((), 0, has_more=False),
    )


def _reason(error: CanvasError, kind: ConnectionKind | None) -> str:
    if isinstance(error, CanvasAway | Throttled):
        return "away"
    if isinstance(error, TokenDead | TokenMalformed):
        return "token"
    if isinstance(error, AddressRefused):
        return "address"
    if isinstance(error, NotThere | AnswerUnreadable):
        return "feed" if kind is ConnectionKind.FEED else "unreadable"
    return "token"
