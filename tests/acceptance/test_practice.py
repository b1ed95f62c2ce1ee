"""A pupil practises: every path of a session, over HTTP, on both databases."""

import re
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from sqlalchemy import delete, select, update

from bot.words import words
from sandbox.run import Running
from src import clock, database
from src.models import Attempt, Dispute, Problem, Response, Session, Streak, Student
from tests.acceptance.conftest import MakePupil
from tests.acceptance.pupil import Pupil, text_of

BANGLA = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")
LATIN = str.maketrans("০১২৩৪৫৬৭৮৯", "0123456789")


def right_answer(text: str) -> int:
    """Return the answer to the newest "1000 + n" in a text, in either language."""
    latin = text.translate(LATIN)
    found = re.findall(r"1000 \+ (\d+)\?", latin) or re.findall(r"(\d+) এর সাথে 1000", latin)
    return 1000 + int(found[-1])


async def all_of(model: type[Any]) -> list[Any]:
    async with database.read_scope() as db:
        return list((await db.scalars(select(model).order_by(*model.__table__.primary_key))).all())


async def test_a_newcomer_is_registered_step_by_step(bot: None, make_pupil: MakePupil) -> None:
    pupil = make_pupil()
    asked = text_of(await pupil.say("/start from_a_poster"))
    assert "Which language" in asked
    assert "কোন ভাষা" in asked
    assert "all right" in text_of(await pupil.tap("English"))
    assert "Which class" in text_of(await pupil.tap("✅"))
    assert "Where do you live" in text_of(await pupil.say("7"))
    assert "shall I remind you" in text_of(await pupil.tap("🇧🇩"))
    assert "You are ready" in text_of(await pupil.tap("No reminders"))
    [student] = await all_of(Student)
    assert (student.grade, student.language, student.timezone) == (7, "en", "Asia/Dhaka")
    assert (student.name, student.start_payload) == ("Mitu", None)
    assert (student.nudges_enabled, student.next_nudge_at) == (False, None)
    assert student.consented_at is not None
    assert student.consent_version
    assert "again" in text_of(await pupil.say("/start from_a_poster"))
    [student] = await all_of(Student)
    assert student.start_payload == "from_a_poster"


async def test_a_typed_city_sets_the_time_zone(bot: None, make_pupil: MakePupil) -> None:
    pupil = make_pupil()
    await pupil.say("/start")
    await pupil.tap("English")
    await pupil.tap("✅")
    await pupil.tap("Class 8")
    await pupil.tap("Somewhere else")
    assert "do not know that place" in text_of(await pupil.say("Atlantis"))
    assert "Sydney" in text_of(await pupil.say("sydney"))
    [student] = await all_of(Student)
    assert student.timezone == "Australia/Sydney"


async def test_whatever_a_newcomer_sends_leads_to_the_open_step(
    bot: None, make_pupil: MakePupil
) -> None:
    pupil = make_pupil(language_code="bn")
    assert "কোন ভাষা" in text_of(await pupil.say("/practice"))
    await pupil.tap("বাংলা")
    assert "তুমি রাজি?" in text_of(await pupil.say("/streak"))
    assert "কোন শ্রেণিতে" in text_of(await pupil.say("হ্যাঁ"))
    assert "কোন শ্রেণিতে" in text_of(await pupil.say("42"))
    assert "কোথায় থাকো" in text_of(await pupil.say("৭"))


async def test_five_right_answers_finish_a_session(pupil: Pupil) -> None:
    said = text_of(await pupil.say("/practice"))
    assert "Question 1 of 5" in said
    for number in range(2, 6):
        said = text_of(await pupil.say(str(right_answer(said))))
        assert "✅" in said
        assert f"Question {number} of 5" in said
    said = text_of(await pupil.say(str(right_answer(said))))
    assert "Right: 5 of 5" in said
    assert "Days in a row: 1" in said
    [session] = await all_of(Session)
    assert (session.status, session.problems_correct) == ("completed", 5)
    assert session.get_accuracy() == 1.0
    responses = await all_of(Response)
    assert [r.is_correct for r in responses] == [True] * 5
    assert [r.attempts for r in responses] == [1] * 5
    [streak] = await all_of(Streak)
    assert (streak.current_streak, streak.longest_streak) == (1, 1)


async def test_an_answer_that_is_sent_twice_costs_no_try_of_the_next_question(
    pupil: Pupil,
) -> None:
    answer = str(right_answer(text_of(await pupil.say("/practice"))))
    assert "Question 2 of 5" in text_of(await pupil.say(answer))
    said = text_of(await pupil.say(answer))
    assert "came twice" in said
    assert "did not cost you a try" in said
    [response] = await all_of(Response)
    assert (response.is_correct, response.attempts) == (True, 1)
    later = clock.now() - timedelta(minutes=1)
    async with database.session_scope() as db:
        await db.execute(update(Session).values(shown_at=later))
    assert "Not quite." in text_of(await pupil.say(answer))


async def test_a_session_in_bangla_with_bangla_digits(bot: None, make_pupil: MakePupil) -> None:
    pupil = make_pupil(language_code="bn")
    await pupil.register(language="বাংলা")
    said = text_of(await pupil.say("/practice"))
    assert "প্রশ্ন ১ / ৫" in said
    for _ in range(5):
        said = text_of(await pupil.say(str(right_answer(said)).translate(BANGLA)))
    assert "সঠিক: ৫টির মধ্যে ৫টি" in said
    assert "টানা ১ দিন" in said


async def test_a_second_session_asks_other_problems_and_keeps_the_streak(pupil: Pupil) -> None:
    said = text_of(await pupil.say("/practice"))
    for _ in range(5):
        said = text_of(await pupil.say(str(right_answer(said))))
    said = text_of(await pupil.tap("Five more"))
    for _ in range(5):
        said = text_of(await pupil.say(str(right_answer(said))))
    assert "Days in a row: 1" in said
    first, second = await all_of(Session)
    assert not set(first.problem_ids) & set(second.problem_ids)


async def test_three_wrong_answers_show_the_solution_and_go_on(pupil: Pupil) -> None:
    asked = text_of(await pupil.say("/practice"))
    right = right_answer(asked)
    first = text_of(await pupil.say(str(right - 900)))
    assert "how many zeros" in first
    assert "Tries left: 2" in first
    assert str(right) not in first
    assert "Tries left: 1" in text_of(await pupil.say(str(right + 1)))
    last = text_of(await pupil.say(str(right + 2)))
    assert f"Add the thousands first: {right}" in last
    assert "Question 2" not in last
    assert "Question 2 of 5" in text_of(await pupil.tap("Next question"))
    [response] = await all_of(Response)
    assert (response.is_correct, response.attempts) == (False, 3)
    assert response.closed_at is not None


async def test_an_unreadable_answer_costs_nothing(pupil: Pupil) -> None:
    await pupil.say("/practice")
    for unread in ("qwerty", "I do not know this one at all, sorry"):
        said = text_of(await pupil.say(unread))
        assert "did not cost you a try" in said
        assert "Tries left" not in said
    [response] = await all_of(Response)
    assert (response.attempts, response.last_verdict, response.closed_at) == (0, None, None)


async def test_the_same_wrong_answer_again_costs_no_second_try(pupil: Pupil) -> None:
    await pupil.say("/practice")
    assert "Tries left: 2" in text_of(await pupil.say("7"))
    for again in ("7", "৭", " 7.0 ", "seven", "14/2 = 7"):
        said = text_of(await pupil.say(again))
        assert "the same answer as before" in said, again
        assert "did not cost you a try" in said
    assert "Tries left: 1" in text_of(await pupil.say("8"))
    [response] = await all_of(Response)
    assert (response.attempts, response.student_answer) == (2, "8")


async def test_a_reply_to_an_older_question_is_not_judged_on_the_current_one(pupil: Pupil) -> None:
    first = await pupil.say("/practice")
    old = first[-1]["message_id"]
    said = await pupil.say(str(right_answer(text_of(first))))
    [session] = await all_of(Session)
    async with database.session_scope() as db:  # as if the first question were half a minute old
        await db.execute(update(Session).values(shown_at=session.shown_at + timedelta(seconds=30)))
    answer = right_answer(text_of(said))
    asked = text_of(await pupil.say("7", reply_to=old))
    assert "older message" in asked
    assert "Question 2 of 5" in asked
    assert "Tries left: 2" in text_of(await pupil.say("7"))
    current = said[-1]["message_id"]
    assert "Question 3 of 5" in text_of(await pupil.say(str(answer), reply_to=current))


async def test_what_was_read_is_shown_back(pupil: Pupil) -> None:
    answer = right_answer(text_of(await pupil.say("/practice")))
    said = text_of(await pupil.say("nine hundred"))
    assert "I read: 900" in said
    assert "Tries left: 2" in said
    said = text_of(await pupil.say(f"{answer - 1000} plus one thousand = {answer}"))
    assert f"I read: {answer - 1000} + 1000 = {answer}" in said
    assert "Question 2 of 5" in said


async def test_the_right_value_in_the_wrong_form_costs_nothing(pupil: Pupil) -> None:
    asked = text_of(await pupil.say("/practice"))
    right = right_answer(asked)
    said = text_of(await pupil.say(f"{right * 2}/2"))
    assert "did not cost you a try" in said
    assert "✅" in text_of(await pupil.say(str(right)))


async def test_every_judged_text_is_kept_as_it_was_typed(pupil: Pupil) -> None:
    right = right_answer(text_of(await pupil.say("/practice")))
    await pupil.say("blah blah blah")
    await pupil.say("৭")
    await pupil.say("7")
    await pupil.tap("Hint 1/3")
    await pupil.say(f"{right * 2}/2")
    await pupil.say(str(right))
    await pupil.tap("Skip")
    made = [(a.number, a.typed, a.verdict, a.hints_used) for a in await all_of(Attempt)]
    assert made == [
        (1, "blah blah blah", "unreadable", 0),
        (1, "৭", "wrong", 0),
        (2, f"{right * 2}/2", "wrong_form", 1),
        (2, str(right), "correct", 1),
    ]
    first = min(response.id for response in await all_of(Response))
    assert {attempt.response_id for attempt in await all_of(Attempt)} == {first}


async def test_the_mistake_and_the_instant_of_an_attempt_are_kept(pupil: Pupil) -> None:
    right = right_answer(text_of(await pupil.say("/practice")))
    await pupil.say(str(right - 900))
    [session] = await all_of(Session)
    [response], [attempt] = await all_of(Response), await all_of(Attempt)
    assert attempt.misconception is not None
    assert attempt.misconception == response.misconception
    assert attempt.seconds == max(0, int((attempt.at - session.shown_at).total_seconds()))


async def test_of_many_unreadable_texts_the_first_are_kept(pupil: Pupil) -> None:
    await pupil.say("/practice")
    for number in range(23):
        await pupil.say(f"blah blah {number} blah")
    typed = [attempt.typed for attempt in await all_of(Attempt)]
    assert typed == [f"blah blah {number} blah" for number in range(20)]


async def test_hints_come_one_a_tap_and_are_counted(pupil: Pupil) -> None:
    await pupil.say("/practice")
    for step in (1, 2, 3):
        assert f"Hint {step} of 3" in text_of(await pupil.tap(f"Hint {step}/3"))
    assert "all the hints" in text_of(await pupil.say("/hint"))
    [response] = await all_of(Response)
    assert response.hints_used == 3
    assert [hint["step"] for hint in response.hints_viewed] == [1, 2, 3]
    assert {hint["source"] for hint in response.hints_viewed} == {"authored"}


async def test_a_skipped_problem_shows_its_solution(pupil: Pupil) -> None:
    right = right_answer(text_of(await pupil.say("/practice")))
    said = text_of(await pupil.tap("Skip"))
    assert f"Add the thousands first: {right}" in said
    assert "Question 2" not in said
    assert "Question 2 of 5" in text_of(await pupil.tap("Next question"))
    await pupil.tap("Hint 1/3")
    await pupil.say("/skip")
    assert "Question 3 of 5" in text_of(await pupil.say("/practice"))
    assert [r.skipped for r in await all_of(Response)] == [True, True]


async def test_a_skip_that_is_typed_twice_skips_one_problem(pupil: Pupil) -> None:
    await pupil.say("/practice")
    for text in ("/skip", "/skip", "/skip"):
        await pupil.post(text)
    await pupil.wait()
    assert [r.skipped for r in await all_of(Response)] == [True]
    assert text_of(await pupil.chat()).count("Take your time") == 2
    assert "Question 2 of 5" in text_of(await pupil.tap("Next question"))


async def test_a_skip_right_after_a_solved_problem_skips(pupil: Pupil) -> None:
    said = text_of(await pupil.say("/practice"))
    await pupil.say(str(right_answer(said)))
    assert "Skipped" in text_of(await pupil.say("/skip"))


async def test_a_session_of_skips_names_the_topics_to_look_at_again(pupil: Pupil) -> None:
    said = text_of(await pupil.say("/practice"))
    for _ in range(5):
        said = text_of(await pupil.skip())
    assert "Right: 0 of 5" in said
    assert "Worth another look" in said
    assert "•" in said


async def test_switching_the_language_keeps_the_problem(pupil: Pupil) -> None:
    right = right_answer(text_of(await pupil.say("/practice")))
    await pupil.tap("Hint 1/3")
    await pupil.say(str(right + 1))
    await pupil.say("/language")
    said = await pupil.tap("বাংলা")
    assert right_answer(text_of(said)) == right
    assert "ইঙ্গিত ২/৩" in str(said)
    said = await pupil.say(str(right + 2))
    assert "আরও ১ বার চেষ্টা করতে পারবে" in text_of(said)


async def test_an_answer_that_a_pupil_defends_is_kept(pupil: Pupil) -> None:
    right = right_answer(text_of(await pupil.say("/practice")))
    await pupil.say(str(right + 1))
    message, data = await pupil.find_button("I think I was right")
    assert "A person will look" in text_of(await pupil.tap("I think I was right"))
    assert await pupil.tap_data(message, data) == []
    assert (await pupil.toasts())[-1] == ""
    await pupil.say(str(right))
    [dispute] = await all_of(Dispute)
    assert (dispute.attempt, dispute.typed, dispute.decision) == (1, str(right + 1), None)
    [response] = await all_of(Response)
    assert response.is_correct


async def test_confidence_is_asked_now_and_then_and_can_be_left_out(pupil: Pupil) -> None:
    said = await pupil.say("/practice")
    asked = 0
    for _ in range(5):
        said = await pupil.say(str(right_answer(text_of(said))))
        if "How sure were you" in text_of(said):
            asked += 1
            await pupil.tap("Very sure" if asked == 1 else "Rather not say")
    assert asked in {1, 2}
    levels = [r.confidence_level for r in await all_of(Response)]
    assert levels.count("high") == 1
    assert levels.count(None) == 4


async def test_old_doubled_and_foreign_buttons_change_nothing(
    pupil: Pupil, make_pupil: MakePupil
) -> None:
    await pupil.say("/practice")
    message, data = await pupil.find_button("Skip")
    await pupil.skip()
    await long_ago()
    said = await pupil.tap_data(message, data)
    assert "button is old" in text_of(said)
    assert (await pupil.toasts())[-1] == "That button is old."
    assert len(await all_of(Response)) == 1
    other = make_pupil()
    await other.register()
    asked = await other.say("/practice")
    mine, own = await pupil.find_button("Skip")
    await other.tap_data(asked[-1]["message_id"], own)
    assert len(await all_of(Response)) == 1
    await pupil.tap_data(mine, "1:s:9999999999999999999:0")
    await pupil.tap_data(mine, "0:nonsense")
    await pupil.tap_data(mine, "1:d:1:2:3")
    assert len(await all_of(Response)) == 1


async def test_another_pupils_response_cannot_be_disputed(
    pupil: Pupil, make_pupil: MakePupil
) -> None:
    right = right_answer(text_of(await pupil.say("/practice")))
    await pupil.say(str(right + 1))
    _, data = await pupil.find_button("I think I was right")
    other = make_pupil()
    await other.register()
    asked = await other.say("/practice")
    await other.tap_data(asked[-1]["message_id"], data)
    assert await all_of(Dispute) == []


async def test_pictures_voices_and_edits_lead_back_to_the_question(pupil: Pupil) -> None:
    await pupil.say("/practice")
    for content in ({"photo": True}, {"sticker": "🙂"}, {"voice": True}):
        said = await pupil.send(**content)
        assert "typed answers only" in text_of(said)
        assert "Back to question 1" in str(said)
    own = next(m for m in await pupil.chat() if m["from"] == "user")
    said = await pupil.send(edit=own["message_id"], text="/practice now")
    assert "changed an old message" in text_of(said)
    said = await pupil.say("/nonsense")
    assert "do not know that command" in text_of(said)
    assert "Back to question 1" in str(said)
    assert "Question 1 of 5" in text_of(await pupil.tap("Back to question 1"))


async def test_cancel_keeps_the_place(pupil: Pupil) -> None:
    asked = text_of(await pupil.say("/practice"))
    said = await pupil.say("/cancel")
    assert "Your place is kept" in text_of(said)
    assert right_answer(text_of(await pupil.tap("Back to question 1"))) == right_answer(asked)


async def test_text_without_a_question_offers_a_session(pupil: Pupil) -> None:
    said = await pupil.say("5")
    assert "No question is open" in text_of(said)
    assert "Question 1 of 5" in text_of(await pupil.tap("Start today's"))


async def test_a_group_gets_one_sentence(
    pupil: Pupil, http: aiohttp.ClientSession, sandbox: Running
) -> None:
    said = await pupil.send(text="/practice", chat={"id": -4001, "type": "group", "title": "Class"})
    assert said == []
    assert await all_of(Session) == []
    async with http.get(f"{sandbox.url}/sandbox/chats/-4001/chat") as response:
        messages = (await response.json())["messages"]
    [answer] = [m["text"] for m in messages if m["from"] == "bot"]
    assert "private chats only" in answer
    assert sandbox.config.bot_username in answer


async def test_in_a_group_only_what_is_meant_for_the_bot_is_answered_once(
    pupil: Pupil, http: aiohttp.ClientSession, sandbox: Running
) -> None:
    chat = {"id": -4002, "type": "supergroup", "title": "Class 7"}
    name = sandbox.config.bot_username
    async with http.post(f"{sandbox.url}/sandbox/faults", json={"duplicate_rate": 1}) as response:
        assert response.status == 200, await response.text()
    for text in ("3/4", "/help@another_bot", "hello @another", f"mail me at x@{name}.org", "ok"):
        await pupil.send(text=text, chat=chat)
    assert await answers_in(http, sandbox, -4002) == []
    for number, text in enumerate((f"hi @{name.upper()}!", "/help", f"/practice@{name}"), 1):
        await pupil.send(text=text, chat=chat)
        assert len(await answers_in(http, sandbox, -4002)) == number


async def answers_in(http: aiohttp.ClientSession, sandbox: Running, chat: int) -> list[str]:
    async with http.get(f"{sandbox.url}/sandbox/chats/{chat}/chat") as response:
        messages = (await response.json())["messages"]
    return [m["text"] for m in messages if m["from"] == "bot"]


async def test_numbers_that_begin_anew_are_answered_once(
    pupil: Pupil, http: aiohttp.ClientSession, sandbox: Running
) -> None:
    """After a quiet week Telegram begins at a random number, which may be smaller."""
    for number in range(3):
        async with http.post(f"{sandbox.url}/sandbox/faults", json={"renumber": True}) as response:
            assert response.status == 200, await response.text()
        assert len(await pupil.say("/help")) == 1, number
        assert len(await pupil.say("/streak")) == 1, number


async def test_a_pupil_who_blocks_the_bot_stays_blocked_until_they_are_back(pupil: Pupil) -> None:
    await pupil.block()
    [student] = await all_of(Student)
    assert (student.blocked_at is not None, student.next_nudge_at) == (True, None)
    await pupil.unblock()
    [student] = await all_of(Student)
    assert student.blocked_at is None
    assert student.next_nudge_at is not None


async def test_when_a_pupil_was_last_here_is_kept_to_the_hour(pupil: Pupil) -> None:
    [student] = await all_of(Student)
    first = student.last_active_at
    assert first is not None
    await pupil.say("/help")
    [student] = await all_of(Student)
    assert student.last_active_at == first
    async with database.session_scope() as db:
        await db.execute(update(Student).values(last_active_at=first - timedelta(hours=2)))
    await pupil.say("/help")
    [student] = await all_of(Student)
    assert student.last_active_at > first - timedelta(minutes=1)


async def test_blocking_is_noted_until_the_pupil_writes_again(pupil: Pupil) -> None:
    await pupil.block()
    [student] = await all_of(Student)
    assert student.blocked_at is not None
    await pupil.unblock()
    await pupil.say("/practice")
    [student] = await all_of(Student)
    assert student.blocked_at is None


async def test_settings_change_what_they_say(pupil: Pupil) -> None:
    assert "Class: 7" in text_of(await pupil.say("/settings"))
    await pupil.tap("🎓")
    await pupil.tap("Class 8")
    await pupil.say("/settings")
    await pupil.tap("🔔")
    await pupil.tap("7:00 pm")
    await pupil.say("/settings")
    await pupil.tap("🕰")
    await pupil.tap("London")
    [student] = await all_of(Student)
    assert (student.grade, student.timezone, student.nudge_time.hour) == (8, "Europe/London", 19)
    await pupil.say("/settings")
    await pupil.tap("🔔")
    await pupil.tap("🔕")
    [student] = await all_of(Student)
    assert not student.nudges_enabled


async def test_a_pupil_can_delete_everything(pupil: Pupil) -> None:
    await pupil.say("/practice")
    await pupil.say("/skip")
    await pupil.say("/settings")
    await pupil.tap("🗑")
    await pupil.tap("🗑 Yes")
    assert "Everything about you is deleted" in text_of(await pupil.chat())
    assert await all_of(Student) == []
    assert await all_of(Response) == []


async def test_streak_and_progress_tell_what_was_done(pupil: Pupil) -> None:
    assert "One session starts it" in text_of(await pupil.say("/streak"))
    assert "nothing to show yet" in text_of(await pupil.say("/progress"))
    said = text_of(await pupil.say("/practice"))
    for _ in range(4):
        said = text_of(await pupil.say(str(right_answer(said))))
    await pupil.say("/skip")
    assert "Days in a row: 1" in text_of(await pupil.say("/streak"))
    report = text_of(await pupil.say("/progress"))
    assert "Sessions: 1" in report
    assert "Problems: 5, right: 4" in report


async def test_html_in_a_name_or_an_answer_does_no_harm(bot: None, make_pupil: MakePupil) -> None:
    pupil = make_pupil(first_name="<b>&\"' Mitu")
    await pupil.register()
    await pupil.say("/practice")
    assert "did not cost you a try" in text_of(await pupil.say("<i>5 & 6</i>"))


async def test_a_doubled_tap_on_a_hint_or_an_answer_counts_once(pupil: Pupil) -> None:
    async with database.session_scope() as db:
        choices = {"en": ["1", "2"], "bn": ["১", "২"]}
        await db.execute(
            update(Problem).values(
                answer_type="choice", answer="A", choices=choices, misconceptions=[]
            )
        )
    await pupil.say("/practice")
    hint, data = await pupil.find_button("Hint 1/3")
    await pupil.tap("Hint 1/3")
    assert await pupil.tap_data(hint, data) == []
    message, wrong = await pupil.find_button("B) 2")
    _, other = await pupil.find_button("A) 1")
    assert "Not quite." in text_of(await pupil.tap("B) 2"))
    assert await pupil.tap_data(message, wrong) == []
    assert await pupil.toasts() == [*[""] * len(await pupil.toasts())]
    assert "button is old" in text_of(await pupil.tap_data(message, other))
    [response] = await all_of(Response)
    assert (response.attempts, response.hints_used) == (1, 1)
    assert "✅" in text_of(await pupil.tap("A) 1"))


@pytest.mark.parametrize("label", ["🕰", "Class", "Delete", "Back to question"])
async def test_a_doubled_tap_on_what_only_shows_something_is_answered_once(
    pupil: Pupil, label: str
) -> None:
    await pupil.say("/practice")
    await pupil.say("/help" if "Back" in label else "/settings")
    message, data = await pupil.find_button(label)
    assert await pupil.tap(label) != []
    assert await pupil.tap_data(message, data) == []
    await pupil.say("/help")
    assert await pupil.tap_data(message, data) != []


async def test_leaving_a_setting_open_does_not_swallow_answers(pupil: Pupil) -> None:
    await pupil.say("/settings")
    await pupil.tap("🕰")
    right = right_answer(text_of(await pupil.say("/practice")))
    assert "✅" in text_of(await pupil.say(str(right)))


async def test_the_zones_whose_signs_are_turned_round_are_not_taken(pupil: Pupil) -> None:
    await pupil.say("/settings")
    await pupil.tap("🕰")
    assert "do not know that place" in text_of(await pupil.say("GMT+6"))


async def test_who_deleted_everything_leaves_nothing_by_blocking(pupil: Pupil) -> None:
    await pupil.say("/settings")
    await pupil.tap("🗑")
    message, data = await pupil.find_button("🗑 Yes")
    await pupil.tap("🗑 Yes")
    await pupil.block()
    assert await all_of(Student) == []
    await pupil.unblock()
    await pupil.register()
    await pupil.tap_data(message, data)
    assert len(await all_of(Student)) == 1


async def test_an_answer_before_the_latest_can_be_defended(pupil: Pupil) -> None:
    right = right_answer(text_of(await pupil.say("/practice")))
    await pupil.say(str(right + 1))
    message, data = await pupil.find_button("I think I was right")
    await pupil.say(str(right + 2))
    assert "A person will look" in text_of(await pupil.tap_data(message, data))
    await pupil.tap("I think I was right")
    defended = [(dispute.attempt, dispute.typed) for dispute in await all_of(Dispute)]
    assert defended == [(1, str(right + 1)), (2, str(right + 2))]


async def test_an_answer_of_which_the_text_was_never_kept_cannot_be_defended(
    pupil: Pupil,
) -> None:
    right = right_answer(text_of(await pupil.say("/practice")))
    await pupil.say(str(right + 1))
    message, data = await pupil.find_button("I think I was right")
    await pupil.say(str(right + 2))
    async with database.session_scope() as db:
        await db.execute(delete(Attempt))
    assert "about your latest one" in text_of(await pupil.tap_data(message, data))
    assert await all_of(Dispute) == []


async def long_ago() -> None:
    """Let what was shown last be shown a minute ago."""
    async with database.session_scope() as db:
        await db.execute(update(Session).values(shown_at=clock.now() - timedelta(minutes=1)))


async def end_session() -> None:
    """Let the active session be over."""
    past = clock.now() - timedelta(minutes=1)
    async with database.session_scope() as db:
        await db.execute(update(Session).values(expires_at=past))


async def ask_for(**values: Any) -> None:
    """Give every problem other values."""
    async with database.session_scope() as db:
        await db.execute(update(Problem).values(misconceptions=[], **values))


async def open_dialog(pupil: Pupil) -> None:
    """Open the question for the time zone."""
    await pupil.say("/settings")
    await pupil.tap("🕰")


COMMANDS = "hint progress streak help start language grade settings cancel privacy stop nonsense"


@pytest.mark.parametrize("command", COMMANDS.split())
async def test_any_command_ends_an_open_dialog(pupil: Pupil, command: str) -> None:
    right = right_answer(text_of(await pupil.say("/practice")))
    await open_dialog(pupil)
    await pupil.say(f"/{command}")
    assert "✅" in text_of(await pupil.say(str(right)))


async def test_any_tap_of_something_else_ends_an_open_dialog(pupil: Pupil) -> None:
    await pupil.say("/practice")
    for label in ("Hint 1/3", "Skip", "Next question", "Hint 1/3"):
        message, data = await pupil.find_button(label)
        await open_dialog(pupil)
        await pupil.tap_data(message, data)
        [student] = await all_of(Student)
        assert student.dialog is None
    await open_dialog(pupil)
    assert "button is old" in text_of(await pupil.tap_data(message, "1:s:1:4"))
    [student] = await all_of(Student)
    assert student.dialog is None
    await pupil.say("/practice")
    await open_dialog(pupil)
    assert "Question 2" in text_of(await pupil.tap("Back to question 2"))


async def test_an_answer_typed_into_the_dialog_costs_nothing_and_has_a_way_back(
    pupil: Pupil,
) -> None:
    right = right_answer(text_of(await pupil.say("/practice")))
    await open_dialog(pupil)
    said = text_of(await pupil.say(str(right + 1)))
    assert "do not know that place" in said
    assert "did not cost you a try" in said
    await pupil.tap("Back to question 1")
    assert "✅" in text_of(await pupil.say(str(right)))
    [response] = await all_of(Response)
    assert response.attempts == 1


async def test_a_place_in_bangladesh_is_known_in_both_scripts(
    bot: None, make_pupil: MakePupil
) -> None:
    pupil = make_pupil(language_code="bn")
    await pupil.register(language="বাংলা")
    await open_dialog(pupil)
    assert "লন্ডন" in text_of(await pupil.say("লন্ডন"))
    [student] = await all_of(Student)
    assert student.timezone == "Europe/London"
    await open_dialog(pupil)
    assert "ঢাকা" in text_of(await pupil.say("চট্টগ্রাম।"))
    [student] = await all_of(Student)
    assert student.timezone == "Asia/Dhaka"


async def test_an_expired_session_is_nowhere_called_open(pupil: Pupil) -> None:
    await pupil.say("/practice")
    await end_session()
    for command in ("/cancel", "/start", "/help", "/nonsense"):
        said = await pupil.say(command)
        assert "Your place is kept" not in text_of(said)
        assert "Back to question" not in str(said)
        assert "Start today's" in str(said)
    assert "Back to question" not in str(await pupil.send(sticker="🙂"))
    await pupil.say("/language")
    await pupil.tap("English")
    begun = text_of(await pupil.tap("Start today's"))
    assert "from more than a day ago" in begun
    assert "Here we go" not in begun
    assert "Question 1 of 5" in begun
    assert [s.status for s in await all_of(Session)] == ["expired", "active"]


async def test_text_for_an_expired_session_is_told_so_once(pupil: Pupil) -> None:
    await pupil.say("/practice")
    await end_session()
    said = text_of(await pupil.say("5"))
    assert said.count("more than a day ago") == 1
    assert "Here we go" not in said


async def test_after_a_session_of_skips_today_is_still_to_come(pupil: Pupil) -> None:
    await pupil.say("/practice")
    for _ in range(5):
        said = text_of(await pupil.skip())
    assert "A day counts once" in said
    assert "Start today's" in str(await pupil.say("/help"))


async def test_after_a_session_no_button_starts_todays_again(pupil: Pupil) -> None:
    right = right_answer(text_of(await pupil.say("/practice")))
    await pupil.say(str(right))
    for _ in range(4):
        await pupil.skip()
    for said in (await pupil.say("/help"), await pupil.say("hello")):
        assert "Start today's" not in str(said)
        assert "Five more problems" in str(said)


async def test_each_answer_that_a_pupil_defends_is_kept(pupil: Pupil) -> None:
    right = right_answer(text_of(await pupil.say("/practice")))
    for wrong in (right + 1, right + 2, right + 3):
        await pupil.say(str(wrong))
        message, data = await pupil.find_button("I think I was right")
        assert "A person will look" in text_of(await pupil.tap_data(message, data))
        assert await pupil.tap_data(message, data) == []
    defended = [dispute.typed for dispute in await all_of(Dispute)]
    assert defended == [str(right + 1), str(right + 2), str(right + 3)]


async def test_a_yes_or_no_question_has_yes_and_no(pupil: Pupil) -> None:
    await ask_for(answer_type="boolean", answer="true", question_en="Is 2 even? Answer yes or no.")
    said = await pupil.say("/practice")
    assert "Yes or no?" in text_of(said)
    assert "True" not in str(said)
    assert "Not quite." in text_of(await pupil.tap("No"))
    assert "✅" in text_of(await pupil.tap("Yes"))


async def test_a_true_or_false_question_has_true_and_false(pupil: Pupil) -> None:
    await ask_for(answer_type="boolean", answer="true", question_en="2 is even. True or false?")
    assert "True or false?" in text_of(await pupil.say("/practice"))
    assert "✅" in text_of(await pupil.tap("True"))


async def test_typed_words_do_for_the_buttons_of_the_registration(
    bot: None, make_pupil: MakePupil
) -> None:
    pupil = make_pupil()
    await pupil.say("/start")
    assert "Which language" in text_of(await pupil.say("hello"))
    assert "all right?" in text_of(await pupil.say("English"))
    said = text_of(await pupil.say("maybe"))
    assert "Please tap one of the buttons." in said
    said = text_of(await pupil.say("/help"))
    assert "five maths problems" in said
    assert "all right?" in said
    assert "Which class" in text_of(await pupil.say("OK!"))
    said = text_of(await pupil.say("42"))
    assert "Please tap one of the buttons." in said
    assert "Which class" in said
    assert "Where do you live" in text_of(await pupil.say("class eight"))
    assert "shall I remind you" in text_of(await pupil.say("Sylhet"))
    assert "You are ready" in text_of(await pupil.say("No!"))
    [student] = await all_of(Student)
    assert (student.grade, student.timezone) == (8, "Asia/Dhaka")


async def test_a_new_class_in_the_middle_counts_from_the_next_session(pupil: Pupil) -> None:
    await pupil.say("/practice")
    await pupil.say("/grade")
    assert "next five problems" in text_of(await pupil.tap("Class 8"))
    await pupil.say("/grade")
    assert "next five problems" not in text_of(await pupil.tap("Class 8"))


async def test_plain_words_do_what_the_buttons_do(pupil: Pupil) -> None:
    choices = {"en": ["1", "2"], "bn": ["১", "২"]}
    await ask_for(answer_type="choice", answer="A", choices=choices)
    await pupil.say("/practice")
    assert "Hint 1 of 3" in text_of(await pupil.say("Hint"))
    assert "Hint 2 of 3" in text_of(await pupil.say("ইঙ্গিত"))
    assert "Hint 3 of 3" in text_of(await pupil.say("I don't know"))
    for unsure, told in (("জানি না", "Shall I show you the solution?"), ("help", "seen all")):
        said = await pupil.say(unsure)
        assert told in text_of(said)
        assert "Show me the solution" in str(said)
    await pupil.say("skip")
    assert "Question 2 of 5" in text_of(await pupil.tap("Next question"))
    assert "Hint 1 of 3" in text_of(await pupil.say("hint"))
    assert "Skipped" in text_of(await pupil.say("বাদ"))
    first, second = await all_of(Response)
    assert (first.hints_used, first.attempts) == (3, 0)
    assert first.skipped
    assert second.skipped


async def test_a_plain_word_that_is_the_answer_is_one(pupil: Pupil) -> None:
    await ask_for(answer_type="text", answer="বাদ", choices=None)
    await pupil.say("/practice")
    assert "✅" in text_of(await pupil.say("বাদ"))


async def test_the_bot_presents_itself_in_both_languages(
    bot: None, http: aiohttp.ClientSession, sandbox: Running, pupil: Pupil
) -> None:
    address = f"{sandbox.url}/bot{sandbox.config.token}"
    for method, key in (("Description", "long"), ("ShortDescription", "short")):
        for code in ("bn", "en"):
            url = f"{address}/getMy{method}?language_code={code}"
            async with http.get(url) as response:
                told = (await response.json())["result"]
            assert words(code)(f"profile-{key}") in told.values()
