"""The tables of DATABASE_SCHEMA.md, from the models."""

import re
from typing import Any

from sqlalchemy import CheckConstraint, Column, Enum, Table, UniqueConstraint, make_url

from scripts.sections import replace_section
from src.models import Base

POSTGRESQL = make_url("postgresql+asyncpg://").get_dialect()()
TABLES = Base.metadata.sorted_tables


def render_schema(text: str) -> str:
    """Bring the diagram and the column tables up to date.

    Raises:
        ValueError: A section is missing, or the reasons do not name exactly the indexes there are.
    """
    _check_reasons(text)
    text = replace_section(text, "diagram", _draw_diagram())
    return replace_section(text, "tables", "\n\n".join(map(_describe_table, TABLES)))


def _check_reasons(text: str) -> None:
    explained = set(re.findall(r"^\| `(idx_\w+)`", text, re.MULTILINE))
    present = {str(index.name) for table in TABLES for index in table.indexes}
    if explained != present:
        names = ", ".join(sorted(explained ^ present))
        raise ValueError(f"DATABASE_SCHEMA.md: indexes without a reason, or gone: {names}")


def _draw_diagram() -> str:
    lines = ["```mermaid", "erDiagram"]
    for table in TABLES:
        for column in sorted(table.columns, key=lambda column: column.name):
            for key in column.foreign_keys:
                parent = key.column.table.name
                least = "|o" if column.nullable else "||"
                most = "o|" if column.primary_key else "o{"
                lines.append(f'    {parent} {least}--{most} {table.name} : "{column.name}"')
    for table in TABLES:
        keys = [c for c in table.columns if c.primary_key or c.foreign_keys]
        lines.append(f"    {table.name} {{")
        lines += [f"        {_type(column)} {column.name} {_key_mark(column)}" for column in keys]
        lines.append("    }")
    return "\n".join([*lines, "```"])


def _key_mark(column: Column[object]) -> str:
    return ", ".join(["PK"] * column.primary_key + ["FK"] * bool(column.foreign_keys))


def _describe_table(table: Table) -> str:
    model = next(m.class_ for m in Base.registry.mappers if m.local_table is table)
    purpose = (model.__doc__ or "").strip().partition("\n")[0]
    lines = [f"### {table.name}", "", purpose, ""]
    lines += ["| column | type | null | default | meaning |", "|---|---|---|---|---|"]
    lines += [_describe_column(column) for column in table.columns]
    rules = [*_describe_constraints(table), *_describe_indexes(table)]
    return "\n".join([*lines, "", *rules])


def _describe_column(column: Column[object]) -> str:
    null = "yes" if column.nullable else ""
    words = ["primary key"] if column.primary_key else []
    words += [
        f"refers to {key.target_fullname}, on delete {str(key.ondelete).lower()}"
        for key in column.foreign_keys
    ]
    words += [column.doc] if column.doc else []
    cells = [f"`{column.name}`", _type(column), null, _default(column), "; ".join(words)]
    return f"| {' | '.join(cells)} |"


def _type(column: Column[object]) -> str:
    name = column.type.compile(POSTGRESQL).lower()
    return name.replace("timestamp with time zone", "timestamptz").replace(" without time zone", "")


def _default(column: Column[object]) -> str:
    if column.default is None:
        return ""
    value: Any = getattr(column.default, "arg", None)
    if column.default.is_callable:
        value = {"list": "[]", "dict": "{}"}.get(value.__name__, value.__name__)
    elif isinstance(value, bool):
        value = str(value).lower()
    return f"`{value}`" if value != "" else "`''`"


def _describe_constraints(table: Table) -> list[str]:
    checks, uniques = [], []
    for constraint in table.constraints:
        if isinstance(constraint, CheckConstraint):
            checks.append(f"- `{constraint.name}`: `{_condition(table, constraint)}`")
        elif isinstance(constraint, UniqueConstraint):
            columns = ", ".join(constraint.columns.keys())
            uniques.append(f"- `{constraint.name}`: unique ({columns})")
    return sorted(uniques) + sorted(checks)


def _condition(table: Table, constraint: CheckConstraint) -> str:
    for column in table.columns:
        if isinstance(column.type, Enum) and str(constraint.name).endswith(f"_{column.type.name}"):
            values = ", ".join(f"'{value}'" for value in column.type.enums)
            return f"{column.name} IN ({values})"
    return str(
        constraint.sqltext.compile(dialect=POSTGRESQL, compile_kwargs={"literal_binds": True})
    )


def _describe_indexes(table: Table) -> list[str]:
    lines = []
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        columns = ", ".join(index.columns.keys())
        where = index.dialect_options["postgresql"]["where"]
        lines.append(
            f"- `{index.name}`: {'unique ' if index.unique else ''}({columns})"
            + (f" where `{where}`" if where is not None else "")
        )
    return lines
