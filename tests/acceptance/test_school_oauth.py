"""Logging in through the stand-in school, as a browser and a program would."""

import base64
import hashlib
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from sandbox.canvas.run import RunningSchool, start
from sandbox.canvas.seed import CLIENT_ID, CLIENT_SECRET, REDIRECTS
from tests.acceptance.school_client import Json, Person, Reply

BACK = REDIRECTS[0]
KEY = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
VERIFIER = "a-long-text-that-only-the-program-knows-0123456789"


@pytest.fixture(scope="module")
def school() -> Iterator[RunningSchool]:
    running = start()
    yield running
    running.stop()


@pytest.fixture
def browser(school: RunningSchool) -> Person:
    return Person(school, token="")


def ask(browser: Person, **more: str) -> Reply:
    wish = {"client_id": CLIENT_ID, "response_type": "code", "redirect_uri": BACK, **more}
    return browser.ask("GET", f"/login/oauth2/auth?{urlencode(wish)}")


def decide(browser: Person, decision: str = "yes", **more: str) -> dict[str, str]:
    mina = next(one for one in browser.people() if one["login_id"] == "mina")
    wish = {"client_id": CLIENT_ID, "redirect_uri": BACK, "state": "s1", "decision": decision}
    form = {**wish, "user_id": mina["id"], **more}
    reply = browser.ask("POST", "/login/oauth2/accept", form, origin=browser.url)
    assert (reply.status, reply.headers["location"].partition("?")[0]) == (302, BACK)
    query = parse_qs(urlsplit(reply.headers["location"]).query)
    return {name: values[0] for name, values in query.items()}


def exchange(browser: Person, **form: str) -> Reply:
    return browser.ask("POST", "/login/oauth2/token", form)


def by_code(browser: Person, code: str, **more: str) -> Reply:
    wish = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
    return exchange(browser, **{**KEY, **wish, **more})


def refresh(browser: Person, text: str) -> Reply:
    return exchange(browser, **KEY, grant_type="refresh_token", refresh_token=text)


def test_a_code_becomes_a_token_that_can_be_refreshed_and_revoked(
    school: RunningSchool, browser: Person
) -> None:
    page = ask(browser, state="s1")
    assert (page.status, 'name="state" value="s1"' in page.text) == (200, True)
    back = decide(browser)
    assert back["state"] == "s1"
    got: Json = by_code(browser, back["code"]).body
    assert (got["token_type"], got["expires_in"], got["user"]["name"]) == (
        "Bearer",
        3600,
        "Mina Das",
    )
    assert Person(school, token=got["access_token"]).get("users/self")["name"] == "Mina Das"
    new: Json = refresh(browser, got["refresh_token"]).body
    assert "refresh_token" not in new
    assert Person(school, token=got["access_token"]).api("users/self").status == 401
    mina = Person(school, token=new["access_token"])
    assert mina.api("users/self").status == 200
    assert mina.ask("DELETE", "/login/oauth2/token").status == 200
    assert mina.api("users/self").headers["www-authenticate"]
    assert refresh(browser, got["refresh_token"]).body["error"] == "invalid_grant"


def test_a_token_lasts_an_hour_and_is_refreshed_after_it(
    school: RunningSchool, browser: Person
) -> None:
    got = by_code(browser, decide(browser)["code"]).body
    browser.post("clock", {"ahead": 3601})
    assert Person(school, token=got["access_token"]).api("courses").status == 401
    new = refresh(browser, got["refresh_token"]).body
    assert Person(school, token=new["access_token"]).api("courses").status == 200
    browser.post("clock", {"ahead": 0})


def test_a_code_works_once_and_for_ten_minutes(browser: Person) -> None:
    code = decide(browser)["code"]
    assert by_code(browser, code).status == 200
    assert by_code(browser, code).body["error"] == "invalid_grant"
    late = decide(browser)["code"]
    browser.post("clock", {"ahead": 601})
    assert by_code(browser, late).body["error"] == "invalid_grant"
    browser.post("clock", {"ahead": 0})


def test_a_proof_of_the_verifier_replaces_the_secret(browser: Person) -> None:
    digest = hashlib.sha256(VERIFIER.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    pkce = {"code_challenge": challenge, "code_challenge_method": "S256"}
    assert ask(browser, **pkce).status == 200
    wrong = by_code(browser, decide(browser, **pkce)["code"], code_verifier="another")
    assert wrong.body["error"] == "invalid_grant"
    code = decide(browser, **pkce)["code"]
    assert by_code(browser, code, code_verifier=VERIFIER, client_secret="").status == 200
    plain = decide(browser)["code"]
    assert by_code(browser, plain, client_secret="").body["error"] == "invalid_client"


def test_who_says_no_is_sent_back_without_a_code(browser: Person) -> None:
    assert decide(browser, "no")["error"] == "access_denied"


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        ({"client_id": "1"}, "invalid_client"),
        ({"redirect_uri": "https://elsewhere.example/"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "url:GET|/api/v1/everything"}, "invalid_scope"),
        ({"code_challenge": "x", "code_challenge_method": "plain"}, "invalid_request"),
    ],
)
def test_what_the_school_does_not_know_gets_no_page(
    browser: Person, wish: dict[str, str], error: str
) -> None:
    assert ask(browser, **wish).body["error"] == error


def test_a_scoped_token_opens_its_scopes_and_includes_nothing(
    school: RunningSchool, browser: Person
) -> None:
    mina = next(one for one in browser.people() if one["login_id"] == "mina")
    scopes = ["url:GET|/api/v1/courses", "url:GET|/api/v1/courses/:course_id/assignments"]
    token = browser.post("tokens", {"user_id": mina["id"], "scopes": scopes})["token"]
    scoped = Person(school, token=token)
    course = scoped.get("courses")[0]
    rows = scoped.get(f"courses/{course['id']}/assignments?include[]=submission")
    assert [row for row in rows if "submission" in row] == []
    assert scoped.api("users/self").status == 401
