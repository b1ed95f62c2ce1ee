"""Views: the words of hours and of yes-or-no questions, over the real library."""

import csv
from datetime import time
from html import escape
from pathlib import Path

import pytest

from bot.replies import Say
from bot.views.clock import at_clock, clock_face
from bot.views.practice import asks_yes_or_no, heard, question, summary
from bot.words import words
from src.answers.hearing.requests import Request, read_request
from src.practice.results import ProblemCard, Question, Summary
from src.streaks.rules import Change, StreakState, StreakStep

CONTENT = Path(__file__).resolve().parents[3] / "content"


@pytest.mark.parametrize(
    ("at", "en", "bn"),
    [
        (time(8), "at 8:00 am", "সকাল ৮টায়"),
        (time(15), "at 3:00 pm", "বিকেল ৩টায়"),
        (time(19), "at 7:00 pm", "সন্ধ্যা ৭টায়"),
        (time(20), "at 8:00 pm", "রাত ৮টায়"),
        (time(0), "at 12:00 am", "রাত ১২টায়"),
        (time(12), "at 12:00 pm", "দুপুর ১২টায়"),
        (time(5, 5), "at 5:05 am", "ভোর ৫টা ০৫ মিনিটে"),
    ],
)
def test_hours_are_said_as_people_say_them(at: time, en: str, bn: str) -> None:
    assert at_clock(words("en"), at) == en
    assert at_clock(words("bn"), at) == bn


def test_the_buttons_of_hours_have_no_preposition() -> None:
    assert clock_face(words("en"), time(20)) == "8:00 pm"
    assert clock_face(words("bn"), time(20)) == "রাত ৮টা"
    assert clock_face(words("bn"), time(20, 30)) == "রাত ৮টা ৩০ মিনিট"


def test_both_languages_of_a_boolean_problem_ask_for_the_same_words() -> None:
    asked = []
    for path in sorted(CONTENT.glob("*-grade-*.csv")):
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
            if row.get("answer_type") == "boolean":
                forms = [asks_yes_or_no(row[f"question_{code}"]) for code in ("en", "bn")]
                assert forms[0] == forms[1], row["external_id"]
                asked.append(forms[0])
    assert set(asked) == {True, False}


@pytest.mark.parametrize(("code", "line"), [("en", "Days in a row"), ("bn", "🔥 টানা")])
def test_a_session_without_work_shows_no_streak_that_is_over(code: str, line: str) -> None:
    for days, running, shown in ((0, False, False), (5, False, False), (5, True, True)):
        step = StreakStep(StreakState(current=days), Change.KEPT, running=running)
        said = summary(words(code), Summary(0, 5, 60, step, ["fractions"])).text
        assert (line in said) == shown
        assert (words(code)("summary-no-work") in said) != shown


def test_true_or_false_is_not_yes_or_no() -> None:
    assert not asks_yes_or_no("Is this true or false? Yesterday it was not.")
    assert not asks_yes_or_no("উক্তিটি সত্য না মিথ্যা?")
    assert asks_yes_or_no("Yes or no?")
    assert asks_yes_or_no("হ্যাঁ অথবা না লেখো।")


@pytest.mark.parametrize(
    ("request_", "typed"),
    [
        (Request.PRIVACY, "privacy|What do you keep?|My data|গোপনীয়তা|আমার কী কী রাখো?|ki rakho"),
        (Request.STOP, "stop|STOP!|Unsubscribe|don't remind me|থামো|বন্ধ করো।|bondho koro"),
        (Request.DELETE, "delete my data|Forget me.|সব মুছে ফেলো|আমার তথ্য মুছে দাও|sob muche felo"),
        (Request.ADULT, "I am a teacher|I'm a teacher.|teacher|Hello, I am a maths teacher"),
        (Request.ADULT, "I am the father of a pupil|I am a parent. Where are the results?"),
        (Request.ADULT, "I am his mother|A parent here|I am a teacher and want to see results"),
        (Request.ADULT, "আমি শিক্ষক|আমি একজন শিক্ষিকা|আমি গণিতের শিক্ষক।|অভিভাবক|আমি ওর মা"),
        (Request.ADULT, "ami shikkhok|ami ekjon teacher|ami obhibhabok|ami or baba"),
        (None, "7|3/4|yes|no|hi|stop 5|delete 3 terms|data|x = 2|বাদ দাও|hint|না|মা|baba"),
        (None, "my teacher said 5|I am not a teacher|are you a teacher?|I asked my parents"),
        (None, "আমি মা-বাবাকে জিজ্ঞেস করেছি|আমি শিক্ষক নই|ami teacher na|আমি ক্লাস ৭"),
        (None, "teacher " * 3000),
    ],
)
def test_requests_are_known_in_words(request_: Request | None, typed: str) -> None:
    assert {one: read_request(one) for one in typed.split("|")} == dict.fromkeys(
        typed.split("|"), request_
    )


@pytest.mark.parametrize(("code", "letter"), [("en", "b)"), ("bn", "খ)")])
def test_a_part_is_asked_below_its_stem(code: str, letter: str) -> None:
    card = ProblemCard(
        *(1, "integers", 2, 2, "A < B.\n\nWhat is 3 + 4?", "ক < খ।\n\n৩ + ৪ কত?", "7", "number"),
        *({}, None, [], [], None, None),
        stem="G6-ST-01",
        part=2,
    )
    t = words(code)
    asked = Question(1, 4, 5, card)
    stem, part = card.stem_and_part(t.language)

    shown = question(t, asked)

    assert isinstance(shown, Say)
    quoted, letter_and_part = f"<blockquote>{escape(stem)}</blockquote>", f"<b>{letter}</b> {part}"
    assert f"{quoted}\n\n{letter_and_part}" in shown.text
    # What a later message quotes has to stand in this one.
    assert heard(t, "thanks", asked).quotes == part


@pytest.mark.parametrize("code", ["en", "bn"])
def test_a_problem_that_is_harder_on_purpose_says_so(code: str) -> None:
    card = ProblemCard(
        *(1, "integers", 3, 2, "What is 3 + 4?", "৩ + ৪ কত?", "7", "number", {}, None),
        *([], [], None, None),
    )
    t = words(code)
    for is_stretch in (True, False):
        shown = question(t, Question(1, 4, 5, card, is_stretch=is_stretch))
        assert isinstance(shown, Say)
        assert (t("question-stretch") in shown.text) == is_stretch
