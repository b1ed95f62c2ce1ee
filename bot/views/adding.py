"""/add as a pupil sees it. Pure and synchronous."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.callbacks import Action, encode
from bot.replies import Button, Keyboard, Say
from bot.views.due import day_name, day_of, moment
from bot.views.tasks import list_button
from bot.words import Words
from src.deadlines.results import Due, PickedCourse, TaskDraft
from src.deadlines.rules import FREE_TASKS_A_MONTH
from src.models import TaskWrite

YES, NO, DAY, UNDATED, COURSE, PICK, DATE = "ynducpt"
_DAYS = 7
_MOST_COURSES = 12


def ask_title(t: Words) -> Say:
    """Ask what is to be done."""
    return Say(t("add-title"), _stop(t))


def ask_date(t: Words, now: datetime, timezone: str, *, unread: bool = False) -> Say:
    """Ask when it is due: a day to tap, or anything to type."""
    today = day_of(now, timezone)
    days = [today + timedelta(days=n) for n in range(_DAYS)]
    buttons = [
        Button(day_name(t, day, today), encode(Action.ADD, DAY, day.isoformat())) for day in days
    ]
    rows: list[Sequence[Button]] = [buttons[n : n + 2] for n in range(0, len(buttons), 2)]
    rows.append([Button(t("button-undated"), encode(Action.ADD, UNDATED))])
    return Say(t("add-date-unread" if unread else "add-date"), [*rows, *_stop(t)])


def _stop(t: Words) -> Keyboard:
    return [[Button(t("button-add-no"), encode(Action.ADD, NO))]]


def confirm(t: Words, draft: TaskDraft, course: str | None, now: datetime, timezone: str) -> Say:
    """Echo what was understood, and ask for a yes."""
    said = moment(t, draft.due_at, draft.due_on, now, timezone)
    text = t("add-confirm", title=draft.title, when=said)
    if course:
        text = f"{text}\n{t('add-course', course=course)}"
    rows = [
        [Button(t("button-add-yes"), encode(Action.ADD, YES), "success")],
        [
            Button(t("button-add-date"), encode(Action.ADD, DATE)),
            Button(t("button-add-course"), encode(Action.ADD, COURSE)),
        ],
        *_stop(t),
    ]
    return Say(text, rows)


def pick_course(t: Words, courses: Sequence[PickedCourse]) -> Say:
    """Offer the courses of the pupil."""
    rows = [
        [Button(one.name, encode(Action.ADD, PICK, one.id))]
        for one in [one for one in courses if not one.is_hidden][:_MOST_COURSES]
    ]
    none = [Button(t("button-no-course"), encode(Action.ADD, PICK, 0))]
    return Say(t("add-pick-course"), [*rows, none])


def added(t: Words, task: Due, write: TaskWrite | None, now: datetime, timezone: str) -> Say:
    """Say that a task is on the list, and whether it goes to the school too."""
    said = moment(t, task.due_at, task.due_on, now, timezone)
    lines = [t("task-added", title=task.title, when=said)]
    lines += [t("task-goes-to-school")] if write is TaskWrite.PENDING else []
    return Say("\n".join(lines), [[list_button(t)]])


def used_up(t: Words) -> Say:
    """Say that the month's own tasks are used up, and what helps."""
    return Say(t("add-used-up", count=FREE_TASKS_A_MONTH), [[list_button(t)]])
