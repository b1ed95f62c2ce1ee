"""What a job is."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, TypeVar

C = TypeVar("C")


class TryLater(Exception):  # noqa: N818 - a wish, not a fault
    """Raised by a job that wants to be run again; it counts as an attempt but never as the last.

    Attributes:
        delay: How long to wait at least.
    """

    def __init__(self, delay: timedelta = timedelta(0)) -> None:
        super().__init__(f"again in {delay}")
        self.delay = delay


class JobFailed(Exception):  # noqa: N818 - what the engine's own log may say about an error
    """A job failed for good. Holds the class of the error only: its text may quote a pupil."""


@dataclass(frozen=True, slots=True)
class Work:
    """One run of a job.

    Attributes:
        payload: What was given to ``enqueue``.
        attempt: 1 for the first run.
        last: Whether an error now ends the job for good.
    """

    payload: Mapping[str, Any]
    attempt: int
    last: bool


@dataclass(frozen=True, slots=True)
class Job(Generic[C]):
    """The definition of a job: its name, what it does, and when.

    Attributes:
        name: Unique; what ``enqueue`` is given.
        run: Called with the context of the process and the work. Safe to be run again.
        schedule: When it is put into the queue by itself, as in a crontab, UTC; None is never.
        at_start: Whether every worker also puts it into the queue when it starts.
        at_once: How many may run at once over all processes; 0 is any number.
        attempts: Runs that may end with an error before the job is given up.
        first_delay: Pause after the first error; it doubles with each, up to ten minutes.
    """

    name: str
    run: Callable[[C, Work], Awaitable[None]]
    schedule: str | None = None
    at_start: bool = False
    at_once: int = 0
    attempts: int = 5
    first_delay: timedelta = timedelta(seconds=2)
