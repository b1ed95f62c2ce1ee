"""Erasing a person or one pupil of theirs, and handing out what is kept of them."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy.ext.asyncio import AsyncSession

from src import audit, clock, inbox, queue
from src.accounts import moving
from src.accounts import service as accounts
from src.accounts.pupil import Pupil
from src.canvas import erasing as canvas
from src.errors import NoSuchPupil
from src.language import Language
from src.mastery import service as mastery
from src.models import AuditAction
from src.premium import service as premium
from src.privacy import export, queries
from src.privacy.export import Tables
from src.privacy.queries import ExportRequest, Subject
from src.teaching import service as teaching

EXPORT = "export_data"
ONCE_IN = timedelta(minutes=5)
Scope = Callable[[], AbstractAsyncContextManager[AsyncSession]]
SendExport = Callable[[int, Language, Tables], Awaitable[None]]


class ExportAsked(Enum):
    """What came of asking for one's data."""

    COMING = "coming"
    WAITS = "waits"
    JUST_SENT = "just-sent"


async def erase_person(db: AsyncSession, pupil: Pupil, *, actor: str | None = None) -> None:
    """Delete the pupil and all that is kept of them, their view of a school with its history.

    Where several pupils share the phone, the others stay.

    Args:
        db: The open transaction, holding the pupil's lock.
        pupil: Whom.
        actor: Who does it, as in the audit; None for the pupil.
    """
    now = clock.now()
    await inbox.forget_sender(db, pupil.telegram_id)
    if pupil.has_others:
        opened = await canvas.open_student(db, pupil.id, now)
        await mastery.forget_student(db, pupil.id, now)
        await accounts.erase_student(db, pupil, actor)
    else:
        opened = await canvas.open_person(db, pupil.person_id, now)
        await mastery.forget_person(db, pupil.person_id, now)
        await premium.forget_person(db, pupil.person_id, now)
        await teaching.forget_person(db, pupil.person_id)
        await accounts.erase(db, pupil, actor)
    await canvas.close_person(db, opened, now)


async def ask_export(db: AsyncSession, pupil: Pupil, at: datetime) -> ExportAsked:
    """Have all that is kept of a pupil sent to their chat by a job."""
    subject = Subject(pupil.person_id, pupil.telegram_id, pupil.id if pupil.has_others else None)
    last = await queries.last_request(db, subject)
    if last is not None and at - last[0] < ONCE_IN:
        return ExportAsked.JUST_SENT if last[1] else ExportAsked.WAITS
    export_id = await queries.add_request(db, subject, at)
    actor = audit.person(pupil.person_id)
    audit.note(db, AuditAction.EXPORT, ("student", pupil.id), actor=actor, at=at)
    await _enqueue(db, export_id)
    return ExportAsked.COMING


async def enqueue_unsent(db: AsyncSession) -> None:
    """Put exports into the queue again that were asked for and not sent."""
    for export_id in await queries.unsent(db):
        await _enqueue(db, export_id)


async def _enqueue(db: AsyncSession, export_id: int) -> None:
    await queue.enqueue(db, EXPORT, {"id": export_id}, key=f"{EXPORT}:{export_id}")


async def send_export(scope: Scope, send: SendExport, export_id: int) -> None:
    """Make an export and send it; one that was sent already is not sent again.

    Args:
        scope: Opens a transaction; none is open while it is sent.
        send: Makes a file of it and sends that; raises what `Sender.send_once` does.
        export_id: Which.
    """
    async with scope() as db:
        asked: ExportRequest | None = await queries.request(db, export_id)
        tables = await export.collect(db, asked.subject) if asked else {}
    if asked is None:
        return
    await send(asked.subject.telegram_id, asked.language, tables)
    async with scope() as db:
        await queries.mark_sent(db, export_id, clock.now())


async def give_up_export(db: AsyncSession, export_id: int) -> None:
    """Send an export no more: its person cannot be reached."""
    await queries.mark_sent(db, export_id, clock.now())


async def export_for_operator(db: AsyncSession, telegram_id: int, at: datetime) -> bytes:
    """Return all that is kept of an account as a zip; that it was taken is noted.

    Raises:
        NoSuchPupil: Nobody of that id has written.
    """
    subject = await queries.person_of(db, telegram_id)
    if subject is None:
        raise NoSuchPupil(f"nobody with the Telegram id {telegram_id} is known")
    about = ("person", subject.person_id)
    audit.note(db, AuditAction.EXPORT, about, actor="operator", at=at)
    return export.make_zip(await export.collect(db, subject))


async def erase_for_operator(db: AsyncSession, telegram_id: int) -> None:
    """Delete a person with all their pupils, for good; that it was done is noted.

    Raises:
        NoSuchPupil: Nobody of that id has written.
    """
    pupil = await _known(db, telegram_id)
    await erase_person(db, replace(pupil, has_others=False), actor="operator")


async def bar_for_operator(
    db: AsyncSession, telegram_id: int, at: datetime, *, barred: bool
) -> None:
    """Shut a person out, or let them in again; raises as `erase_for_operator`."""
    await moving.bar(db, await _known(db, telegram_id), at, barred=barred)


async def move_for_operator(db: AsyncSession, telegram_id: int, to: int, at: datetime) -> None:
    """Let a person be another Telegram account; raises as `erase_for_operator`.

    Raises:
        MoveRefused: The other account has something of its own.
    """
    pupil = await _known(db, telegram_id)
    newcomer = await accounts.find(db, to)
    await moving.move(db, pupil, newcomer, to, actor="operator", at=at)


async def _known(db: AsyncSession, telegram_id: int) -> Pupil:
    pupil = await accounts.find(db, telegram_id)
    if pupil is None:
        raise NoSuchPupil(f"nobody with the Telegram id {telegram_id} is known")
    return pupil
