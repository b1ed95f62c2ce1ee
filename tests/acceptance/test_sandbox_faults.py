"""The sandbox's bad days: limits, latency, errors, cut connections, doubled and mixed updates."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from sandbox.config import SandboxConfig
from sandbox.run import Running, start
from tests.acceptance.sandbox_client import PUPIL, Api, Json, api_of


@pytest.fixture
async def api(running: Running) -> AsyncGenerator[Api]:
    async with api_of(running) as client:
        yield client
        await client.post("limits", {"per_second": None, "per_chat": None})


async def send_until_refused(api: Api) -> list[tuple[int, Json]]:
    """Send, many at once, until that was too much: how many a second holds the machine decides."""
    answers: list[tuple[int, Json]] = []
    while all(status == 200 for status, _ in answers):
        twelve = (api.raw("sendMessage", chat_id=PUPIL, text=str(n)) for n in range(12))
        answers += await asyncio.gather(*twelve)
    return answers


async def test_more_messages_than_the_rate_are_told_to_wait(api: Api) -> None:
    assert await api.post("limits", {"per_second": 5}) == {"per_second": 5, "per_chat": None}
    answers = await send_until_refused(api)
    accepted = [body for status, body in answers if status == 200]
    refused = [body for status, body in answers if status == 429]
    assert len(accepted) + len(refused) == len(answers)
    assert refused[0] == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
    sends = (await api.get("stats"))["sends"]
    assert (sends["accepted"], sends["refused"]) == (len(accepted), len(refused))
    assert sends["max_accepted_per_second"] == 5
    assert sends["max_per_second"] > 5
    await asyncio.sleep(1)
    await api.send("again")


async def test_one_chat_may_be_full_while_another_is_not(api: Api) -> None:
    await api.say(user=502)
    await api.post("limits", {"per_chat": 1})
    full = [body for status, body in await send_until_refused(api) if status == 429]
    assert full[0]["description"].startswith("Too Many")
    await api.send("one", user=502)
    await api.call("sendChatAction", chat_id=PUPIL, action="typing")


async def test_counts_can_be_read_and_started_anew(api: Api) -> None:
    await api.send()
    await api.refused("sendMessage", chat_id=PUPIL, text="")
    stats = await api.get("stats")
    assert stats["calls"]["sendMessage"] == 2
    assert stats["errors"] == {"400": 1}
    async with api.http.delete(f"{api.url}/sandbox/stats") as answer:
        assert answer.status == 200
    assert (await api.get("stats"))["calls"] == {}


async def test_errors_do_not_do_what_was_asked(api: Api) -> None:
    await api.post("faults", {"error_rate": 1, "error_status": 503, "methods": ["sendMessage"]})
    refusal = await api.refused("sendMessage", chat_id=PUPIL, text="x")
    assert refusal == "503 Service Unavailable"
    await api.call("getMe")
    assert len(await api.chat()) == 1
    await api.post("faults", {})
    await api.send()


async def test_a_connection_cut_before_does_nothing_and_after_does_it(api: Api) -> None:
    plans = [{"method": "sendMessage", "fault": fault} for fault in ("drop", "drop_reply")]
    await api.post("faults", {"once": plans})
    for text in ("lost", "done"):
        with pytest.raises(aiohttp.ClientError):
            await api.send(text)
    await api.send("answered")
    assert [message["text"] for message in await api.chat()] == ["/start", "done", "answered"]
    assert (await api.get("faults"))["struck"] == {"drop": 1, "drop_reply": 1}


async def test_rates_of_cut_connections_are_repeatable(api: Api) -> None:
    async def outcome() -> list[bool]:
        await api.post("faults", {"drop_reply_rate": 0.5, "methods": ["getMe"], "seed": 7})
        done = []
        for _ in range(12):
            try:
                await api.call("getMe")
                done.append(True)
            except aiohttp.ClientError:
                done.append(False)
        return done

    first = await outcome()
    assert {True, False} == set(first)
    assert await outcome() == first


async def test_latency_holds_a_call_back_and_not_the_others(api: Api) -> None:
    await api.post("faults", {"latency_ms": 10_000, "methods": ["getMe"]})
    slow = asyncio.create_task(api.call("getMe"))
    await api.send("quick")
    assert not slow.done()
    slow.cancel()
    await asyncio.gather(slow, return_exceptions=True)


async def test_planned_errors_and_waits(api: Api) -> None:
    plans = [{"fault": "error", "status": 500}, {"fault": "retry_after", "seconds": 3}]
    await api.post("faults", {"once": plans})
    assert await api.refused("getMe") == "500 Internal Server Error"
    assert (await api.raw("getMe"))[1]["parameters"] == {"retry_after": 3}
    await api.call("getMe")


async def test_an_acknowledged_update_may_come_once_more(api: Api) -> None:
    await api.post("faults", {"duplicate_rate": 1})
    await api.say("twice")
    first = await api.call("getUpdates")
    again = await api.call("getUpdates", offset=first[0]["update_id"] + 1)
    assert again == first
    assert await api.call("getUpdates", offset=first[0]["update_id"] + 1) == []


async def test_updates_may_come_out_of_order_but_all_come(api: Api) -> None:
    await api.post("faults", {"reorder_rate": 1})
    for number in range(4):
        await api.say(str(number))
    ids = [update["update_id"] for update in await api.call("getUpdates")]
    assert ids != sorted(ids)
    assert sorted(ids) == list(range(min(ids), min(ids) + 4))


async def test_updates_may_be_numbered_anew_from_a_smaller_number(api: Api) -> None:
    old = (await api.say("before"))["update_id"]
    assert (await api.post("faults", {"renumber": True}))["struck"] == {"renumber": 1}
    assert (await api.get("faults"))["renumber"] is None
    first = (await api.say("one"))["update_id"]
    assert 0 < first < old - 100
    assert (await api.say("two"))["update_id"] == first + 1
    found = await api.call("getUpdates", offset=old + 1)
    assert [update["update_id"] for update in found] == [first, first + 1]
    assert await api.call("getUpdates", offset=old + 1) == found
    assert await api.call("getUpdates", offset=first + 2) == []


async def test_a_poll_that_waits_gets_the_smaller_number(api: Api) -> None:
    old = (await api.say("before"))["update_id"]
    poll = asyncio.create_task(api.call("getUpdates", offset=old + 1, timeout=30))
    await api.drained()
    await api.post("faults", {"renumber": "smaller"})
    said = await api.say("after")
    assert [update["update_id"] for update in await poll] == [said["update_id"]]


async def test_new_numbers_may_be_larger_or_chosen_or_repeatable(api: Api) -> None:
    old = (await api.say("before"))["update_id"]
    await api.post("faults", {"renumber": "larger"})
    assert (await api.say("one"))["update_id"] > old + 100
    await api.post("faults", {"renumber": 4242})
    assert (await api.say("two"))["update_id"] == 4242
    seeded = []
    for _ in range(2):
        await api.post("faults", {"renumber": old + 1})
        await api.post("faults", {"renumber": True, "seed": 7})
        seeded.append((await api.get("stats"))["updates"]["next_id"])
    assert seeded[0] == seeded[1]
    await api.post("faults", {"renumber": False})
    assert (await api.get("stats"))["updates"]["next_id"] == seeded[1]


async def test_new_numbers_outlive_a_restart(tmp_path: Path) -> None:
    config = SandboxConfig(port=0, state=tmp_path / "sandbox.jsonl")
    numbers = []
    for wish in ({"renumber": 4242}, {}, {}):
        server = start(config)
        async with aiohttp.ClientSession() as http:
            api = Api(http, server)
            await api.post("faults", wish)
            numbers.append((await api.say(str(wish)))["update_id"])
            if len(numbers) == 2:
                await api.updates()
        server.stop()
    assert numbers == [4242, 4243, 4244]


async def test_a_webhook_gets_duplicates_and_a_broken_order_too(api: Api) -> None:
    got: list[Json] = []
    enough = asyncio.Event()

    async def handle(request: web.Request) -> web.Response:
        got.append(await request.json())
        if len(got) == 6:
            enough.set()
        return web.Response()

    app = web.Application()
    app.router.add_post("/", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    for number in range(3):
        await api.say(str(number))
    await api.post("faults", {"duplicate_rate": 1, "reorder_rate": 1, "seed": 1})
    await api.call("setWebhook", url="http://{}:{}/".format(*runner.addresses[0][:2]))
    await asyncio.wait_for(enough.wait(), 60)
    await runner.cleanup()
    ids = [update["update_id"] for update in got]
    assert ids != sorted(ids)
    assert sorted(ids) == sorted(2 * list(set(ids)))
    assert len(set(ids)) == 3


@pytest.mark.parametrize(
    "wanted",
    [{"latency": 5}, {"drop_rate": "x"}, {"drop_rate": -1}, {"once": [{"fault": "fire"}]},
     {"methods": "getMe"}, {"seed": "x"}, {"renumber": 0}, {"renumber": "up"}, {"renumber": 2**31},
     {"renumber": []}],
)  # fmt: skip
async def test_switches_that_do_not_exist_are_named(api: Api, wanted: Json) -> None:
    refusal = await api.post("faults", wanted, status=400)
    assert next(iter(wanted)) in refusal["description"]
    assert (await api.get("faults"))["drop_rate"] == 0


async def test_limits_must_be_whole_numbers(api: Api) -> None:
    await api.post("limits", {"per_second": 0}, status=400)
    await api.post("limits", {"per_chat": "x"}, status=400)


async def test_a_rate_can_be_set_from_the_start() -> None:
    strict = start(SandboxConfig(port=0, rate_limit=1))
    async with api_of(strict) as api:
        assert {200, 429} == {status for status, _ in await send_until_refused(api)}
    strict.stop()
