"""Taking the words of messages out: when they are taken back, when somebody has them erased, when their time is over."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update

from service import tombstones
from service.consents.guards import take_back_yeses
from service.database import WriteSession
from service.feedback import counts
from service.feedback.guards import stand_alone
from service.feedback.models import Contact, Feedback, Publication, State
from service.journal.actions import Actor, record
from service.photos.guards import let_files_go
from service.places.queries import PlaceCard
from service.register import Subject
from service.removal import sweep
from service.tombstones import Gone, Why

_feedback, _contact = Feedback.__table__, Contact.__table__  # type: ignore[attr-defined]


def take_back(writes: WriteSession, actor: Actor, place: PlaceCard, message: Feedback, why: Why, now: datetime) -> None:
    """Takes a message back for good: its words, the contact and what was answered leave the database; dates stay.

    What was answered goes too, as answers repeat what was said. A tombstone takes it back again after an older backup is restored.
    """
    if message.state == State.WITHDRAWN:
        return
    stand_alone(writes, actor, place, message, now)
    with counts.changing(writes, place, message):
        message.state, message.publication, message.withheld_reason = State.WITHDRAWN, Publication.WITHDRAWN, None
        message.body = message.want = message.have = message.gap = message.body_hash = message.likeness = message.occurred_on = None
        message.withdrawn_at, message.published_on, message.first_published_on = now, None, None
        writes.add(message)
        let_files_go(writes, place.id, [message.id])
        sweep(writes, Subject.MESSAGE, place.id, [message.id])
    take_back_yeses(writes, place.id, now, message_id=message.id)
    tombstones.leave(writes, actor, Gone.MESSAGE, message.id, why, at=now, collaboration_id=place.id)
    fields = ["state", "publication", "body"]
    record(writes, actor, "withdrawn", "feedback", message.id, at=now, collaboration_id=place.id, fields=fields)


def outlive(writes: WriteSession, place_id: UUID, ids: Sequence[UUID], now: datetime) -> None:
    """Takes the words out of messages whose time is over. The messages and their answers stay, for the sums."""
    let_files_go(writes, place_id, ids)
    sweep(writes, Subject.MESSAGE, place_id, ids, too_old=True)
    these = (_feedback.c.collaboration_id == place_id) & _feedback.c.id.in_(ids)
    writes.execute(update(_feedback).where(these).values(body_hash=None, likeness=None, words_removed_at=now))


def drop_contacts(writes: WriteSession, place_id: UUID, ids: Sequence[UUID]) -> None:
    """Forgets how the senders of these messages could be reached."""
    writes.execute(delete(_contact).where(_contact.c.collaboration_id == place_id, _contact.c.feedback_id.in_(ids)))
