"""Months that are counted back, and what a place may set."""

from datetime import UTC, datetime

import pytest

from service.keeping import rules
from service.keeping.models import Settable
from service.people.models import Grant, Role
from tests.make import MONDAY


@pytest.mark.parametrize(
    ("moment", "months", "earlier"),
    [
        ("2026-11-23", 24, "2024-11-23"),
        ("2026-11-23", 11, "2025-12-23"),
        ("2026-03-31", 1, "2026-02-28"),
        ("2028-03-31", 1, "2028-02-29"),
        ("2028-02-29", 12, "2027-02-28"),
        ("2026-01-01", 1, "2025-12-01"),
        ("2026-12-31", 6, "2026-06-30"),
    ],
)
def test_months_are_counted_back_by_the_calendar(moment: str, months: int, earlier: str) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert rules.months_before(at, months) == datetime.fromisoformat(earlier).replace(tzinfo=UTC)


def test_only_an_admin_for_the_whole_place_sets_periods() -> None:
    assert rules.may_set([Grant(Role.ADMIN, None)])
    assert not rules.may_set([Grant(Role.COORDINATOR, None), Grant(Role.MODERATOR, None), Grant(Role.VIEWER, None)])


def test_periods_are_carried_out_once_a_day() -> None:
    assert rules.is_due(None, MONDAY)
    assert rules.is_due(MONDAY - rules.EVERY, MONDAY)
    assert not rules.is_due(MONDAY - rules.EVERY / 2, MONDAY)


def test_words_go_after_two_years_and_contacts_after_one() -> None:
    assert rules.DEFAULTS == {Settable.UNSHARED_WORDS: 24, Settable.CONTACTS: 12}
