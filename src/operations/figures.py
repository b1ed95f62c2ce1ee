"""What the database knows, as figures for Prometheus."""

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily, Metric

from src.operations.health import Readings


def figures(r: Readings) -> Iterator[Metric]:
    """Yield what the database says, as Prometheus wants it."""
    yield _one("dars_sessions_open", "Sessions that pupils are in.", r.open_sessions)
    yield _by(
        "dars_cost_dollars_today",
        "What the model cost since midnight UTC, spent; and what is reserved now.",
        "status",
        {"spent": float(r.dollars_spent_today), "reserved": float(r.dollars_reserved)},
    )
    yield _messages(r.messages_today)
    yield _one("dars_queue_jobs", "Jobs that could run now and wait.", r.queue_jobs)
    yield _one("dars_queue_age_seconds", "Age of the oldest of them.", r.queue_age_seconds)
    yield _one("dars_workers", "Workers that were seen lately.", r.workers)
    yield _one(
        "dars_worker_silent_seconds",
        "How long ago a worker was last seen; +Inf for never.",
        r.worker_silent_seconds,
    )
    yield _by(
        "dars_backup_age_seconds",
        "How long ago the last good backup, and the last good rehearsal, began; +Inf for never.",
        "kind",
        r.backup_seconds,
    )
    yield _by(
        "dars_backup_failed",
        "1 where the last backup, or the last rehearsal, went wrong.",
        "kind",
        r.failed_backups,
    )
    yield _by(
        "dars_outbox_late_seconds",
        "By how much the oldest undecided message of a kind is past its time.",
        "kind",
        r.late_seconds,
    )


def _one(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def _by(name: str, words: str, label: str, values: dict[str, float]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _messages(counts: dict[tuple[str, str], float]) -> Metric:
    words = "What Dars wrote first on the current UTC date."
    family = GaugeMetricFamily("dars_outbox_today", words, labels=["kind", "outcome"])
    for labels, value in counts.items():
        family.add_metric(labels, value)
    return family
