"""Telling stories, checking and sharing them, taking them back."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT compiles on SQLite as well, the reverse does not
from sqlmodel import select

from service import findable, tombstones
from service.consents.guards import keep_yeses
from service.consents.models import Consent, How, Purpose
from service.consents.queries import find_yeses, live_one, said_no
from service.consents.removal import rest
from service.consents.rules import holds_until
from service.database import WriteSession
from service.days import local_day, week_of
from service.errors import Conflict, FieldError, Invalid, NotFound, Refused
from service.feedback.models import Capturer
from service.journal.actions import Actor, record
from service.language import _
from service.moderation.guards import must_be_looked_at, screen_story
from service.narratives import rules
from service.narratives.cards import hand_of
from service.narratives.models import ConsentIn, Narrative, NarrativeIn, StoryState, Visibility
from service.narratives.queries import Reader, get_narrative
from service.narratives.removal import take_back
from service.narratives.rules import Deed
from service.people.models import Member
from service.places.models import AreaKind, Threshold
from service.places.queries import PlaceCard, find_area
from service.places.rules import WHOLE_PLACE
from service.promises.models import Promise
from service.promises.rules import PUBLIC
from service.results.models import Indicator
from service.results.queries import find_indicator
from service.tombstones import Gone, Why

_table = Narrative.__table__  # type: ignore[attr-defined]
_add = insert(_table).on_conflict_do_nothing(index_elements=["collaboration_id", "origin", "ref"]).returning(_table.c.id)


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
    origin, ref = (teller.origin, given.ref) if given.ref and teller.origin else (None, given.ref or None)
    if origin and ref and (known := _known(writes, place, origin, ref)):
        return known, False
    area = find_area(writes, place.id, given.area) if given.area and given.area != WHOLE_PLACE else None
    indicator = find_indicator(writes, place.id, given.indicator) if given.indicator else None
    if errors := _errors(given, local_day(now, place.time_zone), area.kind if area else None, _promise(writes, place, given), indicator):
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
        whole_place=given.whole_place or given.area == WHOLE_PLACE,
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
        origin=origin,
        ref=ref,
        submitted_at=now,
    )
    if writes.execute(_add, [row.model_dump()]).first() is None and origin and ref:  # a twin was quicker
        twin = _known(writes, place, origin, ref)
        if twin is not None:
            return twin, False
    if given.consent:
        _add_consent(writes, place, row.id, given.consent, now)
    findable.add(writes, findable.Kind.STORY, [row])
    screen_story(writes, row, now)
    record(writes, teller.actor, "submitted", "narrative", row.id, at=now, collaboration_id=place.id)
    return writes.get_one(Narrative, (place.id, row.id)), True


def _errors(
    given: NarrativeIn, today: date, area: AreaKind | None, promise: Promise | None, indicator: Indicator | None
) -> list[FieldError]:
    """What is wrong with a story, in the order of the form."""
    errors = []
    if given.area and given.area != WHOLE_PLACE and area in (None, AreaKind.COMPARATOR, AreaKind.PLACE):
        errors.append(FieldError("area", _("There is no area with this code.")))
    elif given.area and given.area != WHOLE_PLACE and given.whole_place:
        errors.append(FieldError("area", _("Name an area or the whole place, not both.")))
    if given.occurred_on > today:
        errors.append(FieldError("occurred_on", _("This day has not come yet.")))
    if given.consent:
        errors += _consent_errors(given.consent, today)
    if given.promise and (promise is None or promise.standing not in PUBLIC):
        errors.append(FieldError("promise", _("There is no promise with this id.")))
    if given.indicator and indicator is None:
        errors.append(FieldError("indicator", _("There is no indicator with this code.")))
    return errors


def _consent_errors(consent: ConsentIn, today: date) -> list[FieldError]:
    if consent.given_on > today:
        return [FieldError("consent.given_on", _("This day has not come yet."))]
    if consent.expires_on and consent.expires_on < consent.given_on:
        return [FieldError("consent.expires_on", _("This day lies before the one on which it was given."))]
    return []


def _promise(writes: WriteSession, place: PlaceCard, given: NarrativeIn) -> Promise | None:
    return writes.get(Promise, (place.id, given.promise)) if given.promise else None


def _known(writes: WriteSession, place: PlaceCard, origin: str, ref: str) -> Narrative | None:
    query = select(Narrative).where(Narrative.collaboration_id == place.id, Narrative.origin == origin, Narrative.ref == ref)
    return writes.exec(query).first()


def _add_consent(  # noqa: PLR0913 (one sentence: to what whose teller said yes, how, when)
    writes: WriteSession,
    place: PlaceCard,
    narrative_id: UUID,
    given: ConsentIn,
    now: datetime,
    *,
    purpose: Purpose = Purpose.SHARE_WORDS_PUBLIC,
    how: How | None = None,
) -> None:
    """Keeps a yes. Where no last day was said it is the place's own: as many months on as a yes holds there today."""
    months = place.thresholds.on(Threshold.YES_HOLDS, local_day(now, place.time_zone))
    whose = {"collaboration_id": place.id, "narrative_id": narrative_id, "purpose": purpose, "how": how}
    facts = {**given.model_dump(), "expires_on": given.expires_on or holds_until(given.given_on, months)}
    keep_yeses(writes, [{**whose, **facts}])


# ---- what becomes of one ---------------------------------------------------------------------------------------------


def check_narrative(writes: WriteSession, member: Member, narrative_id: UUID, now: datetime) -> None:
    """Somebody else than its author takes a story up to check it. Raises: NotFound, Refused, Conflict where it does not wait."""
    row = _taken_up(writes, member, narrative_id, Deed.CHECK, now)
    row.state = StoryState.CHECKING
    _done(writes, member, row, "checked", ["state"], now)


def share_narrative(writes: WriteSession, member: Member, narrative_id: UUID, visibility: Visibility, now: datetime) -> None:
    """Decides who may read a story. Public needs a consent that holds today, and a second person.

    Raises: NotFound, Refused for the author, Conflict without a live consent or where it may not be shared now.
    """
    row = _taken_up(writes, member, narrative_id, Deed(visibility), now)
    row.state, row.checked_by = rules.SHARED[visibility], member.person.staff_id
    if visibility != Visibility.PRIVATE:
        row.published_on = row.published_on or week_of(local_day(now, member.place.time_zone))
    _done(writes, member, row, "shared", [visibility], now)


def add_consent(  # noqa: PLR0913 (one sentence: to what the teller said yes, how, when)
    writes: WriteSession,
    member: Member,
    narrative_id: UUID,
    given: ConsentIn,
    now: datetime,
    purpose: Purpose = Purpose.SHARE_WORDS_PUBLIC,
    how: How | None = None,
) -> None:
    """Writes down that the teller said yes, to public words or to those who work here, now or once more. A renewed yes is another row.

    Raises: NotFound, Refused, Invalid.
    """
    row = _taken_up(writes, member, narrative_id, Deed.CONSENT, now)
    if errors := _consent_errors(given, local_day(now, member.place.time_zone)):
        raise Invalid(*errors)
    _add_consent(writes, member.place, row.id, given, now, purpose=purpose, how=how)
    _done(writes, member, row, "consented", ["consent", purpose], now)


def end_consent(writes: WriteSession, member: Member, narrative_id: UUID, consent_id: UUID, now: datetime) -> bool:
    """The teller took a yes back: where others read the story because of it, it rests at once. Answers whether that was news.

    Raises: NotFound, Refused.
    """
    row, place = _taken_up(writes, member, narrative_id, Deed.CONSENT, now), member.place
    yes = writes.get(Consent, (place.id, consent_id))
    if yes is None or yes.narrative_id != row.id:
        raise NotFound
    if yes.withdrawn_at is not None or yes.expired_at is not None:
        return False
    yes.withdrawn_at = now
    writes.add(yes)
    writes.flush()
    yeses = find_yeses(writes, place.id, local_day(now, place.time_zone), place.time_zone, story_id=row.id)
    if live_one(yeses, yes.purpose) is None:
        rest(writes, row, yes.purpose)
    tombstones.leave(writes, member.actor, Gone.CONSENT, yes.id, Why.TAKEN_BACK, at=now, collaboration_id=place.id)
    _done(writes, member, row, "consent_ended", ["consent", yes.purpose], now)
    return True


def pause_narrative(writes: WriteSession, member: Member, narrative_id: UUID, now: datetime) -> None:
    """Takes a shared story out of every view until it is shared again. Raises: NotFound, Conflict where it is not shared."""
    row = _taken_up(writes, member, narrative_id, Deed.PAUSE, now)
    row.state = StoryState.PAUSED
    _done(writes, member, row, "paused", ["state"], now)


def withdraw_narrative(writes: WriteSession, member: Member, narrative_id: UUID, now: datetime) -> None:
    """Takes a story back for good: its words leave the database, its consents end, dates stay. Raises: NotFound, Refused."""
    row = _taken_up(writes, member, narrative_id, Deed.WITHDRAW, now)
    take_back(writes, member.actor, row, Why.TAKEN_BACK, now)


def _taken_up(writes: WriteSession, member: Member, narrative_id: UUID, deed: Deed, now: datetime) -> Narrative:
    """The story, if this member may do this with it now; held, so that no two people decide at once."""
    today = local_day(now, member.place.time_zone)
    found = get_narrative(writes, Reader(member.place.id, today, member), narrative_id, held=True)
    row, hand = found.narrative, hand_of(member, found.narrative)
    if not rules.may_ever(hand, deed):
        second = hand.wrote_it and deed in rules.SECOND_PERSON
        raise Refused(_("A second person must decide this: you wrote it.") if second else "")
    if not rules.fits(row.state, deed):
        raise Conflict(_("Somebody else decided about this story in the meantime. Look at it again."))
    if row.lane is not None and deed in rules.SHARING:
        raise Conflict(_("It stands apart, so nobody else may read it."))
    if deed in rules.SHARING:
        must_be_looked_at(writes, row.collaboration_id, story_id=row.id)
    if deed in rules.SHARING:
        yeses = find_yeses(writes, row.collaboration_id, today, member.place.time_zone, story_id=row.id)
        if deed == Deed.PUBLIC and live_one(yeses, Purpose.SHARE_WORDS_PUBLIC) is None:
            raise Conflict(_("Nobody has said yes to making these words public, or that yes has ended."))
        if deed == Deed.PARTNERS and said_no(yeses):
            raise Conflict(_("Whoever told it does not want all who work here to read it."))
    return row


def _done(writes: WriteSession, member: Member, row: Narrative, verb: str, fields: list[str], now: datetime) -> None:
    writes.add(row)
    writes.flush()
    record(writes, member.actor, verb, "narrative", row.id, at=now, collaboration_id=member.place.id, fields=fields)
