"""What a pupil reads about deadlines: days as people say them, and messages that fit."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.callbacks import Action, decode
from bot.replies import MOST_SIGNS, Say
from bot.views import canvas, tasks
from bot.views.due import day_name, left, when
from bot.words import Words, words
from src.deadlines.joining import SchoolNews
from src.deadlines.results import Digest, Due, DueNotice, Meant, SchoolNotice, TaskPage
from src.language import Language
from src.models import TaskSource

DHAKA = "Asia/Dhaka"
# A Wednesday, noon in Dhaka.
NOW = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)
TODAY = date(2026, 3, 4)
ESSAY = Due(7, TaskSource.MANUAL, "Essay <1>", "History & more", NOW + timedelta(hours=5))
EN, BN = words("en"), words("bn")


@pytest.mark.parametrize(
    ("ahead", "english", "bangla"),
    [
        (-1, "yesterday", "গতকাল"),
        (0, "today", "আজ"),
        (1, "tomorrow", "আগামীকাল"),
        (2, "Friday, 6 Mar", "শুক্রবার, ৬ মার্চ"),
        (30, "3 Apr", "৩ এপ্রিল"),
    ],
)
def test_days_as_people_say_them(ahead: int, english: str, bangla: str) -> None:
    day = TODAY + timedelta(days=ahead)
    assert day_name(EN, day, TODAY).startswith(english)
    assert day_name(BN, day, TODAY).startswith(bangla)


def test_a_day_of_another_year_names_it() -> None:
    assert "2025" in day_name(EN, date(2025, 3, 4), TODAY)
    assert "২০২৫" in day_name(BN, date(2025, 3, 4), TODAY)


def test_a_deadline_is_read_where_the_pupil_lives() -> None:
    """Rule 13: not Friday 5:59 am where it is Thursday 11:59 pm."""
    due = replace(ESSAY, due_at=datetime(2026, 5, 29, 5, 59, 59, tzinfo=UTC))
    now = datetime(2026, 5, 26, 12, 0, tzinfo=UTC)
    assert when(EN, due, now, "America/Denver").startswith("Thursday, 28 May at 11:59")


@pytest.mark.parametrize(
    ("hours", "said"), [(100, "4 days"), (20, "20 h"), (0.2, "less than an hour")]
)
def test_how_long_there_is_still_time(hours: float, said: str) -> None:
    assert said in left(EN, NOW + timedelta(hours=hours), NOW)


def notice(count: int) -> DueNotice:
    due = [replace(ESSAY, id=n, title=f"Task {n} " + "ব" * 250) for n in range(count)]
    return DueNotice(1, Language.EN, DHAKA, NOW, due)


@pytest.mark.parametrize("t", [EN, BN])
def test_a_reminder_names_the_task_and_has_a_button_for_it(t: Words) -> None:
    said = tasks.reminder(t, replace(notice(1), tasks=[ESSAY]))
    assert "Essay &lt;1&gt;" in said.text
    assert "History &amp; more" in said.text
    assert decode(said.keyboard[0][0].data).args == (tasks.DONE, "7")


def test_on_a_shared_phone_it_says_who_is_meant() -> None:
    said = tasks.meant_for(EN, tasks.reminder(EN, replace(notice(1), tasks=[ESSAY])), None)
    assert "Rima" not in said.text
    marked = tasks.meant_for(EN, said, Meant(7, "Rima"))
    assert marked.text.startswith("👤 <b>Rima</b>")
    assert decode(marked.keyboard[0][0].data).action is Action.PROFILE


@pytest.mark.parametrize(("t", "digits"), [(EN, "123"), (BN, "১২৩")])
def test_each_button_has_the_number_of_its_line(t: Words, digits: str) -> None:
    """Through all parts of the list: what is due today, later, and over."""
    hours = (3, 30, 700)
    due = [
        replace(ESSAY, id=n, title=f"Task-{n}", due_at=NOW + timedelta(hours=h))
        for n, h in enumerate(hours)
    ]
    said = tasks.page(t, TaskPage(due, 0, has_more=False), NOW, DHAKA)
    for n, digit in enumerate(digits):
        assert f"{digit}. <b>Task-{n}</b>" in said.text
        assert (said.keyboard[0][n].text, said.keyboard[1][n].text) == (f"✅ {digit}", f"⋯ {digit}")
        assert decode(said.keyboard[0][n].data).args == (tasks.DONE, str(n))


@pytest.mark.parametrize("count", [2, 12, 60])
def test_many_at_once_are_one_message_that_fits(count: int) -> None:
    said = tasks.reminder(EN, notice(count))
    assert len(said.text) <= MOST_SIGNS
    assert len(said.keyboard) <= 7
    assert ("and 48 more" in said.text) == (count == 60)


def test_the_digest_says_what_is_true() -> None:
    digest = Digest(1, Language.EN, DHAKA, NOW, [ESSAY], [], 0)
    assert "Room to begin early" in tasks.digest(EN, digest).text
    assert "Things you got done last week: 3" in tasks.digest(EN, replace(digest, done=3)).text
    nothing = tasks.digest(EN, replace(digest, tasks=[], moved=[ESSAY]))
    assert "Nothing is due" in nothing.text
    assert "The date has changed" in nothing.text


def test_a_dead_school_is_connected_again_with_one_tap() -> None:
    for is_dead in (True, False):
        dead = SchoolNotice(1, Language.EN, "https://canvas.school.example", is_dead)
        said = tasks.school_notice(EN, dead)
        assert decode(said.keyboard[0][0].data).action is Action.SCHOOL
        assert "canvas.school.example" in said.text


@pytest.mark.parametrize(
    "state", ["slow", "token", "feed", "address", "unreadable", "away", "connected"]
)
@pytest.mark.parametrize("language", list(Language))
def test_whatever_comes_of_connecting_is_said(state: str, language: Language) -> None:
    page = TaskPage([ESSAY], 0, has_more=False)
    news = SchoolNews(
        1, language, "https://canvas.school.example", state, DHAKA, NOW, ("History",), page
    )
    said = canvas.news(words(language), news)
    assert isinstance(said, Say)
    assert said.text
    assert bool(said.keyboard) == (state != "slow")
