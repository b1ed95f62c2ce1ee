"""/topic: a chapter for a week, or until a test. Pure and synchronous."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.callbacks import Action, encode
from bot.replies import Button, Say
from bot.views.common import go_keyboard, topic_name
from bot.words import Words

WEEK, TEST, MIXED = "week", "test", "-"
DAYS = 7


def which(t: Words, topics: Sequence[str], running: str | None) -> Say:
    """Ask for a chapter; offer the way back where one is chosen."""
    rows = [[Button(topic_name(t, one), encode(Action.TOPIC, one))] for one in topics]
    if running is None:
        return Say(t("chapter-which"), rows)
    back = [Button(t("button-topic-mixed"), encode(Action.TOPIC, MIXED))]
    return Say(t("chapter-running", topic=topic_name(t, running)), [*rows, back])


def until(t: Words, topic: str, today: date) -> Say:
    """Ask how long: a week, or until a test on one of the days that follow."""
    last = today + timedelta(days=DAYS - 1)
    week = Button(t("button-topic-week"), _until(topic, WEEK, last))
    tests = [
        Button(t("button-topic-test", day=_weekday(t, day)), _until(topic, TEST, day))
        for day in (today + timedelta(days=n) for n in range(1, DAYS + 1))
    ]
    pairs = [tests[n : n + 2] for n in range(0, len(tests), 2)]
    return Say(t("chapter-until", topic=topic_name(t, topic)), [[week], *pairs])


def wished(t: Words, topic: str, day: date, *, is_test: bool) -> Say:
    """Say what comes from now on."""
    key = "chapter-set-test" if is_test else "chapter-set-week"
    said = t(key, topic=topic_name(t, topic), day=_weekday(t, day))
    return Say(said, go_keyboard(t))


def mixed(t: Words) -> Say:
    """Say that all chapters come again."""
    return Say(t("chapter-mixed"), go_keyboard(t))


def _until(topic: str, kind: str, day: date) -> str:
    return encode(Action.TOPIC, topic, kind, day.isoformat())


def _weekday(t: Words, day: date) -> str:
    return t(f"weekday-{day.weekday()}")
