"""/parent: adults whom a pupil chose, and what they are told. Pure and synchronous."""

from collections.abc import Sequence

from bot.callbacks import Action, encode
from bot.replies import Button, Keyboard, Say
from bot.views.common import topic_name
from bot.words import LANGUAGES, Words, words
from src.teaching.guardian_rules import DAYS, Week
from src.teaching.guardians import (
    MOST,
    GuardianLine,
    GuardianNews,
    GuardianState,
    Invitation,
    Ward,
)


def overview(t: Words, lines: Sequence[GuardianLine], week: Week, day: int, back: Keyboard) -> Say:
    """Return who is told, what this week's message says so far, and what can be done.

    Args:
        t: The texts.
        lines: The adults, and an open invitation.
        week: What they are told, were it now.
        day: Weekday of the message, Monday is 0.
        back: The way back to practice.
    """
    who = [t(f"guardian-{line.state}-state", name=line.name, day=_day(t, day)) for line in lines]
    parts = [t("guardian-intro", day=_day(t, day)), *(["\n".join(who)] if who else [])]
    parts += [t("guardian-so-far"), f"<blockquote>{week_text(t, week)}</blockquote>"]
    return Say("\n\n".join(parts), [*_choices(t, lines), *back])


def _choices(t: Words, lines: Sequence[GuardianLine]) -> Keyboard:
    rows = [row for line in lines for row in _of_line(t, line)]
    agreed = [line for line in lines if line.state is not GuardianState.INVITED]
    if len(agreed) < MOST:
        rows.append([Button(t("button-guardian-invite"), encode(Action.GUARDIAN, "invite"))])
    rows.append([Button(t("button-guardian-forward"), encode(Action.GUARDIAN, "forward"))])
    return rows


def _of_line(t: Words, line: GuardianLine) -> list[list[Button]]:
    if line.state is GuardianState.AGREED:
        return [_yes_or_no(t, line.id)]
    end = Button(t("button-guardian-end", name=line.name), encode(Action.GUARDIAN, "end", line.id))
    return [[end]] if line.state is GuardianState.CONFIRMED else []


def _yes_or_no(t: Words, guardian_id: int) -> list[Button]:
    return [
        Button(t("button-guardian-yes"), encode(Action.GUARDIAN, "yes", guardian_id)),
        Button(t("button-guardian-no"), encode(Action.GUARDIAN, "no", guardian_id)),
    ]


def week_text(t: Words, week: Week) -> str:
    """Return a pupil's week in words: the same for the adult and for the pupil."""
    lines = [t("guardian-week", name=week.name)]
    if not week.days:
        return "\n".join([*lines, t("guardian-week-none"), t("guardian-ask-any")])
    lines.append(t("guardian-week-days", days=week.days, of=DAYS, problems=week.problems))
    if week.learnt:
        topics = ", ".join(topic_name(t, topic) for topic in week.learnt)
        lines.append(t("guardian-week-learnt", topics=topics))
    if week.well:
        lines.append(t("guardian-week-well", topic=topic_name(t, week.well)))
    if week.hard:
        lines.append(t("guardian-week-hard", topic=topic_name(t, week.hard)))
    return "\n".join([*lines, _question(t, week)])


def _question(t: Words, week: Week) -> str:
    """Return the one thing to ask at dinner."""
    if week.hard:
        return t("guardian-ask-hard", topic=topic_name(t, week.hard))
    known = next(iter(week.learnt), week.well)
    return t("guardian-ask-known", topic=topic_name(t, known)) if known else t("guardian-ask-any")


def link(t: Words, address: str, code: str) -> Say:
    """Return the link that the pupil sends on."""
    return Say(t("guardian-link", link=address, code=code))


def to_forward(t: Words, week: Week) -> Say:
    """Return the week alone, for an adult without Telegram."""
    return Say(week_text(t, week))


def invited(found: Invitation, code: str) -> Say:
    """Ask an adult, whose language is not known yet, in both."""
    texts = [
        words(one)("guardian-invited", name=found.name, day=_day(words(one), found.weekday))
        for one in LANGUAGES
    ]
    rows = [
        [Button(words(one)("button-guardian-agree"), encode(Action.GUARDIAN, "agree", one, code))]
        for one in LANGUAGES
    ]
    no = " / ".join(words(one)("button-guardian-decline") for one in LANGUAGES)
    return Say("\n\n".join(texts), [*rows, [Button(no, encode(Action.GUARDIAN, "decline"))]])


def agreed(t: Words, found: Invitation) -> Say:
    """Thank an adult who agreed."""
    return Say(t("guardian-thanks", name=found.name, day=_day(t, found.weekday)))


def home(t: Words, wards: Sequence[Ward]) -> Say:
    """Return of whom an adult hears, with what they can do."""
    rows = [[_stop(t, ward.id, ward.name)] for ward in wards]
    practise = [Button(t("button-guardian-practise"), encode(Action.GUARDIAN, "practise"))]
    names = ", ".join(ward.name for ward in wards)
    text = t("guardian-home", names=names) if wards else t("guardian-home-none")
    return Say(text, [*rows, practise])


def news(t: Words, found: GuardianNews) -> Say:
    """Return what the outbox tells: the week to an adult, or a question to the pupil."""
    if found.week is None:
        asked = t("guardian-ask", name=found.name, pupil=found.pupil)
        return Say(asked, [_yes_or_no(t, found.guardian_id)])
    return Say(week_text(t, found.week), [[_stop(t, found.guardian_id, found.name)]])


def _stop(t: Words, guardian_id: int, name: str) -> Button:
    text = t("button-guardian-stop", name=name)
    return Button(text, encode(Action.GUARDIAN, "stop", guardian_id))


def _day(t: Words, weekday: int) -> str:
    return t(f"weekday-{weekday}")
