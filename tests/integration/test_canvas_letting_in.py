"""Who goes to a school to agree comes back as themselves, or nothing is kept."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from sandbox.canvas.config import SchoolConfig
from sandbox.canvas.run import RunningSchool, start
from sandbox.canvas.seed import CLIENT_ID, CLIENT_SECRET, REDIRECTS
from src import clock, database
from src.canvas import connections, letting_in
from src.canvas.connections import NoConnection, Owner
from src.canvas.letting_in import STATE_LIVES, CameBack, StateRefused, Visit
from src.canvas.refresh import CanvasReader, SyncOrder
from src.clients.canvas_errors import TokenDead
from src.clients.canvas_oauth import OAuthKey
from src.models import CanvasConnection, ConnectionKind
from src.storage.keyring import Keyring, make_key
from tests.acceptance.test_canvas_oauth import agree
from tests.fixtures.factories import make_person
from tests.fixtures.schools import network

pytestmark = pytest.mark.usefixtures("database_url")
KEYS = Keyring([make_key()])
NOW = clock.now()


@pytest.fixture(scope="module")
def school() -> Iterator[RunningSchool]:
    running = start(SchoolConfig(port=0))
    yield running
    running.stop()


async def person() -> Owner:
    async with database.session_scope() as db:
        row = make_person()
        db.add(row)
        await db.flush()
        return Owner(person_id=row.id)


async def key_at(school: RunningSchool) -> OAuthKey:
    async with database.session_scope() as db:
        secret = KEYS.seal(SecretStr(CLIENT_SECRET))
        await letting_in.set_school_key(db, school.url, CLIENT_ID, secret)
        return await letting_in.school_key(db, school.url, REDIRECTS[0], KEYS)


def state_of(key: OAuthKey, owner: Owner) -> str:
    page = letting_in.begin(Visit(key, owner, KEYS), NOW)
    return parse_qs(urlsplit(page).query)["state"][0]


async def test_a_person_agrees_and_is_read_from_then_on(school: RunningSchool) -> None:
    owner, key = await person(), await key_at(school)
    back = CameBack(agree(school, key), state_of(key, owner))
    async with network() as net:
        account, grant = await letting_in.finish(net, Visit(key, owner, KEYS), back, NOW)
        with pytest.raises(TokenDead):
            await letting_in.finish(net, Visit(key, owner, KEYS), back, NOW)
    async with database.session_scope() as db:
        number = (await connections.keep(db, owner, account, grant, NOW)).id
    reader = CanvasReader(network(), KEYS, database.session_scope)
    assert (await reader.sync(SyncOrder(number))).success
    await reader.close()
    async with database.session_scope() as db:
        row = (await db.scalars(select(CanvasConnection))).one()
    assert (row.kind, row.person_id) == (ConnectionKind.OAUTH, owner.person_id)
    assert row.refresh_secret is not None
    assert row.token_expires_at == NOW + timedelta(hours=1)


async def test_who_comes_back_must_be_who_went(school: RunningSchool) -> None:
    owner, other, key = await person(), await person(), await key_at(school)
    state = state_of(key, owner)
    elsewhere = OAuthKey("https://other.example", CLIENT_ID, SecretStr("x"), REDIRECTS[0])
    late = NOW + STATE_LIVES + timedelta(seconds=1)
    async with network() as net:
        for who, where, said, at in (
            (other, key, state, NOW),
            (owner, elsewhere, state, NOW),
            (owner, key, state, late),
            (owner, key, "made up", NOW),
            (owner, key, KEYS.seal(SecretStr("no list")).text, NOW),
        ):
            back = CameBack(SecretStr("c"), said)
            with pytest.raises(StateRefused, match="begin again"):
                await letting_in.finish(net, Visit(where, who, KEYS), back, at)


async def test_a_school_that_gave_no_key_is_said_so(school: RunningSchool) -> None:
    async with database.session_scope() as db:
        with pytest.raises(NoConnection, match="no key"):
            await letting_in.school_key(db, school.url, REDIRECTS[0], KEYS)
