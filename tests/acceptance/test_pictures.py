"""A pupil meets problems with pictures, over HTTP, on both databases."""

import asyncio

from sqlalchemy import delete, select, update

from bot.context import DarsBot
from bot.gateway.sender import Sender
from bot.replies import Picture
from bot.run import opened
from sandbox.run import Running
from src import database
from src.content.pictures import draw_missing
from src.figures.drawing import digest, draw_png, draw_svg
from src.figures.kinds import read_figure
from src.language import Language
from src.models import FigureDrawing, FigureFile, Problem
from tests.acceptance.conftest import MakePupil, bot_settings
from tests.acceptance.pupil import Pupil, text_of
from tests.acceptance.test_practice import right_answer
from tests.unit.figures.samples import sample

FIGURE = sample("bar")
HINT = "Picture: bar chart; Books read"


async def give_pictures(*, drawn: bool) -> None:
    """Give every problem of the library the same picture."""
    async with database.session_scope() as db:
        await db.execute(update(Problem).values(figure=FIGURE))
    if drawn:
        assert await draw_missing(database.session_scope) == 2
        assert await draw_missing(database.session_scope) == 0


async def files() -> list[FigureFile]:
    async with database.session_scope() as db:
        return list(await db.scalars(select(FigureFile)))


async def test_a_question_comes_under_its_picture_which_is_uploaded_once(
    pupil: Pupil, make_pupil: MakePupil
) -> None:
    await give_pictures(drawn=True)
    question = (await pupil.say("/practice"))[-1]
    assert question["photo"]["width"] == 640
    assert "What is 1000" in question["text"]
    following = (await pupil.say(str(right_answer(question["text"]))))[-1]
    assert following["photo"]["file_id"] == question["photo"]["file_id"]
    other = make_pupil()
    await other.register()
    assert (await other.say("/practice"))[-1]["photo"]["file_id"] == question["photo"]["file_id"]
    bangla = make_pupil(language_code="bn")
    await bangla.register(language="বাংলা")
    assert (await bangla.say("/practice"))[-1]["photo"]["file_id"] != question["photo"]["file_id"]
    kept = await files()
    assert {(file.digest, file.language) for file in kept} == {
        (digest(FIGURE), "en"),
        (digest(FIGURE), "bn"),
    }


async def test_the_buttons_under_a_picture_work(pupil: Pupil) -> None:
    await give_pictures(drawn=True)
    [*_, question] = await pupil.say("/practice")
    told = text_of(await pupil.tap("picture in words"))
    assert HINT in told
    assert "Mitu 12, Rafi 20, Shila 15" in told
    await pupil.tap("Hint 1", message_id=question["message_id"])
    await pupil.tap("Skip", message_id=question["message_id"])
    [*_, following] = await pupil.tap("Next question")
    assert "photo" in following
    [left] = [m for m in await pupil.chat() if m["message_id"] == question["message_id"]]
    assert left["reply_markup"]["inline_keyboard"] == []


async def test_a_verdict_and_a_question_with_a_picture_are_one_message(pupil: Pupil) -> None:
    await give_pictures(drawn=True)
    [*_, question] = await pupil.say("/practice")
    [said] = await pupil.say(str(right_answer(question["text"])))
    assert "✅" in said["text"]
    assert "Question 2" in said["text"]
    assert "photo" in said
    rows = said["reply_markup"]["inline_keyboard"]
    assert [row[0]["text"][:1] for row in rows[:1]] == ["💡"]
    assert "Question 2" in text_of(await pupil.say("/practice"))


async def test_a_reply_to_a_picture_answers_its_question(pupil: Pupil) -> None:
    await give_pictures(drawn=True)
    [*_, question] = await pupil.say("/practice")
    said = await pupil.say(
        str(right_answer(question["text"])), reply_to_message_id=question["message_id"]
    )
    assert "photo" in said[-1]
    assert "Question 2" in said[-1]["text"]


async def test_without_a_drawing_the_words_come_with_the_question(pupil: Pupil) -> None:
    await give_pictures(drawn=False)
    [*_, question] = await pupil.say("/practice")
    assert "photo" not in question
    assert "What is 1000" in question["text"]
    assert HINT in question["text"]


async def test_a_fresh_sender_forgets_what_telegram_does_not_know(
    sqlite_url: str, sandbox: Running, make_pupil: MakePupil
) -> None:
    pupil = make_pupil()
    async with opened(bot_settings(sandbox), asyncio.Event()) as (bot, *_):
        await pupil.post("/start")
        picture = Picture(digest(FIGURE), "en", "A <b>caption</b>", "told in words")
        await _know(bot, picture, file_id="AgACgone")
        sender = Sender(bot)
        assert await sender.send(pupil.id, [picture]) is None
        assert "photo" not in (await pupil.chat())[-1]
        async with database.session_scope() as db:
            db.add(FigureDrawing(digest=picture.digest, language="en", png=_drawn()))
        await sender.send(pupil.id, [picture])
        shown = (await pupil.chat())[-1]
        assert (shown["text"], shown["photo"]["width"]) == ("A caption", 640)
        [file] = await files()
        assert file.file_id == shown["photo"]["file_id"]
        async with database.session_scope() as db:
            await db.execute(delete(FigureDrawing))
        await Sender(bot).send(pupil.id, [picture])
        assert (await pupil.chat())[-1]["photo"]["file_id"] == file.file_id


async def _know(bot: DarsBot, picture: Picture, *, file_id: str) -> None:
    async with database.session_scope() as db:
        db.add(
            FigureFile(
                bot_id=bot.id, digest=picture.digest, language=picture.language, file_id=file_id
            )
        )


def _drawn() -> bytes:
    return draw_png(draw_svg(read_figure(FIGURE), Language.EN))
