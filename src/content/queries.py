"""All SQL of the import: incoming rows go to a temporary table, and from there into problems."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    Column,
    ColumnElement,
    CursorResult,
    Integer,
    MetaData,
    Row,
    Select,
    String,
    Table,
    and_,
    case,
    delete,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.schema import CreateTable, DropTable
from sqlalchemy.types import TypeEngine

from src.content.mistakes import MisconceptionRow
from src.content.spool import COLUMNS, STORED, Spool
from src.models import Misconception, Problem, Response
from src.models.enums import ProblemStatus
from src.models.types import UtcDateTime
from src.storage.statements import fetch, insert_for, save, table_of

JUDGING = ("answer", "answer_type", "answer_options", "choices")
"""A change of one of these changes which typed answers are right."""
_BATCH = 1_000
_LONG = (
    "question_en",
    "question_bn",
    "answer_options",
    "choices",
    "hints",
    "solution_en",
    "solution_bn",
    "misconceptions",
)

_problems = cast("Table", Problem.__table__)
_misconceptions = table_of(Misconception)


def _type_of(name: str) -> TypeEngine[Any]:
    # An enum would bring its CHECK along; problems has it anyway.
    return String(32) if name == "status" else _problems.c[name].type


_incoming = Table(
    "incoming_problems",
    MetaData(),
    *(Column(name, _type_of(name)) for name in STORED),
    Column("source_file", String),
    Column("source_row", Integer),
    prefixes=["TEMPORARY"],
)


class Changes(NamedTuple):
    """How the incoming rows that differ from the stored ones divide up."""

    added: int
    changed: int
    retired: int


async def receive(db: AsyncSession, spool: Spool) -> None:
    """Bring the rows of a spool into a temporary table of this transaction."""
    await db.execute(CreateTable(_incoming))
    if db.get_bind().dialect.name == "postgresql":
        await _copy(db, spool)
    else:
        names = ", ".join(f":{name}" for name in COLUMNS)
        statement = text(f"INSERT INTO incoming_problems VALUES ({names})")  # noqa: S608 - constants
        for batch in spool.batches(_BATCH):
            await db.execute(statement, [dict(zip(COLUMNS, row, strict=True)) for row in batch])


async def _copy(db: AsyncSession, spool: Spool) -> None:
    """COPY on the driver's own connection, inside the transaction that the session has begun."""
    connection = await (await db.connection()).get_raw_connection()
    driver = connection.driver_connection
    assert driver is not None
    # Compressed once and kept in line, the long texts go on into problems as they are.
    in_line = ", ".join(f"ALTER {name} SET STORAGE MAIN" for name in _LONG)
    await db.execute(text(f"ALTER TABLE incoming_problems {in_line}"))
    await driver.copy_to_table(
        "incoming_problems", source=spool.rewind(), columns=COLUMNS, format="csv"
    )
    # Statistics of one column: reading all the texts again would take as long as writing them.
    await db.execute(text("ANALYZE incoming_problems (external_id)"))


async def find_bases(db: AsyncSession) -> frozenset[str]:
    """Return the ids of all problems that are not variants."""
    statement = select(_problems.c.external_id).where(_problems.c.variant_of.is_(None))
    return frozenset((await db.execute(statement)).scalars())


async def forget(db: AsyncSession) -> None:
    """Drop the temporary table."""
    await db.execute(DropTable(_incoming))


async def lock_changed(db: AsyncSession) -> None:
    """Keep pupils from answering, until the end of the transaction, problems whose judging changes.

    SQLite has one writer anyway.
    """
    statement = _matched(_problems.c.id).where(_differs(JUDGING))
    await db.execute(statement.order_by(_problems.c.id).with_for_update(of=_problems))


async def find_kept(
    db: AsyncSession, *, take_over: bool
) -> Sequence[Row[str, int, int, datetime | None]]:
    """List the rows that change nothing: an operator's problems, and older versions.

    Returns:
        ``external_id``, stored and incoming ``content_version``, since when it is an operator's.
    """
    versions = (_problems.c.content_version, _incoming.c.content_version)
    columns = (_incoming.c.external_id, *versions, _problems.c.taken_over_at)
    statement = _matched(*columns).where(_is_kept(take_over=take_over))
    found = await db.execute(statement.order_by(_incoming.c.external_id))
    rows: Sequence[Row[str, int, int, datetime | None]] = found.all()
    return rows


async def drop_kept(db: AsyncSession, *, take_over: bool) -> None:
    """Take the rows that change nothing out of the temporary table."""
    kept = _problems.c.external_id == _incoming.c.external_id, _is_kept(take_over=take_over)
    await db.execute(delete(_incoming).where(exists().where(*kept)))


def _is_kept(*, take_over: bool) -> ColumnElement[bool]:
    older = _incoming.c.content_version < _problems.c.content_version
    whose = false() if take_over else _problems.c.taken_over_at.is_not(None)
    return and_(or_(older, whose), _differs(STORED))


async def find_refused(db: AsyncSession) -> Sequence[Row[str, str, int, int]]:
    """List the rows that must not overwrite what is stored.

    Returns:
        ``external_id``, file, row and stored ``content_version``.
    """
    stored, incoming = _problems.c.content_version, _incoming.c.content_version
    answered = exists().where(Response.problem_id == _problems.c.id)
    unannounced = and_(incoming == stored, _differs(JUDGING), answered)
    statement = (
        _matched(
            _incoming.c.external_id,
            _incoming.c.source_file,
            _incoming.c.source_row,
            stored,
        )
        .where(unannounced)
        .order_by(_incoming.c.source_file, _incoming.c.source_row)
    )
    rows: Sequence[Row[str, str, int, int]] = (await db.execute(statement)).all()
    return rows


async def drop_unchanged(db: AsyncSession) -> int:
    """Take the rows that are stored already out of the temporary table and count them."""
    same = exists().where(_problems.c.external_id == _incoming.c.external_id, ~_differs(STORED))
    result = cast("CursorResult[Any]", await db.execute(delete(_incoming).where(same)))
    return result.rowcount


async def count_changes(db: AsyncSession) -> Changes:
    """Count what is left after ``drop_unchanged``."""
    retired = and_(
        _incoming.c.status == ProblemStatus.RETIRED, _problems.c.status != ProblemStatus.RETIRED
    )
    total = (await db.execute(select(func.count()).select_from(_incoming))).scalar_one()
    statement = _matched(func.count(), func.count(case((retired, 1))))
    stored, left = (await db.execute(statement)).one()
    return Changes(total - stored, stored - left, left)


async def upsert(db: AsyncSession, now: datetime, *, take_over: bool = False) -> None:
    """Write what is in the temporary table into problems.

    Args:
        db: The session.
        now: The instant for ``created_at``, ``updated_at`` and ``retired_at``.
        take_over: Whether they are an operator's from now on.
    """
    retired_at = case((_incoming.c.status == ProblemStatus.RETIRED, literal(now, UtcDateTime())))
    instant = literal(now, UtcDateTime())
    taken_over_at = instant if take_over else null()
    rows = select(
        *(_incoming.c[name] for name in STORED), retired_at, instant, instant, taken_over_at
    )
    # The condition keeps SQLite from reading ON CONFLICT as part of a join.
    statement = insert_for(db)(_problems).from_select(
        [*STORED, "retired_at", "created_at", "updated_at", "taken_over_at"],
        rows.where(true()),
        include_defaults=False,
    )
    new = statement.excluded
    await db.execute(
        statement.on_conflict_do_update(
            index_elements=[_problems.c.external_id],
            set_={
                **{name: new[name] for name in STORED if name != "external_id"},
                "updated_at": new.updated_at,
                "taken_over_at": func.coalesce(_problems.c.taken_over_at, new.taken_over_at),
                "retired_at": case(
                    (new.retired_at.is_not(None), func.coalesce(_problems.c.retired_at, now))
                ),
            },
        )
    )


async def save_misconceptions(db: AsyncSession, rows: Iterable[MisconceptionRow]) -> None:
    """Add and change misconceptions by their ids; those that are stored so already stay."""
    columns = [_misconceptions.c[name] for name in MisconceptionRow.COLUMNS]
    stored = set(await fetch(db, select(*columns), {}))
    for row in rows:
        values = row.as_columns()
        if tuple(values.values()) not in stored:
            await save(db, Misconception, ["id"], values)


def _matched(*columns: Any) -> Select[Any]:
    """Select from the incoming rows that have a stored one."""
    same_id = _problems.c.external_id == _incoming.c.external_id
    return select(*columns).select_from(_incoming.join(_problems, same_id))


def _differs(names: Iterable[str]) -> ColumnElement[bool]:
    return or_(*(_problems.c[name].is_distinct_from(_incoming.c[name]) for name in names))
