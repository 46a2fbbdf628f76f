"""Taking the words of stories out: when they are taken back, when somebody has them erased, when their time is over."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from service import idempotency, tombstones
from service.consents.guards import take_back_yeses
from service.database import WriteSession
from service.journal.actions import Actor, record
from service.narratives.models import Narrative, StoryState
from service.register import Subject
from service.removal import sweep
from service.tombstones import Gone, Why

_narrative = Narrative.__table__  # type: ignore[attr-defined]


def take_back(writes: WriteSession, actor: Actor, row: Narrative, why: Why, now: datetime) -> None:
    """Takes a story back for good: its words leave the database, its consents end, dates stay."""
    if row.state == StoryState.WITHDRAWN:
        return
    place_id, story_id, public_id = row.collaboration_id, row.id, row.public_id
    row.state, row.withdrawn_at = StoryState.WITHDRAWN, now
    row.title = row.body = row.barrier = row.language = None
    writes.add(row)
    sweep(writes, Subject.STORY, place_id, [story_id])
    take_back_yeses(writes, place_id, now, story_id=story_id)
    idempotency.forget(writes, place_id, public_id)
    tombstones.leave(writes, actor, Gone.STORY, story_id, why, at=now, collaboration_id=place_id)
    record(writes, actor, "withdrawn", "narrative", story_id, at=now, collaboration_id=place_id, fields=["state", "body"])


def outlive(writes: WriteSession, place_id: UUID, ids: Sequence[UUID], now: datetime) -> None:
    """Takes the words out of stories whose time is over. The stories stay, for the sums."""
    sweep(writes, Subject.STORY, place_id, ids, too_old=True)
    these = (_narrative.c.collaboration_id == place_id) & _narrative.c.id.in_(ids)
    writes.execute(update(_narrative).where(these).values(words_removed_at=now))
