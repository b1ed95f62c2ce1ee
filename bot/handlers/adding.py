"""/add: writing down what is due, in one line or step by step."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.context import Turn
from bot.handlers.common import ends_dialog, in_place, registered
from bot.replies import Reply
from bot.updates import Handler
from bot.views import adding as views
from bot.views.tasks import list_button
from src.accounts import service as accounts
from src.accounts.steps import Dialog
from src.accounts.typed import read_yes_or_no
from src.clock import local_day
from src.deadlines import service
from src.deadlines.results import TaskDraft
from src.deadlines.rules import LONGEST_TITLE
from src.deadlines.typed import TypedDue, read_due, read_task
from src.errors import StaleAction, TooManyTasks


@ends_dialog
@registered
async def add(turn: Turn) -> list[Reply]:
    """Answer /add, with or without what is to be done."""
    if not await service.can_add_manual_task(turn.db, turn.pupil, turn.at):
        return [views.used_up(turn.words)]
    line = turn.command_argument
    return await take_line(turn, line) if line else await _ask_title(turn)


async def _ask_title(turn: Turn) -> list[Reply]:
    await accounts.wait_for(turn.db, turn.pupil, Dialog.TASK_TITLE)
    return [views.ask_title(turn.words)]


async def take_line(turn: Turn, line: str) -> list[Reply]:
    """Take what is to be done, with its date if one was typed."""
    title, due = read_task(line, turn.at, turn.pupil.timezone)
    if not title:
        return await _ask_title(turn)
    return await _go_on(turn, TaskDraft(title), due)


async def _go_on(turn: Turn, draft: TaskDraft, due: TypedDue | None) -> list[Reply]:
    if due is None:
        await service.keep_draft(turn.db, turn.pupil, draft)
        await accounts.wait_for(turn.db, turn.pupil, Dialog.TASK_DATE)
        return [views.ask_date(turn.words, turn.at, turn.pupil.timezone)]
    return await _confirm(turn, replace(draft, due_at=due.due_at, due_on=due.due_on))


async def _confirm(turn: Turn, draft: TaskDraft) -> list[Reply]:
    """Keep what was understood, echo it, and wait for a yes."""
    await service.keep_draft(turn.db, turn.pupil, draft)
    await accounts.wait_for(turn.db, turn.pupil, Dialog.TASK_DATE)
    name = await _course_name(turn, draft)
    said = views.confirm(turn.words, draft, name, turn.at, turn.pupil.timezone)
    return [in_place(turn, said.text, said.keyboard)]


async def _course_name(turn: Turn, draft: TaskDraft) -> str | None:
    found = await service.courses(turn.db, turn.pupil)
    return next((one.name for one in found if one.id == draft.course_id), None)


async def take_title(turn: Turn) -> list[Reply]:
    """Take what was typed when it was asked what is to be done."""
    return await take_line(turn, turn.text[: 2 * LONGEST_TITLE])


async def take_date(turn: Turn) -> list[Reply]:
    """Take a date that was typed, or a yes to what was echoed."""
    draft = await service.draft_of(turn.db, turn.pupil)
    if draft is None:
        return await _ask_title(turn)
    due = read_due(turn.text, turn.at, turn.pupil.timezone)
    if due is not None:
        return await _confirm(turn, replace(draft, due_at=due.due_at, due_on=due.due_on))
    agrees = read_yes_or_no(turn.text)
    if agrees is None:
        return [views.ask_date(turn.words, turn.at, turn.pupil.timezone, unread=True)]
    return await (_add if agrees else _stop)(turn)


async def _stop(turn: Turn) -> list[Reply]:
    await service.keep_draft(turn.db, turn.pupil, None)
    await accounts.wait_for(turn.db, turn.pupil, None)
    return [in_place(turn, turn.words("add-stopped"), [[list_button(turn.words)]])]


async def _add(turn: Turn) -> list[Reply]:
    draft = await service.draft_of(turn.db, turn.pupil)
    if draft is None:
        raise StaleAction
    pupil = await accounts.wait_for(turn.db, turn.pupil, None)
    try:
        task = await service.add_draft(turn.db, pupil, draft, turn.at)
    except TooManyTasks:
        return [views.used_up(turn.words)]
    write = await service.write_state(turn.db, pupil, task.id)
    said = views.added(turn.words, task, write, turn.at, pupil.timezone)
    return [in_place(turn, said.text, said.keyboard)]


@registered
async def add_tapped(turn: Turn) -> list[Reply]:
    """Do what a button of writing down says; a draft from before it is not waited for is over."""
    action = turn.tap.word(0)
    if action in _WITHOUT_DRAFT:
        return await _WITHOUT_DRAFT[action](turn)
    draft = await service.draft_of(turn.db, turn.pupil)
    if draft is None:
        raise StaleAction
    if action in {views.DAY, views.UNDATED, views.PICK}:
        return await _confirm(turn, _changed(turn, draft, action))
    if action == views.DATE:
        said = views.ask_date(turn.words, turn.at, turn.pupil.timezone)
    elif action == views.COURSE:
        said = views.pick_course(turn.words, await service.courses(turn.db, turn.pupil))
    else:
        raise StaleAction
    return [in_place(turn, said.text, said.keyboard)]


_WITHOUT_DRAFT: Mapping[str, Handler] = {"new": add, views.NO: _stop, views.YES: _add}


def _changed(turn: Turn, draft: TaskDraft, action: str) -> TaskDraft:
    """Return a draft with the day, or the course, of a button."""
    if action == views.PICK:
        return replace(draft, course_id=turn.tap.number(1) or None)
    return replace(draft, due_at=None, due_on=_day(turn) if action == views.DAY else None)


def _day(turn: Turn) -> date:
    """Return the day of a button; one from long ago offers days that are over."""
    try:
        day = date.fromisoformat(turn.tap.word(1))
    except ValueError as error:
        raise StaleAction from error
    if day < local_day(turn.at, turn.pupil.timezone):
        raise StaleAction
    return day
