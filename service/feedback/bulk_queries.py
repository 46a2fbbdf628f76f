"""Asking what came of an act on several messages at once."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import select

from service.database import ReadSession
from service.feedback.bulk_models import BulkItem, Result, Together
from service.people.models import Member

UNDOABLE = timedelta(hours=1)
"""How long an act can be undone; how it was before is forgotten after a day."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done with the messages that were marked. Units: messages. `missing`: marked, and not to be found any more."""

    act: Together
    bulk_id: UUID | None = None
    results: Counter[Result] | None = None
    missing: int = 0
    may_undo: bool = False

    def number(self, result: str) -> int:
        """Of how many this came."""
        return (self.results or Counter())[Result(result)]


def find_items(reads: ReadSession, member: Member, bulk_id: UUID) -> list[BulkItem]:
    """The messages of an act of this member's own, in no telling order."""
    query = select(BulkItem).where(BulkItem.collaboration_id == member.place.id, BulkItem.bulk_id == bulk_id)
    return list(reads.exec(query.where(BulkItem.staff_id == member.person.staff_id)))


def find_done(reads: ReadSession, member: Member, text: str, now: datetime) -> Done | None:
    """What an address says was done, for instance `take.<id>.4`, 4 being marked; None for anything else, and for what others did."""
    act, _dot, rest = text.partition(".")
    bulk, _dot, marked = rest.partition(".")
    if act not in set(Together) or not marked.isdecimal() or len(marked) > 3:
        return None
    if bulk == "none":
        return Done(Together(act), missing=int(marked))
    try:
        items = find_items(reads, member, UUID(hex=bulk))
    except ValueError:
        return None
    results = Counter(item.result for item in items)
    if not items:
        return None
    missing = max(0, int(marked) - len(items))
    fresh = any(item.result == Result.DONE and now - item.at < UNDOABLE for item in items)
    return Done(Together(act), UUID(hex=bulk), results, missing, may_undo=fresh and not results[Result.UNDONE])
