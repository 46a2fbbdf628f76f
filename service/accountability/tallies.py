"""What the account counts with: the kept counts, and the few facts that are counted where they lie.

A page asks for each of these once. None of them reads every message or every observation ever sent.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import case, func
from sqlalchemy import select as columns
from sqlmodel import col

from service.accountability import rules
from service.accountability.models import Span
from service.database import ReadSession
from service.days import local_day
from service.feedback import counts
from service.feedback.queries import find_last_replied
from service.narratives.models import Narrative
from service.narratives.queries import Reader, find_last_told, visible_to
from service.places.models import Area, AreaKind
from service.places.queries import PlaceCard, get_runners
from service.promises.models import Promise, Side
from service.promises.queries import find_last_said
from service.promises.rules import PUBLIC, Part, part_of
from service.results.queries import find_last_recorded
from service.rollups import NOWHERE, Rollup

OBSERVATION = "observation"


@dataclass(frozen=True, slots=True)
class Tally:
    """A subject's kept counts: `live` over the whole span, `closed` over its closed months. By (area, cell); no area: NOWHERE."""

    live: Counter[tuple[UUID, str]]
    closed: Counter[tuple[UUID, str]]

    def total(self) -> int:
        """All of it, live."""
        return sum(self.live.values())

    def by_cell(self) -> Counter[str]:
        """By what tells the subject apart, live, in the whole place."""
        found: Counter[str] = Counter()
        for (_area, cell), number in self.live.items():
            found[cell] += number
        return found

    def closed_by_cell(self) -> Counter[str]:
        """The same over closed months."""
        found: Counter[str] = Counter()
        for (_area, cell), number in self.closed.items():
            found[cell] += number
        return found

    def closed_by_area(self) -> Counter[UUID]:
        """By area over closed months."""
        found: Counter[UUID] = Counter()
        for (area, _cell), number in self.closed.items():
            found[area] += number
        return found


@dataclass(frozen=True, slots=True)
class Places:
    """The areas of a place by id: those that are its own, by name; which are only compared with; which one is the whole place."""

    own: Mapping[UUID, Area]
    comparators: frozenset[UUID]
    whole: frozenset[UUID]


def find_kept(reads: ReadSession, place_id: UUID, span: Span) -> dict[str, Tally]:
    """The kept counts by subject, all but the waits."""
    wanted = (counts.RECEIVED, counts.PUBLICATION, counts.WITHHELD, counts.ASIDE, counts.CAPTURE, counts.ANSWER, counts.NO, OBSERVATION)
    number, period = col(Rollup.count), col(Rollup.period)
    begins, ends = _month(span.first) if span.first else "", _month(span.last) if span.last else "9"
    live = func.sum(case((period.between(begins, ends), number), else_=0))
    closed = func.sum(case((period <= _month(span.closed), number), else_=0))
    query = (
        columns(col(Rollup.subject), col(Rollup.area_id), col(Rollup.cell), live, closed)
        .where(col(Rollup.collaboration_id) == place_id, col(Rollup.subject).in_(wanted))
        .group_by(col(Rollup.subject), col(Rollup.area_id), col(Rollup.cell))
    )
    found = {subject: Tally(Counter(), Counter()) for subject in wanted}
    for subject, area, cell, asked_for, over in reads.execute(query):
        tally = found[subject]
        tally.live[area, cell], tally.closed[area, cell] = int(asked_for), int(over)
    return found


def find_waits(reads: ReadSession, place_id: UUID, span: Span, counted_after: int) -> dict[int, int]:
    """Of the messages at least so many days old: how many waited how long for their first answer.

    Units: working days, UNANSWERED for none.
    """
    until = min(rules.cohort_until(span.today, counted_after), span.last or date.max)
    query = (
        columns(col(Rollup.cell), func.sum(col(Rollup.count)))
        .where(col(Rollup.collaboration_id) == place_id, col(Rollup.subject) == counts.WAIT, col(Rollup.period) <= until.isoformat())
        .group_by(col(Rollup.cell))
    )
    if span.first:
        query = query.where(col(Rollup.period) >= span.first.isoformat())
    return {int(cell): int(number) for cell, number in reads.execute(query) if number}


@dataclass(frozen=True, slots=True)
class Promises:
    """Our promises by their part in the count; what is late now; how many there are of all kinds, and how many name an area."""

    by_part: Counter[Part]
    overdue: int
    all: int
    with_area: int


def count_promises(reads: ReadSession, place_id: UUID, span: Span) -> Promises:
    """The promises of the span: each on the day it fell due or was settled; with no end asked for, those not yet due as well."""
    names = ("side", "standing", "due_on", "settled_on", "first_settled_on", "community_agreed", "made_on")
    query = (
        columns(*(col(getattr(Promise, name)) for name in names), col(Promise.area_id).is_not(None), func.count())
        .where(col(Promise.collaboration_id) == place_id, col(Promise.standing).in_(PUBLIC))
        .group_by(*(col(getattr(Promise, name)) for name in names), col(Promise.area_id).is_not(None))
    )
    parts: Counter[Part] = Counter()
    overdue = everything = with_area = 0
    for side, standing, due_on, settled_on, before, agreed, made_on, named, number in reads.execute(query):
        if made_on is None or span.holds(made_on):
            everything += number
            with_area += number * bool(named)
        if side != Side.OUR_PART:
            continue
        part = part_of(standing, due_on, span.today, community_agreed=agreed, settled_before=before is not None)
        overdue += number * (part == Part.OVERDUE and due_on is not None)
        counts_on = rules.promise_day(due_on, settled_on or before)
        if counts_on is None or span.holds(counts_on):
            parts[part] += number
    return Promises(parts, overdue, everything, with_area)


@dataclass(frozen=True, slots=True)
class Stories:
    """Public stories of the span by (kind, teller, area), and of every closed month; the indicators they name; all that was captured."""

    shown: Counter[tuple[str, str, UUID]]
    closed: Counter[tuple[str, str, UUID]]
    indicators: frozenset[UUID]
    captured: Counter[tuple[str, bool]]
    """Every story, shown or not, by who captured it and whether it names an area."""

    def total(self) -> int:
        """All that are shown."""
        return sum(self.shown.values())

    def by(self, place: int, *, closed: bool = False) -> Counter[Any]:
        """By one part of the key: 0 the kind, 1 the teller, 2 the area."""
        found: Counter[Any] = Counter()
        for key, number in (self.closed if closed else self.shown).items():
            found[key[place]] += number
        return found


def count_stories(reads: ReadSession, place_id: UUID, span: Span) -> Stories:
    """The stories that everybody may read today, published in the span; and everything that was captured in it."""
    story = (
        col(Narrative.kind),
        col(Narrative.captured_by),
        col(Narrative.area_id),
        col(Narrative.published_on),
        col(Narrative.indicator_id),
    )
    shown: Counter[tuple[str, str, UUID]] = Counter()
    closed: Counter[tuple[str, str, UUID]] = Counter()
    indicators = set()
    query = columns(*story, func.count()).where(visible_to(Reader(place_id, span.today))).group_by(*story)
    for kind, teller, area, published_on, indicator, number in reads.execute(query):
        key = (kind, teller, area or NOWHERE)
        closed[key] += number * (published_on <= span.closed)
        if span.holds(published_on):
            shown[key] += number
            indicators.update({indicator} - {None})
    captured: Counter[tuple[str, bool]] = Counter()
    every = (col(Narrative.captured_by), col(Narrative.area_id).is_not(None), col(Narrative.occurred_on))
    all_told = columns(*every, func.count()).where(col(Narrative.collaboration_id) == place_id).group_by(*every)
    for teller, named, occurred_on, number in reads.execute(all_told):
        if span.holds(occurred_on):
            captured[teller, bool(named)] += number
    return Stories(shown, closed, frozenset(indicators), captured)


def find_areas(reads: ReadSession, place_id: UUID) -> Places:
    """The areas of a place, told apart."""
    query = columns(Area).where(col(Area.collaboration_id) == place_id).order_by(col(Area.name), col(Area.code))
    areas = list(reads.execute(query).scalars())
    return Places(
        own={area.id: area for area in areas if area.kind not in (AreaKind.COMPARATOR, AreaKind.PLACE)},
        comparators=frozenset(area.id for area in areas if area.kind == AreaKind.COMPARATOR),
        whole=frozenset(area.id for area in areas if area.kind == AreaKind.PLACE),
    )


@dataclass(frozen=True, slots=True)
class Member:
    """A member organisation, and the day it last did something here: an answer, a promise or an update, a number, a story. None: never."""

    code: str
    name: str
    last_on: date | None


def find_members(reads: ReadSession, place: PlaceCard, today: date) -> list[Member]:
    """The present members of a place, by name."""
    said = [
        find_last_replied(reads, place.id),
        find_last_said(reads, place.id),
        find_last_told(reads, place.id),
        find_last_recorded(reads, place.id),
    ]
    members = []
    for organisation in get_runners(reads, place.id, on=today).members:
        moments = [by_organisation[organisation.id] for by_organisation in said if organisation.id in by_organisation]
        last_on = local_day(max(moments), place.time_zone) if moments else None
        members.append(Member(organisation.code, organisation.name, last_on))
    return members


def _month(day: date) -> str:
    return day.isoformat()[:7]
