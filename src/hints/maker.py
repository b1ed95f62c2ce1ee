"""Makes the hints that were asked for, one job for each.

First what is to be asked is read, then the model is asked with no transaction open, then what came
is kept, and only then is it sent. The row of the request says how far it got: whatever is killed in
between goes on from there, and what was kept is sent as it is.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from src import clock
from src.clients.calls import ModelCutOff, ModelError, ModelRefused, Prompt
from src.costs.ledger import Purpose
from src.costs.meter import Meter, Transactions
from src.errors import BudgetUsedUp, PupilBlockedBot
from src.hints import prompt as prompts
from src.hints import queries, rules, service
from src.hints.checks import HintFault, find_fault
from src.hints.rules import Ask
from src.language import Language
from src.models import HintRequest, HintSource, OperationType
from src.practice import service as practice
from src.practice.results import Place, ProblemCard, Question

log = structlog.get_logger()

TOTAL = timedelta(seconds=25)
# Of the total: what saving and sending need, and what is too little for a second try.
_FOR_THE_REST = timedelta(seconds=1.5)
_TOO_LITTLE = 2.0
_THINKING_EVERY = 4.0
# A request that kills its process is answered from the ladder after this many runs.
_MOST_RUNS = 3


@dataclass(frozen=True, slots=True)
class ReadyHint:
    """A hint to be sent.

    Attributes:
        chat_id: The pupil's private chat.
        language: ``en`` or ``bn``.
        question: The question that it is for.
        text: The hint; empty where the ladder was used up and nothing could be made.
        step: Its step of the ladder, if it is from there.
        is_answer: Whether it answers a question of the pupil's own.
        has_no_budget: Whether a budget was used up.
    """

    chat_id: int
    language: Language
    question: Question
    text: str
    step: int | None
    is_answer: bool = False
    has_no_budget: bool = False


class Connection(Protocol):
    """A client that can be made ready and closed."""

    async def prepare(self) -> None:
        """Load what is needed."""

    async def close(self) -> None:
        """Close what is open."""


class Messenger(Protocol):
    """Speaks to pupils."""

    async def show_thinking(self, chat_id: int) -> None:
        """Show that something is being written; never raises for a fault of Telegram's."""

    async def send_hint(self, hint: ReadyHint) -> None:
        """Send a hint.

        Raises:
            PupilBlockedBot: The pupil does not want to hear.
        """


@dataclass(frozen=True, slots=True)
class _Task:
    """What a request needs from the model."""

    request_id: int
    chat_id: int
    language: Language
    problem: ProblemCard
    ask: Ask
    purpose: Purpose
    until: datetime


@dataclass(frozen=True, slots=True)
class _Made:
    """What came of asking: a text, or the reason why there is none."""

    text: str | None = None
    model: str = ""
    has_no_budget: bool = False


class HintMaker:
    """Makes and sends hints.

    Args:
        transactions: Opens a transaction that commits at the end.
        meter: Makes calls; None: every hint is from the ladder.
        models: The model for each language.
        messenger: Speaks to pupils.
        connection: What the meter calls through; prepared and closed here.
    """

    def __init__(
        self,
        transactions: Transactions,
        meter: Meter | None,
        models: Mapping[str, str],
        messenger: Messenger,
        connection: Connection | None = None,
    ) -> None:
        self._transactions, self._meter = transactions, meter
        self._models, self._messenger = models, messenger
        self._connection = connection
        self._trying: set[asyncio.Task[_Made]] = set()

    async def prepare(self) -> None:
        """Do what takes seconds before the first pupil waits for it."""
        if self._connection is not None:
            await self._connection.prepare()

    async def close(self) -> None:
        """Close the connections to the model, and let what breaks off settle its cost."""
        if self._connection is not None:
            await self._connection.close()
        if self._trying:
            await asyncio.wait(self._trying, timeout=_TOO_LITTLE)

    async def run(self, request_id: int) -> None:
        """See to a request: make its hint unless it is made, and send it unless it is sent."""
        async with self._transactions() as db:
            task = await _take(db, request_id)
        made = _Made()
        if task is not None:
            async with self._thinking(task.chat_id):
                made = await self._make(task)
        async with self._transactions() as db:
            ready = await _save(db, request_id, task, made)
        if ready is not None:
            await self._send(request_id, ready)

    async def _send(self, request_id: int, ready: ReadyHint) -> None:
        try:
            await self._messenger.send_hint(ready)
        except PupilBlockedBot:
            log.info("nobody to send a hint to")
        async with self._transactions() as db:
            await _note_sent(db, request_id)

    @contextlib.asynccontextmanager
    async def _thinking(self, chat_id: int) -> AsyncGenerator[None]:
        showing = asyncio.create_task(self._show_thinking(chat_id))
        try:
            yield
        finally:
            showing.cancel()

    async def _show_thinking(self, chat_id: int) -> None:
        while True:
            await self._messenger.show_thinking(chat_id)
            await asyncio.sleep(_THINKING_EVERY)

    async def _make(self, task: _Task) -> _Made:
        left = (task.until - clock.now()).total_seconds()
        if self._meter is None or left < _TOO_LITTLE:
            return _Made()
        trying = asyncio.create_task(self._try_twice(self._meter, task))
        self._trying.add(trying)
        trying.add_done_callback(self._forget)
        # A late one is left to finish, not cancelled: it still has its cost to settle.
        await asyncio.wait({trying}, timeout=left)
        if not trying.done():
            log.warning("no hint of the model", error="TimeoutError")
            return _Made()
        return _outcome(trying)

    def _forget(self, trying: asyncio.Task[_Made]) -> None:
        self._trying.discard(trying)
        if not trying.cancelled():
            trying.exception()

    async def _try_twice(self, meter: Meter, task: _Task) -> _Made:
        model = self._models[task.language]
        prompt = prompts.build(task.problem, task.language, task.ask, model)
        text, fault = await _attempt(meter, prompt, task)
        if fault is None:
            return _Made(text, model)
        log.info("a hint was not shown", fault=fault.name, attempt=1)
        if (task.until - clock.now()).total_seconds() < _TOO_LITTLE:
            return _Made()
        text, fault = await _attempt(meter, prompts.again(prompt, text, fault), task)
        if fault is None:
            return _Made(text, model)
        log.info("a hint was not shown", fault=fault.name, attempt=2)
        return _Made()


def _outcome(trying: "asyncio.Task[_Made]") -> _Made:
    """Return what was made; what is expected to fail at times makes nothing."""
    try:
        return trying.result()
    except BudgetUsedUp as full:
        log.info("no budget for a hint", budget=full.budget)
        return _Made(has_no_budget=True)
    except ModelError as error:
        log.warning("no hint of the model", error=type(error).__name__)
        return _Made()


async def _attempt(meter: Meter, prompt: Prompt, task: _Task) -> tuple[str, HintFault | None]:
    """Ask once; return what was said and what is wrong with it."""
    try:
        said = (await meter.complete(prompt, task.purpose)).text.strip()
    except ModelCutOff:
        return "", HintFault.CUT_OFF
    except ModelRefused:
        return "", HintFault.REFUSAL
    ask = task.ask
    return said, find_fault(
        said, task.problem, task.language, ask.typed, may_judge=ask.is_wrong_answer
    )


async def _take(db: AsyncSession, request_id: int) -> _Task | None:
    """Read what is to be asked; None where there is nothing to ask any more."""
    request = await queries.lock_request(db, request_id)
    if request is None or request.made_at is not None or request.sent_at is not None:
        return None
    request.attempts += 1
    place = await _place_of(db, request)
    if place is None or request.attempts > _MOST_RUNS:
        return None
    purpose = Purpose(
        OperationType.HINT_GENERATION,
        student_id=request.student_id,
        session_id=request.session_id,
        problem_id=request.problem_id,
        grade=await queries.grade_of(db, request.problem_id),
    )
    ask = Ask(request.step, request.typed, request.is_question)
    return _Task(
        request_id,
        await queries.chat_of(db, request.student_id),
        request.language,
        place.problem,
        ask,
        purpose,
        request.created_at + TOTAL - _FOR_THE_REST,
    )


async def _place_of(db: AsyncSession, request: HintRequest) -> Place | None:
    """Return where the pupil is, if that is still the problem of the request."""
    place = await practice.active_place(db, request.student_id)
    if place is None or clock.now() >= place.expires_at:
        return None
    same = (place.session_id, place.problem.id) == (request.session_id, request.problem_id)
    return place if same else None


async def _save(
    db: AsyncSession, request_id: int, task: _Task | None, made: _Made
) -> ReadyHint | None:
    """Keep the hint and count it, unless that is done; return what is left to send."""
    request = await queries.lock_request(db, request_id)
    if request is None or request.sent_at is not None:
        return None
    place = await _place_of(db, request)
    if place is None:
        # The pupil went on without it: it would only confuse them now.
        request.sent_at, request.typed = clock.now(), None
        return None
    if request.made_at is None:
        place = await _fill_in(db, request, place, task, made)
    return ReadyHint(
        await queries.chat_of(db, request.student_id),
        request.language,
        practice.current_question(place),
        request.text or "",
        request.shown_step,
        is_answer=request.is_question,
        has_no_budget=made.has_no_budget,
    )


async def _fill_in(
    db: AsyncSession, request: HintRequest, place: Place, task: _Task | None, made: _Made
) -> Place:
    """Write a hint into its request; return the pupil's place with it counted."""
    request.made_at, request.typed = clock.now(), None
    if made.text is not None and task is not None:
        request.source, request.text = HintSource.CLAUDE, made.text
        await practice.note_hint(db, place, step=request.step, source=HintSource.CLAUDE)
        await _keep(db, request, task, made)
    else:
        request.source = HintSource.AUTHORED
        shown = await practice.give_hint(db, place)
        request.shown_step = shown.step
        request.text = shown.text.in_(request.language)
    counted = await practice.active_place(db, request.student_id)
    assert counted is not None
    return counted


async def _keep(db: AsyncSession, request: HintRequest, task: _Task, made: _Made) -> None:
    """Keep a hint for others, where it is for a wrong answer that others may give too."""
    key = service.reuse_key(task.problem, task.ask)
    if key is not None and made.text is not None:
        await queries.keep(
            db,
            problem_id=request.problem_id,
            language=request.language,
            step=request.step,
            answer_key=key,
            fingerprint=rules.fingerprint(task.problem),
            text=made.text,
            source_model=made.model,
            verified_at=clock.now(),
        )


async def _note_sent(db: AsyncSession, request_id: int) -> None:
    request = await queries.lock_request(db, request_id)
    if request is not None:
        request.sent_at, request.text = clock.now(), None
