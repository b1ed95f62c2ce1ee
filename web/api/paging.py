"""Cursors: where a page ended, bound to the list, what narrows it, and whose it is."""

import base64
import binascii
import json
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Query, Request

from src.canvas.pages import Cursor, Paged
from src.errors import NotInReach
from src.teaching.lists import Listed, ListPart
from web.api.forms import PageOf

_Row = TypeVar("_Row")

_Limit = Annotated[int, Query(ge=1, le=200, description="Rows of the page.")]
_After = Annotated[
    str | None,
    Query(max_length=400, description="`next` of the page before, of the same list."),
]


class Paging:
    """Which page is wanted."""

    def __init__(self, request: Request, limit: _Limit = 50, cursor: _After = None) -> None:
        self.limit, self._cursor = limit, cursor
        query = sorted((k, v) for k, v in request.query_params.items() if k not in _OWN)
        whole = json.dumps([request.url.path, query, request.headers.get("authorization")])
        self._bound = sha256(whole.encode()).hexdigest()[:12]

    @property
    def part(self) -> ListPart:
        """The part of a list by its key.

        Raises:
            NotInReach: The cursor is none of this list: no such page is there.
        """
        return ListPart(self.limit, min(self._read(int) or 0, _MOST))

    @property
    def after(self) -> Cursor | None:
        """The end of the page before, in a list of the mirror; raises as `part`."""
        found = self._read(list)
        if found is None:
            return None
        try:
            (kind, value), number = found
            instant = datetime.fromisoformat(value) if kind == "at" else value
        except (ValueError, TypeError):
            raise NotInReach from None
        return Cursor(instant, number)

    def page(self, kind: type[PageOf[_Row]], listed: Listed) -> PageOf[_Row]:
        """Return a page with the cursor of the next one."""
        whole = {"rows": listed.rows, "next": self._write(listed.following)}
        return kind.model_validate(whole, from_attributes=True)

    def mirrored(self, kind: type[PageOf[_Row]], found: Paged[_Row]) -> PageOf[_Row]:
        """Return a page of a list of the mirror."""
        end, key = found.following, None
        if end is not None:
            value = end.value
            stored = ["at", value.isoformat()] if isinstance(value, datetime) else ["is", value]
            key = [stored, end.number]
        return kind(rows=found.rows, next=self._write(key))

    def _write(self, key: Any) -> str | None:
        if key is None:
            return None
        whole = json.dumps([self._bound, key]).encode()
        return base64.urlsafe_b64encode(whole).decode().rstrip("=")

    def _read(self, kind: type[Any]) -> Any:
        if self._cursor is None:
            return None
        try:
            whole = base64.urlsafe_b64decode(self._cursor.encode() + b"==")
            bound, key = json.loads(whole)
        except (ValueError, TypeError, binascii.Error):
            raise NotInReach from None
        if bound != self._bound or not isinstance(key, kind):
            raise NotInReach
        return key


# What fits a column.
_MOST = 2**63 - 1
_OWN = frozenset({"limit", "cursor"})
Pages = Annotated[Paging, Depends()]


def problem_of(status: str) -> dict[str, Any]:
    """Return how an error is described in the OpenAPI document."""
    schema = {
        "type": "object",
        "required": ["type", "title", "status"],
        "properties": {
            "type": {"type": "string", "description": "Stable: what went wrong."},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
        },
    }
    return {"description": status, "content": {"application/problem+json": {"schema": schema}}}
