"""The teacher's page of the stand-in school, in Chromium and over HTTP."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from sandbox.canvas.run import RunningSchool, start
from tests.acceptance.school_client import Person
from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.asyncio(loop_scope="module")
# Everything that a finger may press and that is seen.
SMALL = """[...document.querySelectorAll(
    "button, summary, nav a, select, input:not([type=hidden])")]
  .filter(one => one.checkVisibility())
  .map(one => (one.closest(".check") || one).getBoundingClientRect().height)
  .filter(height => height < 44)"""


@pytest.fixture
def school() -> Iterator[RunningSchool]:
    running = start()
    yield running
    running.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def page(school: RunningSchool, open_page: OpenPage) -> AsyncIterator[Page]:
    yield await open_page(f"{school.url}/school")


async def press(page: Page, task: str, button: str) -> None:
    card = page.locator("article", has=page.get_by_role("heading", name=task, exact=True))
    if await card.locator("details:not([open])").count():
        await card.locator("summary").click()
    await card.get_by_role("button", name=button).click()
    await expect(page.get_by_role("status")).to_have_text("Done.")


async def test_a_teacher_adds_undates_hides_deletes_and_marks(
    page: Page, school: RunningSchool
) -> None:
    mina = Person(school, "mina")
    maths = mina.courses()["MATH 7"]
    form = page.locator("section").first
    await form.get_by_label("Name").fill("Essay")
    await form.get_by_label("Due").fill("2027-01-05T18:00")
    await form.get_by_role("button", name="Add").click()
    await expect(page.get_by_role("status")).to_have_text("Done.")
    assert mina.tasks(maths)["Essay"]["due_at"] == "2027-01-05T12:00:00Z"
    await press(page, "Essay", "Remove the date")
    assert mina.tasks(maths)["Essay"]["due_at"] is None
    await press(page, "Essay", "Hide from pupils")
    assert "Essay" not in mina.tasks(maths)
    await press(page, "Essay", "Publish")
    card = page.locator("article", has=page.get_by_role("heading", name="Essay", exact=True))
    await card.locator("summary").click()
    await card.get_by_label("Pupil").select_option("Mina Das: nothing")
    await card.get_by_label("Mark").fill("8.5")
    await press(page, "Essay", "Set the mark")
    essay = mina.tasks(maths)["Essay"]
    work = f"courses/{maths['id']}/assignments/{essay['id']}/submissions/self"
    assert mina.get(work)["score"] == 8.5
    await card.locator("summary").click()
    await card.get_by_label("Mark").fill("much")
    await card.get_by_role("button", name="Set the mark").click()
    await expect(page.get_by_role("status")).to_have_text("That did not work: That is no mark.")
    await press(page, "Essay", "Delete")
    assert "Essay" not in mina.tasks(maths)
    await press(page, "Essay", "Bring back")


async def test_bad_days_and_tokens_are_switched_on_the_page(
    page: Page, school: RunningSchool
) -> None:
    mina = Person(school, "mina")
    await page.get_by_label("Answers 5xx").fill("100")
    await page.get_by_role("button", name="Set", exact=True).click()
    assert mina.api("courses").status == 502
    await page.get_by_role("button", name="All good again").click()
    await expect(page.get_by_role("status")).to_have_text("Done.")
    assert mina.api("courses").status == 200
    await page.get_by_role("button", name="Revoke Mina Das").click()
    await expect(page.get_by_text("revoked")).to_have_count(1)
    assert mina.api("courses").status == 401


@pytest.mark.parametrize("language", ["en", "bn"])
@pytest.mark.parametrize("width", [320, 1280])
async def test_it_is_readable_and_pressable(
    school: RunningSchool, open_page: OpenPage, width: int, language: str
) -> None:
    page = await open_page(f"{school.url}/school?lang={language}", width=width)
    await page.locator("summary").first.click()
    assert await page.evaluate("document.documentElement.scrollWidth") == width
    assert await page.evaluate(SMALL) == []
    assert await page.locator("html").get_attribute("lang") == language
    unnamed = page.locator("input:not([type=hidden]), select")
    for one in await unnamed.all():
        assert await one.evaluate("one => one.labels.length") == 1


async def test_a_person_logs_in_with_their_browser(
    school: RunningSchool, open_page: OpenPage
) -> None:
    back = "http://127.0.0.1:8080/canvas/return"
    query = f"client_id=10000000000001&response_type=code&redirect_uri={back}&state=s1"
    page = await open_page(f"{school.url}/login/oauth2/auth?{query}", width=320)
    await page.get_by_label("You are").select_option("Mina Das")
    async with page.expect_request(lambda one: one.url.startswith(back)) as sent:
        await page.get_by_role("button", name="Allow").click()
    address = (await sent.value).url
    assert "code=" in address
    assert address.endswith("state=s1")


async def test_other_websites_are_kept_out(school: RunningSchool) -> None:
    stranger = Person(school, token="")
    assert stranger.ask("GET", "/school", host="evil.example").status == 421
    form = {"action": "reset"}
    assert stranger.ask("POST", "/school/do", form, origin="https://evil.example").status == 403
    assert stranger.ask("POST", "/school/faults", b"{}", origin="null").status == 403
    assert stranger.ask("POST", "/school/do", form, origin=school.url).status == 303
    page = stranger.ask("GET", "/school")
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


async def test_names_are_shown_as_text(page: Page, school: RunningSchool) -> None:
    teacher = Person(school, "farida")
    maths = teacher.courses()["MATH 7"]
    name = '<img src=x onerror="alert(1)">'
    path = f"courses/{maths['id']}/assignments"
    assert teacher.send("POST", path, assignment__name=name).status == 201
    await page.reload()
    await expect(page.get_by_role("heading", name=name)).to_have_count(1)
    assert await page.locator("article img").count() == 0
