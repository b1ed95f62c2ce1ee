"""Sheets of practice on their way to Telegram: drawn once, then sent by their name."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import structlog

from src.figures.artist import Artist
from src.figures.practice_sheet import read_sheet

log = structlog.get_logger()

# Names of the latest sheets: some hundred bytes each, and nothing of them is stored.
MOST_NAMES = 10_000


class Sheets:
    """Knows what Telegram calls each sheet, by what it shows; what it does not know is drawn."""

    def __init__(self) -> None:
        self._names: OrderedDict[str, str] = OrderedDict()
        self._studio = _Studio()

    async def find(self, sheet: Mapping[str, Any]) -> str | bytes | None:
        """Return what to send: a name, the bytes, or None where it cannot be drawn."""
        name = self._names.get(_key(sheet))
        if name is not None:
            return name
        try:
            return await self._studio.draw(sheet)
        except (OSError, RuntimeError, ValueError) as error:
            log.warning("a sheet was not drawn", error=type(error).__name__)
            return None

    def keep(self, sheet: Mapping[str, Any], name: str) -> None:
        """Remember the name of a sheet that was uploaded."""
        self._names[_key(sheet)] = name
        if len(self._names) > MOST_NAMES:
            self._names.popitem(last=False)

    def forget(self, sheet: Mapping[str, Any]) -> None:
        """Forget a name that Telegram does not know."""
        self._names.pop(_key(sheet), None)


class _Studio:
    """Draws in a process that is there while pictures are wanted."""

    def __init__(self) -> None:
        self._waiting, self._lock = 0, asyncio.Lock()
        self._artist: Artist | None = None

    async def draw(self, sheet: Mapping[str, Any]) -> bytes:
        """Return a sheet as PNG.

        Raises:
            RuntimeError: The process has ended.
        """
        self._waiting += 1
        async with self._lock:
            try:
                if self._artist is None:
                    self._artist = await Artist().__aenter__()
                return await self._artist.draw({"sheet": dict(sheet)})
            except RuntimeError:
                await self._leave()
                raise
            finally:
                self._waiting -= 1
                if not self._waiting:
                    await self._leave()

    async def _leave(self) -> None:
        if self._artist is not None:
            artist, self._artist = self._artist, None
            await artist.__aexit__()


def _key(sheet: Mapping[str, Any]) -> str:
    return read_sheet(sheet).digest
