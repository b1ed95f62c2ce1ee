"""What an adult is told of a pupil's week, and when. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = 7
# The day off on which a family has dinner together: where the weekend is Friday, and elsewhere.
_FRIDAY, _SUNDAY = 4, 6
_FRIDAY_ZONES = frozenset({"Asia/Dhaka"})
_HOUR = time(17, 0)
_LEAST_ASKED = 3
_GOES_WELL, _IS_HARD = 0.7, 0.5


@dataclass(frozen=True, slots=True)
class TopicWeek:
    """What a pupil did in a topic in a week.

    Attributes:
        topic: Its code.
        asked: Problems that were shown.
        first_right: Those that were right at the first answer.
    """

    topic: str
    asked: int
    first_right: int

    @property
    def share(self) -> float:
        """The share that was right at the first answer."""
        return self.first_right / self.asked


@dataclass(frozen=True, slots=True)
class Week:
    """What is told of a pupil's week: to the adult, and to the pupil in the same words.

    Attributes:
        name: The pupil's first name.
        days: Local days of the seven with practice.
        problems: Problems that were worked on.
        learnt: Topics of which a part is mastered since then.
        well: The topic that goes best, where nothing was mastered; empty for none.
        hard: The topic that takes most thought; empty for none.
    """

    name: str
    days: int
    problems: int
    learnt: Sequence[str] = ()
    well: str = ""
    hard: str = ""


def summed_up(name: str, days: int, topics: Iterable[TopicWeek], learnt: Sequence[str]) -> Week:
    """Sum up a week.

    Args:
        name: The pupil's first name.
        days: Local days with practice.
        topics: What was done in each topic.
        learnt: Topics of which a part was mastered in this week.
    """
    known = sorted(topics, key=lambda one: (one.share, one.topic) if one.asked else (1.0, ""))
    tried = [one for one in known if one.asked >= _LEAST_ASKED]
    hard = tried[0].topic if tried and tried[0].share < _IS_HARD else ""
    best = tried[-1].topic if tried and tried[-1].share >= _GOES_WELL else ""
    well = "" if learnt else best
    problems = sum(one.asked for one in known)
    return Week(name, days, problems, learnt, well, hard)


def weekday_of(zone: str) -> int:
    """Return the weekday of the message where somebody lives; Monday is 0."""
    return _FRIDAY if zone in _FRIDAY_ZONES else _SUNDAY


def next_message(now: datetime, zone: str) -> datetime:
    """Return the first instant after now at which the weekly message is due, in UTC."""
    local = now.astimezone(ZoneInfo(zone))
    ahead = (weekday_of(zone) - local.weekday()) % DAYS
    day = local.date() + timedelta(days=ahead)
    due = _at(day, zone)
    return due if due > now else _at(day + timedelta(days=DAYS), zone)


def _at(day: date, zone: str) -> datetime:
    return datetime.combine(day, _HOUR, ZoneInfo(zone)).astimezone(UTC)
