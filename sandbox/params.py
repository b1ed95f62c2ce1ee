"""Reads the parameters of a call, in every way in which Telegram accepts them."""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from sandbox.errors import bad_request

_TRUE = {"true", "yes", "1"}
_DISPOSITION = re.compile(rb'(name|filename)="([^"]*)"')


def word(value: object) -> str:
    """A text from inside a JSON value; anything else counts as empty."""
    return value if isinstance(value, str) else ""


def whole(value: object) -> int:
    """A whole number from inside a JSON value, as a number or in digits; else 0."""
    try:
        return int(value) if isinstance(value, int | str) else 0
    except ValueError:
        return 0


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in a multipart body."""

    name: str
    content_type: str
    data: bytes


@dataclass(slots=True)
class Params:
    """Parameters of one call; values are strings from forms and any JSON value from JSON bodies."""

    values: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """A string; numbers are written out, anything else counts as missing."""
        value = self.values.get(name)
        if isinstance(value, str):
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        return default

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number; the default when it is missing or is none."""
        try:
            return int(self.text(name).strip() or default)
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """Whether a boolean parameter is set."""
        value = self.values.get(name)
        return value is True or (value is not None and str(value).lower() in _TRUE)

    def json(self, name: str, complaint: str) -> Any:
        """A JSON value, or None when the parameter is missing or empty.

        Raises:
            ApiError: The text is not JSON; `complaint` is the description.
        """
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            raise bad_request(complaint) from None


async def read_params(request: Request) -> Params:
    """The parameters of a request: query string, then body (form, multipart or JSON).

    Raises:
        ApiError: A JSON body is not an object.
    """
    params = Params(dict(request.query_params) if request.url.query else {})
    body = await request.body()
    if not body:
        return params
    content_type = request.headers.get("content-type", "")
    if content_type.startswith("application/json"):
        params.values.update(_json_object(body))
    elif content_type.startswith("multipart/form-data"):
        _read_multipart(params, content_type, body)
    else:
        params.values.update(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return params


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise bad_request("can't parse JSON object") from None
    if not isinstance(value, dict):
        raise bad_request("object expected")
    return value


def _read_multipart(params: Params, content_type: str, body: bytes) -> None:
    boundary = content_type.partition("boundary=")[2].split(";")[0].strip().strip('"')
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary.encode("latin-1"))[1:-1]:
        head, _, data = part.partition(b"\r\n\r\n")
        found = _DISPOSITION.findall(head)
        names = {key.decode(): value.decode("utf-8", "replace") for key, value in found}
        if "name" not in names:
            continue
        if "filename" in names:
            params.files[names["name"]] = Upload(names["filename"], _part_type(head), data)
        else:
            params.values[names["name"]] = data.decode("utf-8", "replace")


def _part_type(head: bytes) -> str:
    found = re.search(rb"content-type:\s*([^\r\n;]+)", head, re.IGNORECASE)
    return found[1].decode("latin-1").strip() if found else "application/octet-stream"
