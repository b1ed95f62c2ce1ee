"""A pupil who chats with the bot through the sandbox's own HTTP, as a person would."""

import asyncio
from typing import Any

import aiohttp

# A safety net, and no expectation: a machine may be busy with other things.
PATIENCE_SECONDS = 120.0


class Pupil:
    """One Telegram user with a phone: writes, taps, reads."""

    def __init__(self, http: aiohttp.ClientSession, url: str, user_id: int, **profile: Any) -> None:
        self._http, self._url, self.id = http, url, user_id
        self._profile = {"language_code": "en", "first_name": "Mitu"} | profile

    async def say(self, text: str, **more: Any) -> list[dict[str, Any]]:
        """Write, wait until the bot has handled it, and return the new messages of the bot."""
        return await self.send(text=text, **more)

    async def post(self, text: str) -> None:
        """Write without waiting for the bot, which takes a pupil's messages in order."""
        await self._post("messages", self._profile | {"text": text})

    async def send(self, **content: Any) -> list[dict[str, Any]]:
        """Send anything that the sandbox can, and return the new messages of the bot."""
        seen = await self._seen()
        await self._post("messages", self._profile | content)
        return await self._news(seen)

    async def tap(self, label: str, *, message_id: int | None = None) -> list[dict[str, Any]]:
        """Tap the newest button whose words contain a label; return the bot's new messages."""
        seen = await self._seen()
        found_in, data = await self.find_button(label, message_id)
        await self._post("taps", {"message_id": found_in, "data": data})
        return await self._news(seen)

    async def skip(self) -> list[dict[str, Any]]:
        """Tap Skip, and ask for the next question where one waits; return the new messages."""
        said = await self.tap("Skip")
        return said + await self.tap("Next") if "Next question" in str(said) else said

    async def tap_data(self, message_id: int, data: str) -> list[dict[str, Any]]:
        """Tap a button with any data, as from an old or forged one."""
        seen = await self._seen()
        await self._post("taps", {"message_id": message_id, "data": data})
        return await self._news(seen)

    async def find_button(self, label: str, message_id: int | None = None) -> tuple[int, str]:
        """Return (message_id, data) of the newest button whose words contain a label."""
        for message in reversed(await self.chat()):
            if message_id is not None and message["message_id"] != message_id:
                continue
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if label in button["text"]:
                        return message["message_id"], button["callback_data"]
        raise AssertionError(f"no button {label!r} in the chat")

    async def chat(self) -> list[dict[str, Any]]:
        """Return the whole chat, oldest first."""
        async with self._http.get(f"{self._url}/sandbox/users/{self.id}/chat") as response:
            messages: list[dict[str, Any]] = (await response.json())["messages"]
            return messages

    async def screen(self) -> list[dict[str, Any]]:
        """Return the whole chat as the web chat draws it, with entities and options."""
        async with self._http.get(f"{self._url}/sandbox/users/{self.id}/screen") as response:
            messages: list[dict[str, Any]] = (await response.json())["messages"]
            return messages

    async def toasts(self) -> list[str]:
        """Return the notices that answered taps, oldest first."""
        async with self._http.get(f"{self._url}/sandbox/users/{self.id}/answers") as response:
            answers = (await response.json())["answers"]
            return [answer.get("text") or "" for answer in answers]

    async def block(self) -> None:
        """Block the bot."""
        await self._post("block", {})
        await self.wait()

    async def unblock(self) -> None:
        """Unblock the bot."""
        await self._post("unblock", {})
        await self.wait()

    async def wait(self, patience: float = PATIENCE_SECONDS) -> None:
        """Wait until the bot has acknowledged all updates."""
        loop = asyncio.get_running_loop()
        deadline, pause = loop.time() + patience, 0.01
        while loop.time() < deadline:
            async with self._http.get(f"{self._url}/sandbox/stats") as response:
                if (await response.json())["updates"]["pending"] == 0:
                    return
            # Bot, sandbox and tests share two cores: asking all the time would slow the answer.
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, 0.1)
        raise AssertionError("the bot did not acknowledge the update in time")

    async def register(self, grade: int = 7, language: str = "English") -> None:
        """Go through the registration, with a reminder at six in the evening."""
        english = language == "English"
        await self.say("/start")
        await self.tap(language)
        await self.tap("✅")
        await self.tap(f"Class {grade}" if english else "৭ম")
        await self.tap("🇧🇩")
        await self.tap("6:00 pm" if english else "সন্ধ্যা ৬টা")

    async def _seen(self) -> int:
        return max((m["message_id"] for m in await self.chat()), default=0)

    async def _news(self, seen: int) -> list[dict[str, Any]]:
        await self.wait()
        return [m for m in await self.chat() if m["message_id"] > seen and m["from"] == "bot"]

    async def _post(self, what: str, body: dict[str, Any]) -> None:
        url = f"{self._url}/sandbox/users/{self.id}/{what}"
        async with self._http.post(url, json=body) as response:
            assert response.status == 200, await response.text()


def text_of(messages: list[dict[str, Any]]) -> str:
    """Return the texts of messages as one."""
    return "\n".join(m["text"] for m in messages)
