"""Tokens of programs: made once, shown once, kept as a hash, revoked at once."""

import hmac
import re
import secrets
import string
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncSession

from src import audit
from src.errors import TokenRefused, TokenUnusable
from src.models import ApiToken, AuditAction
from src.teaching import service as teaching
from src.teaching import token_queries as queries
from src.teaching.results import TeacherCard
from src.teaching.token_queries import TokenRow

__all__ = [
    "OF_OPERATORS",
    "OF_TEACHERS",
    "ApiCaller",
    "ApiScope",
    "TokenRow",
]

_SIGNS = string.digits + string.ascii_letters
_SECRET, _CHECK = 32, 6
_MARK = "dars_live_"
_TOKEN = re.compile(rf"{_MARK}[0-9A-Za-z]{{{_SECRET + _CHECK}}}")
_PREFIX = len(_MARK) + 6
# A write for each request would say no more.
_LOOKED_EVERY = timedelta(hours=1)
_USED_EVERY = timedelta(minutes=1)


class ApiScope(StrEnum):
    """What a token may be used for."""

    STUDENTS = "read:students"
    PROBLEMS = "read:problems"
    SESSIONS = "read:sessions"
    RESPONSES = "read:responses"
    STREAKS = "read:streaks"
    COSTS = "read:costs"
    CLASSES = "read:classes"
    MEMBERS = "read:members"
    FLAGS = "read:flags"
    INSIGHTS = "read:insights"
    CANVAS = "read:canvas"
    WRITE_CLASSES = "write:classes"
    WRITE_MEMBERS = "write:members"
    WRITE_NOTES = "write:notes"


OF_OPERATORS = frozenset({ApiScope.COSTS})
OF_TEACHERS = frozenset({ApiScope.WRITE_CLASSES, ApiScope.WRITE_MEMBERS, ApiScope.WRITE_NOTES})
"""What only a teacher's token may do: what is written is written by somebody."""


@dataclass(frozen=True, slots=True)
class ApiCaller:
    """Who asks the API.

    Attributes:
        token_id: Of the token.
        scopes: What it may be used for.
        teacher: Whose classes alone are seen; None: an operator's token, which sees everybody.
    """

    token_id: int
    scopes: frozenset[str]
    teacher: TeacherCard | None = None

    @property
    def actor(self) -> str:
        """How it is named in the audit."""
        return f"token:{self.token_id}"


def make_token() -> str:
    """Return a token: 190 random bits, and a checksum by which a typing error is seen at once."""
    secret = "".join(secrets.choice(_SIGNS) for _ in range(_SECRET))
    return f"{_MARK}{secret}{_checksum(secret)}"


def _checksum(secret: str) -> str:
    number, signs = zlib.crc32(secret.encode()), ""
    for _ in range(_CHECK):
        number, place = divmod(number, len(_SIGNS))
        signs = _SIGNS[place] + signs
    return signs


def is_token(text: str) -> bool:
    """Return whether a text is a token as far as can be seen without the database."""
    secret = text.removeprefix(_MARK)[:_SECRET]
    return _TOKEN.fullmatch(text) is not None and text.endswith(_checksum(secret))


async def create(
    db: AsyncSession,
    name: str,
    scopes: Collection[ApiScope],
    now: datetime,
    *,
    teacher_id: int | None = None,
) -> str:
    """Make a token and return it: it is never seen again.

    Args:
        db: The open transaction.
        name: What an operator calls it.
        scopes: What it may be used for.
        now: The current instant, aware.
        teacher_id: Whose classes alone it sees.

    Raises:
        TokenUnusable: There is no such teacher, or a scope does not go with one.
    """
    person_id = None
    if teacher_id is not None:
        person_id = await queries.person_of(db, teacher_id)
        if person_id is None:
            raise TokenUnusable(f"nobody teaches by the number {teacher_id}")
    _check(scopes, of_teacher=teacher_id is not None)
    token = make_token()
    row = ApiToken(name=name, person_id=person_id, scopes=sorted(scopes), prefix=token[:_PREFIX])
    row.sha256 = _hash(token)
    db.add(row)
    await db.flush()
    audit.note(db, AuditAction.TOKEN, ("token", row.id), actor="operator", at=now)
    return token


def _check(scopes: Collection[ApiScope], *, of_teacher: bool) -> None:
    wrong = OF_OPERATORS if of_teacher else OF_TEACHERS
    if bad := sorted(wrong.intersection(scopes)):
        whose = "a teacher's token may not" if of_teacher else "only a teacher's token may"
        raise TokenUnusable(f"{whose} {', '.join(bad)}")
    if not scopes:
        raise TokenUnusable("a token without a scope may do nothing")


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


async def listed(db: AsyncSession) -> list[TokenRow]:
    """Return every token there ever was, without what opens."""
    return await queries.tokens(db)


async def revoke(db: AsyncSession, prefix: str, now: datetime) -> bool:
    """End a token at once; return whether there was one by that prefix that still held."""
    token_id = await queries.revoke(db, prefix, now)
    if token_id is not None:
        audit.note(db, AuditAction.DISCONNECT, ("token", token_id), actor="operator", at=now)
    return token_id is not None


async def caller_of(db: AsyncSession, token: str, now: datetime) -> ApiCaller:
    """Return who asks with a token, and note that it was used.

    Raises:
        TokenRefused: It is none, is revoked, or belongs to somebody who teaches no more.
    """
    if not is_token(token):
        raise TokenRefused
    row = await queries.by_prefix(db, token[:_PREFIX])
    if row is None or not hmac.compare_digest(row.sha256, _hash(token)):
        raise TokenRefused
    teacher = None
    if row.person_id is not None:
        teacher = await teaching.teacher_of(db, row.person_id)
        if teacher is None:
            raise TokenRefused
    if row.last_used_at is None or now - row.last_used_at >= _USED_EVERY:
        await queries.note_use(db, row.id, now)
    return ApiCaller(row.id, frozenset(row.scopes), teacher)


async def note_look(
    db: AsyncSession, caller: ApiCaller, what: str, student_id: int | None, now: datetime
) -> None:
    """Note that a program looked at pupils: one row an hour for token, list and pupil."""
    since = now - _LOOKED_EVERY
    if not await queries.has_looked(db, caller.actor, what, student_id, since):
        subject = (f"api:{what}", student_id)
        audit.note(db, AuditAction.LOOK, subject, actor=caller.actor, at=now)
