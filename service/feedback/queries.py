"""Asking about messages: what a code opens, and what staff may read."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from cryptography.fernet import InvalidToken
from sqlalchemy import ColumnElement, and_, false, func
from sqlmodel import col, select

from service.database import ReadSession
from service.days import local_day
from service.errors import NotFound
from service.feedback import rules
from service.feedback.answers import find_replies, trail_of
from service.feedback.models import (
    Became,
    Channel,
    Contact,
    Feedback,
    Kind,
    Publication,
    Reply,
    ReplyOut,
    Share,
    State,
    StepOut,
    Tier,
    WithheldReason,
)
from service.feedback.receipts import hashes_of
from service.people.models import Member
from service.people.rules import reach, reaches
from service.places.models import Area, Organisation, Topic
from service.places.queries import PlaceCard
from service.server_keys import ServerKeys
from service.tables import moment_text

EXCERPT = 280
"""Characters of a message in a list."""


# ---- with the code ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """What the holder of a code sees: their own words and all that came of them."""

    became: Became
    body: str | None
    want: str | None
    have: str | None
    gap: str | None
    language: str | None
    share: Share
    received_on: date
    working_days: int | None


def get_by_code(reads: ReadSession, keys: ServerKeys, place: PlaceCard, code: str, *, held: bool = False) -> Feedback:
    """The message that a code opens; `held` until the transaction ends. Raises: NotFound, the same for every code that opens nothing."""
    hashes = hashes_of(keys, place.id, code)
    query = select(Feedback).where(Feedback.collaboration_id == place.id, col(Feedback.key_hash).in_(hashes))
    found = reads.exec(query.with_for_update() if held else query).first()
    if found is None:
        raise NotFound
    return found


def get_answer(reads: ReadSession, keys: ServerKeys, place: PlaceCard, code: str, now: datetime) -> Answer:
    """What became of the message that a code opens. Raises: NotFound."""
    message = get_by_code(reads, keys, place, code)
    received_on = local_day(message.received_at, place.time_zone)
    ended_on = local_day(message.replied_at or message.withdrawn_at or now, place.time_zone)
    area = reads.get(Area, (place.id, message.area_id)) if message.area_id else None
    gone = message.state == State.WITHDRAWN
    became = Became(
        state=message.state,
        publication=message.publication,
        withheld_reason=WithheldReason(message.withheld_reason) if message.withheld_reason else None,
        received_at=message.received_at,
        answer_by=rules.answer_by(received_on, place.working_days),
        days_waiting=max(0, (ended_on - received_on).days),
        kind=message.kind,
        area=area.code if area else None,
        whole_place=message.whole_place,
        replies=[] if gone else find_replies(reads, message),
        trail=trail_of(message),
    )
    replied_on = local_day(message.replied_at, place.time_zone) if message.replied_at else None
    return Answer(
        became=became,
        body=message.body,
        want=message.want,
        have=message.have,
        gap=message.gap,
        language=message.language,
        share=message.share,
        received_on=received_on,
        working_days=place.working_days.between(received_on, replied_on) if replied_on else None,
    )


# ---- for staff -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message in the inbox. `waited` counts working days until the first reply, or until today."""

    id: UUID
    excerpt: str
    cut: bool
    kind: Kind | None
    language: str | None
    channel: Channel
    on_behalf: bool
    state: State
    area: str | None
    whole_place: bool
    topic: str | None
    organisation: str | None
    received_on: date
    waited: int
    due_on: date
    late: bool
    may_answer: bool


@dataclass(frozen=True, slots=True)
class MessageCard:
    """One message as staff read it, with what may be done."""

    row: MessageRow
    body: str | None
    want: str | None
    have: str | None
    gap: str | None
    tier: Tier | None
    share: Share
    promise_id: UUID | None
    occurred_on: date | None
    contact: str | None
    area_code: str | None
    organisation_code: str | None
    publication: Publication
    withheld_reason: str | None
    published_on: date | None
    replies: list[ReplyOut]
    trail: list[StepOut]
    may_mark_read: bool
    may_answer: bool
    may_publish: bool
    may_withhold: bool


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of the inbox, and how many messages there are in each of its parts. Units: messages, never people."""

    rows: list[MessageRow]
    next: str | None
    owed: int
    unread: int
    answered: int
    late: int
    offered: int | None
    """Messages whose words wait for a decision whether others may read them; None for those who do not decide."""


PARTS: dict[str, tuple[State, ...]] = {
    "owed": rules.OPEN,
    "unread": (State.RECEIVED, State.ACKNOWLEDGED),
    "answered": (State.REPLIED, State.LOOP_CLOSED),
}


OFFERED = "offered"
"""One more part: words that wait for a decision whether others may read them."""


def visible_to(member: Member) -> ColumnElement[bool]:
    """Which messages a member may read: everywhere the words of a message are listed, counted or opened, this decides.

    A message of no organisation is for those whose role names none; another also for its own organisation's people.
    """
    organisations = reach(member.grants, rules.READERS)
    here = col(Feedback.collaboration_id) == member.place.id
    kept = col(Feedback.state) != State.WITHDRAWN
    if organisations is None:
        return and_(here, kept)
    return and_(here, kept, col(Feedback.organisation_id).in_(organisations) if organisations else false())


def find_messages(
    reads: ReadSession, member: Member, part: str, now: datetime, *, after: tuple[datetime, UUID] | None = None, most: int = 50
) -> Inbox:
    """The messages of one part of the inbox, the longest wait first; what is answered, the latest first."""
    newest_first = part == "answered"
    query = _listed().where(visible_to(member), _waits_for(member) if part == OFFERED else col(Feedback.state).in_(PARTS[part]))
    order = (col(Feedback.received_at), col(Feedback.id))
    if after:
        at, last = after
        beyond = col(Feedback.received_at) < at if newest_first else col(Feedback.received_at) > at
        tie = col(Feedback.id) < last if newest_first else col(Feedback.id) > last
        query = query.where(beyond | and_(col(Feedback.received_at) == at, tie))
    query = query.order_by(*(column.desc() if newest_first else column for column in order)).limit(most + 1)
    found = list(reads.exec(query))
    rows = [_message_row(member, now, *row) for row in found[:most]]
    more = cursor_of(found[most - 1][0]) if len(found) > most else None
    return Inbox(rows, more, *_counts(reads, member, now))


def _waits_for(member: Member) -> ColumnElement[bool]:
    """Whose words this member may publish or withhold, and nobody has."""
    own = {grant.organisation_id for grant in member.grants if grant.organisation_id}
    others = col(Feedback.organisation_id).is_(None) | col(Feedback.organisation_id).not_in(own)
    return and_(col(Feedback.publication) == Publication.WAITING, col(Feedback.state).not_in(rules.NEVER_PUBLIC), others)


def _count_offered(reads: ReadSession, member: Member) -> int | None:
    if not rules.may_decide(member.grants, None):
        return None
    return reads.exec(select(func.count()).select_from(Feedback).where(visible_to(member), _waits_for(member))).one()


def cursor_of(message: Feedback) -> str:
    """Where the next page begins."""
    return f"{moment_text(message.received_at)}~{message.id.hex}"


def read_cursor(text: str) -> tuple[datetime, UUID] | None:
    """What `cursor_of` wrote; None for anything else."""
    try:
        at, _tilde, last = text.partition("~")
        return datetime.fromisoformat(at).astimezone(UTC), UUID(hex=last)
    except (ValueError, OverflowError):
        return None


def _counts(reads: ReadSession, member: Member, now: datetime) -> tuple[int, int, int, int, int | None]:
    rows = reads.exec(select(Feedback.state, func.count()).where(visible_to(member)).group_by(col(Feedback.state)))
    by_state = {State(state): count for state, count in rows}
    owed, unread, answered = (sum(by_state.get(state, 0) for state in PARTS[part]) for part in ("owed", "unread", "answered"))
    return owed, unread, answered, _count_late(reads, member, now), _count_offered(reads, member)


def _count_late(reads: ReadSession, member: Member, now: datetime) -> int:
    """Messages that still wait after the day their answer was due. Counted by day of receipt: the due day depends on it alone."""
    today = local_day(now, member.place.time_zone)
    query = select(Feedback.received_at).where(visible_to(member), col(Feedback.state).in_(rules.OPEN))
    days = (local_day(at, member.place.time_zone) for at in reads.exec(query))
    return sum(rules.answer_by(day, member.place.working_days) < today for day in days)


def get_message_row(reads: ReadSession, member: Member, message_id: UUID) -> Feedback:
    """A message that this member may read, held until the transaction ends. Raises: NotFound for every other."""
    found = reads.exec(select(Feedback).where(visible_to(member), Feedback.id == message_id).with_for_update()).first()
    if found is None:
        raise NotFound
    return found


def get_message(reads: ReadSession, keys: ServerKeys, member: Member, message_id: UUID, now: datetime) -> MessageCard:
    """One message with its replies and what this member may do with it. Raises: NotFound."""
    found = reads.exec(_listed().where(visible_to(member), Feedback.id == message_id)).first()
    if found is None:
        raise NotFound
    message = found[0]
    answering = reaches(member.grants, rules.ANSWERERS, message.organisation_id)
    row = _message_row(member, now, *found)
    deciding = rules.may_decide(member.grants, message.organisation_id)
    return MessageCard(
        row=row,
        body=message.body,
        want=message.want,
        have=message.have,
        gap=message.gap,
        tier=message.tier,
        share=message.share,
        promise_id=message.promise_id,
        occurred_on=message.occurred_on,
        contact=_contact(reads, keys, message) if answering else None,
        area_code=_code(reads, Area, message.collaboration_id, message.area_id),
        organisation_code=_code(reads, Organisation, message.collaboration_id, message.organisation_id),
        publication=message.publication,
        withheld_reason=message.withheld_reason,
        published_on=message.published_on,
        replies=find_replies(reads, message),
        trail=trail_of(message),
        may_mark_read=rules.may_move(message.state, State.IN_REVIEW),
        may_answer=row.may_answer,
        may_publish=deciding and rules.may_publish(message.state, message.publication),
        may_withhold=deciding and rules.may_withhold(message.publication),
    )


def _code(reads: ReadSession, table: Any, place_id: UUID, row_id: UUID | None) -> str | None:
    row = reads.get(table, (place_id, row_id)) if row_id else None
    return row.code if row else None


def find_last_replied(reads: ReadSession, place_id: UUID) -> dict[UUID, datetime]:
    """By organisation: when it last answered a message."""
    newest = (
        select(func.max(Reply.published_at))
        .where(Reply.collaboration_id == Organisation.collaboration_id, Reply.organisation_id == Organisation.id)
        .correlate(Organisation)
        .scalar_subquery()
    )
    rows = reads.exec(select(Organisation.id, newest).where(Organisation.collaboration_id == place_id))
    return {organisation_id: at for organisation_id, at in rows if at is not None}


def _contact(reads: ReadSession, keys: ServerKeys, message: Feedback) -> str | None:
    """How the sender asked to be reached, for the reply only: opened for those who may write it."""
    row = reads.get(Contact, (message.collaboration_id, message.id))
    key = keys.version(row.key_version) if row else None
    try:
        return key.contacts.decrypt(row.sealed.encode()).decode() if row and key else None
    except InvalidToken:  # sealed under a key that was lost
        return None


def _listed() -> Any:
    return (
        select(Feedback, Area.name, Topic.name, Organisation.name)
        .join(Area, and_(col(Area.collaboration_id) == Feedback.collaboration_id, col(Area.id) == Feedback.area_id), isouter=True)
        .join(Topic, and_(col(Topic.collaboration_id) == Feedback.collaboration_id, col(Topic.id) == Feedback.topic_id), isouter=True)
        .join(
            Organisation,
            and_(col(Organisation.collaboration_id) == Feedback.collaboration_id, col(Organisation.id) == Feedback.organisation_id),
            isouter=True,
        )
    )


def _message_row(
    member: Member, now: datetime, message: Feedback, area: str | None, topic: str | None, organisation: str | None
) -> MessageRow:
    place = member.place
    received_on, today = local_day(message.received_at, place.time_zone), local_day(now, place.time_zone)
    until = local_day(message.replied_at, place.time_zone) if message.replied_at and message.state not in rules.OPEN else today
    due_on = rules.answer_by(received_on, place.working_days)
    answering = reaches(member.grants, rules.ANSWERERS, message.organisation_id)
    words = message.body or message.want or message.have or message.gap or ""
    return MessageRow(
        id=message.id,
        excerpt=words[:EXCERPT],
        cut=len(words) > EXCERPT,
        kind=message.kind,
        language=message.language,
        channel=message.channel,
        on_behalf=message.on_behalf,
        state=message.state,
        area=area,
        whole_place=message.whole_place,
        topic=topic,
        organisation=organisation,
        received_on=received_on,
        waited=place.working_days.between(received_on, until),
        due_on=due_on,
        late=message.state in rules.OPEN and due_on < today,
        may_answer=answering and rules.way_to_reply(message.state) is not None,
    )
