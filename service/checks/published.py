"""What everybody may be asked: promises that wait for somebody to say whether it happened."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from service.checks import rules
from service.database import ReadSession
from service.promises.models import Promise


@dataclass(frozen=True, slots=True)
class PromiseToCheck:
    """A promise of which residents are asked whether it happened; until somebody says that it did, whether it is happening."""

    id: UUID
    words: str
    judged: bool


def find_to_check(reads: ReadSession, place_id: UUID, ids: Collection[UUID | None]) -> list[PromiseToCheck]:
    """Those of these promises about which residents are asked."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return []
    query = select(Promise).where(Promise.collaboration_id == place_id, col(Promise.id).in_(wanted)).order_by(col(Promise.id))
    return [
        PromiseToCheck(row.id, row.summary or row.text, row.standing in rules.JUDGED)
        for row in reads.exec(query)
        if rules.may_be_checked(row.side, row.standing)
    ]
