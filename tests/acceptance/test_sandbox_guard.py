"""The sandbox and web pages of others: they neither read nor write."""

import aiohttp
import pytest

from sandbox.config import SandboxConfig
from sandbox.run import Running, start
from tests.acceptance.sandbox_client import PUPIL, Api

SAY = f"/sandbox/users/{PUPIL}/messages"


async def status(api: Api, path: str, headers: dict[str, str], *, method: str = "POST") -> int:
    # A simple form, as any page may post one.
    body = {"text": "csrf"} if method == "POST" else None
    async with api.http.request(method, f"{api.url}{path}", data=body, headers=headers) as answer:
        return answer.status


async def written(api: Api) -> list[str]:
    async with api.http.get(f"{api.url}/sandbox/users/{PUPIL}/chat") as answer:
        return [message.get("text", "") for message in (await answer.json())["messages"]]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": ""},
        {"Host": "evil.example"},
        {"Host": "evil.example:8081", "Origin": "http://evil.example:8081"},
        {"Host": "localhost.evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "evil"},
        {"Host": ""},
        {"Host": "[::1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
async def test_pages_of_others_are_refused(api: Api, headers: dict[str, str]) -> None:
    bot = f"/bot{api.token}/sendMessage?chat_id={PUPIL}&text=csrf"
    assert await status(api, SAY, headers) == 403
    assert await status(api, "/sandbox/reset", headers) == 403
    assert await status(api, bot, headers, method="GET") == 403
    assert await status(api, f"/sandbox/users/{PUPIL}/chat", headers, method="GET") == 403
    assert "csrf" not in await written(api)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST", "dars.localhost", "[::1]"])
async def test_its_own_page_and_programs_are_not(api: Api, name: str) -> None:
    host = f"{name}:8081"
    own = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
    assert await status(api, SAY, own) == 200
    assert await status(api, SAY, {"Host": host}) == 200
    assert "csrf" in await written(api)


async def test_a_link_to_the_chat_may_be_followed(api: Api) -> None:
    assert await status(api, "/", {"Sec-Fetch-Site": "cross-site"}, method="GET") == 200


async def test_a_container_may_have_a_name() -> None:
    running: Running = start(SandboxConfig(port=0, allowed_hosts=("sandbox",)))
    async with aiohttp.ClientSession() as http:
        for name, expected in (("sandbox", 200), ("sandbox.evil.example", 403)):
            url = f"{running.url}/sandbox/stats"
            async with http.get(url, headers={"Host": f"{name}:80"}) as answer:
                assert answer.status == expected
    running.stop()


@pytest.mark.parametrize(
    "kind",
    ["text/plain\r\nX: y", "text/plain\n", "text", "", "a/b\x00", "দরস/a", "a/b c", "a/" * 99],
)
async def test_a_type_that_no_answer_can_carry_is_refused(api: Api, kind: str) -> None:
    body = {"document": {"file_name": "a.txt", "mime_type": kind}}
    async with api.http.post(f"{api.url}{SAY}", json=body) as answer:
        assert answer.status == 400
        assert "mime_type" in (await answer.json())["description"]


@pytest.mark.parametrize(
    "name", ["a.\r\nb", "a.\x00", "../../a.txt", "a." + "x" * 300, "a.%2e", ""]
)
async def test_any_name_of_a_file_can_be_fetched(api: Api, name: str) -> None:
    body = {"document": {"file_name": name, "mime_type": "text/plain"}}
    async with api.http.post(f"{api.url}{SAY}", json=body) as answer:
        assert answer.status == 200
    async with api.http.get(f"{api.url}/sandbox/users/{PUPIL}/screen") as answer:
        file_id = (await answer.json())["messages"][-1]["document"]["file_id"]
    async with api.http.get(f"{api.url}/sandbox/files/{file_id}") as answer:
        assert (answer.status, await answer.read()) == (200, b"notes")
