"""The pages of teachers in Chromium: no JavaScript, a keyboard, a phone, a projector."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, expect

from cli.demo_class import seed_class
from src import clock, database
from src.settings import Settings
from src.storage import schema
from src.teaching import entering
from tests.fixtures.classes import add_problems
from tests.integration.test_class_figures import TOPICS
from web.app import create_app
from web.serving import address_of, listen, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")
PHONE, DESK, PROJECTOR = (320, 640), (1280, 800), (1920, 1080)
# Of what a finger may press: an own line, not a link within a text.
SMALL = """[...document.querySelectorAll("button, summary, select, input:not([type=hidden])")]
  .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 44)
  .map(one => one.outerHTML)"""
# What sticks out of the page; a table does so in its own frame, which scrolls.
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Pages:
    """Where the pages are, and a link to come in by."""

    url: str
    link: str


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pages(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pages]:
    """The pages over a class of simulated pupils."""
    database.configure(f"sqlite:///{tmp_path_factory.mktemp('pages') / 'pages.db'}")
    await schema.upgrade(database.get_engine())
    async with database.session_scope() as db:
        for topic in TOPICS:
            await add_problems(db, 6, topic=topic)
        teacher = await seed_class(db, clock.now())
        secret = await entering.make_link(db, teacher, clock.now())
    listener = listen("127.0.0.1", 0, "DARS_WEB_PORT")
    async with serving(create_app(Settings()), listener):
        yield Pages(address_of(listener), f"{address_of(listener)}/in/{secret}")
    await database.dispose()
    database.configure()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def inside(browser: Browser, pages: Pages) -> AsyncIterator[BrowserContext]:
    """A browser without JavaScript in which the teacher has come in."""
    context = await browser.new_context(java_script_enabled=False, locale="en-GB")
    page = await context.new_page()
    await page.goto(pages.link)
    await page.get_by_role("button", name="Come in").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Your classes")
    await page.close()
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="module")
async def page(inside: BrowserContext, pages: Pages) -> AsyncIterator[Page]:
    """The page of the class."""
    opened = await inside.new_page()
    await opened.goto(f"{pages.url}/classes")
    await opened.get_by_role("link", name="7A").click()
    yield opened
    await opened.close()


async def test_a_teacher_reads_sorts_filters_and_settles(page: Page) -> None:
    flags = page.locator(".flag")
    await expect(flags).to_have_count(5)
    await flags.first.get_by_text("Why is this said?").click()
    await expect(flags.first.get_by_text("Said from")).to_be_visible()
    await page.get_by_role("link", name="Of 100").click()
    heading = page.get_by_role("columnheader", name="Of 100")
    assert await heading.get_attribute("aria-sort") == "ascending"
    await page.get_by_label("Topic", exact=True).select_option("Ratio")
    await page.get_by_role("button", name="Show").click()
    assert "topic=ratio" in page.url
    assert await page.locator("tbody tr").count() == 30
    disputes = page.locator("#disputes article")
    await expect(disputes).to_have_count(3)
    await disputes.first.get_by_role("button", name="It is right").click()
    await expect(page.locator("#disputes article")).to_have_count(2)


async def test_a_teacher_writes_a_note_by_keyboard_alone(page: Page) -> None:
    await page.locator(".flag a").first.focus()
    await page.keyboard.press("Enter")
    await page.get_by_label("A new note").focus()
    await page.keyboard.type("Ask about the ratio of the map.")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Ask about the ratio of the map.")).to_be_visible()
    await page.get_by_role("button", name="Delete").click()
    await expect(page.get_by_text("Ask about the ratio of the map.")).to_have_count(0)


async def test_files_are_downloaded(page: Page) -> None:
    for form in ("CSV", "XLSX"):
        async with page.expect_download() as started:
            await page.get_by_role("link", name=form, exact=True).click()
        file = Path(await (await started.value).path())
        assert file.stat().st_size > 1000


# Neither depends on the other: two of the four show all.
@pytest.mark.parametrize(("language", "dark"), [("English", False), ("বাংলা", True)])
async def test_pages_are_for_everybody(
    browser: Browser, inside: BrowserContext, pages: Pages, language: str, dark: bool
) -> None:
    """Neither axe nor a ruler finds fault: contrast, names, order, 44 pixels, nothing too wide."""
    async with AsyncExitStack() as stack:
        context = await browser.new_context(
            storage_state=await inside.storage_state(),
            color_scheme="dark" if dark else "light",
            # The checker is a script, which the pages themselves forbid.
            bypass_csp=True,
        )
        stack.push_async_callback(context.close)
        page = await context.new_page()
        await page.goto(f"{pages.url}/classes")
        button = page.get_by_role("button", name=language)
        if await button.count():
            await button.click()
        pupil = f"{pages.url}/classes/1/pupils/2"
        for where in (f"{pages.url}/classes", f"{pages.url}/classes/1", pupil):
            for width, height in (PHONE, DESK, PROJECTOR):
                await page.set_viewport_size({"width": width, "height": height})
                await page.goto(where)
                assert await page.evaluate(WIDE) == 0, (where, width)
                assert await page.evaluate(SMALL) == [], (where, width)
            found = (await Axe().run(page)).response["violations"]
            grave = [v for v in found if v["impact"] in {"serious", "critical"}]
            assert [(v["id"], [n["html"] for n in v["nodes"]][:3]) for v in grave] == [], where


async def test_a_printout_has_no_buttons(page: Page) -> None:
    await page.emulate_media(media="print")
    await expect(page.get_by_role("button", name="It is right").first).to_be_hidden()
    await expect(page.locator("#joining")).to_be_hidden()
    await expect(page.locator("tbody tr").first).to_be_visible()
