"""What a pupil's planner says of their courses: by it one request shows which have changed.

The planner is only asked where to look: it may be a cache of days ago, and what it lacks may be
undated, over or lost. So it writes nothing. A course of which it says something else than when that
course was last read whole is read whole again, and only that reading changes the mirror.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from hashlib import blake2b
from typing import Any

from src.clients.canvas import CanvasClient
from src.clients.canvas_errors import CanvasError, TokenDead
from src.clients.canvas_models import RowsRead, WireCourse, WirePlannerItem

BEHIND, AHEAD = timedelta(days=14), timedelta(days=42)
# Announcements, events, pages and notes are not mirrored: they lead to no course.
_WORK = frozenset(
    {"assignment", "quiz", "discussion_topic", "sub_assignment", "discussion_checkpoint"}
)
_NOTHING = ""


@dataclass(frozen=True, slots=True)
class PlannerSeen:
    """What a planner said when the courses of its pupil were last read.

    Attributes:
        begin: Of the days that it was asked for. They stay the same until all is read again, so
            that nothing seems new or gone because a day has passed.
        end: Of those days.
        courses: A digest of its rows for each course that was read, by its Canvas id; empty where
            it had none. A course that is not here is to be read.
        whole_at: When all courses were last read, without asking the planner which.
        tag: With it Canvas says in a few bytes that nothing has changed.
    """

    begin: datetime
    end: datetime
    courses: Mapping[int, str]
    whole_at: datetime
    tag: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what is kept of it."""
        return {
            "begin": self.begin.isoformat(),
            "end": self.end.isoformat(),
            "whole_at": self.whole_at.isoformat(),
            "courses": {str(number): digest for number, digest in self.courses.items()},
            "tag": self.tag,
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> "PlannerSeen":
        """Return it from what was kept."""
        courses = {int(number): digest for number, digest in kept["courses"].items()}
        begin, end = (datetime.fromisoformat(kept[name]) for name in ("begin", "end"))
        # Where it is not known, all is read.
        whole_at = datetime.fromisoformat(kept.get("whole_at") or kept["begin"])
        return cls(begin, end, courses, whole_at, kept["tag"])

    def differing(self, now: "PlannerSeen") -> list[int]:
        """Return the courses of which it says something else now."""
        every = sorted({*self.courses, *now.courses})
        return [one for one in every if self.courses.get(one) != now.courses.get(one, _NOTHING)]

    def after(self, now: "PlannerSeen", unread: Collection[int]) -> "PlannerSeen":
        """Return what is kept when all were read that differed but some."""
        known = {one: now.courses.get(one, _NOTHING) for one in {*self.courses, *now.courses}}
        courses = {one: digest for one, digest in known.items() if one not in unread}
        return replace(now, courses=courses, tag=None if unread else now.tag)


async def first_look(
    client: CanvasClient, courses: Collection[WireCourse], now: datetime
) -> PlannerSeen | None:
    """Ask the planner before the courses are read, so that it is never newer than they are.

    Returns:
        What it says; None where it cannot tell what has changed: of a teacher's courses, or where
        the school gives no planner or one that cannot be read.

    Raises:
        TokenDead: The school refuses the token.
    """
    if any(course.is_taught for course in courses):
        return None
    midnight = datetime.combine(now.date(), time(), now.tzinfo)
    none = {course.id: _NOTHING for course in courses}
    empty = PlannerSeen(midnight - BEHIND, midnight + AHEAD, none, whole_at=now)
    try:
        seen = await look_again(client, empty)
    except TokenDead:
        raise
    except CanvasError:
        return None
    return None if seen is None else empty.after(seen, ())


async def look_again(client: CanvasClient, seen: PlannerSeen) -> PlannerSeen | None:
    """Ask the planner for the same days; None where a row of it cannot be read.

    Raises:
        CanvasError: It cannot be asked.
    """
    found = await client.planner_items(seen.begin, seen.end, seen.tag)
    if found.is_unchanged:
        return seen
    if found.read.faults:
        return None
    return replace(seen, courses=_digests(found.read), tag=found.tag)


def _digests(read: RowsRead[WirePlannerItem]) -> dict[int, str]:
    rows: defaultdict[int, set[str]] = defaultdict(set)
    for item in read.rows:
        if item.course_id is not None and item.plannable_type in _WORK:
            rows[item.course_id].add(_shown(item))
    return {number: _digest("\n".join(sorted(mine))) for number, mine in rows.items()}


def _shown(item: WirePlannerItem) -> str:
    about, work = item.plannable, item.submissions
    facts = [item.plannable_type, item.plannable_id, item.plannable_date]
    facts += [about.title, about.due_at, about.todo_date] if about else []
    facts += [about.points_possible, about.assignment_id, about.updated_at] if about else []
    facts += [work.submitted, work.excused, work.graded, work.posted_at] if work else []
    facts += [work.late, work.missing, work.redo_request] if work else []
    return repr([str(fact) for fact in facts])


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()
