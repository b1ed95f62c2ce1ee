"""A thumb that taps twice on a button which only shows something.

What changes the data knows by the data that it is done already. Here nothing changed, so this
process remembers it; where two share the updates, the second tap may be answered again.
"""

from collections import OrderedDict
from time import monotonic

from telegram import Update

from bot.callbacks import Action, decode
from src.errors import StaleAction
from src.practice.rules import TAPPED_TWICE_WITHIN

_SHOWING = {Action.GO, Action.SETTINGS, Action.WAY, Action.DESCRIBE}
_MOST_PUPILS = 10_000


class LastTaps:
    """What each pupil did last, if it was a tap on a button that shows something."""

    def __init__(self) -> None:
        self._last: OrderedDict[int, tuple[tuple[int, str], int, float]] = OrderedDict()

    def repeats(self, user_id: int, update: Update) -> bool:
        """Note what a pupil did; return whether the very same was done and answered just now."""
        last, now = self._last.pop(user_id, None), monotonic()
        button = _button(update)
        if button is None:
            return False
        self._last[user_id] = (button, update.update_id, now)
        if len(self._last) > _MOST_PUPILS:
            self._last.popitem(last=False)
        if last is None:
            return False
        before, number, at = last
        is_soon = now - at <= TAPPED_TWICE_WITHIN.total_seconds()
        # The same update again is one whose answer may be lost.
        return before == button and number != update.update_id and is_soon


def _button(update: Update) -> tuple[int, str] | None:
    query = update.callback_query
    if query is None or query.message is None or not query.data:
        return None
    try:
        shows = decode(query.data).action in _SHOWING
    except StaleAction:
        return None
    return (query.message.message_id, query.data) if shows else None
