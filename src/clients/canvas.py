"""Canvas' REST API for one token: lists to their end, typed rows, typed errors.

`CanvasClient` is what the mirror reads with. It asks for ids as text, follows only the `Link`
header, never to another host, and counts its requests.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote, urljoin, urlsplit

from pydantic import SecretStr, ValidationError

from src.clients.canvas_address import read_address, read_token
from src.clients.canvas_errors import (
    AddressRefused,
    AnswerUnreadable,
    CanvasError,
    LimitReached,
    NoRight,
    NotThere,
)
from src.clients.canvas_models import (
    RowsRead,
    WireAssignment,
    WireAssignmentGroup,
    WireCourse,
    WireEnrollment,
    WireEvent,
    WireGradingPeriod,
    WireModel,
    WireNote,
    WirePlannerItem,
    WireProfile,
    WireSubmission,
    WireToken,
    read_rows,
)
from src.clients.canvas_network import Answer, CanvasCall, CanvasNetwork, Param

_Row = TypeVar("_Row", bound=WireModel)
_Made = TypeVar("_Made")
_API = "/api/v1/"
_PER_PAGE = 100
_MOST_CODES = 10
_HINT = 5
_TRIES = 3
_UNCHANGED = 304
_MOST_FEED = 5 * 1024 * 1024
_DAY = timedelta(days=1)
Params = Sequence[tuple[str, Param]]

# Every state is named: what Canvas lists without being asked differs from list to list.
_SEATS: Params = [
    ("type[]", "StudentEnrollment"),
    *(("state[]", state) for state in ("active", "invited", "completed", "inactive")),
]
_COURSES: Params = [
    ("enrollment_state", "active"),
    *(("state[]", state) for state in ("unpublished", "available", "completed")),
    *(
        ("include[]", name)
        for name in (
            *("term", "total_scores", "current_grading_period_scores"),
            *("concluded", "favorites"),
        )
    ),
]


@dataclass(frozen=True, slots=True)
class PlannerRead:
    """What the planner said.

    Attributes:
        read: Its rows; empty where nothing has changed.
        tag: To be sent next time, for the same days; None where there were several pages.
        is_unchanged: Whether it is what it was when `tag` was given.
    """

    read: RowsRead[WirePlannerItem] = field(default_factory=RowsRead)
    tag: str | None = None
    is_unchanged: bool = False


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to be written into the caller's own calendar.

    Attributes:
        user_id: The caller's number; ``self`` is not understood here.
        title: As the calendar shows it.
        start_at: Aware.
        end_at: Aware. Start and end alike at midnight of the caller's zone become a whole day.
        mark: Random, in the description: by it the event is found again after a cut line.
        description: Before the mark.
    """

    user_id: int
    title: str
    start_at: datetime
    end_at: datetime
    mark: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class NewNote:
    """A note to be written into the caller's own planner; `mark` is found again in its details."""

    title: str
    todo_at: datetime
    mark: str
    details: str = ""


class CanvasClient:
    """Reads a school with one token.

    Args:
        network: Shared by all clients of the process.
        address: The school's, as `read_address` gives it.
        token: As it was kept.

    Attributes:
        address: Scheme and host.
        token: Without what surrounded it when it was pasted.
        most_requests: After so many it refuses to send another one; None: it never does.

    Raises:
        AddressRefused: The address is none that may be asked.
        TokenMalformed: The token cannot be one.
    """

    def __init__(self, network: CanvasNetwork, address: str, token: SecretStr) -> None:
        self.address = read_address(address, allow_loopback=network.allow_loopback)
        self.token = SecretStr(read_token(token.get_secret_value()))
        self._network = network
        self._lane = network.lane(self.token.get_secret_value())
        self._begun = self._lane.requests
        self.most_requests: int | None = None

    def __repr__(self) -> str:
        """Name the school, never the token."""
        return f"CanvasClient({self.address})"

    @property
    def requests(self) -> int:
        """How many requests were sent with the token since this client was made."""
        return self._lane.requests - self._begun

    # Reading.

    async def profile(self) -> WireProfile:
        """Return who the token's owner is, with the IANA name of their zone."""
        return await self._one(WireProfile, "users/self/profile")

    async def token_expires_at(self) -> datetime | None:
        """Return when the token ends; None: never, or the school does not say."""
        hint = self.token.get_secret_value()[:_HINT]
        try:
            about = await self._one(WireToken, f"users/self/tokens/{quote(hint, safe='')}")
        except (NoRight, NotThere, AnswerUnreadable):
            return None
        return about.expires_at

    async def courses(self) -> RowsRead[WireCourse]:
        """Return the courses in which the caller has an active seat, however old they are."""
        return await self._list(WireCourse, "courses", _COURSES)

    async def course(self, course_id: int) -> WireCourse:
        """Return one course, be it over or not."""
        includes = [pair for pair in _COURSES if pair[0] == "include[]"]
        return await self._one(WireCourse, f"courses/{course_id}", includes)

    async def enrollments(
        self, course_id: int, user_id: int | None = None
    ) -> RowsRead[WireEnrollment]:
        """Return the seats of pupils in a course with their grades, of all or of one."""
        params = [*_SEATS, *([("user_id", user_id)] if user_id else [])]
        return await self._list(WireEnrollment, f"courses/{course_id}/enrollments", params)

    async def assignments(
        self, course_id: int, *, with_overrides: bool = False
    ) -> RowsRead[WireAssignment]:
        """Return the assignments of a course; a teacher's with all overrides."""
        names = ["all_dates", "overrides"] if with_overrides else ["all_dates"]
        params = [("include[]", name) for name in names]
        return await self._list(WireAssignment, f"courses/{course_id}/assignments", params)

    async def assignment_groups(self, course_id: int) -> RowsRead[WireAssignmentGroup]:
        """Return the groups of a course with weights and rules."""
        return await self._list(WireAssignmentGroup, f"courses/{course_id}/assignment_groups")

    async def grading_periods(self, course_id: int) -> RowsRead[WireGradingPeriod]:
        """Return the grading periods of a course; none where the school has none."""
        path = f"courses/{course_id}/grading_periods"
        return await self._list(WireGradingPeriod, path, wrap="grading_periods")

    async def submissions(self, course_id: int) -> RowsRead[WireSubmission]:
        """Return the work of everybody in a course whom the caller may see: a pupil's own."""
        path = f"courses/{course_id}/students/submissions"
        return await self._list(WireSubmission, path, [("student_ids[]", "all")])

    async def planner_items(
        self, begin: datetime, end: datetime, tag: str | None = None
    ) -> PlannerRead:
        """Return all that the planner shows between two instants, of every course.

        Canvas may answer from a cache: ask for the assignment before telling of a moved date.

        Args:
            begin: Aware.
            end: Aware.
            tag: From the last time, for the same instants.
        """
        params = [("start_date", _written(begin)), ("end_date", _written(end))]
        first = await self._get(
            self._url("planner/items"), self._paged(params), {"If-None-Match": tag} if tag else {}
        )
        if first.status == _UNCHANGED:
            return PlannerRead(tag=tag, is_unchanged=True)
        read = await self._rest(WirePlannerItem, first)
        return PlannerRead(read, None if first.next_url else first.headers.get("etag"))

    async def calendar_events(
        self, codes: Sequence[str], begin: datetime, end: datetime
    ) -> RowsRead[WireEvent]:
        """Return the events of calendars, ten at a time, as Canvas ignores all beyond the tenth.

        A calendar to which there is no right makes Canvas refuse all of them: it is found by
        halving and left out.
        """
        found: RowsRead[WireEvent] = RowsRead()
        for place in range(0, len(codes), _MOST_CODES):
            await self._add_events(found, list(codes[place : place + _MOST_CODES]), begin, end)
        return found

    async def _add_events(
        self, found: RowsRead[WireEvent], codes: list[str], begin: datetime, end: datetime
    ) -> None:
        params = [("start_date", _written(begin)), ("end_date", _written(end))]
        params += [("context_codes[]", code) for code in codes]
        try:
            read = await self._list(WireEvent, "calendar_events", params)
        except NoRight:
            half = len(codes) // 2
            if half:
                await self._add_events(found, codes[:half], begin, end)
                await self._add_events(found, codes[half:], begin, end)
            return
        _add(found, read)

    async def calendar_event(self, event_id: str) -> WireEvent:
        """Return one event; a deleted one says so in its state."""
        return await self._one(WireEvent, f"calendar_events/{quote(event_id, safe='')}")

    # Writing: the caller's own calendar and planner only.

    async def create_event(self, event: NewEvent) -> WireEvent:
        """Write an event, once: whatever happens to the line, there are never two.

        Returns:
            The event as Canvas made it, which may differ from what was asked.

        Raises:
            CanvasError: With `maybe_done` where it can be there and nobody could look.
        """
        code = f"user_{event.user_id}"
        form = {
            "calendar_event[context_code]": code,
            "calendar_event[title]": event.title,
            "calendar_event[description]": _marked(event.description, event.mark),
            "calendar_event[start_at]": _written(event.start_at),
            "calendar_event[end_at]": _written(event.end_at),
        }

        async def look() -> WireEvent | None:
            begin, end = event.start_at - _DAY, event.end_at + _DAY
            read = await self.calendar_events([code], begin, end)
            return next((one for one in read.rows if event.mark in (one.description or "")), None)

        return await self._make(lambda: self._write(WireEvent, "calendar_events", form), look)

    async def change_event(self, event_id: str, form: dict[str, Param]) -> WireEvent:
        """Change an event: done twice it is the same, so it is made again after a cut line."""
        path = f"calendar_events/{quote(event_id, safe='')}"
        changes = {f"calendar_event[{name}]": value for name, value in form.items()}
        return await self._make(lambda: self._write(WireEvent, path, changes, "PUT"))

    async def delete_event(self, event_id: str) -> None:
        """Delete an event; one that is gone already is not missed."""
        path = f"calendar_events/{quote(event_id, safe='')}"
        try:
            await self._make(lambda: self._write(WireEvent, path, {}, "DELETE"))
        except NotThere:
            return
        except NoRight:
            # Canvas says so of an event that is deleted.
            if (await self.calendar_event(event_id)).workflow_state != "deleted":
                raise

    async def create_note(self, note: NewNote) -> WireNote:
        """Write a note into the planner, once: whatever happens to the line.

        Raises:
            CanvasError: With `maybe_done` where it can be there and nobody could look.
        """
        form = {
            "title": note.title,
            "details": _marked(note.details, note.mark),
            "todo_date": _written(note.todo_at),
        }

        async def look() -> WireNote | None:
            days = [
                ("start_date", _written(note.todo_at - _DAY)),
                ("end_date", _written(note.todo_at + _DAY)),
            ]
            read = await self._list(WireNote, "planner_notes", days)
            return next((one for one in read.rows if note.mark in (one.details or "")), None)

        return await self._make(lambda: self._write(WireNote, "planner_notes", form), look)

    async def delete_note(self, note_id: int) -> None:
        """Delete a note of the planner; one that is gone already is not missed."""
        try:
            await self._make(
                lambda: self._write(WireNote, f"planner_notes/{note_id}", {}, "DELETE")
            )
        except NotThere:
            return

    async def _make(
        self,
        send: Callable[[], Awaitable[_Made]],
        look: Callable[[], Awaitable[_Made | None]] | None = None,
    ) -> _Made:
        for _ in range(_TRIES):
            try:
                return await send()
            except CanvasError as error:
                if not error.maybe_done:
                    raise
                failure = error
            found = await self._looked(look, failure) if look else None
            if found is not None:
                return found
        raise failure

    async def _looked(
        self, look: Callable[[], Awaitable[_Made | None]], failure: CanvasError
    ) -> _Made | None:
        try:
            return await look()
        except CanvasError:
            # Nobody knows: writing again could make a second one.
            raise failure from None

    # Requests.

    async def _one(self, model: type[_Row], path: str, params: Params = ()) -> _Row:
        answer = await self._get(self._url(path), list(params))
        return _model(model, answer.data)

    async def _list(
        self, model: type[_Row], path: str, params: Params = (), wrap: str = ""
    ) -> RowsRead[_Row]:
        first = await self._get(self._url(path), self._paged(params))
        return await self._rest(model, first, wrap)

    async def _rest(self, model: type[_Row], answer: Answer, wrap: str = "") -> RowsRead[_Row]:
        """Read a list from its first page on; a page may be empty and still have a next."""
        found: RowsRead[_Row] = RowsRead()
        seen: set[str] = set()
        count = 0
        while True:
            values = _values(answer.data, wrap)
            # Less than a millisecond for a page: a thread costs more than it gives back.
            _add(found, read_rows(model, values, count))
            url = self._next(answer, seen)
            if url is None:
                return found
            answer = await self._get(url)
            count += len(values)

    def _next(self, answer: Answer, seen: set[str]) -> str | None:
        if answer.next_url is None:
            return None
        url = self._checked(answer.next_url)
        if url in seen:
            raise AnswerUnreadable("a list of the school leads back to a page of itself")
        seen.add(url)
        if len(seen) >= self._network.settings.most_pages:
            raise AnswerUnreadable(f"a list of the school has over {len(seen)} pages")
        return url

    def _checked(self, url: str) -> str:
        """Return the address of a next page, if the token may be shown there."""
        try:
            url = urljoin(self.address, url)
            origin, path = read_address(url, allow_loopback=True), urlsplit(url).path
        except (ValueError, AddressRefused):
            origin, path = "", ""
        if origin != self.address:
            raise AnswerUnreadable("the next page of a list is said to be at another address")
        if not path.startswith(_API) or ".." in path:
            raise AnswerUnreadable("the next page of a list is said to be outside of the API")
        return url

    async def _get(
        self, url: str, params: Params = (), headers: dict[str, str] | None = None
    ) -> Answer:
        asked = CanvasCall(
            "GET", self.address, url, list(params), headers=self._headers(headers or {})
        )
        return await self._ask(asked)

    async def _write(
        self, model: type[_Row], path: str, form: dict[str, Any], method: str = "POST"
    ) -> _Row:
        asked = CanvasCall(
            method, self.address, self._url(path), form=form, headers=self._headers({})
        )
        answer = await self._ask(asked)
        try:
            return _model(model, answer.data)
        except AnswerUnreadable as error:
            raise AnswerUnreadable(str(error), maybe_done=True) from None

    async def _ask(self, asked: CanvasCall) -> Answer:
        if self.most_requests is not None and self.requests >= self.most_requests:
            raise LimitReached("our own limit of requests is reached: it is read another time")
        most = None if self.most_requests is None else self._begun + self.most_requests
        return await self._network.ask(asked, self._lane, most)

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.token.get_secret_value()}",
            # Numbers beyond 2^53 lose their last digits on the way through some programs.
            "Accept": "application/json+canvas-string-ids",
            **more,
        }

    def _url(self, path: str) -> str:
        return f"{self.address}{_API}{path}"

    def _paged(self, params: Params) -> list[tuple[str, Param]]:
        return [*params, ("per_page", _PER_PAGE)]


def as_https(url: SecretStr) -> str:
    """Return the address of a feed as it is asked: calendars know it as ``webcal://``."""
    text = url.get_secret_value().strip()
    return f"https{text.removeprefix('webcal')}" if text.startswith("webcal://") else text


async def read_feed(network: CanvasNetwork, url: SecretStr) -> bytes:
    """Return a private calendar feed, the ``.ics`` file of a pupil whose school gives no tokens.

    Args:
        network: Shared by all of the process.
        url: The feed's address; it is the secret, and stands in no error.

    Raises:
        AddressRefused: The address is none that may be asked.
        CanvasError: What else it came to; `NotThere` where the address is not valid any more.
    """
    text = as_https(url)
    address = read_address(text, allow_loopback=network.allow_loopback)
    parts = urlsplit(text)
    asked = CanvasCall(
        "GET",
        address,
        f"{address}{parts.path}" + (f"?{parts.query}" if parts.query else ""),
        most_bytes=_MOST_FEED,
        wants_json=False,
    )
    answer = await network.ask(asked, network.lane(text))
    if not answer.body.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"BEGIN:VCALENDAR"):
        raise AnswerUnreadable("there is no calendar at this address")
    return answer.body


def _add(found: RowsRead[_Row], more: RowsRead[_Row]) -> None:
    found.rows += more.rows
    found.faults += more.faults


def _values(data: object, wrap: str) -> list[object]:
    inner = data.get(wrap) if wrap and isinstance(data, dict) else data
    if not isinstance(inner, list):
        raise AnswerUnreadable("a list of the school is none")
    return inner


def _model(model: type[_Row], data: object) -> _Row:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        names: Iterable[str] = {str(one["loc"][0]) for one in error.errors() if one["loc"]}
        raise AnswerUnreadable(f"members cannot be read: {', '.join(sorted(names))}") from None


def _written(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")


def _marked(text: str, mark: str) -> str:
    return f"{text}\n{mark}".strip()
