"""What the tests of the web chat have a bot say."""

import json
from typing import Any

import aiohttp

from sandbox.run import Running


class Caller:
    """Calls methods of the Bot API over HTTP, as any bot would."""

    def __init__(self, http: aiohttp.ClientSession, running: Running) -> None:
        self.http, self.base = http, f"{running.url}/bot{running.config.token}"

    async def call(self, method: str, **params: Any) -> Any:
        """Call a method; return its result, None when it was refused."""
        form = {
            key: value if isinstance(value, str) else json.dumps(value)
            for key, value in params.items()
        }
        async with self.http.post(f"{self.base}/{method}", data=form) as answer:
            return (await answer.json()).get("result")
