"""A pupil invites an adult at home; the adult says yes; either ends it."""

from src.models import Guardian, Person
from tests.acceptance.conftest import MakePupil
from tests.acceptance.pupil import Pupil, text_of
from tests.acceptance.test_profiles import add_sibling
from tests.acceptance.test_topic import all_of


def code_in(text: str) -> str:
    return text.partition("/start ")[2].split()[0]


async def test_a_pupil_invites_an_adult_and_both_agree(pupil: Pupil, make_pupil: MakePupil) -> None:
    said = text_of(await pupil.say("/parent"))
    assert "For an adult at home" in said
    assert "No practice in these seven days" in said
    told = text_of(await pupil.tap("Invite an adult"))
    assert "https://t.me/" in told
    code = code_in(told)
    assert "send it on" in text_of(await pupil.say(f"/start {code}"))

    adult = make_pupil(first_name="Farida", language_code="bn")
    asked = text_of(await adult.say(f"/start {code}"))
    assert "would like you to hear of it" in asked
    assert "আপনি কি রাজি?" in asked
    await adult.tap("Yes, in English")
    assert "Thank you! Now Mitu says" in text_of(await adult.chat())
    assert "I write to you about Mitu" in text_of(await adult.say("/start"))
    assert "I write to you about Mitu" in text_of(await adult.say("hello"))
    assert "This link is over" in text_of(await make_pupil().say(f"/start {code}"))

    assert "said yes. Is that the adult you meant?" in text_of(await pupil.say("/parent"))
    await pupil.tap("Yes, that is them")
    assert "Every Friday evening Farida hears" in text_of(await pupil.chat())
    assert "hears of your week every Friday" in text_of(await pupil.say("/parent"))
    assert "a week of maths" in text_of(await pupil.tap("as a text to forward"))
    [person] = [one for one in await all_of(Person) if one.telegram_id == adult.id]
    assert (person.language, person.dialog) == ("en", "guardian")

    await adult.say("/start")
    assert "nothing more about Mitu" in text_of(await adult.tap("No more about Mitu"))
    assert "hears of your week" not in text_of(await pupil.say("/parent"))
    assert "button is old" in text_of(await adult.tap("No more about Mitu"))


async def test_a_pupil_says_that_it_is_somebody_else(pupil: Pupil, make_pupil: MakePupil) -> None:
    await pupil.say("/parent")
    code = code_in(text_of(await pupil.tap("Invite an adult")))
    stranger = make_pupil(first_name="Nobody")
    await stranger.say(f"/start {code}")
    await stranger.tap("হ্যাঁ, বাংলায়")
    await pupil.say("/parent")
    await pupil.tap("No")
    assert "Nobody hears nothing of you" in text_of(await pupil.chat())
    [row] = await all_of(Guardian)
    assert row.ended_at is not None


async def test_who_declines_leaves_nothing_behind(pupil: Pupil, make_pupil: MakePupil) -> None:
    await pupil.say("/parent")
    code = code_in(text_of(await pupil.tap("Invite an adult")))
    adult = make_pupil()
    await adult.say(f"/start {code}")
    await adult.tap("No, thank you")
    assert "Nothing about this is kept" in text_of(await adult.chat())
    assert [one.telegram_id for one in await all_of(Person)] == [pupil.id]


async def test_an_adult_may_practise_too(pupil: Pupil, make_pupil: MakePupil) -> None:
    await pupil.say("/parent")
    code = code_in(text_of(await pupil.tap("Invite an adult")))
    adult = make_pupil()
    await adult.say(f"/start {code}")
    await adult.tap("Yes, in English")
    await adult.say("/language")
    await adult.tap("বাংলা")
    assert "সম্পর্কে লিখি" in text_of(await adult.chat())
    await adult.tap("নিজে অনুশীলন করব")
    await adult.register()
    assert "Question 1" in text_of(await adult.say("/practice"))


async def test_an_adult_who_is_in_the_middle_of_something_stays_there(
    pupil: Pupil, make_pupil: MakePupil
) -> None:
    await pupil.say("/parent")
    code = code_in(text_of(await pupil.tap("Invite an adult")))
    sister = make_pupil(first_name="Rima")
    await sister.say("/start")
    await sister.tap("English")
    await sister.tap("✅")
    await sister.say(f"/start {code}")
    await sister.tap("হ্যাঁ, বাংলায়")
    [person] = [one for one in await all_of(Person) if one.telegram_id == sister.id]
    assert (person.language, person.dialog) == ("en", "grade")
    assert "Thank you!" in text_of(await sister.chat())


async def test_a_brother_on_the_same_phone_may_answer_for_the_one_who_was_asked(
    pupil: Pupil, make_pupil: MakePupil
) -> None:
    await pupil.say("/parent")
    code = code_in(text_of(await pupil.tap("Invite an adult")))
    adult = make_pupil(first_name="Farida")
    await adult.say(f"/start {code}")
    await adult.tap("Yes, in English")
    await pupil.say("/parent")
    message, data = await pupil.find_button("Yes, that is them")
    await add_sibling(pupil)
    assert "hears of your week" not in text_of(await pupil.say("/parent")), "not of the other"
    await pupil.tap_data(message, data)
    [row] = await all_of(Guardian)
    assert row.confirmed_at is not None
