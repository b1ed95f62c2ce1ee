"""/streak and /progress as a pupil sees them. Pure and synchronous."""

from bot.replies import Keyboard, Say
from bot.views.common import topic_name
from bot.words import Words
from src.milestones import next_milestone
from src.practice.results import Progress
from src.streaks.rules import StreakState


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


def progress(t: Words, report: Progress, keyboard: Keyboard) -> Say:
    """Return what the pupil has done so far."""
    if not report.problems:
        return Say(t("progress-none"), keyboard)
    heading = t(
        "progress-heading",
        sessions=report.sessions,
        problems=report.problems,
        correct=report.correct,
    )
    topics = [
        t(
            "progress-topic",
            topic=topic_name(t, topic.topic),
            correct=topic.correct,
            closed=topic.closed,
        )
        for topic in report.topics
    ]
    parts = [heading] + ([t("progress-month") + "\n" + "\n".join(topics)] if topics else [])
    return Say("\n\n".join(parts), keyboard)
