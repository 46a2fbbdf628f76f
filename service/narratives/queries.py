"""Asking about stories: who may read which is decided here, for every list, count and page."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, cast, false, or_
from sqlalchemy import select as columns
from sqlmodel import col, select

from service.database import ReadSession
from service.errors import NotFound
from service.narratives import rules
from service.narratives.models import Consent, Kind, Narrative, NarrativeOut, Purpose, StoryState
from service.people.models import Member
from service.people.rules import reach
from service.places.models import Area, Organisation
from service.results.models import Indicator


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: everybody, a partner's key that may read what is unpublished, or a member at work."""

    place_id: UUID
    today: date
    member: Member | None = None
    partner: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which stories are asked for; what is not named does not matter."""

    kind: Kind | None = None
    area: str | None = None
    tag: str | None = None
    since: date | None = None
    words: str | None = None
    state: StoryState | None = None


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A story with the names around it."""

    narrative: Narrative
    area: str | None
    area_code: str | None
    organisation: str | None
    indicator: str | None

    @property
    def id(self) -> UUID:
        return self.narrative.id


def visible_to(reader: Reader) -> ColumnElement[bool]:
    """Which stories this reader may see. Public ones need, besides their state, a consent that holds today."""
    here = col(Narrative.collaboration_id) == reader.place_id
    consented = (
        select(Consent.id)
        .where(
            col(Consent.collaboration_id) == Narrative.collaboration_id,
            col(Consent.narrative_id) == Narrative.id,
            col(Consent.purpose) == Purpose.SHARE_WORDS_PUBLIC,
            col(Consent.withdrawn_at).is_(None),
            col(Consent.given_on) <= reader.today,
            or_(col(Consent.expires_on).is_(None), col(Consent.expires_on) >= reader.today),
        )
        .exists()
    )
    public = and_(col(Narrative.state) == StoryState.SHARED_PUBLIC, consented)
    if reader.member is not None:
        organisations = reach(reader.member.grants, rules.WRITERS)
        live = col(Narrative.state) != StoryState.WITHDRAWN
        if organisations is None:
            return and_(here, live)
        own = col(Narrative.organisation_id).in_(organisations) if organisations else false()
        partners = col(Narrative.state) == StoryState.SHARED_PARTNERS if organisations else false()
        return and_(here, live, or_(public, partners, own))
    if reader.partner:
        return and_(here, or_(public, col(Narrative.state) == StoryState.SHARED_PARTNERS))
    return and_(here, public)


def find_narratives(
    reads: ReadSession, reader: Reader, wanted: Wanted, *, after: tuple[date, UUID] | None = None, most: int | None = None
) -> list[StoryRow]:
    """Stories, the latest published week first, within it in no telling order. A page begins after (day, public id)."""
    day = col(Narrative.published_on) if reader.member is None else col(Narrative.occurred_on)
    query = _rows().where(visible_to(reader))
    if after:
        query = query.where(or_(day < after[0], and_(day == after[0], col(Narrative.public_id) > after[1])))
    query = _narrowed(query, wanted).order_by(day.desc(), col(Narrative.public_id)).limit(most)
    return [StoryRow(*found) for found in reads.execute(query)]


def get_narrative(reads: ReadSession, reader: Reader, narrative_id: UUID) -> StoryRow:
    """One story that this reader may see, by its public id or, for staff, its own. Raises: NotFound."""
    by_id = col(Narrative.public_id) == narrative_id
    if reader.member is not None:
        by_id = or_(by_id, col(Narrative.id) == narrative_id)
    found = reads.execute(_rows().where(visible_to(reader), by_id)).first()
    if found is None:
        raise NotFound
    return StoryRow(*found)


def get_row_for_checker(reads: ReadSession, member: Member, narrative_id: UUID) -> Narrative:
    """A story that this member may decide about. Raises: NotFound for every other."""
    organisations = reach(member.grants, rules.CHECKERS)
    where = [
        col(Narrative.collaboration_id) == member.place.id,
        or_(col(Narrative.id) == narrative_id, col(Narrative.public_id) == narrative_id),
        col(Narrative.state) != StoryState.WITHDRAWN,
    ]
    if organisations is not None:
        where.append(col(Narrative.organisation_id).in_(organisations) if organisations else false())
    found = reads.exec(select(Narrative).where(*where)).first()
    if found is None:
        raise NotFound
    return found


def narrative_out(row: StoryRow) -> NarrativeOut:
    """A story as the API answers it; its public time is a week."""
    story = row.narrative
    return NarrativeOut(
        id=story.public_id,
        kind=story.kind,
        state=story.state,
        title=story.title,
        body=story.body,
        barrier=story.barrier,
        language=story.language,
        occurred_on=story.occurred_on,
        area=row.area_code,
        whole_place=story.whole_place,
        promise=story.promise_id,
        indicator=row.indicator,
        organisation=row.organisation,
        captured_by=story.captured_by,
        tags=story.tags,
        week=story.published_on,
    )


def _rows() -> Any:
    return (
        columns(Narrative, col(Area.name), col(Area.code), col(Organisation.name), col(Indicator.code))
        .join(Area, and_(col(Area.collaboration_id) == Narrative.collaboration_id, col(Area.id) == Narrative.area_id), isouter=True)
        .join(
            Organisation,
            and_(col(Organisation.collaboration_id) == Narrative.collaboration_id, col(Organisation.id) == Narrative.organisation_id),
            isouter=True,
        )
        .join(
            Indicator,
            and_(col(Indicator.collaboration_id) == Narrative.collaboration_id, col(Indicator.id) == Narrative.indicator_id),
            isouter=True,
        )
    )


def _narrowed(query: Any, wanted: Wanted) -> Any:
    if wanted.kind is not None:
        query = query.where(Narrative.kind == wanted.kind)
    if wanted.state is not None:
        query = query.where(Narrative.state == wanted.state)
    if wanted.area is not None:
        query = query.where(Area.code == wanted.area)
    if wanted.tag is not None:
        query = query.where(cast(col(Narrative.tags), Text).contains(f'"{wanted.tag}"', autoescape=True))
    if wanted.since is not None:
        query = query.where(col(Narrative.occurred_on) >= wanted.since)
    if wanted.words:
        query = query.where(col(Narrative.body).icontains(wanted.words, autoescape=True))
    return query
