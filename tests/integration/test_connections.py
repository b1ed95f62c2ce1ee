"""A server has room for whoever has something to ask, however many only hold a line."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import aiohttp
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from yarl import URL

from web.connections import Limits
from web.serving import address_of, listen, serving

# Long enough for a machine that does other things as well.
PATIENCE = 120
SHORT = Limits(head_seconds=2, body_seconds=2)
HEAD = b"POST / HTTP/1.1\r\nHost: x\r\n"


class Place:
    """A server that answers how long the body was, once it may."""

    def __init__(self) -> None:
        self.listener = listen("127.0.0.1", 0, "port")
        self.url, self.cut = address_of(self.listener), 0
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.in_hand = 0

    async def answer(self, request: Request) -> Response:
        self.in_hand += 1
        try:
            body = await request.body()
        except ClientDisconnect:
            self.cut += 1
            raise
        await self.may_answer.wait()
        return Response(str(len(body)))

    @asynccontextmanager
    async def serving(self, limits: Limits) -> AsyncGenerator["Place"]:
        app = Starlette(routes=[Route("/", self.answer, methods=["POST"])])
        async with serving(app, self.listener, limits):
            yield self

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        place = URL(self.url)
        return await asyncio.open_connection(place.host, place.port)

    async def ask(self, body: bytes = b"12345") -> str:
        async with aiohttp.ClientSession() as http, http.post(self.url, data=body) as answer:
            return await answer.text()


async def until_closed(reader: asyncio.StreamReader) -> bytes:
    """Return what came before the other side closed."""
    said = b""
    async with asyncio.timeout(PATIENCE):
        try:
            while part := await reader.read(1000):
                said += part
        except ConnectionResetError:
            pass
    return said


async def test_requests_that_are_never_finished_end() -> None:
    begun = (b"", b"P", HEAD, b"\r\n", HEAD + b"Content-Length: 1000\r\n\r\n12345")

    async def begin(place: Place, begin_with: bytes, *, drips: bool) -> bytes:
        reader, writer = await place.connect()
        writer.write(begin_with)

        async def drip() -> None:
            while True:
                await asyncio.sleep(0.1)
                writer.write(b"\r\n" if begin_with == b"\r\n" else b"X")

        dripping = asyncio.create_task(drip()) if drips else None
        said = await until_closed(reader)
        if dripping is not None:
            dripping.cancel()
        writer.close()
        return said

    async with Place().serving(SHORT) as place:
        lines = (begin(place, sign, drips=drips) for sign in begun for drips in (False, True))
        said = await asyncio.gather(*lines)
        assert not any(b"200 OK" in words for words in said)
        assert await place.ask() == "5"
        assert place.cut == 2


async def test_a_second_request_has_no_more_time_than_the_first() -> None:
    async with Place().serving(SHORT) as place:
        reader, writer = await place.connect()
        writer.write(HEAD + b"Content-Length: 2\r\n\r\n12")
        assert b"200 OK" in await reader.readuntil(b"\r\n\r\n2")
        for _ in range(3):
            writer.write(b"\r\n")
            await asyncio.sleep(0.1)
        assert await until_closed(reader) == b""
        writer.close()


async def test_an_answer_may_take_longer_than_a_request() -> None:
    async with Place().serving(SHORT) as place:
        place.may_answer.clear()
        asking = asyncio.create_task(place.ask())
        await asyncio.sleep(SHORT.head_seconds + SHORT.body_seconds + 0.5)
        assert not asking.done()
        place.may_answer.set()
        assert await asking == "5"


async def test_those_who_only_hold_a_line_make_room() -> None:
    limits = Limits(most=8, head_seconds=PATIENCE, body_seconds=PATIENCE)
    begun = (
        b"",
        HEAD,
        HEAD + b"Content-Length: 10\r\n\r\n12345",
        HEAD + b"Content-Length: 0\r\n\r\n",
    )
    async with Place().serving(limits) as place:
        lines = []
        for number in range(40):
            lines.append(await place.connect())
            lines[-1][1].write(begun[number % 4])
            await asyncio.sleep(0.005)
        assert await place.ask() == "5"
        for reader, _ in lines[:30]:
            await until_closed(reader)
        for _, writer in lines:
            writer.close()


async def test_nobody_who_is_being_answered_makes_room() -> None:
    limits = Limits(most=2, head_seconds=PATIENCE, body_seconds=PATIENCE)
    async with Place().serving(limits) as place:
        place.may_answer.clear()
        asking = [asyncio.create_task(place.ask()) for _ in range(2)]
        async with asyncio.timeout(PATIENCE):
            while place.in_hand < 2:
                await asyncio.sleep(0.01)
        reader, writer = await place.connect()
        assert await until_closed(reader) == b""
        writer.close()
        place.may_answer.set()
        assert await asyncio.gather(*asking) == ["5", "5"]


def test_connections_are_a_part_of_what_a_process_may_open() -> None:
    assert Limits(most=10**6, share=0.5).room < 10**6
    assert Limits(most=3).room == 3
