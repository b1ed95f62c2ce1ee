"""/leaderboard as a pupil sees it. Pure and synchronous."""

from collections.abc import Sequence

from bot.callbacks import Action, encode
from bot.replies import Button, Keyboard, Say
from bot.words import Words
from src.streaks.board import Board, BoardLine, Ranked
from src.streaks.board_names import name_of, offer
from src.teaching.results import ClassOffer

JOIN, OTHERS, LEAVE = "join", "others", "leave"


def ask(t: Words, seed: int, page: int, keyboard: Keyboard) -> Say:
    """Ask whether the pupil wants to stand on the board, and under which name."""
    names = [
        Button(name_of(code).in_(t.language), encode(Action.BOARD, JOIN, code))
        for code in offer(seed, page)
    ]
    others = Button(t("button-board-others"), encode(Action.BOARD, OTHERS, page + 1))
    return Say(t("board-ask"), [names[:2], names[2:], [others], *keyboard])


def show(
    t: Words,
    seen: Board,
    keyboard: Keyboard,
    classes: Sequence[ClassOffer] = (),
    chosen: ClassOffer | None = None,
) -> Say:
    """Return the first, and the pupil's own place among those who are next to it.

    Args:
        t: The texts.
        seen: What is to be seen.
        keyboard: The way back.
        classes: Classes of the pupil, whose boards they can look at.
        chosen: The class whose board it is; None for the grade.
    """
    grade = t(f"grade-name-{seen.grade}")
    heading = t(f"board-heading-{seen.by}", grade=chosen.name if chosen else grade)
    parts = [heading, *("\n".join(_line(t, one) for one in some) for some in _parts(seen))]
    other = Ranked.SOLVED if seen.by is Ranked.STREAK else Ranked.STREAK
    of_class = () if chosen is None else (chosen.id,)
    rows = [[Button(t(f"button-board-{other}"), encode(Action.BOARD, other, *of_class))]]
    if chosen is not None:
        rows.append([Button(t("button-board-all", grade=grade), encode(Action.BOARD, seen.by))])
    rows += [
        [Button(t("button-board-class", name=one.name), encode(Action.BOARD, seen.by, one.id))]
        for one in classes
        if one != chosen
    ]
    rows.append([Button(t("button-board-leave"), encode(Action.BOARD, LEAVE))])
    return Say("\n\n".join(parts), [*rows, *keyboard])


def _parts(seen: Board) -> list[list[BoardLine]]:
    return [list(some) for some in (seen.top, seen.around) if some]


def _line(t: Words, one: BoardLine) -> str:
    name = name_of(one.name).in_(t.language)
    key = "board-own" if one.is_own else "board-line"
    return t(key, place=one.place, name=name, count=one.value)
