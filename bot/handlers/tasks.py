"""/tasks: what is due, and what its buttons do."""

from dataclasses import replace

from bot.context import Turn
from bot.handlers.common import ends_dialog, in_place, registered
from bot.replies import Reply, Toast
from bot.views import tasks as views
from bot.views.due import moment
from src.deadlines import schools, service
from src.deadlines.results import TaskPage
from src.errors import StaleAction


@ends_dialog
@registered
async def tasks(turn: Turn) -> list[Reply]:
    """Answer /tasks."""
    found = await _page(turn, 0)
    return [views.page(turn.words, found, turn.at, turn.pupil.timezone)]


async def _page(turn: Turn, number: int) -> TaskPage:
    found = await service.tasks_page(turn.db, turn.pupil, turn.at, number)
    return replace(found, as_of=await schools.as_of(turn.db, turn.pupil, turn.at))


@ends_dialog
@registered
async def task_tapped(turn: Turn) -> list[Reply]:
    """Do what a button of the list says."""
    action, number = turn.tap.word(0), turn.tap.number(1)
    if action == views.PAGE:
        found = await _page(turn, number)
        said = views.page(turn.words, found, turn.at, turn.pupil.timezone)
        return [in_place(turn, said.text, said.keyboard)]
    if action in {views.HIDE, views.SHOW}:
        return await _hide(turn, number, is_hidden=action == views.HIDE)
    if action == views.LATER:
        return await _tomorrow(turn, number)
    if action == views.INFO:
        task = await service.get_task(turn.db, turn.pupil, number)
        said = views.details(turn.words, task, turn.at, turn.pupil.timezone)
        return [in_place(turn, said.text, said.keyboard)]
    return await _change(turn, action, number)


async def _change(turn: Turn, action: str, number: int) -> list[Reply]:
    """Tick or delete a task, or take that back."""
    db, pupil, t = turn.db, turn.pupil, turn.words
    if action in {views.DONE, views.UNDO}:
        is_done = action == views.DONE
        task = await service.tick(db, pupil, number, turn.at, is_done=is_done)
        key, back = ("task-done", views.UNDO) if is_done else ("task-open-again", views.DONE)
    elif action in {views.DELETE, views.RESTORE}:
        is_deleted = action == views.DELETE
        task = await service.delete(db, pupil, number, turn.at, is_deleted=is_deleted)
        key, back = ("task-deleted", views.RESTORE) if is_deleted else ("task-back", views.DELETE)
    else:
        raise StaleAction
    return [in_place(turn, t(key, title=task.title), views.undo(t, back, task.id))]


async def _tomorrow(turn: Turn, number: int) -> list[Reply]:
    try:
        at = await service.snooze(turn.db, turn.pupil, number, turn.at)
    except StaleAction:
        return [Toast(turn.words("task-too-soon"))]
    task = await service.get_task(turn.db, turn.pupil, number)
    said = moment(turn.words, at, None, turn.at, turn.pupil.timezone)
    text = turn.words("task-later", title=task.title, when=said)
    return [in_place(turn, text, [[views.list_button(turn.words)]])]


async def _hide(turn: Turn, number: int, *, is_hidden: bool) -> list[Reply]:
    course = await service.hide_course(turn.db, turn.pupil, number, is_hidden=is_hidden)
    key, back = ("course-hidden", views.SHOW) if is_hidden else ("course-shown", views.HIDE)
    said = turn.words(key, course=course.name)
    return [in_place(turn, said, views.undo(turn.words, back, course.id))]
