"""Being let in by a person at the stand-in school, and staying so from hour to hour."""

from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

from sandbox.canvas.run import RunningSchool
from sandbox.canvas.seed import CLIENT_ID, CLIENT_SECRET, REDIRECTS
from src.clients import canvas_oauth
from src.clients.canvas import CanvasClient
from src.clients.canvas_errors import AnswerUnreadable, CallRefused, CanvasAway, TokenDead
from src.clients.canvas_network import CanvasNetwork
from src.clients.canvas_oauth import OAuthKey
from tests.acceptance import canvas_client
from tests.acceptance.canvas_client import OddServer, Told
from tests.acceptance.school_client import Person

network, own_school, odd = canvas_client.network, canvas_client.own_school, canvas_client.odd


def key_of(address: str, secret: str = CLIENT_SECRET) -> OAuthKey:
    return OAuthKey(address, CLIENT_ID, SecretStr(secret), REDIRECTS[0])


def agree(school: RunningSchool, key: OAuthKey) -> SecretStr:
    """Agree as Mina, in a browser, on the page to which she was sent."""
    browser = Person(school, token="")
    page = browser.ask("GET", canvas_oauth.login_url(key, "state-7"))
    assert (page.status, 'value="state-7"' in page.text) == (200, True)
    mina = next(one for one in browser.people() if one["login_id"] == "mina")
    form = {"client_id": CLIENT_ID, "redirect_uri": REDIRECTS[0], "state": "state-7"}
    form |= {"decision": "yes", "user_id": mina["id"]}
    reply = browser.ask("POST", "/login/oauth2/accept", form, origin=browser.url)
    back = parse_qs(urlsplit(reply.headers["location"]).query)
    assert back["state"] == ["state-7"]
    return SecretStr(back["code"][0])


async def test_a_person_lets_us_in_and_the_next_hour_needs_no_one(
    own_school: RunningSchool, network: CanvasNetwork
) -> None:
    """Rule 29: an access token is good for its hour."""
    key = key_of(own_school.url)
    got = await canvas_oauth.exchange_code(network, key, agree(own_school, key))
    assert (got.expires_in, got.refresh_token is None) == (3600, False)
    client = CanvasClient(network, own_school.url, got.access_token)
    who = await client.profile()
    assert got.user is not None
    assert (who.name, who.id) == ("Mina Das", got.user.id)
    Person(own_school).post("faults", {"expire": [got.access_token.get_secret_value()]})
    with pytest.raises(TokenDead):
        await client.profile()
    assert got.refresh_token is not None
    lost = {"fault": "drop_reply", "path": "/login/oauth2/token"}
    Person(own_school).post("faults", {"once": [lost]})
    following = await canvas_oauth.refresh(network, key, got.refresh_token)
    client = CanvasClient(network, own_school.url, following.access_token)
    assert (await client.profile()).name == "Mina Das"
    await canvas_oauth.revoke(network, own_school.url, following.access_token)
    await canvas_oauth.revoke(network, own_school.url, following.access_token)
    with pytest.raises(TokenDead):
        await canvas_oauth.refresh(network, key, got.refresh_token)


async def test_a_code_works_once_and_only_with_the_key_of_its_school(
    own_school: RunningSchool, network: CanvasNetwork
) -> None:
    key = key_of(own_school.url)
    code = agree(own_school, key)
    with pytest.raises(CallRefused, match="key"):
        await canvas_oauth.exchange_code(network, key_of(own_school.url, "wrong"), code)
    await canvas_oauth.exchange_code(network, key, code)
    with pytest.raises(TokenDead, match="agree again"):
        await canvas_oauth.exchange_code(network, key, code)


async def test_a_code_is_not_sent_twice(odd: OddServer, network: CanvasNetwork) -> None:
    odd.answers["/login/oauth2/token"] = [Told(b"", 502)]
    with pytest.raises(CanvasAway) as caught:
        await canvas_oauth.exchange_code(network, key_of(odd.url), SecretStr("code"))
    assert (caught.value.maybe_done, len(odd.asked)) == (True, 1)
    odd.answers["/login/oauth2/token"] = [Told(b'{"token": 1}')]
    with pytest.raises(AnswerUnreadable):
        await canvas_oauth.refresh(network, key_of(odd.url), SecretStr("kept"))
    assert CLIENT_SECRET not in repr(key_of(odd.url))
