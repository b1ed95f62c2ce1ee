"""Cuts lists into pages and tells the next one in a `Link` header.

The place where a page ended is kept in an opaque bookmark: what comes and goes meanwhile moves no
row from one page to another. Links never tell the last page.
"""

import base64
import binascii
import json
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from starlette.datastructures import URL

from sandbox.canvas.errors import bad_request
from sandbox.canvas.state import Row

Key = Callable[[Row], Any]
_DEFAULT_SIZE = 10
# Bookmarks hold keys, and no key is null: this one stands before every row.
_BEGIN = None
by_id: Key = itemgetter("id")  # the order of most lists


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list is made of.

    Attributes:
        rows: All its rows, in any order.
        shape: Makes the answer of a row.
        key: The order; unique for each row, of values that JSON can hold.
        fits: Leaves rows out before the page is cut.
        keep: Leaves rows out after the page was cut, so that a page may be short or empty.
        wrap: The member that holds the rows, for lists that are not bare.
    """

    rows: Sequence[Row]
    shape: Callable[[Row], Any]
    key: Key = by_id
    fits: Callable[[Row], bool] | None = None
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
    after = _read(page) if page.startswith("bookmark:") else _BEGIN
    if not page.startswith("bookmark:") and empty_first:
        return _linked([], url, pairs, size, _write(_BEGIN))
    rows = list(islice(_after(listed, after), size + 1))
    more = _write(listed.key(rows[size - 1])) if len(rows) > size else ""
    return _linked(_shaped(listed, rows[:size]), url, pairs, size, more)


def _after(listed: Listed, after: Any) -> Iterator[Row]:
    rows = sorted(listed.rows, key=listed.key)
    try:
        begin = 0 if after is _BEGIN else bisect_right(rows, after, key=listed.key)
    except TypeError:
        raise bad_request("bookmark is invalid") from None
    return filter(listed.fits, islice(rows, begin, None)) if listed.fits else iter(rows[begin:])


def _numbered(listed: Listed, url: URL, pairs: list[tuple[str, str]], page: int, size: int) -> Page:
    rows = list(_after(listed, _BEGIN))
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


def _write(key: Any) -> str:
    text = json.dumps(key, ensure_ascii=False, separators=(",", ":"))
    return "bookmark:" + base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(page: str) -> Any:
    text = page.removeprefix("bookmark:")
    try:
        return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        raise bad_request("bookmark is invalid") from None
