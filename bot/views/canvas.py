"""/canvas as a pupil sees it. Pure and synchronous."""

from collections.abc import Sequence
from datetime import datetime

from bot.callbacks import Action, encode
from bot.replies import Button, Keyboard, Say
from bot.views.due import moment
from bot.views.tasks import HIDE, SHOW, list_button, page
from bot.words import Words
from src.canvas.arrivals import ListedSchool
from src.canvas.connections import CONSENT_VERSION
from src.deadlines.joining import SchoolNews
from src.deadlines.results import PickedCourse
from src.deadlines.schools import SchoolState

_MOST_SCHOOLS, _MOST_COURSES = 20, 20


def host(address: str) -> str:
    """Return the name of a school's address."""
    return address.partition("://")[2]


def ask_school(t: Words, listed: Sequence[ListedSchool], *, unread: str = "") -> Say:
    """Ask for the school: one to tap, or any address to type."""
    rows = [
        [Button(one.name, encode(Action.SCHOOL, "pick", one.id))] for one in listed[:_MOST_SCHOOLS]
    ]
    lines = [t(unread)] if unread else []
    return Say("\n\n".join([*lines, t("school-ask")]), [*rows, *_stop(t)])


def _stop(t: Words) -> Keyboard:
    return [[Button(t("button-add-no"), encode(Action.SCHOOL, "stop"))]]


def ask_consent(t: Words, address: str) -> Say:
    """Say what will be read, what is kept and how to stop, and ask for consent to these words."""
    yes = Button(t("button-school-yes"), encode(Action.SCHOOL, "yes", CONSENT_VERSION), "success")
    no = Button(t("button-no-consent"), encode(Action.SCHOOL, "stop"))
    return Say(t("school-consent", school=host(address)), [[yes], [no]])


def ask_key(t: Words, address: str, log_in: str | None) -> Say:
    """Say how to come in: the school's log-in, a token, or the secret calendar address."""
    lines = [t("school-ways", school=host(address))]
    if log_in:
        lines.insert(0, t("school-log-in", url=log_in))
    return Say("\n\n".join(lines), _stop(t))


def key_taken(t: Words) -> str:
    """Say that the message is deleted and the school is asked."""
    return t("school-key-taken")


def overview(
    t: Words,
    schools: Sequence[SchoolState],
    courses: Sequence[PickedCourse],
    now: datetime,
    timezone: str,
) -> Say:
    """Return how the schools of a pupil stand, with what can be done."""
    lines = [t("school-heading"), *(_line(t, one, now, timezone) for one in schools)]
    rows: list[Sequence[Button]] = [
        [
            Button(t("button-school-refresh"), encode(Action.SCHOOL, "refresh")),
            list_button(t),
        ]
    ]
    if any(one.state in {"refused", "expired"} for one in schools):
        rows.insert(0, [Button(t("button-connect-again"), encode(Action.SCHOOL, "again"))])
    if courses:
        rows.append([Button(t("button-school-courses"), encode(Action.SCHOOL, "courses"))])
    rows += [
        [
            Button(
                t("button-school-end", school=host(one.address)),
                encode(Action.SCHOOL, "end", one.id),
                "danger",
            )
        ]
        for one in schools
    ]
    rows.append([Button(t("button-school-another"), encode(Action.SCHOOL, "another"))])
    return Say("\n".join(lines), rows)


def _line(t: Words, one: SchoolState, now: datetime, timezone: str) -> str:
    state = t(f"school-state-{one.state}")
    read = moment(t, one.read_at, None, now, timezone) if one.read_at else t("school-not-read")
    return t("school-line", school=host(one.address), state=state, read=read)


def courses(t: Words, found: Sequence[PickedCourse]) -> Say:
    """Offer to hide courses, or to show them again."""
    rows = [[_course(one)] for one in found[:_MOST_COURSES]]
    return Say(t("school-courses"), [*rows, [list_button(t)]])


def _course(one: PickedCourse) -> Button:
    sign, action = ("🙈", SHOW) if one.is_hidden else ("👀", HIDE)
    return Button(f"{sign} {one.name}", encode(Action.TASKS, action, one.id))


def news(t: Words, found: SchoolNews) -> Say:
    """Return what came of connecting a school."""
    if found.state == "slow":
        return Say(t("school-slow", school=host(found.address)))
    if found.state == "connected":
        names = ", ".join(found.courses[:_MOST_COURSES])
        first = t("school-connected", school=host(found.address))
        shown = [t("school-your-courses", courses=names)] if names else []
        said = "\n".join([first, *shown])
        return page(t, found.page, found.now, found.timezone, said)
    again = Button(t("button-connect-again"), encode(Action.SCHOOL, "again"))
    return Say(t(f"school-refused-{found.state}", school=host(found.address)), [[again]])
