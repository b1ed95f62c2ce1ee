"""The client of Canvas against real HTTP: lists, faults, politeness, secrets, writing once."""

import asyncio
import io
import json
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from sandbox.canvas.config import SchoolConfig
from sandbox.canvas.run import RunningSchool, start
from sandbox.canvas.seed import token_of
from src import clock, logs
from src.clients.canvas import CanvasClient, NewEvent, NewNote, read_feed
from src.clients.canvas_errors import (
    AddressRefused,
    AnswerUnreadable,
    CallRefused,
    CanvasAway,
    CanvasError,
    NoRight,
    NotThere,
    Throttled,
    TokenDead,
)
from src.clients.canvas_network import CanvasNetwork
from src.settings import CanvasSettings, Environment, ProcessSettings
from tests.acceptance import canvas_client
from tests.acceptance.canvas_client import QUICK, TOKEN, OddServer, Told, client_of, odd_server
from tests.acceptance.school_client import Person

at_odd, network, odd = canvas_client.at_odd, canvas_client.network, canvas_client.odd
own_school, school = canvas_client.own_school, canvas_client.school
PAGE = {"Content-Type": "text/html; charset=utf-8"}
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="canvas-lms"'}
FAULTS = ("drop", "drop_reply", "cut_body", "error", "html", "throttle")
LIMIT = b"403 Forbidden (Rate Limit Exceeded)\n"


def rows(first: int, count: int) -> bytes:
    return json.dumps([{"id": number} for number in range(first, first + count)]).encode()


def linked(odd: OddServer, **relations: str) -> dict[str, str]:
    links = [f'<{odd.url}/api/v1/{path}>; rel="{rel}"' for rel, path in relations.items()]
    return {"link": ", ".join(links)}


# Lists.


async def test_a_list_ends_where_there_is_no_next_link(
    at_odd: CanvasClient, odd: OddServer
) -> None:
    """Rules 7, 16, 18: a full last page ends it, an empty or short one does not."""
    odd.say("courses", Told(rows(1, 3), headers=linked(odd, next="p2", current="courses")))
    odd.say("p2", Told(b"[]", headers=linked(odd, next="p3", prev="courses")))
    odd.say("p3", Told(rows(4, 1), headers=linked(odd, next="p4")))
    odd.say("p4", Told(rows(5, 100), headers=linked(odd, first="courses")))
    read = await at_odd.courses()
    assert [row.id for row in read.rows] == list(range(1, 105))
    assert at_odd.requests == len(odd.asked) == 4


async def test_relations_of_links_are_read_by_their_names(
    at_odd: CanvasClient, odd: OddServer
) -> None:
    """Rule 17: the third link need not be the last; the last page may not be named at all."""
    links = f'<{odd.url}/api/v1/p1>; rel="last", <{odd.url}/api/v1/p2>; title="x"; rel="next"'
    odd.say("courses", Told(rows(1, 1), headers={"LINK": links}))
    odd.say("p2", Told(rows(2, 1), headers=linked(odd, last="p1", first="courses")))
    assert [row.id for row in (await at_odd.courses()).rows] == [1, 2]


async def test_too_many_pages_are_an_error_and_no_shorter_list(odd: OddServer) -> None:
    """Rule 16: a page cap with an error."""
    settings = CanvasSettings(most_pages=3, pause_seconds=0.01)
    for page in range(5):
        odd.say(f"p{page}", Told(rows(page, 1), headers=linked(odd, next=f"p{page + 1}")))
    odd.say("courses", Told(rows(9, 1), headers=linked(odd, next="p0")))
    async with CanvasNetwork(settings, allow_loopback=True) as network:
        client = CanvasClient(network, odd.url, SecretStr(TOKEN))
        with pytest.raises(AnswerUnreadable, match="over 3 pages"):
            await client.courses()


async def test_a_list_that_leads_back_to_itself_is_an_error(
    at_odd: CanvasClient, odd: OddServer
) -> None:
    odd.say("courses", Told(rows(1, 1), headers=linked(odd, next="p2")))
    odd.say("p2", Told(rows(2, 1), headers=linked(odd, next="p2")))
    with pytest.raises(AnswerUnreadable, match="leads back"):
        await at_odd.courses()


@pytest.mark.parametrize(
    "following",
    ["https://evil.example/api/v1/x", "{url}/other/x", "{url}/api/v1/../x", "{url}9/api/v1/x"],
)
async def test_the_token_is_shown_to_nobody_but_the_school(
    at_odd: CanvasClient, odd: OddServer, following: str
) -> None:
    link = following.replace("{url}", odd.url)
    odd.say("courses", Told(rows(1, 1), headers={"Link": f'<{link}>; rel="next"'}))
    with pytest.raises(AnswerUnreadable, match="next page"):
        await at_odd.courses()
    assert len(odd.asked) == 1


async def test_a_redirect_is_not_followed(at_odd: CanvasClient, odd: OddServer) -> None:
    """Rule 30: what looks like a dead token is an address that sends on."""
    with odd_server() as other:
        odd.say("courses", Told(b"", 302, {"Location": f"{other.url}/api/v1/courses"}))
        with pytest.raises(AnswerUnreadable, match="another address"):
            await at_odd.courses()
        assert other.asked == []


async def test_more_than_ten_courses_are_all_there(
    own_school: RunningSchool, network: CanvasNetwork
) -> None:
    """Rule 18: a page has ten rows unless one asks for more."""
    Person(own_school).post("grow", {"pupils": 1, "tasks": 1, "courses": 12})
    read = await client_of(network, own_school, "farida").courses()
    assert len(read.rows) == len({row.id for row in read.rows}) == 15


@pytest.mark.parametrize("size", [1, 3, 8])
async def test_a_school_with_small_pages_is_read_to_the_end(
    network: CanvasNetwork, size: int
) -> None:
    """Rules 7 and 16: a school may allow fewer rows than were asked for, and empty pages."""
    school = start(SchoolConfig(port=0, max_per_page=size))
    try:
        Person(school).post("faults", {"empty_pages": True})
        client = client_of(network, school, "farida")
        maths = next(row for row in (await client.courses()).rows if row.course_code == "MATH 7")
        found = (await client.assignments(maths.id)).rows
        work = (await client.submissions(maths.id)).rows
    finally:
        school.stop()
    assert len({row.id for row in found}) == len(found) == 9
    assert len({row.id for row in work}) == len(work) == 32


# Faults.


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_that_passes_is_waited_out(
    own_school: RunningSchool, network: CanvasNetwork, fault: str
) -> None:
    """Rule 27 among them: both forms of throttling."""
    once = [{"fault": fault}, {"fault": fault}, {"fault": fault, "status": 0}]
    Person(own_school).post("faults", {"once": once})
    read = await client_of(network, own_school, "mina").courses()
    assert len(read.rows) == 3


@pytest.mark.parametrize("status", [403, 429])
async def test_throttling_is_told_by_its_words_in_either_form(
    at_odd: CanvasClient, odd: OddServer, status: int
) -> None:
    """Rules 27 and 28: 403 with something left in the bucket is throttling all the same."""
    headers = {"Content-Type": "text/plain", "X-Rate-Limit-Remaining": "213.6"}
    odd.say("courses", Told(LIMIT, status, headers), Told(rows(1, 1)))
    assert len((await at_odd.courses()).rows) == 1
    odd.say("courses", Told(LIMIT, status, headers))
    with pytest.raises(Throttled):
        await at_odd.courses()
    assert len(odd.asked) == 2 + 1 + QUICK.retries


async def test_a_pause_that_the_school_asks_for_is_kept(odd: OddServer) -> None:
    odd.say("courses", Told(LIMIT, 429, {"Retry-After": "37"}))
    async with CanvasNetwork(CanvasSettings(retries=0), allow_loopback=True) as network:
        with pytest.raises(Throttled) as caught:
            await CanvasClient(network, odd.url, SecretStr(TOKEN)).courses()
    assert caught.value.seconds == 37


@pytest.mark.parametrize(
    ("told", "error"),
    [
        (Told(b"{}", 401, CHALLENGE), TokenDead),
        (Told(b'{"errors":"Invalid as_user_id"}', 401), NoRight),
        (Told(b'{"status":"unauthorized"}', 403), NoRight),
        (Told(b'{"message":"valid user agent."}', 403), CallRefused),
        (Told(b'{"errors":[{"message":"Insufficient scopes on x"}]}', 401, CHALLENGE), NoRight),
        (Told(b"<h1>Blocked</h1>", 403, PAGE), CanvasAway),
        (Told(b'{"errors":[]}', 404), NotThere),
        (Told(b"<h1>Nothing</h1>", 404, PAGE), AnswerUnreadable),
        (Told(b'{"errors":{"start_date":"bad"}}', 400), CallRefused),
        (Told(b"{", 200), AnswerUnreadable),
        (Told(b'{"id":1}', 200), AnswerUnreadable),
        (Told(b"null", 200), AnswerUnreadable),
        (Told(b"", 200), AnswerUnreadable),
        (Told(b"<h1>Log in</h1>", 200, PAGE), AnswerUnreadable),
        (Told(b"", 503), CanvasAway),
        (Told(b"", 408), CanvasAway),
    ],
)
async def test_each_refusal_says_what_helps(
    at_odd: CanvasClient, odd: OddServer, told: Told, error: type[CanvasError]
) -> None:
    odd.say("courses", told)
    with pytest.raises(error) as caught:
        await at_odd.courses()
    assert type(caught.value) is error
    assert not caught.value.maybe_done


@pytest.mark.parametrize("how", ["revoke", "expire"])
async def test_a_dead_token_is_told_from_a_missing_right(
    own_school: RunningSchool, network: CanvasNetwork, how: str
) -> None:
    client = client_of(network, own_school, "mina")
    maths = next(row for row in (await client.courses()).rows if row.course_code == "MATH 7")
    with pytest.raises(NotThere):
        await client.course(99)
    Person(own_school).post("faults", {how: [token_of("mina")]})
    with pytest.raises(TokenDead):
        await client.course(maths.id)


async def test_an_answer_without_an_end_is_not_read(odd: OddServer, network: CanvasNetwork) -> None:
    odd.say("feed.ics", Told(b"BEGIN:VCALENDAR" + b"x" * (6 * 1024 * 1024)))
    with pytest.raises(AnswerUnreadable, match="longer"):
        await read_feed(network, SecretStr(f"{odd.url}/api/v1/feed.ics"))


async def test_a_school_that_is_slow_is_given_up(own_school: RunningSchool) -> None:
    Person(own_school).post("faults", {"latency_ms": 800})
    settings = CanvasSettings(request_seconds=0.1, retries=1, pause_seconds=0.01)
    async with CanvasNetwork(settings, allow_loopback=True) as network:
        with pytest.raises(CanvasAway, match="too long"):
            await client_of(network, own_school, "mina").courses()


async def test_a_school_that_is_not_there_is_away(network: CanvasNetwork) -> None:
    with odd_server() as gone:
        url = gone.url
    with pytest.raises(CanvasAway, match="cannot be reached"):
        await CanvasClient(network, url, SecretStr(TOKEN)).courses()


async def test_a_list_with_half_a_sign_in_it_is_read(at_odd: CanvasClient, odd: OddServer) -> None:
    odd.say("courses", Told(b'[{"id": 1, "name": "x\\ud800"}, {"id": 2}]'))
    assert [row.name for row in (await at_odd.courses()).rows] == ["x?", None]


# Addresses.


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1", "0x7f.1", "[::1]"])
async def test_a_name_that_leads_inside_is_refused_before_anything_is_sent(
    odd: OddServer, host: str
) -> None:
    """The address is checked where the connection is made, so no second answer can move it."""
    port = odd.url.rpartition(":")[2]
    async with CanvasNetwork(QUICK, allow_loopback=False) as network:
        client = CanvasClient(network, f"https://{host}:{port}", SecretStr(TOKEN))
        with pytest.raises(AddressRefused):
            await client.courses()
        with pytest.raises(AddressRefused):
            await read_feed(network, SecretStr(f"https://{host}:{port}/x.ics"))
    assert odd.asked == []


async def test_http_is_refused_where_strangers_are_served(odd: OddServer) -> None:
    assert ProcessSettings(env=Environment.PRODUCTION).is_public
    async with CanvasNetwork(QUICK, allow_loopback=False) as network:
        with pytest.raises(AddressRefused, match="https"):
            CanvasClient(network, odd.url, SecretStr(TOKEN))


# Politeness.


async def test_of_a_token_one_request_is_on_its_way_at_any_time(
    own_school: RunningSchool, network: CanvasNetwork
) -> None:
    Person(own_school).post("faults", {"latency_ms": 20})
    clients = [client_of(network, own_school, "mina") for _ in range(8)]
    await asyncio.gather(*(client.courses() for client in clients))
    stats = Person(own_school).ask("GET", "/school/stats").body
    assert (stats["most_at_once"], stats["calls"]) == (1, 8)


async def test_of_a_host_only_so_many_requests_are_on_their_way(odd: OddServer) -> None:
    odd.say("courses", Told(rows(1, 1)))
    odd.pause = 0.03
    async with CanvasNetwork(CanvasSettings(requests_per_host=3), allow_loopback=True) as network:
        tokens = [SecretStr(f"7~{number:02}{'TokenOfThisTest' * 3}") for number in range(12)]
        clients = [CanvasClient(network, odd.url, token) for token in tokens]
        await asyncio.gather(*(client.courses() for client in clients))
    assert (odd.most, len(odd.asked)) == (3, 12)


async def test_a_bucket_that_runs_full_slows_the_next_request_down(network: CanvasNetwork) -> None:
    """Four requests in a row would be refused by this school; what its headers say is heeded."""
    config = SchoolConfig(port=0, bucket_size=150.0, base_cost=52.0, leak_per_second=400.0)
    school = start(config)
    try:
        client = client_of(network, school, "mina")
        for _ in range(4):
            await client.courses()
        stats = Person(school).ask("GET", "/school/stats").body
    finally:
        school.stop()
    assert stats["throttled"] == 0


async def test_each_request_names_the_program_and_asks_for_ids_as_text(
    at_odd: CanvasClient, odd: OddServer
) -> None:
    odd.say("courses", Told(rows(1, 1)))
    await at_odd.courses()
    [shown] = odd.shown
    assert shown["user-agent"].startswith("Dars/")
    assert shown["accept"] == "application/json+canvas-string-ids"
    assert shown["authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in odd.asked[0]
    assert CanvasSettings(contact="mailto:me@dars.example").agent.endswith(
        "(+mailto:me@dars.example)"
    )


# Secrets.


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged, however verbose."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    logs.configure(ProcessSettings(log_level="DEBUG"), [], stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


async def test_the_token_stands_in_no_log_error_or_repr(
    at_odd: CanvasClient, odd: OddServer, network: CanvasNetwork, log: io.StringIO
) -> None:
    secret = SecretStr(f"{odd.url}/feeds/calendars/user_SecretOfTheFeed.ics")
    odd.say("users/self/profile", Told(b"{", 200))
    told = [Told(b"{}", 401, CHALLENGE), Told(b"", 500), Told(b"<p>", 200, PAGE), Told(b"", 302)]
    shown = [repr(at_odd), repr(at_odd.token)]
    for one in told:
        odd.say("courses", one)
        with pytest.raises(CanvasError) as caught:
            await at_odd.courses()
        shown += ["".join(traceback.format_exception(caught.value))]
        logging.getLogger("src.test").error("failed", exc_info=caught.value)
    with pytest.raises(CanvasError) as caught:
        await read_feed(network, secret)
    shown += ["".join(traceback.format_exception(caught.value)), log.getvalue()]
    logging.getLogger("src.test").warning("token %s", TOKEN)
    whole = "\n".join([*shown, log.getvalue()])
    assert "failed" in whole
    assert TOKEN not in whole
    assert "SecretOfTheFeed" not in whole


# Writing.


@pytest.fixture
async def john(own_school: RunningSchool, network: CanvasNetwork) -> CanvasClient:
    """A pupil whose id exceeds 2^53."""
    return client_of(network, own_school, "john")


async def new_event(client: CanvasClient) -> NewEvent:
    begin = (clock.now() + timedelta(days=3)).replace(hour=9, minute=30, second=0, microsecond=0)
    who = await client.profile()
    end = begin + timedelta(minutes=15)
    return NewEvent(who.id, "Essay", begin, end, mark="dars-4f2a9c", description="At home")


async def events_of(client: CanvasClient, event: NewEvent) -> list[str]:
    span = (event.start_at - timedelta(days=2), event.end_at + timedelta(days=2))
    read = await client.calendar_events([f"user_{event.user_id}"], *span)
    return [row.title or "" for row in read.rows]


@pytest.mark.parametrize(
    "fault", ["", "drop", "drop_reply", "cut_body", "error", "html", "throttle"]
)
async def test_an_event_is_written_once_whatever_happens_to_the_line(
    own_school: RunningSchool, john: CanvasClient, fault: str
) -> None:
    """Rule 50: after a cut, a 429 or a 5xx of a POST it is looked up before it is repeated."""
    event = await new_event(john)
    assert event.user_id > 2**53
    plan = {"fault": fault, "method": "POST", "path": "/api/v1/calendar_events"}
    Person(own_school).post("faults", {"once": [plan] if fault else []})
    made = await john.create_event(event)
    assert (made.title, made.start_at, made.end_at) == ("Essay", event.start_at, event.end_at)
    assert await events_of(john, event) == ["Essay"]


async def test_an_event_that_nobody_can_look_up_is_not_written_again(
    own_school: RunningSchool, john: CanvasClient
) -> None:
    event = await new_event(john)
    lost = {"fault": "drop_reply", "method": "POST", "path": "/api/v1/calendar_events"}
    away = {"fault": "error", "method": "GET", "path": "/api/v1/calendar_events"}
    Person(own_school).post("faults", {"once": [lost, *([away] * 6)]})
    with pytest.raises(CanvasAway) as caught:
        await john.create_event(event)
    assert caught.value.maybe_done
    assert await events_of(john, event) == ["Essay"]


async def test_an_event_that_was_refused_is_not_tried_again(
    own_school: RunningSchool, john: CanvasClient, network: CanvasNetwork
) -> None:
    event = await new_event(john)
    mina = client_of(network, own_school, "mina")
    with pytest.raises(NoRight):
        await mina.create_event(event)
    assert await events_of(john, event) == []


async def test_an_event_is_changed_and_deleted_however_often(
    own_school: RunningSchool, john: CanvasClient
) -> None:
    event = await new_event(john)
    made = await john.create_event(event)
    for fault in ("drop_reply", "error"):
        path = f"/api/v1/calendar_events/{made.id}"
        Person(own_school).post("faults", {"once": [{"fault": fault, "path": path}]})
        changed = await john.change_event(made.id, {"title": f"Essay {fault}"})
        assert changed.title == f"Essay {fault}"
    Person(own_school).post("faults", {"once": [{"fault": "drop_reply", "path": path}]})
    await john.delete_event(made.id)
    await john.delete_event(made.id)
    assert (await john.calendar_event(made.id)).workflow_state == "deleted"
    assert await events_of(john, event) == []


async def test_what_was_never_there_is_not_missed_and_what_is_not_ours_is(
    own_school: RunningSchool, john: CanvasClient, network: CanvasNetwork
) -> None:
    await john.delete_event("999999")
    made = await john.create_event(await new_event(john))
    with pytest.raises((NoRight, NotThere)):
        await client_of(network, own_school, "mina").change_event(made.id, {"title": "Mine"})


@pytest.mark.parametrize("fault", ["", "drop_reply", "error"])
async def test_a_note_is_written_once_whatever_happens_to_the_line(
    own_school: RunningSchool, john: CanvasClient, fault: str
) -> None:
    plan = {"fault": fault, "method": "POST", "path": "/api/v1/planner_notes"}
    Person(own_school).post("faults", {"once": [plan] if fault else []})
    due = clock.now() + timedelta(days=2)
    made = await john.create_note(NewNote("Buy paper", due, mark="dars-77aa"))
    again = await john.planner_items(due - timedelta(days=1), due + timedelta(days=1))
    notes = [row for row in again.read.rows if row.plannable_type == "planner_note"]
    assert [row.plannable_id for row in notes] == [made.id]
    await john.delete_note(made.id)
    await john.delete_note(made.id)


# Calendars, the planner, the feed.


async def test_a_calendar_without_right_is_left_out_and_the_others_are_read(
    own_school: RunningSchool, john: CanvasClient
) -> None:
    """Rule 26: one foreign code makes the whole call 401; codes go in tens, and are halved."""
    event = await new_event(john)
    await john.create_event(event)
    foreign = [f"course_{number}" for number in range(90_001, 90_012)]
    codes = [*foreign[:5], f"user_{event.user_id}", *foreign[5:]]
    read = await john.calendar_events(codes, event.start_at, event.end_at)
    assert [row.title for row in read.rows] == ["Essay"]


async def test_the_planner_gives_as_many_days_as_are_asked_for(
    school: RunningSchool, network: CanvasNetwork
) -> None:
    """Rule 14: not a window of seven days. Rules 8 and 38: quizzes lead to their assignments."""
    client = client_of(network, school, "mina")
    now = clock.now()
    week = await client.planner_items(now, now + timedelta(days=7))
    month = await client.planner_items(now, now + timedelta(days=30))
    assert len(month.read.rows) > len(week.read.rows)
    kinds = {row.plannable_type for row in month.read.rows}
    assert {"assignment", "quiz", "discussion_topic"} <= kinds
    numbers = {row.assignment_id for row in month.read.rows if row.plannable_type == "quiz"}
    listed = set[int]()
    for course in (await client.courses()).rows:
        listed |= {row.id for row in (await client.assignments(course.id)).rows}
    assert numbers <= listed


async def test_a_planner_that_has_not_changed_says_so(
    own_school: RunningSchool, network: CanvasNetwork
) -> None:
    client, now = client_of(network, own_school, "mina"), datetime(2026, 11, 1, tzinfo=UTC)
    span = (now, now + timedelta(days=300))
    first = await client.planner_items(*span)
    again = await client.planner_items(*span, tag=first.tag)
    assert (again.is_unchanged, again.read.rows, again.tag) == (True, [], first.tag)
    await client.create_note(NewNote("Paper", now + timedelta(days=60), mark="dars-1"))
    assert not (await client.planner_items(*span, tag=first.tag)).is_unchanged


async def test_a_feed_is_read_without_a_token(
    school: RunningSchool, network: CanvasNetwork
) -> None:
    """Rule 33: a school that forbids tokens still has the private calendar."""
    calendar = (await client_of(network, school, "mina").profile()).calendar
    assert calendar is not None
    assert calendar.ics is not None
    assert b"BEGIN:VEVENT" in await read_feed(network, calendar.ics)
    wrong = SecretStr(calendar.ics.get_secret_value().replace("mina", "nobody"))
    with pytest.raises(NotThere):
        await read_feed(network, wrong)


async def test_what_is_no_calendar_is_refused(network: CanvasNetwork, odd: OddServer) -> None:
    odd.say("feed.ics", Told(b"<html>", 200, PAGE))
    with pytest.raises(AnswerUnreadable, match="no calendar"):
        await read_feed(network, SecretStr(f"{odd.url}/api/v1/feed.ics"))


async def test_a_token_says_when_it_ends(
    own_school: RunningSchool, network: CanvasNetwork, odd: OddServer, at_odd: CanvasClient
) -> None:
    teacher = Person(own_school, "mina")
    me = teacher.get("users/self")["id"]
    wish = {"user_id": me, "expires_at": "2027-01-05T10:00:00Z"}
    token = teacher.post("tokens", wish)["token"]
    client = CanvasClient(network, own_school.url, SecretStr(token))
    assert await client.token_expires_at() == datetime(2027, 1, 5, 10, tzinfo=UTC)
    assert await client_of(network, own_school, "mina").token_expires_at() is None
    assert await at_odd.token_expires_at() is None
