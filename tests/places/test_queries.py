"""Asking about places: nothing of another place, and only what is true on the day."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from service.database import Database, ReadSession
from service.errors import NotFound
from service.journal.actions import OPERATOR
from service.places.actions import end_membership
from service.places.models import AreaKind
from service.places.queries import (
    PlaceCard,
    Runners,
    find_above,
    find_area,
    find_area_choices,
    find_areas,
    find_organisation,
    find_organisations,
    find_places,
    find_topics,
    get_place,
    get_runners,
)
from tests.make import Make, SettableClock


def runners(database: Database, place: PlaceCard, on: str) -> Runners:
    with database.read() as reads:
        return get_runners(reads, place.id, on=date.fromisoformat(on))


# ---- what is not found -----------------------------------------------------------------------------------------------


def test_place_is_found_by_its_own_slug_only(make: Make, database: Database) -> None:
    make.collaboration("hillside")
    for slug in ("", "elsewhere", "Hillside", "hillside ", "hill%", "hillside\x00", "'; drop table area; --", "h" * 5_000):
        with database.read() as reads, pytest.raises(NotFound):
            get_place(reads, slug)


def test_nothing_of_another_place_is_found(make: Make, database: Database, hillside: PlaceCard) -> None:
    vale = make.collaboration("amber-vale")
    make.organisation(vale, "mill-trust")
    make.area(vale, "mill-lane")
    make.topic(vale, "river", organisation="mill-trust")
    make.governance(vale, "mill-trust")
    with database.read() as reads:
        assert find_organisations(reads, hillside.id) == []
        assert "mill-lane" not in {row.area.code for row in find_areas(reads, hillside.id)}
        assert find_topics(reads, hillside.id) == []
        assert find_area_choices(reads, hillside.id) == []
        assert find_organisation(reads, hillside.id, "mill-trust") is None
        assert find_area(reads, hillside.id, "mill-lane") is None
    assert runners(database, hillside, "2026-11-23") == Runners(None, None, [])


def test_comparators_and_the_place_itself_are_no_choice_for_residents(make: Make, database: Database, hillside: PlaceCard) -> None:
    for kind in AreaKind:
        make.area(hillside, f"some-{kind}", kind)
    with database.read() as reads:
        assert [choice.code for choice in find_area_choices(reads, hillside.id)] == ["some-neighbourhood", "some-other", "some-ward"]
        assert {f"some-{kind}" for kind in AreaKind} <= {row.area.code for row in find_areas(reads, hillside.id)}


# ---- what is found ---------------------------------------------------------------------------------------------------


def test_places_are_listed_by_name(make: Make, database: Database) -> None:
    for slug, name in (("b-place", "Zed"), ("a-place", "Ann"), ("c-place", "Ann")):
        make.collaboration(slug, name=name)
    with database.read() as reads:
        assert [place.slug for place in find_places(reads)] == ["a-place", "c-place", "b-place"]


def test_area_and_topic_say_where_they_belong(make: Make, database: Database, hillside: PlaceCard) -> None:
    make.organisation(hillside, "council")
    make.area(hillside, "north")
    make.area(hillside, "hill-road", parent="north")
    make.topic(hillside, "paths", organisation="council")
    make.topic(hillside, "other")
    with database.read() as reads:
        parents = {row.area.code: row.parent for row in find_areas(reads, hillside.id)}
        assert parents["hill-road"] == "north" and parents["north"] is None
        assert {row.topic.code: row.organisation for row in find_topics(reads, hillside.id)} == {"paths": "council", "other": None}


def test_area_is_found_with_those_it_lies_in_and_no_other(make: Make, database: Database, hillside: PlaceCard) -> None:
    """To read all areas for each one of a file took a minute for two thousand of them."""
    make.area(hillside, "north")
    make.area(hillside, "hill-road", parent="north")
    make.area(hillside, "steps", parent="hill-road")
    make.area(hillside, "south", parent="north")
    make.area(make.collaboration("elsewhere"), "steps")
    with database.read() as reads:
        assert find_above(reads, hillside.id, "steps") == {"steps": "hill-road", "hill-road": "north", "north": None}
        assert find_above(reads, hillside.id, "nowhere") == {}


def organisation_codes(reads: ReadSession, place: PlaceCard, **page: Any) -> list[str]:
    return [row.code for row in find_organisations(reads, place.id, **page)]


def area_codes(reads: ReadSession, place: PlaceCard, **page: Any) -> list[str]:
    return [row.area.code for row in find_areas(reads, place.id, **page)]


def topic_codes(reads: ReadSession, place: PlaceCard, **page: Any) -> list[str]:
    return [row.topic.code for row in find_topics(reads, place.id, **page)]


@pytest.mark.parametrize("codes_of", [organisation_codes, area_codes, topic_codes])
def test_pages_of_a_list_are_the_list(make: Make, database: Database, hillside: PlaceCard, codes_of: Callable[..., list[str]]) -> None:
    """Whatever the letters: capitals, figures, hyphens and dots are sorted alike in a page and at its edge."""
    for code in ("B", "a", "a-b", "a.b", "a_b", "ab", "A1", "10", "9", "Z", "z-9", "z-10"):
        make.organisation(hillside, code)
        make.area(hillside, code)
        make.topic(hillside, code)
    with database.read() as reads:
        whole = codes_of(reads, hillside)
        assert len({*whole}) == len(whole) >= 12
        for size in (1, 5):
            found: list[str] = []
            while page := codes_of(reads, hillside, after=found[-1] if found else None, most=size):
                found += page
            assert found == whole


# ---- who runs it, on the day -----------------------------------------------------------------------------------------


def test_member_takes_part_from_the_first_day_to_the_last(
    make: Make, database: Database, hillside: PlaceCard, clock: SettableClock
) -> None:
    make.organisation(hillside, "council", name="Council")
    make.organisation(hillside, "hub", name="Hub", since=date(2026, 4, 1))
    with database.write() as writes:
        end_membership(writes, OPERATOR, hillside, "hub", date(2026, 11, 30), clock())
    on = {day: [one.code for one in runners(database, hillside, day).members] for day in ("2026-03-31", "2026-04-01", "2026-11-30")}
    assert on == {"2026-03-31": ["council"], "2026-04-01": ["council", "hub"], "2026-11-30": ["council", "hub"]}
    assert [one.code for one in runners(database, hillside, "2026-12-01").members] == ["council"]


def test_runner_is_the_one_of_the_day(make: Make, database: Database, hillside: PlaceCard) -> None:
    """Announced today, in force from April: until then the members still run it together."""
    make.organisation(hillside, "council", name="Council")
    make.governance(hillside, since=date(2025, 4, 1))
    make.governance(hillside, "council", since=date(2027, 4, 1))
    found = {day: runners(database, hillside, day) for day in ("2024-01-01", "2026-11-23", "2027-03-31", "2027-04-01")}
    assert {day: (one.form, one.organisation) for day, one in found.items()} == {
        "2024-01-01": (None, None),
        "2026-11-23": ("self_governed", None),
        "2027-03-31": ("self_governed", None),
        "2027-04-01": ("lead_organisation", "Council"),
    }
