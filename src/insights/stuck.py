"""The flag "stuck": who works on a skill and is not getting there by practice alone.

Getting there is three right first tries in a row within ten on the skill; who is not there by then
rarely gets there alone ("wheel-spinning", Beck and Gong 2013).
"""

from collections.abc import Sequence

IN_A_ROW = 3
WITHIN = 10
# Looked at from the fifth answer on; after the eighth the flag would say what has happened already.
_FIRST_LOOK, _LAST_LOOK = 5, 8
_SURE = 0.8


def is_stuck(answers: Sequence[bool], chances: Sequence[float]) -> bool:
    """Return whether a pupil should have been flagged on a skill by their first answers on it.

    Args:
        answers: The first tries on the skill, in order.
        chances: After each of them, the chance that the next one is right.
    """
    for seen in range(1, min(len(answers), _LAST_LOOK) + 1):
        row = right_in_a_row(answers[:seen])
        if row >= IN_A_ROW:
            return False
        chance = chances[seen - 1]
        if seen >= _FIRST_LOOK and chance_of_no_row(row, WITHIN - seen, chance) >= _SURE:
            return True
    return False


def gets_there(answers: Sequence[bool]) -> bool | None:
    """Return whether three in a row came within ten; None while that is open."""
    first = answers[:WITHIN]
    if any(right_in_a_row(first[:seen]) >= IN_A_ROW for seen in range(len(first) + 1)):
        return True
    return False if len(first) == WITHIN else None


def right_in_a_row(answers: Sequence[bool]) -> int:
    """Return how many of the last answers were right without a break."""
    row = 0
    for is_correct in reversed(answers):
        if not is_correct:
            break
        row += 1
    return row


def chance_of_no_row(row: int, left: int, chance: float) -> float:
    """Return the chance that no three in a row come in the answers that are left.

    Args:
        row: How many were right in a row so far, 0 to 2.
        left: How many answers are left.
        chance: That each of them is right.
    """
    none, one, two = (float(row == length) for length in range(IN_A_ROW))
    for _ in range(left):
        none, one, two = (none + one + two) * (1 - chance), none * chance, one * chance
    return none + one + two
