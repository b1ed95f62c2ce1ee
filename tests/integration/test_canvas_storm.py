"""A school that changes at random under faults, kills and two syncs at once is mirrored truly."""

import asyncio
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from sandbox.canvas.run import RunningSchool, start
from src import clock, database
from src.canvas import notes
from src.canvas.results import Thing
from src.canvas.sync import Target, sync_all_canvas_courses
from src.canvas.verify import verify_canvas_data
from src.clients.canvas_errors import CanvasError
from src.models import MirrorKind
from tests.acceptance.school_client import CutError, Json, Person
from tests.fixtures.schools import client_of, fetch, network, new_target

ROOT = Path(__file__).resolve().parents[2]
FAULTS: tuple[Json, ...] = (
    {},
    {"error_rate": 0.1},
    {"drop_rate": 0.1},
    {"throttle_rate": 0.1, "throttle_status": 403},
    {"cut_body_rate": 0.1},
    {"empty_pages": True},
)
DEEDS = ("add", "move", "undate", "delete", "hide", "seat", "mark", "mark")
HISTORY = ("grade_history", "assignment_scores")
NOTES = ("student_metadata", "assignment_metadata", "course_metadata")


class Teacher:
    """Somebody who changes the school at random."""

    def __init__(self, school: RunningSchool, seed: int) -> None:
        self.person, self.chance = Person(school, "farida"), random.Random(seed)
        self.courses = [one["id"] for one in self.person.get("courses?per_page=100")]
        self.pupils = [
            one["id"]
            for one in self.person.people()
            if one["login_id"] in {"rahim", "mina", "john"}
        ]

    def change(self) -> None:
        """Do one thing that a teacher does."""
        course = self.chance.choice(self.courses)
        path = f"courses/{course}/assignments"
        tasks = [one["id"] for one in self.person.get(f"{path}?per_page=100")]
        deed = self.chance.choice(
            ("add", "move", "undate", "delete", "hide", "mark", "seat", "mark")
        )
        if deed == "add" or not tasks:
            self.send("POST", path, assignment__name=f"Task {self.chance.random()}")
            return
        task = self.chance.choice(tasks)
        pupil = self.chance.choice(self.pupils)
        day = f"2031-0{self.chance.randint(1, 9)}-{self.chance.randint(10, 28)}T10:00:00Z"
        if deed == "move":
            self.send("PUT", f"{path}/{task}", assignment__due_at=day)
        elif deed == "undate":
            self.send("PUT", f"{path}/{task}", assignment__due_at="")
        elif deed == "delete" and len(tasks) > 2:
            self.send("DELETE", f"{path}/{task}")
        elif deed == "hide":
            shown = self.chance.choice(("true", "false"))
            self.send("PUT", f"{path}/{task}", assignment__published=shown)
        elif deed == "seat":
            self.seat(course, pupil)
        else:
            mark = str(self.chance.randint(0, 10))
            self.send("PUT", f"{path}/{task}/submissions/{pupil}", submission__posted_grade=mark)

    def seat(self, course: int, pupil: int) -> None:
        seats = self.person.get(f"courses/{course}/enrollments?user_id={pupil}&per_page=100")
        path = f"courses/{course}/enrollments"
        if seats:
            self.send("DELETE", f"{path}/{seats[0]['id']}", task="delete")
        else:
            form = {"user_id": pupil, "type": "StudentEnrollment", "enrollment_state": "active"}
            self.send("POST", path, **{f"enrollment__{name}": one for name, one in form.items()})

    def send(self, *words: str, **form: Any) -> None:
        """Do it; what the school refuses, as a draft's mark, is no change."""
        self.person.send(*words, **form)


@contextmanager
def syncing(url: str, school: str, number: int) -> Iterator[list[subprocess.Popen[str]]]:
    """Two processes that sync at once; whichever is killed is replaced by the caller."""

    def begin() -> subprocess.Popen[str]:
        words = [sys.executable, "-m", "tests.integration.canvas_storm", url, school, str(number)]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        return subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)

    running = [begin(), begin()]
    try:
        yield running
    finally:
        for one in running:
            one.kill()
            one.communicate()


async def rows(names: tuple[str, ...]) -> dict[str, set[tuple[Any, ...]]]:
    async with database.read_scope() as db:
        return {
            name: {tuple(map(str, row)) for row in await db.execute(text(f"SELECT * FROM {name}"))}
            for name in names
        }


async def storm(url: str, changes: int, kills: int) -> None:
    school = start()
    try:
        await _storm(school, url, changes, kills)
    finally:
        school.stop()


async def _storm(school: RunningSchool, url: str, changes: int, kills: int) -> None:
    teacher, target = Teacher(school, changes), await new_target()
    chance = random.Random(kills)
    async with network(retries=3, pause_seconds=0.01) as net:
        await sync_all_canvas_courses(client_of(net, school.url), target, clock.now())
        written = await write_notes(target, teacher)
        history, done = await rows(HISTORY), 0
        for _ in range(kills):
            with syncing(url, school.url, target.connection_id) as processes:
                wait = asyncio.to_thread(processes[0].stdout.readline)  # type: ignore[union-attr]
                await wait
                teacher.person.post("faults", chance.choice(FAULTS))
                wanted = done + changes // kills
                while done < wanted:
                    # The school's faults are the teacher's as well.
                    with suppress(CutError, AssertionError, ValueError):
                        await asyncio.to_thread(teacher.change)
                        done += 1
            grown = await rows(HISTORY)
            assert all(history[name] <= grown[name] for name in HISTORY)
            history = grown
            assert await rows(NOTES) == written
        teacher.person.post("faults", {})
        await settle(net, school, target)
        async with database.read_scope() as db:
            again = await fetch(net, school.url)
            assert await verify_canvas_data(db, target.connection_id, again) == []
    assert await rows(NOTES) == written
    await check_sums()


async def settle(net: Any, school: RunningSchool, target: Target) -> None:
    """Two at once, in calm, are the last syncs."""
    client = client_of(net, school.url)
    try:
        results = await asyncio.gather(
            *(sync_all_canvas_courses(client, target, clock.now()) for _ in range(2))
        )
    except CanvasError as error:
        raise AssertionError("the school is calm") from error
    assert all(one.success for one in results), [one.problems for one in results]


async def write_notes(target: Target, teacher: Teacher) -> dict[str, set[tuple[Any, ...]]]:
    async with database.session_scope() as db:
        for pupil in teacher.pupils:
            student = Thing(target.connection_id, MirrorKind.STUDENT, pupil)
            await notes.add_note(db, student, f"note about {pupil}, লাজুক")
        for course in teacher.courses:
            about = Thing(target.connection_id, MirrorKind.COURSE, course)
            await notes.add_note(db, about, "room 12")
    return await rows(NOTES)


async def check_sums() -> None:
    """No state of a piece of work is lost or doubled: its numbers run from 1 without a gap."""
    count = "SELECT count(*), min(number), max(number) FROM assignment_scores "
    async with database.read_scope() as db:
        for many, least, most in await db.execute(
            text(f"{count} GROUP BY connection_id, canvas_assignment_id, canvas_user_id")
        ):
            assert (least, most) == (1, many)


async def test_a_small_storm(database_url: str) -> None:
    await storm(database_url, changes=25, kills=1)


@pytest.mark.soak
@pytest.mark.timeout(900)
async def test_a_storm(database_url: str) -> None:
    await storm(database_url, changes=500, kills=20)
