"""An export holds all that is kept of a person; after an erasure nothing of it is anywhere."""

import asyncio
import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, make_url, select
from sqlalchemy.ext.asyncio import AsyncSession

from src import clock, database
from src.accounts import service as accounts
from src.models import Base, CostRecord, Export, Student
from src.operations.backup import connection_words
from src.operations.programs import run_program
from src.privacy import queries, service
from src.privacy.export import collect, make_zip, plain
from src.privacy.kept import ELSEWHERE, KEPT
from src.privacy.queries import table_named
from src.privacy.service import ExportAsked
from tests.fixtures.planting import Planted, plant

PERSON = 7_000_001


def test_every_table_and_every_column_has_a_decision() -> None:
    tables = Base.metadata.tables
    assert set(KEPT) | set(ELSEWHERE) == set(tables), "a table is new or gone: src/privacy/kept.py"
    assert not set(KEPT) & set(ELSEWHERE)
    for name, kept in KEPT.items():
        decided = [*kept.columns, *kept.withheld]
        assert sorted(decided) == sorted(tables[name].columns.keys()), name
        assert set(kept.by) <= set(decided), name


def test_nothing_that_refers_to_a_person_is_said_to_be_elsewhere() -> None:
    personal = {"people", "students"}
    while True:
        more = {
            table.name
            for table in Base.metadata.tables.values()
            if any(key.column.table.name in personal for key in table.foreign_keys)
        }
        if more <= personal:
            break
        personal |= more
    assert personal & set(ELSEWHERE) == set()


async def test_an_export_holds_every_column_of_every_row(db: AsyncSession) -> None:
    mine, other = await plant(db, "zqmine", PERSON), await plant(db, "zqothers", PERSON + 1)
    tables = await collect(db, mine.subject)
    whole = json.dumps(tables, ensure_ascii=False)
    for name, kept in KEPT.items():
        table = table_named(name)
        stored = select(table).where(_is(name, mine)).order_by(*table.primary_key)
        assert tables[name] == [
            {column: plain(row[column]) for column in kept.columns}
            for row in (await db.execute(stored)).mappings()
        ], name
        for column in kept.columns:
            if (name, column) in mine.signs:
                assert mine.signs[name, column] in json.dumps(tables[name]), (name, column)
        for column in kept.withheld:
            if (name, column) in mine.signs:
                assert mine.signs[name, column] not in whole, (name, column)
    for place, sign in other.signs.items():
        assert sign not in whole, place


def _is(name: str, planted: Planted) -> Any:
    return queries.belongs(table_named(name), planted.subject)


async def test_of_several_on_a_phone_each_gets_their_own(db: AsyncSession) -> None:
    mine = await plant(db, "zqmine", PERSON)
    sibling = Student(person_id=mine.subject.person_id, position=2, name="Sibling", language="en")
    db.add(sibling)
    await db.flush()
    own = await collect(db, mine.subject._replace(student_id=mine.rows["students"]))
    assert [row["name"] for row in own["students"]] == [mine.signs["students", "name"]]
    assert own["sessions"]
    theirs = await collect(db, mine.subject._replace(student_id=sibling.id))
    assert [row["name"] for row in theirs["students"]] == ["Sibling"]
    for name in ("sessions", "responses", "attempts", "streaks", "outbox", "guardians"):
        assert name not in theirs, name
    both = await collect(db, mine.subject)
    assert len(both["students"]) == 2


async def test_the_zip_holds_the_same_as_json_and_as_csv(db: AsyncSession) -> None:
    mine = await plant(db, "zqmine", PERSON)
    tables = await collect(db, mine.subject)
    with zipfile.ZipFile(io.BytesIO(make_zip(tables))) as archive:
        assert json.loads(archive.read("data.json")) == tables
        for name, rows in tables.items():
            text = archive.read(f"{name}.csv").decode("utf-8-sig")
            [*read] = csv.DictReader(io.StringIO(text))
            assert [list(row) for row in read] == [list(row) for row in rows]
        assert "দরস" in archive.read("README.txt").decode()


def test_what_was_typed_is_no_formula() -> None:
    tables = {"attempts": [{"typed": '=HYPERLINK("x")', "number": -5, "more": None, "bn": "৫"}]}
    with zipfile.ZipFile(io.BytesIO(make_zip(tables))) as archive:
        text = archive.read("attempts.csv").decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    assert row == {"typed": '\'=HYPERLINK("x")', "number": "-5", "more": "", "bn": "৫"}


async def test_what_was_erased_is_nowhere(database_url: str, tmp_path: Path) -> None:
    async with database.session_scope() as db:
        mine, other = await plant(db, "zqmine", PERSON), await plant(db, "zqothers", PERSON + 1)
    kept = await everything(database_url, tmp_path)
    assert [place for place, sign in mine.signs.items() if sign not in kept] == []
    async with database.session_scope() as db:
        pupil = await accounts.find(db, PERSON)
        assert pupil is not None
        await service.erase_person(db, pupil)
    kept = await everything(database_url, tmp_path)
    left = {place for place, sign in mine.signs.items() if sign in kept}
    # The ledger and the orders stay without the person.
    assert {name for name, _ in left} <= {name for name, one in KEPT.items() if one.outlives}
    assert ("received_updates", "replies") not in left
    assert str(PERSON) not in kept
    assert [place for place, sign in other.signs.items() if sign not in kept] == []
    async with database.session_scope() as db:
        await nothing_leads_to(db, mine)


async def nothing_leads_to(db: AsyncSession, gone: Planted) -> None:
    for name, kept in KEPT.items():
        rows = (await db.execute(select(func.count()).where(_is(name, gone)))).scalar_one()
        assert rows == 0, name
        if not kept.outlives:
            table = table_named(name)
            [key, *_] = table.primary_key.columns
            again = select(func.count()).where(key == gone.rows[name])
            if len(table.primary_key.columns) == 1:
                assert (await db.execute(again)).scalar_one() == 0, name
    assert await db.scalar(select(func.count()).select_from(CostRecord)) == 2


async def everything(url: str, folder: Path) -> str:
    """Return all that a database holds: its files, or what the server dumps."""
    await database.dispose()
    if url.startswith("sqlite"):
        files = sorted(folder.glob("dars.db*"))
        return b"\n".join(path.read_bytes() for path in files).decode("utf-8", "replace")
    return await dump(url)


async def dump(url: str) -> str:
    """Return the logical dump of a PostgreSQL database, the queue's tables too."""

    def dumped() -> str:
        with connection_words(make_url(url)) as place:
            return run_program("pg_dump", "--format=plain", f"--dbname={place}")

    return await asyncio.to_thread(dumped)


async def test_asking_once_more_sends_no_second_file(db: AsyncSession) -> None:
    mine = await plant(db, "zqmine", PERSON)
    await db.execute(delete(Export))
    pupil = await accounts.find(db, PERSON)
    assert pupil is not None
    now = clock.now()
    assert await service.ask_export(db, pupil, now) is ExportAsked.COMING
    assert await service.ask_export(db, pupil, now) is ExportAsked.WAITS
    [asked] = (await db.scalars(select(Export))).all()
    await service.give_up_export(db, asked.id)
    assert await service.ask_export(db, pupil, now) is ExportAsked.JUST_SENT
    assert await service.ask_export(db, pupil, now + service.ONCE_IN) is ExportAsked.COMING
    assert mine.subject.person_id == asked.person_id
