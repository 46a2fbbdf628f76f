"""News: what was done and is to be told to programs outside, written beside the journal's row in the same transaction.

Which programs want which news stands in rows of its own, so that a place that nobody listens to costs one quick question and no row.
News holds ids, as the journal does; who sends it, and what it says, is the affair of `service/webhooks/`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, insert, select, text
from sqlmodel import Field, SQLModel

from service.database import WriteSession
from service.tables import Json, Moment, new_id, of_collaboration, of_same, word_type


class Event(StrEnum):
    """What happened, as a program outside is told."""

    FEEDBACK_CREATED = "feedback.created"
    FEEDBACK_UPDATED = "feedback.updated"
    REPLY_PUBLISHED = "reply.published"
    PROMISE_CREATED = "promise.created"
    PROMISE_UPDATED = "promise.updated"
    NARRATIVE_PUBLISHED = "narrative.published"
    NARRATIVE_UPDATED = "narrative.updated"
    OBSERVATIONS_STORED = "observations.stored"
    PING = "ping"


class Standing(StrEnum):
    """What became of one telling."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


NEW = {
    ("feedback", "received"): Event.FEEDBACK_CREATED,
    ("feedback", "imported"): Event.FEEDBACK_CREATED,
    ("promise", "made"): Event.PROMISE_CREATED,
    ("promise", "imported"): Event.PROMISE_CREATED,
    ("observation", "recorded"): Event.OBSERVATIONS_STORED,
    ("observation", "corrected"): Event.OBSERVATIONS_STORED,
}
"""Acts by which something begins. What is done with it later is an update, whichever verb the journal has for it."""

LATER = {"feedback": Event.FEEDBACK_UPDATED, "promise": Event.PROMISE_UPDATED, "narrative": Event.NARRATIVE_UPDATED}
ALSO = {("feedback", "replied"): Event.REPLY_PUBLISHED, ("narrative", "shared"): Event.NARRATIVE_PUBLISHED}
"""What one act is besides an update."""

QUIET = {
    *(("feedback", verb) for verb in ("rated", "redacted", "put_back", "appealed", "upheld", "assigned", "released", "escalated")),
    *(("feedback", verb) for verb in ("drafted", "proposed", "draft_dropped", "returned", "themed", "unthemed")),
    *(("feedback", verb) for verb in ("checked", "added_words", "followed_up", "consented", "noted", "put_away")),
    *(("narrative", verb) for verb in ("submitted", "checked", "consented", "rated", "redacted", "put_back")),
    *(("promise", verb) for verb in ("drafted", "checked", "invited_to_check")),
}
"""What changes no state that anybody outside knows of: what staff note for themselves, and the moment at which a resident said something
more. What follows from it is told when it follows."""

SUBJECTS = frozenset({*LATER, *(subject for subject, _verb in NEW)})


# ---- tables ----------------------------------------------------------------------------------------------------------

MOST_ADDRESS = 500


class Off(StrEnum):
    """Why a webhook is switched off."""

    PAUSED = "paused"
    GONE = "gone"
    FAILING = "failing"


class Webhook(SQLModel, table=True):
    """An address that is told of events. With an organisation: of that organisation's things only.

    The secret is sealed under the server's key. `former` is the one before, which signs as well until `former_until`.
    """

    __table_args__ = (
        of_collaboration(),
        of_same("organisation", "organisation_id"),
        CheckConstraint("(off_at is null) = (off_why is null)", name="off_explained"),
        CheckConstraint("(former is null) = (former_until is null)", name="former_ends"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    organisation_id: UUID | None = None
    address: str = Field(max_length=MOST_ADDRESS)
    description: str = Field(max_length=200)
    events: list[str] = Field(sa_type=Json)
    key_version: int
    secret: str = Field(sa_type=Text)
    former: str | None = Field(default=None, sa_type=Text)
    former_until: datetime | None = Field(default=None, sa_type=Moment)
    given_up: int = 0
    off_at: datetime | None = Field(default=None, sa_type=Moment)
    off_why: Off | None = Field(default=None, sa_type=word_type(Off))
    made_by: UUID | None = Field(default=None, foreign_key="staff.id")
    made_at: datetime = Field(sa_type=Moment)


class Listening(SQLModel, table=True):
    """That a webhook is told of an event now. The rows go while it is switched off."""

    __tablename__ = "webhook_event"
    __table_args__ = (of_collaboration(), of_same("webhook", "webhook_id"))

    collaboration_id: UUID = Field(primary_key=True)
    webhook_id: UUID = Field(primary_key=True)
    event: Event = Field(primary_key=True, sa_type=word_type(Event))


WAITS = text("standing = 'waiting'")


class News(SQLModel, table=True):
    """One event for one webhook: waits to be sent, was delivered, or was given up. Its id is the `webhook-id` of every try."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        of_collaboration(),
        of_same("webhook", "webhook_id"),
        Index("ix_webhook_delivery_due", "webhook_id", "due_at", "id", sqlite_where=WAITS, postgresql_where=WAITS),
        Index("ix_webhook_delivery_turn", "webhook_id", "subject_id", "id", sqlite_where=WAITS, postgresql_where=WAITS),
        Index(None, "collaboration_id", "webhook_id", "id"),
        Index(None, "happened_at"),
    )

    collaboration_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True, default_factory=new_id)
    webhook_id: UUID
    event: Event = Field(sa_type=word_type(Event))
    subject: str = Field(max_length=40)
    subject_id: UUID
    count: int = 1
    happened_at: datetime = Field(sa_type=Moment)
    standing: Standing = Field(default=Standing.WAITING, sa_type=word_type(Standing))
    due_at: datetime = Field(sa_type=Moment)
    attempts: int = 0
    tried_at: datetime | None = Field(default=None, sa_type=Moment)
    status: int | None = None
    fault: str | None = Field(default=None, max_length=20)
    body: str | None = Field(default=None, sa_type=Text)


# ---- telling ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Done:
    """One act, as the journal has it."""

    collaboration_id: UUID
    subject: str
    subject_id: UUID
    verb: str
    by: UUID | None
    at: datetime


_listening = Listening.__table__  # type: ignore[attr-defined]


def events_of(subject: str, verb: str) -> tuple[Event, ...]:
    """What this act is to a program outside; nothing for what stays in the house."""
    act = (subject, verb)
    if act in NEW:
        return (NEW[act],)
    if subject not in LATER or act in QUIET:
        return ()
    return (ALSO[act], LATER[subject]) if act in ALSO else (LATER[subject],)


def tell(writes: WriteSession, places: Collection[UUID], acts: Iterable[Done]) -> None:
    """Writes down what is to be told of these acts, to whom. It is sent when this transaction is committed, and only then."""
    wanted: dict[tuple[UUID, Event], list[UUID]] = {}
    query = select(_listening.c.collaboration_id, _listening.c.event, _listening.c.webhook_id)
    for place_id, event, webhook_id in writes.execute(query.where(_listening.c.collaboration_id.in_(places))):
        wanted.setdefault((place_id, event), []).append(webhook_id)
    if not wanted:
        return
    rows = [
        news_row(act, event, webhook_id, count)
        for act, count in _batched(acts)
        for event in events_of(act.subject, act.verb)
        for webhook_id in wanted.get((act.collaboration_id, event), ())
    ]
    if rows:
        writes.execute(insert(News), rows)


def news_row(act: Done, event: Event, webhook_id: UUID, count: int = 1) -> dict[str, Any]:
    """The row of one event for one webhook."""
    return {
        "collaboration_id": act.collaboration_id,
        "id": new_id(),
        "webhook_id": webhook_id,
        "event": event,
        "subject": act.subject,
        "subject_id": act.subject_id,
        "count": count,
        "happened_at": act.at,
        "standing": Standing.WAITING,
        "due_at": act.at,
        "attempts": 0,
    }


def _batched(acts: Iterable[Done]) -> list[tuple[Done, int]]:
    """Observations that one sender stored together are one piece of news; everything else is a piece of its own."""
    batches: dict[tuple[UUID, UUID | None, datetime], list[Done]] = {}
    found = []
    for act in acts:
        if act.subject == "observation":
            batches.setdefault((act.collaboration_id, act.by, act.at), []).append(act)
        else:
            found.append((act, 1))
    return found + [(batch[0], len(batch)) for batch in batches.values()]
