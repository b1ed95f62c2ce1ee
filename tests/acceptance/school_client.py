"""A plain HTTP client of the stand-in school, as any program would write it."""

import http.client
import json
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from sandbox.canvas.run import RunningSchool
from sandbox.canvas.seed import token_of

Json = dict[str, Any]


class CutError(Exception):
    """The connection ended before the answer did."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    raw: bytes = field(repr=False)

    @property
    def body(self) -> Any:
        """The JSON in it."""
        return json.loads(self.raw)

    @property
    def text(self) -> str:
        """The text in it."""
        return self.raw.decode()

    @property
    def links(self) -> dict[str, str]:
        """The addresses of its `Link` header by relation."""
        found = {}
        for one in filter(None, self.headers.get("link", "").split(",")):
            address, _, relation = one.partition(";")
            found[relation.partition('"')[2].rstrip('"')] = address.strip(" <>")
        return found


class Person:
    """Somebody with a token."""

    def __init__(self, school: RunningSchool, name: str = "", token: str | None = None) -> None:
        self.url = school.url
        self.token = token_of(name) if token is None else token

    def ask(self, method: str, path: str, form: Any = None, **headers: str | None) -> Reply:
        """Make one call; a header that is None is left out."""
        where = urlsplit(path if path.startswith("http") else f"{self.url}{path}")
        line = http.client.HTTPConnection(where.netloc, timeout=30)
        sent = {"User-Agent": "test", "Content-Type": "application/x-www-form-urlencoded"}
        sent |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        for name, value in headers.items():
            title = name.replace("_", "-").title()
            sent.pop(title, None)
            sent |= {title: value} if value is not None else {}
        body = None if form is None else form if isinstance(form, bytes) else urlencode(form)
        with closing(line):
            try:
                line.request(method, f"{where.path}?{where.query}", body, sent)
                answer = line.getresponse()
                raw = answer.read()
            except (OSError, http.client.HTTPException) as error:
                raise CutError from error
        return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, raw)

    def api(self, path: str, **headers: str | None) -> Reply:
        """Read from the API."""
        return self.ask("GET", f"/api/v1/{path}", **headers)

    def get(self, path: str) -> Any:
        """Read something that is there."""
        reply = self.api(path)
        assert reply.status == 200, reply.text
        return reply.body

    def every(self, path: str) -> tuple[list[Any], int]:
        """Follow the links; return all rows and the number of pages."""
        rows: list[Any] = []
        pages, address = 0, f"{self.url}/api/v1/{path}"
        while address:
            reply = self.ask("GET", address)
            assert reply.status == 200, reply.text
            rows, pages = rows + reply.body, pages + 1
            address = reply.links.get("next", "")
        return rows, pages

    def send(self, method: str, path: str, **form: Any) -> Reply:
        """Write to the API; the names of the form use `__` for brackets."""
        pairs = []
        for name, value in form.items():
            head, *rest = name.split("__")
            key = head + "".join(f"[{step}]" for step in rest)
            pairs += [(f"{key}[]", v) for v in value] if isinstance(value, list) else [(key, value)]
        return self.ask(method, f"/api/v1/{path}", pairs)

    def post(self, path: str, body: Json) -> Any:
        """Act on the school's own side."""
        raw = json.dumps(body).encode()
        reply = self.ask("POST", f"/school/{path}", raw, content_type="application/json")
        assert reply.status == 200, reply.text
        return reply.body

    def people(self) -> list[Json]:
        """Everybody in the school, with their tokens."""
        found: list[Json] = self.ask("GET", "/school/people").body["users"]
        return found

    def courses(self) -> dict[str, Json]:
        """The courses by their code."""
        return {one["course_code"]: one for one in self.get("courses?per_page=100")}

    def tasks(self, course: Json) -> dict[str, Json]:
        """The assignments of a course by their name."""
        rows = self.get(f"courses/{course['id']}/assignments?per_page=100")
        return {one["name"]: one for one in rows}
