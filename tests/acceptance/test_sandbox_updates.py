"""Updates reach the bot as Telegram delivers them: by polling, by webhook, over a restart."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from sandbox.config import SandboxConfig
from sandbox.journal import StateInUseError
from sandbox.run import Running, start
from tests.acceptance.sandbox_client import PUPIL, Api, Json, keyboard

OTHER_POLL = (
    "409 Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
WEBHOOK_ACTIVE = (
    "409 Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    server = start(SandboxConfig(port=0, webhook_backoff=0.02))
    yield server
    server.stop()


def texts(updates: list[Json]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_updates_stay_until_a_higher_offset_acknowledges_them(api: Api) -> None:
    for text in ("one", "two", "three"):
        await api.say(text)
    first = await api.call("getUpdates")
    assert texts(first) == ["one", "two", "three"]
    assert await api.call("getUpdates") == first
    ids = [update["update_id"] for update in first]
    assert ids == list(range(ids[0], ids[0] + 3))
    assert texts(await api.call("getUpdates", offset=ids[1])) == ["two", "three"]
    assert texts(await api.call("getUpdates")) == ["two", "three"]
    assert await api.call("getUpdates", offset=ids[2] + 1) == []
    assert await api.call("getUpdates") == []


async def test_limit_and_negative_offset(api: Api) -> None:
    for text in ("one", "two", "three"):
        await api.say(text)
    assert texts(await api.call("getUpdates", limit=2)) == ["one", "two"]
    assert texts(await api.call("getUpdates", offset=-2)) == ["two", "three"]
    assert texts(await api.call("getUpdates")) == ["two", "three"]


async def test_an_offset_far_from_the_queue_counts_as_its_head(api: Api) -> None:
    for text in ("one", "two"):
        await api.say(text)
    ids = [update["update_id"] for update in await api.call("getUpdates")]
    for offset in (ids[-1] + 12, 2**31 - 1, ids[0] - 200_000, 1):
        assert texts(await api.call("getUpdates", offset=offset)) == ["one", "two"]
    assert texts(await api.call("getUpdates", offset=ids[-1] + 12, limit=1)) == ["one"]
    assert await api.call("getUpdates", offset=ids[-1] + 11) == []
    assert await api.call("getUpdates", offset=ids[-1] + 12) == []


async def test_an_offset_a_little_ahead_acknowledges_what_comes_before_it(api: Api) -> None:
    last = (await api.say("one"))["update_id"]
    poll = asyncio.create_task(api.call("getUpdates", offset=last + 2, timeout=30))
    await api.drained()
    await api.say("never heard")
    assert await poll == []
    await api.say("two")
    assert texts(await api.call("getUpdates", offset=last + 2)) == ["two"]


async def begin_poll(api: Api) -> asyncio.Task[Json]:
    """Begin a poll, and return when it waits: without a body nothing comes after it is counted."""

    async def poll() -> Json:
        url = f"{api.url}/bot{api.token}/getUpdates?timeout=50"
        async with api.http.get(url) as answer:
            body: Json = await answer.json()
            return body

    async def count() -> int:
        return int((await api.get("stats"))["calls"].get("getUpdates", 0))

    before = await count()
    begun = asyncio.create_task(poll())
    while await count() == before:
        await asyncio.sleep(0.01)
    return begun


async def test_a_long_poll_ends_when_something_happens(api: Api) -> None:
    poll = await begin_poll(api)
    assert not poll.done()
    await api.say("now")
    assert texts((await poll)["result"]) == ["now"]


async def test_a_second_poll_ends_the_first(api: Api) -> None:
    first = await begin_poll(api)
    second = await begin_poll(api)
    assert "{error_code} {description}".format(**await first) == OTHER_POLL
    await api.say("now")
    assert texts((await second)["result"]) == ["now"]


async def test_unwanted_kinds_are_not_queued(api: Api) -> None:
    message = await api.send(reply_markup=keyboard([("a", "v")]))
    await api.call("getUpdates", allowed_updates=["callback_query"])
    assert (await api.say("not heard"))["update_id"] is None
    await api.tap(message["message_id"])
    assert [sorted(update) for update in await api.updates()] == [["callback_query", "update_id"]]
    await api.call("getUpdates", allowed_updates=[])
    await api.say("heard")
    assert texts(await api.updates()) == ["heard"]


async def test_edits_and_blocks_are_updates_of_their_own(api: Api) -> None:
    said = await api.say("4")
    await api.say("5", edit=said["message_id"])
    await api.post(f"users/{PUPIL}/block")
    await api.post(f"users/{PUPIL}/block")
    await api.post(f"users/{PUPIL}/unblock")
    _, edited, left, back = await api.updates()
    assert edited["edited_message"]["text"] == "5"
    assert edited["edited_message"]["message_id"] == said["message_id"]
    assert left["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert back["my_chat_member"]["new_chat_member"]["status"] == "member"


class Hook:
    """A bot's webhook whose answers a test decides."""

    def __init__(self) -> None:
        self.got: list[tuple[Json, str]] = []
        self.statuses: list[int] = []
        self.gates: dict[str, asyncio.Event] = {}
        self.arrived = asyncio.Condition()

    async def handle(self, request: web.Request) -> web.Response:
        update: Json = await request.json()
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        async with self.arrived:
            self.got.append((update, secret))
            self.arrived.notify_all()
        gate = self.gates.get(word(update))
        if gate is not None:
            await gate.wait()
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    async def words(self, count: int) -> list[str]:
        async with asyncio.timeout(60), self.arrived:
            await self.arrived.wait_for(lambda: len(self.got) >= count)
        return [word(update) for update, _ in self.got]


def word(update: Json) -> str:
    body: Any = update.get("message") or update["callback_query"]
    return str(body.get("text") or body.get("data"))


@pytest.fixture
async def hook() -> AsyncGenerator[tuple[Hook, str]]:
    receiver = Hook()
    app = web.Application()
    app.router.add_post("/hook", receiver.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    yield receiver, f"http://{host}:{port}/hook"
    for gate in receiver.gates.values():
        gate.set()
    await runner.cleanup()


async def test_a_webhook_gets_updates_with_its_secret(api: Api, hook: tuple[Hook, str]) -> None:
    receiver, url = hook
    await api.say("before")
    assert await api.call("setWebhook", url=url, secret_token="s3cret_-", max_connections=3)
    await api.say("after")
    assert await receiver.words(2) == ["before", "after"]
    assert {secret for _, secret in receiver.got} == {"s3cret_-"}
    info = await api.call("getWebhookInfo")
    assert (info["url"], info["max_connections"]) == (url, 3)
    assert await api.refused("getUpdates") == WEBHOOK_ACTIVE
    await api.call("deleteWebhook")
    assert (await api.call("getWebhookInfo"))["url"] == ""
    assert await api.call("getUpdates") == []


async def test_a_failed_delivery_is_repeated_in_order(api: Api, hook: tuple[Hook, str]) -> None:
    receiver, url = hook
    receiver.statuses = [500, 404]
    await api.call("setWebhook", url=url)
    await api.say("one")
    await api.say("two")
    assert await receiver.words(4) == ["one", "one", "one", "two"]
    info = await api.call("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 404 Not Found"
    ids = [update["update_id"] for update, _ in receiver.got]
    assert ids[0] == ids[1] == ids[2] == ids[3] - 1


async def test_one_chat_waits_while_another_and_taps_go_on(
    api: Api, hook: tuple[Hook, str]
) -> None:
    receiver, url = hook
    receiver.gates["slow"] = asyncio.Event()
    sent = await api.send(reply_markup=keyboard([("a", "v")]))
    await api.call("setWebhook", url=url)
    await api.say("slow")
    await receiver.words(1)
    await api.say("behind")
    await api.say("elsewhere", user=502)
    await api.tap(sent["message_id"], "tapped")
    assert sorted(await receiver.words(3)) == ["elsewhere", "slow", "tapped"]
    receiver.gates["slow"].set()
    assert (await receiver.words(4))[-1] == "behind"


async def test_new_numbers_forget_what_a_webhook_did_not_take(
    api: Api, hook: tuple[Hook, str]
) -> None:
    receiver, url = hook
    receiver.gates["stuck"] = asyncio.Event()
    await api.call("setWebhook", url=url)
    stuck = await api.say("stuck")
    await api.say("behind")
    await receiver.words(1)
    await api.post("faults", {"renumber": True})
    fresh = await api.say("fresh")
    assert await receiver.words(2) == ["stuck", "fresh"]
    assert fresh["update_id"] < stuck["update_id"]


async def test_a_poll_that_waits_ends_when_a_webhook_is_set(
    api: Api, hook: tuple[Hook, str]
) -> None:
    poll = await begin_poll(api)
    await api.call("setWebhook", url=hook[1])
    assert (await poll)["description"] == "Conflict: terminated by setWebhook request"


async def test_waiting_updates_can_be_dropped(api: Api, hook: tuple[Hook, str]) -> None:
    await api.say("dropped")
    await api.call("setWebhook", url=hook[1], drop_pending_updates=True)
    await api.say("delivered")
    assert await hook[0].words(1) == ["delivered"]
    assert (await api.call("getWebhookInfo"))["pending_update_count"] <= 1


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"url": "ftp://x"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://"}, "bad webhook: URL host is empty"),
        ({"url": "https://x", "secret_token": "a b"},
         "secret token contains unallowed characters"),
        ({"url": "https://x", "secret_token": "a" * 257}, "secret token is too long"),
    ],
)  # fmt: skip
async def test_webhooks_that_telegram_refuses(
    api: Api, params: dict[str, str], refusal: str
) -> None:
    assert await api.refused("setWebhook", **params) == f"400 Bad Request: {refusal}"


async def test_a_restart_repeats_no_number_and_forgets_no_chat(tmp_path: Path) -> None:
    config = SandboxConfig(port=0, state=tmp_path / "sandbox.jsonl")
    first = start(config)
    async with aiohttp.ClientSession() as http:
        api = Api(http, first)
        said = await api.say("kept", first_name="Mitu", language_code="bn")
        [acknowledged] = await api.updates()
        sent = await api.send("hello", reply_markup=keyboard([("a", "v")]))
        gone = await api.send("gone")
        await api.call("deleteMessage", chat_id=PUPIL, message_id=gone["message_id"])
        await api.call("setMyCommands", commands=[{"command": "hint", "description": "A hint"}])
        tapped = await api.tap(sent["message_id"])
        before = await api.chat()
        with pytest.raises(StateInUseError):
            start(config)
    first.stop()
    second = start(config)
    async with aiohttp.ClientSession() as http:
        api = Api(http, second)
        assert await api.chat() == before
        assert (await api.get("users"))["users"][0]["first_name"] == "Mitu"
        [waiting] = await api.call("getUpdates")
        assert waiting["update_id"] == tapped["update_id"] > acknowledged["update_id"]
        await api.call("answerCallbackQuery", callback_query_id=tapped["callback_query_id"])
        again = await api.say("again")
        assert again["message_id"] > gone["message_id"] > said["message_id"]
        assert again["update_id"] == tapped["update_id"] + 1
        assert [item["command"] for item in await api.call("getMyCommands")] == ["hint"]
    second.stop()


async def test_the_command_line_survives_a_kill(tmp_path: Path) -> None:
    state = tmp_path / "sandbox.jsonl"
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--state", str(state)]

    async def once(act: signal.Signals) -> list[int]:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        async with aiohttp.ClientSession() as http:
            ids = []
            for number in range(20):
                path = f"{url}/sandbox/users/7/messages"
                async with http.post(path, json={"text": str(number)}) as answer:
                    ids.append((await answer.json())["update_id"])
        process.send_signal(act)
        await asyncio.to_thread(process.communicate, timeout=60)
        return ids

    first = await once(signal.SIGKILL)
    with state.open("ab") as file:
        file.write(b'["message",7,{"mess')  # a line that the kill cut short
    second = await once(signal.SIGINT)
    assert first + second == list(range(first[0], first[0] + 40))


async def test_a_taken_port_is_said_in_one_line(running: Running) -> None:
    port = running.url.rpartition(":")[2]
    command = [sys.executable, "-m", "sandbox", "--port", port]
    result = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True)
    assert result.returncode == 1
    assert result.stderr.startswith("sandbox: ")
    assert len(result.stderr.splitlines()) == 1
