"""The lane: never more in any second than is allowed, however calls are delayed."""

import asyncio
import contextlib
import random
import time

import pytest

from src.outbox.lane import Lane, LaneLost


async def send(lane: Lane, count: int, delays: random.Random, most_delay: float) -> list[float]:
    """Send messages whose calls take some time, and return when each arrived."""
    arrivals: list[float] = []
    calls: set[asyncio.Task[None]] = set()

    async def call() -> None:
        before, after = (delays.random() * most_delay for _ in range(2))
        await asyncio.sleep(before)
        arrivals.append(time.monotonic())
        await asyncio.sleep(after)
        lane.end()

    for _ in range(count):
        assert await lane.ready(asyncio.Event())
        lane.begin()
        task = asyncio.create_task(call())
        calls.add(task)
    await asyncio.gather(*calls)
    return sorted(arrivals)


def most_in_a_second(arrivals: list[float]) -> int:
    return max(
        sum(start <= other < start + 1 for other in arrivals[n : n + 400])
        for n, start in enumerate(arrivals)
    )


@pytest.mark.parametrize("delay", [0.0, 0.15])
async def test_no_second_holds_more_than_the_limit(delay: float) -> None:
    arrivals = await send(Lane(50, 60), 75, random.Random(7), delay)
    assert len(arrivals) == 75
    assert most_in_a_second(arrivals) <= 50


async def test_a_process_that_takes_over_after_the_rest_keeps_to_it_too() -> None:
    first, second, delays = Lane(50, 60), Lane(50, 60), random.Random(8)
    arrivals = await send(first, 45, delays, 0.1)
    await first.rest()
    second.enter()
    arrivals += await send(second, 45, delays, 0.1)
    assert most_in_a_second(sorted(arrivals)) <= 50


async def test_a_pause_holds_everything_back() -> None:
    lane, stopping = Lane(1000, 60), asyncio.Event()
    before = time.monotonic()
    lane.pause(0.3)
    assert await lane.ready(stopping)
    assert time.monotonic() - before >= 0.3


async def test_stopping_ends_a_pause_at_once() -> None:
    lane, stopping = Lane(1000, 60), asyncio.Event()
    lane.pause(600)
    waiting = asyncio.create_task(lane.ready(stopping))
    await asyncio.sleep(0.01)
    stopping.set()
    assert await asyncio.wait_for(waiting, 60) is False


async def enter(lane: Lane) -> bool:
    """Take the lane; on a busy machine this very process may stand still, and has to try again."""
    while True:
        lane.enter()
        with contextlib.suppress(LaneLost):
            return await lane.ready(asyncio.Event())


async def test_a_process_that_stood_still_has_lost_the_lane() -> None:
    lane = Lane(1000, 0.3)
    assert await enter(lane)
    time.sleep(0.4)
    with pytest.raises(LaneLost):
        await lane.ready(asyncio.Event())
    assert await enter(lane)
