"""Whether tables belong together as the models say: both sides, cascades, indexes, orphans, names.

Three parts: what the models say of themselves, how the live schema stands to them, and whether a
row refers to nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import (
    ForeignKey,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    exists,
    func,
    inspect,
    select,
)
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import DeclarativeBase, Mapper, RelationshipProperty

from src.errors import DatabaseError, SchemaMismatch
from src.models import Base
from src.models.relationships import WITHOUT_INDEX, WITHOUT_RELATIONSHIP
from src.storage import schema
from src.storage.triggers import EXPECTED

Models = type[DeclarativeBase]


@dataclass(frozen=True, slots=True)
class RelationshipReport:
    """What was looked at, and what is wrong.

    Attributes:
        tables: How many tables.
        relationships: How many sides of relationships.
        foreign_keys: How many foreign keys.
        constraints: How many named constraints and indexes.
        triggers: How many triggers are expected.
        faults: What is wrong, a line each; empty when all is well.
    """

    tables: int
    relationships: int
    foreign_keys: int
    constraints: int
    triggers: int
    faults: list[str]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


async def verify_relationships(engine: AsyncEngine) -> RelationshipReport:
    """Look at the models, at the live schema and at the rows.

    Raises:
        SQLAlchemyError: The database does not answer.
    """
    faults = faults_of_models(Base)
    faults += await _faults_of_database(engine)
    return RelationshipReport(
        tables=len(_tables(Base)),
        relationships=len(_relationships(Base)),
        foreign_keys=len(_foreign_keys(Base)),
        constraints=sum(len(t.constraints) + len(t.indexes) for t in _tables(Base)),
        triggers=len(EXPECTED),
        faults=faults,
    )


def faults_of_models(base: Models) -> list[str]:
    """Return what is wrong with the models themselves, a line each."""
    found = (_sides, _missing_relationships, _cascades, _unindexed, _unnamed)
    return [fault for look in found for fault in look(base)]


def _tables(base: Models) -> list[Table]:
    return list(base.metadata.sorted_tables)


def _foreign_keys(base: Models) -> list[ForeignKey]:
    return [key for table in _tables(base) for key in sorted(table.foreign_keys, key=str)]


def _relationships(base: Models) -> list[RelationshipProperty[object]]:
    mappers: list[Mapper[object]] = [inspect(m.class_) for m in base.registry.mappers]
    return sorted((side for mapper in mappers for side in mapper.relationships), key=str)


def _sides(base: Models) -> Iterator[str]:
    for side in _relationships(base):
        if side.back_populates is None or not side._reverse_property:  # noqa: SLF001
            yield f"{side}: no other side (back_populates)"
        if side.lazy != "raise":
            yield f"{side}: loads by itself (lazy is {side.lazy!r}, not 'raise')"


def _missing_relationships(base: Models) -> Iterator[str]:
    related = {str(column) for side in _relationships(base) for column in side.local_columns}
    keys = {str(key.parent) for key in _foreign_keys(base)}
    for key in sorted(keys - related - set(WITHOUT_RELATIONSHIP)):
        yield f"{key}: a foreign key without a relationship, and no reason is given"


def _cascades(base: Models) -> Iterator[str]:
    for key in _foreign_keys(base):
        if key.ondelete is None:
            yield f"{key.parent}: says nothing of what a deletion of {key.column.table.name} does"
    for side in _relationships(base):
        for key in _keys_of(side):
            if side.uselist and key.ondelete == "CASCADE" and not side.passive_deletes:
                yield f"{side}: the database deletes, and the relationship would do so too"


def _keys_of(side: RelationshipProperty[object]) -> list[ForeignKey]:
    return [key for column in side.remote_side for key in column.foreign_keys]


def _unindexed(base: Models) -> Iterator[str]:
    for key in _foreign_keys(base):
        if (
            key.parent.name not in _leading(key.parent.table)
            and str(key.parent) not in WITHOUT_INDEX
        ):
            yield f"{key.parent}: a foreign key without an index that begins with it"


def _leading(table: Table) -> set[str]:
    """Return the columns by which a table can be searched: first of an index or of a key."""
    keys = [c for c in table.constraints if isinstance(c, PrimaryKeyConstraint | UniqueConstraint)]
    groups = [list(group.columns) for group in (*table.indexes, *keys)]
    return {group[0].name for group in groups if group}


def _unnamed(base: Models) -> Iterator[str]:
    for table in _tables(base):
        for constraint in table.constraints:
            if constraint.name is None:
                yield f"{table.name}: a {constraint.__visit_name__} without a name"


async def _faults_of_database(engine: AsyncEngine) -> list[str]:
    state = await schema.schema_state(engine)
    if state is not schema.SchemaState.CURRENT:
        return [schema.explain(state)]
    orphans = await _orphans(engine)
    try:
        await schema.check(engine)
    except SchemaMismatch as error:
        return [str(error), *orphans]
    except DatabaseError:
        # On SQLite the comparison refuses to end well beside orphans; they are listed better here.
        if not orphans:
            raise
    return orphans


async def _orphans(engine: AsyncEngine) -> list[str]:
    found = []
    async with engine.connect() as connection:
        for key in _foreign_keys(Base):
            child, parent = key.parent, key.column.table.alias()
            there = exists().where(parent.c[key.column.name] == child)
            lost = select(func.count()).select_from(child.table).where(child.is_not(None), ~there)
            if count := await connection.scalar(lost):
                found.append(f"{child}: {count} rows refer to no row of {key.column.table.name}")
    return found
