"""The board over HTTP: asked first, under another name, and left at once."""

import re
from pathlib import Path

from src import database
from src.models import Streak, Student
from src.streaks.board_names import FIRST, SECOND, is_name, name_of, offer
from tests.acceptance.conftest import MakePupil
from tests.acceptance.pupil import Pupil, text_of
from tests.acceptance.test_progress import practise
from tests.acceptance.test_topic import all_of
from tests.fixtures.factories import (
    make_class_member,
    make_class_teacher,
    make_school_class,
    make_teacher,
)

ROOT = Path(__file__).resolve().parents[2]


async def join(pupil: Pupil) -> str:
    """Join under the first name that is offered; return what is shown."""
    asked = (await pupil.say("/leaderboard"))[-1]
    first = asked["reply_markup"]["inline_keyboard"][0][0]
    before = (await pupil.chat())[-1]["message_id"]
    await pupil.tap(first["text"])
    shown = next(m for m in await pupil.chat() if m["message_id"] == before)
    return f"{shown['text']}"


async def test_who_wants_to_stands_on_the_board(pupil: Pupil, make_pupil: MakePupil) -> None:
    await practise(pupil)
    asked = await pupil.say("/leaderboard")
    assert "Never your own name" in text_of(asked)
    assert [row.board_name for row in await all_of(Streak)] == [None]
    shown = await join(pupil)
    assert "Class 7 · Days in a row" in shown
    assert re.search(r"➡️ 1\. \w+ \w+ \(you\) · 1", shown)
    [row] = await all_of(Streak)
    assert is_name(row.board_name)
    other = make_pupil(language_code="bn")
    await other.register(language="বাংলা")
    there = await join(other)
    assert name_of(row.board_name).bn in there
    assert "(তুমি) · ০" in there
    await pupil.tap("Solved this week")
    [board] = [m for m in await pupil.chat() if "Solved without help this week" in m["text"]]
    assert "(you) · 5" in board["text"]
    await pupil.tap("Leave the board")
    assert "Never your own name" in text_of(await pupil.say("/leaderboard"))
    there = text_of(await other.say("/leaderboard"))
    assert name_of(row.board_name).bn not in there


async def test_other_names_are_offered_and_a_forged_one_is_refused(pupil: Pupil) -> None:
    asked = (await pupil.say("/leaderboard"))[-1]
    first = asked["reply_markup"]["inline_keyboard"][0][0]["text"]
    await pupil.tap("Other names")
    changed = (await pupil.chat())[-1]
    assert first not in str(changed["reply_markup"])
    for data in ("join:Mitu", "join:<b>-tiger", "nonsense", "others:x"):
        said = text_of(await pupil.tap_data(asked["message_id"], f"1:b:{data}"))
        assert "button is old" in said
    assert all(row.board_name is None for row in await all_of(Streak))


async def test_the_board_follows_the_class(pupil: Pupil) -> None:
    await practise(pupil)
    await join(pupil)
    await pupil.say("/grade")
    await pupil.tap("Class 8")
    assert "Class 8 · Days in a row" in text_of(await pupil.say("/leaderboard"))


async def test_a_class_has_its_own_board_among_those_who_joined(
    pupil: Pupil, make_pupil: MakePupil
) -> None:
    mate, other = make_pupil(), make_pupil()
    for one in (mate, other):
        await one.register()
        await practise(one)
        await join(one)
    await join(pupil)
    names = {row.student_id: row.board_name for row in await all_of(Streak)}
    by_id = {student.telegram_id: student.id for student in await all_of(Student)}
    async with database.session_scope() as db:
        school_class, teacher = make_school_class(name="7 Shapla"), make_teacher()
        db.add_all([school_class, teacher])
        await db.flush()
        db.add(make_class_teacher(class_id=school_class.id, teacher_id=teacher.id))
        for one in (pupil, mate):
            db.add(make_class_member(class_id=school_class.id, student_id=by_id[one.id]))
    await pupil.say("/leaderboard")
    await pupil.tap("7 Shapla")
    board = (await pupil.chat())[-1]["text"]
    assert "7 Shapla · Days in a row" in board
    assert name_of(names[by_id[mate.id]]).en in board
    assert name_of(names[by_id[other.id]]).en not in board
    assert "2. " in board
    assert "3. " not in board
    await pupil.tap("Solved this week")
    assert "7 Shapla · Solved without help" in (await pupil.chat())[-1]["text"]
    _, data = await pupil.find_button("Days in a row")
    await pupil.tap("All of Class 7")
    assert "Class 7 · Solved without help" in (await pupil.chat())[-1]["text"]
    await other.say("/leaderboard")
    assert "button is old" in text_of(
        await other.tap_data((await other.chat())[-1]["message_id"], data)
    )


def test_every_name_fits_and_is_in_both_languages() -> None:
    assert len(FIRST) == len(SECOND) == 32
    for first in FIRST:
        for second in SECOND:
            code = f"{first}-{second}"
            assert len(code) <= 40
            assert is_name(code)
    assert len({name for page in range(30) for name in offer(7, page)}) > 90


def test_no_teacher_is_shown_any_of_it() -> None:
    for folder in ("src/teaching", "src/insights", "web"):
        for path in (ROOT / folder).rglob("*.*"):
            if path.suffix in {".py", ".html", ".js"}:
                text = path.read_text(encoding="utf-8")
                assert "board_" not in text, path
                assert "streaks.board" not in text, path
