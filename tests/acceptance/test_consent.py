"""Consent before data: what is kept of whom, and how anybody ends it, on both databases."""

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from sqlalchemy import select, text, update

from src import clock, database, logs
from src.accounts.steps import CONSENT_VERSION
from src.models import AuditEvent, Base, Person, Student
from src.settings import ProcessSettings
from tests.acceptance.conftest import MakePupil
from tests.acceptance.pupil import Pupil, text_of
from tests.acceptance.test_practice import all_of, right_answer

NAME, PAYLOAD, WORD = "Zubaidaplant", "c_PAYLOADPLANT", "wordplant"
PLANTED = (NAME, PAYLOAD, WORD, "Tokyo")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged, in the most talkative way; afterwards the process logs as it did."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    logs.configure(ProcessSettings(log_level="DEBUG"), [], stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


async def everything() -> str:
    """Return all rows of all tables as one text."""
    async with database.session_scope() as db:
        tables = [list(await db.execute(select(t))) for t in Base.metadata.sorted_tables]
    return str(tables)


async def people() -> list[tuple[Any, ...]]:
    return [(p.telegram_id, p.language, p.dialog, p.blocked_at) for p in await all_of(Person)]


async def assert_nothing_stays() -> None:
    assert await people() == []
    assert await all_of(Student) == []
    assert await all_of(AuditEvent) == []


async def to_consent(pupil: Pupil) -> str:
    await pupil.say("/start")
    return text_of(await pupil.tap("English"))


async def test_before_yes_only_the_id_the_language_and_the_step_are_kept(
    log: io.StringIO, bot: None, make_pupil: MakePupil
) -> None:
    pupil = make_pupil(first_name=NAME, last_name=NAME, username=NAME)
    said = await pupil.say(f"/start {PAYLOAD}")
    for words in (WORD, "Tokyo", "/privacy", "/help", "/settings", "class 8", "/practice"):
        assert "Which language" in text_of(await pupil.say(words))
    assert "all right?" in text_of(await pupil.tap("English"))
    await pupil.send(sticker="🙂")
    for words in (WORD, "Tokyo", "8", "/grade", f"/start {PAYLOAD}", "who are you?"):
        assert "all right?" in text_of(await pupil.say(words))
    for data in ("g:8", "z:Asia/Tokyo", "n:on:18", "n:off", "m:y", "t:nudges", "p", "c:y"):
        assert "all right?" in text_of(await pupil.tap_data(said[-1]["message_id"], f"1:{data}"))
    kept, logged = await everything(), log.getvalue()
    assert [word for word in PLANTED if word in kept or word in logged] == []
    assert "update handled" in logged
    assert await people() == [(pupil.id, "en", f"consent {CONSENT_VERSION}", None)]
    [student] = await all_of(Student)
    assert (student.grade, student.last_active_at, student.consented_at) == (None, None, None)
    assert (student.timezone, student.model_hints_consented_at) == ("Asia/Dhaka", None)
    assert not student.nudges_enabled


async def test_after_yes_the_name_is_kept(bot: None, make_pupil: MakePupil) -> None:
    pupil = make_pupil(first_name=NAME)
    await to_consent(pupil)
    assert "Which class" in text_of(await pupil.say("yes"))
    [student] = await all_of(Student)
    assert (student.name, student.consent_version) == (NAME, CONSENT_VERSION)
    assert student.last_active_at is not None
    assert student.registered_at is None


@pytest.mark.parametrize("no", ["", "no", "later", "/stop", "stop", "/delete", "delete my data"])
async def test_after_a_no_nothing_stays_and_all_can_begin_anew(
    bot: None, make_pupil: MakePupil, no: str
) -> None:
    pupil = make_pupil(first_name=NAME)
    await to_consent(pupil)
    said = text_of(await (pupil.say(no) if no else pupil.tap("Not now")) or await pupil.chat())
    assert "/start" in said
    await assert_nothing_stays()
    assert NAME not in await everything()
    await pupil.register()
    [student] = await all_of(Student)
    assert (student.name, student.grade) == (NAME, 7)


async def test_who_says_not_now_after_a_yes_is_forgotten(bot: None, make_pupil: MakePupil) -> None:
    pupil = make_pupil()
    await to_consent(pupil)
    await pupil.say("yes")
    await pupil.tap("Not now")
    assert await people() == []


async def test_who_blocks_the_bot_before_agreeing_is_forgotten(
    bot: None, make_pupil: MakePupil
) -> None:
    pupil = make_pupil()
    await to_consent(pupil)
    await pupil.block()
    await assert_nothing_stays()
    await pupil.unblock()
    await assert_nothing_stays()
    assert "Which language" in text_of(await pupil.say("/start"))


async def test_after_an_erasure_a_word_brings_no_name_back(
    bot: None, make_pupil: MakePupil
) -> None:
    pupil = make_pupil(first_name=NAME)
    await pupil.register()
    await pupil.say("/delete")
    await pupil.tap("🗑 Yes")
    assert await all_of(Student) == []
    assert "Which language" in text_of(await pupil.say("hi"))
    assert NAME not in await everything()


@pytest.mark.parametrize("command", ["/privacy", "what do you keep?", "গোপনীয়তা", "ki rakho"])
async def test_what_is_kept_is_told_from_the_first_message_on(
    bot: None, make_pupil: MakePupil, command: str
) -> None:
    pupil = make_pupil()
    said = text_of(await pupil.say(command))
    assert "What I keep" in said
    assert "যা যা রাখি" in said
    assert "Which language" in said
    said = await to_consent(pupil)
    said = text_of(await pupil.say(command))
    assert "যা যা রাখি" not in said
    assert "all right?" in said
    await pupil.tap("✅")
    assert "Which class" in text_of(await pupil.say(command))
    await pupil.tap("Class 6")
    assert "Where do you live" in text_of(await pupil.say(command))


async def test_a_pupil_asks_for_it_in_the_middle_of_a_question(pupil: Pupil) -> None:
    right = right_answer(text_of(await pupil.say("/practice")))
    assert "What I keep" in text_of(await pupil.say("privacy"))
    assert "No more reminders" in text_of(await pupil.say("STOP."))
    [student] = await all_of(Student)
    assert (student.nudges_enabled, student.next_nudge_at) == (False, None)
    assert "for good" in text_of(await pupil.say("আমার তথ্য মুছে ফেলো"))
    assert "Nothing was deleted" in text_of([*await pupil.tap("No, keep"), *await pupil.chat()])
    assert "✅" in text_of(await pupil.say(str(right)))


async def test_the_words_end_the_question_for_a_place(pupil: Pupil) -> None:
    await pupil.say("/settings")
    await pupil.tap("🕰")
    assert "What I keep" in text_of(await pupil.say("privacy"))
    [student] = await all_of(Student)
    assert student.dialog is None


async def test_half_a_registration_is_stopped_or_deleted(bot: None, make_pupil: MakePupil) -> None:
    pupil = make_pupil()
    await to_consent(pupil)
    await pupil.tap("✅")
    assert "I stop here" in text_of(await pupil.say("/stop"))
    assert "Which class" in text_of(await pupil.say("/start"))
    await pupil.say("/delete")
    assert "Which class" in text_of(await pupil.tap("No, keep"))
    await pupil.say("/delete")
    await pupil.tap("🗑 Yes")
    assert await people() == []


@pytest.mark.parametrize("words", ["I am a teacher", "আমি একজন শিক্ষক", "ami obhibhabok"])
async def test_an_adult_gets_a_true_sentence(bot: None, make_pupil: MakePupil, words: str) -> None:
    pupil = make_pupil()
    assert "can invite you" in text_of(await pupil.say(words))
    await to_consent(pupil)
    said = text_of(await pupil.say(words))
    assert "can invite you" in said
    assert "all right?" in said
    await pupil.register()
    await pupil.say("/practice")
    assert "Back to question 1" in str(await pupil.say(words))


async def test_reminders_are_asked_for(bot: None, make_pupil: MakePupil) -> None:
    for answer, hour in (("yes", 18), ("no", None), ("4:00 pm", 16), ("No reminders", None)):
        pupil = make_pupil()
        await to_consent(pupil)
        await pupil.tap("✅")
        await pupil.tap("Class 6")
        await pupil.tap("🇧🇩")
        assert "tap one of the buttons" in text_of(await pupil.say("maybe"))
        assert (await all_of(Student))[-1].next_nudge_at is None
        typed = answer in {"yes", "no"}
        assert "You are ready" in text_of(await (pupil.say if typed else pupil.tap)(answer))
        student = (await all_of(Student))[-1]
        assert student.nudges_enabled == (hour is not None)
        assert hour is None or student.nudge_time.hour == hour
        assert (student.next_nudge_at is None) == (hour is None)


async def test_buttons_of_later_steps_skip_none(bot: None, make_pupil: MakePupil) -> None:
    pupil = make_pupil()
    await to_consent(pupil)
    said = await pupil.tap("✅")
    for data in ("z:Asia/Dhaka", "n:on:18"):
        assert "Which class" in text_of(await pupil.tap_data(said[-1]["message_id"], f"1:{data}"))
    assert "Where do you live" in text_of(await pupil.tap("Class 6"))
    assert "Where do you live" in text_of(await pupil.tap_data(said[-1]["message_id"], "1:n:off"))
    assert [s.registered_at for s in await all_of(Student)] == [None]


async def stand_at(pupil: Pupil, dialog: str | None) -> None:
    """Leave a pupil at a step of the registration as it was before the consent came first."""
    student = {"telegram_id": pupil.id, "dialog": dialog, "grade": 8, "language": "en"}
    async with database.session_scope() as db:
        await db.execute(
            text(
                "INSERT INTO students (telegram_id, name, grade, language, timezone, nudge_time, "
                "nudges_enabled, dialog, created_at, updated_at) VALUES (:telegram_id, 'Old', "
                ":grade, :language, 'Europe/London', '18:00:00', :on, :dialog, "
                "CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)"
            ),
            student | {"on": True},
        )


@pytest.mark.parametrize(
    ("dialog", "words"),
    [
        ("language", "8"),
        ("grade", "8"),
        ("timezone", "Dhaka"),
        ("consent", "yes"),
        ("consent", "/practice"),
        (None, "/settings"),
    ],
)
async def test_a_step_of_the_version_before_leads_on(
    bot: None, make_pupil: MakePupil, dialog: str | None, words: str
) -> None:
    pupil = make_pupil()
    await stand_at(pupil, dialog)
    said = text_of(await pupil.say(words))
    if dialog in {None, "language"}:
        assert "Which language" in said
        said = text_of(await pupil.tap("English"))
    assert "all right?" in said
    assert "Which class" in text_of(await pupil.say("yes"))
    await pupil.tap("Class 7")
    await pupil.tap("🇧🇩")
    assert "You are ready" in text_of(await pupil.tap("No reminders"))


async def test_who_is_registered_keeps_all_and_is_asked_nothing(pupil: Pupil) -> None:
    async with database.session_scope() as db:
        await db.execute(update(Student).values(consent_version="2026-11-28"))
    before = await all_of(Student)
    assert "Good to see you again" in text_of(await pupil.say("/start"))
    assert "Question 1" in text_of(await pupil.say("/practice"))
    [was], [now] = before, await all_of(Student)
    assert (was.nudges_enabled, was.next_nudge_at is not None) == (True, True)
    assert (now.nudges_enabled, now.consent_version) == (True, "2026-11-28")
    assert now.registered_at is not None
    assert now.registered_at <= clock.now()
