"""Messages that everybody may read: nothing else of feedback is ever listed to the public."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, select

from service import findable
from service.consents.queries import is_offered
from service.database import ReadSession
from service.days import local_day, week_of
from service.feedback import rules
from service.feedback.answer_models import PublishedOut, PublishedReply
from service.feedback.models import Feedback, Kind, Publication, Reply, State
from service.photos.models import PhotoOut
from service.photos.queries import find_shown
from service.places.models import Area, Organisation, Topic
from service.places.queries import PlaceCard
from service.tasks.queries import find_tasks_said


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which published messages are asked for; what is not named does not matter. `area` is a code, `words` are all in the message.

    `ids` are public ids; of `topics`, codes, None stands for none at all.
    """

    state: State | None = None
    kind: Kind | None = None
    area: str | None = None
    since: date | None = None
    words: str | None = None
    until: date | None = None
    ids: tuple[UUID, ...] = ()
    topics: tuple[str | None, ...] = ()


def is_published(place_id: UUID) -> ColumnElement[bool]:
    """Which messages everybody may read: wherever they are listed, counted or found, this decides."""
    return and_(
        col(Feedback.collaboration_id) == place_id,
        col(Feedback.publication) == Publication.PUBLISHED,
        col(Feedback.published_on).is_not(None),  # always: a CHECK of the table; so said, the index by weeks begins behind all the others
        col(Feedback.state).not_in(rules.NEVER_PUBLIC),
        col(Feedback.lane).is_(None),
        is_offered(),
    )


def find_published(
    reads: ReadSession,
    place: PlaceCard,
    wanted: Wanted,
    *,
    after: tuple[date, UUID] | None = None,
    most: int | None = None,
    newest_first: bool = False,
) -> list[PublishedOut]:
    """The published messages of a collaboration with their replies, in the order of the weeks in which they were first public."""
    by_week = col(Feedback.published_on).desc() if newest_first else col(Feedback.published_on)
    query = (
        select(Feedback, Area.code, Topic.code)
        .join(Area, and_(col(Area.collaboration_id) == Feedback.collaboration_id, col(Area.id) == Feedback.area_id), isouter=True)
        .join(Topic, and_(col(Topic.collaboration_id) == Feedback.collaboration_id, col(Topic.id) == Feedback.topic_id), isouter=True)
        .where(is_published(place.id))
        .order_by(by_week, col(Feedback.public_id))
        .limit(most)
    )
    if wanted.state is not None:
        query = query.where(Feedback.state == wanted.state)
    if wanted.kind is not None:
        query = query.where(Feedback.kind == wanted.kind)
    if wanted.area is not None:
        query = query.where(Area.code == wanted.area)
    if wanted.since is not None:
        query = query.where(col(Feedback.published_on) >= week_of(wanted.since))
    if wanted.until is not None:
        query = query.where(col(Feedback.published_on) <= wanted.until)
    if wanted.ids:
        query = query.where(col(Feedback.public_id).in_(wanted.ids))
    if wanted.topics:
        named = col(Topic.code).in_([code for code in wanted.topics if code])
        query = query.where(or_(named, col(Topic.code).is_(None)) if None in wanted.topics else named)
    if wanted.words:
        query = query.where(findable.holds(col(Feedback.id), place.id, findable.Kind.MESSAGE, wanted.words))
    if after:
        week, last = after
        later = and_(col(Feedback.published_on) == week, col(Feedback.public_id) > last)
        beyond = col(Feedback.published_on) < week if newest_first else col(Feedback.published_on) > week
        query = query.where(or_(beyond, later))
    rows = reads.exec(query).all()
    replies = _find_replies(reads, place, [message for message, *_codes in rows])
    photos = find_shown(reads, place.id, [message.public_id for message, *_codes in rows])
    return [
        _published(message, message.published_on, area, topic, replies.get(message.id, []), photos.get(message.public_id, []))
        for message, area, topic in rows
        if message.published_on  # always: a CHECK of the table
    ]


def _find_replies(reads: ReadSession, place: PlaceCard, messages: list[Feedback]) -> dict[UUID, list[PublishedReply]]:
    """What was answered, by message. The answer to another that says the same is read by everybody only where that one is."""
    ids, merged = [message.id for message in messages], {one.id: one.merged_into_id for one in messages if one.merged_into_id}
    theirs = select(Feedback.id).where(is_published(place.id), col(Feedback.id).in_(merged.values()))
    answered = [*ids, *reads.exec(theirs)] if merged else ids
    query = (
        select(Reply, Organisation.code)
        .join(
            Organisation,
            and_(col(Organisation.collaboration_id) == Reply.collaboration_id, col(Organisation.id) == Reply.organisation_id),
            isouter=True,
        )
        .where(Reply.collaboration_id == place.id, col(Reply.feedback_id).in_(answered))
        .order_by(col(Reply.published_at), col(Reply.id))
    )
    found: dict[UUID, list[PublishedReply]] = {}
    rows = list(reads.exec(query)) if ids else []
    tasks = find_tasks_said(reads, place.id, [reply.id for reply, _code in rows if reply.task_due_on])
    for reply, code in rows:
        given = PublishedReply(
            outcome=reply.outcome,
            body=reply.body,
            reason=reply.reason,
            no_kind=reply.no_kind,
            organisation=code,
            promise=reply.promise_id,
            task=tasks.get(reply.id),
            week=week_of(local_day(reply.published_at, place.time_zone)),
        )
        for read_with in (reply.feedback_id, *(one for one, root in merged.items() if root == reply.feedback_id)):
            found.setdefault(read_with, []).append(given)
    return found


def _published(
    message: Feedback, week: date, area: str | None, topic: str | None, replies: list[PublishedReply], photos: list[PhotoOut]
) -> PublishedOut:
    return PublishedOut(
        id=message.public_id,
        week=week,
        kind=message.kind,
        body=message.body,
        want=message.want,
        have=message.have,
        gap=message.gap,
        tier=message.tier,
        area=area,
        whole_place=message.whole_place,
        topic=topic,
        language=message.language,
        state=message.state,
        replies=replies,
        photos=photos,
    )


def cursor_of(row: PublishedOut) -> str:
    """Where the next page begins."""
    return f"{row.week.isoformat()}~{row.id.hex}"


def read_cursor(text: str | None) -> tuple[date, UUID] | None:
    """What `cursor_of` wrote; None for anything else."""
    week, _tilde, last = (text or "").partition("~")
    try:
        return date.fromisoformat(week), UUID(hex=last)
    except ValueError:
        return None
