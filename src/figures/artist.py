"""A process that draws: resvg holds the interpreter lock of the one that it works in."""

import asyncio
import base64
import json
import sys
from collections.abc import Mapping
from typing import Any


class Artist:
    """Draws in a process of its own, while its context lasts."""

    async def __aenter__(self) -> "Artist":
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "src.figures",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 22,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        await self._process.wait()

    async def draw(self, wanted: Mapping[str, Any]) -> bytes:
        """Return a picture as PNG.

        Args:
            wanted: A ``figure`` with its ``language``, or a ``sheet``.

        Raises:
            RuntimeError: The process has ended.
        """
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        try:
            stdin.write(json.dumps(wanted).encode() + b"\n")
            answer = await stdout.readline()
        except OSError as error:
            raise RuntimeError("what draws figures has ended") from error
        if not answer:
            raise RuntimeError("what draws figures has ended")
        return base64.b64decode(answer)
