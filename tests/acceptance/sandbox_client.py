"""A plain HTTP client of the sandbox: both sides of a chat, nothing of Telegram's libraries."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from sandbox.run import Running

Json = dict[str, Any]
PUPIL = 501


class Api:
    """Calls the Bot API as a bot, and the pupils' side as pupils."""

    def __init__(self, http: aiohttp.ClientSession, running: Running) -> None:
        self.http, self.url, self.token = http, running.url, running.config.token

    @classmethod
    @asynccontextmanager
    async def of(cls, running: Running) -> AsyncGenerator["Api"]:
        """A client of a sandbox as it stands."""
        async with aiohttp.ClientSession() as http:
            yield cls(http, running)

    async def raw(self, method: str, **params: Any) -> tuple[int, Json]:
        """Return (status, body) of a Bot API call."""
        form = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in params.items()
        }
        async with self.http.post(f"{self.url}/bot{self.token}/{method}", data=form) as answer:
            return answer.status, await answer.json()

    async def call(self, method: str, **params: Any) -> Any:
        """Return the result of a call that succeeds."""
        status, body = await self.raw(method, **params)
        assert (status, body["ok"]) == (200, True), body
        return body["result"]

    async def refused(self, method: str, **params: Any) -> str:
        """Return "code description" of a call that is refused."""
        status, body = await self.raw(method, **params)
        assert body["ok"] is False, body
        assert body["error_code"] == status
        return f"{status} {body['description']}"

    async def get(self, path: str) -> Any:
        """Read from the sandbox's own side."""
        async with self.http.get(f"{self.url}/sandbox/{path}") as answer:
            return await answer.json()

    async def post(self, path: str, body: Any = None, *, status: int = 200) -> Any:
        """Act on the sandbox's own side."""
        async with self.http.post(f"{self.url}/sandbox/{path}", json=body or {}) as answer:
            result = await answer.json()
            assert answer.status == status, result
            return result

    async def say(self, text: str = "/start", user: int = PUPIL, **more: Any) -> Any:
        """A pupil writes."""
        return await self.post(f"users/{user}/messages", {"text": text, **more})

    async def send(self, text: str = "Hello", user: int = PUPIL, **more: Any) -> Any:
        """The bot writes to a pupil who has started it."""
        return await self.call("sendMessage", chat_id=user, text=text, **more)

    async def tap(self, message_id: int, data: str = "v1:a", user: int = PUPIL) -> Any:
        """A pupil presses a button."""
        return await self.post(f"users/{user}/taps", {"message_id": message_id, "data": data})

    async def seat(self, status: str, chat: Json, user: int = PUPIL) -> Any:
        """A pupil changes what the bot is in a group."""
        return await self.post(f"users/{user}/membership", {"chat": chat, "status": status})

    async def chat(self, user: int = PUPIL) -> list[Json]:
        """What the pupil's chat shows."""
        messages: list[Json] = (await self.get(f"users/{user}/chat"))["messages"]
        return messages

    async def updates(self, **params: Any) -> list[Json]:
        """Fetch and acknowledge what waits."""
        found: list[Json] = await self.call("getUpdates", **params)
        if found:
            await self.call("getUpdates", offset=found[-1]["update_id"] + 1)
        return found

    async def drained(self) -> None:
        """Wait until every update is acknowledged."""
        async with asyncio.timeout(120):
            while (await self.get("stats"))["updates"]["pending"]:
                await asyncio.sleep(0.005)


@asynccontextmanager
async def api_of(running: Running) -> AsyncGenerator[Api]:
    """A client of a sandbox in which one pupil has started the bot and nothing waits."""
    async with Api.of(running) as api:
        await api.post("reset")
        await api.say()
        await api.updates()
        yield api


def keyboard(*rows: list[tuple[str, str]]) -> Json:
    """An inline keyboard of (text, callback_data)."""
    return {
        "inline_keyboard": [
            [{"text": text, "callback_data": data} for text, data in row] for row in rows
        ]
    }
