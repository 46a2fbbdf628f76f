"""Telling stories, checking and sharing them, taking them back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import col, select

from service.database import WriteSession
from service.days import local_day, week_of
from service.errors import Conflict, FieldError, Invalid, Refused
from service.feedback.models import Capturer
from service.journal.actions import Actor, record
from service.language import _
from service.narratives import rules
from service.narratives.models import Consent, Narrative, NarrativeIn, Purpose, StoryState, Visibility
from service.narratives.queries import get_row_for_checker
from service.people.models import Member
from service.places.models import AreaKind
from service.places.queries import PlaceCard, find_area
from service.promises.models import Promise
from service.results.models import Indicator


@dataclass(frozen=True, slots=True)
class Teller:
    """Who enters a story, for which organisation, in what role. `origin` tells sources apart, for their `ref`."""

    actor: Actor
    organisation_id: UUID | None
    captured_by: Capturer
    origin: str | None = None


def submit_narrative(writes: WriteSession, teller: Teller, place: PlaceCard, given: NarrativeIn, now: datetime) -> tuple[Narrative, bool]:
    """Stores a story, to be checked by somebody else; answers it, and whether it is new (a known `ref` changes nothing).

    Raises: Invalid by field.
    """
    if given.ref and teller.origin and (known := _known(writes, place, teller.origin, given.ref)):
        return known, False
    area = find_area(writes, place.id, given.area) if given.area else None
    indicator = _indicator(writes, place, given.indicator) if given.indicator else None
    errors = []
    if given.area and (area is None or area.kind in (AreaKind.COMPARATOR, AreaKind.PLACE)):
        errors.append(FieldError("area", _("There is no area with this code.")))
    if given.area and given.whole_place:
        errors.append(FieldError("area", _("Name an area or the whole place, not both.")))
    if given.occurred_on > local_day(now, place.time_zone):
        errors.append(FieldError("occurred_on", _("This day has not come yet.")))
    if given.promise and writes.get(Promise, (place.id, given.promise)) is None:
        errors.append(FieldError("promise", _("There is no promise with this id.")))
    if given.indicator and indicator is None:
        errors.append(FieldError("indicator", _("There is no indicator with this code.")))
    if given.consent and given.consent.given_on > local_day(now, place.time_zone):
        errors.append(FieldError("consent.given_on", _("This day has not come yet.")))
    if errors:
        raise Invalid(*errors)
    row = Narrative(
        collaboration_id=place.id,
        public_id=uuid4(),
        kind=given.kind,
        title=given.title,
        body=given.body,
        barrier=given.barrier or None,
        language=given.language,
        occurred_on=given.occurred_on,
        area_id=area.id if area else None,
        whole_place=given.whole_place,
        promise_id=given.promise,
        indicator_id=indicator.id if indicator else None,
        organisation_id=teller.organisation_id,
        tags=list(dict.fromkeys(given.tags)),
        signifiers=given.signifiers,
        captured_by=teller.captured_by,
        wish=given.visibility,
        state=StoryState.SUBMITTED,
        author_kind=teller.actor.kind,
        author_id=teller.actor.id,
        origin=teller.origin if given.ref else None,
        ref=given.ref or None,
        submitted_at=now,
    )
    writes.add(row)
    writes.flush()
    if given.consent:
        writes.add(
            Consent(collaboration_id=place.id, narrative_id=row.id, purpose=Purpose.SHARE_WORDS_PUBLIC, **given.consent.model_dump())
        )
        writes.flush()
    record(writes, teller.actor, "submitted", "narrative", row.id, at=now, collaboration_id=place.id)
    return row, True


def check_narrative(writes: WriteSession, member: Member, narrative_id: UUID, now: datetime) -> None:
    """Somebody takes a story up to check it. Raises: NotFound, Conflict where it is not waiting."""
    row = get_row_for_checker(writes, member, narrative_id)
    _must_move(row, StoryState.CHECKING)
    row.state = StoryState.CHECKING
    writes.add(row)
    writes.flush()
    record(writes, member.actor, "checked", "narrative", row.id, at=now, collaboration_id=member.place.id, fields=["state"])


def share_narrative(writes: WriteSession, member: Member, narrative_id: UUID, visibility: Visibility, now: datetime) -> None:
    """Decides who may read a story. Public needs a consent that holds today, and a second person.

    Raises: NotFound, Refused for the author, Conflict without a live consent or where it may not be shared now.
    """
    row = get_row_for_checker(writes, member, narrative_id)
    if row.author_id == member.person.staff_id:
        raise Refused(_("A second person must decide this: you wrote it."))
    if not rules.way_to_share(row.state, visibility):
        raise Conflict(_("This story cannot be shared now."))
    today = local_day(now, member.place.time_zone)
    if visibility == Visibility.PUBLIC and not has_live_consent(writes, row, now, member.place):
        raise Conflict(_("Nobody has said yes to making these words public, or that yes has ended."))
    row.state, row.checked_by = rules.SHARED[visibility], member.person.staff_id
    if visibility != Visibility.PRIVATE:
        row.published_on = row.published_on or week_of(today)
    writes.add(row)
    writes.flush()
    record(writes, member.actor, "shared", "narrative", row.id, at=now, collaboration_id=member.place.id, fields=[visibility])


def pause_narrative(writes: WriteSession, member: Member, narrative_id: UUID, now: datetime) -> None:
    """Takes a shared story out of every view until it is shared again. Raises: NotFound, Conflict where it is not shared."""
    row = get_row_for_checker(writes, member, narrative_id)
    _must_move(row, StoryState.PAUSED)
    row.state = StoryState.PAUSED
    writes.add(row)
    writes.flush()
    record(writes, member.actor, "paused", "narrative", row.id, at=now, collaboration_id=member.place.id, fields=["state"])


def withdraw_narrative(writes: WriteSession, member: Member, narrative_id: UUID, now: datetime) -> None:
    """Takes a story back for good: its words leave the database, its consents end, dates stay. Raises: NotFound."""
    row = get_row_for_checker(writes, member, narrative_id)
    row.state, row.withdrawn_at = StoryState.WITHDRAWN, now
    row.title = row.body = row.barrier = None
    row.tags, row.signifiers = [], None
    writes.add(row)
    for consent in writes.exec(select(Consent).where(Consent.collaboration_id == row.collaboration_id, Consent.narrative_id == row.id)):
        consent.withdrawn_at = consent.withdrawn_at or now
        writes.add(consent)
    writes.flush()
    record(writes, member.actor, "withdrawn", "narrative", row.id, at=now, collaboration_id=member.place.id, fields=["state", "body"])


def has_live_consent(writes: WriteSession, row: Narrative, now: datetime, place: PlaceCard) -> bool:
    """Whether somebody's yes to public words holds today."""
    today = local_day(now, place.time_zone)
    query = select(Consent).where(
        Consent.collaboration_id == row.collaboration_id,
        Consent.narrative_id == row.id,
        Consent.purpose == Purpose.SHARE_WORDS_PUBLIC,
        col(Consent.withdrawn_at).is_(None),
    )
    return any(rules.is_live(consent.given_on, consent.expires_on, withdrawn=False, today=today) for consent in writes.exec(query))


def _must_move(row: Narrative, to: StoryState) -> None:
    if not rules.may_move(row.state, to):
        raise Conflict(_("From %(state)s this story cannot go there.", state=row.state.value))


def _known(writes: WriteSession, place: PlaceCard, origin: str, ref: str) -> Narrative | None:
    query = select(Narrative).where(Narrative.collaboration_id == place.id, Narrative.origin == origin, Narrative.ref == ref)
    return writes.exec(query).first()


def _indicator(writes: WriteSession, place: PlaceCard, code: str) -> Indicator | None:
    return writes.exec(select(Indicator).where(Indicator.collaboration_id == place.id, Indicator.code == code)).first()
