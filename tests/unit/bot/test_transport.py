"""The aiohttp transport behaves as the library's own: the same cases run on both."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest
from aiohttp import BodyPartReader, web
from telegram import Bot, InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import ExtBot
from telegram.request import BaseRequest, HTTPXRequest, RequestData
from telegram.request._requestparameter import RequestParameter

from bot.context import DarsBot
from bot.gateway.sender import Sender, seconds_of
from bot.gateway.transport import AiohttpRequest
from bot.replies import CostChart, Reply, Say

Make = Callable[..., BaseRequest]


class Server:
    """An HTTP server that answers as it is told and remembers what it was asked."""

    def __init__(self) -> None:
        self.status, self.body = 200, json.dumps({"ok": True, "result": True}).encode()
        self.delay = 0.0
        self.drop = False
        self.seen: list[dict[str, Any]] = []
        self.asked = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.url = ""
        self.bodies: Callable[[int], bytes] | None = None

    async def answer(self, request: web.Request) -> web.StreamResponse:
        fields: dict[str, Any] = {}
        if request.content_type == "multipart/form-data":
            async for part in await request.multipart():
                assert isinstance(part, BodyPartReader)
                content = await part.read()
                fields[part.name or ""] = (part.filename, part.headers.get("Content-Type"), content)
        elif request.content_type == "application/json":
            fields = await request.json()
        else:
            fields = dict(await request.post())
        self.seen.append(
            {
                "method": request.method,
                "path": request.path_qs,
                "agent": request.headers.get("User-Agent"),
                "type": request.content_type,
                "fields": fields,
                "peer": request.transport.get_extra_info("peername") if request.transport else None,
            }
        )
        if self.drop and request.transport is not None:
            request.transport.close()
        self.asked.set()
        await self.may_answer.wait()
        await asyncio.sleep(self.delay)
        body = self.bodies(len(self.seen) - 1) if self.bodies else self.body
        return web.Response(status=self.status, body=body)


@contextlib.asynccontextmanager
async def serving(told: Server) -> AsyncGenerator[web.AppRunner]:
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", told.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    yield runner
    await runner.cleanup()


@pytest.fixture
async def server() -> AsyncGenerator[Server]:
    told = Server()
    async with serving(told) as runner:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        told.url = f"http://{host}:{port}"
        yield told


@pytest.fixture(params=[AiohttpRequest, HTTPXRequest], ids=["ours", "the library's"])
async def make(request: pytest.FixtureRequest) -> AsyncGenerator[Make]:
    """Makes an open transport of each kind."""
    async with contextlib.AsyncExitStack() as stack:

        def build(**settings: Any) -> BaseRequest:
            transport: BaseRequest = request.param(**settings)
            stack.push_async_callback(transport.shutdown)
            return transport

        yield build


def data(**values: Any) -> RequestData:
    return RequestData([RequestParameter.from_input(key, value) for key, value in values.items()])


async def test_parameters_travel_as_texts_with_json_values(make: Make, server: Server) -> None:
    transport = make()
    await transport.initialize()
    markup = {"inline_keyboard": [[{"text": "হ্যাঁ"}]]}
    sent = data(chat_id=5, text="২ + ২ = ? & <b>", reply_markup=markup, flag=True)
    assert await transport.post(f"{server.url}/botX/sendMessage", sent) is True
    [seen] = server.seen
    assert (seen["method"], seen["path"]) == ("POST", "/botX/sendMessage")
    ours = isinstance(transport, AiohttpRequest)
    assert seen["type"] == f"application/{'json' if ours else 'x-www-form-urlencoded'}"
    assert seen["fields"]["chat_id"] == "5"
    assert seen["fields"]["text"] == "২ + ২ = ? & <b>"
    assert json.loads(seen["fields"]["reply_markup"]) == markup
    assert seen["fields"]["flag"] == "true"
    assert "python-telegram-bot" in seen["agent"]


async def test_a_call_without_parameters(make: Make, server: Server) -> None:
    transport = make()
    await transport.initialize()
    assert await transport.post(f"{server.url}/botX/getMe") is True
    assert server.seen[0]["fields"] == {}


async def test_a_file_is_uploaded_with_its_name_and_type(make: Make, server: Server) -> None:
    transport = make()
    await transport.initialize()
    photo = InputFile(b"\x89PNG\r\n\x1a\n picture", filename="ছবি.png")
    await transport.post(f"{server.url}/botX/sendPhoto", data(chat_id=5, photo=photo, caption="ক"))
    fields = server.seen[0]["fields"]
    [upload] = [value for value in fields.values() if value[0] is not None]
    assert upload[1:] == ("image/png", b"\x89PNG\r\n\x1a\n picture")
    assert upload[0] == "ছবি.png"
    assert fields["caption"][2].decode() == "ক"
    assert fields["chat_id"][2] == b"5"


async def test_a_file_is_retrieved_as_bytes(make: Make, server: Server) -> None:
    server.body = b"\x00\xff content"
    transport = make()
    await transport.initialize()
    assert await transport.retrieve(f"{server.url}/file/botX/a/b.txt") == b"\x00\xff content"
    assert server.seen[0]["method"] == "GET"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, BadRequest),
        (401, InvalidToken),
        (403, Forbidden),
        (404, InvalidToken),
        (409, Conflict),
        (500, NetworkError),
        (502, NetworkError),
        (599, NetworkError),
    ],
)
async def test_a_status_becomes_the_librarys_error(
    make: Make, server: Server, status: int, error: type[TelegramError]
) -> None:
    server.status = status
    server.body = json.dumps({"ok": False, "description": "the reason"}).encode()
    transport = make()
    await transport.initialize()
    with pytest.raises(TelegramError, match="the reason") as caught:
        await transport.post(f"{server.url}/botX/x")
    assert type(caught.value) is error


async def test_flood_control_and_migration_carry_their_numbers(make: Make, server: Server) -> None:
    transport = make()
    await transport.initialize()
    server.status = 429
    server.body = json.dumps({"ok": False, "parameters": {"retry_after": 7}}).encode()
    with pytest.raises(RetryAfter) as flood:
        await transport.post(f"{server.url}/botX/x")
    assert "7" in str(flood.value)
    server.status = 400
    server.body = json.dumps({"ok": False, "parameters": {"migrate_to_chat_id": -100}}).encode()
    with pytest.raises(ChatMigrated) as moved:
        await transport.post(f"{server.url}/botX/x")
    assert moved.value.new_chat_id == -100


async def test_a_body_that_is_no_json_is_an_error(
    make: Make, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    server.body = b"<html>gateway</html>"
    transport = make()
    await transport.initialize()
    with pytest.raises(TelegramError, match="Invalid server response"):
        await transport.post(f"{server.url}/botX/x")


PUPILS_TEXT = "amar nam Zubaida"


@pytest.mark.parametrize("status", [200, 400, 429, 502])
@pytest.mark.parametrize(
    "body",
    [f'{{"result": "{PUPILS_TEXT}', f'"{PUPILS_TEXT}"', f'["{PUPILS_TEXT}"]', "[" * 100_000,
     f'{{"ok": false, "parameters": "{PUPILS_TEXT}"}}',
     f'{{"ok": false, "description": ["{PUPILS_TEXT}"], "parameters": {{"a": "{PUPILS_TEXT}"}}}}'],
    ids=["cut", "a text", "a list", "deep", "odd parameters", "odd description"],
)  # fmt: skip
async def test_an_answer_of_any_shape_is_an_error_that_quotes_nothing(
    server: Server, caplog: pytest.LogCaptureFixture, status: int, body: str
) -> None:
    server.status, server.body = status, body.encode()
    transport = AiohttpRequest()
    await transport.initialize()
    with pytest.raises((TelegramError, KeyError)) as caught:
        await transport.post(f"{server.url}/botX/x")
    await transport.shutdown()
    assert isinstance(caught.value, TelegramError) or status == 200
    assert PUPILS_TEXT not in caplog.text + str(caught.value)


@pytest.mark.parametrize(
    ("told", "waits"),
    [(0, 1), (-5, 1), (0.2, 1), *((huge, 86_400) for huge in (10**6, 10**12, 10**30, 1e300))],
)
async def test_nobody_waits_for_no_time_or_for_ever(
    server: Server, told: float, waits: int
) -> None:
    server.status = 429
    server.body = json.dumps({"ok": False, "parameters": {"retry_after": told}}).encode()
    transport = AiohttpRequest()
    await transport.initialize()
    with pytest.raises(RetryAfter) as flood:
        await transport.post(f"{server.url}/botX/x")
    await transport.shutdown()
    assert seconds_of(flood.value) == waits


@pytest.mark.parametrize("told", ["45", None, True, [45], {"seconds": 45}])
async def test_a_time_that_is_none_is_not_waited_for(server: Server, told: Any) -> None:
    server.status = 429
    server.body = json.dumps({"ok": False, "parameters": {"retry_after": told}}).encode()
    transport = AiohttpRequest()
    await transport.initialize()
    with pytest.raises(NetworkError):
        await transport.post(f"{server.url}/botX/x")
    await transport.shutdown()


async def test_a_slow_answer_times_out(make: Make, server: Server) -> None:
    server.delay = 5
    transport = make(read_timeout=0.05)
    assert transport.read_timeout == 0.05
    await transport.initialize()
    with pytest.raises(TimedOut):
        await transport.post(f"{server.url}/botX/x")


async def test_a_call_can_have_time_outs_of_its_own(make: Make, server: Server) -> None:
    server.delay = 0.3
    transport = make(read_timeout=0.05)
    await transport.initialize()
    assert await transport.post(f"{server.url}/botX/x", read_timeout=60) is True
    assert await transport.post(f"{server.url}/botX/x", read_timeout=None) is True


async def test_a_full_pool_times_out_and_says_that_nothing_was_sent(
    make: Make, server: Server
) -> None:
    server.may_answer.clear()
    transport = make(connection_pool_size=1, pool_timeout=0.05, read_timeout=60)
    await transport.initialize()
    first = asyncio.create_task(transport.post(f"{server.url}/botX/first"))
    await server.asked.wait()
    with pytest.raises(TimedOut, match=r"was \*not\* sent"):
        await transport.post(f"{server.url}/botX/second")
    server.may_answer.set()
    assert await first is True
    assert [seen["path"] for seen in server.seen] == ["/botX/first"]


async def test_connecting_may_take_longer_than_waiting_for_the_pool(make: Make) -> None:
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(2):
            # They fill the queue: the next one waits until it has asked a second time.
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        transport = make(pool_timeout=0.05, connect_timeout=60, read_timeout=60)
        await transport.initialize()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/botX/x"
        call = asyncio.create_task(transport.post(url))
        await asyncio.sleep(0.3)
        assert not call.done()
        async with serving(Server()) as runner:
            await web.SockSite(runner, listener).start()
            assert await call is True


async def test_a_connection_that_is_refused_is_a_network_error(make: Make) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    transport = make()
    await transport.initialize()
    with pytest.raises(NetworkError) as caught:
        await transport.post(f"http://127.0.0.1:{port}/botX/x")
    assert not isinstance(caught.value, TimedOut | BadRequest)


async def test_a_connection_that_is_cut_is_a_network_error_and_is_not_sent_again(
    make: Make, server: Server
) -> None:
    server.drop = True
    transport = make()
    await transport.initialize()
    with pytest.raises(NetworkError):
        await transport.post(f"{server.url}/botX/x")
    assert len(server.seen) == 1


async def test_connections_are_kept_for_the_next_call(make: Make, server: Server) -> None:
    transport = make()
    await transport.initialize()
    for _ in range(3):
        await transport.post(f"{server.url}/botX/x")
    assert len({seen["peer"] for seen in server.seen}) == 1


async def test_a_proxy_is_used_where_one_is_given(make: Make, server: Server) -> None:
    transport = make(proxy=server.url)
    await transport.initialize()
    assert await transport.post("http://telegram.invalid/botX/x") is True
    assert server.seen[0]["path"] == "/botX/x"


async def test_it_can_be_opened_again_and_closed_twice(make: Make, server: Server) -> None:
    transport = make()
    await transport.initialize()
    await transport.shutdown()
    await transport.shutdown()
    with pytest.raises(NetworkError, match="not initialized"):
        await transport.post(f"{server.url}/botX/x")
    await transport.initialize()
    await transport.initialize()
    assert await transport.post(f"{server.url}/botX/x") is True


async def test_a_cancelled_call_frees_its_place(make: Make, server: Server) -> None:
    server.may_answer.clear()
    transport = make(connection_pool_size=1, pool_timeout=60)
    await transport.initialize()
    call = asyncio.create_task(transport.post(f"{server.url}/botX/slow", read_timeout=60))
    await server.asked.wait()
    call.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await call
    server.may_answer.set()
    assert await transport.post(f"{server.url}/botX/x") is True


def odd(*bodies: str) -> Callable[[int], bytes]:
    """Answer the first calls so, and all others as Telegram does."""
    good = {"message_id": 7, "date": 1_770_000_000, "chat": {"id": 5, "type": "private"}}
    texts = [*bodies, json.dumps({"ok": True, "result": good})]
    return lambda number: texts[min(number, len(texts) - 1)].encode()


@pytest.mark.parametrize(
    ("bodies", "calls"),
    [
        (['{"ok": true}'], 1),
        (['{"ok": true, "result": null}'], 1),
        (["<html>teapot</html>"], 2),
        (["null", '{"ok": false}'], 3),
        (['{"ok": false, "result": null}'], 1),
    ],
)
@pytest.mark.parametrize(
    "reply",
    [Say("one", asks=True), CostChart("two", [["2026-11-29", "1"]], "2")],
    ids=["text", "picture"],
)
async def test_what_is_answered_without_a_result_is_sent_and_what_is_no_answer_sent_again(
    server: Server, caplog: pytest.LogCaptureFixture, reply: Reply, bodies: list[str], calls: int
) -> None:
    server.bodies = odd(*bodies)
    transport = AiohttpRequest()
    bot: DarsBot = ExtBot("1:x", base_url=f"{server.url}/bot", request=transport)
    await transport.initialize()
    assert await Sender(bot).send(5, [reply]) is None
    await transport.shutdown()
    assert len(server.seen) == calls
    assert "teapot" not in caplog.text


async def test_the_library_can_use_it(make: Make, server: Server) -> None:
    me = {"id": 1, "is_bot": True, "first_name": "Dars", "username": "dars_bot"}
    server.body = json.dumps({"ok": True, "result": me}).encode()
    bot = Bot("1:x", base_url=f"{server.url}/bot", request=make(), get_updates_request=make())
    async with bot:
        assert bot.username == "dars_bot"
