"""What marks come to in a course: weights of groups, and marks that are dropped.

As Canvas does it: of each group the marks are dropped whose loss makes the rest best (for those
that drop the highest: worst), and groups without points that can be had do not weigh.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class MarkGroup:
    """What part of a grade some work is.

    Attributes:
        weight: In percent, where the course weighs groups.
        drop_lowest: How many of the lowest marks do not count.
        drop_highest: How many of the highest do not.
        never_drop: Canvas' numbers of what always counts.
    """

    weight: float = 0.0
    drop_lowest: int = 0
    drop_highest: int = 0
    never_drop: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class PieceMark:
    """Points for one piece of work.

    Attributes:
        assignment: Canvas' number.
        group: Canvas' number of its group.
        score: Points that were given.
        points: Points that can be had.
    """

    assignment: int
    group: int | None
    score: float
    points: float

    def plus(self, score: float) -> "PieceMark":
        """Return the mark with so many points more."""
        return replace(self, score=self.score + score)


_PLAIN = MarkGroup()


def kept_of(marks: Sequence[PieceMark], groups: Mapping[int, MarkGroup]) -> list[PieceMark]:
    """Return the marks that are not dropped."""
    return [
        mark
        for number in dict.fromkeys(mark.group for mark in marks)
        for mark in _kept([mark for mark in marks if mark.group == number], _group(groups, number))
    ]


def total_of(
    marks: Sequence[PieceMark], groups: Mapping[int, MarkGroup], *, weighs: bool
) -> float | None:
    """Return the grade, 1 for all points; None where no points can be had.

    Args:
        marks: Those that count.
        groups: By Canvas' number.
        weighs: Whether groups count by their weights, and not by their points.
    """
    if not weighs:
        return _ratio(marks)
    shares = []
    for number in dict.fromkeys(mark.group for mark in marks):
        ratio = _ratio([mark for mark in marks if mark.group == number])
        if ratio is not None:
            shares.append((_group(groups, number).weight, ratio))
    whole = sum(weight for weight, _ in shares)
    return sum(weight * ratio for weight, ratio in shares) / whole if whole else None


def _kept(marks: list[PieceMark], group: MarkGroup) -> list[PieceMark]:
    fixed = [mark for mark in marks if mark.assignment in group.never_drop or not mark.points]
    loose = [mark for mark in marks if mark not in fixed]
    for drops, sign in ((group.drop_lowest, 1), (group.drop_highest, -1)):
        # One mark at least stays.
        most = max(0, len(loose) - (not fixed))
        loose = _best(loose, fixed, len(loose) - min(drops, most), sign)
    return [*fixed, *loose]


def _best(loose: list[PieceMark], fixed: list[PieceMark], count: int, sign: int) -> list[PieceMark]:
    """Return the marks that together give the best ratio, or the worst where `sign` is -1.

    Which ones those are depends on the ratio that they give: it is improved until it stands
    (Dinkelbach's method, as in Kane and Kane, "Dropping lowest grades", 2006).
    """
    if count >= len(loose):
        return loose
    kept, ratio = loose[:count], None
    while True:
        new = _ratio([*kept, *fixed]) or 0.0
        if ratio is not None and sign * (new - ratio) <= 1e-12:
            return kept
        ratio = new

        def gain(mark: PieceMark, at: float = new) -> float:
            return -sign * (mark.score - at * mark.points)

        kept = sorted(loose, key=gain)[:count]


def _ratio(marks: Sequence[PieceMark]) -> float | None:
    points = sum(mark.points for mark in marks)
    return sum(mark.score for mark in marks) / points if points else None


def _group(groups: Mapping[int, MarkGroup], number: int | None) -> MarkGroup:
    return _PLAIN if number is None else groups.get(number, _PLAIN)
