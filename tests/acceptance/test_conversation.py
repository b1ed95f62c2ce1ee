"""What a pupil says who does not answer: whatever was asked last reads the next text."""

from datetime import time

from sqlalchemy import delete, update

from src import database
from src.models import Person, Problem, Response, Session, Student
from tests.acceptance.conftest import MakePupil
from tests.acceptance.pupil import Pupil, text_of
from tests.acceptance.test_practice import all_of, right_answer


async def no_try_is_lost() -> None:
    assert all(response.attempts == 0 for response in await all_of(Response))


async def test_a_stuck_child_is_heard(pupil: Pupil) -> None:
    await pupil.say("/practice")
    assert "Hint 1 of 3" in text_of(await pupil.say("why?"))
    assert "Hint 2 of 3" in text_of(await pupil.say("bujhlam na 😭"))
    assert "Hint 3 of 3" in text_of(await pupil.say("আরো ইঙ্গিত দাও না"))
    said = await pupil.say("parbo na")
    assert "Show me the solution" in str(said)
    assert "Hint 4" not in str(said)
    await no_try_is_lost()


async def test_who_asks_for_the_answer_is_offered_the_solution(pupil: Pupil) -> None:
    right = right_answer(text_of(await pupil.say("/practice")))
    said = await pupil.say("uttor ta bole dao")
    assert "Shall I show you the solution?" in text_of(said)
    assert str(right) not in text_of(said)
    assert "What is 1000" in said[-1]["reply_to"]["text"]
    assert "Take your time" in text_of(await pupil.say("no"))
    await pupil.say("solution")
    said = await pupil.say("yes")
    assert "Solution" in text_of(said)
    [response] = await all_of(Response)
    assert (response.skipped, response.attempts) == (True, 0)


async def test_what_is_said_after_a_solution_skips_nothing_and_shows_no_question(
    pupil: Pupil,
) -> None:
    await pupil.say("/practice")
    await pupil.say("skip")
    for said in ("bangla", "in english", "hint", "bujhi na", "answer dao"):
        assert "What is 1000" not in text_of(await pupil.say(said)), said
    assert "Question 2 of 5" in text_of(await pupil.say("next"))
    assert len(await all_of(Response)) == 1


async def test_an_offer_is_open_to_the_next_text_alone(pupil: Pupil) -> None:
    right = right_answer(text_of(await pupil.say("/practice")))
    await pupil.say("answer please")
    assert "✅" in text_of(await pupil.say(str(right)))
    said = text_of(await pupil.say("yes"))
    assert "Solution" not in said
    assert "It is your turn" in said


async def test_the_second_unreadable_text_shows_an_example_and_quotes_the_question(
    pupil: Pupil,
) -> None:
    await pupil.say("/practice")
    first = await pupil.say("qwerty")
    assert "could not read that" in text_of(first)
    assert "such as" not in text_of(first)
    said = await pupil.say("zxcvb")
    assert "a number, such as 12" in text_of(said)
    assert "A hint may help" in text_of(said)
    assert "What is 1000" in said[-1]["reply_to"]["text"]
    await pupil.say("thanks")
    assert "such as" not in text_of(await pupil.say("qwerty"))
    await no_try_is_lost()


async def test_an_example_is_never_the_answer(pupil: Pupil) -> None:
    async with database.session_scope() as db:
        await db.execute(update(Problem).values(answer="12"))
    await pupil.say("/practice")
    await pupil.say("qwerty")
    assert "such as 37" in text_of(await pupil.say("zxcvb"))


HEARD = (
    ("thank you!!", "You are welcome"),
    ("I hate maths", "you are still here"),
    ("assalamu alaikum", "Hello!"),
    ("tumi ke?", "a computer program"),
    ("harder please", "get harder as you solve"),
    ("সহজ দাও", "get easier"),
    ("my mistakes", "Nothing is waiting to be tried again"),
    ("amar uttor thik chilo", "You may well be right"),
    ("bye", "Your place is kept"),
    ("👍", "It is your turn"),
    ("বাংলায় দাও", "প্রশ্ন ১ / ৫"),
    ("in english", "Question 1 of 5"),
)


async def test_what_else_is_said_gets_a_kind_line(pupil: Pupil) -> None:
    right = right_answer(text_of(await pupil.say("/practice")))
    for typed, heard in HEARD:
        assert heard in text_of(await pupil.say(typed)), typed
    await no_try_is_lost()
    assert "✅" in text_of(await pupil.say(str(right)))


async def test_shall_we_begin_understands_yes(pupil: Pupil) -> None:
    for yes in ("yes", "ha", "হ্যাঁ", "ok", "start", "👍", "more"):
        assert "Shall we begin?" in text_of(await pupil.say("5"))
        assert "Question 1 of 5" in text_of(await pupil.say(yes)), yes
        async with database.session_scope() as db:
            await db.execute(delete(Session))


async def test_a_class_is_typed(pupil: Pupil) -> None:
    await pupil.say("/practice")
    for typed, grade in (("8", 8), ("সাত", 7), ("class 6", 6), ("৮ম", 8)):
        await pupil.say("/grade")
        assert f"Class {grade} ✅" in text_of(await pupil.say(typed))
        [student] = await all_of(Student)
        assert student.grade == grade
    assert await all_of(Response) == []


async def test_an_old_class_button_asks(pupil: Pupil) -> None:
    [first] = [m for m in await pupil.chat() if "Class 7 ✅" in m["text"]]
    said = await pupil.tap_data(first["message_id"], "1:g:6")
    assert "old one. You are in Class 7" in text_of(said)
    assert [student.grade for student in await all_of(Student)] == [7]
    assert "Class 6 ✅" in str(await pupil.tap("Class 6")) + str(await pupil.chat())
    assert [student.grade for student in await all_of(Student)] == [6]
    assert await pupil.tap_data(first["message_id"], "1:g:6") == []


async def test_a_time_is_typed(pupil: Pupil) -> None:
    await pupil.say("/settings")
    await pupil.tap("Daily reminder")
    said = text_of(await pupil.say("25"))
    assert "Tap a time, or type one" in said
    assert "at 7:30 pm" in text_of(await pupil.say("7:30 pm"))
    [student] = await all_of(Student)
    assert student.nudge_time.replace(tzinfo=None) == time(19, 30)
    await pupil.say("/settings")
    await pupil.tap("Daily reminder")
    assert "No more reminders" in text_of(await pupil.say("lagbe na"))
    assert not (await all_of(Student))[0].nudges_enabled


async def test_a_language_is_typed_and_the_question_comes_in_it(pupil: Pupil) -> None:
    right = right_answer(text_of(await pupil.say("/practice")))
    said = text_of(await pupil.say("/language"))
    assert "Welcome" not in said
    said = text_of(await pupil.say("bangla"))
    assert "প্রশ্ন ১ / ৫" in said
    assert right_answer(said) == right
    await no_try_is_lost()


async def test_yes_or_no_to_delete_is_typed(pupil: Pupil) -> None:
    await pupil.say("/practice")
    for no in ("no", "না থাক", "No, keep everything"):
        await pupil.say("/delete")
        assert "Nothing was deleted" in text_of(await pupil.say(no))
    await no_try_is_lost()
    await pupil.say("/delete")
    assert "is deleted" in text_of(await pupil.say("হ্যাঁ"))
    assert await all_of(Person) == []


async def test_anything_else_after_delete_deletes_nothing_and_is_not_judged(pupil: Pupil) -> None:
    right = right_answer(text_of(await pupil.say("/practice")))
    await pupil.say("/delete")
    assert "Nothing was deleted" in text_of(await pupil.say(str(right + 1)))
    await no_try_is_lost()
    assert "✅" in text_of(await pupil.say(str(right)))


async def test_half_a_registration_hears_yes_and_no_to_delete(
    bot: None, make_pupil: MakePupil
) -> None:
    pupil = make_pupil()
    await pupil.say("/start")
    await pupil.tap("English")
    await pupil.tap("✅")
    await pupil.tap("Class 7")
    await pupil.tap("🇧🇩")
    await pupil.say("/delete")
    assert "Nothing was deleted" in text_of(await pupil.say("no"))
    assert [student.registered_at for student in await all_of(Student)] == [None]
    await pupil.say("/delete")
    await pupil.say("yes")
    assert await all_of(Person) == []


async def test_after_not_now_a_word_begins_anew_and_a_no_ends_it(
    bot: None, make_pupil: MakePupil
) -> None:
    pupil = make_pupil()
    await pupil.say("/start")
    await pupil.tap("English")
    await pupil.tap("Not now")
    said = text_of(await pupil.say("hi"))
    assert "Which language" in said
    assert "Please tap" not in said
    assert "Nothing about you is kept" in text_of(await pupil.say("no"))
    assert await all_of(Person) == []


async def test_a_newcomer_types_the_hour(bot: None, make_pupil: MakePupil) -> None:
    pupil = make_pupil()
    for typed in ("/start", "english", "yes", "7", "Dhaka"):
        await pupil.say(typed)
    assert "at 8:00 pm" in text_of(await pupil.say("রাত ৮টা"))
    [student] = await all_of(Student)
    assert student.nudge_time.replace(tzinfo=None) == time(20)


async def test_one_more_tap_on_the_same_button_is_a_silent_toast(pupil: Pupil) -> None:
    start, begin = await pupil.find_button("Start today's")
    assert "Question 1 of 5" in text_of(await pupil.tap("Start today's"))
    assert await pupil.tap_data(start, begin) == []
    message, hint = await pupil.find_button("Hint 1/3")
    _, skip = await pupil.find_button("Skip")
    assert "Hint 1 of 3" in text_of(await pupil.tap_data(message, hint))
    assert await pupil.tap_data(message, hint) == []
    assert "Solution" in text_of(await pupil.tap_data(message, skip))
    assert await pupil.tap_data(message, skip) == []
    assert (await pupil.toasts())[-1] == ""
    assert [(r.hints_used, r.skipped) for r in await all_of(Response)] == [(1, True)]


async def test_no_hint_is_offered_where_there_is_none(pupil: Pupil) -> None:
    right = right_answer(text_of(await pupil.say("/practice")))
    assert "also take a hint" in text_of(await pupil.say(str(right + 1)))
    for _ in range(3):
        await pupil.say("hint")
    assert "also take a hint" not in text_of(await pupil.say(str(right + 2)))


async def test_who_asks_what_a_word_means_is_told_it_and_keeps_their_hints(pupil: Pupil) -> None:
    assert "📖" in text_of(await pupil.say("what does HCF mean"))
    await pupil.say("/practice")
    said = await pupil.say("what does HCF mean?")
    assert "HCF: the highest common factor" in text_of(said)
    assert "What is 1000" in said[-1]["reply_to"]["text"]
    assert "Hint 1/3" in str(said)
    assert "গরিষ্ঠ" not in text_of(said)
    await no_try_is_lost()


async def test_who_wants_another_question_is_told_how_and_keeps_their_hints(pupil: Pupil) -> None:
    await pupil.say("/practice")
    said = await pupil.say("arekta proshno dao")
    assert "tap “⏭ Skip”" in text_of(said)
    assert "Hint 1/3" in str(said)
    await no_try_is_lost()
    assert "Hint 1 of 3" in text_of(await pupil.say("aro dao"))
