"""Practice as a pupil sees it. Pure and synchronous."""

import re

from bot.callbacks import Action, encode
from bot.replies import Button, Keyboard, Picture, React, Reply, Say
from bot.views.common import AGAIN, ONWARDS, onwards_keyboard, topic_name
from bot.words import Words
from src.answers import Outcome
from src.bangla import count_signs
from src.figures.describe import describe
from src.figures.drawing import digest
from src.figures.kinds import read_figure
from src.language import Bilingual
from src.milestones import next_milestone
from src.models import ConfidenceLevel
from src.practice.examples import Example
from src.practice.results import (
    Answered,
    HintShown,
    Late,
    Place,
    ProblemCard,
    Question,
    Skipped,
    Summary,
    Tomorrow,
)
from src.practice.rules import PROBLEMS_IN_SESSION
from src.practice.steps import StepAsked, StepTaken, offers_steps
from src.streaks.rules import Change, StreakStep

LETTERS = {"en": "ABCD", "bn": "কখগঘ"}
PARTS = {"en": "abc", "bn": "কখগ"}
WIDEST_OF_TWO = 14
FEW_RIGHT = 1
# What Telegram leaves open of a quotation that folds, and about what a phone shows in a line.
UNFOLDED_LINES = 3
SIGNS_IN_A_LINE = 40
EFFECTS = {7: "5104841245755180586", 30: "5046509860389126442", 100: "5046509860389126442"}
"""Fire and confetti: Telegram's effects at days in a row."""
TRUTHS = ("true", "false")
YES_OR_NO = ("yes", "no")
_YES_OR_NO = re.compile(r"\byes\b.{1,5}\bno\b|হ্যাঁ\s*(?:অথবা|বা|কিংবা|নাকি|না কি|/|,)?\s*না", re.IGNORECASE)


def question(t: Words, asked: Question) -> Say | Picture:
    """Return the question with its buttons, under its picture if it has one."""
    problem = asked.problem
    heading = t(
        "question-heading",
        number=asked.number,
        total=asked.total,
        minutes=problem.estimated_time_minutes,
    )
    lines = [heading, _question_text(t, problem)]
    if asked.is_stretch:
        lines.insert(1, t("question-stretch"))
    choices = problem.choice_texts(t.language)
    if choices:
        letters = LETTERS[t.language]
        lines.append(
            "\n".join(
                t("question-choice", letter=letter, text=text)
                for letter, text in zip(letters, choices, strict=False)
            )
        )
    lines.append(t(f"question-how-{_how(t, problem)}"))
    text, keyboard = "\n\n".join(lines), question_keyboard(t, asked)
    if problem.figure is None:
        return Say(text, keyboard, asks=True)
    told = figure_in_words(t, problem)
    button = Button(
        t("button-in-words"), encode(Action.DESCRIBE, asked.session_id, asked.number - 1)
    )
    return Picture(digest(problem.figure), t.language, text, told, [*keyboard, [button]])


def _question_text(t: Words, problem: ProblemCard) -> str:
    """Return what is asked; a part of a creative question below what all its parts share."""
    if problem.part is None:
        return t("question-text", text=problem.question(t.language))
    stem, asked = problem.stem_and_part(t.language)
    letter = PARTS[t.language][problem.part - 1]
    return t("question-part", stem=stem, letter=letter, text=asked)


def figure_in_words(t: Words, problem: ProblemCard) -> str:
    """Return what the picture of a problem shows."""
    assert problem.figure is not None
    return t("figure-in-words", text=describe(read_figure(problem.figure), t.language))


def question_keyboard(t: Words, asked: Question) -> Keyboard:
    """Return the buttons of a question: its choices, then hint and skip."""
    return [*_answer_rows(t, asked), _help_row(t, asked)]


def _how(t: Words, problem: ProblemCard) -> str:
    if problem.answer_type == "boolean" and asks_yes_or_no(problem.question(t.language)):
        return "yes-no"
    return problem.answer_type if problem.answer_type in {"choice", "boolean"} else "typed"


def asks_yes_or_no(question: str) -> bool:
    """Return whether a question asks for yes or no, and not for true or false."""
    return _YES_OR_NO.search(question) is not None


def _answer_rows(t: Words, asked: Question) -> list[list[Button]]:
    problem, place = asked.problem, (asked.session_id, asked.number - 1)
    tried = asked.attempts
    if problem.answer_type == "boolean":
        labels = YES_OR_NO if _how(t, problem) == "yes-no" else TRUTHS
        return [
            [
                Button(t(f"button-{label}"), encode(Action.ANSWER, *place, truth, tried))
                for label, truth in zip(labels, TRUTHS, strict=True)
            ]
        ]
    choices = problem.choice_texts(t.language)
    buttons = [
        Button(f"{shown}) {text}", encode(Action.ANSWER, *place, letter, tried))
        for letter, shown, text in zip("ABCD", LETTERS[t.language], choices, strict=False)
    ]
    wide = 1 if any(count_signs(b.text) > WIDEST_OF_TWO for b in buttons) else 2
    return [buttons[start : start + wide] for start in range(0, len(buttons), wide)]


def _help_row(t: Words, asked: Question) -> list[Button]:
    place = (asked.session_id, asked.number - 1)
    total = len(asked.problem.hints)
    row = [Button(t("button-skip"), encode(Action.SKIP, *place))]
    if has_hints(asked):
        label = t("button-hint", step=asked.hints_used + 1, total=total)
        data = encode(Action.HINT, *place, asked.hints_used)
        row.insert(0, Button(label, data, style="primary"))
    return row


def resumed(t: Words, asked: Question) -> list[Reply]:
    """Return the way back into a session that was begun before."""
    return [Say(t("resumed")), question(t, asked)]


def reply_to_older(t: Words, asked: Question) -> list[Reply]:
    """Ask which question is meant by a reply to an older message, and show the current one."""
    return [Say(t("reply-to-older")), question(t, asked)]


def answered(t: Words, result: Answered) -> list[Reply]:
    """Return the verdict, and what comes after it."""
    if result.outcome is Outcome.CORRECT:
        onwards = _onwards(t, result.next, result.summary)
        return [_right(t, result), *onwards, *_how_sure(t, result)]
    if result.outcome is not Outcome.WRONG:
        return [_ask_again(t, result)]
    if result.closed:
        lines = [
            *_reading(t, result),
            t("not-this-time"),
            *_mistake(t, result),
            *_noticed(t, result),
        ]
        return _with_solution(t, lines, result, [_dispute_row(t, result)])
    assert result.next is not None
    lines = [
        *_reading(t, result),
        t("not-yet"),
        *_mistake(t, result),
        *_noticed(t, result),
        _tries_left(t, result.attempts_left, result.next),
        *([t("offer-steps")] if offers_steps(result.problem, result.attempts) else []),
    ]
    rows = [*_steps_row(t, result), *question_keyboard(t, result.next), _dispute_row(t, result)]
    return [Say("\n\n".join(lines), rows)]


def _steps_row(t: Words, result: Answered) -> Keyboard:
    """Return the button that begins the steps, where they are offered."""
    if result.next is None or not offers_steps(result.problem, result.attempts):
        return []
    place = (result.next.session_id, result.next.number - 1)
    return [[Button(t("button-steps"), encode(Action.STEPS, *place), style="primary")]]


def step(t: Words, asked: StepAsked, of: Question) -> Say:
    """Ask a step of a question."""
    return Say(_step_text(t, asked), [_help_row(t, of)], asks=True)


def _step_text(t: Words, asked: StepAsked) -> str:
    text = asked.text.in_(t.language)
    return t("step", number=asked.number, total=asked.total, text=text)


def step_taken(t: Words, taken: StepTaken, of: Question) -> list[Reply]:
    """Return what came of an answer to a step, and what is asked next."""
    if taken.shown is not None:
        said = t("step-shown", answer=t.digits(taken.shown))
    elif taken.outcome is Outcome.CORRECT:
        said = t("step-right")
    else:
        said = t("step-wrong" if taken.outcome is Outcome.WRONG else "step-again")
    if taken.asked is not None:
        lines = [said, _step_text(t, taken.asked)]
        return [Say("\n\n".join(lines), [_help_row(t, of)], asks=True)]
    return [Say("\n\n".join([said, t("steps-done")])), question(t, of)]


def _tries_left(t: Words, left: int, asked: Question) -> str:
    more = [t("more-hints")] if has_hints(asked) else []
    return " ".join([t("tries-left", left=left), *more])


def has_hints(asked: Question) -> bool:
    """Return whether a step of the hint ladder is left."""
    return asked.hints_used < len(asked.problem.hints)


def _with_solution(
    t: Words, lines: list[str], result: Answered | Skipped, rows: Keyboard = ()
) -> list[Reply]:
    """Return what ends with a solution; the next question waits until it is asked for."""
    said = "\n\n".join([*lines, _solution(t, result.problem)])
    if result.summary is not None:
        return [Say(said, rows), summary(t, result.summary)]
    return [Say(said, [*rows, *onwards_keyboard(t, "button-next")])]


def reaction(result: Answered, message_id: int) -> list[Reply]:
    """Return the sign on the message of a right answer, and another where all five were right."""
    if result.outcome is not Outcome.CORRECT:
        return []
    end = result.summary
    return [React(message_id, "🎉" if end and end.correct == end.total else "👍")]


def _right(t: Words, result: Answered) -> Say:
    lines = [t(f"right-{(result.response_id or 0) % 4 + 1}"), *_reading(t, result)]
    return Say("\n\n".join(lines), _way_rows(t, result))


def _how_sure(t: Words, result: Answered) -> list[Reply]:
    """Ask how sure the pupil was, below the next question: its buttons come first."""
    if not result.asks_confidence or result.response_id is None:
        return []
    levels = [
        Button(t(f"button-sure-{level}"), encode(Action.CONFIDENCE, result.response_id, level))
        for level in ConfidenceLevel
    ]
    leave = Button(t("button-sure-skip"), encode(Action.CONFIDENCE, result.response_id, "skip"))
    # Two by two: in a row of three a phone cuts the Bangla words.
    return [Say(t("how-sure"), [levels[:2], [*levels[2:], leave]], aside=True)]


def _way_rows(t: Words, result: Answered) -> Keyboard:
    """Return the button that shows how a solved problem is solved, where that is written.

    It names its question: the next one may stand in the same message.
    """
    if result.response_id is None or not result.problem.solution_en:
        return []
    number = result.next.number - 1 if result.next else PROBLEMS_IN_SESSION
    label = t("button-way", number=number)
    return [[Button(label, encode(Action.WAY, result.response_id))]]


def way(t: Words, problem: ProblemCard) -> list[Reply]:
    """Return the solution of a problem that is over."""
    return [Say(_solution(t, problem))]


def paused(t: Words) -> list[Reply]:
    """Say that the next question waits until it is asked for."""
    return [Say(t("next-waits"), onwards_keyboard(t, "button-next"))]


def late(t: Words, taken: Late, keyboard: Keyboard) -> list[Reply]:
    """Return the verdict on a right answer that came when its problem was over."""
    return [Say(t("late-counts" if taken.counts else "late-right"), keyboard)]


def _ask_again(t: Words, result: Answered) -> Say:
    """Ask for the answer in another way: no attempt was counted."""
    assert result.next is not None
    lines = [*_reading(t, result), _ask_again_text(t, result), t("no-try-lost")]
    return Say("\n\n".join(lines), question_keyboard(t, result.next))


def _ask_again_text(t: Words, result: Answered) -> str:
    """Return the text for a verdict that is neither right nor wrong, as exact as there is one."""
    assert result.next is not None
    general = result.outcome.replace("_", "-")
    specific = f"{general}-{(result.reason or '').replace('_', '-')}"
    return _by_hints(t, specific if t.has(specific) else general, result.next)


def _reading(t: Words, result: Answered) -> list[str]:
    """Say what was read where words were said or a sign was taken for another."""
    return [t("i-read", text=t.digits(result.reading))] if result.reading else []


def _by_hints(t: Words, key: str, asked: Question) -> str:
    """Return a text, and where no hint is left one that speaks of none."""
    other = f"{key}-without-hints"
    return t(key) if has_hints(asked) or not t.has(other) else t(other)


def unread_again(t: Words, result: Answered, example: Example) -> Say:
    """Show what is wanted to a pupil who could not be read twice, and quote the question."""
    said, asked = _ask_again(t, result), result.next
    assert asked is not None
    lines = [
        *_reading(t, result),
        _ask_again_text(t, result),
        t(f"looks-like-{example.kind}", example=t.digits(example.text)),
        t("hint-or-skip" if has_hints(asked) else "or-skip"),
    ]
    return Say("\n\n".join(lines), said.keyboard, quotes=_quoted(t, result.problem))


def offer_solution(t: Words, asked: Question) -> Say:
    """Offer the solution with one tap; the question is closed by it."""
    return Say(
        t("offer-solution"),
        _solution_keyboard(t, asked),
        quotes=_quoted(t, asked.problem),
    )


def heard(t: Words, want: str, asked: Question) -> Say:
    """Return a kind line to what a pupil says beside the question, and the question again."""
    return Say(t(f"heard-{want}"), question_keyboard(t, asked), quotes=_quoted(t, asked.problem))


def term_told(t: Words, term: str, meaning: str, asked: Question) -> Say:
    """Return what a word means, and the question again: no try is lost by it."""
    said = t("term-means", term=term, meaning=meaning)
    return Say(said, question_keyboard(t, asked), quotes=_quoted(t, asked.problem))


def _quoted(t: Words, problem: ProblemCard) -> str:
    # A quotation has to stand in the message: of a part that is what it asks.
    whole = problem.question(t.language)
    text = whole if problem.part is None else problem.stem_and_part(t.language)[1]
    return t("question-text", text=text)


def _solution_keyboard(t: Words, asked: Question) -> Keyboard:
    """Return the buttons of a question where skip is called by what it gives."""
    show = Button(
        t("button-show-solution"), encode(Action.SKIP, asked.session_id, asked.number - 1)
    )
    hint = [button for button in _help_row(t, asked) if button.data != show.data]
    return [*_answer_rows(t, asked), [show], *([hint] if hint else [])]


def _mistake(t: Words, result: Answered) -> list[str]:
    if result.misconception is None:
        return []
    mistake = result.misconception
    return [t("mistake", text=Bilingual(mistake.en, mistake.bn).in_(t.language))]


def _noticed(t: Words, result: Answered) -> list[str]:
    if result.noticed is None:
        return []
    name, lesson = (text.in_(t.language) for text in (result.noticed.name, result.noticed.lesson))
    return [t("mistake-noticed", name=name, lesson=lesson)]


def _solution(t: Words, problem: ProblemCard) -> str:
    text = problem.solution(t.language)
    return t(
        "solution-folded" if _lines_on_a_phone(text) > UNFOLDED_LINES else "solution", text=text
    )


def _lines_on_a_phone(text: str) -> int:
    return sum(max(1, -(-count_signs(line) // SIGNS_IN_A_LINE)) for line in text.split("\n"))


def _dispute_row(t: Words, result: Answered) -> list[Button]:
    assert result.response_id is not None
    return [
        Button(t("button-dispute"), encode(Action.DISPUTE, result.response_id, result.attempts))
    ]


def _onwards(t: Words, following: Question | None, end: Summary | None) -> list[Reply]:
    if end is not None:
        return [summary(t, end)]
    return [question(t, following)] if following is not None else []


def skipped(t: Words, result: Skipped) -> list[Reply]:
    """Return the solution of a skipped problem, and what comes after it."""
    return _with_solution(t, [t("skipped")], result)


def hint(t: Words, shown: HintShown) -> Say:
    """Return a hint with the buttons of its question."""
    keyboard = question_keyboard(t, shown.question)
    if shown.step is None:
        return Say(t("no-more-hints"), _solution_keyboard(t, shown.question))
    text = shown.text.in_(t.language)
    total = len(shown.question.problem.hints)
    return Say(t("hint", step=shown.step, total=total, text=text), keyboard)


def summary(t: Words, end: Summary) -> Say:
    """Return the end of a session."""
    lines = [
        _heading(t, end),
        t("summary-score", correct=end.correct, total=end.total)
        + "\n"
        + t("summary-time", minutes=end.seconds // 60, seconds=end.seconds % 60)
        + "\n"
        + _streak_line(t, end.streak),
        *_streak_news(t, end.streak),
        *([t("summary-hard-day")] if end.correct <= FEW_RIGHT else []),
    ]
    lines += [t("mistake-gone", name=name.in_(t.language)) for name in end.gone]
    if end.review_topics:
        topics = "\n".join(
            t("summary-topic", topic=topic_name(t, topic)) for topic in end.review_topics
        )
        lines.append(t("summary-review") + "\n" + topics)
    else:
        lines.append(t("summary-all-right"))
    lines += [_tomorrow(t, end), t("summary-forward")]
    effect = EFFECTS.get(end.streak.milestone or 0, "")
    keyboard = onwards_keyboard(t, "button-another")
    if end.review_topics:
        again = Button(t("button-missed-again"), encode(Action.GO, ONWARDS, AGAIN))
        keyboard = [[again], *keyboard]
    return Say("\n\n".join(lines), keyboard, effect, apart=True)


def _heading(t: Words, end: Summary) -> str:
    """Say what was finished, and for whoever it is forwarded to, which class and day it was."""
    if end.day is None or end.grade is None:
        return t("summary-heading")
    day = t("day-of-month", day=end.day.day, month=t(f"month-{end.day.month}"))
    return (
        t("summary-heading") + "\n" + t("summary-what", grade=t(f"grade-name-{end.grade}"), day=day)
    )


def _tomorrow(t: Words, end: Summary) -> str:
    """Say what waits in the next session, and when the next milestone is reached."""
    waits = end.tomorrow or Tomorrow()
    lines = [t("summary-tomorrow-topic", topic=topic_name(t, topic)) for topic in waits.due]
    if waits.missed:
        lines.insert(0, t("summary-tomorrow-missed", count=waits.missed))
    if waits.wish is not None:
        lines.append(t("summary-tomorrow-wish", topic=topic_name(t, waits.wish)))
    state = end.streak.state
    if end.streak.running and state.current:
        left = next_milestone(state.current, state.milestones) - state.current
        lines.append(t("summary-tomorrow-milestone", days=left))
    return "\n".join([t("summary-tomorrow"), *(lines or [t("summary-tomorrow-new")])])


def _streak_line(t: Words, step: StreakStep) -> str:
    if step.running and step.state.current:
        return t("summary-streak", days=step.state.current)
    return t("summary-no-work")


def _streak_news(t: Words, step: StreakStep) -> list[str]:
    news = []
    if step.change is Change.FROZEN:
        news.append(t("streak-frozen", days=step.freezes_used, left=step.state.freezes))
    if step.change is Change.RESTARTED:
        news.append(t("streak-restarted", longest=step.state.longest))
    if step.milestone is not None:
        news.append(t("streak-milestone", days=step.milestone))
    if step.freeze_earned:
        news.append(t("streak-freeze-earned", freezes=step.state.freezes))
    return news


def where_now(t: Words, place: Place | None, *, again: bool = False) -> Keyboard:
    """Return the way back: to the current question, or to a new session.

    Args:
        t: The texts.
        place: Where the pupil is in a session that has not expired.
        again: Whether today counts for their streak already.
    """
    if place is None:
        return onwards_keyboard(t, "button-another" if again else "button-start")
    return [[Button(t("button-back", number=place.index + 1), encode(Action.GO))]]
