"""Pages by key: the next one begins after the last row of this one, whatever came meanwhile."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

_Row = TypeVar("_Row")
MOST = 500


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended.

    Attributes:
        value: Of the column by which is sorted, in its last row.
        number: What tells rows with the same value apart.
    """

    value: str | float | datetime
    number: int


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is wanted.

    Attributes:
        limit: Rows at most, 1 to 500.
        after: Where the page before ended; None: from the beginning.
        descending: Whether the largest come first.
    """

    limit: int = 50
    after: Cursor | None = None
    descending: bool = False

    def __post_init__(self) -> None:
        """Refuse a page that would be the whole table.

        Raises:
            ValueError: The limit is out of range.
        """
        if not 1 <= self.limit <= MOST:
            raise ValueError(f"a page has 1 to {MOST} rows")


@dataclass(frozen=True, slots=True)
class Paged(Generic[_Row]):
    """A page of a list.

    Attributes:
        rows: In order.
        following: Where the next page begins; None: this is the last one.
    """

    rows: list[_Row]
    following: Cursor | None


def cut(rows: list[_Row], keys: list[tuple[Any, int]], limit: int) -> Paged[_Row]:
    """Make a page of one row more than was wanted, which says whether there is another page."""
    if len(rows) <= limit:
        return Paged(rows, None)
    return Paged(rows[:limit], Cursor(*keys[limit - 1]))
