"""The sheet of a pupil's practice: the same data gives the same picture, in both languages."""

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.replies import Drawing, Say, pack, unpack
from bot.views.progress import progress
from bot.words import words
from src.figures.canvas import WIDTH
from src.figures.drawing import draw_png
from src.figures.practice_sheet import draw_sheet, read_sheet
from src.figures.writing import lacks, width_of
from src.mastery.memory import TopicStanding, Word
from src.practice.results import Progress
from src.streaks.rules import StreakState

GOLDEN = Path(__file__).parent / "golden"
TODAY = date(2026, 11, 29)
GRADE_7 = (
    *(("rational-irrational", Word.GROWING), ("algebra-multiply-divide", Word.GROWING)),
    *(("measurement", Word.GROWING), ("proportion-profit-loss", Word.DUE)),
    *(("triangles", Word.DUE), ("data", Word.STRONG), ("algebraic-formulae", Word.STRONG)),
    *(("algebraic-fractions", Word.NEW), ("congruence-similarity", Word.NEW)),
    ("parallel-lines", Word.NEW),
)


def report(**values: object) -> Progress:
    known: dict[str, object] = {
        "sessions": 11,
        "problems": 57,
        "correct": 41,
        "today": TODAY,
        "days": {TODAY - timedelta(days=ago) for ago in (0, 1, 2, 3, 5, 8, 9, 14, 21, 27)},
        "streak": StreakState(current=4, longest=9, last_day=TODAY),
        "alive": True,
        "topics": [TopicStanding(topic, word) for topic, word in GRADE_7],
    }
    return Progress(**known | values)  # type: ignore[arg-type]


def shown(language: str, **values: object) -> Drawing:
    said = progress(words(language), report(**values), ())
    assert isinstance(said, Drawing)
    return said


@pytest.mark.parametrize("language", ["en", "bn"])
def test_the_same_practice_gives_the_same_bytes(language: str) -> None:
    png = draw_png(draw_sheet(read_sheet(shown(language).sheet)))
    golden = GOLDEN / f"progress-{language}.png"
    assert png == golden.read_bytes(), "look at the picture, and keep it if it is right"
    assert len(png) < 120_000
    with Image.open(BytesIO(png)) as image:
        assert image.width == 640


@pytest.mark.parametrize("language", ["en", "bn"])
def test_everything_that_is_written_fits_and_can_be_drawn(language: str) -> None:
    sheet = read_sheet(shown(language).sheet)
    names = [name for group in sheet.groups for name in (group.word, *group.topics)]
    for text in (sheet.title, *sheet.lines, *sheet.weekdays, *names):
        assert lacks(text) == []
    assert max(width_of(name, 15) for name in names) < WIDTH - 72 - 8


@pytest.mark.parametrize("language", ["en", "bn"])
def test_the_caption_says_the_same(language: str) -> None:
    t, said = words(language), shown(language)
    sheet = read_sheet(said.sheet)
    for group in sheet.groups:
        assert f"<b>{group.word}:</b> {', '.join(group.topics)}" in said.caption
    assert t("progress-days", count=10) in said.caption
    assert t("progress-streak", count=4) in said.caption
    assert len(said.caption) < 1024
    assert [group.dots for group in sheet.groups] == [1, 2, 3, 0]
    assert sheet.days[-1].number == t.number(29)
    assert [day.practised for day in sheet.days[-4:]] == [True] * 4
    assert sheet.weekdays[-1] == t("weekday-short-6")


def test_it_is_known_by_what_it_shows() -> None:
    one, same = (read_sheet(shown("en").sheet).digest for _ in range(2))
    assert one == same
    assert read_sheet(shown("bn").sheet).digest != one
    assert read_sheet(shown("en", days={TODAY}).sheet).digest != one


def test_it_can_be_kept_and_said_again() -> None:
    [again] = unpack(pack([shown("bn")]))
    assert isinstance(again, Drawing)
    assert read_sheet(again.sheet) == read_sheet(shown("bn").sheet)


def test_nothing_is_said_to_be_none() -> None:
    first = shown("en", sessions=0, problems=1, correct=0, streak=StreakState(), alive=False)
    assert "Sessions" not in first.caption
    assert "Days in a row" not in first.caption
    assert "Problems: 1" in first.caption
    assert "right" not in first.caption
    assert isinstance(progress(words("en"), report(problems=0), ()), Say)
