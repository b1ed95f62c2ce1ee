"""How the pages look: contrast, targets, fonts and cut buttons, measured on a phone and a desk."""

from collections.abc import AsyncGenerator, Iterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from bot.replies import Say, laid_out
from bot.views import hints, nudges, practice, registration
from bot.words import Words, words
from sandbox.canvas.run import RunningSchool
from sandbox.canvas.run import start as start_school
from sandbox.config import SandboxConfig
from sandbox.run import Running, start
from src.accounts.steps import Step
from src.answers import Outcome
from src.practice.results import Answered, ProblemCard, Question
from tests.browser.conftest import OpenPage
from tests.browser.measuring import DESK, PHONE, find_faults
from tests.browser.scripted import Caller

pytestmark = pytest.mark.asyncio(loop_scope="module")
LEFT = {"attempts_left": 1}
CONFETTI = "5046509860389126442"
LONG = "🙋 আমার মনে হয় আমার উত্তরটি ঠিক ছিল, আরেকবার দেখো"
BUTTONS = [
    [{"text": "True", "callback_data": "a"}, {"text": "False", "callback_data": "b"}],
    [{"text": LONG, "callback_data": "c"}],
    [
        {"text": "Yes", "callback_data": "d", "style": "success"},
        {"text": "No", "callback_data": "e", "style": "danger"},
        {"text": "Hint", "callback_data": "f", "style": "primary"},
    ],
    [{"text": "Page", "url": "https://example.org"}],
]
WORDS = {
    "en": "🔥 <b>Question 1</b> of 5, see /help\n<blockquote>x² + 5x</blockquote> <code>3/4</code>",
    "bn": "🔥 <b>প্রশ্ন ১</b> /help\n<blockquote>র‍্যালিতে স্ত্রী ও ক্ষ্ম</blockquote> <code>৩/৪</code>",
}
PLACEHOLDER = "3/4, 0.75, ৩/৪"


@pytest_asyncio.fixture(loop_scope="module")
async def chat() -> AsyncGenerator[tuple[Running, Caller]]:
    running = start(SandboxConfig(port=0))
    async with aiohttp.ClientSession() as http:
        yield running, Caller(http, running)
    running.stop()


@pytest.fixture
def school() -> Iterator[RunningSchool]:
    running = start_school()
    yield running
    running.stop()


async def filled(page: Page, bot: Caller, language: str) -> None:
    """Fill the chat of a page with a bit of everything that a bot can say."""
    await bot.call("setMyCommands", commands=[{"command": "help", "description": "What I do"}])
    await page.locator(".start").click()
    user: Any = await page.locator(".chat").get_attribute("data-user")
    own = page.locator(".message.own")
    await expect(own).to_have_count(1)
    number: Any = await own.get_attribute("data-id")
    say = {"chat_id": user, "parse_mode": "HTML"}
    await bot.call("sendMessage", text=WORDS[language], **say)
    keys = {"inline_keyboard": BUTTONS}
    quote = {"message_id": int(number)}
    await bot.call("sendMessage", text="3 + 4?", reply_markup=keys, reply_parameters=quote, **say)
    react = [{"type": "emoji", "emoji": "👍"}]
    await bot.call("setMessageReaction", chat_id=user, message_id=int(number), reaction=react)
    force = {"force_reply": True, "input_field_placeholder": PLACEHOLDER}
    await bot.call("sendMessage", text="...", reply_markup=force, **say)
    await expect(page.locator(".reaction")).to_have_text("👍")
    await expect(page.locator(".message.theirs .text")).to_have_count(3)


@pytest.mark.parametrize("locale", ["en-GB", "bn-BD"])
async def test_the_chat_is_readable_and_pressable(
    chat: tuple[Running, Caller], open_page: OpenPage, locale: str
) -> None:
    page = await open_page(chat[0].url, locale=locale)
    await expect(page.locator(".start")).to_be_visible()
    assert await find_faults(page) == []
    await filled(page, chat[1], locale[:2])
    assert await find_faults(page) == []
    await page.locator(".chat-head .icon-button").click()
    await expect(page.get_by_role("menu")).to_be_visible()
    assert await find_faults(page) == []
    await page.keyboard.press("Escape")
    await page.set_viewport_size({"width": DESK, "height": 720})
    await page.locator("#add").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await find_faults(page) == []


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_the_school_is_readable_and_pressable(
    school: RunningSchool, open_page: OpenPage, language: str
) -> None:
    page = await open_page(f"{school.url}/school?lang={language}")
    await page.locator("summary").first.click()
    assert await find_faults(page) == []
    await page.evaluate("document.fonts.ready")
    assert "Dars Bangla" in await families(page)


@pytest.mark.parametrize("width", [PHONE, 390])
async def test_a_button_is_cut_and_never_wrapped(
    chat: tuple[Running, Caller], open_page: OpenPage, width: int
) -> None:
    page = await open_page(chat[0].url, width=width, height=720, locale="bn-BD")
    await filled(page, chat[1], "bn")
    words = page.locator(".key span")
    heights = await words.evaluate_all("all => all.map((one) => one.getClientRects().length)")
    assert set(heights) == {1}
    keys = await page.locator(".key").evaluate_all("all => all.map((one) => one.offsetHeight)")
    assert len(set(keys)) == 1
    is_cut = "one => one.scrollWidth > one.clientWidth"
    assert await words.get_by_text("আমার মনে হয়").evaluate(is_cut)
    assert not await words.get_by_text("False").evaluate(is_cut)


async def families(page: Page) -> set[str]:
    """Return the families of fonts that a page has fetched."""
    loaded = "[...document.fonts].filter((one) => one.status === 'loaded').map((one) => one.family)"
    return {family.strip('"') for family in await page.evaluate(loaded)}


async def test_it_brings_its_fonts(chat: tuple[Running, Caller], open_page: OpenPage) -> None:
    page = await open_page(chat[0].url, width=PHONE, locale="bn-BD")
    await filled(page, chat[1], "bn")
    await page.evaluate("document.fonts.ready")
    assert {"Dars Bangla", "Dars Emoji"} <= await families(page)
    # Five signs are drawn as one, which only the font's own rules do.
    wide = """text => {
      const pen = document.createElement("canvas").getContext("2d");
      pen.font = '40px "Dars Bangla"';
      return pen.measureText(text).width;
    }"""
    assert await page.evaluate(wide, "ক্ষ্ম") < 2 * await page.evaluate(wide, "ক")


async def test_a_long_quotation_folds_and_an_effect_flies(
    chat: tuple[Running, Caller], open_page: OpenPage
) -> None:
    page = await open_page(chat[0].url, width=PHONE, height=720, locale="bn-BD")
    await page.locator(".start").click()
    user: Any = await page.locator(".chat").get_attribute("data-user")
    solution = "প্রথমে হাজার যোগ করো, তারপর শতক। " * 8
    text = f"সমাধান\n<blockquote expandable>{solution}</blockquote>"
    say = {"chat_id": user, "parse_mode": "HTML"}
    await chat[1].call("sendMessage", text="<blockquote expandable>৫</blockquote>", **say)
    await chat[1].call("sendMessage", text=text, message_effect_id=CONFETTI, **say)
    await expect(page.locator(".party")).to_have_count(1)
    short, long = page.locator("blockquote").first, page.locator("blockquote").last
    await expect(short.locator(".more")).to_be_hidden()
    more = long.get_by_role("button", name="পুরো উদ্ধৃতি")
    await expect(more).to_have_attribute("aria-expanded", "false")
    folded: Any = await long.bounding_box()
    await more.focus()
    await page.keyboard.press("Enter")
    await expect(more).to_have_attribute("aria-expanded", "true")
    opened: Any = await long.bounding_box()
    assert opened["height"] > 1.8 * folded["height"]
    await long.click(position={"x": 20, "y": 20})
    await expect(more).to_have_attribute("aria-expanded", "false")
    assert await find_faults(page) == []


def card(kind: str, **more: Any) -> ProblemCard:
    """Return a problem of a type."""
    texts = {"question_en": "?", "question_bn": "?", "solution_en": "", "solution_bn": ""}
    facts: dict[str, Any] = {**texts, "choices": None, "misconceptions": (), "hints": [{}] * 3}
    facts |= {"id": 1, "topic": "data", "difficulty": 1, "estimated_time_minutes": 2}
    return ProblemCard(answer="1", answer_type=kind, answer_options={}, **facts | more)


def own_messages(t: Words) -> list[Say]:
    """Return messages with keyboards of Dars' own words, or with words as short as choices."""
    place = (9_999_999, 5, 5)
    asked = Question(*place, card("number"), attempts=2, hints_used=2)
    shorts = {"en": ["24 square cm"] * 4, "bn": ["২৪ বর্গ সেমি"] * 4}
    questions = [asked, Question(*place, card("boolean"))]
    questions.append(Question(*place, card("choice", choices=shorts)))
    verdict = {"reason": None, "problem": card("number"), "response_id": 1, "attempts": 1}
    ends: list[Any] = [
        {"outcome": Outcome.CORRECT, "closed": True, "asks_confidence": True},
        {"outcome": Outcome.WRONG, "closed": False, "next": asked},
    ]
    said = [
        *(registration.ask(t, step) for step in Step),
        registration.ask_other_timezone(t),
        registration.registered(t),
        *(hints.ask_model_hints(t, accepted=accepted) for accepted in (True, False)),
        nudges.ask_nudges(t),
        *(practice.question(t, one) for one in questions),
        *(one for end in ends for one in practice.answered(t, Answered(**verdict | LEFT | end))),
    ]
    return [one for one in said if isinstance(one, Say) and one.keyboard]


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_no_word_of_our_own_buttons_is_cut_on_a_phone(
    chat: tuple[Running, Caller], open_page: OpenPage, language: str
) -> None:
    page = await open_page(chat[0].url, width=PHONE, height=720, locale=f"{language}-GB")
    await page.locator(".start").click()
    user: Any = await page.locator(".chat").get_attribute("data-user")
    messages = own_messages(words(language))
    for message in messages:
        rows = [
            [{"text": one.text, "callback_data": one.data} for one in row]
            for row in laid_out(message.keyboard)
        ]
        say = {"chat_id": user, "text": message.text, "parse_mode": "HTML"}
        await chat[1].call("sendMessage", reply_markup={"inline_keyboard": rows}, **say)
    await expect(page.locator(".keyboard")).to_have_count(len(messages))
    await page.evaluate("document.fonts.ready")
    cut = "all => all.filter((k) => k.scrollWidth > k.clientWidth).map((k) => k.innerText)"
    assert await page.locator(".key span").evaluate_all(cut) == []
