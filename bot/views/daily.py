"""How yesterday went, as operators hear it. Pure and synchronous."""

from bot.replies import Say
from bot.words import in_both
from src.operations.daily import DailyFigures


def daily(figures: DailyFigures) -> Say:
    """Return the figures of a day, in both languages: that of the operators is not known."""
    return Say(
        in_both(
            "daily-figures",
            day=figures.day.isoformat(),
            pupils=figures.pupils,
            fresh=figures.new_pupils,
            sessions=figures.sessions,
            finished=figures.finished,
            solved=figures.solved,
            nudges=figures.nudges,
            came=figures.came,
            dollars=f"{figures.dollars:.2f}",
            disputes=figures.disputes,
            backup="–" if figures.backup_hours is None else str(figures.backup_hours),
        )
    )
