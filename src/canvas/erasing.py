"""What goes for good: a person asks, a person decides, and the history yields to that alone."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from src import audit
from src.canvas.queries import mirror
from src.canvas.queries import people as queries
from src.canvas.results import Thing
from src.errors import StaleAction, UnknownInMirror
from src.models import (
    AuditAction,
    CanvasLifecycle,
    DeletionDecision,
    DeletionRequest,
    Erasure,
    MirrorKind,
)
from src.storage.statements import empty_log_at_commit

_MOST_GONE = 200


async def ask_deletion(db: AsyncSession, thing: Thing, actor: str, at: datetime) -> DeletionRequest:
    """Ask that something which is gone from the school be deleted for good.

    Args:
        db: The open transaction.
        thing: What.
        actor: Who asks, as in the audit.
        at: Now, aware.

    Returns:
        The question, which waits for `decide_deletion`; the same one where it was asked before.

    Raises:
        UnknownInMirror: There is no such thing.
        StaleAction: It is there: the next sync would bring it back.
    """
    await mirror.lock(db, thing.connection_id)
    await _require_gone(db, thing)
    asked = await queries.open_request_of(db, thing)
    if asked is None:
        asked = DeletionRequest(**asdict(thing))
        asked.asked_by, asked.asked_at = actor, at
        db.add(asked)
        await db.flush()
    return asked


async def decide_deletion(
    db: AsyncSession, request_id: int, decision: DeletionDecision, actor: str, at: datetime
) -> DeletionRequest:
    """Approve or refuse a deletion; what is approved is deleted in the same transaction.

    Raises:
        UnknownInMirror: Nothing of that number waits for a decision.
        StaleAction: What is to be deleted has come back; it stays.
    """
    request = await queries.lock_request(db, request_id)
    if request is None:
        raise UnknownInMirror(f"no deletion {request_id} waits for a decision")
    request.decision, request.decided_by, request.decided_at = decision, actor, at
    if decision is DeletionDecision.APPROVED:
        thing = Thing(request.connection_id, request.kind, request.canvas_id)
        await mirror.lock(db, thing.connection_id)
        await _require_gone(db, thing)
        await _delete(db, thing, at)
        _note(db, thing, actor, at)
    return request


async def erase_student(
    db: AsyncSession, connection_id: int, student_id: int, actor: str, at: datetime
) -> None:
    """Erase a mirrored student with history and notes; no sync ever brings them back.

    Raises:
        UnknownInMirror: There is no such student.
    """
    await mirror.lock(db, connection_id)
    thing = Thing(connection_id, MirrorKind.STUDENT, student_id)
    if await queries.life_of(db, thing) is None:
        raise UnknownInMirror(f"no {thing} is mirrored over this connection")
    await _delete(db, thing, at, is_lasting=True)
    await empty_log_at_commit(db)
    _note(db, thing, actor, at)


async def open_person(db: AsyncSession, person_id: int, at: datetime) -> list[int]:
    """Let the history yield to the erasure of a person, which takes their connections along.

    Returns:
        What `close_person` is given in the same transaction.
    """
    ids = await queries.connections_of(db, person_id)
    await queries.forget_lasting(db, ids)
    return [(await _open(db, Erasure(connection_id=one, begun_at=at))).id for one in ids]


async def open_student(db: AsyncSession, student_id: int, at: datetime) -> list[int]:
    """Delete the schools that only one pupil of a person follows; else as `open_person`."""
    ids = await queries.followed_alone(db, student_id)
    await queries.forget_lasting(db, ids)
    opened = [(await _open(db, Erasure(connection_id=one, begun_at=at))).id for one in ids]
    await queries.delete_connections(db, ids)
    return opened


async def close_person(db: AsyncSession, erasures: Sequence[int], at: datetime) -> None:
    """Note that the erasure of a person is done."""
    if erasures:
        await queries.end_erasures(db, erasures, at)


async def _delete(
    db: AsyncSession, thing: Thing, at: datetime, *, is_lasting: bool = False
) -> None:
    erasure = await _open(db, Erasure(**asdict(thing), begun_at=at, is_lasting=is_lasting))
    await queries.delete_all(db, thing)
    await queries.end_erasures(db, [erasure.id], at)


async def _open(db: AsyncSession, erasure: Erasure) -> Erasure:
    db.add(erasure)
    await db.flush()
    return erasure


async def _require_gone(db: AsyncSession, thing: Thing) -> CanvasLifecycle:
    life = await queries.life_of(db, thing)
    if life is None:
        raise UnknownInMirror(f"no {thing} is mirrored over this connection")
    if life.is_active:
        raise StaleAction(f"{thing} is there at the school: a sync would bring it back")
    return life


def _note(db: AsyncSession, thing: Thing, actor: str, at: datetime) -> None:
    subject = (f"canvas_{thing.kind}", thing.canvas_id)
    detail = {"connection": thing.connection_id}
    audit.note(db, AuditAction.ERASE, subject, actor=actor, at=at, detail=detail)


async def list_deletions(db: AsyncSession, connection_id: int | None) -> list[dict[str, object]]:
    """Return what waits for a decision and, of one connection, what is gone and was not asked for.

    Each has the number of its request, if any, the connection, what it is, its number, who asked,
    and since when.
    """
    waiting = await queries.open_requests(db)
    rows: list[dict[str, object]] = [
        _listed(one.id, one, one.asked_by, one.asked_at)
        for one in waiting
        if connection_id in {None, one.connection_id}
    ]
    if connection_id is not None:
        asked = {(one.connection_id, one.kind, one.canvas_id) for one in waiting}
        rows += [
            _listed(None, one, None, one.gone_at)
            for one in await queries.gone(db, connection_id, _MOST_GONE)
            if (one.connection_id, one.kind, one.canvas_id) not in asked
        ]
    return rows


def _listed(
    request: int | None,
    row: DeletionRequest | CanvasLifecycle,
    who: str | None,
    since: datetime | None,
) -> dict[str, object]:
    about = {"connection": row.connection_id, "kind": str(row.kind), "canvas_id": row.canvas_id}
    return {"request": request, **about, "asked_by": who, "since": since}
