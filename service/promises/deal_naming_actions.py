"""A deal by its title, as a promise names it: found, or made."""

from datetime import datetime
from uuid import UUID

from service.database import WriteSession
from service.journal.actions import Actor, record
from service.places.queries import PlaceCard, take_turn
from service.promises.deal_models import Deal
from service.promises.deal_queries import find_deal_named


def find_or_make_deal(writes: WriteSession, actor: Actor, place: PlaceCard, title: str, now: datetime) -> UUID:
    """The deal with this title; where there is none yet, a new one."""
    found = find_deal_named(writes, place.id, title)
    if found is None:
        take_turn(writes, place.id)
        found = find_deal_named(writes, place.id, title)
    if found is not None:
        return found.id
    row = Deal(collaboration_id=place.id, title=title, added_at=now, changed_at=now)
    writes.add(row)
    writes.flush()
    record(writes, actor, "made", "deal", row.id, at=now, collaboration_id=place.id)
    return row.id
