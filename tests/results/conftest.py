"""Hillside with two indicators, two areas and a council that posts; and ways to ask what was stored."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from service.batches.work import Result, Terms
from service.database import Database
from service.journal.actions import OPERATOR, Actor
from service.journal.models import Entry
from service.places.models import AreaKind, Organisation
from service.places.queries import PlaceCard
from service.results.actions import Recording, put_indicator, record_observations
from service.results.batches import read_row
from service.results.models import Correction, IndicatorIn, Observation
from service.results.rules import Mode
from service.tables import moment_text
from tests.make import Make, SettableClock

OBSERVATIONS = "/api/v1/hillside/outcomes/observations"


@pytest.fixture
def council(make: Make, hillside: PlaceCard) -> Organisation:
    """The organisation that posts."""
    return make.organisation(hillside, "council")


@pytest.fixture
def indicators(database: Database, clock: SettableClock, make: Make, hillside: PlaceCard) -> PlaceCard:
    """Hillside counts `damp` in percent and `visits` as they are; it has a ward, and compares itself with Otherham."""
    with database.write() as writes:
        for code, unit, direction in (("damp", "%", "down"), ("visits", "visits", "up")):
            given = IndicatorIn.model_validate({"name": code.title(), "kind": "population", "unit": unit, "good_direction": direction})
            put_indicator(writes, OPERATOR, hillside, code, given, clock())
    make.area(hillside, "north-ward", kind=AreaKind.WARD)
    make.area(hillside, "otherham", kind=AreaKind.COMPARATOR)
    return hillside


@pytest.fixture
def partner(indicators: PlaceCard, council: Organisation, with_key: Callable[..., TestClient]) -> TestClient:
    """The council's system, with a key that may write outcomes."""
    return with_key(indicators, "outcomes:write", organisation=council, name="The council's system")


@pytest.fixture
def terms(indicators: PlaceCard, council: Organisation, clock: SettableClock) -> Callable[..., Terms]:
    """On which terms the council posts: `terms(Mode.CREATE)`."""

    def on(mode: Mode = Mode.UPSERT, actor: Actor = OPERATOR) -> Terms:
        return Terms(indicators.id.hex, council.id.hex, council.code, actor, mode, moment_text(clock()))

    return on


@pytest.fixture
def record(database: Database, terms: Callable[..., Terms]) -> Callable[..., list[Result]]:
    """Records rows by the action itself, in one transaction: `record({"indicator": ...}, ..., mode=Mode.CREATE)`."""

    def these(*rows: dict[str, Any], mode: Mode = Mode.UPSERT) -> list[Result]:
        with database.write() as writes:
            return record_observations(writes, items(*rows, terms=terms(mode)))

    return these


def items(*rows: dict[str, Any], terms: Terms) -> list[Recording]:
    """Rows as the action takes them."""
    found = [read_row(row, terms) for row in rows]
    assert all(isinstance(item, Recording) for item in found), found
    return [item for item in found if isinstance(item, Recording)]


def row(value: float | None = 12.5, **fields: Any) -> dict[str, Any]:
    """An observation of damp homes in March 2026, unless told otherwise."""
    return {"indicator": "damp", "period": "2026-03", **({} if value is None else {"value": value}), **fields}


@pytest.fixture
def stored(database: Database) -> Callable[[], list[Observation]]:
    """Every observation there is, in the order in which they came."""

    def now() -> list[Observation]:
        with database.read() as reads:
            return list(reads.exec(select(Observation).order_by(col(Observation.id))))

    return now


@pytest.fixture
def corrections(database: Database) -> Callable[[], list[Correction]]:
    """Everything that was said before."""

    def now() -> list[Correction]:
        with database.read() as reads:
            return list(reads.exec(select(Correction).order_by(col(Correction.version))))

    return now


@pytest.fixture
def deeds(database: Database) -> Callable[[], list[tuple[str, datetime]]]:
    """What the journal says was done to observations, and when."""

    def now() -> list[tuple[str, datetime]]:
        with database.read() as reads:
            query = select(Entry.verb, Entry.at).where(Entry.subject == "observation").order_by(col(Entry.at), col(Entry.verb))
            return [(verb, at) for verb, at in reads.exec(query)]

    return now
