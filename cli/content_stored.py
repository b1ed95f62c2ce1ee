"""``dars content show|export|fix|retire|release|regrade``: the library as it is stored."""

import asyncio
import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from cli.connected import connected
from cli.output import Output, OutputFormat, print_json, say
from src import clock, database
from src.content import stored
from src.content.checks import check_row
from src.content.faults import Finding, RefusedContent, is_fault
from src.content.rows import COLUMNS, ProblemRow, to_cells
from src.content.service import find_bases, gather, import_spool
from src.content.spool import Spool
from src.content.stored import StoredProblem
from src.content.variant_files import write_rows
from src.errors import ContentError
from src.practice import regrading
from src.practice.regrading import Regraded

Id = Annotated[str, typer.Argument(metavar="ID", help="The external_id, such as G6-DEC-OPS-002.")]
Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="External ids.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Write nothing.")]
# The columns that say which typed answers are right.
_JUDGING = {"answer", "answer_type", "answer_options", "choices_en", "choices_bn"}
_SHOWN = ("content_version", "status", "grade", "topic", "subtopic", "difficulty", "answer_type")


def show(external_id: Id, output: Output = OutputFormat.TABLE) -> None:
    """Show a problem as it is stored, and what became of it."""
    found = asyncio.run(_find(external_id))
    if output is OutputFormat.JSON:
        print_json(found.problem.model_dump(mode="json") | _facts(found))
    else:
        say("\n".join(_lines(found)))


def export(
    external_ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID...", help="Only these; all without any.")
    ] = None,
    to: Annotated[Path | None, typer.Option("--to", help="The file; the screen without.")] = None,
    taken_over: Annotated[
        bool, typer.Option("--taken-over", help="Only what an operator has changed.")
    ] = False,
) -> None:
    """Write stored problems as CSV, in the columns of the files.

    `solution_check` is not stored: a second opinion on the answer has to be written in again.
    """
    rows = asyncio.run(_rows(external_ids or [], taken_over=taken_over))
    if to is not None:
        write_rows(to, rows)
        say(f"{len(rows)} problems: {to}")
        return
    # A file and not a screen is meant: each sign as it is.
    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(to_cells, rows))


def fix(
    external_id: Id,
    changes: Annotated[
        list[str],
        typer.Option("--set", metavar="COLUMN=VALUE", help="A column as in the files; repeatable."),
    ],
    dry_run: DryRun = False,
) -> None:
    """Change a problem and take it over: an import of the files leaves it alone from now on.

    It is checked like a row of a file; a new answer needs its `solution_check` beside it. Where
    pupils have answered it and what is right changes, its `content_version` grows by one, and
    `dars content regrade` judges again what they gave.
    """
    try:
        found = asyncio.run(_fix(external_id, _parse(changes), dry_run=dry_run))
    except RefusedContent as refusal:
        for fault in filter(is_fault, refusal.faults):
            say(f"fault: {fault.column}: {fault.message} [{fault.code}]")
        say("Nothing was changed.")
        raise typer.Exit(1) from None
    say("\n".join(_lines(found)))
    if found.older:
        say(f"Next: dars content regrade {external_id} --dry-run")
    if dry_run:
        say("Dry run: nothing is written.")


def retire(external_ids: Ids, dry_run: DryRun = False) -> None:
    """Serve problems no more, whatever the files say; `fix --set status=active` brings one back."""
    asyncio.run(_retire(external_ids, dry_run=dry_run))
    say(f"{len(external_ids)} {'would be ' if dry_run else ''}retired")


def release(external_ids: Ids) -> None:
    """Give problems back to the files: the next import may change them."""
    asyncio.run(_release(external_ids))
    say(f"{len(external_ids)} given back")


def regrade(
    external_ids: Ids, dry_run: DryRun = False, output: Output = OutputFormat.TABLE
) -> None:
    """Judge again what an older version of a problem has judged.

    What is right now counts as if it had been called right at once: in the response, the session
    and the streak. What was called right stays right.
    """
    found = {one: asyncio.run(_regrade(one, dry_run=dry_run)) for one in external_ids}
    if output is OutputFormat.JSON:
        print_json({one: [each._asdict() for each in judged] for one, judged in found.items()})
        return
    for external_id, judged in found.items():
        say(_sum_up(external_id, judged))
    if dry_run:
        say("Dry run: nothing is written.")


def _parse(changes: Sequence[str]) -> dict[str, str]:
    pairs = dict(change.partition("=")[::2] for change in changes)
    for name in pairs:
        if name not in COLUMNS or name in {"external_id", "content_version"}:
            raise ContentError(f"--set {name}: there is no such column to change")
    return pairs


async def _find(external_id: str) -> StoredProblem:
    async with connected(), database.read_scope() as db:
        return await stored.find(db, external_id)


async def _rows(ids: Sequence[str], *, taken_over: bool) -> list[ProblemRow]:
    async with connected(), database.read_scope() as db:
        return await stored.rows(db, ids, taken_over=taken_over)


async def _fix(external_id: str, changes: dict[str, str], *, dry_run: bool) -> StoredProblem:
    async with connected():
        async with database.read_scope() as db:
            found = await stored.find(db, external_id)
            bases = await find_bases(db)
        cells = to_cells(found.problem) | changes
        judges_anew = bool(_JUDGING & changes.keys())
        if found.answered and judges_anew:
            cells["content_version"] = str(found.problem.content_version + 1)
        with TemporaryDirectory() as folder, Spool() as spool:
            file = _write(Path(folder, "fix.csv"), cells)
            check = check_row if judges_anew else _check_words
            gather([file], spool, known_ids=bases, check=check)
            async with database.session_scope() as db:
                await import_spool(db, spool, take_over=True)
                await stored.note_fix(db, external_id, [*changes], clock.now())
                fixed = await stored.find(db, external_id)
                if dry_run:
                    await db.rollback()
                return fixed


def _check_words(problem: ProblemRow) -> list[Finding]:
    """Check a problem whose answer stays; the second opinion on that is in the files only."""
    return [finding for finding in check_row(problem) if finding.column != "solution_check"]


def _write(file: Path, cells: dict[str, str]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, COLUMNS)
        writer.writeheader()
        writer.writerow(cells)
    return file


async def _retire(ids: Sequence[str], *, dry_run: bool) -> None:
    async with connected(), database.session_scope() as db:
        for one in ids:
            await stored.retire(db, one, clock.now())
        if dry_run:
            await db.rollback()


async def _release(ids: Sequence[str]) -> None:
    async with connected(), database.session_scope() as db:
        for one in ids:
            await stored.release(db, one, clock.now())


async def _regrade(external_id: str, *, dry_run: bool) -> list[Regraded]:
    """Judge each response in a transaction of its own: no pupil waits for the others."""
    async with connected():
        async with database.read_scope() as db:
            problem_id = (await stored.find(db, external_id)).id
            ids = await regrading.judged_by_older(db, problem_id)
        done = list[Regraded]()
        for one in ids:
            scope = database.read_scope if dry_run else database.session_scope
            async with scope() as db:
                done.append(await regrading.regrade(db, one, clock.now(), dry_run=dry_run))
        if not dry_run:
            async with database.session_scope() as db:
                regrading.note(db, problem_id, done, clock.now())
        return done


def _sum_up(external_id: str, judged: Sequence[Regraded]) -> str:
    became = sum(each.becomes_right for each in judged)
    kept = sum(each.was_right and not each.is_right for each in judged)
    return (
        f"{external_id}: {len(judged)} answered by an older version, {became} become right, "
        f"{kept} were right by it and stay so"
    )


def _facts(found: StoredProblem) -> dict[str, Any]:
    return {
        "taken_over_at": found.taken_over_at and found.taken_over_at.isoformat(),
        "retired_at": found.retired_at and found.retired_at.isoformat(),
        "answered": found.answered,
        "solved": found.solved,
        "judged_by_older": found.older,
    }


def _lines(found: StoredProblem) -> list[str]:
    problem = found.problem
    facts = {name: getattr(problem, name) for name in _SHOWN} | _facts(found)
    return [
        problem.external_id,
        problem.question_en,
        problem.question_bn,
        f"answer  {problem.answer}",
        *(f"{name}  {'-' if value is None else value}" for name, value in facts.items()),
    ]
