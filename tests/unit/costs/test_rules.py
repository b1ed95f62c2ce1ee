"""Periods and thresholds of budgets."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.costs.rules import Budgets, Use, Uses, percent_reached, period_of, without_room

DHAKA = timezone(timedelta(hours=6))


def test_days_and_months_are_those_of_utc() -> None:
    period = period_of(datetime(2026, 12, 1, 5, 59, tzinfo=DHAKA))
    assert (period.day, period.month) == (date(2026, 11, 30), date(2026, 11, 1))
    assert period.next_month == date(2026, 12, 1)
    assert period.day_ends == period.month_ends == datetime(2026, 12, 1, tzinfo=UTC)


@given(st.datetimes(timezones=st.just(UTC), max_value=datetime(9000, 1, 1)))  # noqa: DTZ001 - so it wants it
def test_an_instant_is_within_its_day_and_month(instant: datetime) -> None:
    period = period_of(instant)
    assert period.day_begins <= instant < period.day_ends
    assert period.month_begins <= instant < period.month_ends
    assert period.next_month.day == 1


@pytest.mark.parametrize(
    ("used", "percent"),
    [("0", 0), ("0.7999999999", 0), ("0.8", 80), ("0.9999999999", 80), ("1", 100), ("7", 100)],
)
def test_thresholds_are_exact(used: str, percent: int) -> None:
    half = Decimal(used) / 2
    assert percent_reached(Use(half, Decimal(0)), Decimal(1), half) == percent
    assert percent_reached(Use(Decimal(0), Decimal(used)), Decimal(1), Decimal(0)) == percent


def test_every_budget_without_room_is_named() -> None:
    budgets = Budgets(day=Decimal(2), pupil_day=Decimal(1), month=Decimal(3))
    use = Use(Decimal("0.5"), Decimal("0.5"))
    uses: Uses = {"month": use, "day": use, "pupil_day": use}
    assert list(without_room(uses, budgets, Decimal(0))) == []
    assert list(without_room(uses, budgets, Decimal("1e-10"))) == ["pupil_day"]
    assert list(without_room(uses, budgets, Decimal(2))) == ["day", "pupil_day"]
