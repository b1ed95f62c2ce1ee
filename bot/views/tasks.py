"""/tasks as a pupil sees it, and what is told of tasks. Pure and synchronous."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import count, groupby

from bot.callbacks import Action, encode
from bot.replies import Button, Keyboard, Say
from bot.views.due import left, line, moment, when
from bot.words import Words
from src.deadlines.results import Digest, Due, DueNotice, Meant, SchoolNotice, TaskPage
from src.deadlines.rules import part_of
from src.models import TaskSource

DONE, UNDO, INFO, LATER, DELETE, RESTORE, HIDE, SHOW, PAGE = "dzilxrhwp"
_ABREAST = 3
_MOST_BUTTONS = 6
_MOST_LINES = 12


def page(t: Words, found: TaskPage, now: datetime, timezone: str, first: str = "") -> Say:
    """Return a page of the list, in parts, with a button to tick each task.

    Args:
        t: The texts.
        found: What is due.
        now: The present, aware.
        timezone: IANA name.
        first: What is said before.
    """
    lines = [first] if first else []
    if found.as_of is not None:
        lines.append(t("tasks-as-of", when=moment(t, found.as_of, None, now, timezone)))
    if not found.tasks:
        return Say("\n\n".join([*lines, t("tasks-none")]), _onwards(t))
    numbers = count(1)
    for part, tasks in groupby(found.tasks, lambda one: part_of(one.due_at, now, timezone)):
        shown = list(_numbered(t, tasks, numbers, now, timezone))
        lines.append("\n".join([t(f"tasks-{part}"), *shown]))
    rows = _buttons(t, found.tasks)
    return Say("\n\n".join(lines), [*rows, *_turns(t, found), *_onwards(t)])


def _numbered(
    t: Words, tasks: Iterable[Due], numbers: Iterator[int], now: datetime, timezone: str
) -> Iterator[str]:
    """Write tasks in a line each, with the numbers that their buttons have."""
    for task in tasks:
        yield f"{t.number(next(numbers))}. {line(t, task, now, timezone)}"


def _buttons(t: Words, tasks: Sequence[Due]) -> Keyboard:
    """Return what ticks each task and what shows it: by numbers, as a phone cuts their titles."""
    if len(tasks) == 1:
        return [[_done(t("button-done"), tasks[0]), _info(t("button-details"), tasks[0])]]
    done = [_done(f"✅ {t.number(n)}", one) for n, one in enumerate(tasks, 1)]
    info = [_info(f"{t('button-details')} {t.number(n)}", one) for n, one in enumerate(tasks, 1)]
    return [
        row[start : start + _ABREAST]
        for row in (done, info)
        for start in range(0, len(row), _ABREAST)
    ]


def _done(text: str, task: Due) -> Button:
    return Button(text, encode(Action.TASKS, DONE, task.id))


def _info(text: str, task: Due) -> Button:
    return Button(text, encode(Action.TASKS, INFO, task.id))


def _turns(t: Words, found: TaskPage) -> Keyboard:
    back = Button(t("button-earlier"), encode(Action.TASKS, PAGE, found.number - 1))
    on = Button(t("button-more"), encode(Action.TASKS, PAGE, found.number + 1))
    row = [*([back] if found.number else []), *([on] if found.has_more else [])]
    return [row] if row else []


def _onwards(t: Words) -> Keyboard:
    return [[Button(t("button-add-task"), encode(Action.ADD, "new"))]]


def list_button(t: Words) -> Button:
    """Return the button that leads to the list."""
    return Button(t("button-tasks"), encode(Action.TASKS, PAGE, 0))


def details(t: Words, task: Due, now: datetime, timezone: str) -> Say:
    """Return all that is known of a task, and what can be done about it."""
    lines = [line(t, task, now, timezone)]
    if task.due_at is not None and task.due_at > now and not task.is_done:
        lines.append(left(t, task.due_at, now))
    if task.moved_from is not None:
        lines.append(t("task-moved", when=moment(t, task.moved_from, None, now, timezone)))
    lines.append(t(f"source-{task.source}".replace("_", "-")))
    if task.url:
        lines.append(t("task-link", url=task.url))
    return Say("\n".join(lines), [*_choices(t, task), [list_button(t)]])


def _choices(t: Words, task: Due) -> Keyboard:
    done = UNDO if task.is_done else DONE
    first = [Button(t(f"button-{done_name(done)}"), encode(Action.TASKS, done, task.id))]
    if not task.is_done:
        first.append(Button(t("button-tomorrow"), encode(Action.TASKS, LATER, task.id)))
    rows = [first, [Button(t("button-delete-task"), encode(Action.TASKS, DELETE, task.id))]]
    if task.course_id is not None and task.source is not TaskSource.MANUAL:
        hide = encode(Action.TASKS, HIDE, task.course_id)
        rows.append([Button(t("button-hide-course"), hide)])
    return rows


def done_name(action: str) -> str:
    """Return the name of a button that ticks, or takes a tick away."""
    return "undo" if action == UNDO else "done"


def undo(t: Words, action: str, task_id: int) -> Keyboard:
    """Return the way back from a tap, and to the list."""
    return [[Button(t("button-undo"), encode(Action.TASKS, action, task_id))], [list_button(t)]]


def reminder(t: Words, notice: DueNotice) -> Say:
    """Return a reminder: one task, or several in one message."""
    first = notice.tasks[0]
    if len(notice.tasks) == 1:
        said = when(t, first, notice.now, notice.timezone)
        rest = left(t, first.due_at, notice.now) if first.due_at else ""
        key = "reminder-one-course" if first.course else "reminder-one"
        given = {"course": first.course} if first.course else {}
        text = t(key, title=first.title, when=said, **given)
        text = "\n".join(filter(None, (text, rest)))
    else:
        shown = _lines(t, notice.tasks, notice.now, notice.timezone)
        text = "\n".join([t("reminder-several"), *shown])
    rows = _buttons(t, notice.tasks[:_MOST_BUTTONS])
    off = Button(t("button-reminders"), encode(Action.DEADLINES, "menu"))
    return Say(text, [*rows, [list_button(t), off]])


def _lines(t: Words, tasks: Sequence[Due], now: datetime, timezone: str) -> Iterable[str]:
    yield from _numbered(t, tasks[:_MOST_LINES], count(1), now, timezone)
    if len(tasks) > _MOST_LINES:
        yield t("tasks-and-more", count=len(tasks) - _MOST_LINES)


def digest(t: Words, found: Digest) -> Say:
    """Return the week at a glance: what is due, what moved, and what was done."""
    parts = [t("digest-heading")]
    shown = list(_lines(t, found.tasks, found.now, found.timezone))
    parts.append("\n".join([t("digest-due"), *shown]) if shown else t("digest-nothing"))
    if found.moved:
        moved = _lines(t, found.moved, found.now, found.timezone)
        parts.append("\n".join([t("digest-moved"), *moved]))
    parts.append(_encouragement(t, found))
    off = Button(t("button-reminders"), encode(Action.DEADLINES, "menu"))
    return Say("\n\n".join(parts), [[list_button(t), off]])


def _encouragement(t: Words, found: Digest) -> str:
    """Return one line that is true of the week before, or of the one that begins."""
    if found.done:
        return t("digest-done", count=found.done)
    busy = len({one.due_at.date() for one in found.tasks if one.due_at})
    return t("digest-free", count=7 - busy) if 0 < busy < 7 else t("digest-begin")


def school_notice(t: Words, notice: SchoolNotice) -> Say:
    """Return that a school wants to be connected again, with one tap to do it."""
    key = "school-dead" if notice.is_dead else "school-ends"
    again = Button(t("button-connect-again"), encode(Action.SCHOOL, "again"))
    return Say(t(key, school=notice.address.partition("://")[2]), [[again], [list_button(t)]])


def meant_for(t: Words, said: Say, meant: Meant | None) -> Say:
    """Return a message that says who is meant; their buttons need the phone in their hands."""
    if meant is None:
        return said
    name = meant.name or t("profile-unnamed")
    hand = Button(t("button-profile", name=name), encode(Action.PROFILE, meant.student_id))
    return Say(f"{t('profile-mark', name=name)}\n{said.text}", [[hand]])
