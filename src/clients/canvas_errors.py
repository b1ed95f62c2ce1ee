"""What reading a school at Canvas can come to; each error says what helps.

CanvasError              a call gave nothing to use
├── AddressRefused        the address is none that may be asked: correct it
├── TokenMalformed        what was pasted is no token: paste it again
├── TokenDead             the school refuses the token: connect again
├── NoRight               the token is good, but not for this object: leave it out
├── NotThere              there is no such object, or none for this token
├── CallRefused           the school refuses what was sent: correct it
├── Throttled             too many calls: wait
├── LimitReached          we ask no more for now, of our own accord: it goes on another time
├── CanvasAway            the school does not answer, or not to the end: try later
└── AnswerUnreadable      the answer is none of Canvas', or has no end: an operator has to look

No message holds a token, the address of a feed or a word of a pupil.
"""

from src.errors import DarsError


class CanvasError(DarsError):
    """A call to Canvas gave nothing to use.

    Attributes:
        maybe_done: Whether what was asked for may have been done all the same.
    """

    def __init__(self, reason: str, *, maybe_done: bool = False) -> None:
        super().__init__(reason)
        self.maybe_done = maybe_done


class AddressRefused(CanvasError):  # noqa: N818 - names a state
    """The address of the school is none that may be asked."""


class TokenMalformed(CanvasError):  # noqa: N818 - names a state
    """What was given for a token cannot be one."""


class TokenDead(CanvasError):  # noqa: N818 - names a state
    """The school refuses the token: it is wrong, expired or revoked; connect again."""


class NoRight(CanvasError):  # noqa: N818 - names a state
    """The token is good, but it has no right to this object."""


class NotThere(CanvasError):  # noqa: N818 - names a state
    """There is no such object, or none that this token may know of."""


class CallRefused(CanvasError):  # noqa: N818 - names a state
    """The school refuses what was sent."""


class Throttled(CanvasError):  # noqa: N818 - names a state
    """The school wants fewer calls.

    Attributes:
        seconds: How long to wait at least.
    """

    def __init__(self, reason: str, seconds: float, *, maybe_done: bool = False) -> None:
        super().__init__(reason, maybe_done=maybe_done)
        self.seconds = seconds


class LimitReached(CanvasError):  # noqa: N818 - names a state
    """Dars itself wants to ask no more for now; the school is well."""


class CanvasAway(CanvasError):  # noqa: N818 - names a state
    """The school does not answer, or not to the end; later may be better."""


class AnswerUnreadable(CanvasError):  # noqa: N818 - names a state
    """What answered is not Canvas, or its answer has no end.

    Attributes:
        is_passing: Whether another try may be answered, as after a page that asks to wait.
    """

    def __init__(self, reason: str, *, maybe_done: bool = False, is_passing: bool = False) -> None:
        super().__init__(reason, maybe_done=maybe_done)
        self.is_passing = is_passing
