"""Making promises, and saying what became of them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, select

from service import findable
from service.database import ReadSession, WriteSession
from service.days import local_day
from service.errors import Conflict, FieldError, Invalid, NotFound, Refused
from service.journal.actions import Actor, record
from service.journal.models import ActorKind
from service.language import _
from service.loop.guards import note_hop
from service.loop.models import HopKind
from service.people.models import Member, Role
from service.places.models import Area, AreaKind, Organisation
from service.places.queries import Choice, PlaceCard, find_area, find_organisation, get_runners, take_turn
from service.promises import rules
from service.promises.deal_naming_actions import find_or_make_deal
from service.promises.guards import next_number, settle
from service.promises.models import DraftIn, Progress, ProgressIn, Promise, Side, Standing
from service.promises.queries import find_claimant


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whoever speaks about promises: for which organisations of the place, and whether for all of it.

    A key speaks for the one organisation that it names; a person for those of their roles.
    """

    actor: Actor
    organisations: frozenset[UUID]
    whole_place: bool
    belongs_to: frozenset[UUID] = frozenset()
    """Every organisation of which they have any role: none of these is another's promise to them."""

    @property
    def is_key(self) -> bool:
        return self.actor.kind == ActorKind.KEY

    def mover(self, maker_id: UUID | None) -> rules.Mover | None:
        """Who this is, seen from a promise's maker; None where they have no say."""
        own = maker_id is not None and maker_id in self.organisations
        if self.is_key:
            return rules.Mover.KEY if own else None
        if own or (self.whole_place and maker_id in self.belongs_to):
            return rules.Mover.MAKER
        if maker_id in self.belongs_to:
            return None
        return rules.Mover.PLACE if self.whole_place else rules.Mover.OTHER if self.organisations else None

    def may_promise_for(self, maker_id: UUID | None) -> bool:
        """Whether a promise can be made in this organisation's name; the community's part names none."""
        return maker_id is None or maker_id in self.organisations or self.whole_place or (self.is_key and not self.organisations)

    def may_draft_for(self, maker_id: UUID | None) -> bool:
        """Whether this speaker writes this organisation's drafts, and so may know of them. Keys have none."""
        return not self.is_key and (maker_id in self.organisations or self.whole_place or (maker_id is None and bool(self.organisations)))

    def speaks_for(self, maker_id: UUID | None) -> UUID | None:
        """In whose name an entry of the history stands."""
        if maker_id in self.organisations:
            return maker_id
        return next(iter(self.organisations)) if len(self.organisations) == 1 else None


def speaker_of(member: Member) -> Speaker:
    """A person speaks for the organisations of which they are a coordinator, or as one for the whole place."""
    held = [grant.organisation_id for grant in member.grants if grant.role == Role.COORDINATOR]
    every = frozenset(grant.organisation_id for grant in member.grants if grant.organisation_id is not None)
    return Speaker(member.actor, frozenset(one for one in held if one is not None), whole_place=None in held, belongs_to=every)


def mover_of(reads: ReadSession, speaker: Speaker, promise: Promise) -> rules.Mover | None:
    """Who this is, seen from the promise's maker; whoever wrote down its claim counts as of the maker. None: they have no say."""
    mover = speaker.mover(promise.maker_id)
    if mover in rules.OUTSIDE and speaker.actor.id is not None and find_claimant(reads, promise) == speaker.actor.id:
        return rules.Mover.MAKER
    return mover


def makers_for(reads: ReadSession, speaker: Speaker, place: PlaceCard, now: datetime) -> list[Choice]:
    """The members of the collaboration in whose name this speaker can promise, by name."""
    members = get_runners(reads, place.id, on=local_day(now, place.time_zone)).members
    return [Choice(row.code, row.name) for row in members if speaker.may_promise_for(row.id)]


@dataclass(frozen=True, slots=True)
class Imported:
    """A promise that others made and somebody collected: it may lack what a promise of ours must have."""

    text: str
    origin: str
    ref: str
    side: Side = Side.OUR_PART
    maker: str | None = None
    due_on: date | None = None
    review_by: date | None = None
    deal: str | None = None
    source: str | None = None
    summary: str | None = None
    area: str | None = None
    whole_place: bool = False
    made_on: date | None = None
    kept_when: str | None = None
    owner: str | None = None
    audience: str | None = None


def make_promise(
    writes: WriteSession, speaker: Speaker, place: PlaceCard, given: DraftIn, now: datetime, *, draft: bool = False
) -> Promise:
    """Makes a promise, published at once unless it is a draft. Only a draft may lack a date, or what will count as kept.

    Raises: Invalid by field, Refused in another organisation's name, Conflict for a known ref.
    """
    maker, area, errors = checked(writes, place, given, now, draft=draft)
    if errors:
        raise Invalid(*errors)
    maker_id = maker.id if maker else None
    if given.side == Side.OUR_PART and not speaker.may_promise_for(maker_id):
        own = (
            _("A key makes promises for its own organisation only.") if speaker.is_key else _("You promise for your own organisation only.")
        )
        raise Refused(own)
    origin = f"key:{speaker.actor.id}" if speaker.is_key else None
    if given.ref and origin:
        take_turn(writes, place.id)
    if given.ref and origin and _known(writes, place, origin, given.ref):
        raise Conflict(_("There is a promise with this ref already."))
    row = Promise(
        collaboration_id=place.id,
        side=given.side,
        text=given.text,
        summary=given.summary or None,
        maker_id=maker_id,
        made_on=given.made_on,
        due_on=given.due_on,
        review_by=given.review_by,
        kept_when=given.kept_when,
        source=given.source or None,
        deal=given.deal,
        deal_id=find_or_make_deal(writes, speaker.actor, place, given.deal, now) if given.deal else None,
        owner=given.owner,
        audience=given.audience,
        area_id=area.id if area else None,
        whole_place=given.whole_place,
        standing=Standing.DRAFT if draft else Standing.MADE if given.side == Side.OUR_PART else Standing.INVITED,
        origin=origin if given.ref else None,
        ref=given.ref or None,
        added_at=now,
        changed_at=now,
    )
    writes.add(row)
    writes.flush()
    findable.add(writes, findable.Kind.PROMISE, [row])
    record(writes, speaker.actor, "drafted" if draft else "made", "promise", row.id, at=now, collaboration_id=place.id)
    return row


def import_promise(writes: WriteSession, actor: Actor, place: PlaceCard, given: Imported, now: datetime) -> bool:
    """Adds what others promised, with what is known of it; answers whether it is new. Raises: Invalid for an unknown maker or area."""
    if _known(writes, place, given.origin, given.ref):
        return False
    maker = find_organisation(writes, place.id, given.maker) if given.maker else None
    area = find_area(writes, place.id, given.area) if given.area else None
    if given.maker and maker is None:
        raise Invalid(FieldError("maker", _("There is no organisation with the code %(code)s.", code=given.maker)))
    if given.area and area is None:
        raise Invalid(FieldError("area", _("There is no area with this code.")))
    row = Promise(
        collaboration_id=place.id,
        side=given.side,
        text=given.text,
        summary=given.summary,
        maker_id=maker.id if maker else None,
        made_on=given.made_on,
        due_on=given.due_on,
        review_by=given.review_by,
        kept_when=given.kept_when,
        owner=given.owner,
        audience=given.audience,
        source=given.source,
        deal=given.deal,
        deal_id=find_or_make_deal(writes, actor, place, given.deal, now) if given.deal else None,
        area_id=area.id if area else None,
        whole_place=given.whole_place,
        standing=Standing.MADE if given.side == Side.OUR_PART else Standing.INVITED,
        origin=given.origin,
        ref=given.ref,
        added_at=now,
        changed_at=now,
    )
    writes.add(row)
    writes.flush()
    findable.add(writes, findable.Kind.PROMISE, [row])
    record(writes, actor, "imported", "promise", row.id, at=now, collaboration_id=place.id)
    return True


def report_progress(
    writes: WriteSession, speaker: Speaker, place: PlaceCard, promise_id: UUID, given: ProgressIn, now: datetime
) -> Progress:
    """Adds to a promise's history and, where the lifecycle and the speaker allow it, moves the promise.

    Raises: NotFound, Refused for somebody who has no say, Conflict (with the allowed moves) for a move that is not, Invalid by field.
    """
    promise = _get(writes, place, promise_id)
    if promise.standing in rules.UNPUBLISHED and not speaker.may_draft_for(promise.maker_id):
        raise NotFound
    mover = mover_of(writes, speaker, promise)
    if mover is None:
        raise Refused(_("You can only speak about your own organisation's promises here."))
    entry = Progress(
        collaboration_id=place.id,
        promise_id=promise.id,
        number=next_number(writes, promise),
        asked_for=given.to,
        note=given.note,
        evidence=given.evidence or None,
        reason=given.reason or None,
        actor_kind=speaker.actor.kind,
        actor_id=speaker.actor.id,
        organisation_id=speaker.speaks_for(promise.maker_id),
        at=now,
    )
    if given.to is not None:
        _must_be_allowed(promise, mover, given.to)
        _must_be_explained(writes, place, promise, mover, given, now)
        agreed = not rules.needs_a_second_checker(promise.standing, given.to, mover) or _agreed(writes, promise, entry, mover)
        if agreed:
            _move(place, promise, entry, given, now)
    promise.changed_at = now
    writes.add(promise)
    writes.add(entry)
    writes.flush()
    findable.add(writes, findable.Kind.UPDATE, [entry])
    if entry.moved_to in rules.PUBLIC:
        note_hop(writes, place.id, HopKind.MOVED, entry.id, now, promise_id=promise.id)
    verb = "moved" if entry.moved_to else "progressed"
    record(writes, speaker.actor, verb, "promise", promise.id, at=now, collaboration_id=place.id, fields=[given.to] if given.to else None)
    return entry


# ---- the steps -------------------------------------------------------------------------------------------------------


def checked(
    reads: ReadSession, place: PlaceCard, given: DraftIn, now: datetime, *, draft: bool = False
) -> tuple[Organisation | None, Area | None, list[FieldError]]:
    """Maker and area of what is given, and what is wrong with it."""
    maker = find_organisation(reads, place.id, given.maker) if given.maker else None
    area = find_area(reads, place.id, given.area) if given.area else None
    errors = []
    if given.side == Side.OUR_PART and given.maker is None:
        errors.append(FieldError("maker", _("Say which organisation promises this.")))
    if given.maker and maker is None:
        errors.append(FieldError("maker", _("There is no organisation with the code %(code)s.", code=given.maker)))
    if given.made_on is not None and given.made_on > local_day(now, place.time_zone):
        errors.append(FieldError("made_on", _("This day has not come yet.")))
    if not draft:
        lacking = rules.lacking(given.made_on, given.due_on, given.review_by, given.kept_when)
        errors += [FieldError(name, _(sentence)) for name, sentence in lacking.items()]
    for name, day in (("due_on", given.due_on), ("review_by", given.review_by)):
        if day is not None and given.made_on is not None and day < given.made_on:
            errors.append(FieldError(name, _("This is earlier than the day the promise was made.")))
    if given.area and (area is None or area.kind in (AreaKind.COMPARATOR, AreaKind.PLACE)):
        errors.append(FieldError("area", _("There is no area with this code.")))
    if given.area and given.whole_place:
        errors.append(FieldError("area", _("Name an area or the whole place, not both.")))
    return maker, area, errors


def _known(writes: WriteSession, place: PlaceCard, origin: str, ref: str) -> bool:
    query = select(Promise.id).where(Promise.collaboration_id == place.id, Promise.origin == origin, Promise.ref == ref)
    return writes.exec(query).first() is not None


def _get(writes: WriteSession, place: PlaceCard, promise_id: UUID) -> Promise:
    query = select(Promise).where(Promise.collaboration_id == place.id, Promise.id == promise_id)
    promise = writes.exec(query.with_for_update()).first()
    if promise is None:
        raise NotFound
    return promise


def _must_be_allowed(promise: Promise, mover: rules.Mover, to: Standing) -> None:
    allowed = rules.moves(promise.standing, mover, promise.side)
    if to in allowed:
        return
    words = ", ".join(sorted(allowed)) or _("none")
    detail = _("From %(standing)s you cannot go there. What is allowed: %(words)s.", standing=promise.standing.value, words=words)
    raise Conflict(detail, allowed=sorted(allowed))


def _must_be_explained(
    writes: WriteSession, place: PlaceCard, promise: Promise, mover: rules.Mover, given: ProgressIn, now: datetime
) -> None:
    errors = []
    if promise.standing in rules.UNPUBLISHED and given.to not in rules.UNPUBLISHED:
        lacking = rules.lacking(promise.made_on, promise.due_on, promise.review_by, promise.kept_when)
        errors += [FieldError("to", _(sentence) + " " + _("Add it to the draft first.")) for sentence in lacking.values()]
    if given.to == Standing.CHANGED:
        if not given.reason:
            errors.append(FieldError("reason", _("Say why it was changed.")))
        if given.successor is None or given.successor == promise.id or not _exists(writes, place, given.successor):
            errors.append(FieldError("successor", _("Name the promise that takes its place.")))
        if given.community_agreed and not rules.may_say_agreed(mover):
            raise Refused(_("That the community agreed is for somebody of another organisation to say, signed in."))
    if given.to == Standing.RELEASED:
        if not given.released_by:
            errors.append(FieldError("released_by", _("Say who let it go.")))
        if given.released_on is None or given.released_on > local_day(now, place.time_zone):
            errors.append(FieldError("released_on", _("Say when they let it go: today or earlier.")))
    if errors:
        raise Invalid(*errors)


def _exists(writes: WriteSession, place: PlaceCard, promise_id: UUID) -> bool:
    query = select(Promise.id).where(
        Promise.collaboration_id == place.id, Promise.id == promise_id, col(Promise.standing).in_(rules.PUBLIC)
    )
    return writes.exec(query).first() is not None


def _agreed(writes: WriteSession, promise: Promise, entry: Progress, mover: rules.Mover) -> bool:
    """Whether this verdict and an earlier one in the same dispute settle it."""
    rows = writes.exec(
        select(Progress)
        .where(Progress.collaboration_id == promise.collaboration_id, Progress.promise_id == promise.id)
        .order_by(col(Progress.number).desc())
    ).all()
    claimant = find_claimant(writes, promise)
    verdicts = [rules.Verdict(str(entry.actor_id), entry.asked_for or Standing.DISPUTED, mover in rules.OUTSIDE)]
    for row in rows:
        if row.moved_to is not None:  # the dispute began here
            break
        if row.asked_for is not None and row.actor_id is not None:
            outside = row.organisation_id != promise.maker_id and row.actor_id != claimant
            verdicts.append(rules.Verdict(str(row.actor_id), row.asked_for, outside))
    return rules.is_agreed(verdicts, verdicts[0].to)


def _move(place: PlaceCard, promise: Promise, entry: Progress, given: ProgressIn, now: datetime) -> None:
    to, today = given.to or promise.standing, local_day(now, place.time_zone)
    entry.moved_from, entry.moved_to = promise.standing, to
    settle(promise, to, today)
    if to == Standing.CLAIMED_KEPT:
        promise.claimed_on = today
    if to == Standing.CHANGED:
        promise.successor_id, promise.community_agreed = given.successor, bool(given.community_agreed)
    if to == Standing.RELEASED:
        promise.released_by, promise.released_on = given.released_by, given.released_on
