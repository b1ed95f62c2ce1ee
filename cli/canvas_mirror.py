"""``dars canvas sync`` and the others that work with what is mirrored of a school."""

import asyncio
import csv
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TextIO
from zoneinfo import ZoneInfo, available_timezones

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from cli.canvas import network_of
from cli.connected import connected
from cli.output import Output, OutputFormat, Report, new_file, print_json, print_table, say
from src import clock, database
from src.canvas import connections, erasing, notes, service
from src.canvas.bundle import BundleUnreadable, read_bundle
from src.canvas.export import EXPORTED, columns_of, export_rows
from src.canvas.fetch import fetch_all
from src.canvas.refresh import CanvasReader, SyncOrder
from src.canvas.results import Deviation, SyncResult, Thing
from src.canvas.sync import Target, full_canvas_sync
from src.canvas.verify import verify_canvas_data
from src.models import DeletionDecision, MirrorKind
from src.settings import get_settings
from src.storage.keyring import Keyring

_Label = Annotated[str, typer.Argument(help="Of the connection, as `status` lists it.")]
_Number = Annotated[int, typer.Argument(help="Canvas' number of it.")]
_OPERATOR = "operator"
_MOST_SHOWN = 100
# The lists of a page, and which of their columns a table leaves out.
_OF_WORK = {"number", "is_excused", "is_missing", "workflow_state"}
_LISTS: dict[str, set[str]] = {
    "courses": set(),
    "students": {"sortable_name"},
    "work": {"assignment_id", "course_id", "number"},
    "to_do": {"student_id", "observed_at", *_OF_WORK},
    "recent": {"student_id", "name", "number"},
}


class ShownKind(StrEnum):
    """What can be shown and noted."""

    COURSE = "course"
    STUDENT = "student"
    ASSIGNMENT = "assignment"


class FileFormat(StrEnum):
    """How an export is written."""

    CSV = "csv"
    JSONL = "jsonl"


_Kind = Annotated[ShownKind, typer.Argument(help="What it is.")]


@asynccontextmanager
async def _reader() -> AsyncIterator[CanvasReader]:
    settings = get_settings()
    made = CanvasReader(
        network_of(settings), Keyring(settings.encryption.keys), database.session_scope
    )
    try:
        yield made
    finally:
        await made.close()


def sync(
    label: _Label,
    course: Annotated[int | None, typer.Option(help="One course only, by Canvas' number.")] = None,
    file: Annotated[
        Path | None, typer.Option("--from", help="Apply a bundle from a file; nobody is asked.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change and keep nothing.")
    ] = False,
    output: Output = OutputFormat.TABLE,
) -> None:
    """Mirror a school now; exit with 1 where a course was not taken whole."""
    result = asyncio.run(_sync(label, course, file, dry_run=dry_run))
    if output is OutputFormat.JSON:
        print_json(_plain(asdict(result) | {"failure": result.failure and str(result.failure)}))
    else:
        _show_result(result, dry_run=dry_run)
    raise typer.Exit(int(not result.success))


async def _sync(label: str, course: int | None, file: Path | None, *, dry_run: bool) -> SyncResult:
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
    )
    with bar:
        task = bar.add_task("courses", total=None)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        async with connected():
            number = await _number_of(label)
            if file is not None:
                bundle = read_bundle(_load(file))
                target = Target(number, database.session_scope, dry_run, tell)
                return await full_canvas_sync(bundle, target, clock.now())
            async with _reader() as reader:
                order = SyncOrder(number, course_id=course, dry_run=dry_run, progress=tell)
                return await reader.sync(order)


def _load(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise BundleUnreadable(f"{file} cannot be read: {error.strerror}") from None


async def _number_of(label: str) -> int:
    async with database.read_scope() as db:
        return (await connections.of_label(db, label)).id


def _show_result(result: SyncResult, *, dry_run: bool) -> None:
    counts = result.counts
    what = "would be " if dry_run else ""
    say(
        f"{result.courses_synced} courses with {result.total_students} students: "
        f"{counts.added} rows {what}added, {counts.changed} changed, {counts.unchanged} unchanged, "
        f"{counts.gone} gone, {counts.returned} back; the history grows by {counts.history}"
    )
    say(f"{result.requests} requests, {result.seconds:.1f} s")
    for number, reason in result.problems.items():
        say(f"course {number}: {reason}", to_errors=True)
    for one in result.refused:
        say(f"{one.kind} {one.canvas_id or '?'}: {one.reason}", to_errors=True)
    for number in result.skipped:
        say(f"course {number}: something newer is mirrored", to_errors=True)


def verify(label: _Label, output: Output = OutputFormat.TABLE) -> None:
    """Read everything of a school again and print where the mirror differs; exit with 1 if so."""
    found, zone = asyncio.run(_verify(label))
    if output is OutputFormat.JSON:
        print_json([_plain(asdict(one)) for one in found])
    else:
        if found:
            print_table(_deviations(found, zone))
            say(f"Times of {zone}.")
        say(f"{len(found)} differences")
    raise typer.Exit(int(bool(found)))


async def _verify(label: str) -> tuple[list[Deviation], ZoneInfo]:
    settings = get_settings()
    async with connected(), network_of(settings) as network:
        async with database.read_scope() as db:
            row = await connections.of_label(db, label)
        client = connections.client_of(network, row, Keyring(settings.encryption.keys))
        bundle = await fetch_all(client, clock.now(), settings.canvas.sync_seconds)
        async with database.read_scope() as db:
            return await verify_canvas_data(db, row.id, bundle), _zone(row.time_zone)


def _deviations(found: list[Deviation], zone: ZoneInfo) -> Report:
    table = Report("Kind", "Number", "Student", "What", "Mirror", "Canvas")
    for one in found[:_MOST_SHOWN]:
        who = "" if one.user_id is None else str(one.user_id)
        both = (_shown(one.stored, zone) or "nothing", _shown(one.canvas, zone) or "nothing")
        table.add_row(one.kind, str(one.canvas_id), who, one.field, *both)
    return table


def show(label: _Label, kind: _Kind, number: _Number, output: Output = OutputFormat.TABLE) -> None:
    """Show a course, a student or an assignment with what people wrote about it."""
    found, zone = asyncio.run(_show(label, kind, number))
    if output is OutputFormat.JSON:
        print_json(_plain(found))
        return
    table = Report("", "")
    for name, value in found.items():
        if name not in _LISTS:
            table.add_row(name, _shown(value, zone))
    print_table(table)
    for name in _LISTS:
        _show_rows(name, found.get(name) or [], zone)
    say(f"Times of {zone}.")


def _show_rows(title: str, rows: list[dict[str, Any]], zone: ZoneInfo) -> None:
    """Show a list; what is the same in each, and what nobody needs to read, is left out."""
    if not rows:
        return
    filled = [name for name in rows[0] if any(row[name] is not None for row in rows)]
    names = [name for name in filled if name not in _LISTS[title]]
    table = Report(*names, title=title)
    for row in rows:
        table.add_row(*(_shown(row[name], zone) for name in names))
    print_table(table)


def _zone(name: str | None) -> ZoneInfo:
    """Return the zone of whoever reads: a date that ends at midnight is another day elsewhere."""
    return ZoneInfo(name if name in available_timezones() else "UTC")


def _shown(value: Any, zone: ZoneInfo) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        return "\n".join(_date_shown(one, zone) for one in value)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return "" if value is None else str(value)


def _date_shown(date: dict[str, Any], zone: ZoneInfo) -> str:
    """Return one of the dates of an assignment, and for whom it is."""
    ends = {name: date.get(f"{name}_at") for name in ("due", "unlock", "lock")}
    told = [f"{name} {_shown(datetime.fromisoformat(at), zone)}" for name, at in ends.items() if at]
    section = date.get("section_id")
    whom = "all" if date.get("is_base") else f"section {section}" if section else "some"
    return f"{whom}: {', '.join(told) or 'no date'}"


async def _show(label: str, kind: ShownKind, number: int) -> tuple[dict[str, Any], ZoneInfo]:
    async with connected():
        async with database.read_scope() as db:
            row = await connections.of_label(db, label)
        found = await _about(row.id, kind, number)
        course = found
        if kind is ShownKind.ASSIGNMENT:
            async with database.read_scope() as db:
                course = await service.get_course(db, row.id, found["course_id"])
        # A course has a zone of its own, in which its dates end.
        return found, _zone(course.get("time_zone") or row.time_zone)


async def _about(connection: int, kind: ShownKind, number: int) -> dict[str, Any]:
    async with database.read_scope() as db:
        if kind is ShownKind.STUDENT:
            page = await service.get_student_dashboard(db, connection, number)
            return page.student | {
                "courses": [asdict(one) for one in page.courses],
                "to_do": [asdict(one) for one in page.to_do],
                "recent": [asdict(one) for one in page.recent],
            }
        page_of = service.Page(limit=_MOST_SHOWN)
        if kind is ShownKind.COURSE:
            about = await service.get_course(db, connection, number)
            roster = await service.get_course_enrollments(db, connection, number, page=page_of)
            return about | {"students": [asdict(one) for one in roster.rows]}
        about = await service.get_assignment(db, connection, number)
        work = await service.get_assignment_submissions(db, connection, number, page=page_of)
        return about | {"work": [asdict(one) for one in work.rows]}


def note(
    label: _Label,
    kind: _Kind,
    number: _Number,
    text: Annotated[str, typer.Argument(help="What to add.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="In place of all that is there; empty: none.")
    ] = False,
) -> None:
    """Add a note about a course, a student or an assignment; no sync ever touches it."""
    asyncio.run(_note(label, MirrorKind(kind), number, text, replace=replace))
    say("Noted.")


async def _note(label: str, kind: MirrorKind, number: int, text: str, *, replace: bool) -> None:
    async with connected():
        thing = Thing(await _number_of(label), kind, number)
        async with database.session_scope() as db:
            await (notes.update_notes if replace else notes.add_note)(db, thing, text)


def curriculum(
    label: _Label,
    kind: _Kind,
    number: _Number,
    name: Annotated[str | None, typer.Argument(help="Its name; left out: none.")] = None,
) -> None:
    """Say which curriculum a course or a student follows."""
    known = asyncio.run(_curriculum(label, MirrorKind(kind), number, name))
    if name and known and name not in known:
        say(f"{name!r} is new here; in use are: {', '.join(known)}", to_errors=True)
    say(f"{kind} {number} follows {name}." if name else f"{kind} {number} follows none.")


async def _curriculum(label: str, kind: MirrorKind, number: int, name: str | None) -> list[str]:
    """Set it; return those that were in use before."""
    async with connected():
        thing = Thing(await _number_of(label), kind, number)
        async with database.session_scope() as db:
            known = await notes.known_curricula(db)
            await notes.set_curriculum(db, thing, name)
    return known


def deletions(
    label: Annotated[str | None, typer.Argument(help="List what is gone from this school.")] = None,
    ask: Annotated[
        tuple[MirrorKind, int] | None,
        typer.Option(help="Ask to delete what is gone, by kind and number."),
    ] = None,
    approve: Annotated[int | None, typer.Option(help="Delete what a request asks for.")] = None,
    refuse: Annotated[int | None, typer.Option(help="Keep what a request asks for.")] = None,
    output: Output = OutputFormat.TABLE,
) -> None:
    """List and decide what is deleted for good; a sync never deletes anything."""
    rows = asyncio.run(_deletions(label, ask, approve, refuse))
    if output is OutputFormat.JSON:
        print_json(_plain(rows))
        return
    table = Report("Request", "Connection", "What", "Number", "Asked by", "Since")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    print_table(table)


async def _deletions(
    label: str | None, ask: tuple[MirrorKind, int] | None, approve: int | None, refuse: int | None
) -> list[dict[str, Any]]:
    now = clock.now()
    decisions = ((approve, DeletionDecision.APPROVED), (refuse, DeletionDecision.REFUSED))
    async with connected():
        number = None if label is None else await _number_of(label)
        async with database.session_scope() as db:
            if ask is not None:
                if number is None:
                    raise typer.BadParameter("say of which connection")
                await erasing.ask_deletion(db, Thing(number, *ask), _OPERATOR, now)
            for request, decision in decisions:
                if request is not None:
                    await erasing.decide_deletion(db, request, decision, _OPERATOR, now)
        async with database.read_scope() as db:
            return await erasing.list_deletions(db, number)


def erase(
    label: _Label,
    number: Annotated[int, typer.Argument(help="Canvas' number of the student.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase a mirrored student with history and notes; no sync brings them back."""
    if not yes:
        typer.confirm(f"Erase student {number} with history and notes, for good?", abort=True)
    asyncio.run(_erase(label, number))
    say(f"Student {number} is erased.")


async def _erase(label: str, number: int) -> None:
    async with connected():
        connection = await _number_of(label)
        async with database.session_scope() as db:
            await erasing.erase_student(db, connection, number, _OPERATOR, clock.now())


def export(
    label: _Label,
    folder: Annotated[Path, typer.Argument(help="Where to write: a file for each table.")],
    file_format: Annotated[FileFormat, typer.Option("--format", help="How.")] = FileFormat.CSV,
) -> None:
    """Write all that is mirrored over a connection, history and notes included."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    counts = asyncio.run(_export(label, folder, file_format))
    say(", ".join(f"{name}: {count}" for name, count in counts.items()))


async def _export(label: str, folder: Path, file_format: FileFormat) -> dict[str, int]:
    counts: dict[str, int] = {}
    async with connected():
        number = await _number_of(label)
        for name in EXPORTED:
            with _open(folder / f"{name}.{file_format}") as out:
                counts[name] = await _write(out, number, name, file_format)
    return counts


def _open(file: Path) -> TextIO:
    return os.fdopen(new_file(file), "w", encoding="utf-8", newline="")


async def _write(out: TextIO, connection_id: int, name: str, file_format: FileFormat) -> int:
    writer, count = csv.writer(out), 0
    async with database.read_scope() as db:
        if file_format is FileFormat.CSV:
            writer.writerow(columns_of(name))
        async for row in export_rows(db, connection_id, name):
            plain = _plain(row)
            if file_format is FileFormat.JSONL:
                out.write(json.dumps(plain, ensure_ascii=False) + "\n")
            else:
                writer.writerow(map(_cell, plain.values()))
            count += 1
    return count


def _cell(value: Any) -> Any:
    """Return a cell; a text that a spreadsheet would obey is quoted as one."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return f"'{value}"
    return value


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


COMMANDS = (sync, verify, show, note, curriculum, deletions, erase, export)
