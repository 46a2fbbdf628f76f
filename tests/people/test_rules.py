"""How far a role reaches, and how long a session lives: whatever roles somebody holds."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from service.people import rules
from service.people.models import Grant, Role

ORGANISATIONS = [UUID(int=number) for number in range(1, 5)]
roles = st.sampled_from(list(Role))
grants = st.lists(st.builds(Grant, roles, st.none() | st.sampled_from(ORGANISATIONS)), max_size=6)
some_roles = st.sets(roles)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (hypothesis adds the zone)
lengths = st.timedeltas(timedelta(0), timedelta(days=40))
often = settings(deadline=None)


# ---- who may not -----------------------------------------------------------------------------------------------------


@often
@given(grants)
def test_nobody_reaches_anything_where_no_role_is_wanted(held: list[Grant]) -> None:
    assert rules.reach(held, []) == set()
    assert not any(rules.reaches(held, [], one) for one in (None, *ORGANISATIONS))


@often
@given(some_roles)
def test_nobody_without_a_role_reaches_anything(wanted: set[Role]) -> None:
    assert rules.reach([], wanted) == set()
    assert not any(rules.reaches([], wanted, one) for one in (None, *ORGANISATIONS))


@often
@given(grants, some_roles)
def test_role_within_organisations_never_reaches_what_belongs_to_none(held: list[Grant], wanted: set[Role]) -> None:
    within = [grant for grant in held if grant.organisation_id is not None]
    assert not rules.reaches(within, wanted, None)
    assert rules.reach(within, wanted) is not None


@often
@given(grants, some_roles)
def test_role_that_is_not_wanted_adds_nothing(held: list[Grant], wanted: set[Role]) -> None:
    useful = [grant for grant in held if grant.role in wanted]
    assert rules.reach(held, wanted) == rules.reach(useful, wanted)
    assert all(rules.reaches(held, wanted, one) == rules.reaches(useful, wanted, one) for one in (None, *ORGANISATIONS))


# ---- who may ---------------------------------------------------------------------------------------------------------


@often
@given(grants, some_roles)
def test_what_is_listed_is_what_can_be_opened(held: list[Grant], wanted: set[Role]) -> None:
    """`reach` filters lists and `reaches` opens one thing: if they differed, a list would show what nobody may open."""
    listed = rules.reach(held, wanted)
    for organisation in (None, *ORGANISATIONS):
        in_the_list = listed is None or organisation in listed
        assert rules.reaches(held, wanted, organisation) == in_the_list


@often
@given(grants, some_roles, grants)
def test_another_role_never_takes_something_away(held: list[Grant], wanted: set[Role], more: list[Grant]) -> None:
    for organisation in (None, *ORGANISATIONS):
        if rules.reaches(held, wanted, organisation):
            assert rules.reaches([*held, *more], wanted, organisation)


@often
@given(roles, st.sampled_from(ORGANISATIONS))
def test_role_for_the_whole_place_reaches_every_organisation(role: Role, organisation: UUID) -> None:
    assert rules.reaches([Grant(role, None)], [role], organisation)
    assert rules.reach([Grant(role, None), Grant(role, organisation)], [role]) is None


# ---- sessions --------------------------------------------------------------------------------------------------------


@often
@given(moments, lengths, lengths)
def test_session_that_was_idle_too_long_is_never_live(started: datetime, used_after: timedelta, idle: timedelta) -> None:
    assume(idle >= timedelta(hours=12))
    assert not rules.is_live(started, started + used_after, started + used_after + idle)


@often
@given(moments, st.lists(st.timedeltas(timedelta(0), timedelta(hours=11)), min_size=1, max_size=60))
def test_session_that_is_used_again_and_again_still_ends_after_fourteen_days(started: datetime, pauses: list[timedelta]) -> None:
    seen = now = started
    for pause in pauses:
        now += pause
        assert rules.is_live(started, seen, now) == (now - started < timedelta(days=14))
        seen = now


@often
@given(moments, lengths, lengths, lengths)
def test_session_never_comes_back_to_life(started: datetime, used_after: timedelta, then: timedelta, later: timedelta) -> None:
    seen = started + used_after
    if not rules.is_live(started, seen, seen + then):
        assert not rules.is_live(started, seen, seen + then + later)


def test_session_lives_to_the_last_second_and_not_longer() -> None:
    started = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    second = timedelta(seconds=1)
    assert rules.is_live(started, started, started + timedelta(hours=12) - second)
    assert not rules.is_live(started, started, started + timedelta(hours=12))
    end = started + timedelta(days=14)
    assert rules.is_live(started, end - second, end - second)
    assert not rules.is_live(started, end - second, end)
