"""Asking about messages at the desk: which of them a member may read, answer and decide about, and how a list shows them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, true
from sqlalchemy import select as columns
from sqlmodel import col, select

from service.database import ReadSession
from service.days import day_begins, local_day
from service.errors import NotFound
from service.feedback import rules
from service.feedback.models import Channel, Feedback, Kind, Publication, State
from service.feedback.routing_models import Assignment
from service.feedback.routing_queries import taken
from service.people.models import Member, Staff
from service.people.rules import reach, reaches
from service.places.models import Area, Organisation, Topic
from service.safeguarding.queries import readable_by

EXCERPT = 280
"""Characters of a message in a list."""


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
    taken: bool
    mine: bool
    taken_by: str | None
    """Who has taken it on, for those who may answer it as well."""
    may_show: bool
    """Its words wait for a decision that this member may take: whether others may read them."""


def visible_to(member: Member) -> ColumnElement[bool]:
    """Which messages a member may read: everywhere the words of a message are listed, counted or opened, this decides.

    A message of no organisation is for those whose role names none; another also for its own organisation's people. One that stands
    apart is for those who have opened it in the lane.
    """
    organisations = reach(member.grants, rules.READERS)
    here = col(Feedback.collaboration_id) == member.place.id
    kept = and_(col(Feedback.state) != State.WITHDRAWN, readable_by(member, Feedback))
    if organisations is None:
        return and_(here, kept)
    return and_(here, kept, col(Feedback.organisation_id).in_(organisations) if organisations else false())


def owed_by(member: Member) -> ColumnElement[bool]:
    """Which messages wait for an answer that this member may give."""
    return and_(visible_to(member), owes(member, Feedback))


def to_decide_by(member: Member) -> ColumnElement[bool]:
    """Whose words this member may publish or withhold, and nobody has."""
    return and_(visible_to(member), decides(member, Feedback))


def owes(member: Member, of: Any) -> ColumnElement[bool]:
    """Of what this member may read, what they owe an answer; `of` has the columns of messages."""
    organisations = reach(member.grants, rules.ANSWERERS)
    theirs = true() if organisations is None else of.organisation_id.in_(organisations) if organisations else false()
    return and_(of.state.in_(rules.OPEN), theirs)


def decides(member: Member, of: Any) -> ColumnElement[bool]:
    """Of what this member may read, the words that they decide about; `of` has the columns of messages."""
    if not rules.may_decide(member.grants, None):
        return false()
    own = {grant.organisation_id for grant in member.grants if grant.organisation_id}
    others = of.organisation_id.is_(None) | of.organisation_id.not_in(own)
    return and_(of.publication == Publication.WAITING, of.state.not_in(rules.NEVER_PUBLIC), others)


def find_message_rows(reads: ReadSession, member: Member, ids: Collection[UUID], now: datetime) -> dict[UUID, MessageRow]:
    """These messages as the inbox shows them, as far as this member may read them, by id."""
    found = reads.exec(listed().where(visible_to(member), col(Feedback.id).in_(ids)))
    return {row[0].id: message_row(member, now, *row) for row in found}


def count_late(reads: ReadSession, member: Member, now: datetime, *, owed: bool = False) -> int:
    """Messages that still wait after the day their answer was due: that day depends on the day of receipt alone.

    `owed`: only those that this member owes an answer.
    """
    place, at, ranges = member.place, col(Feedback.received_at), []
    for first, until in rules.late_days(local_day(now, place.time_zone), place.working_days, place.thresholds):
        begins = at >= day_begins(first, place.time_zone) if first else true()
        ranges.append(and_(begins, at < day_begins(until, place.time_zone)))
    late = and_(col(Feedback.state).in_(rules.OPEN), or_(*ranges))
    return reads.exec(select(func.count()).select_from(Feedback).where(owed_by(member) if owed else visible_to(member), late)).one()


def get_message_row(reads: ReadSession, member: Member, message_id: UUID, *, held: bool = False) -> Feedback:
    """A message that this member may read; `held` until the transaction ends. Raises: NotFound for every other."""
    query = select(Feedback).where(visible_to(member), Feedback.id == message_id)
    found = reads.exec(query.with_for_update() if held else query).first()
    if found is None:
        raise NotFound
    return found


def listed() -> Any:
    """Messages with the names that their rows show, for `message_row`."""
    return (
        columns(Feedback, *(col(name) for name in (Area.name, Topic.name, Organisation.name, Assignment.staff_id, Staff.name)))
        .join(Area, and_(col(Area.collaboration_id) == Feedback.collaboration_id, col(Area.id) == Feedback.area_id), isouter=True)
        .join(Topic, and_(col(Topic.collaboration_id) == Feedback.collaboration_id, col(Topic.id) == Feedback.topic_id), isouter=True)
        .join(
            Organisation,
            and_(col(Organisation.collaboration_id) == Feedback.collaboration_id, col(Organisation.id) == Feedback.organisation_id),
            isouter=True,
        )
        .join(Assignment, taken(), isouter=True)
        .join(Staff, col(Staff.id) == Assignment.staff_id, isouter=True)
    )


def message_row(  # noqa: PLR0913 (each is a column of `_listed`)
    member: Member,
    now: datetime,
    message: Feedback,
    area: str | None,
    topic: str | None,
    organisation: str | None,
    taken_by: UUID | None,
    name: str | None,
) -> MessageRow:
    """One row of `listed` as the inbox shows it."""
    place = member.place
    received_on, today = local_day(message.received_at, place.time_zone), local_day(now, place.time_zone)
    until = local_day(message.replied_at, place.time_zone) if message.replied_at and message.state not in rules.OPEN else today
    due_on = rules.answer_by(received_on, place.working_days, place.thresholds)
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
        taken=taken_by is not None,
        mine=taken_by == member.person.staff_id,
        taken_by=name if answering else None,
        may_show=(
            message.publication == Publication.WAITING
            and message.lane is None
            and rules.may_publish(message.state, message.publication)
            and rules.may_decide(member.grants, message.organisation_id)
        ),
    )
