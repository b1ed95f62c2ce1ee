"""How long `dars stats` takes on a database of many pupils, topic by topic (wanted: 100 ms).

The pupils are those of `tests/fixtures/school_year.py`: each practised once in the last 30 days.
PostgreSQL; the span is what the command takes by itself: 30 days, by day.
"""

import argparse
import asyncio
import time
from datetime import timedelta
from statistics import median

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from benchmarks.fresh import fresh_engine
from src.operations import statistics
from src.operations.statistics import Span, Topic
from tests.fixtures import school_year

LIMIT_MS = 100.0


async def measure(engine: AsyncEngine, topic: Topic, rounds: int) -> float:
    """Return the median milliseconds of a topic."""
    span, took = Span(school_year.LAST - timedelta(days=29), school_year.LAST), list[float]()
    async with AsyncSession(engine) as db:
        for _ in range(rounds):
            begun = time.perf_counter()
            await statistics.read(db, topic, span)
            took.append((time.perf_counter() - begun) * 1000)
    return median(took)


async def run(pupils: int, rounds: int) -> int:
    """Print the figures; return how many topics are over the limit."""
    async with fresh_engine() as engine:
        await school_year.fill(engine, pupils)
        print(f"{pupils:,} pupils, a session each")
        over = 0
        for topic in Topic:
            took = await measure(engine, topic, rounds)
            over += took > LIMIT_MS
            print(f"  {topic:10} {took:9.1f} ms", flush=True)
        return over


def main() -> int:
    """Run; 1 if a topic is slow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pupils", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    return int(asyncio.run(run(options.pupils, options.rounds)) > 0)


if __name__ == "__main__":
    raise SystemExit(main())
