"""Making deals, changing how they are told, and hanging promises on them."""

from datetime import datetime
from uuid import UUID

from sqlmodel import select

from service import findable
from service.database import WriteSession
from service.errors import Conflict, FieldError, Invalid, NotFound, Refused
from service.journal.actions import record
from service.language import _
from service.places.queries import PlaceCard, take_turn
from service.promises import rules
from service.promises.actions import Speaker
from service.promises.deal_models import Deal, DealIn, DealLevel
from service.promises.deal_queries import find_deal_named, find_makers, get_deal_row
from service.promises.models import Promise

TOLD = ("level", "title", "theme", "said", "since", "until")


def make_deal(writes: WriteSession, speaker: Speaker, place: PlaceCard, given: DealIn, now: datetime) -> UUID:
    """A new deal, with nothing in it yet. Raises: Refused for a key, Invalid by field, Conflict for a title that is taken."""
    if speaker.is_key or not (speaker.whole_place or speaker.organisations):
        raise Refused(_("A coordinator makes deals."))
    take_turn(writes, place.id)
    _must_stand(writes, place, None, given)
    row = Deal(
        collaboration_id=place.id, parent_id=given.parent, added_at=now, changed_at=now, **{name: getattr(given, name) for name in TOLD}
    )
    writes.add(row)
    writes.flush()
    record(writes, speaker.actor, "made", "deal", row.id, at=now, collaboration_id=place.id)
    return row.id


def change_deal(writes: WriteSession, speaker: Speaker, place: PlaceCard, deal_id: UUID, given: DealIn, now: datetime) -> bool:
    """Tells a deal in other words, or puts it under another; answers whether anything changed. Its promises keep their words.

    Raises: NotFound, Refused for whoever does not speak for all who promised in it, Invalid by field, Conflict for a title that is taken.
    """
    take_turn(writes, place.id)
    row = get_deal_row(writes, place.id, deal_id)
    if not rules.may_change_deal(speaker.organisations, find_makers(writes, row), whole_place=speaker.whole_place):
        raise Refused(_("Others promised in this deal as well. Somebody who works for the whole place can change it."))
    _must_stand(writes, place, row, given)
    changed = [name for name in TOLD if getattr(row, name) != getattr(given, name)]
    changed += ["parent"] if row.parent_id != given.parent else []
    if not changed:
        return False
    for name in TOLD:
        setattr(row, name, getattr(given, name))
    row.parent_id, row.changed_at = given.parent, now
    writes.add(row)
    writes.flush()
    if "title" in changed:
        for promise in writes.exec(select(Promise).where(Promise.collaboration_id == place.id, Promise.deal_id == row.id)):
            promise.deal = row.title
            writes.add(promise)
            findable.put(writes, findable.Kind.PROMISE, promise)
    record(writes, speaker.actor, "changed", "deal", row.id, at=now, collaboration_id=place.id, fields=changed)
    return True


def attach_promise(writes: WriteSession, speaker: Speaker, place: PlaceCard, promise_id: UUID, deal_id: UUID | None, now: datetime) -> bool:
    """Hangs a promise on a deal, or takes it off; answers whether anything changed. What was promised stays as it is.

    Raises: NotFound for a promise that is not the speaker's to speak of or a deal that is not there.
    """
    query = select(Promise).where(Promise.collaboration_id == place.id, Promise.id == promise_id)
    promise = writes.exec(query.with_for_update()).first()
    if promise is None or not speaker.may_draft_for(promise.maker_id):
        raise NotFound
    deal = get_deal_row(writes, place.id, deal_id) if deal_id else None
    if promise.deal_id == deal_id:
        return False
    promise.deal_id, promise.deal = deal_id, deal.title if deal else None
    promise.changed_at = now
    writes.add(promise)
    writes.flush()
    findable.put(writes, findable.Kind.PROMISE, promise)
    record(writes, speaker.actor, "attached", "promise", promise.id, at=now, collaboration_id=place.id, fields=["deal"])
    return True


def _must_stand(writes: WriteSession, place: PlaceCard, row: Deal | None, given: DealIn) -> None:
    """Whether a deal can be as it is given."""
    errors = []
    same = find_deal_named(writes, place.id, given.title)
    if given.since and given.until and given.until < given.since:
        errors.append(FieldError("until", _("This is earlier than the day it begins.")))
    if given.parent is not None:
        errors += _wrong_parent(writes, place, row, given)
    if row is not None and given.level == DealLevel.PRIORITY and row.level == DealLevel.HEADLINE and _has_any_under(writes, row):
        errors.append(FieldError("level", _("Other deals stand under this one. Take them out first.")))
    if errors:
        raise Invalid(*errors)
    if same is not None and (row is None or same.id != row.id):
        raise Conflict(_("There is a deal with this title already."))


def _wrong_parent(writes: WriteSession, place: PlaceCard, row: Deal | None, given: DealIn) -> list[FieldError]:
    if given.level == DealLevel.HEADLINE:
        return [FieldError("parent", _("A headline deal stands under no other."))]
    parent = writes.get(Deal, (place.id, given.parent))
    if parent is None or parent.level != DealLevel.HEADLINE or (row is not None and parent.id == row.id):
        return [FieldError("parent", _("Choose a headline deal that is there."))]
    return []


def _has_any_under(writes: WriteSession, row: Deal) -> bool:
    query = select(Deal.id).where(Deal.collaboration_id == row.collaboration_id, Deal.parent_id == row.id)
    return writes.exec(query).first() is not None
