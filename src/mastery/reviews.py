"""When a mastered sub-topic is due for another look, by FSRS.

Its parameters were fitted to flash cards, not to problems: the days only order reviews. Days are
the pupil's local days, whole ones, and nothing is drawn at random: what is replayed comes out the
same.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from fsrs import Card, Rating, Scheduler, State

# Without steps of minutes, which mean nothing between one evening and the next.
_SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


@dataclass(frozen=True, slots=True)
class Review:
    """What FSRS remembers of a sub-topic.

    Attributes:
        stability: Days until one in ten would be forgotten.
        ease: What FSRS calls difficulty, 1 to 10.
        reviewed_on: Local day of the latest first try.
        due_on: Local day of the next look.
    """

    stability: float
    ease: float
    reviewed_on: date
    due_on: date


def after_review(before: Review | None, *, is_right: bool, day: date) -> Review:
    """Return what is remembered after a first try on a local day.

    Args:
        before: What was remembered; None when the sub-topic has just been mastered.
        is_right: Whether the first try was right, without help.
        day: The local day; one before the last, after a journey, counts as the last.
    """
    if before is not None:
        day = max(day, before.reviewed_on)
    rating = Rating.Good if is_right else Rating.Again
    card, _ = _SCHEDULER.review_card(_card(before), rating, _midnight(day))
    assert card.stability is not None
    assert card.difficulty is not None
    return Review(card.stability, card.difficulty, day, card.due.date())


def _card(before: Review | None) -> Card:
    # A card without a number waits for the clock to make it one.
    if before is None:
        return Card(card_id=1, due=datetime.min.replace(tzinfo=UTC))
    return Card(
        card_id=1,
        state=State.Review,
        stability=before.stability,
        difficulty=before.ease,
        due=_midnight(before.due_on),
        last_review=_midnight(before.reviewed_on),
    )


def _midnight(day: date) -> datetime:
    # FSRS takes no other zone than this very one.
    return datetime.combine(day, time(), UTC)
