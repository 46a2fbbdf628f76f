"""Changing places: what is refused, what is stored, who runs it from when to when."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError
from sqlmodel import col, select

from service.database import Database
from service.errors import Conflict, Invalid, NotFound, Refusal
from service.journal.actions import OPERATOR
from service.places.actions import end_membership, govern, put_area, set_collaboration
from service.places.models import (
    Area,
    AreaIn,
    AreaKind,
    Collaboration,
    CollaborationIn,
    GovernanceForm,
    GovernanceIn,
    GovernancePeriod,
    Membership,
    Organisation,
)
from service.places.queries import PlaceCard, find_area, get_place
from tests.make import Make, SettableClock

LEAD, TOGETHER = GovernanceForm.LEAD_ORGANISATION, GovernanceForm.SELF_GOVERNED


def fields_of(refusal: Refusal) -> list[str]:
    return [error.field for error in refusal.errors]


def put(database: Database, place: PlaceCard, clock: SettableClock, code: str, **fields: Any) -> tuple[Area, bool]:
    with database.write() as writes:
        writes.expire_on_commit = False
        return put_area(writes, OPERATOR, place, code, AreaIn.model_validate({"name": "Hill Road", **fields}), clock())


def periods(database: Database) -> list[tuple[date | None, date | None]]:
    with database.read() as reads:
        rows = reads.exec(select(GovernancePeriod).order_by(col(GovernancePeriod.id)))
        return [(row.since, row.until) for row in rows]


# ---- what is refused -------------------------------------------------------------------------------------------------


def test_place_cannot_take_an_address_of_the_service(make: Make) -> None:
    for slug in ("staff", "api", "static", "open311", "docs", "healthz", "readyz", "metrics", "offline", "about"):
        with pytest.raises(Invalid) as refused:
            make.collaboration(slug)
        assert fields_of(refused.value) == ["slug"]


def test_place_cannot_take_the_name_of_another(make: Make, database: Database) -> None:
    make.collaboration("hillside", name="The first")
    with pytest.raises(Conflict):
        make.collaboration("hillside", name="The second")
    with database.read() as reads:
        assert reads.exec(select(Collaboration.name)).all() == ["The first"]


@pytest.mark.parametrize(
    "fields",
    [
        {"time_zone": "Europe/Hillside"},
        {"region": "FRA"},
        {"languages": []},
        {"languages": ["en", "xx-nowhere"]},
        {"started_on": "2026-02-01", "ends_on": "2026-01-31"},
        {"complaints_url": "javascript:alert(1)"},
        {"name": " "},
        {"name": "n" * 201},
        {"name": "a\x00b"},
        {"rationales": ["a", "b", "c", "d", "e"]},
        {"password": "x"},
    ],
)
def test_place_is_described_as_it_can_be(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CollaborationIn.model_validate({"slug": "hillside", "name": "Hillside", **fields})


def test_organisation_s_code_is_taken_once_in_a_place_and_again_in_another(make: Make, hillside: PlaceCard) -> None:
    make.organisation(hillside, "council")
    with pytest.raises(Conflict):
        make.organisation(hillside, "council")
    make.organisation(make.collaboration("amber-vale"), "council")


def test_topic_cannot_go_to_another_place_s_organisation(make: Make, hillside: PlaceCard) -> None:
    make.organisation(make.collaboration("amber-vale"), "mill-trust")
    with pytest.raises(NotFound):
        make.topic(hillside, "paths", organisation="mill-trust")
    make.topic(hillside, "paths")
    with pytest.raises(Conflict):
        make.topic(hillside, "paths")


def test_nobody_leaves_who_is_no_member(make: Make, database: Database, hillside: PlaceCard, clock: SettableClock) -> None:
    make.organisation(make.collaboration("amber-vale"), "mill-trust")
    with pytest.raises(NotFound), database.write() as writes:
        end_membership(writes, OPERATOR, hillside, "mill-trust", date(2026, 12, 1), clock())


def test_nobody_leaves_twice_or_before_they_came(make: Make, database: Database, hillside: PlaceCard, clock: SettableClock) -> None:
    make.organisation(hillside, "council", since=date(2026, 4, 1))
    with pytest.raises(Invalid), database.write() as writes:
        end_membership(writes, OPERATOR, hillside, "council", date(2026, 3, 31), clock())
    with database.write() as writes:
        end_membership(writes, OPERATOR, hillside, "council", date(2026, 12, 1), clock())
    with pytest.raises(Conflict), database.write() as writes:
        end_membership(writes, OPERATOR, hillside, "council", date(2026, 12, 2), clock())
    with database.read() as reads:
        assert [row.until for row in reads.exec(select(Membership))] == [date(2026, 12, 1)]


def test_area_that_cannot_be_is_refused(make: Make, database: Database, hillside: PlaceCard, clock: SettableClock) -> None:
    make.area(hillside, "hill-road", population=4_100)
    make.area(hillside, "inside", parent="hill-road")
    make.area(make.collaboration("amber-vale"), "mill-lane")
    refusals: list[tuple[dict[str, Any], str]] = [
        ({"parent": "nowhere"}, "parent"),
        ({"parent": "mill-lane"}, "parent"),
        ({"parent": "hill-road"}, "parent"),
        ({"parent": "inside"}, "parent"),
        ({"shape": {"type": "Point"}}, "shape"),
        ({"shape": {"type": "Point", "coordinates": [400, 0]}}, "shape"),
    ]
    for fields, at_fault in refusals:
        with pytest.raises(Invalid) as refused:
            put(database, hillside, clock, "hill-road", **fields)
        assert fields_of(refused.value) == [at_fault]
    with database.read() as reads:
        kept = find_area(reads, hillside.id, "hill-road")
    assert kept is not None and kept.population == 4_100


def test_no_area_takes_the_word_for_the_whole_place(database: Database, hillside: PlaceCard, clock: SettableClock) -> None:
    with pytest.raises(Invalid):
        put(database, hillside, clock, "whole_place")


def test_code_that_no_address_could_hold_is_refused(database: Database, hillside: PlaceCard, clock: SettableClock) -> None:
    """Whoever asks: the API, the command line, or a file that is imported."""
    for code in ("", "a b", "hill/road", "-hill", "h" * 41, "hill\x00road", "hill-road\n", "hüll"):
        with pytest.raises(Invalid) as refused:
            put(database, hillside, clock, code)
        assert fields_of(refused.value) == ["code"]


# ---- areas -----------------------------------------------------------------------------------------------------------


def test_area_is_put_once_and_then_changed(database: Database, hillside: PlaceCard, clock: SettableClock) -> None:
    shape = {"type": "Point", "coordinates": [-2.35, 53.4]}
    added, is_new = put(database, hillside, clock, "hill-road", population=4_100, shape=shape, kind="ward")
    assert is_new
    changed, is_new = put(database, hillside, clock, "hill-road", population=4_200, shape=shape, kind="ward")
    assert not is_new
    assert changed.id == added.id
    with database.read() as reads:
        kept = reads.exec(select(Area).where(Area.code == "hill-road")).one()
    assert (kept.population, kept.shape, kept.kind) == (4_200, shape, AreaKind.WARD)


def test_area_moves_from_one_parent_to_another(make: Make, database: Database, hillside: PlaceCard, clock: SettableClock) -> None:
    north, south = make.area(hillside, "north"), make.area(hillside, "south")
    put(database, hillside, clock, "hill-road", parent="north")
    moved, _is_new = put(database, hillside, clock, "hill-road", parent="south")
    assert moved.parent_id == south.id != north.id


# ---- what is set -----------------------------------------------------------------------------------------------------


def test_only_what_changes_is_changed_and_named(make: Make, database: Database, clock: SettableClock) -> None:
    make.collaboration("hillside", name="Hillside", region="WLS", languages=["cy", "en"], closed_on=["2026-12-24"])
    with database.write() as writes:
        changed = set_collaboration(writes, OPERATOR, "hillside", {"name": "Hillside Together", "region": "WLS"}, clock())
    assert changed == ["name"]
    with database.read() as reads:
        card = get_place(reads, "hillside")
    assert (card.name, card.languages) == ("Hillside Together", ("cy", "en"))
    assert card.working_days.closed_on == {date(2026, 12, 24)}


def test_setting_nothing_new_changes_nothing(make: Make, database: Database, clock: SettableClock) -> None:
    make.collaboration("hillside", name="Hillside", complaints_url="https://example.org/complain", open_on=["2026-12-28"])
    with database.write() as writes:
        assert set_collaboration(writes, OPERATOR, "hillside", {"name": "Hillside", "open_on": [date(2026, 12, 28)]}, clock()) == []


def test_setting_what_cannot_be_changes_nothing(make: Make, database: Database, clock: SettableClock) -> None:
    make.collaboration("hillside", name="Hillside", started_on="2026-02-01")
    for changes in ({"name": "New", "time_zone": "Nowhere"}, {"ends_on": date(2026, 1, 1)}):
        with pytest.raises(ValidationError), database.write() as writes:
            set_collaboration(writes, OPERATOR, "hillside", changes, clock())
    with pytest.raises(NotFound), database.write() as writes:
        set_collaboration(writes, OPERATOR, "elsewhere", {"name": "New"}, clock())
    with database.read() as reads:
        assert get_place(reads, "hillside").name == "Hillside"


# ---- who runs it -----------------------------------------------------------------------------------------------------


def test_place_that_governs_itself_has_no_runner_and_another_has_one(
    make: Make, database: Database, hillside: PlaceCard, clock: SettableClock
) -> None:
    make.organisation(hillside, "council")
    for given in (GovernanceIn(form=LEAD), GovernanceIn(form=TOGETHER, organisation="council")):
        with pytest.raises(Invalid) as refused, database.write() as writes:
            govern(writes, OPERATOR, hillside, given, clock())
        assert fields_of(refused.value) == ["organisation"]
    make.organisation(make.collaboration("amber-vale"), "mill-trust")
    with pytest.raises(NotFound), database.write() as writes:
        govern(writes, OPERATOR, hillside, GovernanceIn(form=LEAD, organisation="mill-trust"), clock())
    assert periods(database) == []


def test_periods_follow_each_other_and_never_overlap(make: Make, database: Database, hillside: PlaceCard) -> None:
    make.organisation(hillside, "council")
    make.governance(hillside, since=date(2024, 4, 1))
    make.governance(hillside, "council", since=date(2025, 4, 1))
    with pytest.raises(Invalid) as refused:
        make.governance(hillside, since=date(2025, 3, 31))
    assert fields_of(refused.value) == ["since"]
    make.governance(hillside)  # from today on
    today = date(2026, 11, 23)
    assert periods(database) == [(date(2024, 4, 1), date(2025, 4, 1)), (date(2025, 4, 1), today), (today, None)]


def test_period_without_a_date_begins_on_the_day_that_it_is_there(make: Make, database: Database, clock: SettableClock) -> None:
    """Half past eleven in the evening in UTC, in summer: in Hillside the next day has begun."""
    hillside = make.collaboration("hillside")
    make.organisation(hillside, "council")
    make.governance(hillside, since=date(2024, 4, 1))
    clock.at("2026-06-30T23:30:00Z")
    make.governance(hillside, "council")
    assert periods(database) == [(date(2024, 4, 1), date(2026, 7, 1)), (date(2026, 7, 1), None)]


def test_same_code_in_two_places_is_two_organisations(make: Make, database: Database, hillside: PlaceCard) -> None:
    vale = make.collaboration("amber-vale")
    make.organisation(hillside, "council", name="Hillside Council")
    make.organisation(vale, "council", name="Vale Council")
    with database.read() as reads:
        names = reads.exec(select(Organisation.collaboration_id, Organisation.name)).all()
    assert dict(names) == {hillside.id: "Hillside Council", vale.id: "Vale Council"}
