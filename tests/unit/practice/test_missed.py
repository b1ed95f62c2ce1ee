"""What is still missed, and with which problem it is tried again."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from src.practice.choosing import Pick, Slot, opened_by, variant_of_missed
from src.practice.missed import Closed, still_missed
from src.practice.rules import Candidate

DAY = date(2026, 11, 29)


def closed(family: str, problem: int, *, solved: bool, helped: bool = False) -> Closed:
    return family, problem, DAY, solved, helped


def candidate(number: int, family: str = "F", difficulty: int = 1) -> Candidate:
    return Candidate(number, family, "t", "s", difficulty)


def test_what_is_solved_alone_is_not_missed_any_more() -> None:
    newest_first = [
        closed("A", 2, solved=True),
        closed("B", 5, solved=True, helped=True),
        closed("A", 1, solved=False),
        closed("B", 4, solved=False),
        closed("B", 3, solved=False),
    ]
    assert still_missed(newest_first) == [("B", 4, DAY)]


def test_a_variant_comes_that_was_never_asked_and_is_no_harder() -> None:
    family = [candidate(1, difficulty=2), candidate(2, difficulty=3), candidate(3), candidate(4)]
    found = variant_of_missed(family, family[0], past=[3, 1, 3])
    assert found == family[3]
    assert variant_of_missed(family, family[0], past=[4, 1, 3, 4]) == family[2]
    assert variant_of_missed(family[:1], family[0], past=[1]) == family[0]
    assert variant_of_missed(family[:1], family[0], without=[1]) is None


@given(st.lists(st.sampled_from(["F", "G", "H", "I", "J", "K"]), min_size=5, max_size=5), st.data())
def test_what_is_asked_for_opens_and_five_stay_five(
    families: list[str], data: st.DataObject
) -> None:
    slots = data.draw(st.lists(st.sampled_from(list(Slot)), min_size=5, max_size=5))
    picks = [
        Pick(candidate(n, family), slot)
        for n, (family, slot) in enumerate(zip(families, slots, strict=True))
    ]
    first = candidate(99)
    opened = opened_by(picks, first)
    assert opened[0] == Pick(first, Slot.MISSED)
    assert len({pick.problem.id for pick in opened}) == 5
    others = [pick for pick in picks if pick in opened]
    assert opened[1:] == others
