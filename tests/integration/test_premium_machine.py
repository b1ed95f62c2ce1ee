"""Whatever order payments come in, and whoever is killed meanwhile: none is lost, none is twice.

The machine is Telegram: it keeps an account, and hands out what it tells as often as it likes, late
and out of order. What has a kill in it is rolled back, or committed and told again.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from src import database
from src.errors import MaybeSent, NotSent
from src.models import (
    AuditAction,
    AuditEvent,
    Entitlement,
    OutboxMessage,
    Person,
    StarCharge,
    StarOrder,
    StarOrderKind,
    SubscriptionState,
)
from src.premium import checkout, payments, reconcile, service
from src.premium.results import Bill, Checkout, Payment, Transaction
from src.premium.rules import Refusal
from src.settings import PremiumSettings
from tests.fixtures.factories import make_person

PERIOD = timedelta(days=30)
BEGIN = datetime(2026, 11, 1, 12, tzinfo=UTC)
PEOPLE = (1, 2)
MOODS = st.sampled_from(["", "away", "mumbles"])
KILLS = st.sampled_from(["", "before", "after"])
Act = Callable[[AsyncSession], Coroutine[Any, Any, Any]]


class Killed(Exception):  # noqa: N818 - names a state
    """The process is gone before the commit."""


@dataclass(frozen=True)
class Line:
    """A payment in Telegram's account."""

    payment: Payment
    is_refunded: bool = False
    is_canceled: bool = False


class Telegram:
    """What the jobs ask: it does what it is told, and at times does not say so."""

    def __init__(self) -> None:
        self.lines: dict[str, Line] = {}
        self.now = BEGIN
        self.mood = ""

    async def refund(self, payer_id: int, charge: str) -> None:
        self._sulk()
        assert self.lines[charge].payment.payer_id == payer_id
        self.lines[charge] = replace(self.lines[charge], is_refunded=True)
        self._mumble()

    async def stop(self, payer_id: int, charge: str) -> None:
        self._sulk()
        payload = self.lines[charge].payment.payload
        for key, line in self.lines.items():
            if line.payment.payload == payload:
                self.lines[key] = replace(line, is_canceled=True)
        self._mumble()

    async def transactions(self, offset: int, limit: int) -> Sequence[Transaction]:
        self._sulk()
        listed = []
        for key, line in self.lines.items():
            paid = line.payment
            seconds = int(PERIOD.total_seconds()) if paid.is_recurring else None
            one = Transaction(
                key, paid.payload, paid.payer_id, paid.stars, paid.paid_at, False, seconds
            )
            listed += [one, replace(one, is_refund=True)] if line.is_refunded else [one]
        return listed[offset : offset + limit]

    def _sulk(self) -> None:
        if self.mood == "away":
            raise NotSent

    def _mumble(self) -> None:
        if self.mood == "mumbles":
            raise MaybeSent


class Payments(RuleBasedStateMachine):
    """Payments, refunds and subscriptions of two people, on one database."""

    runner: ClassVar[asyncio.Runner]
    counted: ClassVar[int] = 0

    @initialize()
    def begin(self) -> None:
        """Nobody has anything."""
        self.telegram, self.people, self.told = Telegram(), dict[int, int](), 0
        self.run(self._empty())

    async def _empty(self) -> None:
        async with database.session_scope() as db:
            for model in (Entitlement, StarCharge, StarOrder, OutboxMessage, AuditEvent, Person):
                await db.execute(delete(model))
            for number in PEOPLE:
                person = make_person(telegram_id=number)
                db.add(person)
                await db.flush()
                self.people[number] = person.id

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)

    def do(self, act: Act, kill: str) -> Any:
        """Do something in a transaction, as often as a kill makes necessary."""
        if kill == "before":
            with pytest.raises(Killed):
                self.run(self._once(act, dies=True))
        result = self.run(self._once(act))
        if kill == "after":
            self.run(self._once(act))
        return result

    async def _once(self, act: Act, *, dies: bool = False) -> Any:
        async with database.session_scope() as db:
            result = await act(db)
            if dies:
                raise Killed
            return result

    # What people do.

    @rule(who=st.sampled_from(PEOPLE), again=st.booleans(), told=st.booleans(), kill=KILLS)
    def pay(self, who: int, again: bool, told: bool, kill: str) -> None:
        """Somebody asks for an invoice and pays it if they may; it is told at once, or later."""
        kind = StarOrderKind.SUBSCRIPTION if again else StarOrderKind.ONCE
        now, person = self.telegram.now, self.people[who]
        bill = self.do(lambda db: checkout.order(db, person, kind, now), "")
        if not isinstance(bill, Bill):
            return
        own = Checkout(bill.payload, who, "XTR", bill.stars)
        other = replace(own, payer_id=3 - who)
        assert self.do(lambda db: checkout.check(db, other, now), "") is Refusal.NOT_YOURS
        if self.do(lambda db: checkout.check(db, own, now), "") is None:
            self._charge(bill.payload, who, recurring=again, first=True)
            if told:
                self._tell(list(self.telegram.lines)[-1], kill)

    @precondition(lambda self: self.renewable())
    @rule(data=st.data())
    def renew(self, data: st.DataObject) -> None:
        """A period is over, and Telegram charges for the next one."""
        line = data.draw(st.sampled_from(self.renewable()))
        payload, payer = line.payment.payload, line.payment.payer_id
        self._charge(payload, payer, recurring=True, first=False)

    def renewable(self) -> list[Line]:
        lines = self.telegram.lines.values()
        return [one for one in lines if one.payment.is_recurring and not one.is_canceled]

    def _charge(self, payload: str, payer: int, *, recurring: bool, first: bool) -> None:
        now, key = self.telegram.now, f"stx{len(self.telegram.lines)}"
        until = now + PERIOD if recurring else None
        paid = Payment(key, payload, payer, 100, now, recurring, first or not recurring, until)
        self.telegram.lines[key] = Line(paid)
        type(self).counted += 1

    @precondition(lambda self: self.telegram.lines)
    @rule(data=st.data(), kill=KILLS)
    def tell_payment(self, data: st.DataObject, kill: str) -> None:
        """A payment is told: for the first time, again, late, or under another number."""
        self._tell(data.draw(st.sampled_from(list(self.telegram.lines))), kill)

    def _tell(self, key: str, kill: str) -> None:
        paid = self.telegram.lines[key].payment
        now, person = self.telegram.now, self.people[paid.payer_id]
        self.do(lambda db: payments.pay(db, paid, person, now), kill)

    @precondition(lambda self: any(one.is_refunded for one in self.telegram.lines.values()))
    @rule(data=st.data(), kill=KILLS)
    def tell_refund(self, data: st.DataObject, kill: str) -> None:
        """A refund is told, perhaps before its payment."""
        gone = [key for key, line in self.telegram.lines.items() if line.is_refunded]
        key, now = data.draw(st.sampled_from(gone)), self.telegram.now
        self.do(lambda db: payments.refunded(db, key, now), kill)

    @precondition(lambda self: self.renewable())
    @rule(data=st.data(), kill=KILLS)
    def cancel(self, data: st.DataObject, kill: str) -> None:
        """Somebody ends a subscription at Telegram."""
        line = data.draw(st.sampled_from(self.renewable()))
        payload, now = line.payment.payload, self.telegram.now
        for key, other in self.telegram.lines.items():
            if other.payment.payload == payload:
                self.telegram.lines[key] = replace(other, is_canceled=True)
        canceled = SubscriptionState.CANCELED
        self.do(lambda db: payments.subscription_changed(db, payload, canceled, now), kill)

    # What operators and jobs do.

    @precondition(lambda self: self.telegram.lines)
    @rule(data=st.data(), kill=KILLS, mood=MOODS)
    def give_back(self, data: st.DataObject, kill: str, mood: str) -> None:
        """An operator gives back what is known here, and it is done at once if Telegram likes."""
        key = data.draw(st.sampled_from(list(self.telegram.lines)))
        now = self.telegram.now
        if self.run(self._knows(key)):
            self.do(lambda db: payments.ask_refund(db, key, now), kill)
            self.settle(mood)

    async def _knows(self, key: str) -> bool:
        async with database.read_scope() as db:
            known = StarCharge.telegram_payment_charge_id == key
            return await db.scalar(select(StarCharge.id).where(known)) is not None

    @rule(mood=MOODS)
    def settle(self, mood: str) -> None:
        """The job does at Telegram what is asked for; Telegram may be away or not say so."""
        self.telegram.mood = mood
        self.run(reconcile.settle(self._scope, self.telegram, self.telegram.now))
        self.telegram.mood = ""

    @rule()
    def look_at_the_account(self) -> None:
        """The daily job."""
        now = self.telegram.now + reconcile.SETTLES_AFTER
        self.run(reconcile.reconcile(self._scope, self.telegram, now))

    @rule(days=st.integers(1, 40))
    def wait(self, days: int) -> None:
        """Time passes."""
        self.telegram.now += timedelta(days=days)

    @staticmethod
    @asynccontextmanager
    async def _scope() -> AsyncGenerator[AsyncSession]:
        async with database.session_scope() as db:
            yield db

    # What always holds.

    @invariant()
    def nothing_is_counted_twice(self) -> None:
        """A charge is a line of the account, gave something once, and is in the audit once."""
        if hasattr(self, "telegram"):
            self.run(self._check_counts())

    async def _check_counts(self) -> None:
        async with database.read_scope() as db:
            charges = (await db.scalars(select(StarCharge))).all()
            given = (await db.scalars(select(Entitlement))).all()
            paid = await db.scalar(select(func.count()).where(AuditEvent.action == AuditAction.PAY))
        keys = [one.telegram_payment_charge_id for one in charges]
        assert len(set(keys)) == len(keys) == paid
        assert set(keys) <= set(self.telegram.lines)
        assert len({one.charge_id for one in given}) == len(given) <= len(charges)
        for person in self.people.values():
            self._check_days([one for one in given if one.person_id == person], charges)

    def _check_days(self, given: list[Entitlement], charges: Sequence[StarCharge]) -> None:
        recurring = {one.id for one in charges if one.is_recurring}
        once = [one for one in given if one.charge_id not in recurring and one.revoked_at is None]
        assert all(one.ends_at - one.starts_at == PERIOD for one in once)
        spans = sorted((one.starts_at, one.ends_at) for one in once)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))

    def teardown(self) -> None:
        """In the end all is as the account says, whatever was told."""
        if not hasattr(self, "telegram"):
            return
        for _ in range(2):
            # A refund of ours is in the account only after the first look.
            self.look_at_the_account()
            self.settle("")
        self.run(self._compare())

    async def _compare(self) -> None:
        async with database.read_scope() as db:
            charges = (await db.scalars(select(StarCharge))).all()
            given = {one.charge_id: one for one in await db.scalars(select(Entitlement))}
        known = {one.telegram_payment_charge_id: one for one in charges}
        assert known.keys() == self.telegram.lines.keys()
        for key, line in self.telegram.lines.items():
            charge = known[key]
            assert (charge.refunded_at is not None) == line.is_refunded
            right = given.get(charge.id)
            if line.is_refunded:
                assert right is None or right.revoked_at is not None
            else:
                assert right is not None
                assert right.revoked_at is None
                assert right.person_id == self.people[line.payment.payer_id]
                self._check_end(line.payment, right)

    def _check_end(self, paid: Payment, right: Entitlement) -> None:
        """What is paid for lasts: a period to its end, days to the last of them."""
        if paid.is_recurring:
            assert right.ends_at == paid.until
        else:
            assert right.ends_at >= paid.paid_at + PERIOD


def play(examples: int, steps: int) -> None:
    """Play the machine on the database of the test, in a loop of its own."""
    service.configure(PremiumSettings(stars=100, support="@adult"))
    with asyncio.Runner() as runner:
        Payments.runner = runner
        try:
            run_state_machine_as_test(
                Payments,
                settings=settings(max_examples=examples, stateful_step_count=steps, deadline=None),
            )
        finally:
            runner.run(database.dispose())
            service.configure()


def test_payments_in_any_order(database_url: str) -> None:
    play(examples=20, steps=15)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_hundreds_of_payments_in_any_order(database_url: str) -> None:
    Payments.counted = 0
    while Payments.counted < 300:
        play(examples=100, steps=50)
