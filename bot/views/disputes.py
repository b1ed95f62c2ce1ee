"""What was decided about answers that pupils defend, and the word to operators. Pure."""

from bot.replies import Say
from bot.views.common import go_keyboard
from bot.words import Words, in_both
from src.practice.results import DisputeNews, NewDisputes

MOST_NAMED = 5


def settled(t: Words, news: DisputeNews) -> Say:
    """Return what a pupil is told about an answer that they defended."""
    key = "dispute-accepted" if news.accepted else "dispute-declined"
    lines = [
        t("dispute-question", text=news.problem.question(t.language)),
        t(key, typed=news.typed),
    ]
    if not news.accepted:
        solution = t("solution", text=news.problem.solution(t.language))
        lines.append(t("dispute-go-on") if news.is_open else solution)
    return Say("\n\n".join(lines), go_keyboard(t))


def new_disputes(new: NewDisputes) -> Say:
    """Return what the operators are told, in both languages: theirs is not known."""
    named = [*new.problems[:MOST_NAMED], *(["…"] if len(new.problems) > MOST_NAMED else [])]
    return Say(in_both("new-disputes", count=len(new.ids), problems=", ".join(named)))
