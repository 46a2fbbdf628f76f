"""Taking somebody out for good: when they take their yes back, and when they ask for it."""

from datetime import datetime

from service import tombstones
from service.database import WriteSession
from service.journal.actions import Actor, record
from service.outcomes.models import PersonKey
from service.register import Subject
from service.removal import sweep
from service.tombstones import Gone, Why


def forget(writes: WriteSession, actor: Actor, person: PersonKey, why: Why, now: datetime) -> None:
    """Takes out every reading, goal and yes of somebody; a tombstone takes them out again after an older backup is restored."""
    place_id, person_id = person.collaboration_id, person.id
    sweep(writes, Subject.PERSON, place_id, [person_id])
    tombstones.leave(writes, actor, Gone.PERSON, person_id, why, at=now, collaboration_id=place_id)
    record(writes, actor, "erased", "person_key", person_id, at=now, collaboration_id=place_id)
