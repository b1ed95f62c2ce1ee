"""All that is kept of a person, as JSON and CSV in a zip."""

import base64
import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from src.privacy import queries
from src.privacy.kept import KEPT
from src.privacy.queries import Subject

AUDIT = "audit_events"
Tables = Mapping[str, Sequence[Mapping[str, Any]]]
_README = """What Dars keeps about you, table by table.
data.json holds all of it; each CSV file is one table.
What proves who you are (keys, and sums of codes) is left out.
What each column means: DATABASE_SCHEMA.md of Dars.

দরস তোমার সম্পর্কে যা যা রাখে, প্রতিটি ছক আলাদা করে। data.json ফাইলে সবকিছু আছে; প্রতিটি CSV ফাইল একটি ছক।
চাবি আর সংকেতের মতো যা দিয়ে তোমাকে চেনা যায়, সেগুলো এতে নেই।
"""


async def collect(db: AsyncSession, subject: Subject) -> Tables:
    """Return all rows that are a subject's, by table; each with plain values."""
    found: dict[str, Sequence[Mapping[str, Any]]] = {
        name: await queries.rows_of(db, name, subject) for name in KEPT
    }
    found[AUDIT] = await queries.events_about(db, subject)
    return {
        name: [{column: plain(value) for column, value in row.items()} for row in rows]
        for name, rows in found.items()
        if rows
    }


def plain(value: Any) -> Any:
    """Return a value of a column as JSON has it."""
    match value:
        case Enum():
            return value.value
        case datetime() | date() | time():
            return value.isoformat()
        case Decimal():
            return str(value)
        case bytes():
            return base64.b64encode(value).decode()
    return value


def make_zip(tables: Tables) -> bytes:
    """Return the tables as a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _README)
        archive.writestr("data.json", json.dumps(tables, ensure_ascii=False, indent=1))
        for name, rows in tables.items():
            archive.writestr(f"{name}.csv", _csv(rows))
    return out.getvalue()


def _csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as CSV; with the mark that spreadsheets want to see before Bangla."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(rows[0])
    writer.writerows([_cell(value) for value in row.values()] for row in rows)
    return "\ufeff" + out.getvalue()


def _cell(value: Any) -> str:
    """Return a value for a spreadsheet, which must not take what was typed for a formula."""
    if value is None:
        return ""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    text = str(value)
    is_formula = isinstance(value, str) and text.startswith(("=", "+", "-", "@", "\t", "\r"))
    return "'" + text if is_formula else text
