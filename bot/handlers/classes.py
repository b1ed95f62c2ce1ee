"""/class: a teacher's classes, and what a pupil's teachers see of them."""

from dataclasses import replace
from datetime import datetime

from bot.context import Turn
from bot.handlers.common import (
    agreed,
    ask_step,
    ends_dialog,
    in_place,
    registered,
    said,
    way_back,
)
from bot.replies import Reply, Say
from bot.views import classes as views
from bot.views.classes import Verb
from src import clock
from src.accounts import service as accounts
from src.errors import NoSuchClass, StaleAction
from src.practice import service as practice
from src.teaching import entering, report, rules, service
from src.teaching.results import ClassCard, TeacherCard

# What the bot waits for while a teacher types the name of a new class, before its grade.
_NAMING = "class name "


@ends_dialog
@agreed
async def class_(turn: Turn) -> list[Reply]:
    """Answer /class, with a code or without."""
    if is_naming(turn):
        turn = replace(turn, pupil=await accounts.wait_for(turn.db, turn.pupil, None))
    if turn.command_argument:
        return await offered(turn, turn.command_argument)
    teacher = await service.teacher_of(turn.db, turn.pupil.person_id)
    if teacher is not None:
        return [await _own_classes(turn, teacher)]
    return await _seen(turn)


async def came_by(turn: Turn, payload: str) -> list[Reply] | None:
    """Answer the deep link of a teacher or of a class; None for other links."""
    if payload.startswith(rules.TEACH):
        return await _invited(turn, payload)
    if not payload.startswith(rules.JOIN):
        return None
    if turn.pupil.registered_at is None:
        return [Say(said(turn, "class-first-register")), *await ask_step(turn)]
    return await offered(turn, payload)


async def teachers_home(turn: Turn) -> list[Reply]:
    """Show the classes of a teacher who is no pupil; nothing for everybody else."""
    if not turn.pupil.agreed:
        return []
    teacher = await service.teacher_of(turn.db, turn.pupil.person_id)
    return [await _own_classes(turn, teacher)] if teacher else []


async def _invited(turn: Turn, payload: str) -> list[Reply]:
    there = await service.teacher_of(turn.db, turn.pupil.person_id)
    if there is not None:
        return [await _own_classes(turn, there)]
    invited = await service.invitation(turn.db, payload, _now())
    if invited is None:
        return [Say(turn.words("class-invitation-gone"))]
    return [views.invited(turn.words, invited, payload)]


async def offered(turn: Turn, typed: str) -> list[Reply]:
    """Name the class of a code, and what its teachers would see; nothing is agreed yet."""
    if turn.pupil.registered_at is None:
        return await ask_step(turn)
    offer = await service.offer(turn.db, turn.pupil, typed, _now())
    if offer is None:
        return [Say(turn.words("class-no-code"), await way_back(turn))]
    if offer.member_id is not None:
        return await _seen(turn)
    code = rules.read_code(typed)
    assert code is not None
    return [views.ask_join(turn.words, offer, code)]


async def _seen(turn: Turn) -> list[Reply]:
    """Show what the teachers of each class see of a pupil."""
    mine = await service.memberships(turn.db, turn.pupil)
    if not mine:
        return [Say(turn.words("class-none"), await way_back(turn))]
    replies: list[Reply] = []
    for offer in mine:
        seen = await report.own_report(turn.db, turn.pupil.id, offer.id, _now())
        replies.append(views.seen(turn.words, offer, seen))
    return replies


async def _own_classes(turn: Turn, teacher: TeacherCard) -> Reply:
    cards = await service.classes_of(turn.db, teacher.id)
    return views.own_classes(turn.words, cards, await _link(turn, teacher))


async def _link(turn: Turn, teacher: TeacherCard) -> str | None:
    """Return a fresh link to the pages; None where there are none."""
    if turn.web_url is None:
        return None
    return f"{turn.web_url}/in/{await entering.make_link(turn.db, teacher, _now())}"


def is_naming(turn: Turn) -> bool:
    """Return whether the name of a new class is asked for."""
    return (turn.pupil.dialog or "").startswith(_NAMING)


async def name_typed(turn: Turn) -> list[Reply]:
    """Take the name of a new class."""
    grade = int((turn.pupil.dialog or "").removeprefix(_NAMING))
    teacher = await _teacher(turn)
    if not rules.tidy_name(turn.text):
        return [Say(turn.words("class-ask-name"))]
    await accounts.wait_for(turn.db, turn.pupil, None)
    card = await service.make_class(turn.db, teacher, turn.text, grade, _now())
    return [_code(turn, card)]


def _code(turn: Turn, card: ClassCard) -> Reply:
    return views.code(turn.words, card, turn.bot_name)


async def _teacher(turn: Turn) -> TeacherCard:
    teacher = await service.teacher_of(turn.db, turn.pupil.person_id)
    if teacher is None:
        raise NoSuchClass
    return teacher


@ends_dialog
async def class_tapped(turn: Turn) -> list[Reply]:
    """Do what a button of a class says."""
    verb = turn.tap.word(0)
    if verb == Verb.ACCEPT:
        return await _accept(turn)
    if verb in {Verb.JOIN, Verb.REFUSE, Verb.LEAVE}:
        return await _of_pupil(turn)
    teacher = await _teacher(turn)
    if verb == Verb.OPEN:
        return [await _own_classes(turn, teacher)]
    if verb == Verb.NEW:
        return await _new(turn)
    return await _of_teacher(turn, teacher, verb)


async def _accept(turn: Turn) -> list[Reply]:
    pupil, payload, now = turn.pupil, turn.tap.word(1), _now()
    teacher = await service.accept(turn.db, pupil.person_id, payload, now)
    if not pupil.agreed:
        # What is kept of a teacher was said with the invitation.
        version = rules.TEACHER_CONSENT_VERSION
        pupil = await accounts.consent(turn.db, pupil, teacher.name, now, version=version)
        await accounts.wait_for(turn.db, pupil, None)
    done = in_place(turn, turn.words("class-accepted", name=teacher.name))
    return [done, await _own_classes(turn, teacher)]


@registered
async def _of_pupil(turn: Turn) -> list[Reply]:
    t, tap = turn.words, turn.tap
    verb = tap.word(0)
    if verb == Verb.REFUSE:
        return [in_place(turn, t("class-refused"), await way_back(turn))]
    if verb == Verb.LEAVE:
        await service.leave(turn.db, turn.pupil, tap.number(1), _now())
        return [in_place(turn, t("class-left"), await way_back(turn))]
    before, version = tap.word(2) == views.BEFORE, tap.word(3)
    joined = await service.join(
        turn.db, turn.pupil, tap.word(1), _now(), sees_before=before, version=version
    )
    return [in_place(turn, views.joined(t, joined), await way_back(turn))]


async def _new(turn: Turn) -> list[Reply]:
    if not turn.tap.word(1):
        return [views.ask_grade(turn.words)]
    grade = turn.tap.number(1)
    if grade not in accounts.GRADES:
        raise StaleAction
    await accounts.wait_for(turn.db, turn.pupil, f"{_NAMING}{grade}")
    return [in_place(turn, turn.words("class-ask-name"))]


async def _of_teacher(turn: Turn, teacher: TeacherCard, verb: str) -> list[Reply]:
    db, t, now, class_id = turn.db, turn.words, _now(), turn.tap.number(1)
    card = await service.class_of(db, teacher.id, class_id)
    match verb:
        case Verb.MENU:
            return [views.menu(t, card)]
        case Verb.CODE:
            return [_code(turn, card)]
        case Verb.ROTATE:
            return [_code(turn, await service.rotate_code(db, teacher.id, class_id, now))]
        case Verb.CLOSE:
            return [await _close(turn, teacher, card)]
        case Verb.TOPIC:
            return await _topic(turn, teacher, card)
        case Verb.COLLEAGUE:
            return await _colleague(turn, teacher, card)
    raise StaleAction


async def _close(turn: Turn, teacher: TeacherCard, card: ClassCard) -> Reply:
    if turn.tap.word(2) != views.SURE:
        return views.ask_close(turn.words, card)
    await service.close_class(turn.db, teacher, card.id, _now())
    return in_place(turn, turn.words("class-closed", name=card.name))


async def _topic(turn: Turn, teacher: TeacherCard, card: ClassCard) -> list[Reply]:
    """Choose the topic of the week of a class."""
    of_grade = replace(turn.pupil, grade=card.grade)
    topics, chosen = await practice.topics(turn.db, of_grade), turn.tap.word(2)
    if not chosen:
        return [views.ask_topic(turn.words, card, topics)]
    if chosen not in {*topics, views.MIXED}:
        raise StaleAction
    topic = None if chosen == views.MIXED else chosen
    changed = await service.set_topic(turn.db, teacher.id, card.id, topic, _now())
    return [in_place(turn, views.topic_set(turn.words, changed))]


async def _colleague(turn: Turn, teacher: TeacherCard, card: ClassCard) -> list[Reply]:
    if not turn.tap.word(2):
        others = await service.colleagues(turn.db, teacher, card.id)
        return [views.ask_colleague(turn.words, card, others)]
    other = turn.tap.number(2)
    added = await service.add_co_teacher(turn.db, teacher, card.id, other, _now())
    return [in_place(turn, turn.words("class-colleague-added", name=added.name))]


def _now() -> datetime:
    return clock.now()
