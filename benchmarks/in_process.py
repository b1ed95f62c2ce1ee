"""Parts that the benchmarks of the answer path share: a Telegram without a network, pupils."""

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import insert
from telegram.ext import ExtBot
from telegram.request import BaseRequest, RequestData

from src import clock, database
from src.models import Problem, Session, Student
from tests.fixtures.library import add_library

TOKEN = "1:in-process"
UPDATE_IDS = count(1)
ME = {"id": 1, "is_bot": True, "first_name": "Dars", "username": "dars_bot"}


class NullRequest(BaseRequest):
    """A transport that answers each call at once, as Telegram would."""

    sent = 0

    @property
    def read_timeout(self) -> float | None:
        return 5.0

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        parameters = request_data.parameters if request_data else {}
        if url.endswith("/getMe"):
            return 200, json.dumps({"ok": True, "result": ME}).encode()
        NullRequest.sent += 1
        message = {
            "message_id": NullRequest.sent,
            "date": 1_770_000_000,
            "chat": {"id": parameters.get("chat_id", 1), "type": "private", "first_name": "P"},
            "from": ME,
            "text": parameters.get("text", ""),
        }
        return 200, json.dumps({"ok": True, "result": message}).encode()


def make_bot() -> ExtBot[None]:
    """Return the library's client over the transport without a network."""
    return ExtBot(TOKEN, request=NullRequest(), get_updates_request=NullRequest())


def typed(telegram_id: int, text: str) -> dict[str, Any]:
    """Return a message as it comes from Telegram, not decoded yet."""
    number = next(UPDATE_IDS)
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": int(datetime.now(UTC).timestamp()),
            "chat": {"id": telegram_id, "type": "private", "first_name": "P"},
            "from": {"id": telegram_id, "is_bot": False, "first_name": "P", "language_code": "en"},
            "text": text,
        },
    }


class Pupils:
    """Makes pupils with an open session whose right answers are known."""

    def __init__(self) -> None:
        self._ids = count(1_000_000)
        self.answers: dict[int, str] = {}

    async def prepare(self) -> None:
        """Add the library."""
        async with database.session_scope() as db:
            await add_library(db, grades=(7,))
            await db.flush()
            rows = await db.execute(Problem.__table__.select())
            self.answers = {row.id: row.answer for row in rows}

    async def make(self, number: int) -> list[tuple[int, list[str]]]:
        """Return (Telegram id, right answers in order) of a number of new pupils."""
        problem_ids = sorted(self.answers)[:5]
        telegram_ids = [next(self._ids) for _ in range(number)]
        now = clock.now()
        students = [
            {"telegram_id": t, "name": "P", "grade": 7, "language": "en", "registered_at": now}
            for t in telegram_ids
        ]
        async with database.session_scope() as db:
            ids = await db.scalars(insert(Student).returning(Student.id), students)
            sessions = [
                {
                    "student_id": student_id,
                    "date": now.date(),
                    "problem_ids": problem_ids,
                    "seed": student_id,
                    "expires_at": now + timedelta(hours=24),
                }
                for student_id in ids
            ]
            await db.execute(insert(Session), sessions)
        return [(t, [self.answers[p] for p in problem_ids]) for t in telegram_ids]
