"""Writing a draft anew, as long as nobody else has read it."""

from datetime import datetime
from uuid import UUID

from sqlmodel import select

from service import findable
from service.database import WriteSession
from service.errors import Conflict, Invalid, NotFound, Refused
from service.journal.actions import record
from service.language import _
from service.places.queries import PlaceCard
from service.promises import rules
from service.promises.actions import Speaker, checked
from service.promises.deal_naming_actions import find_or_make_deal
from service.promises.models import DraftIn, Promise

WRITTEN = ("text", "summary", "made_on", "due_on", "review_by", "kept_when", "source", "deal", "owner", "audience", "whole_place")


def must_be_a_draft(row: Promise) -> None:
    """Lets through what nobody else has read yet. Raises: Conflict for what is published."""
    if row.standing not in rules.UNPUBLISHED:
        raise Conflict(_("It is published by now, and its words stay. Say that it is changed, and name the promise that takes its place."))


def rewrite_draft(writes: WriteSession, speaker: Speaker, place: PlaceCard, promise_id: UUID, given: DraftIn, now: datetime) -> bool:
    """Gives a draft, or what was put forward, other words; answers whether anything changed. Whose part it is stays.

    Raises: NotFound for whoever may not know of it, Conflict once it is published, Invalid by field, Refused in another's name.
    """
    query = select(Promise).where(Promise.collaboration_id == place.id, Promise.id == promise_id)
    row = writes.exec(query.with_for_update().execution_options(populate_existing=True)).first()
    if row is None or (row.standing in rules.UNPUBLISHED and not speaker.may_draft_for(row.maker_id)):
        raise NotFound
    must_be_a_draft(row)
    given = given.model_copy(update={"side": row.side})
    maker, area, errors = checked(writes, place, given, now, draft=True)
    if errors:
        raise Invalid(*errors)
    maker_id = maker.id if maker else None
    if not speaker.may_draft_for(maker_id):
        raise Refused(_("You promise for your own organisation only."))
    wanted = {name: getattr(given, name) or None for name in WRITTEN}
    wanted |= {"whole_place": given.whole_place, "maker_id": maker_id, "area_id": area.id if area else None}
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    if not changed:
        return False
    deal_id = find_or_make_deal(writes, speaker.actor, place, given.deal, now) if given.deal else None
    for name in changed:
        setattr(row, name, wanted[name])
    row.deal_id, row.changed_at = deal_id, now
    writes.add(row)
    writes.flush()
    findable.put(writes, findable.Kind.PROMISE, row)
    fields = [name.removesuffix("_id") for name in changed]
    record(writes, speaker.actor, "rewritten", "promise", row.id, at=now, collaboration_id=place.id, fields=fields)
    return True
