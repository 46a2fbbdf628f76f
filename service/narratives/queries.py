"""Asking about stories: who may read which is decided here, for every list, count and page."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, cast, false, func, or_, true
from sqlalchemy import select as columns
from sqlmodel import col, select

from service import findable
from service.consents.models import Consent, Purpose
from service.consents.queries import holds
from service.database import ReadSession
from service.days import week_of
from service.errors import NotFound
from service.feedback.models import Capturer
from service.journal.models import ActorKind
from service.narratives import rules
from service.narratives.models import Kind, Narrative, NarrativeOut, StoryState
from service.people.models import Member
from service.people.rules import reach
from service.places.models import Area, Organisation
from service.places.queries import find_last_of_organisations
from service.places.rules import WHOLE_PLACE
from service.results.models import Indicator
from service.safeguarding.queries import readable_by


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: everybody; a partner's key, which finds its own (`holder_id`) and perhaps what is unpublished; a member at work."""

    place_id: UUID
    today: date
    member: Member | None = None
    partner: bool = False
    holder_id: UUID | None = None

    @property
    def sees_days(self) -> bool:
        """Whether exact days are shown. To the public the finest time about somebody's words is a week."""
        return self.member is not None or self.partner or self.holder_id is not None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which stories are asked for; what is not named does not matter. `area` is a code, or `whole_place`."""

    kind: Kind | None = None
    area: str | None = None
    tag: str | None = None
    since: date | None = None
    shown_from: date | None = None
    shown_until: date | None = None
    """Weeks in which a story was first shown: with the first and the last day of a span."""

    words: str | None = None
    states: tuple[StoryState, ...] | None = None
    ids: Collection[UUID] | None = None
    """Public ones."""


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A story with the names around it."""

    narrative: Narrative
    area: str | None
    area_code: str | None
    organisation: str | None
    organisation_code: str | None
    indicator: str | None
    indicator_name: str | None

    @property
    def id(self) -> UUID:
        """The public one, by which everybody knows it."""
        return self.narrative.public_id


# ---- who may read which ----------------------------------------------------------------------------------------------


def is_public(today: date) -> ColumnElement[bool]:
    """Which stories everybody may read: published, with a consent that holds today. Nothing has to run for one to end."""
    return and_(col(Narrative.state) == StoryState.SHARED_PUBLIC, has_consent(today))


def has_consent(today: date) -> ColumnElement[bool]:
    """Whether somebody's yes to public words holds today."""
    return (
        select(Consent.id)
        .where(
            col(Consent.collaboration_id) == Narrative.collaboration_id,
            col(Consent.narrative_id) == Narrative.id,
            col(Consent.purpose) == Purpose.SHARE_WORDS_PUBLIC,
            holds(today),
        )
        .exists()
    )


def visible_to(reader: Reader) -> ColumnElement[bool]:
    """Which stories this reader may see: everywhere stories are listed, counted or opened, this decides."""
    here = col(Narrative.collaboration_id) == reader.place_id
    live: ColumnElement[bool] = col(Narrative.state).not_in((StoryState.WITHDRAWN, StoryState.DRAFT))
    among_partners = col(Narrative.state) == StoryState.SHARED_PARTNERS
    if reader.member is not None:
        live = and_(live, readable_by(reader.member, Narrative))
        organisations = reach(reader.member.grants, rules.WRITERS)
        if organisations is None:
            return and_(here, live)
        if not organisations:
            return and_(here, is_public(reader.today))
        own = and_(live, col(Narrative.organisation_id).in_(organisations))
        return and_(here, or_(is_public(reader.today), among_partners, own))
    theirs = and_(
        live, col(Narrative.lane).is_(None), col(Narrative.author_kind) == ActorKind.KEY, col(Narrative.author_id) == reader.holder_id
    )
    return and_(
        here,
        or_(is_public(reader.today), among_partners if reader.partner else false(), theirs if reader.holder_id else false()),
    )


def to_check_by(member: Member, today: date) -> ColumnElement[bool]:
    """Which stories wait for a decision that this member may take: in their reach, and not their own."""
    organisations = reach(member.grants, rules.CHECKERS)
    theirs = true() if organisations is None else col(Narrative.organisation_id).in_(organisations) if organisations else false()
    of_others = or_(col(Narrative.author_kind) != ActorKind.STAFF, col(Narrative.author_id).is_distinct_from(member.person.staff_id))
    return and_(visible_to(Reader(member.place.id, today, member)), col(Narrative.state).in_(rules.TO_CHECK), theirs, of_others)


def find_narratives(
    reads: ReadSession, reader: Reader, wanted: Wanted, *, after: tuple[date, UUID] | None = None, most: int | None = None
) -> list[StoryRow]:
    """Stories, the latest first: by the week of publication for the public, by the day it happened for others.

    Within a week or a day in no telling order. A page begins after (day, public id), see `place_in_list`.
    """
    day = col(Narrative.occurred_on) if reader.sees_days else col(Narrative.published_on)
    query = _rows().where(visible_to(reader))
    if after:
        query = query.where(or_(day < after[0], and_(day == after[0], col(Narrative.public_id) > after[1])))
    query = narrowed(query, reader, wanted).order_by(day.desc(), col(Narrative.public_id)).limit(most)
    return [StoryRow(*found) for found in reads.execute(query)]


def place_in_list(reader: Reader, row: StoryRow) -> tuple[date, UUID]:
    """Where a page of `find_narratives` that ends with this story goes on."""
    story = row.narrative
    return (story.occurred_on if reader.sees_days else story.published_on or date.min), story.public_id


def get_narrative(reads: ReadSession, reader: Reader, narrative_id: UUID, *, held: bool = False) -> StoryRow:
    """One story that this reader may see, by its public id or, for staff, its own. Raises: NotFound.

    `held`: nobody else changes it until the transaction is over.
    """
    named = col(Narrative.public_id) == narrative_id
    if reader.member is not None:
        named = or_(named, col(Narrative.id) == narrative_id)
    query = _rows().where(visible_to(reader), named)
    if held:
        query = query.with_for_update(of=Narrative).execution_options(populate_existing=True)
    found = reads.execute(query).first()
    if found is None:
        raise NotFound
    return StoryRow(*found)


def narrative_out(reader: Reader, row: StoryRow) -> NarrativeOut:
    """A story as the API answers it."""
    story = row.narrative
    return NarrativeOut(
        id=story.public_id,
        kind=story.kind,
        state=story.state,
        title=story.title,
        body=story.body,
        barrier=story.barrier,
        language=story.language,
        occurred_on=story.occurred_on if reader.sees_days else None,
        occurred_week=week_of(story.occurred_on),
        area=row.area_code,
        whole_place=story.whole_place,
        promise=story.promise_id,
        indicator=row.indicator,
        organisation=row.organisation_code,
        captured_by=story.captured_by,
        tags=story.tags,
        signifiers=story.signifiers,
        week=story.published_on,
    )


# ---- counts ----------------------------------------------------------------------------------------------------------

Told = tuple[Kind, Capturer, UUID | None]
"""What a count of stories tells apart: how it went, in what role it was written down, the area (None: none named)."""


def count_public(reads: ReadSession, place_id: UUID, today: date, *, since: date | None = None, until: date | None = None) -> Counter[Told]:
    """The stories that everybody may read, by kind, by who wrote them down, by area.

    Units: stories, by the week in which they were first shared: those whose Monday lies from `since` to `until`, both included.
    """
    split = (col(Narrative.kind), col(Narrative.captured_by), col(Narrative.area_id))
    query = columns(*split, func.count()).where(col(Narrative.collaboration_id) == place_id, is_public(today))
    if since is not None:
        query = query.where(col(Narrative.published_on) >= since)
    if until is not None:
        query = query.where(col(Narrative.published_on) <= until)
    return Counter({(kind, teller, area): count for kind, teller, area, count in reads.execute(query.group_by(*split))})


def find_last_told(reads: ReadSession, place_id: UUID) -> dict[UUID, datetime]:
    """By organisation: when it last told a story. Those that never did are left out."""
    return find_last_of_organisations(reads, place_id, Narrative.submitted_at, Narrative.organisation_id)


def indicators_with_public_stories(reads: ReadSession, place_id: UUID, today: date) -> set[UUID]:
    """The indicators that a story which everybody may read names."""
    query = columns(col(Narrative.indicator_id)).where(
        col(Narrative.collaboration_id) == place_id, col(Narrative.indicator_id).is_not(None), is_public(today)
    )
    return set(reads.execute(query.distinct()).scalars())


# ---- parts of the questions ------------------------------------------------------------------------------------------


def _rows() -> Any:
    area = and_(col(Area.collaboration_id) == Narrative.collaboration_id, col(Area.id) == Narrative.area_id)
    organisation = and_(col(Organisation.collaboration_id) == Narrative.collaboration_id, col(Organisation.id) == Narrative.organisation_id)
    indicator = and_(col(Indicator.collaboration_id) == Narrative.collaboration_id, col(Indicator.id) == Narrative.indicator_id)
    names = (Area.name, Area.code, Organisation.name, Organisation.code, Indicator.code, Indicator.name)
    return (
        columns(Narrative, *(col(name) for name in names))
        .join(Area, area, isouter=True)
        .join(Organisation, organisation, isouter=True)
        .join(Indicator, indicator, isouter=True)
    )


def narrowed(query: Any, reader: Reader, wanted: Wanted) -> Any:
    """The query for those stories alone that are wanted. The public asks by weeks, as nothing finer is shown to it."""
    if wanted.kind is not None:
        query = query.where(Narrative.kind == wanted.kind)
    if wanted.ids is not None:
        query = query.where(col(Narrative.public_id).in_(wanted.ids))
    if wanted.states is not None:
        query = query.where(col(Narrative.state).in_(wanted.states))
    if wanted.area == WHOLE_PLACE:
        query = query.where(col(Narrative.whole_place))
    elif wanted.area is not None:
        query = query.where(Area.code == wanted.area)
    if wanted.tag is not None:
        query = query.where(func.lower(cast(col(Narrative.tags), Text)).contains(f'"{wanted.tag.lower()}"', autoescape=True))
    if wanted.words:
        query = query.where(findable.holds(col(Narrative.id), reader.place_id, findable.Kind.STORY, wanted.words))
    return _of_its_time(query, reader, wanted)


def _of_its_time(query: Any, reader: Reader, wanted: Wanted) -> Any:
    if wanted.since is not None:
        query = query.where(col(Narrative.occurred_on) >= (wanted.since if reader.sees_days else week_of(wanted.since)))
    if wanted.shown_from is not None:
        query = query.where(col(Narrative.published_on) >= wanted.shown_from)
    if wanted.shown_until is not None:
        query = query.where(col(Narrative.published_on) <= wanted.shown_until)
    return query
