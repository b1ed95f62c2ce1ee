"""Column types that carry a rule, the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, DateTime, Dialect, Enum, Integer, Numeric, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator, TypeEngine

# SQLite makes only an INTEGER primary key number itself.
BigId = BigInteger().with_variant(Integer, "sqlite")


def _make_json() -> JSON:
    # None is SQL NULL, never the JSON value null.
    return JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


Json = _make_json()
# The parameter of `is_among`.
Ids = JSON().with_variant(ARRAY(BigInteger), "postgresql")

MONEY_STEP = Decimal("1e-10")


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: refuses naive values, stores UTC, gives aware UTC back.

    Raises:
        ValueError: A value without a time zone was bound (wrapped in ``StatementError``).
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware instant into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value if value.tzinfo is UTC else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give aware UTC back; SQLite has dropped the zone of what was stored in UTC."""
        if value is None or value.tzinfo is UTC:
            return value
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Money(TypeDecorator[Decimal]):
    """US dollars, exact to 1e-10, up to 999,999.9999999999.

    PostgreSQL: ``NUMERIC(16, 10)``. SQLite has no decimals: there it is a whole number of 1e-10
    dollars, so that SUM stays exact. In SQL use only + and - with other money, comparisons, SUM,
    MIN, MAX and COALESCE: a plain number in a product would be read as dollars.
    """

    impl = Numeric(16, 10)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Whole units on SQLite, the decimal type elsewhere."""
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else self.impl)

    def process_bind_param(
        self, value: Decimal | float | str | None, dialect: Dialect
    ) -> Decimal | int | None:
        """Make the amount exact; see ``to_money``."""
        if value is None:
            return None
        amount = to_money(value)
        return int(amount / MONEY_STEP) if dialect.name == "sqlite" else amount

    def process_result_value(self, value: Decimal | int | None, dialect: Dialect) -> Decimal | None:
        """Give the exact amount back."""
        if value is None:
            return None
        return Decimal(value) * MONEY_STEP if dialect.name == "sqlite" else Decimal(value)


class MoneySum(Money):
    """A sum of money: as exact, and room for more than any single amount."""

    impl = Numeric(24, 10)
    cache_ok = True


def to_money(value: Decimal | float | str) -> Decimal:
    """Return an exact amount with ten decimals.

    A float means the decimal that it prints as: 0.0015 is 0.0015. What is finer than 1e-10 dollars
    is rounded up: the ledger may never say less than the invoice.

    Raises:
        ValueError: Not a finite number.
    """
    amount = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not amount.is_finite():
        raise ValueError("an amount of money must be finite")
    return amount.quantize(MONEY_STEP, rounding=ROUND_CEILING)


def json_list() -> TypeEngine[Any]:
    """Return the column type of a JSON list that is saved also when it is changed in place."""
    # A type object of its own: the tracking is bound to the object, not to the column.
    return MutableList.as_mutable(_make_json())


def enum_type(values: type[StrEnum], name: str) -> Enum:
    """Return the column type of an enum: VARCHAR(32) and a CHECK named after it."""
    return Enum(
        values,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        validate_strings=True,
        values_callable=lambda members: [member.value for member in members],
    )


class json_length(GenericFunction[int]):  # noqa: N801 - the name of a function in SQL
    """The number of elements of a JSON array, for CHECK constraints on both databases."""

    type = Integer()
    inherit_cache = True


@compiles(json_length, "postgresql")
def _postgresql_json_length(element: json_length, compiler: SQLCompiler, **options: Any) -> str:
    return f"jsonb_array_length({compiler.process(element.clauses, **options)})"


@compiles(json_length, "sqlite")
def _sqlite_json_length(element: json_length, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_array_length({compiler.process(element.clauses, **options)})"


class json_at(GenericFunction[int]):  # noqa: N801 - the name of a function in SQL
    """The whole number at a position of a JSON array, from 0; NULL outside, on both databases."""

    type = BigInteger()
    inherit_cache = True


@compiles(json_at, "postgresql")
def _postgresql_json_at(element: json_at, compiler: SQLCompiler, **options: Any) -> str:
    array, position = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({array} ->> ({position}))::bigint"


@compiles(json_at, "sqlite")
def _sqlite_json_at(element: json_at, compiler: SQLCompiler, **options: Any) -> str:
    array, position = (compiler.process(clause, **options) for clause in element.clauses)
    return f"json_extract({array}, '$[' || ({position}) || ']')"


class is_among(GenericFunction[bool]):  # noqa: N801 - the name of a function in SQL
    """Whether an id is among those of one parameter, of type `Ids`: IN without a list to expand."""

    type = Boolean()
    inherit_cache = True


@compiles(is_among, "postgresql")
def _postgresql_is_among(element: is_among, compiler: SQLCompiler, **options: Any) -> str:
    value, ids = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{value} = ANY ({ids})"


@compiles(is_among, "sqlite")
def _sqlite_is_among(element: is_among, compiler: SQLCompiler, **options: Any) -> str:
    value, ids = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{value} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - a compiled parameter


def only_where(condition: str) -> dict[str, Any]:
    """Return what makes an index partial on both databases: ``Index(..., **only_where(...))``."""
    return {"postgresql_where": text(condition), "sqlite_where": text(condition)}
