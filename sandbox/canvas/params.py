"""Reads what a client sent, in a query, as a form or as JSON: `calendar_event[title]=Exam`."""

import json
import math
import re
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from sandbox.canvas.errors import Json, bad_request
from sandbox.canvas.state import SHARD

_STEP = re.compile(r"\[([^\]]*)\]")
_NUMBER = re.compile(r"(?:(\d{1,6})~)?(\d{1,19})")


class Params:
    """The parameters of a call, nested as their names say."""

    def __init__(self, values: Json) -> None:
        self.values = values

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str, default: str = "") -> str:
        """A value as text."""
        value = self.values.get(name, default)
        return default if value is None or isinstance(value, dict | list) else str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A value as yes or no."""
        return as_flag(self.values[name]) if name in self.values else default

    def many(self, name: str) -> list[str]:
        """All values of `name[]`, or the one of `name`."""
        value = self.values.get(name, [])
        return [str(one) for one in value] if isinstance(value, list) else [str(value)]

    def ids(self, name: str) -> set[int]:
        """All values of `name[]` that are ids."""
        return {found for one in self.many(name) if (found := as_id(one)) is not None}

    def maybe(self, name: str) -> Json:
        """What stands under `name[...]`; nothing where there is none."""
        value = self.values.get(name)
        return value if isinstance(value, dict) else {}

    def inner(self, name: str) -> Json:
        """What stands under `name[...]`.

        Raises:
            CanvasError: Nothing does.
        """
        value = self.values.get(name)
        if not isinstance(value, dict):
            raise bad_request(f"{name} is missing")
        return value


def as_flag(value: object) -> bool:
    """Whether a value of a form or of JSON means yes."""
    return str(value).lower() in {"true", "1", "on", "yes"}


def as_number(value: object) -> float | None:
    """A finite number; None where it is none."""
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def as_id(text: object) -> int | None:
    """An id, plain or as `shard~id`; None where it is none."""
    found = _NUMBER.fullmatch(str(text))
    return int(found[1] or 0) * SHARD + int(found[2]) if found else None


async def read_params(request: Request) -> Params:
    """Reads query and body; the body wins.

    Raises:
        CanvasError: The body cannot be read.
    """
    values = nest(request.query_params.multi_items())
    if request.method in {"POST", "PUT", "DELETE"}:
        values |= await _body(request)
    return Params(values)


def nest(pairs: list[tuple[str, str]]) -> Json:
    """Nests names with brackets: `a[b][]=c` becomes `{"a": {"b": ["c"]}}`."""
    values: Json = {}
    for name, value in pairs:
        head = name.partition("[")[0]
        _put(values, [head, *_STEP.findall(name[len(head) :])], value)
    return values


def _put(place: Json, steps: list[str], value: str) -> None:
    name, *rest = steps
    if not rest:
        place[name] = value
    elif rest == [""]:
        _child(place, name, []).append(value)
    elif rest[0] == "":
        _put_in_row(_child(place, name, []), rest[1:], value)
    else:
        _put(_child(place, name, {}), rest, value)


def _put_in_row(rows: list[Json], steps: list[str], value: str) -> None:
    if not rows or steps[0] in rows[-1]:
        rows.append({})
    _put(rows[-1], steps, value)


def _child(place: Json, name: str, empty: Any) -> Any:
    if not isinstance(place.get(name), type(empty)):
        place[name] = empty
    return place[name]


async def _body(request: Request) -> Json:
    kind, raw = request.headers.get("content-type", ""), await request.body()
    try:
        if "json" in kind:
            return _object(json.loads(raw or b"{}"))
        if kind.startswith("multipart/"):
            return nest(_parts(kind, raw))
        return nest(parse_qsl(raw.decode(), keep_blank_values=True))
    except ValueError:
        raise bad_request("the body is malformed") from None


def _parts(kind: str, raw: bytes) -> list[tuple[str, str]]:
    whole = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + raw)
    found = []
    for part in whole.walk():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            found.append((name, content.decode()))
    return found


def _object(value: object) -> Json:
    if not isinstance(value, dict):
        raise bad_request("the body must be an object")
    return value
