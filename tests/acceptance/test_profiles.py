"""Two pupils on one phone: one tap apart, and nothing of one is the other's."""

from sqlalchemy import select

from bot.views.nudges import nudge
from bot.words import words
from src import database
from src.accounts.typed import read_name
from src.language import Language
from src.models import Person, Response, Session, Streak, Student
from src.nudges.rules import Variant
from src.nudges.service import Nudge
from tests.acceptance.pupil import Pupil, text_of
from tests.acceptance.test_practice import right_answer
from tests.acceptance.test_progress import practise
from tests.acceptance.test_topic import all_of


async def add_sibling(pupil: Pupil, name: str = "Tuli") -> None:
    """Go through the registration of one more pupil on a phone."""
    await pupil.say("/profiles")
    await pupil.tap("Somebody else")
    await pupil.tap("Yes, that is all right")
    await pupil.say(name)
    await pupil.tap("Class 6")
    await pupil.tap("🇧🇩")
    await pupil.tap("6:00 pm")


async def students() -> list[Student]:
    async with database.read_scope() as db:
        return list(await db.scalars(select(Student).order_by(Student.position)))


async def test_each_has_their_own_and_it_is_clear_who_answers(pupil: Pupil) -> None:
    said = text_of(await pupil.say("/practice"))
    await pupil.say(str(right_answer(said)))
    await add_sibling(pupil)
    first, second = await students()
    assert (first.name, first.grade, first.telegram_id) == ("Mitu", 7, pupil.id)
    assert (second.name, second.grade, second.telegram_id, second.position) == ("Tuli", 6, None, 2)
    assert second.consented_at is not None
    said = text_of(await pupil.say("/practice"))
    assert said.startswith("👤 Tuli\n")
    assert "Question 1 of 5" in said
    await pupil.say(str(right_answer(said)))
    shown = text_of(await pupil.say("/profiles"))
    assert "➡️ Tuli · Class 6" in shown
    assert "• Mitu · Class 7" in shown
    switched = text_of(await pupil.tap("👤 Mitu"))
    assert "Mitu has the phone now" in switched
    said = text_of(await pupil.say("/practice"))
    assert said.startswith("👤 Mitu\n")
    assert "Question 2 of 5" in said
    sessions = await all_of(Session)
    assert [(s.student_id, s.current_index) for s in sessions] == [(first.id, 1), (second.id, 1)]


async def test_streaks_missed_and_progress_are_apart(pupil: Pupil) -> None:
    await practise(pupil, right=3)
    await add_sibling(pupil)
    assert "nothing to show yet" in text_of(await pupil.say("/progress"))
    assert "Nothing is waiting" in text_of(await pupil.say("/mistakes"))
    assert "One session starts it" in text_of(await pupil.say("/streak"))
    end = await practise(pupil)
    assert "👤 Tuli" in end
    assert [row.current_streak for row in await all_of(Streak)] == [1, 1]
    await pupil.say("/profiles")
    await pupil.tap("👤 Mitu")
    assert "Problems: 5, right: 3" in text_of(await pupil.say("/progress"))


async def test_buttons_of_one_do_nothing_for_the_other(pupil: Pupil) -> None:
    asked = await pupil.say("/practice")
    message, data = await pupil.find_button("Skip", asked[-1]["message_id"])
    await add_sibling(pupil)
    assert "button is old" in text_of(await pupil.tap_data(message, data))
    assert await all_of(Response) == []
    first, _ = await students()
    await pupil.tap_data(message, f"1:W:{first.id}")
    assert "Question 2 of 5" in text_of(await pupil.skip())


async def test_only_what_is_of_this_phone_can_be_switched_to_and_four_share(pupil: Pupil) -> None:
    for name in ("Tuli", "Rafi", "Shila"):
        await add_sibling(pupil, name)
    shown = await pupil.say("/profiles")
    assert "Somebody else" not in str(shown)
    for data in ("add", "999", "x", ""):
        assert "button is old" in text_of(
            await pupil.tap_data(shown[-1]["message_id"], f"1:W:{data}")
        )
    assert [one.name for one in await students()] == ["Mitu", "Tuli", "Rafi", "Shila"]


async def test_a_name_is_a_name(pupil: Pupil) -> None:
    await pupil.say("/profiles")
    await pupil.tap("Somebody else")
    await pupil.tap("Yes, that is all right")
    for odd in ("<b>Tuli</b>", "x" * 4000, "12345", "https://a.bc", "🙂", "a\u202eb", "A" * 31):
        assert "just a first name" in text_of(await pupil.say(odd)), odd[:20]
    assert [one.name for one in await students()] == ["Mitu", None]
    await pupil.say("  তুলি  রানী ")
    assert [one.name for one in await students()] == ["Mitu", "তুলি রানী"]
    await pupil.say("/profiles")
    await pupil.tap("Mitu")
    await pupil.say("/profiles")
    await pupil.tap("Change my name")
    assert "I call you Mitali" in text_of(await pupil.say("Mitali"))


async def test_who_says_no_is_not_there_and_the_phone_goes_back(pupil: Pupil) -> None:
    await pupil.say("/profiles")
    await pupil.tap("Somebody else")
    await pupil.tap("Not now")
    assert [one.name for one in await students()] == ["Mitu"]
    assert "Question 1 of 5" in text_of(await pupil.say("/practice"))


async def test_one_is_erased_and_the_others_stay(pupil: Pupil) -> None:
    await practise(pupil)
    await add_sibling(pupil)
    await practise(pupil)
    await pupil.say("/profiles")
    await pupil.tap("👤 Mitu")
    assert "The others on this phone stay" in text_of(await pupil.say("/delete"))
    assert "go on as before" in text_of(await pupil.tap("Yes, delete everything"))
    [left] = await students()
    assert (left.name, left.telegram_id) == ("Tuli", pupil.id)
    assert {session.student_id for session in await all_of(Session)} == {left.id}
    assert "Right: 5 of 5" not in text_of(await pupil.say("/progress"))
    said = text_of(await pupil.say("/practice"))
    assert not said.startswith("👤"), "alone again"
    assert (await all_of(Person))[0].current_student_id == left.id


async def test_a_reminder_hands_the_phone_to_whom_it_means(pupil: Pupil) -> None:
    await add_sibling(pupil)
    _, second = await students()
    await pupil.say("/profiles")
    await pupil.tap("👤 Mitu")
    chat = (await pupil.chat())[-1]["message_id"]
    said = text_of(await pupil.tap_data(chat, f"1:W:{second.id}:go"))
    assert said.startswith("👤 Tuli\n")
    assert "Question 1 of 5" in said


def test_a_reminder_says_whom_it_means() -> None:
    t = words("en")
    alone = nudge(t, Nudge(1, Language.EN, Variant.STREAK, 4))
    assert alone.text.startswith("🔥")
    shared = nudge(t, Nudge(1, Language.EN, Variant.STREAK, 4, student_id=7, name="<Tuli>"))
    assert shared.text.startswith("👤 <b>&lt;Tuli&gt;</b>\n🔥")
    assert shared.keyboard[0][0].data == "1:W:7:go"


def test_what_is_no_name_is_none_at_any_length() -> None:
    for odd in (
        "",
        " ",
        "x" * 10_000,
        "a" * 31,
        "1",
        "<i>a</i>",
        "a\x00b",
        "a/b",
        "@a",
        "a\u200bb",
    ):
        assert read_name(odd) is None, odd[:10]
    assert read_name(" O'Neil  রুমা ") == "O'Neil রুমা"
    assert read_name("মো. আলী") == "মো. আলী"
