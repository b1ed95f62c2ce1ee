"""Lanes: order, and that nothing which goes wrong in one leaves it."""

import asyncio

import pytest
from telegram import Update

from bot import lanes
from bot.lanes import Lanes, Outcome


async def test_an_error_leaves_no_lane_and_is_tried_again() -> None:
    """What escaped would keep its place among the updates that Telegram gives out, for ever."""
    plans: list[BaseException | Outcome] = [OSError("odd"), ValueError("odd"), Outcome.DONE]

    async def attempt(update: Update, behind: int) -> Outcome:
        plan = plans.pop(0)
        if isinstance(plan, BaseException):
            raise plan
        return plan

    tried = Lanes(attempt)
    assert await tried.begin(Update(1), insist=True).task is Outcome.DONE
    assert (plans, tried.size) == ([], 0)


async def test_what_always_goes_wrong_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "PAUSES", (0.0,))
    attempts = []

    async def attempt(update: Update, behind: int) -> Outcome:
        attempts.append(update.update_id)
        raise OSError

    assert await Lanes(attempt).begin(Update(1), insist=True).task is Outcome.GIVEN_UP
    assert len(attempts) == lanes.MOST_FAULTS


async def test_without_insisting_whoever_took_it_counts_it() -> None:
    async def attempt(update: Update, behind: int) -> Outcome:
        raise OSError("odd")

    with pytest.raises(OSError, match="odd"):
        await Lanes(attempt).begin(Update(1)).task


async def test_updates_of_one_lane_are_handled_in_their_order() -> None:
    handled, waited = [], []

    async def attempt(update: Update, behind: int) -> Outcome:
        await asyncio.sleep(0)
        handled.append(update.update_id)
        waited.append(behind)
        return Outcome.DONE

    one = Lanes(attempt)
    entries = [one.begin(Update(number)) for number in range(30)]
    assert one.is_crowded(0)
    await asyncio.gather(*(entry.task for entry in entries))
    assert handled == list(range(30))
    assert waited == list(range(29, -1, -1))
