"""/streak and /progress as a pupil sees them. Pure and synchronous."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from bot.replies import Drawing, Keyboard, Say
from bot.views.common import topic_name
from bot.words import Words
from src.figures.practice_sheet import (
    DAYS_IN_A_WEEK,
    PracticeSheet,
    SheetDay,
    SheetGroup,
    as_json,
)
from src.mastery.memory import Word
from src.milestones import next_milestone
from src.practice.results import Progress
from src.streaks.rules import StreakState

DAYS_SHOWN = 4 * DAYS_IN_A_WEEK
DOTS = {Word.NEW: 0, Word.GROWING: 1, Word.DUE: 2, Word.STRONG: 3}


def streak(t: Words, state: StreakState, keyboard: Keyboard, *, alive: bool) -> Say:
    """Return the pupil's streak."""
    if state.last_day is None or not alive:
        lines = [
            t("streak-none"),
            *([t("streak-longest", days=state.longest)] * bool(state.longest)),
        ]
        return Say("\n".join(lines), keyboard)
    lines = [
        t("streak-now", days=state.current),
        t("streak-longest", days=state.longest),
        t("streak-freezes", freezes=state.freezes),
        t("streak-next", left=next_milestone(state.current, state.milestones) - state.current),
    ]
    return Say("\n".join(lines), keyboard)


def progress(t: Words, report: Progress, keyboard: Keyboard) -> Say | Drawing:
    """Return what the pupil has done so far and can do: a sheet, and the same in words."""
    if not report.problems:
        return Say(t("progress-none"), keyboard)
    groups = [
        (word, [topic_name(t, one.topic) for one in found])
        for word, found in groupby(report.topics, key=lambda one: one.word)
    ]
    parts = [
        f"📊 <b>{t('progress-title')}</b>\n" + "\n".join(_lines(t, report)),
        *(f"<b>{t(f'mastery-{word}')}:</b> {', '.join(names)}" for word, names in groups),
    ]
    caption = "\n\n".join([parts[0], "\n".join(parts[1:])])
    return Drawing(as_json(_sheet(t, report, groups)), caption, keyboard)


def _lines(t: Words, report: Progress) -> list[str]:
    """Return the numbers, without those that would say that nothing was done."""
    counts = {
        "progress-streak": report.streak.current if report.alive else 0,
        "progress-longest": report.streak.longest,
        "progress-sessions": report.sessions,
    }
    return [
        *(t(key, count=count) for key, count in counts.items() if count),
        t("progress-days", count=len(report.days)),
        _problems(t, report),
    ]


def _problems(t: Words, report: Progress) -> str:
    if not report.correct:
        return t("progress-tried", problems=report.problems)
    return t("progress-problems", problems=report.problems, correct=report.correct)


def _sheet(
    t: Words, report: Progress, groups: Sequence[tuple[Word, Sequence[str]]]
) -> PracticeSheet:
    shown = [report.today - timedelta(days=ago) for ago in range(DAYS_SHOWN - 1, -1, -1)]
    streak = report.streak.current if report.alive else 0
    lines = [t("progress-days", count=len(report.days))]
    if streak:
        lines.insert(0, t("streak-now", days=streak).replace("🔥", "").strip())
    return PracticeSheet(
        title=t("progress-title"),
        lines=lines,
        weekdays=[t(f"weekday-short-{day.weekday()}") for day in shown[:DAYS_IN_A_WEEK]],
        days=[SheetDay(t.number(day.day), day in report.days) for day in shown],
        groups=[SheetGroup(t(f"mastery-{word}"), DOTS[word], names) for word, names in groups],
        alternative=t("progress-title"),
    )
