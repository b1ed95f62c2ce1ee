"""Whatever happens at a school, what people wrote stays to the byte and the history only grows."""

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import text

from src import database
from src.canvas import notes
from src.canvas.results import Thing
from src.canvas.sync import Target, full_canvas_sync
from src.models import MirrorKind
from tests.fixtures.schools import MONDAY, bundle, content, new_target, seat, task, work

LAYER_3 = ("student_metadata", "assignment_metadata", "course_metadata")
HISTORY = ("grade_history", "assignment_scores")
KINDS = {MirrorKind.STUDENT: (1, 2), MirrorKind.ASSIGNMENT: (21, 22), MirrorKind.COURSE: (1,)}
PROBLEM = {"problem": "the school is away"}
scores = st.none() | st.floats(0, 100)


class Layers(RuleBasedStateMachine):
    """A school that changes, syncs that are whole and that are not, and people who write."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copyfile(self.template, self.folder / "dars.db")
        self.loop = asyncio.new_event_loop()
        database.configure(f"sqlite:///{self.folder}/dars.db")
        self.at = MONDAY
        self.pupils, self.tasks = {1, 2}, {21, 22}
        self.score: float | None = 5.0
        self.written: dict[str, list[tuple[Any, ...]]] = {name: [] for name in LAYER_3}
        self.history: dict[str, set[tuple[Any, ...]]] = {name: set() for name in HISTORY}
        self.lives: set[tuple[Any, ...]] = set()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    def rows(self, name: str, columns: str = "*") -> list[tuple[Any, ...]]:
        async def read() -> list[tuple[Any, ...]]:
            async with database.read_scope() as db:
                found = await db.execute(text(f"SELECT {columns} FROM {name} ORDER BY id"))
                return [tuple(row) for row in found]

        found: list[tuple[Any, ...]] = self.run(read())
        return found

    @initialize()
    def connect(self) -> None:
        self.target: Target = self.run(new_target())
        self.sync()

    def school(self) -> dict[str, Any]:
        seats = [seat(10 + n, n) for n in sorted(self.pupils)]
        tasks = [task(n) for n in sorted(self.tasks)]
        done = [work(a, u, score=self.score) for a in self.tasks for u in self.pupils]
        return content(enrollments=seats, assignments=tasks, submissions=done)

    @rule(pupils=st.sets(st.sampled_from((1, 2))), tasks=st.sets(st.sampled_from((21, 22))))
    def change_who_and_what_is_there(self, pupils: set[int], tasks: set[int]) -> None:
        self.pupils, self.tasks = pupils, tasks

    @rule(score=scores)
    def mark(self, score: float | None) -> None:
        self.score = score

    @rule()
    def sync(self) -> None:
        self.apply(self.school(), timedelta(hours=5))

    @rule(lost=st.sampled_from(("assignments", "enrollments", "submissions")))
    def sync_what_is_not_whole(self, lost: str) -> None:
        whole = self.school()
        whole[lost] = {"rows": whole[lost][:1], **PROBLEM}
        self.apply(whole, timedelta(hours=5))

    @rule()
    def sync_what_is_old(self) -> None:
        self.apply(content(enrollments=[], assignments=[], submissions=[]), -timedelta(days=400))

    @rule()
    def sync_nothing_at_all(self) -> None:
        self.run(full_canvas_sync(bundle(courses=[], at=self.at), self.target, self.at))

    def apply(self, whole: dict[str, Any], later: timedelta) -> None:
        at = self.at + later
        self.at = max(at, self.at)
        result = self.run(full_canvas_sync(bundle(whole, at=at), self.target, self.at))
        assert not result.refused

    @rule(
        kind=st.sampled_from(list(KINDS)),
        place=st.integers(0, 1),
        line=st.text("aআ '\n", min_size=1),
    )
    def write(self, kind: MirrorKind, place: int, line: str) -> None:
        number = KINDS[kind][place % len(KINDS[kind])]

        async def add() -> None:
            async with database.session_scope() as db:
                thing = Thing(self.target.connection_id, kind, number)
                await notes.update_notes(db, thing, line)
                if kind is not MirrorKind.ASSIGNMENT:
                    await notes.set_curriculum(db, thing, "algebra")

        self.run(add())
        self.written = {name: self.rows(name) for name in LAYER_3}

    @invariant()
    def what_people_wrote_is_the_same_to_the_byte(self) -> None:
        assert {name: self.rows(name) for name in LAYER_3} == self.written

    @invariant()
    def the_history_only_grows(self) -> None:
        for name in HISTORY:
            found = set(self.rows(name))
            assert self.history[name] <= found
            self.history[name] = found

    @invariant()
    def what_was_seen_is_known_for_ever(self) -> None:
        found = set(self.rows("canvas_lifecycle", "kind, canvas_id, first_seen_at"))
        assert self.lives <= found
        self.lives = found

    def teardown(self) -> None:
        self.run(database.dispose())
        database.configure()
        self.loop.close()
        shutil.rmtree(self.folder)


def test_no_sync_touches_what_people_wrote(sqlite_template: Path) -> None:
    Layers.template = sqlite_template
    machine: Any = Layers.TestCase
    machine.settings = settings(max_examples=8, stateful_step_count=12, deadline=None)
    machine("runTest").runTest()
