"""Recording observations: created, corrected, unchanged, refused; and describing indicators and comparators."""

from collections.abc import Callable
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from service.batches.work import Result, Terms
from service.database import Database
from service.errors import FieldError, Invalid
from service.journal.actions import OPERATOR
from service.journal.models import ActorKind
from service.places.models import AreaKind, Organisation
from service.places.queries import PlaceCard, get_whole_place
from service.results.actions import add_comparator_group, add_comparator_member, foresee_observations, put_indicator, record_observations
from service.results.models import Correction, Indicator, IndicatorIn, Missing, Observation
from service.results.queries import find_indicators
from service.results.rules import Fate, Mode
from service.rollups import Rollup, version_of
from tests.make import Make, SettableClock
from tests.results.conftest import items, row

Stored = Callable[[], list[Observation]]
Record = Callable[..., list[Result]]

CREATED, CORRECTED, UNCHANGED = Fate.CREATED, Fate.CORRECTED, Fate.UNCHANGED

# ---- what is refused -------------------------------------------------------------------------------------------------


def test_unknown_codes_are_refused_with_their_field_and_harm_no_neighbour(record: Record, stored: Stored) -> None:
    results = record(row(indicator="nothing"), row(), row(area="nowhere", period="2026-04"))
    assert [found.field if isinstance(found, FieldError) else found for found in results] == ["indicator", CREATED, "area"]
    assert len(stored()) == 1


def test_another_place_s_codes_are_unknown(record: Record, make: Make, database: Database, clock: SettableClock) -> None:
    vale = make.collaboration("amber-vale")
    make.area(vale, "mill")
    with database.write() as writes:
        given = IndicatorIn.model_validate({"name": "X", "kind": "how_much", "unit": "n", "good_direction": "up"})
        put_indicator(writes, OPERATOR, vale, "their-own", given, clock())
    refused = record(row(indicator="their-own"), row(area="mill"))
    assert [found.field for found in refused if isinstance(found, FieldError)] == ["indicator", "area"]


def test_mode_create_refuses_known_keys_and_mode_correct_unknown_ones(record: Record, stored: Stored) -> None:
    assert isinstance(record(row(), mode=Mode.CORRECT)[0], FieldError)
    assert not stored()
    assert record(row(), mode=Mode.CREATE) == [CREATED]
    assert isinstance(record(row(), mode=Mode.CREATE)[0], FieldError), "even with the same value"
    assert record(row(), row(13.0), mode=Mode.CORRECT) == [UNCHANGED, CORRECTED]


# ---- what is stored --------------------------------------------------------------------------------------------------


def test_observation_is_stored_as_it_was_said(record: Record, stored: Stored, indicators: PlaceCard, council: Organisation) -> None:
    said = row(
        None,
        numerator=1.0,
        denominator=8.0,
        area="north-ward",
        dimension={"sex": "f", "age": "0 to 4"},
        provisional=True,
        period="2025/26",
        period_label="FY 25/26",
        comment="Sample survey",
        ref="r-1",
    )
    assert record(said) == [CREATED]
    [found] = stored()
    assert (found.value, found.numerator, found.denominator, found.missing) == (12.5, 1.0, 8.0, None)
    assert (found.first_day, found.last_day) == (date(2025, 4, 1), date(2026, 3, 31))
    assert found.dimension == '{"age":"0 to 4","sex":"f"}'
    assert (found.provisional, found.period_label, found.comment, found.ref) == (True, "FY 25/26", "Sample survey", "r-1")
    assert (found.collaboration_id, found.organisation_id, found.version) == (indicators.id, council.id, 1)


def test_missing_is_a_fact(record: Record, stored: Stored) -> None:
    gap = row(None, missing="suppressed")
    assert [record(gap), record(gap), record(row(3.0)), record(row(None, missing="unknown"))] == [
        [CREATED],
        [UNCHANGED],
        [CORRECTED],
        [CORRECTED],
    ]
    assert (stored()[0].value, stored()[0].missing) == (None, Missing.UNKNOWN)


def test_absent_area_is_the_whole_place(record: Record, stored: Stored, database: Database, indicators: PlaceCard) -> None:
    record(row())
    with database.read() as reads:
        assert stored()[0].area_id == get_whole_place(reads, indicators.id)


def test_key_is_indicator_area_period_dimension_and_organisation(
    record: Record, stored: Stored, database: Database, terms: Callable[..., Terms], make: Make, indicators: PlaceCard
) -> None:
    other = make.organisation(indicators, "hospital")
    different = [row(), row(indicator="visits"), row(area="north-ward"), row(period="2026-04"), row(dimension={"sex": "f"})]
    assert record(*different) == [CREATED] * 5
    theirs = items(row(99.0), terms=Terms(indicators.id.hex, other.id.hex, other.code, OPERATOR, Mode.UPSERT, terms().at))
    with database.write() as writes:
        assert record_observations(writes, theirs) == [CREATED]
    same = [row(period="2026-03-01/2026-03-31"), row(period_label="March"), row(ref="x"), row(comment="again")]
    assert record(*same) == [UNCHANGED] * 4
    assert len(stored()) == 6


def test_dimension_is_the_same_in_any_order(record: Record) -> None:
    assert record(row(dimension={"a": "1", "b": "2"})) == [CREATED]
    assert record(row(dimension={"b": "2", "a": "1"})) == [UNCHANGED]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=60))
def test_every_64_bit_float_is_stored_as_it_is(record: Record, values: list[float]) -> None:
    """Else the same value would come back as a correction for ever."""
    rows = [row(value, period=f"{1000 + n}") for n, value in enumerate(values)]
    record(*rows)
    assert set(record(*rows)) == {UNCHANGED}


# ---- corrections -----------------------------------------------------------------------------------------------------


def test_correction_keeps_what_was_said_with_who_when_and_why(
    record: Record, stored: Stored, corrections: Callable[[], list[Correction]], clock: SettableClock
) -> None:
    first_said = clock()
    record(row(12.5, comment="From the survey", ref="r-1", period_label="March", provisional=True))
    corrected_at = clock.advance(days=3)
    assert record(row(13.25, reason="Two streets were missing")) == [CORRECTED]
    [now], [before] = stored(), corrections()
    assert (now.value, now.version, now.recorded_at, now.provisional) == (13.25, 2, corrected_at, False)
    assert (now.comment, now.ref, now.period_label) == (None, "r-1", "March"), "a comment is about the value; the rest is about the row"
    assert (before.observation_id, before.version, before.value, before.comment) == (now.id, 1, 12.5, "From the survey")
    assert (before.provisional, before.recorded_at, before.corrected_at) == (True, first_said, corrected_at)
    assert (before.actor_kind, before.actor_id, before.reason) == (ActorKind.OPERATOR, None, "Two streets were missing")
    assert record(row(14.0)) == [CORRECTED], "a reason is optional"
    assert [(old.version, old.value) for old in corrections()] == [(1, 12.5), (2, 13.25)]
    assert stored()[0].version == 3


def test_final_value_corrects_a_provisional_one(record: Record, stored: Stored) -> None:
    assert [record(row(provisional=True)), record(row())] == [[CREATED], [CORRECTED]]
    assert not stored()[0].provisional


def test_two_batches_that_meet_in_one_group_follow_each_other(
    database: Database, terms: Callable[..., Terms], corrections: Callable[[], list[Correction]], stored: Stored
) -> None:
    together = [*items(row(1.0), terms=terms()), *items(row(2.0), row(2.0), terms=terms())]
    with database.write() as writes:
        assert record_observations(writes, together) == [CREATED, CORRECTED, UNCHANGED]
    assert (stored()[0].value, [old.value for old in corrections()]) == (2.0, [1.0])


# ---- what else it leaves behind --------------------------------------------------------------------------------------


def test_each_change_is_in_the_journal_and_raises_the_version(
    record: Record, database: Database, deeds: Callable[[], list[tuple[str, datetime]]], clock: SettableClock, indicators: PlaceCard
) -> None:
    def version() -> int:
        with database.read() as reads:
            return version_of(reads, indicators.id)

    versions = [version()]
    began = clock()
    for said in (row(), row(), row(indicator="nothing")):
        record(said)
        versions.append(version())
    later = clock.advance(hours=1)
    record(row(1.0))
    versions.append(version())
    assert deeds() == [("recorded", began), ("corrected", later)]
    assert [after - before for before, after in pairwise(versions)] == [1, 0, 0, 1]


def test_observations_are_counted_by_the_month_in_which_their_period_ends(record: Record, database: Database, stored: Stored) -> None:
    record(row(), row(indicator="visits"), row(period="2025/26", area="north-ward"), row(2.0, period="2026-Q1"))
    record(row(99.0))
    areas = {found.area_id for found in stored()}
    with database.read() as reads:
        rows = reads.exec(select(Rollup).where(Rollup.subject == "observation")).all()
    assert {(found.period, found.cell) for found in rows} == {("2026-03", "")}
    assert sum(found.count for found in rows) == 4
    assert {found.area_id for found in rows} == areas


def test_foreseeing_says_the_same_and_stores_nothing(
    record: Record, database: Database, terms: Callable[..., Terms], stored: Stored
) -> None:
    record(row())
    rows: list[dict[str, Any]] = [row(), row(13.0, dimension={"a": "b"}), row(1.0, period="2026-05"), row(indicator="nothing")]
    with database.read() as reads:
        foreseen = foresee_observations(reads, items(*rows, terms=terms()))
    assert len(stored()) == 1
    assert foreseen == record(*rows)


# ---- indicators and comparators --------------------------------------------------------------------------------------


def indicator(**fields: Any) -> IndicatorIn:
    return IndicatorIn.model_validate({"name": "Damp", "kind": "population", "unit": "%", "good_direction": "down", **fields})


def test_indicator_is_added_then_changed(database: Database, hillside: PlaceCard, clock: SettableClock) -> None:
    def put(given: IndicatorIn) -> tuple[UUID, bool]:
        with database.write() as writes:
            found, is_new = put_indicator(writes, OPERATOR, hillside, "damp", given, clock())
            return found.id, is_new

    first, is_new = put(indicator(definition="Homes with damp / homes asked", source="Survey"))
    assert is_new
    assert put(indicator(name="Damp homes")) == (first, False)
    with database.read() as reads:
        [found] = find_indicators(reads, hillside.id)
    assert (found.name, found.definition, found.source) == ("Damp homes", None, None), "what a PUT leaves out is gone"


@pytest.mark.parametrize(
    "fields", [{"good_direction": "in_range"}, {"range_low": 1.0}, {"good_direction": "in_range", "range_low": 2.0, "range_high": 1.0}]
)
def test_range_is_for_in_range_alone(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="range_"):
        indicator(**fields)


def test_indicator_names_a_group_that_exists(database: Database, hillside: PlaceCard, clock: SettableClock) -> None:
    with pytest.raises(Invalid) as refused, database.write() as writes:
        put_indicator(writes, OPERATOR, hillside, "damp", indicator(comparator_group="similar"), clock())
    assert [error.field for error in refused.value.errors] == ["comparator_group"]
    with database.write() as writes:
        assert add_comparator_group(writes, OPERATOR, hillside, "similar", "Similar places", clock())[1]
        assert not add_comparator_group(writes, OPERATOR, hillside, "similar", "Similar places", clock())[1]
        put_indicator(writes, OPERATOR, hillside, "damp", indicator(comparator_group="similar"), clock())
    with database.read() as reads:
        assert reads.exec(select(Indicator.comparator_group_id)).one() is not None
        assert [(found.comparator_group, found.comparator_group_name) for found in find_indicators(reads, hillside.id)] == [
            ("similar", "Similar places")
        ]


def test_members_of_a_group_are_comparators(database: Database, make: Make, hillside: PlaceCard, clock: SettableClock) -> None:
    make.area(hillside, "otherham", kind=AreaKind.COMPARATOR)
    make.area(hillside, "north-ward", kind=AreaKind.WARD)
    with database.write() as writes:
        add_comparator_group(writes, OPERATOR, hillside, "similar", "Similar places", clock())
        assert add_comparator_member(writes, OPERATOR, hillside, "similar", "otherham", clock())
        assert not add_comparator_member(writes, OPERATOR, hillside, "similar", "otherham", clock())
        for group, area, field in (("similar", "north-ward", "area"), ("similar", "nowhere", "area"), ("other", "otherham", "group")):
            with pytest.raises(Invalid) as refused:
                add_comparator_member(writes, OPERATOR, hillside, group, area, clock())
            assert [error.field for error in refused.value.errors] == [field]
