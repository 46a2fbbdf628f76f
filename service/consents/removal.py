"""What follows when a yes ends: nobody else reads the words any more, wherever they stood, in the same transaction."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from service.consents import queries
from service.consents.models import Consent, Purpose
from service.database import WriteSession
from service.days import local_day
from service.feedback import counts
from service.feedback.models import Feedback, Publication, Share
from service.journal.actions import OPERATOR, Actor, record
from service.narratives.models import Narrative, StoryState
from service.places.queries import PlaceCard

SHOWN_BY = {
    Purpose.SHARE_WORDS_PUBLIC: StoryState.SHARED_PUBLIC,
    Purpose.SHARE_ANONYMISED_PARTNERS: StoryState.SHARED_PARTNERS,
}
"""In which state a story is read by others because of which yes."""

OFFERED = (Publication.WAITING, Publication.PUBLISHED, Publication.WITHHELD)


def put_away(writes: WriteSession, place: PlaceCard, message: Feedback) -> None:
    """From now on only the team reads this message. What was withheld is not offered any more either."""
    with counts.changing(writes, place, message):
        message.share = Share.TEAM_ONLY
        if message.publication in OFFERED:
            message.publication, message.withheld_reason, message.published_on = Publication.NOT_OFFERED, None, None
        writes.add(message)
        writes.flush()


def rest(writes: WriteSession, story: Narrative, purpose: Purpose) -> bool:
    """A story that others read because of this yes rests, until somebody decides anew; answers whether one did."""
    if story.state != SHOWN_BY.get(purpose):
        return False
    story.state = StoryState.PAUSED
    writes.add(story)
    writes.flush()
    return True


def expire(writes: WriteSession, place: PlaceCard, ids: Sequence[UUID], now: datetime) -> None:
    """Acts on the last day of these consents being over. Where another yes to the same still holds, nothing else changes."""
    _end(writes, OPERATOR, place, ids, now, taken_back=False)


def withdraw_again(writes: WriteSession, place: PlaceCard, consent_id: UUID, now: datetime) -> None:
    """Takes a yes back that an older copy of the database still knows as one. Unknown ones need nothing."""
    _end(writes, OPERATOR, place, [consent_id], now, taken_back=True)


def _end(writes: WriteSession, actor: Actor, place: PlaceCard, ids: Sequence[UUID], now: datetime, *, taken_back: bool) -> None:
    query = select(Consent).where(Consent.collaboration_id == place.id, col(Consent.id).in_(ids), queries.STANDS)
    for yes in writes.exec(query.order_by(col(Consent.id)).with_for_update()).all():
        if taken_back:
            yes.withdrawn_at = now
        else:
            yes.expired_at = now
        writes.add(yes)
        writes.flush()
        subject, subject_id = ("feedback", yes.feedback_id) if yes.feedback_id else ("narrative", yes.narrative_id)
        assert subject_id is not None  # noqa: S101 (a CHECK of the table)
        _follow(writes, place, yes, now)
        verb = "consent_ended"
        record(writes, actor, verb, subject, subject_id, at=now, collaboration_id=place.id, fields=["consent", yes.purpose])


def _follow(writes: WriteSession, place: PlaceCard, yes: Consent, now: datetime) -> None:
    subject = {"message_id": yes.feedback_id} if yes.feedback_id else {"story_id": yes.narrative_id}
    today = local_day(now, place.time_zone)
    if queries.live_one(queries.find_yeses(writes, place.id, today, place.time_zone, **subject), yes.purpose):
        return
    if yes.narrative_id:
        rest(writes, writes.get_one(Narrative, (place.id, yes.narrative_id)), yes.purpose)
    elif yes.purpose == Purpose.SHARE_WORDS_PUBLIC:
        put_away(writes, place, writes.get_one(Feedback, (place.id, yes.feedback_id)))
