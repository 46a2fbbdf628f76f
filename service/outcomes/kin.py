"""Whom and what a chunk of readings names: people with their yeses and goals, instruments, areas; each asked for once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col
from uuid_utils import uuid7

from service.batches.work import Terms
from service.database import ReadSession
from service.days import local_day
from service.outcomes.models import Goal, Instrument, PersonKey, PersonYes
from service.outcomes.queries import scale_of
from service.outcomes.rules import SHIPPED, Scale
from service.places.models import Area, Collaboration

Yes = tuple[str, date, date | None]
"""Its wording, from when, until when."""

Who = tuple[str, str, str]
"""Collaboration and organisation (hex), and the name that the organisation made up."""


class Names(Protocol):
    """What a reading names, by the codes of its sender."""

    @property
    def terms(self) -> Terms: ...
    @property
    def person(self) -> str: ...
    @property
    def instrument(self) -> str | None: ...
    @property
    def area(self) -> str | None: ...


@dataclass(slots=True, eq=False)
class Person:
    """Somebody a chunk names. `kept` are the yeses that are stored, `yeses` those and what the chunk brings."""

    id: str
    is_new: bool
    kept: frozenset[Yes] = frozenset()
    yeses: set[Yes] = field(default_factory=set)
    goals: dict[str, str] = field(default_factory=dict)


def live_on(person: Person, today: date) -> bool:
    """Whether a yes of somebody holds on this day."""
    return any(given_on <= today and (expires_on is None or today <= expires_on) for _version, given_on, expires_on in person.yeses)


@dataclass(slots=True)
class Kin:
    """What a chunk names, as far as it is there."""

    days: dict[str, date]
    people: dict[Who, Person]
    scales: dict[tuple[str, str], Scale]
    areas: dict[tuple[str, str], str]
    new_goals: dict[str, str | None] = field(default_factory=dict)
    promised: set[Who] = field(default_factory=set)

    def today(self, terms: Terms) -> date:
        """The day in the place at which the batch came."""
        return self.days[terms.collaboration_id]

    def scale(self, terms: Terms, code: str) -> Scale | None:
        """The instrument with this code."""
        return SHIPPED.get(code) or self.scales.get((terms.collaboration_id, code))

    def area(self, terms: Terms, code: str) -> str | None:
        """The id of the area with this code."""
        return self.areas.get((terms.collaboration_id, code))

    def person(self, terms: Terms, name: str) -> Person:
        """Somebody of this organisation; who is not there yet is new."""
        return self.people.setdefault(_who(terms, name), Person(uuid7().hex, is_new=True))

    def goal(self, person: Person, words: str) -> str:
        """The id of a person's goal; one that is not there yet is new."""
        if words not in person.goals:
            person.goals[words] = uuid7().hex
            self.new_goals[person.goals[words]] = None
        return person.goals[words]

    def promise(self, terms: Terms, name: str) -> None:
        """Remembers, while a batch is only tried, that somebody's yes came with an earlier row."""
        self.promised.add(_who(terms, name))

    def is_promised(self, terms: Terms, name: str) -> bool:
        """Whether it did."""
        return _who(terms, name) in self.promised


def _who(terms: Terms, name: str) -> Who:
    return terms.collaboration_id, terms.organisation_id, name


def find_kin(reads: ReadSession, items: Sequence[Names]) -> Kin:
    """What these readings name, in one question for each sort of thing."""
    places = {item.terms.collaboration_id: item.terms for item in items}
    here = [UUID(place) for place in places]
    zones = select(col(Collaboration.id), col(Collaboration.time_zone)).where(col(Collaboration.id).in_(here))
    days = {found.hex: local_day(datetime.fromisoformat(places[found.hex].at), zone) for found, zone in reads.execute(zones)}
    codes = {item.instrument for item in items if item.instrument} - set(SHIPPED)
    instruments = select(Instrument).where(col(Instrument.collaboration_id).in_(here), col(Instrument.code).in_(codes))
    scales = {(row.collaboration_id.hex, row.code): scale_of(row) for row in reads.scalars(instruments)} if codes else {}
    named = {item.area for item in items if item.area}
    area = select(col(Area.collaboration_id), col(Area.code), col(Area.id))
    found = reads.execute(area.where(col(Area.collaboration_id).in_(here), col(Area.code).in_(named))) if named else ()
    areas = {(place.hex, code): area_id.hex for place, code, area_id in found}
    return Kin(days, _people(reads, here, items), scales, areas)


def _people(reads: ReadSession, here: list[UUID], items: Sequence[Names]) -> dict[Who, Person]:
    names = {item.person for item in items}
    query = select(PersonKey).where(col(PersonKey.collaboration_id).in_(here), col(PersonKey.pseudonym).in_(names))
    rows = list(reads.scalars(query))
    ids = [row.id for row in rows]
    yeses: dict[UUID, set[Yes]] = {}
    goals: dict[UUID, dict[str, str]] = {}
    if ids:
        for yes in reads.scalars(select(PersonYes).where(col(PersonYes.collaboration_id).in_(here), col(PersonYes.person_id).in_(ids))):
            yeses.setdefault(yes.person_id, set()).add((yes.wording_version, yes.given_on, yes.expires_on))
        for goal in reads.scalars(select(Goal).where(col(Goal.collaboration_id).in_(here), col(Goal.person_id).in_(ids))):
            goals.setdefault(goal.person_id, {})[goal.words] = goal.id.hex
    return {
        (row.collaboration_id.hex, row.organisation_id.hex, row.pseudonym): Person(
            row.id.hex, is_new=False, kept=frozenset(yeses.get(row.id, ())), yeses=set(yeses.get(row.id, ())), goals=goals.get(row.id, {})
        )
        for row in rows
    }
