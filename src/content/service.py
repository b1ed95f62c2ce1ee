"""Bring problems into the database: all of them, or none."""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from src import clock
from src.content import queries
from src.content.checks import CheckRow, check_row
from src.content.faults import Fault, RefusedContent, Source, is_fault
from src.content.library import check_paths
from src.content.mistakes import Mistakes
from src.content.reader import ParsedRow
from src.content.rows import ProblemRow
from src.content.spool import Spool


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import did, or would do; the numbers count rows.

    Attributes:
        added: New problems.
        changed: Stored problems that got new content, apart from those retired.
        unchanged: Rows that are stored as they are.
        retired: Stored problems that are no longer served.
        kept: Rows that changed nothing, a line each with the reason: an operator has taken the
            stored problem over, or what is stored is of a newer version.
        refused: Rows that must not be imported; if there is one, all other numbers are 0.
        dry_run: Whether this was a trial run, which writes nothing.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    retired: int = 0
    kept: tuple[str, ...] = ()
    refused: int = 0
    dry_run: bool = False


async def import_rows(
    db: AsyncSession, rows: Iterable[ProblemRow], *, dry_run: bool = False
) -> ImportSummary:
    """Add and change problems by ``external_id``; nothing that is absent changes.

    The rows are trusted: ``check_paths`` finds faults before. Flushes, never commits.

    Args:
        db: The session.
        rows: Problems, each ``external_id`` once; read once, not held in memory.
        dry_run: Count what would change and write nothing.

    Raises:
        RefusedContent: A row would silently change how given answers are judged.
    """
    with Spool() as spool:
        for number, problem in enumerate(rows, start=1):
            spool.add(ParsedRow(Source("rows", number), problem))
        return await import_spool(db, spool, dry_run=dry_run)


async def import_spool(
    db: AsyncSession, spool: Spool, *, dry_run: bool = False, take_over: bool = False
) -> ImportSummary:
    """Do what ``import_rows`` does with rows that were gathered before.

    No time is spent on checks here, so the transaction is short.

    Args:
        db: The session.
        spool: The rows.
        dry_run: Count what would change and write nothing.
        take_over: What changes is an operator's from now on: an import without this leaves it.

    Raises:
        RefusedContent: A row would silently change how given answers are judged.
    """
    await queries.receive(db, spool)
    kept = [_why_kept(*row) for row in await queries.find_kept(db, take_over=take_over)]
    if kept:
        await queries.drop_kept(db, take_over=take_over)
    await queries.lock_changed(db)
    refused = [_explain(*row) for row in await queries.find_refused(db)]
    if refused:
        await queries.forget(db)
        raise RefusedContent(refused)
    unchanged = await queries.drop_unchanged(db)
    changes = await queries.count_changes(db)
    if not dry_run:
        await queries.save_misconceptions(db, spool.misconceptions)
        await queries.upsert(db, clock.now(), take_over=take_over)
    await queries.forget(db)
    return ImportSummary(
        **changes._asdict(), unchanged=unchanged, kept=tuple(kept), dry_run=dry_run
    )


def _why_kept(external_id: str, stored: int, incoming: int, taken_over: datetime | None) -> str:
    if incoming < stored:
        return f"{external_id}: stored with content_version {stored}, the file has {incoming}"
    return f"{external_id}: taken over by an operator on {taken_over:%Y-%m-%d}"


def _explain(external_id: str, file: str, row: int, stored: int) -> Fault:
    message = (
        f"{external_id} has been answered by pupils; to change what is a right answer, "
        f"write content_version {stored + 1}"
    )
    return Fault(file, row, "content_version", "changed_answer", message)


def gather(
    paths: list[Path],
    spool: Spool,
    *,
    known_ids: Container[str] = frozenset(),
    check: CheckRow = check_row,
    on_row: Callable[[], None] = lambda: None,
) -> list[Fault]:
    """Check files and put their problems into a spool.

    Args:
        paths: Files and folders.
        spool: Where the problems go; worthless if there are faults.
        known_ids: Problems outside the files whose variants may be among the rows.
        check: What is checked of a row on its own.
        on_row: Called after each row.

    Returns:
        The warnings.

    Raises:
        RefusedContent: There are faults; it holds all of them and the warnings.
    """
    findings = []
    mistakes = Mistakes(paths)
    spool.misconceptions = [*mistakes.rows.values()]
    for item in check_paths(paths, known_ids=known_ids, check=check, mistakes=mistakes):
        if isinstance(item, Fault):
            findings.append(item)
        else:
            spool.add(item)
            on_row()
    if any(is_fault(finding) for finding in findings):
        raise RefusedContent(findings)
    return findings


async def load_library(db: AsyncSession, folder: Path) -> ImportSummary:
    """Bring the library that is shipped with Dars into the database.

    Its rows were checked when they were written, so only their shape is checked here; on a
    database that holds them already nothing is written.

    Args:
        db: The session.
        folder: Where the files of problems stand.

    Raises:
        RefusedContent: A file cannot be read, or a row must not overwrite what is stored.
    """
    with Spool() as spool:
        gather([folder], spool, check=_trust)
        return await import_spool(db, spool)


def _trust(problem: ProblemRow) -> tuple[()]:
    return ()


async def find_bases(db: AsyncSession) -> frozenset[str]:
    """Return the ids of the stored problems that variants may refer to."""
    return await queries.find_bases(db)
