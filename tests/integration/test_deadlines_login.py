"""The school's own log-in: from the button in the chat, over the school, to the list."""

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from pydantic import SecretStr
from sqlalchemy import select

from sandbox.canvas.config import SchoolConfig
from sandbox.canvas.run import RunningSchool, start
from sandbox.canvas.seed import CLIENT_ID, CLIENT_SECRET
from src import clock, database
from src.canvas import letting_in
from src.canvas.connections import Owner
from src.canvas.letting_in import Visit
from src.canvas.refresh import CanvasReader
from src.deadlines.joining import Joiner, SchoolNews
from src.models import CanvasArrival, CanvasConnection, ConnectionKind, Task
from src.settings import SecretSettings, Settings, WebSettings
from src.storage.keyring import Keyring, make_key
from tests.acceptance.school_client import Person
from tests.fixtures import factories as make
from tests.fixtures.schools import network
from web.app import create_app

HERE = "http://127.0.0.1:8080"
KEY = make_key()
KEYS = Keyring([KEY])


@pytest.fixture(scope="module")
def school() -> Iterator[RunningSchool]:
    """The stand-in school on a free port."""
    running = start(SchoolConfig(port=0))
    yield running
    running.stop()


@pytest.fixture
async def browser() -> AsyncIterator[httpx2.AsyncClient]:
    """A browser on our pages."""
    ours = Settings(web=WebSettings(url=HERE), encryption=SecretSettings(keys=(KEY,)))
    transport = httpx2.ASGITransport(app=create_app(ours), raise_app_exceptions=False)
    headers = {"accept-language": "en"}
    async with httpx2.AsyncClient(transport=transport, base_url=HERE, headers=headers) as client:
        yield client


class Chat:
    """What a pupil is told."""

    def __init__(self) -> None:
        self.news: list[SchoolNews] = []

    async def show_thinking(self, chat_id: int) -> None: ...

    async def unsay(self, chat_id: int, message_id: int) -> None: ...

    async def tell_school(self, news: SchoolNews) -> None:
        self.news.append(news)


async def log_in_page(school: RunningSchool) -> str:
    """Return the page to which a pupil is sent from the chat."""
    async with database.session_scope() as db:
        row = make.make_student(name="Rima")
        db.add(row)
        await db.flush()
        await db.refresh(row)
        secret = KEYS.seal(SecretStr(CLIENT_SECRET))
        await letting_in.set_school_key(db, school.url, CLIENT_ID, secret)
        key = await letting_in.school_key(db, school.url, f"{HERE}{letting_in.RETURN}", KEYS)
        return letting_in.begin(Visit(key, Owner(person_id=row.person_id), KEYS), clock.now())


def agree(school: RunningSchool, page: str, decision: str = "yes") -> str:
    """Say yes at the school; return where the browser is sent back to."""
    person = Person(school, token="")
    assert person.ask("GET", page).status == 200
    query = {name: value[0] for name, value in parse_qs(urlsplit(page).query).items()}
    rahim = next(one for one in person.people() if one["login_id"] == "rahim")
    form: dict[str, Any] = {"client_id": CLIENT_ID, "decision": decision, "user_id": rahim["id"]}
    form |= {name: query[name] for name in ("redirect_uri", "state")}
    reply = person.ask("POST", "/login/oauth2/accept", form, origin=school.url)
    return reply.headers["location"].removeprefix(HERE)


async def test_from_the_chat_over_the_school_to_the_list(
    database_url: str, school: RunningSchool, browser: httpx2.AsyncClient
) -> None:
    back = agree(school, await log_in_page(school))
    asked = await browser.get(back)
    # Who was sent here by somebody else sees whose account it is, and nothing is done yet.
    assert "Rima" in asked.text
    async with database.session_scope() as db:
        assert list(await db.scalars(select(CanvasConnection))) == []
    query = parse_qs(urlsplit(back).query)
    form = {name: query[name][0] for name in ("code", "state")}
    done = await browser.post(letting_in.RETURN, data=form)
    assert (done.status_code, "is connected" in done.text) == (200, True)
    async with database.session_scope() as db:
        [row] = await db.scalars(select(CanvasConnection))
        [arrival] = await db.scalars(select(CanvasArrival))
    assert (row.kind, row.refresh_secret is not None) == (ConnectionKind.OAUTH, True)
    chat = Chat()
    async with network() as net:
        reader = CanvasReader(net, KEYS, database.session_scope)
        await Joiner(database.session_scope, reader, chat).run(arrival.id)
    assert chat.news[-1].state == "connected"
    assert chat.news[-1].page.tasks
    async with database.session_scope() as db:
        assert list(await db.scalars(select(Task)))
        assert list(await db.scalars(select(CanvasArrival))) == []
    # A code works once.
    assert (await browser.post(letting_in.RETURN, data=form)).status_code == 502


async def test_who_says_no_is_not_connected(
    sqlite_url: str, school: RunningSchool, browser: httpx2.AsyncClient
) -> None:
    back = agree(school, await log_in_page(school), "no")
    assert "Nothing was connected" in (await browser.get(back)).text


@pytest.mark.parametrize(
    "state",
    ["made-up", "", KEYS.seal(SecretStr("[1]")).text],
    ids=["made up", "empty", "of another kind"],
)
async def test_a_state_that_is_none_of_ours(
    sqlite_url: str, browser: httpx2.AsyncClient, state: str
) -> None:
    answer = await browser.get(letting_in.RETURN, params={"state": state, "code": "c"})
    assert answer.status_code == 410
    form = {"state": state, "code": "c"}
    assert (await browser.post(letting_in.RETURN, data=form)).status_code in {410, 422}


async def test_another_site_cannot_send_the_form(
    sqlite_url: str, browser: httpx2.AsyncClient
) -> None:
    headers = {"sec-fetch-site": "cross-site"}
    form = {"state": "s", "code": "c"}
    answer = await browser.post(letting_in.RETURN, data=form, headers=headers)
    assert answer.status_code == 403
