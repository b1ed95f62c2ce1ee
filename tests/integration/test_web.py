"""The application of the pages: its headers, its errors, and what it refuses."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from src.settings import Settings
from web.app import create_app

HERE = "http://dars.test"


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=create_app(Settings()), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url=HERE) as found:
        yield found


async def test_a_stranger_is_told_how_to_come_in(client: httpx2.AsyncClient) -> None:
    english = await client.get("/", headers={"accept-language": "en-GB,bn;q=0.8"})
    bangla = await client.get("/", headers={"accept-language": "bn"})
    assert english.status_code == bangla.status_code == 200
    assert "/class" in english.text
    assert '<html lang="bn">' in bangla.text


@pytest.mark.parametrize("path", ["/", "/healthz", "/static/style.css", "/nowhere"])
async def test_every_answer_ties_the_browser_down(client: httpx2.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers


async def test_errors_are_pages_for_people_and_problems_for_programs(
    client: httpx2.AsyncClient,
) -> None:
    shown = await client.get("/nowhere", headers={"accept-language": "en"})
    assert shown.status_code == 404
    assert "not yours to see" in shown.text
    told = await client.get("/api/v1/nowhere")
    assert told.headers["content-type"] == "application/problem+json"
    assert told.json() == {"type": "/errors/not-found", "title": "Not Found", "status": 404}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"origin": "http://other.test"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": HERE}, 405),
        ({"sec-fetch-site": "same-origin"}, 405),
        ({"content-length": "1000001"}, 413),
    ],
)
async def test_a_form_comes_from_a_page_of_ours(
    client: httpx2.AsyncClient, headers: dict[str, str], status: int
) -> None:
    assert (await client.post("/", headers=headers)).status_code == status
