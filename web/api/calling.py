"""Who calls: the token of a request, what it may be used for, and how often."""

from dataclasses import dataclass, field
from time import monotonic
from typing import Annotated

from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from src.errors import NotInReach, TokenRefused, TooManyCalls
from src.teaching import tokens
from src.teaching.results import TeacherCard
from src.teaching.tokens import ApiCaller, ApiScope
from web.needs import Db, Now, Ours

_bearer = HTTPBearer(
    auto_error=False, scheme_name="token", description="As `dars api token create` printed it."
)


class ScopeMissing(Exception):  # noqa: N818 - names a state
    """A token may not be used for this.

    Attributes:
        scope: What it would need.
    """

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


@dataclass(slots=True)
class Pace:
    """How often each token may call: a bucket that fills again within a minute.

    Attributes:
        buckets: For each token how many calls are left, and when that was so.
    """

    buckets: dict[int, tuple[float, float]] = field(default_factory=dict)

    def take(self, token_id: int, per_minute: int) -> None:
        """Count a call.

        Raises:
            TooManyCalls: None is left.
        """
        now = monotonic()
        left, since = self.buckets.get(token_id, (float(per_minute), now))
        left = min(per_minute, left + (now - since) * per_minute / 60)
        if left < 1:
            raise TooManyCalls((1 - left) * 60 / per_minute)
        self.buckets[token_id] = left - 1, now


async def _caller(
    request: Request,
    wanted: SecurityScopes,
    db: Db,
    now: Now,
    *,
    ours: Ours,
    given: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)] = None,
) -> ApiCaller:
    if given is None:
        raise TokenRefused
    caller = await tokens.caller_of(db, given.credentials, now)
    pace: Pace = request.app.state.pace
    pace.take(caller.token_id, ours.web.calls_per_minute)
    for scope in wanted.scopes:
        if scope not in caller.scopes:
            raise ScopeMissing(scope)
    return caller


def may(scope: ApiScope) -> object:
    """Return the need of a route for a caller whose token has a scope."""
    return Security(_caller, scopes=[scope])


def teacher_of(caller: ApiCaller) -> TeacherCard:
    """Return the teacher whose token it is.

    Raises:
        NotInReach: It is an operator's: nothing of it can be theirs.
    """
    if caller.teacher is None:
        raise NotInReach
    return caller.teacher
