"""All that the school knows, in tables of plain rows, kept in one JSON file."""

import json
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sandbox.canvas.times import stamp

Row = dict[str, Any]
# Canvas numbers objects of another shard in steps of ten trillion; these ids exceed 2^53.
SHARD = 10_000_000_000_000
_FAR_SHARD = 7752 * SHARD
_FIRST_ID = 4001


class Table:
    """Rows by id, and by the columns that are asked for most."""

    def __init__(self, *columns: str) -> None:
        self._rows: dict[int, Row] = {}
        self._by: dict[str, dict[Any, dict[int, Row]]] = {name: {} for name in columns}

    def __iter__(self) -> Iterator[Row]:
        return iter(list(self._rows.values()))

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, row: Row) -> Row:
        """Puts a row in; its `id` and indexed columns never change."""
        self._rows[row["id"]] = row
        for name, index in self._by.items():
            index.setdefault(row[name], {})[row["id"]] = row
        return row

    def get(self, number: int) -> Row | None:
        """The row with an id."""
        return self._rows.get(number)

    def of(self, column: str, value: Any) -> list[Row]:
        """The rows with a value in an indexed column, in the order in which they were added."""
        return list(self._by[column].get(value, {}).values())

    def remove(self, number: int) -> None:
        """Takes a row out."""
        row = self._rows.pop(number)
        for name, index in self._by.items():
            del index[row[name]][number]


class School:
    """The tables, the clock and the file.

    Attributes:
        ahead: Seconds by which the school's clock is ahead of the machine's.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._tables: dict[str, Table] = {}
        self.clear()

    def clear(self) -> None:
        """Forgets everything."""
        self._tables.clear()
        self._last_id, self.ahead = _FIRST_ID, 0.0
        self.users, self.terms = self._table("users"), self._table("terms")
        self.courses, self.keys = self._table("courses"), self._table("keys")
        self.sections = self._table("sections", "course_id")
        self.enrollments = self._table("enrollments", "course_id", "user_id")
        self.groups = self._table("groups", "course_id")
        self.periods = self._table("periods", "course_id")
        self.assignments = self._table("assignments", "course_id")
        self.overrides = self._table("overrides", "assignment_id")
        self.submissions = self._table("submissions", "course_id", "assignment_id", "user_id")
        self.events = self._table("events", "context_code")
        self.notes = self._table("notes", "user_id")
        self.planner_overrides = self._table("planner_overrides", "user_id")
        self.tokens = self._table("tokens", "token")
        self.codes = self._table("codes", "code")

    def _table(self, name: str, *columns: str) -> Table:
        return self._tables.setdefault(name, Table(*columns))

    def new_id(self, near: int = 0) -> int:
        """A number that nothing had before.

        Args:
            near: The id of what it belongs to; beyond 2^53 the new one is so too.
        """
        self._last_id += 1
        return self._last_id + (_FAR_SHARD if near > SHARD else 0)

    def far_id(self) -> int:
        """A new number beyond 2^53."""
        return self.new_id(near=_FAR_SHARD)

    @property
    def now(self) -> str:
        """The present instant on the school's clock."""
        return stamp(datetime.now(UTC) + timedelta(seconds=self.ahead))

    def load(self) -> bool:
        """Reads the file; says whether there was one.

        Raises:
            ValueError: It is not a school's file.
        """
        if self._path is None or not self._path.exists():
            return False
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
        except ValueError:
            kept = None
        if not isinstance(kept, dict) or "tables" not in kept:
            raise ValueError(f"{self._path} is not the file of a school")
        self.clear()
        self._last_id, self.ahead = kept["last_id"], kept["ahead"]
        for name, rows in kept["tables"].items():
            for row in rows:
                self._tables[name].add(row)
        return True

    def save(self) -> None:
        """Replaces the file in one step; a kill leaves the old one or the new one."""
        if self._path is None:
            return
        tables = {name: list(table) for name, table in self._tables.items()}
        whole = {"last_id": self._last_id, "ahead": self.ahead, "tables": tables}
        text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(self._path)
