"""Cuts lists into pages and tells the next one in a `Link` header.

The place where a page ended is kept in an opaque bookmark: what comes and goes meanwhile moves no
row from one page to another. Links never tell the last page.
"""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from starlette.datastructures import URL

from sandbox.canvas.errors import bad_request
from sandbox.canvas.state import Row

Key = Callable[[Row], list[Any]]
_DEFAULT_SIZE = 10
_BEGIN: list[Any] = []


def by_id(row: Row) -> list[Any]:
    """The order of most lists."""
    return [row["id"]]


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list is made of.

    Attributes:
        rows: All its rows, in any order.
        shape: Makes the answer of a row.
        key: The order; unique for each row, of values that JSON can hold.
        keep: Leaves rows out after the page was cut, so that a page may be short or empty.
        wrap: The member that holds the rows, for lists that are not bare.
    """

    rows: Sequence[Row]
    shape: Callable[[Row], Any]
    key: Key = by_id
    keep: Callable[[Row], bool] = lambda _row: True
    wrap: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its rows and its header."""

    rows: list[Any]
    link: str


def cut(listed: Listed, url: URL, most: int, *, empty_first: bool) -> Page:
    """Cuts the page that an address asks for.

    Args:
        listed: The whole list.
        url: The address of the call; its parameters stand in the links again.
        most: The most rows of a page.
        empty_first: Whether the first page is empty.

    Raises:
        CanvasError: The bookmark is none of ours.
    """
    pairs = _pairs(url)
    page, size = dict(pairs).get("page", ""), _size(dict(pairs).get("per_page", ""), most)
    if page.isdecimal():
        return _numbered(listed, url, pairs, max(1, int(page)), size)
    after = _read(page)
    if after is None and empty_first:
        return _linked([], url, pairs, size, _write(_BEGIN))
    keyed = sorted(((listed.key(row), row) for row in listed.rows), key=lambda pair: pair[0])
    try:
        rest = [pair for pair in keyed if not after or pair[0] > after]
    except TypeError:
        raise bad_request("bookmark is invalid") from None
    now = rest[:size]
    more = _write(now[-1][0]) if len(rest) > size else ""
    return _linked(_shaped(listed, [row for _, row in now]), url, pairs, size, more)


def _numbered(listed: Listed, url: URL, pairs: list[tuple[str, str]], page: int, size: int) -> Page:
    rows = sorted(listed.rows, key=listed.key)
    here = rows[(page - 1) * size : page * size]
    more = str(page + 1) if len(rows) > page * size else ""
    return _linked(_shaped(listed, here), url, pairs, size, more)


def _shaped(listed: Listed, rows: list[Row]) -> list[Any]:
    return [listed.shape(row) for row in rows if listed.keep(row)]


def _linked(rows: list[Any], url: URL, pairs: list[tuple[str, str]], size: int, more: str) -> Page:
    here = dict(pairs).get("page", "first")
    pages = {"current": here, "next": more, "first": "first"}
    links = [
        f'<{_address(url, pairs, page, size)}>; rel="{name}"'
        for name, page in pages.items()
        if page
    ]
    return Page(rows, ",".join(links))


def _address(url: URL, pairs: list[tuple[str, str]], page: str, size: int) -> str:
    kept = [(name, value) for name, value in pairs if name not in {"page", "per_page"}]
    query = urlencode([*kept, ("page", page), ("per_page", str(size))], safe=":", quote_via=quote)
    return f"{url.scheme}://{url.netloc}{url.path}?{query}"


def _pairs(url: URL) -> list[tuple[str, str]]:
    pairs = parse_qsl(url.query, keep_blank_values=True)
    return [pair for pair in pairs if pair[0] != "access_token"]


def _size(asked: str, most: int) -> int:
    size = int(asked) if asked.isdecimal() else _DEFAULT_SIZE
    return min(size or _DEFAULT_SIZE, most)


def _write(key: list[Any]) -> str:
    text = json.dumps(key, ensure_ascii=False, separators=(",", ":"))
    return "bookmark:" + base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(page: str) -> list[Any] | None:
    if not page.startswith("bookmark:"):
        return None
    text = page.removeprefix("bookmark:")
    try:
        key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        raise bad_request("bookmark is invalid") from None
    if not isinstance(key, list):
        raise bad_request("bookmark is invalid")
    return key
