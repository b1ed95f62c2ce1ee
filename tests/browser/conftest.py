"""A real Chromium, and a sandbox with a small scripted bot for it to talk to."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.browser.install import ADVICE, chromium_path, launch_flags

OpenPage = Callable[..., Awaitable[Page]]
# A safety net: Chromium starts slowly where other things run.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; without one the tests fail and say what to do."""
    path = chromium_path()
    if path is None:
        pytest.fail(ADVICE)
    return path


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """One Chromium for all tests of a module, which share its event loop."""
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(
            executable_path=chromium, args=launch_flags(), headless=True
        )
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope="module")
async def open_page(browser: Browser) -> AsyncGenerator[OpenPage]:
    """Opens a URL in a fresh context; a page that logs an error fails its test."""
    problems: list[str] = []
    async with AsyncExitStack() as stack:

        async def open_one(url: str, width: int = 1280, height: int = 800, **more: object) -> Page:
            context = await browser.new_context(
                viewport={"width": width, "height": height},
                locale=str(more.get("locale", "en-GB")),
                color_scheme="dark" if more.get("dark") else "light",
            )
            stack.push_async_callback(context.close)
            page = await context.new_page()
            page.set_default_timeout(PATIENCE_MS)
            page.on("pageerror", lambda error: problems.append(str(error)))
            await page.goto(url)
            return page

        yield open_one
    assert problems == []
