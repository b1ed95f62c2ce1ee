"""The days in a row that are celebrated: one place for the rule, the view and the model."""

from collections.abc import Collection
from itertools import chain, count

MILESTONES = (3, 7, 14, 30, 50, 100)
"""The first milestones, in days; after the last one every further hundred days is one."""


def next_milestone(days: int, achieved: Collection[int]) -> int:
    """Return the first milestone above some days in a row that was not reached before.

    Args:
        days: Days in a row.
        achieved: Milestones reached so far: each is celebrated once.
    """
    every = chain(MILESTONES, count(MILESTONES[-1] + 100, 100))
    return next(m for m in every if m > days and m not in achieved)
