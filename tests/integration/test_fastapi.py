"""``get_session`` as a dependency of a web framework that Dars itself does not use."""

from typing import Annotated

import httpx2
from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy.ext.asyncio import AsyncSession

from src.database import get_session
from src.models import Student

Db = Annotated[AsyncSession, Depends(get_session)]


def make_app() -> FastAPI:
    app = FastAPI()

    @app.get("/students/{student_id}")
    async def read(student_id: int, db: Db) -> dict[str, str | int | None]:
        student = await db.get(Student, student_id)
        if student is None:
            raise HTTPException(404)
        return {"name": student.name, "grade": student.grade}

    @app.post("/students/{telegram_id}")
    async def write(telegram_id: int, db: Db, fail: bool = False) -> int:
        student = Student(telegram_id=telegram_id, name="A", grade=7)
        db.add(student)
        await db.flush()
        if fail:
            raise HTTPException(409)
        return student.id

    return app


async def test_a_route_reads_writes_and_rolls_back(database_url: str) -> None:
    transport = httpx2.ASGITransport(app=make_app())
    async with httpx2.AsyncClient(transport=transport, base_url="http://dars") as client:
        made = (await client.post("/students/1")).json()
        assert (await client.get(f"/students/{made}")).json() == {"name": "A", "grade": 7}
        assert (await client.post("/students/2", params={"fail": True})).status_code == 409
        assert (await client.get(f"/students/{made + 1}")).status_code == 404
