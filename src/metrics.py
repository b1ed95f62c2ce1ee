"""What is counted while Dars runs, and how it is written for Prometheus.

Two kinds of figures. Counters and the use of the pool are kept by each process; processes of one
``dars bot --workers N`` share a folder, so that one answer holds them all. What the database knows
(``src/operations/figures.py``) is the same whoever is asked: take the maximum over processes, never
the sum.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.pool import QueuePool

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

UPDATES = Counter(
    "dars_updates", "Attempts at updates from Telegram, by kind and outcome.", ["kind", "outcome"]
)
UPDATE_SECONDS = Histogram(
    "dars_update_seconds",
    "From taking an update to its answer: database, replies and the wait for its turn.",
    ["kind"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
DELIVERIES_REFUSED = Counter(
    "dars_deliveries_refused", "Deliveries to the webhook that were refused, by reason.", ["reason"]
)
REPLIES_GIVEN_UP = Counter("dars_replies_given_up", "Replies that Telegram did not take.")
UPDATES_KEPT = Counter("dars_updates_kept", "Updates that had to wait in the database.")
HINTS = Counter("dars_hints", "Hints shown, by where their words came from.", ["source"])
POOL_IN_USE = Gauge(
    "dars_db_pool_in_use", "Database connections that are in use.", multiprocess_mode="livesum"
)
POOL_SIZE = Gauge(
    "dars_db_pool_size", "Database connections that may be in use.", multiprocess_mode="livesum"
)
BUDGET_DAY = Gauge(
    "dars_budget_day_dollars", "Most that calls of a model may cost a day.", multiprocess_mode="max"
)


def count_hint(db: AsyncSession, source: str) -> None:
    """Count a hint when the transaction that shows it commits.

    Args:
        db: The open transaction.
        source: Where the words of the hint came from.
    """
    event.listen(db.sync_session, "after_commit", lambda _: HINTS.labels(source).inc(), once=True)


def watch_pool(engine: AsyncEngine) -> None:
    """Count the connections that are taken from the pool of an engine and given back."""
    pool = engine.sync_engine.pool
    event.listen(pool, "checkout", _count_taken)
    event.listen(pool, "checkin", _count_given_back)
    if isinstance(pool, QueuePool):
        POOL_SIZE.set(pool.size() + max(pool._max_overflow, 0))  # noqa: SLF001 - not told otherwise


def _count_taken(*_: object) -> None:
    POOL_IN_USE.inc()


def _count_given_back(*_: object) -> None:
    POOL_IN_USE.dec()


def render(known: Sequence[Metric] | None, shared: Path | None = None) -> bytes:
    """Write all figures in Prometheus' text format.

    Args:
        known: What the database says; None while it is away.
        shared: The folder of several processes; None for this process alone.
    """
    registry = REGISTRY
    if shared is not None:
        _forget_the_dead(shared)
        registry = CollectorRegistry()
        MultiProcessCollector(registry, str(shared))  # type: ignore[no-untyped-call]  # untyped there
    return generate_latest(registry) + generate_latest(_from_database(known))


def _forget_the_dead(shared: Path) -> None:
    """Remove what a killed process says it has in use."""
    for file in shared.glob("gauge_live*_*.db"):
        pid = int(file.stem.rpartition("_")[2])
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            file.unlink(missing_ok=True)
        except PermissionError:
            continue


def _from_database(known: Sequence[Metric] | None) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(_Known(known))
    return registry


class _Known(Collector):
    """Figures that were read from the database for one answer."""

    def __init__(self, known: Sequence[Metric] | None) -> None:
        self._known = known

    def collect(self) -> Iterable[Metric]:
        up = GaugeMetricFamily("dars_database_up", "1 when the database answers.")
        up.add_metric([], float(self._known is not None))
        return [up, *(self._known or ())]
