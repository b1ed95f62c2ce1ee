"""For how long records are kept that nobody needs any more; every limit is a setting."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from src import clock, queue
from src.accounts import service as accounts
from src.canvas import refresh as canvas
from src.hints import service as hints
from src.operations import housekeeping, query_monitor
from src.settings import KeepSettings
from src.storage.statements import empty_log_at_commit

Scope = Callable[[], AbstractAsyncContextManager[AsyncSession]]
Step = Callable[[AsyncSession, datetime, KeepSettings], Awaitable[int]]


def _days(count: int) -> timedelta:
    return timedelta(days=count)


# Each deletes some, a thousand at most, and returns how many.
STEPS: Mapping[str, Step] = {
    "updates": lambda db, now, keep: housekeeping.prune_updates(
        db, now - timedelta(hours=keep.updates_hours)
    ),
    "messages": lambda db, now, keep: housekeeping.prune_messages(
        db, now - _days(keep.messages_days)
    ),
    "people who never agreed": lambda db, now, keep: accounts.forget_silent(
        db, now - _days(keep.silent_days)
    ),
    "requests for hints": lambda db, now, keep: hints.prune(
        db, now - timedelta(hours=keep.hint_requests_hours)
    ),
    "readings of schools": lambda db, now, keep: canvas.prune_runs(
        db, now - _days(keep.sync_runs_days)
    ),
    "requests for data": lambda db, now, keep: housekeeping.prune_exports(
        db, now - _days(keep.exports_days)
    ),
}


async def prune(scope: Scope, keep: KeepSettings, stopping: asyncio.Event) -> dict[str, int]:
    """Delete what is older than its limit; safe to repeat, and to be cut at any point.

    Args:
        scope: Opens a transaction; each step is a short one of its own.
        keep: The limits.
        stopping: Set when the rest is for another time.

    Returns:
        How many rows of each kind are gone.
    """
    now, gone = clock.now(), dict.fromkeys(STEPS, 0)
    for name, step in STEPS.items():
        done = 1
        while done and not stopping.is_set():
            async with scope() as db:
                done = await step(db, now, keep)
            gone[name] += done
    async with scope() as db:
        await queue.prune(db, _days(keep.job_log_days))
        await queue.forget_gone(db, now, _days(keep.workers_days))
        await query_monitor.prune(db, (now - _days(keep.timings_days)).date())
        await empty_log_at_commit(db)
    return gone
