"""/class as teachers and pupils see it. Pure and synchronous."""

from collections.abc import Sequence
from enum import StrEnum

from bot.callbacks import Action, encode
from bot.replies import Button, Keyboard, QrCode, Reply, Say
from bot.words import Words
from src.teaching.report import Figures, PupilReport
from src.teaching.results import ClassCard, ClassOffer, TeacherCard
from src.teaching.rules import CONSENT_VERSION, JOIN
from src.teaching.wording import flag_name, flag_numbers


class Verb(StrEnum):
    """What a button of a class does."""

    ACCEPT = "a"
    JOIN = "j"
    REFUSE = "x"
    LEAVE = "l"
    OPEN = "o"
    NEW = "n"
    MENU = "m"
    CODE = "i"
    ROTATE = "r"
    CLOSE = "z"
    TOPIC = "t"
    COLLEAGUE = "k"


BEFORE, FROM_NOW = "b", "n"
SURE, MIXED = "y", "-"
_MOST_SHOWN_TOPICS = 8


def _button(words: str, verb: Verb, *args: int | str, style: str = "", url: str = "") -> Button:
    return Button(words, encode(Action.CLASS, verb, *args), style, url)


def invited(t: Words, teacher: TeacherCard, payload: str) -> Say:
    """Say who is invited to teach, and what is kept of a teacher."""
    accept = _button(t("button-class-accept"), Verb.ACCEPT, payload, style="success")
    return Say(t("class-invited", name=teacher.name, school=teacher.school), [[accept]])


def own_classes(t: Words, cards: Sequence[ClassCard], link: str | None) -> Say:
    """List the classes of a teacher, with the door to the pages.

    The link is in no stored reply: who gets this message again taps for a new one.
    """
    lines = [t("class-line", name=c.name, grade=c.grade, members=c.members) for c in cards]
    text = "\n".join([t("class-yours") if cards else t("class-yours-none"), *lines])
    rows = [[_button(c.name, Verb.MENU, c.id)] for c in cards]
    rows.append([_button(t("button-class-new"), Verb.NEW)])
    if link is None:
        return Say(f"{text}\n\n{t('class-no-pages')}", rows)
    door = _button(t("button-class-open"), Verb.OPEN, style="success", url=link)
    return Say(f"{text}\n\n{t('class-link-how')}", [[door], *rows])


def ask_grade(t: Words) -> Say:
    """Ask for the grade of a new class."""
    grades = [_button(t(f"grade-name-{grade}"), Verb.NEW, grade) for grade in (6, 7, 8)]
    return Say(t("class-ask-grade"), [grades])


def menu(t: Words, card: ClassCard) -> Say:
    """Offer what a teacher can do with a class."""
    lines = [t("class-line", name=card.name, grade=card.grade, members=card.members)]
    if card.topic and card.topic_until:
        day = t.day(card.topic_until)
        lines.append(t("class-topic-runs", topic=t.topic(card.topic), day=day))
    keys = (
        ("button-class-code", Verb.CODE),
        ("button-class-rotate", Verb.ROTATE),
        ("button-class-topic", Verb.TOPIC),
        ("button-class-colleague", Verb.COLLEAGUE),
        ("button-class-close", Verb.CLOSE),
    )
    return Say("\n".join(lines), [[_button(t(key), verb, card.id)] for key, verb in keys])


def code(t: Words, card: ClassCard, bot_name: str) -> Reply:
    """Show how pupils join: code, link, and the link as a picture."""
    assert card.code is not None
    assert card.code_expires_at is not None
    link = f"https://t.me/{bot_name}?start={JOIN}{card.code}"
    day = t.day(card.code_expires_at.date())
    text = t("class-code", name=card.name, code=card.code, link=link, day=day)
    return QrCode(text, link, [[_button(t("button-class-menu"), Verb.MENU, card.id)]])


def ask_close(t: Words, card: ClassCard) -> Say:
    """Ask once before a class is closed."""
    sure = _button(t("button-class-close-sure"), Verb.CLOSE, card.id, SURE, style="danger")
    return Say(t("class-ask-close", name=card.name), [[sure]])


def ask_topic(t: Words, card: ClassCard, topics: Sequence[str]) -> Say:
    """Ask for the topic of the week."""
    rows = [[_button(t.topic(one), Verb.TOPIC, card.id, one)] for one in topics]
    mixed = [_button(t("button-topic-mixed"), Verb.TOPIC, card.id, MIXED)]
    return Say(t("class-ask-topic", name=card.name), [*rows, mixed])


def topic_set(t: Words, card: ClassCard) -> str:
    """Say from what the five of a class come now."""
    if card.topic is None or card.topic_until is None:
        return t("class-topic-none", name=card.name)
    day = t.day(card.topic_until)
    return t("class-topic-set", name=card.name, topic=t.topic(card.topic), day=day)


def ask_colleague(t: Words, card: ClassCard, others: Sequence[TeacherCard]) -> Say:
    """Ask which teacher of the school shall have the class too."""
    if not others:
        return Say(t("class-no-colleague", school=card.school))
    rows = [[_button(one.name, Verb.COLLEAGUE, card.id, one.id)] for one in others]
    return Say(t("class-ask-colleague", name=card.name), rows)


def ask_join(t: Words, offer: ClassOffer, typed: str) -> Say:
    """Name a class and list what its teachers would see, before anything is agreed."""
    who = {"name": offer.name, "school": offer.school, "teachers": ", ".join(offer.teachers)}
    yes = (Verb.JOIN, typed)
    rows = [
        [_button(t("button-class-join"), *yes, FROM_NOW, CONSENT_VERSION, style="success")],
        [_button(t("button-class-join-before"), *yes, BEFORE, CONSENT_VERSION)],
        [_button(t("button-class-refuse"), Verb.REFUSE)],
    ]
    return Say(t("class-ask-join", **who), rows)


def joined(t: Words, offer: ClassOffer) -> str:
    """Say what holds now."""
    return t("class-joined", name=offer.name, teachers=", ".join(offer.teachers))


def seen(t: Words, offer: ClassOffer, report: PupilReport) -> Say:
    """Show a pupil what the teachers of a class see of them, and the way out."""
    who = {"name": offer.name, "school": offer.school, "teachers": ", ".join(offer.teachers)}
    until, since = t.day(report.member.today), t.day(report.since)
    parts = [t("class-seen", **who, since=since, until=until), "\n".join(_figures(t, report))]
    if report.flags:
        said = [f"• {flag_name(t, flag)}: {flag_numbers(t, flag)}" for flag in report.flags]
        parts.append("\n".join([t("class-seen-flags"), *said]))
    if report.notes:
        parts.append("\n".join([t("class-seen-notes"), *(_note(t, n.text) for n in report.notes)]))
    parts.append(t("class-seen-before" if offer.sees_before else "class-seen-after"))
    return Say("\n\n".join(parts), _way_out(t, offer))


def _figures(t: Words, report: PupilReport) -> list[str]:
    member = report.member
    if not member.all.asked:
        return [t("class-seen-nothing")]
    topics = sorted(member.topics.items(), key=lambda each: -each[1].asked)[:_MOST_SHOWN_TOPICS]
    return [
        _line(t, t("class-seen-all"), member.all),
        *(_line(t, t.topic(name), figures) for name, figures in topics),
    ]


def _line(t: Words, name: str, figures: Figures) -> str:
    assert figures.last_day is not None
    return t(
        "class-seen-line",
        topic=name,
        asked=figures.asked,
        alone=figures.alone,
        solved=figures.solved,
        hints=figures.hints,
        day=t.day(figures.last_day),
    )


def _note(t: Words, text: str) -> str:
    return t("class-seen-note", text=text)


def _way_out(t: Words, offer: ClassOffer) -> Keyboard:
    return [[_button(t("button-class-leave", name=offer.name), Verb.LEAVE, offer.id)]]
