"""What the log remembers of its writer, so that nothing is chosen twice; and what it offers to choose from."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select as columns
from sqlmodel import col

from service.database import ReadSession
from service.journal.models import ActorKind
from service.narratives.models import Narrative
from service.people.models import Member
from service.places.models import Area, Organisation
from service.places.queries import Choice, find_area_choices, find_organisations
from service.places.rules import WHOLE_PLACE
from service.promises.queries import PromiseRow, Wanted, find_promises_by_need
from service.results.queries import IndicatorRow, find_indicators

REMEMBERED = 20
"""Stories that somebody's choices are remembered from. They are not counted, and nobody else is told."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What this person chose last: areas (the last first), an organisation, a language."""

    areas: tuple[str, ...] = ()
    organisation: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from: nothing here is anybody's own."""

    areas: list[Choice]
    promises: list[PromiseRow]
    indicators: list[IndicatorRow]
    known: frozenset[str]
    """Names of places and organisations, which are nobody's."""


def recall(reads: ReadSession, member: Member) -> Remembered:
    """What this person chose in the log, for themselves alone."""
    mine = (col(Narrative.author_kind) == ActorKind.STAFF) & (col(Narrative.author_id) == member.person.staff_id)
    query = (
        columns(col(Area.code), col(Narrative.whole_place), col(Organisation.code), col(Narrative.language))
        .select_from(Narrative)
        .outerjoin(Area, (col(Area.collaboration_id) == Narrative.collaboration_id) & (col(Area.id) == Narrative.area_id))
        .outerjoin(
            Organisation,
            (col(Organisation.collaboration_id) == Narrative.collaboration_id) & (col(Organisation.id) == Narrative.organisation_id),
        )
        .where(col(Narrative.collaboration_id) == member.place.id, mine)
        .order_by(col(Narrative.submitted_at).desc(), col(Narrative.id).desc())
        .limit(REMEMBERED)
    )
    found = reads.execute(query).all()
    areas = [WHOLE_PLACE if whole else area or "" for area, whole, _organisation, _language in found]
    return Remembered(
        areas=tuple(dict.fromkeys(areas)),
        organisation=found[0][2] or "" if found else "",
        language=found[0][3] or "" if found else "",
    )


def find_choices(reads: ReadSession, place_id: UUID, place_name: str, today: date, remembered: Remembered) -> Choices:
    """The areas (those used last first), the promises and the numbers of a place."""
    areas = find_area_choices(reads, place_id)
    last = {code: number for number, code in enumerate(remembered.areas)}
    names = [*(area.name for area in areas), *(member.name for member in find_organisations(reads, place_id)), place_name]
    return Choices(
        areas=sorted(areas, key=lambda area: last.get(area.code, len(last))),
        promises=find_promises_by_need(reads, place_id, today, Wanted()),
        indicators=find_indicators(reads, place_id),
        known=frozenset(names),
    )
