"""Bringing the ledger and the database together: after an older backup was put back, what was taken out is taken out again."""

from collections import Counter
from datetime import datetime
from pathlib import Path

from service.consents import removal as consent_removal
from service.consents.guards import take_back_yeses
from service.consents.models import Purpose
from service.database import Database, ReadSession, WriteSession
from service.feedback import removal as message_removal
from service.feedback.models import Feedback
from service.journal.actions import OPERATOR
from service.keeping import ledger
from service.keeping.ledger import Line
from service.narratives import removal as story_removal
from service.narratives.models import Narrative
from service.outcomes import removal as followed_removal
from service.outcomes.models import PersonKey
from service.people import removal as person_removal
from service.people.models import Staff
from service.photos import removal as photo_removal
from service.photos.models import Photo
from service.places.queries import PlaceCard, find_places
from service.removal import AT_ONCE
from service.tombstones import Gone, leave


def catch_up(database: Database, var: Path, now: datetime) -> int:
    """Takes out again what the ledger knows and the database does not, and writes down what the ledger lacks; answers how many again.

    Called before the first request is answered. Whoever restores an older copy needs to do nothing else.
    """
    again = replay(database, ledger.read(ledger.path_in(var)), now)
    write_down(database, var)
    return again


def replay(database: Database, lines: list[Line], now: datetime) -> int:
    """Takes out again what the database does not know to have been taken out; answers how many things that were."""
    if not lines:
        return 0
    with database.read() as reads:
        known = {line.key for line in ledger.find_lines(reads)}
    missing = [line for line in lines if line.key not in known]
    for start in range(0, len(missing), AT_ONCE):
        with database.write() as writes:
            places = {place.id: place for place in find_places(writes)}
            for line in missing[start : start + AT_ONCE]:
                _take_out(writes, places.get(line.collaboration_id), line, now)
                leave(writes, OPERATOR, line.gone, line.subject_id, line.why, at=line.at, collaboration_id=line.collaboration_id)
    return len(missing)


def write_down(database: Database, var: Path, since: datetime | None = None) -> int:
    """Adds to the ledger what the database knows and the ledger does not; answers how many lines."""
    with database.read() as reads:
        found = ledger.find_lines(reads, since=since)
    if not found:
        return 0
    path = ledger.path_in(var)
    known = {line.key for line in ledger.read(path)}
    return ledger.append(path, [line for line in found if line.key not in known])


def count_missing(reads: ReadSession, lines: list[Line]) -> Counter[Gone]:
    """What a replay would take out, by kind."""
    known = {line.key for line in ledger.find_lines(reads)}
    return Counter(line.gone for line in lines if line.key not in known)


def _take_out(writes: WriteSession, place: PlaceCard | None, line: Line, now: datetime) -> None:
    """One thing. What an older copy does not hold yet, or a place that is gone, needs nothing."""
    if line.gone == Gone.PERSON and place is None:
        staff = writes.get(Staff, line.subject_id)
        if staff is not None:
            person_removal.forget(writes, OPERATOR, staff, line.why, now)
    elif place is not None:
        key = (line.collaboration_id, line.subject_id)
        if line.gone == Gone.MESSAGE and (message := writes.get(Feedback, key)) is not None:
            message_removal.take_back(writes, OPERATOR, place, message, line.why, line.at)
        elif line.gone == Gone.STORY and (story := writes.get(Narrative, key)) is not None:
            story_removal.take_back(writes, OPERATOR, story, line.why, line.at)
        elif line.gone == Gone.PERSON and (followed := writes.get(PersonKey, key)) is not None:
            followed_removal.forget(writes, OPERATOR, followed, line.why, line.at)
        elif line.gone == Gone.PHOTO and (photo := writes.get(Photo, key)) is not None:
            photo_removal.take_back(writes, OPERATOR, photo, line.why, line.at)
        elif line.gone == Gone.CONSENT:
            consent_removal.withdraw_again(writes, place, line.subject_id, line.at)
        elif line.gone == Gone.CONTACT:
            take_back_yeses(writes, place.id, line.at, purpose=Purpose.REPLY, message_id=line.subject_id)
            message_removal.drop_contacts(writes, place.id, [line.subject_id])
