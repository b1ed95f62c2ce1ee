"""The job engine. Every call of PgQueuer is in this package.

On PostgreSQL the queue is in the schema ``dars_jobs`` of the same database and any number of
workers share it. On SQLite it is in the memory of the one process that runs the bot. In both the
rows of our own tables say what is due and what is done; the queue only carries work, and losing it
loses nothing: the jobs that run at the start find again what it carried.
"""

from src.queue.definitions import Job, JobFailed, TryLater, Work
from src.queue.queue import SCHEMA, Backlog, backlog, enqueue, make_queries, prune
from src.queue.worker import run_worker
from src.queue.workers import beat, count_seen, forget_gone, last_seen

__all__ = [
    "SCHEMA",
    "Backlog",
    "Job",
    "JobFailed",
    "TryLater",
    "Work",
    "backlog",
    "beat",
    "count_seen",
    "enqueue",
    "forget_gone",
    "last_seen",
    "make_queries",
    "prune",
    "run_worker",
]
